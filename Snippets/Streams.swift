// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

let client = try InferenceServerClient("grpc://localhost:8001")
let prompt = try Tensor(strings: ["once upon a time"])

// snippet.decoupled
var request = InferenceRequest(model: "story", id: "1")
request.inputs = ["prompt": prompt]

for try await answer in client.stream([request]) {
  let response = try answer.get()
  if let text = response.outputs["text"] { print(try text.strings().joined(), terminator: "") }
  if answer.isFinal { print() }
}
// snippet.end

// snippet.sequence
let words = ["to", "be", "or", "not", "to", "be"]
let requests = try words.enumerated().map { index, word in
  var request = InferenceRequest(model: "reader", inputs: ["word": try Tensor(strings: [word])])
  request.sequence = SequenceMembership(
    id: .integer(42),
    isStart: index == 0,
    isEnd: index == words.count - 1
  )
  return request
}
for try await answer in client.stream(requests) {
  print(try answer.get().output("state"))
}
// snippet.end
