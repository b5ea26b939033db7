# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors
"""Writes what transformers' CLIPTokenizer and torch.randn say, for the Swift unit tests to compare with.

    python make_text_and_noise.py TOKENIZER_FOLDER OUTPUT_FOLDER

tokenizer.json: texts and the 77 ids each becomes. randn.json: the first and last values of torch.randn on the CPU.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import unicodedata
from pathlib import Path

import tokenizers
import torch
import transformers

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "training"))
from bpe import load  # noqa: E402
from shapes_data import caption, random_scene  # noqa: E402

SEEDS = (0, 1, 42, 123456789012345, 2**32 - 1, 2**32, 2**63, 2**64 - 1)
SIZES = (1, 2, 5, 8, 15, 16, 17, 24, 31, 32, 33, 100, 1024, 16384)
SHOWN = 24

ODD_TEXTS = [
    "", " ", "   \t\n ", "a", "A", ".", "'", "\"", "-", "</w>", "a</w>", "\u0000", "a\u0000b", "\x7f",
    "\u00ad", "a  red\tcircle\non   a\r\nblue background", "  leading and trailing  ", "RED CIRCLE",
    "Red Circle On Blue", "a red\u00a0circle", "a\u2003red\u3000circle", "a\u200bred", "a\u200dred",
    "a\ufeffred", "\u2028line\u2029paragraph", "red\u0085circle", "red\u000bcircle\u000cblue",
    "red\u001ccircle\u001fblue", "\u180ered", "\u202fred\u205fblue", "it's", "we're", "I've", "they'll",
    "I'd", "I'm", "don't", "IT'S", "WE'RE", "'s", "'S", "''s", "'st", "a'b", "rock'n'roll", "it\u2019s",
    "'twas", "'d'm've", "o'clock's", "s's's", "1", "12", "123", "2026-11-21", "3.14", "1,000,000",
    "v2.51.0", "a1b2c3", "\u0661\u0662\u0663", "½", "²", "Ⅷ", "①", "\u0e51\u0e52", "x²+y²", "10%", "$5",
    "€9", "#1", "a_b", "snake_case_name", "CamelCase", "e-mail@example.org", "!", "!!", "!?!", "...", "…",
    "—", "–", "(red)", "[red]", "{red}", "<red>", "a, b; c: d.", "(a:1.2)", "((red))", "\\(red\\)",
    "red/blue", "red|blue", "red&blue", "red+blue=purple", "~`^", "«red»", "“red”", "‘red’", "¡red!",
    "¿red?", "<|startoftext|>", "<|endoftext|>", "a <|endoftext|> b",
    "<|startoftext|>a red circle<|endoftext|>", "<|end|>", "a<|endoftext|>b", "<|ENDOFTEXT|>",
    " <|endoftext|> <|endoftext|>", "<|endoftext|", "red <|startoftext|>blue", "😀", "😀😀", "a 😀 b",
    "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪", "❤️", "❤", "★", "☆ star ★", "♥ heart", "🔴 circle 🔵", "红色的圆", "蓝色 背景",
    "赤い円", "カタカナ", "ﾊﾝｶｸ", "빨간 원", "한국어", "ｆｕｌｌ ｗｉｄｔｈ", "一二三", "漢字kanji漢字", "красный круг", "КРАСНЫЙ",
    "κόκκινος ΚΎΚΛΟΣ", "ΟΔΟΣ", "ὈΔΥΣΣΕΎΣ", "דיו אדום", "دائرة حمراء", "लाल वृत्त", "วงกลมสีแดง", "வட்டம்",
    "გამარჯობა", "ᲒᲐᲛᲐᲠᲯᲝᲑᲐ", "Ꭰ ꭰ", "ßẞ", "STRASSE Straße", "İstanbul", "ıI", "ŉ", "ǅ", "ﬁ ligature",
    "Å \u212b A\u030a", "café", "cafe\u0301", "CAFÉ", "naïve", "nai\u0308ve", "e\u0301\u0323",
    "e\u0323\u0301", "\u1e9b\u0323", "ñ n\u0303", "\u0301", "a\u0301\u0302\u0303\u0304",
    "Z\u0351\u036b\u0343algo", "\ud7a3", "\u1112\u1161\u11ab", "𝒻𝒶𝓃𝒸𝓎", "𝟘𝟙", "𐐀𐐨", "𓀀", "\U000e0001",
    "\ue000", "\uffff", "\U0010ffff", "\ufffd", "Ａ１", "Ω Ω", "K K", "a" * 200, "red " * 100, "ab " * 37,
    "a b " * 37 + "c", "1" * 90, "😀" * 30, "!" * 120, "é" * 80, " ".join("abcdefgh" * 9), "circles",
    "redcircle", "reddish", "unred", "backgrounds", "starlight", "pinkish-purple", "yellowing", "sm",
    "crosswise",
]


def text_goldens(folder: Path) -> dict:
    """The odd texts above and as many captions as make 260."""
    tokenizer = load(folder)
    rng = random.Random(5)
    texts = list(dict.fromkeys(ODD_TEXTS))
    while len(texts) < 260:
        text = caption(random_scene(rng), rng)
        texts += [text] if text not in texts else []
    cases = []
    for text in texts:
        ids = tokenizer(text, padding="max_length", truncation=True, max_length=77).input_ids
        used = ids.index(tokenizer.eos_token_id) + 1 if tokenizer.eos_token_id in ids else len(ids)
        # The padding is always the end token: keep the file small and say so, but never cut a longer answer.
        while used < len(ids) and any(i != tokenizer.pad_token_id for i in ids[used:]):
            used += 1
        cases.append({"text": text, "ids": ids[:used]})
    return {
        "about": "ids up to and including the last that is not padding; the rest, up to 77, is the pad token",
        "made_by": f"transformers {transformers.__version__} CLIPTokenizer, tokenizers {tokenizers.__version__}, "
                   f"Unicode of Python {unicodedata.unidata_version}",
        "length": 77,
        "pad": tokenizer.pad_token_id,
        "cases": cases,
    }


def noise_goldens() -> dict:
    """First and last values, in full: a float32's shortest decimal that reads back as the same number."""
    cases = []
    for seed in SEEDS:
        for size in SIZES:
            values = torch.randn(size, generator=torch.Generator("cpu").manual_seed(seed)).tolist()
            case = {"seed": str(seed), "count": size, "first": values[:SHOWN]}
            if size > SHOWN:
                case["last"] = values[-SHOWN:]
            cases.append(case)
    # Two calls on one generator: where the stream stands after a first draw.
    for first, second in ((5, 5), (16, 16), (100, 100), (1024, 17), (7, 32)):
        generator = torch.Generator("cpu").manual_seed(42)
        torch.randn(first, generator=generator)
        values = torch.randn(second, generator=generator).tolist()
        cases.append({"seed": "42", "after": first, "count": second, "first": values[:SHOWN],
                      **({"last": values[-SHOWN:]} if second > SHOWN else {})})
    return {
        "about": "torch.randn(count, generator=torch.Generator('cpu').manual_seed(seed)); `after`: values drawn by an "
                 "earlier call on the same generator. Values are float32 printed as the double they equal.",
        "made_by": f"torch {torch.__version__}",
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "cases": cases,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for name, content in (("tokenizer.json", text_goldens(options.tokenizer)), ("randn.json", noise_goldens())):
        text = json.dumps(content, ensure_ascii=True, indent=None, separators=(",", ":"))
        (options.output / name).write_text(text.replace('{"text"', '\n{"text"').replace('{"seed"', '\n{"seed"') + "\n")
        print(name, len(content["cases"]), "cases", len(text) // 1024, "KiB")


if __name__ == "__main__":
    main()
