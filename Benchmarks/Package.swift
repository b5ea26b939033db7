// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import PackageDescription

/// The Swift peer of the benchmarks: a package of its own, so that users of the library never build it.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "remote-nodes", path: "..")
  ],
  targets: [
    .executableTarget(
      name: "swift-peer",
      dependencies: [.product(name: "TritonClient", package: "remote-nodes")],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]
    )
  ]
)
