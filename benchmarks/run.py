"""Speed and memory of the foundation, as ratios against alternatives run in the same process: `make bench`.

The text is the example's real interviews, repeated; the patterns are the example's. Absolute figures move with the
machine: quote the ratios. Every step is also run at two and four times the data, to see how its cost grows.
"""

from __future__ import annotations

import re
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import bwa_study as bwa
from bwa_study.model.patterns import Choice, Gap, Item, Sequence, Token, parse_pattern
from bwa_study.model.words import sentences

ROOT = Path(__file__).resolve().parent.parent
REPEATS = 3


def best(run: Callable[[], object]) -> float:
    """Seconds of the fastest of three runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def as_regex(sequence: Sequence) -> str:
    """An English pattern as a regular expression over words that are followed by one space."""
    return "".join(_item(item) for item in sequence.items)


def _item(item: Item) -> str:
    if isinstance(item, Token):
        return r"\S*".join(map(re.escape, item.pieces)) + " "
    if isinstance(item, Gap):
        return rf"(?:\S+ ){{0,{item.most}}}"
    assert isinstance(item, Choice)
    return f"(?:{'|'.join(map(as_regex, item.options))})" + ("?" if item.optional else "")


def repeated(corpus: bwa.Corpus, times: int) -> bwa.Corpus:
    """The corpus several times over, under new ids."""
    return bwa.Corpus(tuple(replace(t, id=f"{t.id}-{n}") for n in range(times) for t in corpus))


def megabytes(corpus: Iterable[bwa.Transcript]) -> float:
    """Size of the respondents' words in MB of UTF-8."""
    return sum(len(t.quote(turn.span).encode()) for t in corpus for turn in t.respondent_turns) / 1e6


def with_regular_expressions(corpus: bwa.Corpus, codebook: bwa.Codebook) -> int:
    """What Python's `re` does for the same patterns: one expression a pattern, on every sentence."""
    patterns = [
        re.compile(r"(?:^|(?<= ))" + as_regex(parse_pattern(i.pattern, "en").sequence))
        for c in codebook
        for i in c.indicators
    ]
    found = 0
    for t in corpus:
        for turn in t.respondent_turns:
            for s in sentences(t.text, start=turn.span.start, end=turn.span.end):
                words = re.findall(r"[\w'’-]+", t.text[s.start : s.end].lower())
                line = " ".join(words) + " "
                found += sum(1 for p in patterns if p.search(line))
    return found


def main() -> None:
    """Print the table."""
    study = bwa.load_study(ROOT / "examples" / "ai-work")
    patterns = sum(len(c.indicators) for c in study.codebook)
    print(f"{len(study.corpus)} interviews, {megabytes(study.corpus):.2f} MB of answers, {patterns} patterns\n")
    print(f"{'step':<44}{'x1':>9}{'x2':>9}{'x4':>9}   cost grows as")
    for name, step in (("indicator coder (reference)", code_all), ("matrix and frequency, group x round", count_all)):
        times = [best(step(study, repeated(study.corpus, n))) for n in (1, 2, 4)]
        print(f"{name:<44}" + "".join(f"{t:8.2f}s" for t in times) + f"   n^{growth(times):.2f}")
    ours = best(code_all(study, study.corpus))
    theirs = best(lambda: with_regular_expressions(study.corpus, study.codebook))
    print(f"\nindicator coder: {megabytes(study.corpus) / ours:.2f} MB/s; Python's re on the same patterns: ", end="")
    print(f"{megabytes(study.corpus) / theirs:.2f} MB/s; ratio {theirs / ours:.1f}")
    tracemalloc.start()
    code_all(study, repeated(study.corpus, 4))()
    print(f"peak memory of coding four times the corpus: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")


def code_all(study: bwa.Study, corpus: bwa.Corpus) -> Callable[[], object]:
    """Code a corpus with the study's codebook."""
    return lambda: bwa.apply_codebook(corpus, study.codebook)


def count_all(study: bwa.Study, corpus: bwa.Corpus) -> Callable[[], object]:
    """Make the matrix and the table of an already coded corpus."""
    coded = replace(study, corpus=corpus).with_codings(
        bwa.apply_codebook(corpus, study.codebook), examined_whole="indicators"
    )
    return lambda: bwa.frequency(bwa.matrix(coded), by=("group", "round"))


def growth(times: list[float]) -> float:
    """The exponent k of n^k between one and four times the data."""
    import math

    return math.log(times[-1] / times[0]) / math.log(4)


if __name__ == "__main__":
    main()
