// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

public import Foundation
import InferenceProtos
import SwiftProtobuf

extension InferenceServerClient {
  /// The system shared-memory regions that the server has opened.
  ///
  /// - Parameters:
  ///   - name: one region; `nil` for all of them.
  ///   - options: what this call does differently.
  /// - Throws: ``InferenceError``; `notFound` for a name that the server does not know.
  public func systemSharedMemoryRegions(
    named name: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> [SystemSharedMemoryRegistration] {
    var request = Inference_SystemSharedMemoryStatusRequest()
    request.name = name ?? ""
    let response = try await self.call(
      .systemSharedMemoryStatus,
      request,
      returning: Inference_SystemSharedMemoryStatusResponse.self,
      options: options
    )
    return response.regions.values.map(SystemSharedMemoryRegistration.init).sorted { $0.name < $1.name }
  }

  /// Has the server open a shared-memory object that exists on its machine.
  ///
  /// - Throws: ``InferenceError``; `alreadyExists` for a name in use, `internalError` for an object that the
  ///   server cannot open.
  public func register(
    _ region: SystemSharedMemoryRegistration,
    options: CallOptions = .defaults
  ) async throws {
    guard region.byteCount > 0, region.offset >= 0, !region.name.isEmpty, region.key.hasPrefix("/") else {
      throw InferenceError(
        code: .invalidArgument,
        message: """
          a region needs a name, a key that begins with '/', an offset of 0 or more and a size of 1 or more \
          bytes; given: \(region)
          """,
        endpoint: self.url
      )
    }
    var request = Inference_SystemSharedMemoryRegisterRequest()
    request.name = region.name
    request.key = region.key
    request.offset = UInt64(region.offset)
    request.byteSize = UInt64(region.byteCount)
    _ = try await self.call(
      .systemSharedMemoryRegister,
      request,
      returning: Inference_SystemSharedMemoryRegisterResponse.self,
      options: options
    )
  }

  /// Has the server close a system shared-memory region; a name that it does not know is no error.
  ///
  /// There is no call for all regions at once: other clients have theirs on the same server.
  ///
  /// - Throws: ``InferenceError``.
  public func unregisterSystemSharedMemory(
    named name: String,
    options: CallOptions = .defaults
  ) async throws {
    var request = Inference_SystemSharedMemoryUnregisterRequest()
    request.name = try self.regionName(name)
    _ = try await self.call(
      .systemSharedMemoryUnregister,
      request,
      returning: Inference_SystemSharedMemoryUnregisterResponse.self,
      options: options
    )
  }

  /// The regions of GPU memory that the server has opened.
  ///
  /// - Parameters:
  ///   - name: one region; `nil` for all of them.
  ///   - options: what this call does differently.
  /// - Throws: ``InferenceError``; `notFound` for a name that the server does not know.
  public func cudaSharedMemoryRegions(
    named name: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> [CUDASharedMemoryRegistration] {
    var request = Inference_CudaSharedMemoryStatusRequest()
    request.name = name ?? ""
    let response = try await self.call(
      .cudaSharedMemoryStatus,
      request,
      returning: Inference_CudaSharedMemoryStatusResponse.self,
      options: options
    )
    return response.regions.values.map(CUDASharedMemoryRegistration.init).sorted { $0.name < $1.name }
  }

  /// Has the server open GPU memory of this machine.
  ///
  /// - Parameters:
  ///   - name: name under which requests will refer to it.
  ///   - handle: the 64 bytes of a `cudaIpcMemHandle_t`.
  ///   - deviceID: number of the GPU as the server counts them.
  ///   - byteCount: size of the region.
  ///   - options: what this call does differently.
  /// - Throws: ``InferenceError``; `invalidArgument` for a handle of another size or one the server cannot open.
  public func registerCUDASharedMemory(
    named name: String,
    handle: Data,
    deviceID: Int,
    byteCount: Int,
    options: CallOptions = .defaults
  ) async throws {
    // The server would read past the end of a shorter handle.
    guard handle.count == 64, byteCount > 0, deviceID >= 0 else {
      throw InferenceError(
        code: .invalidArgument,
        message: """
          a CUDA region needs a handle of 64 bytes, a device of 0 or more and a size of 1 or more bytes; \
          given: \(handle.count) bytes, device \(deviceID), \(byteCount) bytes
          """,
        endpoint: self.url
      )
    }
    var request = Inference_CudaSharedMemoryRegisterRequest()
    request.name = try self.regionName(name)
    request.rawHandle = handle
    request.deviceID = Int64(deviceID)
    request.byteSize = UInt64(byteCount)
    _ = try await self.call(
      .cudaSharedMemoryRegister,
      request,
      returning: Inference_CudaSharedMemoryRegisterResponse.self,
      options: options
    )
  }

  /// Has the server close a region of GPU memory; a name that it does not know is no error.
  ///
  /// - Throws: ``InferenceError``.
  public func unregisterCUDASharedMemory(
    named name: String,
    options: CallOptions = .defaults
  ) async throws {
    var request = Inference_CudaSharedMemoryUnregisterRequest()
    request.name = try self.regionName(name)
    _ = try await self.call(
      .cudaSharedMemoryUnregister,
      request,
      returning: Inference_CudaSharedMemoryUnregisterResponse.self,
      options: options
    )
  }

  /// An empty name would mean all regions of all clients.
  private func regionName(_ name: String) throws -> String {
    guard !name.isEmpty else {
      throw InferenceError(
        code: .invalidArgument,
        message: "a shared-memory region has a name",
        endpoint: self.url
      )
    }
    return name
  }
}
