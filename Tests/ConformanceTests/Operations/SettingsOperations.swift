// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

/// Settings of traces and of the log. Every operation leaves them as it found them.
enum SettingsOperations {
  static var all: [Operation] {
    [
      Operation("trace settings", Step.call("trace_settings"), self.trace("mirror")),
      Operation(
        "trace settings of a model",
        self.trace("mirror", ["trace_rate": ["7"], "log_frequency": ["3"]]), self.trace("mirror"),
        Step.call("trace_settings"), self.trace("mirror", ["trace_rate": []]),
        self.trace("mirror", ["log_frequency": []])
      ),
      Operation(
        "trace settings of the server",
        Step.call("trace_settings", ["settings": ["trace_rate": ["500"], "trace_count": ["9"]]]),
        self.trace("batched"),
        Step.call("trace_settings", ["settings": ["trace_rate": [], "trace_count": []]])
      ),
      Operation(
        "trace levels",
        self.trace("mirror", ["trace_level": ["TIMESTAMPS", "TENSORS"], "trace_file": ["/dev/null"]]),
        self.trace("mirror", ["trace_level": ["OFF"]]), self.trace("mirror", ["trace_level": []]),
        self.trace("mirror", ["trace_file": []])
      ),
      Operation(
        "wrong trace settings",
        self.trace("mirror", ["trace_rate": ["x"]]), self.trace("mirror", ["trace_rate": ["1", "2"]]),
        self.trace("mirror", ["trace_level": ["LOUD"]]),
        self.trace("mirror", ["trace_level": ["TIMESTAMPS"]]),
        self.trace("mirror", ["nothing": ["1"]]), self.trace("mirror")
      ),
      Operation("trace settings of an unknown model", self.trace("nowhere")),
      Operation("log settings", Step.call("log_settings")),
      Operation(
        "log settings are changed and taken back",
        self.log(["log_warning": Values.flag(false), "log_verbose_level": ["level": "1"]]),
        Step.call("log_settings"),
        self.log(["log_warning": Values.flag(true), "log_verbose_level": ["level": "0"]]),
        self.log(["log_format": Values.text("default")]), self.log(["log_format": Values.text("ISO8601")])
      ),
      Operation(
        "wrong log settings",
        self.log(["log_format": Values.text("poem")]), self.log(["log_file": Values.text("/nowhere/at/all")]),
        self.log(["log_nothing": Values.flag(true)]), Step.call("log_settings")
      ),
      Operation(
        "a log setting of another kind",
        self.log(["log_info": Values.text("perhaps")]), self.log(["log_verbose_level": Values.flag(true)]),
        expecting: ["error": ["code": "INVALID_ARGUMENT", "text": "expect boolean for 'log_info'"]],
        ["error": ["code": "INVALID_ARGUMENT", "text": "expect int32 for 'log_verbose_level'"]],
        because: "tritonclient chooses the kind by the name and raises a TypeError"
      ),
    ]
  }

  private static func trace(_ model: JSON, _ settings: JSON? = nil) -> JSON {
    Step.call("trace_settings", settings.map { ["model": model, "settings": $0] } ?? ["model": model])
  }

  private static func log(_ settings: JSON) -> JSON {
    Step.call("log_settings", ["settings": settings])
  }
}
