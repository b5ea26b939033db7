# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Learns a small byte-level BPE in CLIP's file format: vocab.json and merges.txt.

    python bpe.py FOLDER

Ids: 256 byte symbols, the same 256 closing a word (`</w>`), one id a merge, then <|startoftext|> and <|endoftext|>.
Words are split exactly as transformers' CLIPTokenizer splits them, so any text can be encoded; the merges only make
the words of our captions, and a list of other words likely in prompts, short.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

import regex
from transformers import CLIPTokenizer

from shapes_data import caption, random_scene

START, END = "<|startoftext|>", "<|endoftext|>"
MAX_LENGTH = 77
_WORDS = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", regex.IGNORECASE)
#: Words the captions never use but people do: cheap to know, so that they do not fall apart into letters.
OTHER_WORDS = """the and with in of at to from under over next near beside between big tiny huge little bright dark
light grey gray brown picture image drawing photo painting background behind front top bottom middle centre center
corner one two three rectangle round shape object simple flat style color colour blurry noisy""".split()


def byte_symbols() -> dict[int, str]:
    """Byte to printable character, GPT-2's table: printable Latin-1 stands for itself, the rest follow from 256 on."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + n) for n, byte in enumerate(others)}}


def learn_merges(word_counts: Counter[str]) -> list[tuple[str, str]]:
    """Merges the most frequent neighbours, ties in alphabetical order, until every word is one symbol."""
    table = byte_symbols()
    words = []
    for word, count in word_counts.items():
        symbols = [table[byte] for byte in word.encode()]
        symbols[-1] += "</w>"
        words.append((symbols, count))
    merges: list[tuple[str, str]] = []
    while True:
        pairs: Counter[tuple[str, str]] = Counter()
        for symbols, count in words:
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += count
        if not pairs:
            return merges
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for symbols, _ in words:
            at = 0
            while at < len(symbols) - 1:
                if (symbols[at], symbols[at + 1]) == best:
                    symbols[at:at + 2] = ["".join(best)]
                at += 1


def train(folder: Path, captions: int = 4000, seed: int = 7) -> None:
    """Writes vocab.json and merges.txt into the folder."""
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    for _ in range(captions):
        counts.update(_WORDS.findall(caption(random_scene(rng), rng)))
    counts.update(OTHER_WORDS)
    merges = learn_merges(counts)
    # CLIP orders its byte symbols by code point of the table above: printable ones first.
    symbols = list(byte_symbols().values())
    tokens = [*symbols, *(symbol + "</w>" for symbol in symbols), *("".join(pair) for pair in merges), START, END]
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {token: number for number, token in enumerate(tokens)}
    if len(vocabulary) != len(tokens):
        raise ValueError("two merges make the same symbol")
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(folder: Path) -> CLIPTokenizer:
    """The tokenizer as transformers sees it: 77 tokens, padded with the end token like Stable Diffusion 1.x."""
    return CLIPTokenizer(
        str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=MAX_LENGTH,
        bos_token=START, eos_token=END, unk_token=END, pad_token=END)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    train(target)
    tokenizer = load(target)
    print(f"{len(tokenizer)} tokens; an example:", tokenizer.tokenize("a small yellow star on an orange background"))
