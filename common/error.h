#pragma once

#include <stdexcept>
#include <string>

namespace restock {

/// The user's input is wrong: the message names the file, the line, the value and the cure. The command ends with
/// code 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A configuration file or an override on the command line is wrong.
class ConfigError : public InputError {
 public:
  using InputError::InputError;
};

/// A data file (sales, stock, open orders, a linear program, a saved policy) is wrong.
class DataError : public InputError {
 public:
  using InputError::InputError;
};

}  // namespace restock
