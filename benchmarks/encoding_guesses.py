"""How often the encoding of a text is found, by its length: made of the demo's sentences and of real traditional text.

    python benchmarks/encoding_guesses.py

A text is cut at random from joined sentences, encoded, and guessed. `right` reads the same text back; `asked` is the
error that asks; `wrong` reads something else.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bwa_study.load.gate import Rejected, Source, decode, settle_encoding

ROOT = Path(__file__).parents[1]
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 256, 1024)
RUNS = 1000
WESTERN = [
    "Désolé, le directeur n’est pas venu à l’usine depuis l’été dernier, et personne ne sait où il est allé.",
    "Die Fabrik hat größere Räume für die Schulung bekommen; natürlich fängt sie früh an.",
    "El señor de la línea dice que la fábrica no pagó las horas extras de la mañana, ¿verdad?",
    "“We don’t know,” she said – it’s about £20 or €25 a month…",
    "A pessoa não quis falar sobre a situação no chão de fábrica, mas a reunião foi às três.",
    "Över hälften fick lön på måndag, och några väntar på att få övertid.",
]


def simplified() -> list[str]:
    """The Chinese sentences of the demo study."""
    texts = (ROOT / "src/bwa_study/demo/texts").glob("*.yaml")
    return [s for f in sorted(texts) for s in re.findall(r'"([^"]*[一-鿿][^"]*)"', f.read_text(encoding="utf-8"))]


def traditional() -> list[str]:
    """Sentences of public meetings in traditional script."""
    return (ROOT / "tests/data/archive_tw/lines.txt").read_text(encoding="utf-8").splitlines()


def guess(text: str, encoding: str) -> str:
    """``right``, ``asked`` or ``wrong`` for a text in an encoding."""
    try:
        source, _ = settle_encoding(Source("t.txt", text.encode(encoding), ""))
    except Rejected:
        return "asked"
    return "right" if decode(source) == text else "wrong"


def cuts(sentences: list[str], length: int, encoding: str, *, runs: int, seed: int = 1) -> Iterator[str]:
    """Random cuts of joined sentences that are not ASCII and can be written in the encoding."""
    rng = random.Random(f"{seed}-{length}-{encoding}")
    while runs:
        text = "\n".join(rng.choices(sentences, k=2 + length // 10))
        start = rng.randrange(max(1, len(text) - length))
        text = text[start : start + length].replace("\n\n", "\n")
        text = text.encode(encoding, errors="ignore").decode(encoding)
        if not text.isascii():
            runs -= 1
            yield text


def main() -> None:
    """Print the table."""
    kinds = (
        ("simplified, GB18030", simplified(), "gb18030"),
        ("traditional, GB18030", traditional(), "gb18030"),
        ("traditional, Big5", traditional(), "big5"),
        ("traditional, cp950", traditional(), "cp950"),
        ("traditional, Big5-HKSCS", traditional(), "big5hkscs"),
        ("Western European, cp1252", WESTERN, "cp1252"),
        ("simplified, UTF-8", simplified(), "utf-8"),
        ("Western European, UTF-8", WESTERN, "utf-8"),
    )
    print("| text | characters | right | asked | wrong |\n|---|---|---|---|---|")
    for name, sentences, encoding in kinds:
        for length in LENGTHS:
            runs = RUNS if length < 100 else RUNS // 5
            counts = Counter(guess(text, encoding) for text in cuts(sentences, length, encoding, runs=runs))
            shares = " | ".join(f"{100 * counts[k] / runs:.1f}%" for k in ("right", "asked", "wrong"))
            print(f"| {name} | {length} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
