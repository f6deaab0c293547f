"""The indicator coder beside its peers, on the same text and patterns, in one process: `make bench-coder`.

The text is the example's interviews, repeated; the patterns are made from its words with a fixed seed (single words,
`word*`, phrases), 500 over 20 codes. Ours goes from text in memory to a table of codings with offsets and quotes; a
peer goes to the number of (segment, code) pairs, which is less work. Slow peers run on a part. Seconds are processor
time of this process (all of them use one core), medians, ours and the peers in turn; absolute figures move with the
machine: quote the ratios.

    python benchmarks/coder.py                 # 20 MB beside the peers, re-coding, growth over 2 and 20 MB
    python benchmarks/coder.py --large         # growth up to 200 MB, which is streamed from Parquet
    python benchmarks/coder.py --task task.json --text segments.txt     # {code: [patterns]}, a segment a line
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
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
from bwa_study.model.patterns import parse_pattern
from bwa_study.model.transcripts import Role
from bwa_study.model.words import has_han

ROOT = Path(__file__).resolve().parent.parent
Task = dict[str, list[str]]
SEGMENTS_A_TRANSCRIPT = 200
ROUNDS = 5


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


def once(run: Callable[[], object]) -> float:
    """Processor seconds of one run."""
    start = time.process_time()
    run()
    return time.process_time() - start


def seconds(run: Callable[[], object], times: int = 3) -> float:
    """Processor seconds, the median of some runs."""
    return statistics.median(once(run) for _ in range(times))


def beside_peers(task: Task, segments: list[str]) -> None:
    """Ours and the peers on one text."""
    size, book, texts = megabytes(segments), codebook(task), corpus(segments)
    count = sum(map(len, task.values()))
    found = len(bwa.apply_codebook(texts, book))
    runs: dict[str, tuple[Callable[[], object], float]] = {"ours": (lambda: bwa.apply_codebook(texts, book), size)}
    setups = {"ours": once(lambda: FastCoder(book))}
    for name, (make, share) in PEERS.items():
        start = time.process_time()
        run = make(task)
        setups[name] = time.process_time() - start
        part = segments[: max(200, int(len(segments) * share))]
        run(part[:100])
        runs[name] = (lambda run=run, part=part: run(part), megabytes(part))
    took: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, (run, part_size) in runs.items():
            took[name].append(once(run) / part_size)
    speeds = {name: 1 / statistics.median(all_of) for name, all_of in took.items()}
    print(f"{len(segments)} segments, {size:.1f} MB, {count} patterns; {found:,} codings")
    for name, speed in speeds.items():
        ratio = "" if name == "ours" else f"ours is {speeds['ours'] / speed:8.2f} times as fast"
        print(f"{name:<34}{speed:9.2f} MB/s  set-up {setups[name]:5.2f} s  {ratio}")
    print(f"ours: {speeds['ours'] * len(segments) / size:,.0f} segments/s")


def grammar_and_changes(segments: list[str]) -> None:
    """The demo's whole grammar, and coding again after one indicator was changed."""
    size, texts = megabytes(segments), corpus(segments)
    book = bwa.load_codebook(bwa.demo_codebook_path())
    setup = once(lambda: FastCoder(book))
    took = seconds(lambda: bwa.apply_codebook(texts, book), ROUNDS)
    patterns = sum(len(c.indicators) for c in book)
    print(f"\nfull grammar, {patterns} patterns: {size / took:.1f} MB/s with its set-up of {setup:.2f} s")
    large = thousands(book, 5000)
    parse_pattern.cache_clear()
    print(f"set-up of 5,000 patterns of that grammar, with reading them: {once(lambda: FastCoder(large)):.2f} s")
    read = bwa.ReadCorpus(texts)
    read.code(book)
    first, *others = book.codes
    again = []
    for n in range(5):
        new = Indicator("en", Polarity.PRESENT, f"(never|always) {'very ' * n}(ask*|tell*|told) _2_ (us|me)")
        changed = replace(book, codes=(replace(first, indicators=(*first.indicators[1:], new)), *others))
        again.append(once(lambda changed=changed: read.code(changed)))
    print(f"again after one indicator was changed: {min(again):.2f} to {max(again):.2f} s")


def thousands(book: bwa.Codebook, count: int) -> bwa.Codebook:
    """So many patterns: those of the codebook, then each with one more word at its end, and so on."""
    owned = [(n, i) for n, code in enumerate(book.codes) for i in code.indicators]
    listed: list[list[Indicator]] = [[] for _ in book.codes]
    for at in range(count):
        n, indicator = owned[at % len(owned)]
        more = at // len(owned)
        end = "" if not more else f" more{more}" if indicator.language == "en" else "甲乙丙丁"[more]
        listed[n].append(replace(indicator, pattern=indicator.pattern + end))
    codes = (replace(code, indicators=tuple(listed[n])) for n, code in enumerate(book.codes))
    return replace(book, codes=tuple(codes))


def streamed(texts: bwa.Corpus, books: dict[int, bwa.Codebook]) -> list[float]:
    """Seconds to code a corpus from Parquet to Parquet, with each codebook."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "corpus.parquet"
        bwa.write_corpus(texts, source)
        return [
            once(lambda b=book, n=count: bwa.code_parquet(source, b, Path(folder) / f"out{n}"))
            for count, book in books.items()
        ]


def growth(base: list[str], sizes: list[float]) -> None:
    """Cost over text and over patterns; what is larger than 20 MB is streamed from Parquet."""
    counts = (50, 500, 5000)
    books = {count: codebook(made_task(base, count)) for count in counts}
    print(f"\n{'':<10}" + "".join(f"{n:>6} patterns" for n in counts) + "     (seconds; patterns as above)")
    for size in sizes:
        texts = corpus(filled(base, size))
        if size > 20:
            found = streamed(texts, books)
        else:
            found = [seconds(lambda b=b, t=texts: bwa.apply_codebook(t, b)) for b in books.values()]
        print(f"{size:>5.0f} MB  " + "".join(f"{took:15.2f}" for took in found), flush=True)
    print("set-up    " + "".join(f"{once(lambda b=book: FastCoder(b)):15.2f}" for book in books.values()))


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
