// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation

/// Regions of shared memory that a server is told of. That requests refer to them is another matter.
///
/// Every operation has an object of two pages under the same name.
enum SharedMemoryOperations {
  /// Other runs on this machine have another name.
  static let objectName = "/remote-nodes-conformance-\(UUID().uuidString)"

  static var all: [Operation] {
    [
      Operation("no regions", Step.call("system_regions"), Step.call("cuda_regions")),
      Operation(
        "register, look, unregister",
        self.register(bytes: 8_192), Step.call("system_regions"), self.status, self.unregister,
        Step.call("system_regions")
      ),
      Operation(
        "a part of an object",
        self.register(bytes: 4_096, ["offset": 4_096]), self.status, self.unregister
      ),
      Operation(
        "register twice",
        self.register(bytes: 4_096), self.register(bytes: 8_192), self.status, self.unregister, self.status
      ),
      Operation("status of an unknown region", self.status),
      Operation("unregister an unknown region", self.unregister),
      Operation(
        "an object that is not there",
        Step.call("register_system", ["name": "conformance", "key": "/remote-nodes-nowhere", "bytes": 64])
      ),
      Operation("more than the object has", self.register(bytes: 8_193), self.unregister),
      Operation("an offset past the end", self.register(bytes: 1, ["offset": 8_192]), self.unregister),
      Operation(
        "an offset within a page", self.register(bytes: 16, ["offset": 100]), self.status, self.unregister),
      Operation(
        "no bytes", self.register(bytes: 0),
        expecting: ["error": ["code": "LOCAL"]],
        because: "tritonclient sends it; a region without bytes can hold nothing"
      ),
      Operation(
        "a CUDA handle that is none",
        Step.call(
          "register_cuda",
          [
            "name": "conformance-cuda", "handle": .bytes([UInt8](repeating: 0, count: 64)), "device": 0,
            "bytes": 64,
          ]
        ),
        Step.call("cuda_regions")
      ),
      Operation("status of an unknown CUDA region", Step.call("cuda_regions", ["name": "conformance-cuda"])),
      Operation(
        "unregister an unknown CUDA region", Step.call("unregister_cuda", ["name": "conformance-cuda"])),
      Operation(
        "a CUDA handle of another size",
        Step.call(
          "register_cuda",
          ["name": "conformance-cuda", "handle": .bytes([1, 2, 3]), "device": 0, "bytes": 64]
        ),
        expecting: ["error": ["code": "LOCAL"]],
        because: "the server would read past the end of it"
      ),
      Operation(
        "unregister all regions",
        Step.call("unregister_system", ["name": ""]), Step.call("unregister_cuda", ["name": ""]),
        expecting: ["error": ["code": "LOCAL"]], ["error": ["code": "LOCAL"]],
        because: "they are other clients' too"
      ),
    ]
  }

  private static let status = Step.call("system_regions", ["name": "conformance"])
  private static let unregister = Step.call("unregister_system", ["name": "conformance"])

  private static func register(bytes: JSON, _ arguments: [String: JSON] = [:]) -> JSON {
    Step.call(
      "register_system",
      arguments.merging(["name": "conformance", "key": .string(self.objectName), "bytes": bytes]) { $1 })
  }
}
