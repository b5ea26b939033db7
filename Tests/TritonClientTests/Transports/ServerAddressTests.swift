// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct ServerAddressTests {
  @Test(
    arguments: [
      ("localhost", "localhost", 8001, "localhost:8001"),
      ("grpc://gpu.example:9000", "gpu.example", 9000, "gpu.example:9000"),
      (" grpc://[::1] ", "::1", 8001, "[::1]:8001"),
      ("10.0.0.1:1", "10.0.0.1", 1, "10.0.0.1:1"),
    ])
  func oneServer(url: String, host: String, port: Int, target: String) throws {
    let address = try ServerAddress(url)
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.target == target)
    #expect(!address.isName)
  }

  @Test(
    arguments: [
      ("dns:///triton.default.svc.cluster.local:8001", "triton.default.svc.cluster.local", 8001),
      ("dns:///triton", "triton", 8001),
      ("dns:///triton:9001/", "triton", 9001),
      ("dns:///127.0.0.1:80", "127.0.0.1", 80),
      ("dns:///[::1]:80", "::1", 80),
    ])
  func aNameForManyServers(url: String, host: String, port: Int) throws {
    let address = try ServerAddress(url)
    #expect(address.url == url)
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.isName)
  }

  @Test(arguments: [
    "dns:///", "dns:///:8001", "dns://triton:8001", "dns://8.8.8.8/triton:8001", "dns:triton:8001",
    "dns:///triton:0", "dns:///triton:65536", "dns:///triton:8001/path", "dns:///grpc://triton", "dns:///a b",
    "ipv4:127.0.0.1:8001", "unix:///tmp/socket",
  ])
  func whatIsNoAddressIsRefused(url: String) throws {
    let error = try #require(throws: InferenceError.self) { try ServerAddress(url) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains(url))
    #expect(error.message.contains("grpc://host:port"))
    #expect(error.message.contains("dns:///host:port"))
  }

  @Test(arguments: [
    "grpc://me:hunter2@host", "dns:///me:hunter2@host", "dns://me:hunter2@host", "http://me:hunter2@host",
    "grpc://me:hunter2@ho st", "me:hunter2@",
  ])
  func aPasswordIsNotRepeated(url: String) throws {
    let error = try #require(throws: InferenceError.self) { try ServerAddress(url) }
    #expect(error.code == .invalidArgument)
    #expect(!"\(error)".contains("hunter2"))
  }

  @Test(
    arguments: [
      ("127.0.0.2", "grpc://127.0.0.2:8001"), ("::1", "grpc://[::1]:8001"),
      ("fe80::1%eth0", "grpc://[fe80::1%eth0]:8001"), ("gpu", "grpc://gpu:8001"),
    ])
  func aHostAndAPort(host: String, url: String) throws {
    let address = try ServerAddress(host: host, port: 8001)
    #expect(address.url == url)
    #expect(address.host == host)
    #expect("grpc://\(address.target)" == url)
    #expect(!address.isName)
  }

  @Test(arguments: [
    ("", 8001), ("gpu", 0), ("gpu", 70_000), ("gpu", -1), ("a b", 1), ("a/b", 1), ("[::1]", 1), ("ü", 1),
    ("me@gpu", 1), ("gpu\n", 1),
  ])
  func anImpossibleHostOrPortIsRefused(host: String, port: Int) throws {
    let error = try #require(throws: InferenceError.self) { try ServerAddress(host: host, port: port) }
    #expect(error.code == .invalidArgument)
  }

  @Test(arguments: ["localhost", "127.0.0.1", "127.9.9.9:1", "dns:///localhost", "[::1]"])
  func thisMachineNeedsNoProxy(url: String) throws {
    #expect(try ServerAddress(url).isLoopback)
    #expect(try !ServerAddress("grpc://128.0.0.1").isLoopback)
  }
}
