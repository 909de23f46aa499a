#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/error.h"
#include "optimization/lp_file.h"
#include "tests/fuzz/written_again.h"

/// Any bytes give a model or a DataError, and a model is the same when written and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::optional<restock::LpModel> model;
  try {
    model = restock::ParseLp(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.lp");
  } catch (const restock::DataError&) {
    return 0;
  }
  restock::ExpectSameModel(*model, restock::ParseLp(restock::FormatLp(*model), "again.lp"));
  return 0;
}
