// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos

/// A region of system shared memory that a server has opened. Its JSON is Triton's.
public struct SystemSharedMemoryRegistration: Sendable, Hashable, Codable {
  /// Name under which requests refer to it.
  public let name: String

  /// Name of the shared-memory object, as `shm_open` takes it.
  public let key: String

  /// Where the region begins in the object, in bytes.
  public let offset: Int

  /// Size of the region in bytes.
  public let byteCount: Int

  private enum CodingKeys: String, CodingKey {
    case name, key, offset
    case byteCount = "byte_size"
  }

  /// A registration.
  public init(name: String, key: String, offset: Int = 0, byteCount: Int) {
    self.name = name
    self.key = key
    self.offset = offset
    self.byteCount = byteCount
  }

  init(_ status: Inference_SystemSharedMemoryStatusResponse.RegionStatus) {
    self.init(
      name: status.name,
      key: status.key,
      offset: Int(clamping: status.offset),
      byteCount: Int(clamping: status.byteSize)
    )
  }
}

/// A region of a GPU's memory that a server has opened. Its JSON is Triton's.
public struct CUDASharedMemoryRegistration: Sendable, Hashable, Codable {
  /// Name under which requests refer to it.
  public let name: String

  /// Number of the GPU as the server counts them.
  public let deviceID: Int

  /// Size of the region in bytes.
  public let byteCount: Int

  private enum CodingKeys: String, CodingKey {
    case name
    case deviceID = "device_id"
    case byteCount = "byte_size"
  }

  init(_ status: Inference_CudaSharedMemoryStatusResponse.RegionStatus) {
    self.name = status.name
    self.deviceID = Int(clamping: status.deviceID)
    self.byteCount = Int(clamping: status.byteSize)
  }
}
