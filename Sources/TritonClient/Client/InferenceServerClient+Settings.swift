// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import InferenceProtos
import SwiftProtobuf

extension InferenceServerClient {
  /// The settings of the server's traces.
  ///
  /// - Parameters:
  ///   - model: a model with settings of its own; `nil` for the server's.
  ///   - options: what this call does differently.
  /// - Returns: the values of each setting: "trace_level", "trace_rate", "trace_count", "log_frequency",
  ///   "trace_file", "trace_mode" and what a newer server has besides.
  /// - Throws: ``InferenceError``.
  public func traceSettings(
    model: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> [String: [String]] {
    try await self.updateTraceSettings([:], model: model, options: options)
  }

  /// Changes settings of the server's traces.
  ///
  /// - Parameters:
  ///   - settings: new values; an empty list takes a setting back to the server's value.
  ///   - model: the model whose settings change; `nil` for the server's.
  ///   - options: what this call does differently.
  /// - Returns: all settings as they are now.
  /// - Throws: ``InferenceError``; `invalidArgument` for a value that the setting cannot have. Triton ignores settings
  ///   that it does not know, so compare the answer with what you asked for.
  @discardableResult
  public func updateTraceSettings(
    _ settings: [String: [String]],
    model: String? = nil,
    options: CallOptions = .defaults
  ) async throws -> [String: [String]] {
    var request = Inference_TraceSettingRequest()
    request.modelName = model ?? ""
    request.settings = settings.mapValues { values in .with { $0.value = values } }
    let response = try await self.call(
      .traceSetting,
      request,
      returning: Inference_TraceSettingResponse.self,
      model: model,
      options: options
    )
    return response.settings.mapValues(\.value)
  }

  /// The settings of the server's log.
  ///
  /// - Throws: ``InferenceError``.
  public func logSettings(options: CallOptions = .defaults) async throws -> [String: LogSetting] {
    try await self.updateLogSettings([:], options: options)
  }

  /// Changes settings of the server's log, such as `["log_verbose_level": 1]`.
  ///
  /// - Returns: all settings as they are now.
  /// - Throws: ``InferenceError``; `invalidArgument` for a value that the setting cannot have. Triton ignores settings
  ///   that it does not know, so compare the answer with what you asked for.
  @discardableResult
  public func updateLogSettings(
    _ settings: [String: LogSetting],
    options: CallOptions = .defaults
  ) async throws -> [String: LogSetting] {
    var request = Inference_LogSettingsRequest()
    request.settings = settings.mapValues { setting in
      .with { value in
        switch setting {
        case .bool(let flag): value.boolParam = flag
        case .level(let level): value.uint32Param = level
        case .string(let text): value.stringParam = text
        }
      }
    }
    let response = try await self.call(
      .logSettings,
      request,
      returning: Inference_LogSettingsResponse.self,
      options: options
    )
    return response.settings.compactMapValues(LogSetting.init)
  }
}
