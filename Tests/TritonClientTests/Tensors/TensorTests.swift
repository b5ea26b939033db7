// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing
import TritonClient

@Suite struct TensorTests {
  @Test func elementsComeBackAsTheyWereGiven() throws {
    let tensor = try Tensor([1, -2.5, .infinity, .leastNonzeroMagnitude] as [Float], shape: [2, 2])
    #expect(tensor.shape == [2, 2])
    #expect(tensor.dataType == .fp32)
    #expect(tensor.byteCount == 16)
    #expect(try tensor.array(of: Float.self) == [1, -2.5, .infinity, .leastNonzeroMagnitude])
  }

  @Test func bytesAreLittleEndianAndRowMajor() throws {
    let tensor = try Tensor([1, 256, 65_536] as [Int32], shape: [3, 1])
    #expect(tensor.withUnsafeBytes { Array($0) } == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
  }

  @Test func everyElementTypeHasItsDataType() throws {
    #expect(Tensor([true, false]).dataType == .bool)
    #expect(Tensor([1 as UInt8]).dataType == .uint8)
    #expect(Tensor([1 as UInt16]).dataType == .uint16)
    #expect(Tensor([1 as UInt32]).dataType == .uint32)
    #expect(Tensor([1 as UInt64]).dataType == .uint64)
    #expect(Tensor([1 as Int8]).dataType == .int8)
    #expect(Tensor([1 as Int16]).dataType == .int16)
    #expect(Tensor([1 as Int32]).dataType == .int32)
    #expect(Tensor([1 as Int64]).dataType == .int64)
    #expect(Tensor([1 as Float]).dataType == .fp32)
    #expect(Tensor([1 as Double]).dataType == .fp64)
  }

  @Test func aScalarHasNoDimensions() throws {
    let tensor = Tensor(scalar: 7 as Int64)
    #expect(tensor.shape.isEmpty)
    #expect(tensor.elementCount == 1)
    #expect(try tensor.array(of: Int64.self) == [7])
  }

  @Test func aDimensionMayBeZero() throws {
    let tensor = try Tensor([] as [Float], shape: [0, 4])
    #expect(tensor.elementCount == 0)
    #expect(tensor.byteCount == 0)
    #expect(try tensor.array(of: Float.self).isEmpty)
  }

  @Test(arguments: [[2], [2, 2], [-1, -3], [Int.max, 2]])
  func aShapeThatDoesNotFitIsRefused(shape: [Int]) {
    #expect { try Tensor([1, 2, 3] as [Float], shape: shape) } throws: { error in
      let error = error as? InferenceError
      return error?.code == .invalidArgument && error?.message.contains("\(shape)") == true
    }
  }

  @Test func elementsAreWrittenIntoTheTensorsOwnMemory() throws {
    var address: UnsafeRawPointer?
    let tensor = try Tensor(shape: [3], of: Float.self) { elements in
      address = UnsafeRawPointer(elements.baseAddress)
      for index in elements.indices { elements[index] = Float(index) }
    }
    #expect(tensor.withUnsafeBytes { $0.baseAddress } == address)
    #expect(try tensor.array(of: Float.self) == [0, 1, 2])
  }

  @Test func readingAnotherTypeIsAnErrorThatNamesBoth() throws {
    #expect {
      try Tensor([1 as Float]).array(of: Int32.self)
    } throws: { error in
      (error as? InferenceError)?.message == "a tensor of FP32 [1] was read as Int32, which is INT32"
    }
  }

  @Test func byteStringsKeepEmptyAndNonASCIIElements() throws {
    let strings = ["", "ascii", "日本語 🎨", "\0middle\0"]
    let tensor = try Tensor(strings: strings, shape: [2, 2])
    #expect(tensor.dataType == .bytes)
    #expect(try tensor.strings() == strings)
    #expect(tensor.byteCount == strings.reduce(0) { $0 + 4 + $1.utf8.count })
  }

  @Test func bytesThatAreNotUTF8CanBeReadAsBytesOnly() throws {
    let tensor = try Tensor(byteStrings: [[0xFF, 0xFE]])
    #expect(try tensor.byteStrings() == [[0xFF, 0xFE]])
    #expect(throws: InferenceError.self) { try tensor.strings() }
  }

  @Test func unalignedElementsAreReadWithoutATrap() throws {
    let storage = OwnedStorage(byteCount: 9) { memory in
      memory[0] = 0
      memory.storeBytes(of: (1.5 as Float).bitPattern, toByteOffset: 1, as: UInt32.self)
      memory.storeBytes(of: (-2 as Float).bitPattern, toByteOffset: 5, as: UInt32.self)
    }
    let buffer = UnsafeRawBufferPointer(rebasing: storage.bytes[1..<9])
    let tensor = Tensor(
      shape: [2],
      dataType: .fp32,
      storage: ReceivedStorage(buffers: [buffer], of: storage)
    )
    #expect(try tensor.array(of: Float.self) == [1.5, -2])
    #expect(try tensor.withElements(of: Float.self, Array.init) == [1.5, -2])
  }

  @Test func aBooleanThatIsNeitherTrueNorFalseIsRefused() throws {
    let storage = OwnedStorage(byteCount: 2) { $0.copyBytes(from: [1, 2]) }
    let tensor = Tensor(shape: [2], dataType: .bool, storage: storage)
    #expect(throws: InferenceError.self) { try tensor.array(of: Bool.self) }
  }

  @Test(arguments: [[1, 0, 0], [2, 0, 0, 0, 65], [1, 0, 0, 0, 65, 0, 0, 0, 0]] as [[UInt8]])
  func byteStringsWithWrongLengthsAreRefused(bytes: [UInt8]) {
    let storage = OwnedStorage(byteCount: bytes.count) { $0.copyBytes(from: bytes) }
    let tensor = Tensor(shape: [1], dataType: .bytes, storage: storage)
    #expect { try tensor.byteStrings() } throws: { error in
      (error as? InferenceError)?.code == .malformedResponse
    }
  }
}

@Suite struct DataTypeTests {
  @Test(
    arguments: zip(
      [
        "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32",
        "FP64", "BF16",
      ],
      [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 2]
    ))
  func fixedWidthTypes(name: String, width: Int) throws {
    let type = try #require(DataType(name: name))
    #expect(type.name == name)
    #expect(type.byteWidth == width)
    #expect(DataType(name: "TYPE_\(name)") == type)
  }

  @Test func byteStringsHaveNoWidth() {
    #expect(DataType.bytes.byteWidth == nil)
    #expect(DataType(name: "TYPE_STRING") == .bytes)
    #expect(DataType(name: "FP128") == nil)
    #expect(DataType.all.count == 14)
  }
}
