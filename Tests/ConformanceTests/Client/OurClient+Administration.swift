// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import TritonClient

/// Steps about settings and shared memory.
extension OurClient {
  func administer(_ call: String, _ step: JSON) async throws -> JSON {
    switch call {
    case "trace_settings":
      return try await self.traceSettings(step)
    case "log_settings":
      return try await self.logSettings(step)
    case "system_regions":
      let regions = try await self.client.systemSharedMemoryRegions(named: try step["name"]?.string)
      return Canonical.regions(regions)
    case "register_system":
      try await self.client.register(
        SystemSharedMemoryRegistration(
          name: try step.required("name").string,
          key: try step.required("key").string,
          offset: try step["offset"]?.integer ?? 0,
          byteCount: try step.required("bytes").integer
        )
      )
    case "unregister_system":
      try await self.client.unregisterSystemSharedMemory(named: try step.required("name").string)
    case "cuda_regions":
      let regions = try await self.client.cudaSharedMemoryRegions(named: try step["name"]?.string)
      return Canonical.regions(regions)
    case "register_cuda":
      try await self.client.registerCUDASharedMemory(
        named: try step.required("name").string,
        handle: try step.required("handle").data,
        deviceID: try step.required("device").integer,
        byteCount: try step.required("bytes").integer
      )
    case "unregister_cuda":
      try await self.client.unregisterCUDASharedMemory(named: try step.required("name").string)
    default:
      throw UnknownStep(call: call)
    }
    return .null
  }

  private func traceSettings(_ step: JSON) async throws -> JSON {
    let model = try step["model"]?.string
    guard let settings = step["settings"] else {
      return Canonical.settings(try await self.client.traceSettings(model: model))
    }
    let values = try settings.members.mapValues { try $0.elements.map { try $0.string } }
    return Canonical.settings(try await self.client.updateTraceSettings(values, model: model))
  }

  private func logSettings(_ step: JSON) async throws -> JSON {
    guard let settings = step["settings"] else {
      return Canonical.settings(try await self.client.logSettings())
    }
    let values = try settings.members.mapValues { value -> LogSetting in
      if let level = value["level"] { return .level(UInt32(try level.string) ?? 0) }
      if let flag = value["bool"] { return .bool(try flag.boolean) }
      return .string(try value.required("string").string)
    }
    return Canonical.settings(try await self.client.updateLogSettings(values))
  }
}
