// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

// snippet.connect
let client = try InferenceServerClient(
  "grpc://localhost:8001",
  configuration: .init(timeout: .seconds(30), retry: .exponentialBackoff(maxAttempts: 4))
)
try await client.waitUntilReady(timeout: .seconds(60))
// snippet.end

// snippet.look
for entry in try await client.repositoryIndex(onlyReady: true) {
  let metadata = try await client.modelMetadata(entry.name)
  print(entry.name, metadata.inputs, metadata.outputs)
}
// snippet.end

// snippet.infer
var request = InferenceRequest(model: "shapes_text_encoder")
request.inputs = ["input_ids": try Tensor([Int64](repeating: 0, count: 77), shape: [1, 77])]
request.outputs = ["last_hidden_state"]

let response = try await client.infer(request, timeout: .seconds(5))
let hidden = try response.output("last_hidden_state")
print(hidden.shape, try hidden.array(of: Float.self).prefix(3))
// snippet.end

// snippet.model
let encoder = try await client.model("shapes_text_encoder")
let outputs = try await encoder(["input_ids": try Tensor([Int64](repeating: 0, count: 77), shape: [1, 77])])
// snippet.end
print(outputs)
