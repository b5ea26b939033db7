// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

/// A tensor of each data type whose elements are the ones that get lost most easily.
enum SampleTensors {
  static func tensor(of dataType: DataType) throws -> Tensor {
    switch dataType {
    case .bool: try Tensor([true, false, true, true], shape: [2, 2])
    case .uint8: Tensor([0, 1, .max] as [UInt8])
    case .uint16: Tensor([0, 1, .max] as [UInt16])
    case .uint32: Tensor([0, 1, .max] as [UInt32])
    case .uint64: Tensor([0, 1, .max] as [UInt64])
    case .int8: Tensor([.min, -1, 0, .max] as [Int8])
    case .int16: Tensor([.min, -1, 0, .max] as [Int16])
    case .int32: Tensor([.min, -1, 0, .max] as [Int32])
    case .int64: Tensor([.min, -1, 0, .max] as [Int64])
    case .fp16: try Tensor(floats: [0, -0.0, 1, -65_504, .infinity], shape: [5], as: .fp16)
    case .bf16: try Tensor(floats: [0, -0.0, 1, -3, .infinity], shape: [5], as: .bf16)
    case .fp32:
      Tensor([0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity, .nan] as [Float])
    case .fp64:
      Tensor([0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity, .nan] as [Double])
    case .bytes: try Tensor(byteStrings: [[], [0, 255, 0], Array("žluť".utf8)])
    default: try #require(nil as Tensor?, "a data type without a sample: \(dataType)")
    }
  }
}
