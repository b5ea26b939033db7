// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors
//
// Written by Protos/generate.sh; do not edit.

/// What the generated messages of this module were made from.
package enum ProtoStamp {
  /// The SHA-256 of each .proto file at the time of generation, by file name.
  package static let digests: [String: String] = [
    "grpc_service.proto": "27e143fab38a5fa502d6e2b20e707f53105208e266aa8043cc00fa5b479e62bc",
    "model_config.proto": "19729b121f8b87b03a77cb38b20774f9b049bea837ca74fd9017e66b6c4ff35b",
  ]
}
