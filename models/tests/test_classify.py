# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""The reader of pictures against pictures whose content is known: python -m unittest discover models/tests."""

from __future__ import annotations

import random
import sys
import unittest
from pathlib import Path

import numpy as np

MODELS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(MODELS / "training"), str(MODELS / "check")]
import classify  # noqa: E402
import shapes_data  # noqa: E402
import verdict  # noqa: E402
import world  # noqa: E402


def reads_right(scene: shapes_data.Scene) -> bool:
    """Whether every word about a drawn scene comes back."""
    reading = classify.read(shapes_data.draw(scene))
    if reading.background != scene.background or len(reading.things) != len(scene.things):
        return False
    for thing in scene.things:
        found = min(reading.things, key=lambda other: (other.x * 128 - thing.x) ** 2 + (other.y * 128 - thing.y) ** 2)
        if (found.shape, found.colour) != (thing.shape, thing.colour):
            return False
        if not scene.relation and found.size != (scene.size or "medium"):
            return False
    return True


class ClassifyTests(unittest.TestCase):
    def test_the_check_and_the_training_mean_the_same_by_their_words(self) -> None:
        self.assertEqual(world.COLOURS, shapes_data.COLOURS)
        self.assertEqual(world.SHAPES, shapes_data.SHAPES)
        self.assertEqual({size: round(128 * radius) for size, radius in world.SIZES.items()}, shapes_data.SIZES)

    def test_drawn_pictures_are_read_back(self) -> None:
        rng = random.Random(4)
        scenes = [shapes_data.random_scene(rng) for _ in range(600)]
        wrong = [scene for scene in scenes if not reads_right(scene)]
        self.assertLessEqual(len(wrong), 3, wrong)  # 99.5 %

    def test_noise_and_blobs_are_no_shapes(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (128, 128, 3), dtype=np.uint8)
        self.assertTrue(all(thing.shape == "unclear" for thing in classify.read(noise).things))
        picture = np.full((128, 128, 3), 250, np.uint8)
        y, x = np.mgrid[:128, :128]
        angle = np.arctan2(y - 64, x - 60)
        picture[np.hypot(y - 64, x - 60) < 28 + 12 * np.sin(3 * angle + 1)] = (220, 30, 35)
        reading = classify.read(picture)
        self.assertEqual([(thing.shape, thing.colour) for thing in reading.things], [("unclear", "red")])

    def test_an_empty_picture_has_a_background_only(self) -> None:
        reading = classify.read(np.full((128, 128, 3), (30, 70, 220), np.uint8))
        self.assertEqual(reading, classify.Reading("blue", ()))

    def test_colours_between_the_ten_are_unclear(self) -> None:
        self.assertEqual(classify.nearest_colour(np.array([128, 128, 128])), "unclear")
        for name, value in world.COLOURS.items():
            self.assertEqual(classify.nearest_colour(np.array(value)), name)


class VerdictTests(unittest.TestCase):
    case = world.Expectation("a small red circle on a blue background", "circle", "red", "blue", "small")

    def reading(self, *things: tuple[str, str, str], background: str = "blue") -> classify.Reading:
        return classify.Reading(
            background, tuple(classify.Thing(shape, colour, size, 0.5, 0.5, 0.1) for size, colour, shape in things))

    def test_a_right_picture(self) -> None:
        tally = verdict.Tally()
        self.assertIsNone(tally.add(self.case, self.reading(("small", "red", "circle"))))
        self.assertEqual(tally.share, 1)

    def test_each_wrong_word_counts(self) -> None:
        for wrong in (
            self.reading(("small", "green", "circle")), self.reading(("small", "red", "star")),
            self.reading(("small", "red", "circle"), background="black"), self.reading(),
            self.reading(("small", "red", "circle"), ("small", "red", "circle")), None,
        ):
            tally = verdict.Tally()
            self.assertIsNotNone(tally.add(self.case, wrong))
            self.assertEqual(tally.share, 0)

    def test_size_is_counted_apart(self) -> None:
        tally = verdict.Tally()
        self.assertIn("size", tally.add(self.case, self.reading(("large", "red", "circle"))) or "")
        self.assertEqual((tally.share, tally.right["size"]), (1, 0))

    def test_the_grid_is_balanced_and_never_repeats(self) -> None:
        cases = world.grid(630)
        self.assertEqual(len({(case.shape, case.colour, case.background) for case in cases}), 630)
        self.assertTrue(all(case.colour != case.background for case in cases))
        first = world.grid(200)
        for attribute in ("shape", "colour", "background", "size"):
            counts = [sum(getattr(case, attribute) == value for case in first)
                      for value in {getattr(case, attribute) for case in first}]
            self.assertLessEqual(max(counts) - min(counts), 1, attribute)


if __name__ == "__main__":
    unittest.main()
