// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

/// All of a `ModelInferResponse` but the tensors' bytes. What few answers have, parameters and typed contents, is read
/// by SwiftProtobuf.
struct ResponseHead {
  /// An `InferOutputTensor`.
  struct Output {
    var name = ""
    var dataType = ""
    var shape: [Int] = []
    /// An encoded `InferTensorContents`; empty unless the elements were written one by one.
    var encodedContents: [UInt8] = []

    func typedContents() throws -> Inference_InferTensorContents {
      try Inference_InferTensorContents(serializedBytes: self.encodedContents)
    }
  }

  var model = ""
  var version = ""
  var id = ""
  var parameters: [String: InferenceParameter] = [:]
  var outputs: [Output] = []

  /// The tag of a field `raw_output_contents`: number 6, length-delimited.
  static let rawOutputContentsTag: UInt64 = 6 << 3 | 2

  /// Reads the value of a field, which is not raw contents.
  mutating func readField(tagged tag: UInt64, from reader: inout SliceReader) throws {
    switch tag {
    case 1 << 3 | 2: self.model = try reader.readString()
    case 2 << 3 | 2: self.version = try reader.readString()
    case 3 << 3 | 2: self.id = try reader.readString()
    case 4 << 3 | 2: try self.readParameter(try reader.readBytes())
    case 5 << 3 | 2: self.outputs.append(try ResponseHead.readOutput(from: &reader))
    default: try reader.skipField(tagged: tag)
    }
  }

  /// One entry of the map, as a message of its own.
  private mutating func readParameter(_ entry: [UInt8]) throws {
    var message = MessageWriter(capacity: entry.count + 8)
    message.writeTag(4, lengthOfValue: entry.count)
    message.write(encoded: entry)
    let response = try Inference_ModelInferResponse(serializedBytes: message.bytes)
    for (name, parameter) in response.parameters {
      self.parameters[name] = InferenceParameter(parameter)
    }
  }

  private static func readOutput(from reader: inout SliceReader) throws -> Output {
    let length = try reader.readLength()
    let end = reader.remaining - length
    var output = Output()
    while reader.remaining > end {
      let tag = try reader.readTag()
      switch tag {
      case 1 << 3 | 2: output.name = try reader.readString()
      case 2 << 3 | 2: output.dataType = try reader.readString()
      case 3 << 3 | 2:
        let length = try reader.readLength()
        let end = reader.remaining - length
        output.shape.reserveCapacity(output.shape.count + min(length, 8))
        while reader.remaining > end { output.shape.append(try reader.readDimension()) }
        guard reader.remaining == end else { throw WireError.truncated }
      case 3 << 3 | 0: output.shape.append(try reader.readDimension())
      // A message that comes in parts is the parts one after the other.
      case 5 << 3 | 2: output.encodedContents += try reader.readBytes()
      default: try reader.skipField(tagged: tag)
      }
    }
    guard reader.remaining == end else { throw WireError.truncated }
    return output
  }
}

extension SliceReader {
  /// A length and as many bytes.
  mutating func readBytes() throws -> [UInt8] {
    try self.readBuffers(try self.readLength()).reduce(into: []) { $0.append(contentsOf: $1) }
  }

  /// A length and as many bytes of UTF-8.
  fileprivate mutating func readString() throws -> String {
    let length = try self.readLength()
    // Names are nearly always ASCII and in one piece, which needs no look at what the bytes mean.
    if let bytes = self.readWhole(length) {
      if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
      return try SliceReader.validated(Array(bytes))
    }
    return try SliceReader.validated(try self.readBuffers(length).flatMap(\.self))
  }

  private static func validated(_ bytes: [UInt8]) throws -> String {
    guard let string = String(validating: bytes, as: UTF8.self) else { throw WireError.malformedString }
    return string
  }

  fileprivate mutating func readDimension() throws -> Int {
    Int(Int64(bitPattern: try self.readVarint()))
  }

  /// Leaves out the value of a field.
  mutating func skipField(tagged tag: UInt64) throws {
    guard WireFormat.FieldType(rawValue: tag & 7) != .varint else {
      _ = try self.readVarint()
      return
    }
    try self.skip(try self.readLength(ofFieldTagged: tag))
  }
}
