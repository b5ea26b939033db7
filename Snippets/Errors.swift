// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

let client = try InferenceServerClient("grpc://localhost:8001")
let request = InferenceRequest(model: "shapes_unet")

// snippet.codes
do {
  _ = try await client.infer(request, timeout: .seconds(2))
} catch let error as InferenceError {
  switch error.code {
  case .modelNotFound, .invalidArgument, .typeMismatch:
    print("the request is wrong: \(error)")
  case .unavailable, .deadlineExceeded:
    print("try another server; \(error.attempt) attempts were made: \(error)")
  default:
    print("\(error.code): \(error)")
  }
}
// snippet.end

// snippet.retry
var options = CallOptions()
options.timeout = .seconds(10)
options.retry = .exponentialBackoff(initial: .milliseconds(50), maxAttempts: 6)
let metadata = try await client.modelMetadata("shapes_unet", options: options)
// snippet.end
print(metadata)
