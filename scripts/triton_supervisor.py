#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Runs one Triton Inference Server out of an environment that scripts/setup made, and never outlives its use.

This is the one place that knows how Triton is started: LocalTritonServer (Swift) and scripts/triton both
start this program. It belongs in the environment's `bin` folder, where setup copies it.

It prints one JSON object a line on standard output:
  {"event": "starting", "pid", "supervisor", "log", "http", "grpc", "metrics"}   again after a lost port race
  {"event": "ready", "models": [{"name", "version", "state", "reason"}, ...]}
  {"event": "exited", "status" or "signal", "reason"}          the last line; reason: stopped, crashed, timeout

It ends the server (SIGTERM, then SIGKILL to the whole process group) on SIGTERM and, with --end-with-stdin,
when standard input closes: its parent holds the other end of that pipe, so even a parent that is killed
takes the server with it. Should this program itself be killed, the kernel kills the server.
Afterwards it removes the shared memory that the server's Python backends leave behind.
"""

import argparse
import ctypes
import http.client
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HOST = "127.0.0.1"
SHARED_MEMORY = "/dev/shm"
SHARED_MEMORY_PREFIX = "remote_nodes_triton_"
# Below the range from which the kernel takes the ports of outgoing connections, so that a port found free
# is still free a moment later.
FREE_PORTS = range(20000, 32000)
PORT_NAMES = ("http", "grpc", "metrics")
KEPT_LOGS = 50


def arguments():
    parser = argparse.ArgumentParser(description="Runs a Triton Inference Server and ends with its parent.")
    parser.add_argument("--models", action="append", required=True, metavar="DIR",
                        help="a model repository; may be given several times")
    parser.add_argument("--environment", metavar="DIR",
                        default=os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                        help="the folder that scripts/setup made (default: the one this program lies in)")
    for name in PORT_NAMES:
        parser.add_argument(f"--{name}-port", type=int, default=0, metavar="N",
                            help=f"{name} port on loopback (default: a free one)")
    parser.add_argument("--threads", type=int, metavar="N",
                        help="ONNX Runtime's threads for each model (default: one a core)")
    parser.add_argument("--log", metavar="FILE", help="the server's log (default: in the environment's log folder)")
    parser.add_argument("--state", metavar="FILE", help="also keep the last events in this file while running")
    parser.add_argument("--start-timeout", type=float, default=60, metavar="S")
    parser.add_argument("--stop-timeout", type=float, default=10, metavar="S",
                        help="how long requests under way may take after SIGTERM")
    parser.add_argument("--kill-when-drained", action="store_true",
                        help="once no request is under way do not wait for the models to unload")
    parser.add_argument("--end-with-stdin", action="store_true", help="end when standard input closes")
    parser.add_argument("extra", nargs="*", metavar="ARGUMENT", help="after --: more arguments for tritonserver")
    return parser.parse_args()


class Supervisor:
    def __init__(self, options):
        self.options = options
        self.prefix = f"{SHARED_MEMORY_PREFIX}{os.getpid()}_"
        self.log = options.log or self.default_log()
        self.server = None
        self.ports = {}
        self.state = {"supervisor": os.getpid(), "log": self.log, "repositories": options.models}
        self.stop_requested = False
        # A parent that starts us from a thread which blocks signals would hand that on, to the server as well.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        # Signals become readable here, so that one select waits for them, standard input and the clock.
        self.wake, wake_writer = socket.socketpair()
        self.wake.setblocking(False)
        wake_writer.setblocking(False)
        self.wake_writer = wake_writer
        signal.set_wakeup_fd(wake_writer.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self.request_stop)
        # Ctrl-C reaches the whole foreground group: a parent that holds our input decides when to stop.
        signal.signal(signal.SIGINT, signal.SIG_IGN if options.end_with_stdin else self.request_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if options.end_with_stdin else self.request_stop)
        # A closed standard output must not end this program before it has ended the server.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        self.watched = [self.wake] + ([0] if options.end_with_stdin else [])

    def request_stop(self, *_):
        self.stop_requested = True

    def default_log(self):
        folder = os.path.join(self.options.environment, "log")
        os.makedirs(folder, exist_ok=True)
        # The names begin with the time of the start.
        logs = sorted(name for name in os.listdir(folder) if name.startswith("triton-") and name.endswith(".log"))
        for old in logs[:1 - KEPT_LOGS]:
            remove(os.path.join(folder, old))
        return os.path.join(folder, f"triton-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.log")

    # What is reported

    def report(self, event, **facts):
        self.state.update(event=event, **facts)
        try:
            print(json.dumps({"event": event, **facts}), flush=True)
        except OSError:
            pass  # nobody listens any more; standard input closes too, which ends the server
        if self.options.state:
            temporary = f"{self.options.state}.{os.getpid()}"
            with open(temporary, "w", encoding="utf-8") as file:
                json.dump(self.state, file)
            os.replace(temporary, self.options.state)

    # How the server is started

    def command(self):
        environment = self.options.environment
        triton = os.path.join(site_packages(environment), "pytriton", "tritonserver")
        prefix_option = f"--backend-config=python,shm-region-prefix-name={self.prefix}"
        return [
            os.path.join(triton, "bin", "tritonserver"),
            *[f"--model-repository={os.path.abspath(path)}" for path in self.options.models],
            f"--backend-directory={os.path.join(environment, 'backends')}",
            f"--cache-directory={os.path.join(triton, 'caches')}",
            *[f"--{name}-address={HOST}" for name in PORT_NAMES],
            *[f"--{name}-port={port}" for name, port in self.ports.items()],
            # Every model is loaded, and may later be unloaded and loaded again by name.
            "--model-control-mode=explicit", "--load-model=*",
            # A model that fails to load is reported with its reason and does not take the others with it.
            "--exit-on-error=false", "--strict-readiness=false",
            prefix_option,
            "--allow-gpu-metrics=false",
            "--log-format=ISO8601",
            f"--exit-timeout-secs={max(1, round(self.options.stop_timeout))}",
            *self.options.extra,
        ]

    def variables(self):
        environment = self.options.environment
        packages = site_packages(environment)
        with open(os.path.join(environment, "environment.json"), encoding="utf-8") as file:
            python_library = json.load(file)["python_library_folder"]
        variables = dict(os.environ)
        libraries = [os.path.join(packages, "nvidia_pytriton.libs"), python_library]
        variables["LD_LIBRARY_PATH"] = ":".join(libraries + variables.get("LD_LIBRARY_PATH", "").split(":")).rstrip(":")
        variables["PATH"] = os.path.join(environment, "venv", "bin") + ":" + variables.get("PATH", "")
        variables["PYTHONPATH"] = packages
        # NumPy's own threads would only fight with ONNX Runtime's.
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            variables.setdefault(name, "1")
        if self.options.threads:
            variables["ONNXRUNTIME_THREADS"] = str(self.options.threads)
        variables.pop("PYTHONHOME", None)
        return variables

    def launch(self):
        taken = set()
        for name in PORT_NAMES:
            port = getattr(self.options, f"{name}_port") or free_port(taken)
            taken.add(port)
            self.ports[name] = port
        command = self.command()
        os.makedirs(os.path.dirname(os.path.abspath(self.log)), exist_ok=True)
        with open(self.log, "ab", buffering=0) as log:
            log.write((" ".join(command) + "\n").encode())
            self.server = subprocess.Popen(
                command, env=self.variables(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent)
        self.report("starting", pid=self.server.pid, supervisor=os.getpid(), log=self.log, **self.ports)

    def log_has(self, text, position=0):
        with open(self.log, "rb") as log:
            log.seek(position)
            return text in log.read()

    # How it is watched

    def pause(self, seconds):
        """Waits for a signal, the end of standard input or the time."""
        readable, _, _ = select.select(self.watched, [], [], max(0, seconds))
        if self.wake in readable:
            self.wake.recv(4096)
        if 0 in readable and not os.read(0, 4096):
            self.watched = [self.wake]
            self.stop_requested = True

    def answers(self, path, method="GET"):
        """The body of the server's answer over HTTP, or None while it has none."""
        request = urllib.request.Request(f"http://{HOST}:{self.ports['http']}{path}", method=method)
        try:
            with OPENER.open(request, timeout=5) as response:
                return response.read()
        except (OSError, http.client.HTTPException):
            return None

    def run(self):
        """Everything from the start to the end; returns this program's exit status."""
        sweep_shared_memory()
        self.launch()
        attempts = 1
        deadline = time.monotonic() + self.options.start_timeout
        ready = False
        while True:
            status = self.server.poll()
            if status is not None:
                if not ready and not self.stop_requested and attempts < 5 and self.may_start_again(status):
                    attempts += 1
                    self.launch()
                    continue
                return self.finish("crashed", status)
            if self.stop_requested:
                return self.finish("stopped", self.stop())
            if ready:
                self.pause(3600)
                continue
            if self.answers("/v2/health/ready") is not None:
                index = self.answers("/v2/repository/index", method="POST")
                if index is not None:
                    ready = True
                    self.report("ready", models=json.loads(index))
                    continue
            if time.monotonic() > deadline:
                return self.finish("timeout", self.stop())
            self.pause(0.05)

    def may_start_again(self, status):
        """Whether a start that failed may succeed the next time: another process was quicker to take a free port,
        or Triton lost its own race for the shared memory of two Python models (boost's lock_exception, an abort;
        issue 8882 of its repository)."""
        if status == -signal.SIGABRT and self.log_has(b"lock_exception"):
            return True
        chosen = all(getattr(self.options, f"{name}_port") for name in PORT_NAMES)
        return not chosen and self.log_has(b"already in use")

    def stop(self):
        """Ends the server: politely, then not. Returns its status."""
        drained_from = os.path.getsize(self.log)
        self.server.terminate()
        deadline = time.monotonic() + self.options.stop_timeout
        while self.server.poll() is None and time.monotonic() < deadline:
            if self.options.kill_when_drained and self.log_has(b"unloading models", drained_from):
                break
            self.watched = [self.wake]
            self.pause(0.02)
        kill_group(self.server.pid)
        return self.server.wait()

    def finish(self, reason, status):
        # Stubs of Python models may still be there although the server is gone.
        kill_group(self.server.pid)
        reap_orphans()
        remove_shared_memory(self.prefix)
        fact = {"signal": -status} if status < 0 else {"status": status}
        self.report("exited", reason=reason, **fact)
        if self.options.state:
            os.remove(self.options.state)
        return 0 if reason == "stopped" else 1


# Proxies of the surroundings do not concern a server on this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def site_packages(environment):
    library = os.path.join(environment, "venv", "lib")
    return os.path.join(library, sorted(os.listdir(library))[-1], "site-packages")


def free_port(taken):
    for _ in range(200):
        port = random.choice(FREE_PORTS)
        if port in taken:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
                return port
            except OSError:
                continue
    raise SystemExit(f"triton_supervisor: no free port between {FREE_PORTS.start} and {FREE_PORTS.stop}")


def die_with_parent():
    """Runs in the new process: the kernel kills it when this program dies, however that happens."""
    PRCTL(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def kill_group(leader):
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def reap_orphans():
    """Waits until the killed processes that the server left to us are gone."""
    deadline = time.monotonic() + 2
    try:
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.005)
    except ChildProcessError:
        pass  # none is left


def remove(path):
    try:
        os.remove(path)
    except OSError:
        pass  # another supervisor was quicker, or the file is another user's


def remove_shared_memory(prefix):
    if not os.path.isdir(SHARED_MEMORY):
        return
    for name in os.listdir(SHARED_MEMORY):
        if name.startswith(prefix):
            remove(os.path.join(SHARED_MEMORY, name))


def sweep_shared_memory():
    """Removes what a supervisor that was itself killed could not."""
    if not os.path.isdir(SHARED_MEMORY):
        return
    for name in os.listdir(SHARED_MEMORY):
        if name.startswith(SHARED_MEMORY_PREFIX):
            owner = name[len(SHARED_MEMORY_PREFIX):].split("_")[0]
            if owner.isdigit() and not os.path.exists(f"/proc/{owner}"):
                remove_shared_memory(f"{SHARED_MEMORY_PREFIX}{owner}_")


if __name__ == "__main__":
    PRCTL = ctypes.CDLL(None).prctl
    PRCTL(36, 1)  # PR_SET_CHILD_SUBREAPER: the server's orphans become our children
    sys.exit(Supervisor(arguments()).run())
