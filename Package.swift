// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Foundation
import PackageDescription

/// Where Homebrew keeps its libraries; on Linux the system's own folders are searched without it.
let prefix = ProcessInfo.processInfo.environment["HOMEBREW_PREFIX"]
let includePrefix: [String] = prefix.map { ["-I\($0)/include"] } ?? []
let libraryPrefix: [LinkerSetting] = prefix.map { [.unsafeFlags(["-L\($0)/lib"])] } ?? []

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// `FUZZ=1` adds the program of scripts/fuzz and instruments what it tests for libFuzzer.
let isFuzzing = ProcessInfo.processInfo.environment["FUZZ"] == "1"
let fuzzedSwift: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer"])] : []
let fuzzers: [Target] = [
  .executableTarget(
    name: "DecoderFuzzer",
    dependencies: ["DecoderCheck"],
    path: "Tests/Fuzz/DecoderFuzzer",
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
  )
]

let package = Package(
  name: "remote-nodes",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "TritonClient", targets: ["TritonClient"]),
    .library(name: "LocalTriton", targets: ["LocalTriton"]),
    .library(name: "RemoteNodes", targets: ["RemoteNodes"]),
    .executable(name: "remote-sample", targets: ["remote-sample"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
  ],
  targets: [
    // C++ behind a C header. gRPC is linked by name, not through pkg-config: its .pc files expand into
    // more flags than a command line holds.
    .target(
      name: "CTritonTransport",
      cxxSettings: includePrefix.isEmpty ? [] : [.unsafeFlags(includePrefix)],
      linkerSettings: libraryPrefix + [
        .linkedLibrary("grpc++"), .linkedLibrary("grpc"), .linkedLibrary("gpr"),
        .linkedLibrary("absl_synchronization"),
      ]
    ),
    .target(
      name: "CPictures",
      cSettings: includePrefix.isEmpty ? [] : [.unsafeFlags(includePrefix)],
      linkerSettings: libraryPrefix + [.linkedLibrary("png")]
    ),
    // Hashes, where the system has none of its own for Swift. gRPC brings the library.
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // Pictures in terminals that draw sixels.
    .systemLibrary(
      name: "CSixel", pkgConfig: "libsixel", providers: [.apt(["libsixel-dev"]), .brew(["libsixel"])]
    ),
    .target(
      name: "InferenceProtos",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      swiftSettings: [.swiftLanguageMode(.v6)] + fuzzedSwift
    ),
    .target(
      name: "TritonClient",
      dependencies: [
        "CTritonTransport", "InferenceProtos",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      // An asynchronous function runs where its caller does: a call changes threads once, when its answer comes.
      swiftSettings: swiftSettings + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")] + fuzzedSwift
    ),
    .target(
      name: "LocalTriton",
      dependencies: ["TritonClient", .product(name: "Subprocess", package: "swift-subprocess")],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "RemoteNodes",
      dependencies: [
        "TritonClient", "CPictures", .target(name: "COpenSSL", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "remote-sample",
      dependencies: [
        "RemoteNodes", "LocalTriton", "TritonClient", "CSixel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings
    ),
    // What must hold for any bytes that arrive as an answer: for a test and for libFuzzer.
    .target(
      name: "DecoderCheck",
      dependencies: [
        "TritonClient", "InferenceProtos", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      path: "Tests/Fuzz/DecoderCheck",
      swiftSettings: swiftSettings
    ),
    // Calls of all kinds at random: for a test and for scripts/soak.
    .target(
      name: "SoakWorkload",
      dependencies: ["TritonClient"],
      path: "Tests/Soak/SoakWorkload",
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "soak",
      dependencies: [
        "SoakWorkload", "TritonClient", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Soak/soak",
      swiftSettings: swiftSettings
    ),
    // What is done to servers while pictures are made: for a test and for scripts/chaos.
    .target(
      name: "ChaosScenarios",
      dependencies: [
        "LocalTriton", "RemoteNodes", "SoakWorkload", "TritonClient",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      path: "Tests/Chaos/ChaosScenarios",
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "chaos",
      dependencies: [
        "ChaosScenarios", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Chaos/chaos",
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TritonClientTests",
      dependencies: [
        "DecoderCheck", "TritonClient", "InferenceProtos",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "RemoteNodesTests",
      dependencies: ["RemoteNodes", "TritonClient"],
      resources: [.copy("Golden")],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "remote-sample", "RemoteNodes", "LocalTriton", "TritonClient", "CSixel", "InferenceProtos",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["models"],
      resources: [.copy("Golden")],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "FaultServerTests",
      dependencies: [
        "SoakWorkload", "TritonClient", .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "ChaosTests",
      dependencies: [
        "ChaosScenarios", "chaos", .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: swiftSettings
    ),
    // Compares with PyPI's tritonclient; the models are those of IntegrationTests.
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "LocalTriton", "TritonClient", .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: swiftSettings
    ),
  ] + (isFuzzing ? fuzzers : []),
  cxxLanguageStandard: .cxx17
)

/// `SANITIZE=address`, `thread` or `undefined`: TritonClient and its tests only, for scripts/sanitize.
if let sanitizer = ProcessInfo.processInfo.environment["SANITIZE"] {
  let kept: Set = [
    "CTritonTransport", "InferenceProtos", "TritonClient",
    "DecoderCheck", "SoakWorkload", "TritonClientTests", "FaultServerTests",
  ]
  package.targets.removeAll { !kept.contains($0.name) }
  package.products.removeAll { $0.name != "TritonClient" }
  // Swift has no such sanitizer on Linux; scripts/sanitize links the one for C++.
  if sanitizer == "undefined", let transport = package.targets.first(where: { $0.name == "CTritonTransport" })
  {
    let flags = ["-fsanitize=undefined", "-fno-sanitize=vptr,function"]
    transport.cxxSettings = (transport.cxxSettings ?? []) + [.unsafeFlags(flags)]
  }
  if sanitizer == "thread" {
    package.targets.append(.target(name: "ThreadOrder", path: "Tests/Support/Sanitizers/ThreadOrder"))
    for target in package.targets where target.isTest { target.dependencies.append("ThreadOrder") }
  }
}
