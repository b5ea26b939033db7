# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""What both Python peers share: the command line, the tensor, the phases of a run, the figures."""

import argparse
import json
import math
import time

import numpy


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True, metavar="HOST:PORT")
    parser.add_argument("--payload", type=int, default=64, metavar="BYTES")
    parser.add_argument("--in-flight", type=int, default=1, metavar="N")
    parser.add_argument("--warm-up", type=float, default=0.1, metavar="S")
    parser.add_argument("--seconds", type=float, default=0.5, metavar="S")
    parser.add_argument("--calls", type=int, default=0, metavar="N", help="of each lane, instead of a time")
    chosen = parser.parse_args()
    if chosen.payload < 4 or chosen.payload % 4 or chosen.in_flight < 1:
        parser.error("--payload is a multiple of 4, --in-flight at least 1")
    return chosen

class Payload:
    """The tensor that is sent: FP32, each element another than its neighbours."""

    def __init__(self, byte_count):
        self.array = (numpy.arange(byte_count // 4) % 65521 + 1).astype(numpy.float32)

    def check(self, answer, completely):
        """Raises unless the array is the one that was sent: the length and both ends, or every element."""
        sent = self.array
        same = answer is not None and answer.shape == sent.shape and (
            numpy.array_equal(answer, sent) if completely else answer[0] == sent[0] and answer[-1] == sent[-1])
        if not same:
            raise RuntimeError("the answer is not what was sent")

class Phase:
    """A part of the run in which some lanes each make one call after the other."""

    def __init__(self, lanes, seconds, calls, compares):
        self.lanes = lanes
        self.end = time.perf_counter_ns() + int(seconds * 1e9)
        self.calls = calls
        self.compares = compares

    def goes_on(self, made, now):
        return made < self.calls if self.calls > 0 else made == 0 or now < self.end

class Measurement:
    """Takes the figures of the second of three phases."""

    def __init__(self, chosen):
        self.chosen = chosen

    def warm_up(self):
        return Phase(self.chosen.in_flight, self.chosen.warm_up, 1 if self.chosen.calls else 0, True)

    def measured(self):
        phase = Phase(self.chosen.in_flight, self.chosen.seconds, self.chosen.calls, False)
        self.cpu = time.process_time()
        self.begin = time.perf_counter_ns()
        return phase

    def record(self, lanes):
        self.elapsed = (time.perf_counter_ns() - self.begin) * 1e-9
        self.cpu = time.process_time() - self.cpu
        self.latencies = sorted(latency for lane in lanes for latency in lane)

    def afterwards(self):
        return Phase(1, 0, 1, True)

    def percentile(self, fraction):
        return self.latencies[max(math.ceil(fraction * len(self.latencies)), 1) - 1] * 1e-3

    def report(self, peer):
        count = len(self.latencies)
        print(json.dumps({
            "peer": peer, "payload": self.chosen.payload, "in_flight": self.chosen.in_flight, "calls": count,
            "elapsed_s": self.elapsed, "p50_us": self.percentile(0.5), "p99_us": self.percentile(0.99),
            "mean_us": sum(self.latencies) / count * 1e-3, "calls_per_s": count / self.elapsed,
            "cpu_s_per_1000": self.cpu / count * 1000, "peak_rss_bytes": peak_memory_bytes(),
            "compared_completely": self.chosen.in_flight + 1,
        }), flush=True)

def peak_memory_bytes():
    """Most memory that this process has had. Not from getrusage, which counts what was there before exec, too."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/self/status has no VmHWM")
