// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

let prompts = ["a red circle", "a blue star"]

// snippet.window
let client = try InferenceServerClient(
  "grpc://localhost:8001",
  configuration: .init(maximumCallsInFlight: 8)
)
let answers = try await withThrowingTaskGroup(of: (Int, Tensor).self) { group in
  for (index, prompt) in prompts.enumerated() {
    group.addTask {
      let request = InferenceRequest(model: "embed", inputs: ["text": try Tensor(strings: [prompt])])
      return (index, try await client.infer(request).output("embedding"))
    }
  }
  var answers: [Int: Tensor] = [:]
  for try await (index, answer) in group { answers[index] = answer }
  return answers
}
// snippet.end

// snippet.executor
var latents = try Tensor([Float](repeating: 0, count: 1024), shape: [1, 4, 16, 16])
latents = try await withTaskExecutorPreference(client.executor) { [latents] in
  var latents = latents
  for step in (0..<20).reversed() {
    let request = InferenceRequest(
      model: "shapes_unet",
      inputs: ["sample": latents, "timestep": Tensor([Int64(step)])]
    )
    latents = try await client.infer(request).output("noise_pred")
  }
  return latents
}
// snippet.end

// snippet.cancel
let run = Task { try await client.infer(InferenceRequest(model: "slow")) }
run.cancel()
// snippet.end
print(answers, latents, await run.result)
