// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf
import Testing
import TritonClient

/// How a request's properties are written as parameters.
@Suite struct RequestParameterTests {
  private func encoded(
    _ change: (inout InferenceRequest) -> Void
  ) throws -> Inference_ModelInferRequest {
    var request = InferenceRequest(model: "m")
    change(&request)
    return try Inference_ModelInferRequest(serializedBytes: RequestEncoder.encode(request).wholeBytes)
  }

  @Test func everyKindOfParameterIsSent() throws {
    let parameters = try self.encoded {
      $0.parameters = ["flag": true, "count": -3, "name": "x", "scale": 0.5]
    }.parameters
    #expect(parameters["flag"]?.boolParam == true)
    #expect(parameters["count"]?.int64Param == -3)
    #expect(parameters["name"]?.stringParam == "x")
    #expect(parameters["scale"]?.doubleParam == 0.5)
  }

  @Test func priorityAndQueueTimeoutHaveTritonsTypes() throws {
    let parameters = try self.encoded {
      $0.priority = 2
      $0.queueTimeout = .milliseconds(3)
    }.parameters
    #expect(parameters["priority"]?.uint64Param == 2)
    #expect(parameters["timeout"]?.int64Param == 3_000)
  }

  @Test func aSequenceIsNamedByNumberOrString() throws {
    let number = try self.encoded {
      $0.sequence = SequenceMembership(id: .integer(.max), isStart: true)
    }.parameters
    #expect(number["sequence_id"]?.int64Param == -1)
    #expect(number["sequence_start"]?.boolParam == true)
    #expect(number["sequence_end"]?.boolParam == false)
    let string = try self.encoded {
      $0.sequence = SequenceMembership(id: .string("a"), isEnd: true)
    }.parameters
    #expect(string["sequence_id"]?.stringParam == "a")
    #expect(string["sequence_end"]?.boolParam == true)
  }

  @Test func aClassificationIsAnOutputWithACount() throws {
    let outputs = try self.encoded {
      $0.outputs = ["scores", "features"]
      $0.classifications = ["scores": 3]
    }.outputs
    #expect(outputs.map(\.name) == ["scores", "features"])
    #expect(outputs[0].parameters["classification"]?.int64Param == 3)
    #expect(outputs[1].parameters.isEmpty)
  }

  @Test func whatTheProtocolHasNoRoomForIsRefused() {
    let changes: [(inout InferenceRequest) -> Void] = [
      { $0.parameters = ["priority": 1] },
      { $0.parameters = ["triton_anything": true] },
      { $0.queueTimeout = .nanoseconds(999) },
      { $0.sequence = SequenceMembership(id: .integer(0)) },
      { $0.sequence = SequenceMembership(id: .string("")) },
      { $0.classifications = ["scores": 0] },
    ]
    for change in changes {
      #expect { try self.encoded(change) } throws: { error in
        (error as? InferenceError)?.code == .invalidArgument
      }
    }
  }
}
