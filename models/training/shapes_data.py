# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The made-up world the model lives in: flat pictures and the captions that go with them.

A scene is a background colour and one or two objects. `draw` renders it antialiased (every edge is drawn four times
larger and averaged down), `caption` says it in English. Both depend only on the random generator they are given.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

IMAGE_SIZE = 128
SUPERSAMPLING = 4

#: Name to sRGB. Any two are at least 85 apart in RGB, so that a picture can be read back by distance.
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
#: Size word to the radius in pixels that `outline` is scaled by.
SIZES = {"small": 19.0, "medium": 29.0, "large": 41.0}
#: Relation to the centres of the first and the second object.
RELATIONS = {
    "left of": ((34, 64), (94, 64)),
    "right of": ((94, 64), (34, 64)),
    "above": ((64, 34), (64, 94)),
    "below": ((64, 94), (64, 34)),
}
PAIR_RADIUS = 22.0


@dataclass(frozen=True)
class Thing:
    """One object: what it is, where its bounding box is centred and how large it is (pixels)."""

    shape: str
    colour: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Scene:
    """A background, its objects, and the words the caption may use about them."""

    background: str
    things: tuple[Thing, ...]
    size: str | None = None
    relation: str | None = None


def outline(shape: str) -> list[tuple[float, float]]:
    """The polygon of a shape around the origin, y pointing down, for radius 1; bounding box centred."""
    if shape == "circle":
        points = [(math.cos(a), math.sin(a)) for a in np.linspace(0, 2 * math.pi, 180, endpoint=False)]
    elif shape == "square":
        points = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    elif shape == "triangle":
        points = [(0, -1.0), (1.15, 1.0), (-1.15, 1.0)]
    elif shape == "star":
        points = []
        for corner in range(10):
            reach = 1.22 if corner % 2 == 0 else 0.49
            angle = -math.pi / 2 + corner * math.pi / 5
            points.append((reach * math.cos(angle), reach * math.sin(angle)))
    elif shape == "diamond":
        points = [(0, -1.2), (0.8, 0), (0, 1.2), (-0.8, 0)]
    elif shape == "heart":
        points = []
        for t in np.linspace(0, 2 * math.pi, 200, endpoint=False):
            x = 16 * math.sin(t) ** 3
            y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
            points.append((x / 15, -y / 15))
    elif shape == "cross":
        a, b = 0.36, 1.06
        points = [(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a),
                  (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a)]
    else:
        raise ValueError(f"unknown shape {shape!r}; known: {', '.join(SHAPES)}")
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return [(x - middle_x, y - middle_y) for x, y in points]


_OUTLINES = {shape: outline(shape) for shape in SHAPES}


def draw(scene: Scene, size: int = IMAGE_SIZE) -> np.ndarray:
    """Renders a scene: uint8, shape [size, size, 3]."""
    large = size * SUPERSAMPLING
    scale = large / IMAGE_SIZE
    image = Image.new("RGB", (large, large), COLOURS[scene.background])
    pen = ImageDraw.Draw(image)
    for thing in scene.things:
        pen.polygon(
            [((thing.x + px * thing.radius) * scale, (thing.y + py * thing.radius) * scale)
             for px, py in _OUTLINES[thing.shape]],
            fill=COLOURS[thing.colour])
    return np.asarray(image.reduce(SUPERSAMPLING))


def random_scene(rng: random.Random, pair_share: float = 0.28) -> Scene:
    """A scene with one object, or with two in `pair_share` of the cases."""
    background = rng.choice(list(COLOURS))
    paints = [name for name in COLOURS if name != background]
    if rng.random() < pair_share:
        relation = rng.choice(list(RELATIONS))
        things = tuple(
            Thing(rng.choice(SHAPES), rng.choice(paints), x + rng.uniform(-3, 3), y + rng.uniform(-3, 3),
                  PAIR_RADIUS * rng.uniform(0.94, 1.06))
            for x, y in RELATIONS[relation])
        return Scene(background, things, relation=relation)
    size = rng.choice(list(SIZES))
    thing = Thing(rng.choice(SHAPES), rng.choice(paints), 64 + rng.uniform(-7, 7), 64 + rng.uniform(-7, 7),
                  SIZES[size] * rng.uniform(0.95, 1.05))
    # Without a word for it, a thing is of medium size.
    return Scene(background, (thing,), size=None if size == "medium" and rng.random() < 0.5 else size)


def article(phrase: str) -> str:
    """The phrase with "a" or "an" before it."""
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def caption(scene: Scene, rng: random.Random | None = None) -> str:
    """Says what is in the picture. Without `rng` in the usual words; with it, now and then in others."""
    phrases = [f"{thing.colour} {thing.shape}" for thing in scene.things]
    if scene.size:
        phrases[0] = f"{scene.size} {phrases[0]}"
    style = rng.random() if rng else 0.0
    with_articles = [article(phrase) for phrase in phrases]
    spoken = with_articles if style < 0.9 else phrases
    subject = f" {scene.relation} ".join(spoken) if scene.relation else spoken[0]
    if style < 0.75:
        return f"{subject} on {article(scene.background)} background"
    if style < 0.9:
        return f"{subject} on {scene.background}"
    return f"{subject}, {scene.background} background"
