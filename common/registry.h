#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace restock {

/// A kind of thing by the name that configurations give it, and the function that makes one. Registries are arrays of
/// these.
template <class Function>
struct NamedMaker {
  const char* name;
  Function make;
};

template <class Function, size_t count>
std::vector<std::string> NamesOf(const NamedMaker<Function> (&registry)[count]) {
  std::vector<std::string> names;
  for (const NamedMaker<Function>& entry : registry) names.emplace_back(entry.name);
  return names;
}

/// The maker of that name, null where there is none.
template <class Function, size_t count>
Function FindMaker(const NamedMaker<Function> (&registry)[count], std::string_view name) {
  for (const NamedMaker<Function>& entry : registry) {
    if (name == entry.name) return entry.make;
  }
  return nullptr;
}

}  // namespace restock
