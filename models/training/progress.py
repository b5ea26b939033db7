# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""What both trainings share: a budget in minutes, a learning rate that follows it, checkpoints that survive a stop."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import torch


def learning_rate(done: float, peak: float, warm_up: float = 0.02) -> float:
    """Linear warm-up, then half a cosine to 1 % of the peak. `done` is the share of the budget that is used up."""
    if done < warm_up:
        return peak * max(done, 1e-3) / warm_up
    along = min((done - warm_up) / (1 - warm_up), 1.0)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * along)))


class Budget:
    """Counts the minutes a training has had, over all its starts."""

    def __init__(self, minutes: float, used: float = 0.0) -> None:
        self.seconds = minutes * 60
        self._used_before = used
        self._start = time.monotonic()

    @property
    def used(self) -> float:
        return self._used_before + time.monotonic() - self._start

    @property
    def share(self) -> float:
        return self.used / self.seconds


def save(path: Path, state: dict) -> None:
    """Writes a checkpoint whole or not at all."""
    temporary = path.with_suffix(".partial")
    torch.save(state, temporary)
    os.replace(temporary, path)


def load(path: Path) -> dict | None:
    """The checkpoint at the path, if there is one."""
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def report(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, flush=True)
