# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The programs of the benchmarks: how they are built, started and ended."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILT = os.path.join(FOLDER, ".build")
PYTHON = os.path.join(FOLDER, "..", ".triton", "venv", "bin", "python")
ECHO = os.path.join(BUILT, "cpp", "echo")

# Half of the machine for the server, the rest for the client: on two cores a server of two threads makes every peer
# slower, because they take turns on the core that the client needs.
SERVER_THREADS = max((os.cpu_count() or 1) // 2, 1)

# The longest that one slice of any peer may take, in seconds.
SLICE_LIMIT = 120


class Failure(Exception):
    """Something that ends the run; its text is for the user."""


@dataclass(frozen=True)
class Peer:
    name: str
    what: str
    command: tuple
    # Which of the server's ports it is given.
    port: str = "grpc"

    @property
    def is_swift(self):
        return self.name.startswith("swift-")


def cpp(name):
    return (os.path.join(BUILT, "cpp", name),)


def python(name):
    return (PYTHON, os.path.join(FOLDER, "peers", "python", name))


def swift(variant):
    return (os.path.join(BUILT, "release", "swift-peer"), "--variant", variant)


PEERS = (
    Peer("tcp", "raw TCP, the payload and its length there and back: the floor", cpp("tcp"), "tcp"),
    Peer("grpc-floor", "C++, gRPC with ready-made bytes: nothing encoded, decoded or copied", cpp("cpp-floor")),
    Peer("cpp-blocking", "C++, generated blocking stub, as Triton's C++ client's `Infer`", cpp("cpp-blocking")),
    Peer("cpp-callback", "C++, generated stub, gRPC's callback interface", cpp("cpp-callback")),
    Peer("cpp-queue", "C++, generated stub, completion queue and one thread, as Triton's C++ client's `AsyncInfer`",
         cpp("cpp-queue")),
    Peer("python", "PyPI `tritonclient.grpc`", python("blocking.py")),
    Peer("python-aio", "PyPI `tritonclient.grpc.aio`", python("asynchronous.py")),
    Peer("swift-request", "this repository's client, a new `InferenceRequest` for each call", swift("request")),
    Peer("swift-prepared", "this repository's client, one `PreparedRequest`", swift("prepared")),
    Peer("swift-executor", "as swift-request, on the client's `InferenceExecutor`", swift("executor")),
    Peer("swift-prepared-executor", "as swift-prepared, on the client's `InferenceExecutor`",
         swift("prepared-executor")),
)


def build():
    """Builds what is not built yet or older than its sources; quiet unless it fails."""
    missing = [tool for tool in ("make", "protoc", "grpc_cpp_plugin", "swift") if shutil.which(tool) is None]
    if missing:
        raise Failure(f"not on PATH: {', '.join(missing)}; on Debian: "
                      "apt-get install make g++ protobuf-compiler protobuf-compiler-grpc libgrpc++-dev")
    os.makedirs(BUILT, exist_ok=True)
    run_build(["make", "-C", FOLDER, "--no-print-directory", f"-j{os.cpu_count() or 1}"], "build-cpp.log")
    run_build(["swift", "build", "--package-path", FOLDER, "-c", "release", "--product", "swift-peer"],
              "build-swift.log")


def run_build(command, log_name):
    log_path = os.path.join(BUILT, log_name)
    with open(log_path, "wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   preexec_fn=die_with_parent)
    try:
        status = process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        print(f"building with {command[0]}; the first time takes a minute or two", file=sys.stderr)
        status = process.wait()
    if status != 0:
        with open(log_path, encoding="utf-8", errors="replace") as log:
            lines = log.read().splitlines()
        faults = [line[:300] for line in lines if "error:" in line] or [line[:300] for line in lines[-15:]]
        raise Failure("\n".join([f"{command[0]} failed (whole log: Benchmarks/.build/{log_name})", *faults[:15]]))


def check_built(peers):
    needed = {ECHO, PYTHON, *(peer.command[0] for peer in peers)}
    missing = sorted(os.path.relpath(program, FOLDER) for program in needed if not os.path.exists(program))
    if missing:
        raise Failure(f"missing in Benchmarks: {', '.join(missing)}; "
                      "run scripts/setup, and this without --no-build")


class EchoServer:
    """The echo server while the block runs. It ends when its standard input closes, so also with this program."""

    def __init__(self, *arguments):
        self.arguments = arguments

    def __enter__(self):
        self.process = subprocess.Popen([ECHO, "--threads", str(SERVER_THREADS), *self.arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=environment())
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"the echo server did not start (exit status {self.process.wait()})")
        self.facts = json.loads(line)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def target(self, peer):
        return f"127.0.0.1:{self.facts[peer.port]}"


def start(peer, server, payload, in_flight, *arguments):
    """Runs a peer to its end; returns its exit status, what it printed and what it complained."""
    command = [*peer.command, "--target", server.target(peer), "--payload", str(payload),
               "--in-flight", str(in_flight), *arguments]
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                               timeout=SLICE_LIMIT, env=environment(), preexec_fn=die_with_parent)
    except subprocess.TimeoutExpired:
        raise Failure(f"{peer.name} had not ended after {SLICE_LIMIT} s with {payload} bytes, "
                      f"{in_flight} in flight") from None
    return ended.returncode, ended.stdout, ended.stderr


def measure(peer, server, payload, in_flight, *arguments):
    """Runs a peer and returns its figures."""
    status, output, complaint = start(peer, server, payload, in_flight, *arguments)
    if status != 0:
        raise Failure(f"{peer.name} failed with {payload} bytes, {in_flight} in flight: {complaint.strip()[-2000:]}")
    figures = json.loads(output)
    asked = {"peer": peer.name, "payload": payload, "in_flight": in_flight}
    given = {name: figures[name] for name in asked}
    if given != asked:
        raise Failure(f"{peer.name} measured {given} instead of {asked}")
    return figures


def environment():
    """No proxy lies between this machine and itself."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


PRCTL = getattr(ctypes.CDLL(None), "prctl", None)


def die_with_parent():
    """Runs in the new process: the kernel ends it when this program ends, however that happens."""
    if PRCTL is not None:
        PRCTL(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
