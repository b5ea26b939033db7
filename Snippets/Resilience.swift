// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import LocalTriton
import TritonClient

func severalServers() throws -> InferenceServerClient {
  // snippet.servers
  let client = try InferenceServerClient(
    ["grpc://gpu-1:8001", "grpc://gpu-2:8001"],
    configuration: .init(timeout: .seconds(30), attemptTimeout: .seconds(10))
  )
  // snippet.end
  return client
}

func hedged() -> InferenceServerClient.Configuration {
  // snippet.hedging
  var configuration = InferenceServerClient.Configuration.defaults
  configuration.hedging = .afterP95
  // snippet.end
  return configuration
}

func withFallback(_ localTriton: LocalTritonFallback) throws -> InferenceServerClient {
  // snippet.fallback
  let client = try InferenceServerClient(
    ["grpc://gpu-1:8001"],
    fallback: localTriton,
    configuration: .defaults
  )
  // snippet.end
  return client
}

func tell(_ client: InferenceServerClient) async {
  // snippet.events
  for await event in client.connectionEvents() {
    print("\(event.endpoint) is \(event.state)")
  }
  // snippet.end
}
