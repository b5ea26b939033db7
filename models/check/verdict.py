# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Compares what a picture shows with what its prompt asked for, and counts."""

from __future__ import annotations

from collections import Counter

from classify import Reading
from world import Expectation

ATTRIBUTES = ("background", "colour", "shape", "size")


def compare(case: Expectation, reading: Reading) -> dict[str, bool]:
    """Attribute to whether it is right. More than one thing, or none, makes everything about the thing wrong."""
    one = reading.things[0] if len(reading.things) == 1 else None
    return {
        "background": reading.background == case.background,
        "colour": one is not None and one.colour == case.colour,
        "shape": one is not None and one.shape == case.shape,
        # A prompt without a word for the size is content with any.
        "size": one is not None and case.size in (None, one.size),
    }


class Tally:
    """The count over all pictures. A picture is right when background, colour and shape are; size is counted apart."""

    def __init__(self) -> None:
        self.total = 0
        self.right: Counter[str] = Counter()
        self.by_shape: Counter[str] = Counter()
        self.shapes: Counter[str] = Counter()

    def add(self, case: Expectation, reading: Reading | None) -> str | None:
        """Counts one picture (None: there was none). Says what is wrong with it, if anything is."""
        verdict = compare(case, reading) if reading else dict.fromkeys(ATTRIBUTES, False)
        together = all(verdict[name] for name in ATTRIBUTES[:3])
        self.total += 1
        self.right.update(name for name, good in verdict.items() if good)
        self.right["together"] += together
        self.shapes[case.shape] += 1
        self.by_shape[case.shape] += together
        if all(verdict.values()):
            return None
        if reading is None:
            return "no picture"
        seen = ", ".join(f"{thing.size} {thing.colour} {thing.shape}" for thing in reading.things) or "nothing"
        wrong = ", ".join(name for name, good in verdict.items() if not good)
        return f"wrong {wrong}: {seen} on {reading.background}"

    @property
    def share(self) -> float:
        """Pictures with background, colour and shape right, 0…1."""
        return self.right["together"] / self.total if self.total else 0.0

    def table(self) -> str:
        """What was right, per attribute and per shape."""
        rows = [(name, self.right[name], self.total) for name in ATTRIBUTES]
        rows += [(shape, self.by_shape[shape], count) for shape, count in self.shapes.items()]
        rows += [("background, colour and shape together", self.right["together"], self.total)]
        return "\n".join(f"{name:40}{good:5} of {count:4}  {100 * good / count:5.1f} %" for name, good, count in rows)
