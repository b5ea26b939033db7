#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Draws the picture at the top of the README: eight prompts through remote-sample, side by side.

    .triton/venv/bin/python scripts/contact_sheet.py .build/debug/remote-sample docs/images/prompts.png [--url URL]
"""

import argparse
import pathlib
import subprocess
import tempfile

from PIL import Image, ImageDraw, ImageFont

PROMPTS = [
    "a red circle on a blue background",
    "a small yellow star on a purple background",
    "a large green triangle on a white background",
    "a pink heart on a black background",
    "a medium orange diamond on a cyan background",
    "a large white cross on a red background",
    "a blue square on an orange background",
    "a purple star on a yellow background",
]
COLUMNS, SIZE, CAPTION, GAP = 4, 192, 40, 12
PAPER, INK = (255, 255, 255), (60, 60, 60)


def drawn(command, prompt, url):
    """The picture that the command makes of a prompt."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "picture.png")
        arguments = [command, "generate", prompt, "--seed", "7", "--output", str(path), "--quiet"]
        subprocess.run(arguments + (["--url", url] if url else []), check=True, stdout=subprocess.DEVNULL)
        return Image.open(path).convert("RGB").resize((SIZE, SIZE), Image.Resampling.BICUBIC)


def caption_lines(prompt, font):
    """The prompt in as few lines as fit under a picture."""
    lines = [""]
    for word in prompt.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= SIZE:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", help="the built remote-sample")
    parser.add_argument("output", help="the PNG to write")
    parser.add_argument("--url", help="the server; without it each picture starts one")
    options = parser.parse_args()

    rows = -(-len(PROMPTS) // COLUMNS)
    sheet = Image.new(
        "RGB", (COLUMNS * (SIZE + GAP) + GAP, rows * (SIZE + CAPTION + GAP) + GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=12)
    for index, prompt in enumerate(PROMPTS):
        left = GAP + index % COLUMNS * (SIZE + GAP)
        top = GAP + index // COLUMNS * (SIZE + CAPTION + GAP)
        sheet.paste(drawn(options.command, prompt, options.url), (left, top))
        pen.rectangle((left, top, left + SIZE - 1, top + SIZE - 1), outline=(200, 200, 200))
        pen.multiline_text((left, top + SIZE + 4), "\n".join(caption_lines(prompt, font)), INK, font)
    sheet.save(options.output, optimize=True)


if __name__ == "__main__":
    main()
