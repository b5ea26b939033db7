// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

#include "InferenceMessage.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "grpc_service.pb.h"

namespace {

enum WireType : uint32_t { varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5 };

/// Reads a message that lies in several slices.
class Reader {
 public:
  explicit Reader(const std::vector<grpc::Slice> &slices) : slices_(slices) { skip_finished_slices(); }

  bool at_end() const { return slice_ == slices_.size(); }

  bool read_varint(uint64_t &value) {
    value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_end()) return false;
      const uint8_t byte = slices_[slice_].begin()[offset_];
      advance(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  /// Calls `body` with each piece of the next `count` bytes: its slice, where it begins and ends in it.
  template <typename Body>
  bool take(uint64_t count, Body body) {
    while (count > 0) {
      if (at_end()) return false;
      const size_t size = std::min<uint64_t>(count, slices_[slice_].size() - offset_);
      body(slices_[slice_], offset_, offset_ + size);
      advance(size);
      count -= size;
    }
    return true;
  }

  bool read_bytes(uint64_t count, std::string &bytes) {
    bytes.clear();
    return take(count, [&](const grpc::Slice &slice, size_t begin, size_t end) {
      bytes.append(reinterpret_cast<const char *>(slice.begin()) + begin, end - begin);
    });
  }

  bool skip(uint64_t count) {
    return take(count, [](const grpc::Slice &, size_t, size_t) {});
  }

 private:
  void advance(size_t count) {
    offset_ += count;
    skip_finished_slices();
  }

  void skip_finished_slices() {
    while (slice_ < slices_.size() && offset_ == slices_[slice_].size()) {
      ++slice_;
      offset_ = 0;
    }
  }

  const std::vector<grpc::Slice> &slices_;
  size_t slice_ = 0;
  size_t offset_ = 0;
};

/// What the answer needs of a request.
struct Request {
  std::string model;
  std::string id;
  inference::ModelInferRequest::InferInputTensor input;
  int input_count = 0;
  std::vector<grpc::Slice> contents;
  uint64_t contents_size = 0;
  int contents_count = 0;

  bool parse(Reader &reader) {
    std::string bytes;
    while (!reader.at_end()) {
      uint64_t tag, size;
      if (!reader.read_varint(tag)) return false;
      switch (tag & 7) {
        case varint:
          if (!reader.read_varint(size)) return false;
          continue;
        case fixed64:
          if (!reader.skip(8)) return false;
          continue;
        case fixed32:
          if (!reader.skip(4)) return false;
          continue;
        case delimited:
          if (!reader.read_varint(size) || !parse_field(tag >> 3, size, reader, bytes)) return false;
          continue;
        default:
          return false;
      }
    }
    return true;
  }

 private:
  bool parse_field(uint64_t number, uint64_t size, Reader &reader, std::string &bytes) {
    switch (number) {
      case inference::ModelInferRequest::kModelNameFieldNumber:
        return reader.read_bytes(size, model);
      case inference::ModelInferRequest::kIdFieldNumber:
        return reader.read_bytes(size, id);
      case inference::ModelInferRequest::kInputsFieldNumber:
        ++input_count;
        return reader.read_bytes(size, bytes) && input.ParseFromString(bytes);
      case inference::ModelInferRequest::kRawInputContentsFieldNumber:
        ++contents_count;
        contents_size = size;
        return reader.take(size, [&](const grpc::Slice &slice, size_t begin, size_t end) {
          contents.push_back(slice.sub(begin, end));
        });
      default:
        return reader.skip(size);
    }
  }
};

/// The answer up to its tensor's first byte.
std::string head(const Request &request) {
  inference::ModelInferResponse response;
  response.set_model_name(request.model);
  response.set_model_version("1");
  response.set_id(request.id);
  auto *output = response.add_outputs();
  output->set_name("OUTPUT0");
  output->set_datatype(request.input.datatype());
  *output->mutable_shape() = request.input.shape();
  std::string bytes = response.SerializeAsString();
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.WriteTag(inference::ModelInferResponse::kRawOutputContentsFieldNumber << 3 | delimited);
    coded.WriteVarint64(request.contents_size);
  }
  return bytes;
}

/// Replaces the slice that holds the byte in the middle by a copy with that byte changed.
void spoil(Request &request) {
  uint64_t offset = request.contents_size / 2;
  for (auto &piece : request.contents) {
    if (offset < piece.size()) {
      std::string bytes(reinterpret_cast<const char *>(piece.begin()), piece.size());
      bytes[offset] ^= 1;
      piece = grpc::Slice(bytes);
      return;
    }
    offset -= piece.size();
  }
}

grpc::Status answer(const grpc::ByteBuffer &message, grpc::ByteBuffer &response, bool spoils) {
  std::vector<grpc::Slice> slices;
  const grpc::Status dumped = message.Dump(&slices);
  if (!dumped.ok()) return dumped;
  Request request;
  Reader reader(slices);
  if (!request.parse(reader)) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the request is no ModelInferRequest");
  }
  if (request.input_count != 1 || request.contents_count != 1) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                        "the model echo takes one input as raw contents, but the request has " +
                            std::to_string(request.input_count) + " inputs and " +
                            std::to_string(request.contents_count) + " raw contents");
  }
  if (spoils) spoil(request);
  std::vector<grpc::Slice> pieces;
  pieces.reserve(request.contents.size() + 1);
  pieces.emplace_back(head(request));
  for (auto &piece : request.contents) pieces.push_back(std::move(piece));
  response = grpc::ByteBuffer(pieces.data(), pieces.size());
  return grpc::Status::OK;
}

}  // namespace

grpc::Status echo_inference(const grpc::ByteBuffer &request, grpc::ByteBuffer &response) {
  return answer(request, response, false);
}

grpc::Status spoil_inference(const grpc::ByteBuffer &request, grpc::ByteBuffer &response) {
  return answer(request, response, true);
}
