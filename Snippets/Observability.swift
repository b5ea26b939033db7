// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Logging
import TritonClient

// snippet.configure
var configuration = InferenceServerClient.Configuration.defaults
configuration.logger = Logger(label: "inference")
let client = try InferenceServerClient("grpc://localhost:8001", configuration: configuration)
// snippet.end

let request = InferenceRequest(model: "shapes_unet")

// snippet.timing
let response = try await client.infer(request)
if let timing = response.timing { print(timing.wait, timing.total) }

let before = client.inferenceStatistics()
// … many calls …
let interval = client.inferenceStatistics().difference(since: before)
print(interval.completedCount, interval.average)
// snippet.end
