// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

let client = try InferenceServerClient("grpc://localhost:8001")

// snippet.make
let latents = try Tensor([Float](repeating: 0, count: 4 * 16 * 16), shape: [1, 4, 16, 16])
let step = Tensor(scalar: 999 as Int64)
let half = try Tensor(floats: [0.1, 0.2], shape: [2], as: .fp16)
let prompts = try Tensor(strings: ["a red circle", "ein roter Kreis", ""])
// snippet.end

// snippet.fill
let noise = try Tensor(shape: [1, 4, 16, 16], of: Float.self) { elements in
  for index in elements.indices { elements.initializeElement(at: index, to: .random(in: -1...1)) }
}
// snippet.end

// snippet.read
let numbers = try latents.array(of: Float.self)
let largest = try latents.withElements(of: Float.self) { $0.max() }
let floats = try half.floats()
let texts = try prompts.strings()
// snippet.end

// snippet.copy
var picture = [Float](repeating: 0, count: latents.elementCount)
try picture.withUnsafeMutableBufferPointer { try latents.copyElements(to: $0) }
// snippet.end

// snippet.prepare
var request = InferenceRequest(model: "shapes_unet")
request.inputs = ["sample": latents, "timestep": step]
let prepared = try client.prepare(request)
let first = try await client.infer(prepared)
let second = try await client.infer(prepared)
// snippet.end
print(noise, numbers, largest as Any, floats, texts, first, second)
