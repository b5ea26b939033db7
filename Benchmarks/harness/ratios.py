# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Medians over rounds, ratios within rounds, and the ratios that this client promises."""

from dataclasses import dataclass
from statistics import median

FIGURES = ("p50_us", "p99_us", "mean_us", "calls_per_s", "cpu_s_per_1000", "peak_rss_bytes")
KIB, MIB = 2**10, 2**20


def by_key(slices):
    """The slices of each peer, payload and number in flight, by round."""
    found = {}
    for figures in slices:
        key = (figures["peer"], figures["payload"], figures["in_flight"])
        found.setdefault(key, {})[figures["round"]] = figures
    return found


def medians(slices):
    return [
        {"peer": peer, "payload": payload, "in_flight": in_flight,
         "calls": sum(figures["calls"] for figures in rounds.values()),
         **{name: median(figures[name] for figures in rounds.values()) for name in FIGURES}}
        for (peer, payload, in_flight), rounds in by_key(slices).items()
    ]


def baseline(in_flight):
    """What C++ does best with so many calls: wait for the one, be called back for several."""
    return "cpp-blocking" if in_flight == 1 else "cpp-callback"


def ratio(slices, figure, peer, other, payload, in_flight):
    """The peer's figure over the other's in each round: median, smallest, largest; None where one is missing."""
    found = by_key(slices)
    ours, theirs = (found.get((name, payload, in_flight), {}) for name in (peer, other))
    quotients = [ours[number][figure] / theirs[number][figure] for number in ours if number in theirs]
    if not quotients:
        return None
    return {"median": median(quotients), "smallest": min(quotients), "largest": max(quotients)}


@dataclass(frozen=True)
class Target:
    what: str
    figure: str
    payload: int
    in_flight: int
    other: str
    bound: float
    at_least: bool = False

    def is_met(self, value):
        return value >= self.bound if self.at_least else value <= self.bound


TARGETS = (
    Target("latency (p50) against C++ blocking", "p50_us", 64, 1, "cpp-blocking", 1.0),
    Target("latency (p50) against C++ blocking", "p50_us", 256 * KIB, 1, "cpp-blocking", 0.8),
    Target("latency (p50) against Python", "p50_us", 256 * KIB, 1, "python", 0.2),
    Target("latency (p50) against C++ blocking", "p50_us", 12 * MIB, 1, "cpp-blocking", 0.7),
    Target("latency (p50) against raw TCP", "p50_us", 12 * MIB, 1, "tcp", 1.5),
    Target("calls/s against C++ callback", "calls_per_s", 64, 16, "cpp-callback", 1.2, at_least=True),
    Target("CPU time of a call against C++ blocking", "cpu_s_per_1000", 256 * KIB, 1, "cpp-blocking", 0.6),
)


def targets(slices, peers):
    """Each target with the ratio of each of our peers that was measured for it."""
    rows = []
    for target in TARGETS:
        ratios = {}
        for peer in peers:
            value = ratio(slices, target.figure, peer, target.other, target.payload, target.in_flight)
            if value is not None:
                ratios[peer] = {**value, "met": target.is_met(value["median"])}
        if ratios:
            rows.append({"what": target.what, "figure": target.figure, "payload": target.payload,
                         "in_flight": target.in_flight, "other": target.other, "bound": target.bound,
                         "at_least": target.at_least, "ratios": ratios})
    return rows
