# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The words of the prompts that are checked, and what they mean on paper: colours as sRGB, shapes as geometry."""

from __future__ import annotations

from dataclasses import dataclass

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (220, 30, 35),
    "green": (30, 155, 60),
    "blue": (30, 70, 220),
    "yellow": (250, 225, 50),
    "orange": (245, 130, 20),
    "purple": (125, 40, 170),
    "pink": (250, 150, 200),
    "cyan": (50, 210, 230),
    "white": (250, 250, 250),
    "black": (15, 15, 15),
}
SHAPES = ("circle", "square", "triangle", "star", "diamond", "heart", "cross")
#: Radius of the words for size, as a share of the picture's side.
SIZES = {"small": 19 / 128, "medium": 29 / 128, "large": 41 / 128}


@dataclass(frozen=True)
class Expectation:
    """One prompt and what its picture has to show; `size` None where the prompt does not say."""

    prompt: str
    shape: str
    colour: str
    background: str
    size: str | None


def grid(count: int = 200) -> list[Expectation]:
    """The fixed prompts: every shape, colour, background and size equally often, no combination twice up to 630."""
    cases = []
    colours = list(COLOURS)
    for index in range(count):
        shape = SHAPES[index % 7]
        colour_index = 3 * index % 10
        # Steps through the nine other colours, one further after each round of the ten.
        background = colours[(colour_index + 1 + (index // 70 + index // 10) % 9) % 10]
        size = (*SIZES, None)[(index + index // 4) % 4]
        thing = " ".join(filter(None, (size, colours[colour_index], shape)))
        prompt = f"{_with_article(thing)} on {_with_article(background)} background"
        cases.append(Expectation(prompt, shape, colours[colour_index], background, size))
    return cases


def _with_article(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase
