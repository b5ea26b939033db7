// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import RemoteNodes
import TritonClient

extension ModelCatalog {
  /// A failure to find a checkpoint or a model, told as one that passes by itself where the server is still
  /// loading models; any other error as it is.
  func explaining(_ error: any Error) -> any Error {
    guard let missing = error as? GraphError, [.unknownCheckpoint, .missingModel].contains(missing.code)
    else {
      return error
    }
    let loading = unavailableModels.filter { $0.value.hasPrefix("\(RepositoryEntry.State.loading)") }.keys
      .sorted()
    guard !loading.isEmpty else { return error }
    return Failure(
      .tryAgain,
      "\(missing.message); the server \(server) is still loading \(loading.joined(separator: ", ")): try again soon"
    )
  }
}
