// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#ifndef FAULT_SERVER_VALUES_HPP
#define FAULT_SERVER_VALUES_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace inference {
class ModelInferRequest;
}

/// A request that this server cannot make sense of; the call ends with INVALID_ARGUMENT and the text.
struct BadRequest : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// What a caller asks for, by name: the parameters of an inference request, or the text of the header `fault`.
/// README.md beside this file lists the names.
class Values {
 public:
  /// Reads "name=value;name=value". A value with a semicolon has to be given in hexadecimal digits.
  static Values from_header(const std::string &text);

  /// Adds a request's parameters. Those that belong to Triton, and those that begin with "x-", are left out.
  void add_parameters(const inference::ModelInferRequest &request);

  /// Throws BadRequest for a name that is not listed: a misspelt fault would let a test pass.
  void check_names() const;

  bool has(const std::string &name) const { return values_.count(name) > 0; }
  bool flag(const std::string &name) const;
  int64_t number(const std::string &name, int64_t otherwise) const;
  std::optional<int64_t> number(const std::string &name) const;
  /// A number of 0 … 1; 0 where there is none.
  double fraction(const std::string &name) const;
  std::string text(const std::string &name, const std::string &otherwise = "") const;

  /// The bytes of "00ff10".
  std::string hex(const std::string &name) const;

  /// The dimensions of "2,-1,3"; none for an empty text.
  std::vector<int64_t> dimensions(const std::string &name) const;

 private:
  std::map<std::string, std::string> values_;
};

#endif  // FAULT_SERVER_VALUES_HPP
