// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import RemoteNodes
import TritonClient

let latents = try Tensor([Float](repeating: 0, count: 1024), shape: [1, 4, 16, 16])
let timestep = Tensor([999 as Int64])
let context = try Tensor([Float](repeating: 0, count: 77 * 192), shape: [1, 77, 192])

func infer() async throws {
  // snippet.infer
  let client = try InferenceServerClient(
    "grpc://localhost:8001",
    configuration: .init(timeout: .seconds(30), retry: .exponentialBackoff(maxAttempts: 4))
  )

  var request = InferenceRequest(model: "shapes_unet")
  request.inputs = ["sample": latents, "timestep": timestep, "encoder_hidden_states": context]
  request.outputs = ["noise_pred"]
  let noise = try await client.infer(request, timeout: .seconds(5)).output("noise_pred")
  // snippet.end
  print(noise)
}

func draw() async throws {
  // snippet.draw
  let client = try InferenceServerClient("grpc://localhost:8001")
  let runner = GraphRunner(
    client: client,
    catalog: try await ModelCatalog.load(from: client),
    outputDirectory: URL(fileURLWithPath: "output"))

  let workflow = Workflow.textToImage(
    .init(prompt: "a red circle on a blue background", checkpoint: "shapes", width: 128, height: 128))
  let result = try await runner.run(workflow) { event in
    if case .progress(_, let step, let total, _) = event { print("\(step) of \(total)") }
  }
  print(result.images.map(\.path))
  // snippet.end
}

try await infer()
try await draw()
