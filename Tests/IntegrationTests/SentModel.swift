// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import TritonClient

/// A Python model that a test sends to the server and that goes away with the test.
struct SentModel {
  let name: String
  let configuration: String

  /// A model that answers with twice its input, a batch of at most four rows of two numbers.
  static let twice = SentModel(
    name: "twice",
    configuration: """
      {"backend": "python", "max_batch_size": 4,
       "input": [{"name": "X", "data_type": "TYPE_FP16", "dims": [2]}],
       "output": [{"name": "Y", "data_type": "TYPE_FP16", "dims": [2]}],
       "instance_group": [{"kind": "KIND_CPU", "count": 1}]}
      """
  )

  /// A model that answers with its input, a line of numbers of any length.
  static func line(named name: String, dataType: String = "TYPE_FP32") -> SentModel {
    SentModel(
      name: name,
      configuration: """
        {"backend": "python", "max_batch_size": 0,
         "input": [{"name": "X", "data_type": "\(dataType)", "dims": [-1]}],
         "output": [{"name": "Y", "data_type": "\(dataType)", "dims": [-1]}],
         "instance_group": [{"kind": "KIND_CPU", "count": 1}]}
        """
    )
  }

  /// A model that answers with its request's parameters as JSON, forwarded headers among them.
  static let parameters = SentModel(
    name: "parameters",
    configuration: """
      {"backend": "python", "max_batch_size": 0,
       "input": [{"name": "X", "data_type": "TYPE_FP32", "dims": [-1]}],
       "output": [{"name": "Y", "data_type": "TYPE_STRING", "dims": [1]}],
       "instance_group": [{"kind": "KIND_CPU", "count": 1}]}
      """
  )

  /// Code that makes the output of `x`, the input as an array of NumPy.
  static func code(_ expression: String) -> Data {
    Data(
      """
      import numpy as np
      import triton_python_backend_utils as pb_utils


      class TritonPythonModel:
          def execute(self, requests):
              responses = []
              for request in requests:
                  x = request.inputs()[0].as_numpy()
                  output = pb_utils.Tensor("Y", \(expression))
                  responses.append(pb_utils.InferenceResponse([output]))
              return responses

      """.utf8
    )
  }

  /// Loads a version of the model, uses it and unloads the model.
  func loaded<Result>(
    on client: InferenceServerClient,
    code: Data,
    _ body: () async throws -> Result
  ) async throws -> Result {
    try await self.load(on: client, version: 1, code: code)
    do {
      let result = try await body()
      try await client.unloadModel(self.name)
      return result
    } catch {
      try? await client.unloadModel(self.name)
      throw error
    }
  }

  /// Loads one version of the model in the place of all others.
  func load(on client: InferenceServerClient, version: Int, code: Data) async throws {
    try await client.loadModel(
      self.name, configuration: self.configuration, files: ["\(version)/model.py": code])
  }
}
