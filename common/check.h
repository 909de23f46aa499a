#pragma once

#include <sstream>
#include <string>

namespace restock {

/// Prints `message` with its place in the source and aborts: a promise of our own was broken.
[[noreturn]] void CheckFailed(const char* file, int line, const std::string& message);

template <class A, class B>
[[noreturn]] void CheckOperationFailed(const char* file, int line, const char* text, const A& a, const B& b) {
  std::ostringstream message;
  message << text << " does not hold: " << a << " and " << b;
  CheckFailed(file, line, message.str());
}

}  // namespace restock

/// Stops the program when a promise of our own is broken; never used for what a user may get wrong.
#define RESTOCK_CHECK(condition)                                               \
  do {                                                                         \
    if (!(condition)) [[unlikely]]                                             \
      ::restock::CheckFailed(__FILE__, __LINE__, #condition " does not hold"); \
  } while (false)

#define RESTOCK_CHECK_OPERATION(a, operation, b)                                               \
  do {                                                                                         \
    if (!((a)operation(b))) [[unlikely]]                                                       \
      ::restock::CheckOperationFailed(__FILE__, __LINE__, #a " " #operation " " #b, (a), (b)); \
  } while (false)

#define RESTOCK_CHECK_EQ(a, b) RESTOCK_CHECK_OPERATION(a, ==, b)
#define RESTOCK_CHECK_NE(a, b) RESTOCK_CHECK_OPERATION(a, !=, b)
#define RESTOCK_CHECK_LT(a, b) RESTOCK_CHECK_OPERATION(a, <, b)
#define RESTOCK_CHECK_LE(a, b) RESTOCK_CHECK_OPERATION(a, <=, b)
#define RESTOCK_CHECK_GT(a, b) RESTOCK_CHECK_OPERATION(a, >, b)
#define RESTOCK_CHECK_GE(a, b) RESTOCK_CHECK_OPERATION(a, >=, b)
