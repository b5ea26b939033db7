# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Reads a picture of flat shapes back: no network, only distances between colours and the geometry of outlines.

    python classify.py PICTURE.png ...

The background is the colour of the border. What differs from it falls into connected regions; each region's colour is
that of its inside, its shape the one whose ideal proportions are nearest: how much of the bounding box and of the
convex hull it fills, how tall it is, how alike its halves are. What is near nothing is called "unclear".
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass

import numpy as np
from PIL import Image

from world import COLOURS, SIZES

#: A colour further than this from all ten is "unclear" (the closest two of the ten are 97 apart).
COLOUR_LIMIT = 60.0
#: Mean difference, in tolerances, beyond which an outline is none of the shapes.
SHAPE_LIMIT = 1.0
#: Regions smaller than this share of the picture are specks.
SPECK = 1 / 400


@dataclass(frozen=True)
class Proportions:
    """What tells outlines apart, each 0…1 or a ratio near 1."""

    extent: float  #: area ÷ area of the bounding box
    solidity: float  #: area ÷ area of the convex hull
    aspect: float  #: height ÷ width of the bounding box
    mirror: float  #: overlap of the outline with its left-right mirror image
    flip: float  #: overlap with its upside-down image
    corners: float  #: share of the four corner squares (a fifth of the box) that is filled
    depth: float  #: height of the centre of mass in the box, 0 at the top


#: A difference this large in every proportion makes 1: a few times what pixels do to an ideal outline.
TOLERANCE = Proportions(extent=0.06, solidity=0.05, aspect=0.12, mirror=0.12, flip=0.10, corners=0.12, depth=0.05)
#: Proportions of the outlines, as pixels show them.
IDEAL = {
    "circle": Proportions(0.79, 0.97, 1.00, 0.98, 0.98, 0.14, 0.50),
    "square": Proportions(1.00, 1.00, 1.00, 1.00, 1.00, 1.00, 0.50),
    "triangle": Proportions(0.51, 0.96, 0.87, 0.98, 0.34, 0.39, 0.66),
    "star": Proportions(0.36, 0.51, 0.95, 0.97, 0.42, 0.01, 0.55),
    "diamond": Proportions(0.51, 0.95, 1.49, 0.98, 0.98, 0.00, 0.50),
    "heart": Proportions(0.63, 0.91, 0.89, 0.98, 0.43, 0.31, 0.39),
    "cross": Proportions(0.56, 0.72, 1.00, 0.99, 0.99, 0.00, 0.50),
}
#: Square root of the area of a shape's bounding box, for radius 1.
UNIT = {"circle": 2.0, "square": 1.8, "triangle": 2.14, "star": 2.26, "diamond": 1.96, "heart": 2.03, "cross": 2.12}


@dataclass(frozen=True)
class Thing:
    """One region: its words, its centre and its radius as shares of the picture's side."""

    shape: str
    colour: str
    size: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Reading:
    """What a picture shows; the largest thing first."""

    background: str
    things: tuple[Thing, ...]


def nearest_colour(rgb: np.ndarray) -> str:
    """The word for an sRGB colour."""
    distances = {name: float(np.linalg.norm(rgb - np.array(value))) for name, value in COLOURS.items()}
    best = min(distances, key=distances.__getitem__)
    return best if distances[best] <= COLOUR_LIMIT else "unclear"


def regions(mask: np.ndarray) -> list[np.ndarray]:
    """The 4-connected regions of a mask, largest first."""
    left, found = mask.copy(), []
    while left.any():
        region = np.zeros_like(mask)
        stack = [tuple(np.argwhere(left)[0])]
        left[stack[0]] = False
        while stack:
            y, x = stack.pop()
            region[y, x] = True
            for ny, nx in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if 0 <= ny < mask.shape[0] and 0 <= nx < mask.shape[1] and left[ny, nx]:
                    left[ny, nx] = False
                    stack.append((ny, nx))
        found.append(region)
    return sorted(found, key=lambda region: -int(region.sum()))


def hull_area(mask: np.ndarray) -> float:
    """Area of the convex hull of a mask's pixels, taken as unit squares."""
    points = set()
    for y in np.flatnonzero(mask.any(1)):
        xs = np.flatnonzero(mask[y])
        points |= {(xs[0], y), (xs[0], y + 1), (xs[-1] + 1, y), (xs[-1] + 1, y + 1)}
    ordered = sorted((int(x), int(y)) for x, y in points)

    def chain(path: list[tuple[int, int]]) -> list[tuple[int, int]]:
        hull: list[tuple[int, int]] = []
        for point in path:
            while len(hull) > 1 and _turn(hull[-2], hull[-1], point) <= 0:
                hull.pop()
            hull.append(point)
        return hull[:-1]

    hull = chain(ordered) + chain(ordered[::-1])
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(hull, hull[1:] + hull[:1]))) / 2


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def cut_out(mask: np.ndarray) -> np.ndarray:
    """The mask within its bounding box."""
    ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return mask[ys[0]:ys[-1] + 1, xs[0]:xs[-1] + 1]


def proportions(mask: np.ndarray) -> Proportions:
    """Measures one region."""
    box = cut_out(mask)
    height, width = box.shape
    area = float(box.sum())

    def overlap(other: np.ndarray) -> float:
        return float((box & other).sum() / (box | other).sum())

    fifth_y, fifth_x = max(1, round(height / 5)), max(1, round(width / 5))
    corners = [box[:fifth_y, :fifth_x], box[:fifth_y, -fifth_x:], box[-fifth_y:, :fifth_x], box[-fifth_y:, -fifth_x:]]
    return Proportions(
        extent=area / box.size, solidity=area / hull_area(box), aspect=height / width,
        mirror=overlap(box[:, ::-1]), flip=overlap(box[::-1]),
        corners=float(np.mean([corner.mean() for corner in corners])),
        depth=float((np.flatnonzero(box.ravel()) // width).mean() + 0.5) / height)


def nearest_shape(measured: Proportions) -> str:
    """The word for an outline."""
    scales = asdict(TOLERANCE)
    values = asdict(measured)

    def difference(ideal: Proportions) -> float:
        return sum(abs(values[key] - wanted) / scales[key] for key, wanted in asdict(ideal).items()) / len(scales)

    best = min(IDEAL, key=lambda shape: difference(IDEAL[shape]))
    return best if difference(IDEAL[best]) <= SHAPE_LIMIT else "unclear"


def read(pixels: np.ndarray) -> Reading:
    """Reads a picture, uint8 [height, width, 3]."""
    picture = pixels.astype(np.float32)
    side = max(picture.shape[:2])
    rim = max(2, side // 42)
    border = np.concatenate([
        picture[:rim].reshape(-1, 3), picture[-rim:].reshape(-1, 3),
        picture[:, :rim].reshape(-1, 3), picture[:, -rim:].reshape(-1, 3)])
    background = np.median(border, 0)
    away = np.linalg.norm(picture - background, axis=2)
    things = []
    for region in regions(away > 45):
        if region.sum() < SPECK * region.size:
            break
        # The inside is what is at least as far from the background as the region's typical pixel, edges left out.
        inside = region & (away >= 0.9 * np.median(away[region]))
        paint = np.median(picture[inside], 0)
        # The outline runs where a pixel is half background, half paint.
        mask = region & (away > 0.5 * np.linalg.norm(paint - background))
        # An outline that the picture's edge cuts off cannot be told.
        whole = not (mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
        shape = nearest_shape(proportions(mask)) if whole else "unclear"
        box = cut_out(mask)
        unit = UNIT.get(shape, 2.0)
        radius = float(np.sqrt(box.size)) / unit / side
        ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        things.append(Thing(
            shape, nearest_colour(paint), min(SIZES, key=lambda size: abs(SIZES[size] - radius)),
            float(xs[0] + xs[-1] + 1) / 2 / picture.shape[1], float(ys[0] + ys[-1] + 1) / 2 / picture.shape[0], radius))
    return Reading(nearest_colour(background), tuple(things))


def read_file(path: str) -> Reading:
    """Reads a picture file."""
    with Image.open(path) as image:
        return read(np.asarray(image.convert("RGB")))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps({"file": name, **asdict(read_file(name))}))
