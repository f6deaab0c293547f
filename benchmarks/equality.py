"""The fast coder beside the reference coder on every text of some folders: not one span may be apart.

    python benchmarks/equality.py FOLDER ...      # and the whole demo study, which takes a quarter of an hour

Transcripts are read as `bwa-study init` reads them, of whatever kind; every turn counts as a respondent's, so that
nothing is left out. Cells of tables that are no transcripts count as turns, too, where they hold a sentence. The
patterns are the demo's and those of `benchmarks/coder.py`. It ends with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from coder import codebook as task_codebook
from coder import example_segments, made_task

import bwa_study as bwa
from bwa_study.coding.reference import IndicatorCoder
from bwa_study.coding.rows import indicator_text
from bwa_study.load.documents import kind_of, read_document
from bwa_study.load.gate import TEXT_KINDS, Rejected, read_source, settle_encoding
from bwa_study.load.pile import look_through
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.survey_tables import TABLE_KINDS, read_survey_table
from bwa_study.load.turns import parse_turns
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn

WORDS_OF_A_SENTENCE = 4
CHARACTERS = 1 << 16
"""Characters of a made transcript."""


def spoken(name: str, text: str, turns: list[tuple[Span, str]]) -> Transcript:
    """A transcript whose turns are all a respondent's."""
    said = tuple(Turn(n, "R", Role.RESPONDENT, span, language) for n, (span, language) in enumerate(turns, start=1))
    return Transcript(name, "P", "g", "r", (), "en", text, said)


def of_folder(folder: Path) -> Iterator[Transcript]:
    """Every transcript of a folder, then the sentences in its tables."""
    pile = look_through(folder)
    for found in pile.transcripts:
        source = read_source(folder / found.path, name=found.path, folder=folder)
        if kind_of(found.path) in TEXT_KINDS:
            source, _ = settle_encoding(source)
        document = read_document(source, part=found.part)
        parsed = parse_turns(
            document.text,
            language=found.fields.get("language", "en"),
            rules=SpeakerRules(),
            bold=document.bold,
            declared=document.heads,
            settled=document.settled,
        )
        turns = [(turn.span, turn.language) for turn in parsed.turns]
        yield spoken(f"{found.path}#{found.part}", document.text, turns or [(Span(0, len(document.text)), "en")])
    spoken_of = {found.path for found in pile.transcripts}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in TABLE_KINDS and name not in spoken_of:
            yield from of_table(path, name)


def of_table(path: Path, name: str) -> Iterator[Transcript]:
    """The sentences of a table's cells."""
    try:
        source = read_source(path, name=name, folder=path.parent)
        table = read_survey_table(settle_encoding(source)[0] if path.suffix in TEXT_KINDS else source)
    except (Rejected, bwa.TableError) as fault:
        print(f"  not read: {fault}")
        return
    cells = [cell for row in table.rows for cell in map(str, row) if is_sentence(cell)]
    text, turns, number = "", [], 0
    for cell in [*cells, None]:
        if turns and (cell is None or len(text) > CHARACTERS):
            yield spoken(f"{name}#{number}", text, turns)
            text, turns, number = "", [], number + 1
        if cell is not None:
            turns.append((Span(len(text), len(text) + len(cell)), "en"))
            text += cell + "\n"


def is_sentence(cell: str) -> bool:
    """Whether a cell holds more than a name or a number."""
    return len(cell.split()) >= WORDS_OF_A_SENTENCE or sum("一" <= c <= "鿿" for c in cell) >= WORDS_OF_A_SENTENCE


def every_pattern() -> bwa.Codebook:
    """The demo's codes, and five hundred patterns made from the example's words: those stand in many texts."""
    demo = bwa.load_codebook(bwa.demo_codebook_path())
    return replace(demo, codes=(*demo.codes, *task_codebook(made_task(example_segments(), 500)).codes))


def proposed(corpus: bwa.Corpus, codebook: bwa.Codebook) -> set[tuple[object, ...]]:
    """What the fast coder proposes."""
    table = bwa.apply_codebook(corpus, codebook).table
    names = ["transcript", "start", "end", "code", "polarity", "indicator", "match_start", "match_end", "time_ref"]
    return set(zip(*(table[name].tolist() for name in names), strict=True))


def expected(corpus: bwa.Corpus, codebook: bwa.Codebook) -> set[tuple[object, ...]]:
    """What the reference coder proposes."""
    coder, out = IndicatorCoder(codebook), set()
    for transcript in corpus:
        for p in coder.proposals(transcript):
            said = indicator_text(p.indicator, negated=p.negated, wish=p.wish)
            place = (transcript.id, p.sentence.start, p.sentence.end)
            out.add((*place, p.code, str(p.polarity), said, p.match.start, p.match.end, p.time_ref))
    return out


def beside(name: str, transcripts: list[Transcript], codebook: bwa.Codebook) -> int:
    """Print and count what is apart."""
    start = time.perf_counter()
    corpus = bwa.Corpus(tuple(transcripts))
    wanted, found = expected(corpus, codebook), proposed(corpus, codebook)
    apart = wanted ^ found
    characters = sum(len(t.text) for t in corpus)
    took = time.perf_counter() - start
    print(
        f"{name}: {len(transcripts)} texts, {characters:,} characters, {len(wanted):,} codings, {len(apart)} apart "
        f"({took:.0f} s)",
        flush=True,
    )
    for one in sorted(apart, key=str)[:5]:
        print("  ", one)
    return len(apart)


def main() -> int:
    """Print what is apart, folder by folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--no-demo", action="store_true", help="leave out the demo study")
    given = parser.parse_args()
    codebook = every_pattern()
    print(f"{sum(len(code.indicators) for code in codebook)} patterns", flush=True)
    apart = sum(beside(folder.name, list(of_folder(folder)), codebook) for folder in given.folders)
    if not given.no_demo:
        apart += beside("demo", list(bwa.demo_study(seed=1, size="full").corpus), codebook)
    return int(bool(apart))


if __name__ == "__main__":
    sys.exit(main())
