// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// A method of the service `inference.GRPCInferenceService`.
///
/// A class, because it goes with every call: copying it is one count.
final class RPCMethod: Sendable {
  /// The name in the protocol, such as "ModelInfer".
  let name: String

  /// The full path on the wire, NUL-terminated.
  let path: ContiguousArray<CChar>

  init(name: String) {
    self.name = name
    self.path = "/inference.GRPCInferenceService/\(name)".utf8CString
  }

  static let serverLive = RPCMethod(name: "ServerLive")
  static let serverReady = RPCMethod(name: "ServerReady")
  static let modelReady = RPCMethod(name: "ModelReady")
  static let serverMetadata = RPCMethod(name: "ServerMetadata")
  static let modelMetadata = RPCMethod(name: "ModelMetadata")
  static let modelConfig = RPCMethod(name: "ModelConfig")
  static let modelStatistics = RPCMethod(name: "ModelStatistics")
  static let modelInfer = RPCMethod(name: "ModelInfer")
  static let modelStreamInfer = RPCMethod(name: "ModelStreamInfer")
  static let traceSetting = RPCMethod(name: "TraceSetting")
  static let logSettings = RPCMethod(name: "LogSettings")
  static let systemSharedMemoryStatus = RPCMethod(name: "SystemSharedMemoryStatus")
  static let systemSharedMemoryRegister = RPCMethod(name: "SystemSharedMemoryRegister")
  static let systemSharedMemoryUnregister = RPCMethod(name: "SystemSharedMemoryUnregister")
  static let cudaSharedMemoryStatus = RPCMethod(name: "CudaSharedMemoryStatus")
  static let cudaSharedMemoryRegister = RPCMethod(name: "CudaSharedMemoryRegister")
  static let cudaSharedMemoryUnregister = RPCMethod(name: "CudaSharedMemoryUnregister")
  static let repositoryIndex = RPCMethod(name: "RepositoryIndex")
  static let repositoryModelLoad = RPCMethod(name: "RepositoryModelLoad")
  static let repositoryModelUnload = RPCMethod(name: "RepositoryModelUnload")
}

extension RPCMethod: Hashable {
  static func == (left: RPCMethod, right: RPCMethod) -> Bool {
    left === right || left.name == right.name
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(self.name)
  }
}
