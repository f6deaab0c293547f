"""The indicator coder beside its peers, on the same text and patterns, in one process: `make bench-coder`.

The text is the example's interviews, repeated; the patterns are made from its words with a fixed seed (single words,
`word*`, phrases), 500 over 20 codes. Ours goes from text in memory to a table of codings with offsets and quotes; a
peer goes to the number of (segment, code) pairs, which is less work. Slow peers run on a part. Absolute figures move
with the machine: quote the ratios.

    python benchmarks/coder.py                 # 20 MB beside the peers, re-coding, growth over 2 and 20 MB
    python benchmarks/coder.py --large         # growth up to 200 MB
    python benchmarks/coder.py --task task.json --text segments.txt     # {code: [patterns]}, a segment a line
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import bwa_study as bwa
from bwa_study.coding.fast import FastCoder
from bwa_study.model.codebook import Indicator, Polarity
from bwa_study.model.labels import Label
from bwa_study.model.transcripts import Role
from bwa_study.model.words import has_han

ROOT = Path(__file__).resolve().parent.parent
Task = dict[str, list[str]]
SEGMENTS_A_TRANSCRIPT = 200


def example_segments() -> list[str]:
    """Every line of the example's transcripts."""
    study = bwa.load_study(ROOT / "examples" / "ai-work")
    return [line.strip() for t in study.corpus for line in t.text.split("\n") if len(line.strip()) > 3]


def filled(base: list[str], megabytes: float) -> list[str]:
    """The segments again and again up to so many MB of UTF-8."""
    size = sum(len(s.encode()) for s in base)
    out = base * int(megabytes * 1e6 // size)
    rest = megabytes * 1e6 - size * (len(out) // len(base))
    for segment in base:
        if rest <= 0:
            break
        out.append(segment)
        rest -= len(segment.encode())
    return out


def made_task(segments: list[str], patterns: int) -> Task:
    """Words, beginnings and phrases of the text, over 20 codes."""
    rng = random.Random(1)
    words = Counter(w for s in segments for w in re.findall(r"[a-z]{4,}", s.lower()))
    known = sorted(w for w, n in words.items() if n >= 2)
    pairs = sorted({p for s in segments for p in re.findall(r"(?=\b([a-z]{4,} [a-z]{3,})\b)", s.lower())})
    out: dict[str, None] = {}
    while len(out) < patterns:
        word = rng.choice(known)
        kind = rng.random()
        out[rng.choice(pairs) if kind < 0.3 else word if kind < 0.5 else f"{word[: rng.randint(4, 7)]}*"] = None
    listed = list(out)
    return {f"code{n:02}": listed[n::20] for n in range(20)}


def codebook(task: Task) -> bwa.Codebook:
    """A task as a codebook."""
    return bwa.Codebook(
        "task", "1", (), tuple(bwa.Code(id, "", Label(()), indicators=_of(p)) for id, p in task.items())
    )


def _of(patterns: list[str]) -> tuple[Indicator, ...]:
    return tuple(Indicator("zh" if has_han(p) else "en", Polarity.PRESENT, p) for p in patterns)


def corpus(segments: list[str]) -> bwa.Corpus:
    """Segments as turns of respondents."""
    out = []
    for begin in range(0, len(segments), SEGMENTS_A_TRANSCRIPT):
        part, turns, at = segments[begin : begin + SEGMENTS_A_TRANSCRIPT], [], 0
        for n, segment in enumerate(part, start=1):
            turns.append(bwa.Turn(n, "R", Role.RESPONDENT, bwa.Span(at, at + len(segment)), "en"))
            at += len(segment) + 1
        out.append(bwa.Transcript(f"T{begin}", "P", "g", "r", (), "en", "\n".join(part), tuple(turns)))
    return bwa.Corpus(tuple(out))


def regex_source(patterns: list[str]) -> str:
    """Patterns of a code as one regular expression."""
    parts = []
    for p in patterns:
        words = r"\s+".join(re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w) for w in p.split())
        parts.append(re.escape(p) if has_han(p) else rf"\b{words}\b")
    return "(?:" + "|".join(parts) + ")"


def with_re2(task: Task) -> Callable[[list[str]], int]:
    """One google-re2 expression a code."""
    import re2

    compiled = [re2.compile("(?i)" + regex_source(p)) for p in task.values()]
    return lambda segments: sum(1 for s in segments for rx in compiled if rx.search(s))


def with_matcher(task: Task) -> Callable[[list[str]], int]:
    """spaCy's Matcher; a beginning of a word is a REGEX."""
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("en")
    matcher = Matcher(nlp.vocab)
    for code, patterns in task.items():
        rules = []
        for p in patterns:
            words = [p] if has_han(p) else p.split()
            rules.append(
                [{"LOWER": {"REGEX": "^" + re.escape(w[:-1])}} if w.endswith("*") else {"LOWER": w} for w in words]
            )
        matcher.add(code, rules)
    return lambda segments: sum(len({m[0] for m in matcher(doc)}) for doc in nlp.tokenizer.pipe(segments))


def with_lemmas(task: Task) -> Callable[[list[str]], int]:
    """spaCy's PhraseMatcher on lemmas of the lookup lemmatizer; patterns without a star."""
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    matcher = PhraseMatcher(nlp.vocab, attr="LEMMA")
    for code, patterns in task.items():
        matcher.add(code, list(nlp.pipe([p for p in patterns if "*" not in p])))
    return lambda segments: sum(len({m[0] for m in matcher(doc)}) for doc in nlp.pipe(segments))


def with_literals(task: Task) -> Callable[[list[str]], int]:
    """Not a coder: a scan for the literals alone, no borders of words, no offsets kept."""
    from ahocorasick_rs import AhoCorasick

    automaton = AhoCorasick(sorted({p.rstrip("*").lower() for ps in task.values() for p in ps}))
    return lambda segments: sum(len(automaton.find_matches_as_indexes(s.lower(), overlapping=True)) for s in segments)


PEERS = {
    "spaCy Matcher with prefixes": (with_matcher, 0.005),
    "spaCy PhraseMatcher LEMMA": (with_lemmas, 0.05),
    "google-re2": (with_re2, 0.2),
    "literal scan (ahocorasick_rs)": (with_literals, 1.0),
}


def megabytes(segments: list[str]) -> float:
    """Size in MB of UTF-8."""
    return sum(len(s.encode()) for s in segments) / 1e6


def seconds(run: Callable[[], object], times: int = 3) -> float:
    """The fastest of some runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def beside_peers(task: Task, segments: list[str]) -> None:
    """Ours and the peers on one text."""
    size, book, texts = megabytes(segments), codebook(task), corpus(segments)
    count = sum(map(len, task.values()))
    found = len(bwa.apply_codebook(texts, book))
    took = seconds(lambda: bwa.apply_codebook(texts, book))
    ours = size / took
    print(f"{len(segments)} segments, {size:.1f} MB, {count} patterns; {found:,} codings")
    print(f"{'ours':<34}{ours:9.2f} MB/s  {len(segments) / took:10,.0f} segments/s")
    for name, (make, share) in PEERS.items():
        start = time.perf_counter()
        run = make(task)
        setup = time.perf_counter() - start
        part = segments[: max(200, int(len(segments) * share))]
        run(part[:100])
        speed = megabytes(part) / seconds(lambda run=run, part=part: run(part), 2 if share > 0.01 else 1)
        print(f"{name:<34}{speed:9.2f} MB/s  set-up {setup:5.2f} s  ours is {ours / speed:8.2f} times as fast")


def grammar_and_changes(segments: list[str]) -> None:
    """The demo's whole grammar, and coding again after one indicator was changed."""
    size, texts = megabytes(segments), corpus(segments)
    book = bwa.load_codebook(bwa.demo_codebook_path())
    start = time.perf_counter()
    FastCoder(book)
    setup = time.perf_counter() - start
    took = seconds(lambda: bwa.apply_codebook(texts, book))
    patterns = sum(len(c.indicators) for c in book)
    print(f"\nfull grammar, {patterns} patterns: {size / took:.1f} MB/s with the set-up of {setup:.2f} s")
    read = bwa.ReadCorpus(texts)
    read.code(book)
    first, *others = book.codes
    for n in range(3):
        new = Indicator("en", Polarity.PRESENT, f"(never|always) {'very ' * n}(ask*|tell*|told) _2_ (us|me)")
        changed = replace(book, codes=(replace(first, indicators=(*first.indicators[1:], new)), *others))
        start = time.perf_counter()
        read.code(changed)
        print(f"again after one indicator was changed: {time.perf_counter() - start:.2f} s")


def growth(base: list[str], sizes: list[float]) -> None:
    """Cost over text and over patterns."""
    print(f"\n{'':<10}" + "".join(f"{n:>6} patterns" for n in (50, 500, 5000)) + "     (seconds; patterns as above)")
    setups = []
    for size in sizes:
        segments = filled(base, size)
        texts, row = corpus(segments), f"{size:>5.0f} MB  "
        for count in (50, 500, 5000):
            book = codebook(made_task(base, count))
            if size == sizes[0]:
                start = time.perf_counter()
                FastCoder(book)
                setups.append(time.perf_counter() - start)
            row += f"{seconds(lambda t=texts, b=book: bwa.apply_codebook(t, b), 2):15.2f}"
        print(row)
    print("set-up    " + "".join(f"{s:15.2f}" for s in setups))


def peak(segments: list[str], task: Task) -> None:
    """Memory that coding needs beside the text."""
    texts, book = corpus(segments), codebook(task)
    tracemalloc.start()
    bwa.apply_codebook(texts, book)
    most = tracemalloc.get_traced_memory()[1] / 1e6
    print(f"\npeak of memory while {megabytes(segments):.0f} MB are coded: {most:.0f} MB")
    tracemalloc.stop()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=20)
    parser.add_argument("--large", action="store_true", help="growth up to 200 MB")
    parser.add_argument("--task", type=Path, help="patterns by code as JSON")
    parser.add_argument("--text", type=Path, help="a segment a line")
    given = parser.parse_args()
    base = given.text.read_text("utf-8").split("\n") if given.text else example_segments()
    task = json.loads(given.task.read_text("utf-8")) if given.task else made_task(base, 500)
    segments = filled(base, given.mb)
    beside_peers(task, segments)
    grammar_and_changes(segments)
    peak(segments, task)
    growth(example_segments(), [2, 20, 200] if given.large else [2, 20])


if __name__ == "__main__":
    main()
