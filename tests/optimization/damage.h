#pragma once

#include <string>

#include "common/random.h"

namespace restock {

/// Changes, cuts and repeats pieces of a file's text, one to five times.
inline std::string Damage(std::string text, RandomStream& random) {
  for (int change = 0; change <= random.UniformInt(4) && !text.empty(); ++change) {
    const auto anywhere = [&] { return static_cast<size_t>(random.UniformInt(static_cast<int>(text.size()))); };
    const size_t place = anywhere();
    switch (random.UniformInt(3)) {
      case 0:
        text[place] = static_cast<char>(random.UniformInt(256));
        break;
      case 1:
        text.erase(place, static_cast<size_t>(random.UniformInt(30)));
        break;
      default:
        text.insert(place, text.substr(anywhere(), 20));
    }
  }
  return text;
}

}  // namespace restock
