// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "Values.hpp"

#include <cerrno>
#include <cstdlib>
#include <set>
#include <sstream>

namespace {

const std::set<std::string> knownNames = {
    // When the answer comes.
    "delay_ms", "ignores_cancellation",
    // How the call ends.
    "code", "message", "message_hex", "message_byte_count", "failures", "id", "pushback_ms", "messages",
    "at_start",
    // What the answer says.
    "shape", "data_type", "added_bytes", "added_contents", "typed_contents", "renamed_to", "compression",
    // The bytes of the answer.
    "keep_bytes", "prepended_hex", "appended_hex", "replaced_hex",
    // Streams.
    "answers", "hangs", "error_message", "final",
    // What the models `zeros` and `calls` and the proxy are told.
    "byte_count", "of", "port", "listening", "drop", "connections", "cut_answer_at", "cut_upload_at",
    "stall_answer_at", "stall_upload_at", "corrupt_answer_at", "latency_ms", "reset", "refuse", "says",
    "drop_fraction", "drop_within", "drop_seed", "black_hole", "upstream_port",
    "address", "listen_port",
};

bool belongs_to_triton(const std::string &name) {
  static const std::set<std::string> names = {"sequence_id", "sequence_start", "sequence_end", "priority",
                                              "timeout"};
  return names.count(name) > 0 || name.rfind("triton_", 0) == 0;
}

std::string text_of(const inference::InferParameter &parameter) {
  switch (parameter.parameter_choice_case()) {
    case inference::InferParameter::kBoolParam: return parameter.bool_param() ? "true" : "false";
    case inference::InferParameter::kInt64Param: return std::to_string(parameter.int64_param());
    case inference::InferParameter::kUint64Param: return std::to_string(parameter.uint64_param());
    case inference::InferParameter::kDoubleParam: return std::to_string(parameter.double_param());
    case inference::InferParameter::kStringParam: return parameter.string_param();
    default: return "";
  }
}

int64_t parse_number(const std::string &name, const std::string &text) {
  char *end = nullptr;
  errno = 0;
  const long long number = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != 0 || errno != 0) throw BadRequest(name + " is no number: " + text);
  return number;
}

}  // namespace

Values Values::from_header(const std::string &text) {
  Values result;
  std::istringstream pairs(text);
  for (std::string pair; std::getline(pairs, pair, ';');) {
    const size_t separator = pair.find('=');
    if (separator == std::string::npos) throw BadRequest("the header fault has no value in: " + pair);
    result.values_[pair.substr(0, separator)] = pair.substr(separator + 1);
  }
  return result;
}

void Values::add_parameters(const inference::ModelInferRequest &request) {
  for (const auto &[name, parameter] : request.parameters()) {
    if (!belongs_to_triton(name) && name.rfind("x-", 0) != 0) values_[name] = text_of(parameter);
  }
}

void Values::check_names() const {
  for (const auto &[name, value] : values_) {
    if (knownNames.count(name) == 0) throw BadRequest("no fault is called " + name);
  }
}

bool Values::flag(const std::string &name) const {
  const std::string value = text(name, "false");
  if (value != "true" && value != "false") throw BadRequest(name + " is neither true nor false: " + value);
  return value == "true";
}

int64_t Values::number(const std::string &name, int64_t otherwise) const {
  return number(name).value_or(otherwise);
}

std::optional<int64_t> Values::number(const std::string &name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return parse_number(name, found->second);
}

double Values::fraction(const std::string &name) const {
  const std::string text = this->text(name, "0");
  char *end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != 0 || !(number >= 0 && number <= 1)) {
    throw BadRequest(name + " is no number from 0 to 1: " + text);
  }
  return number;
}

std::string Values::text(const std::string &name, const std::string &otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : found->second;
}

std::string Values::hex(const std::string &name) const {
  const std::string digits = text(name);
  const bool valid = digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (!valid || digits.size() % 2 != 0) throw BadRequest(name + " is not in pairs of hexadecimal digits");
  std::string bytes;
  for (size_t index = 0; index < digits.size(); index += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(index, 2), nullptr, 16)));
  }
  return bytes;
}

std::vector<int64_t> Values::dimensions(const std::string &name) const {
  std::vector<int64_t> result;
  std::istringstream numbers(text(name));
  for (std::string number; std::getline(numbers, number, ',');) {
    result.push_back(parse_number(name, number));
  }
  return result;
}
