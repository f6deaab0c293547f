"""What was coded in a study: its codings tables, the record of examined turns, and the coding log, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bwa_study.load.coding_places import place_problems
from bwa_study.load.codings_files import EXAMINED_FILE, codings_of_study, read_codings, read_examined
from bwa_study.load.gate import Source
from bwa_study.model.codebook import Codebook
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import Problem, shown
from bwa_study.model.events import Event, Standing, fold


@dataclass(frozen=True, slots=True)
class CodedFiles:
    """What there is of a study's coding.

    Parameters
    ----------
    tables
        Codings tables.
    examined
        The record of examined turns, if there is one.
    events
        Of the coding log; `log` is how messages call it.
    folder
        How messages call the folder of the tables.
    """

    tables: Sequence[Source]
    examined: Source | None = None
    events: Sequence[Event] = ()
    log: str = ""
    folder: str = ""


def read_coded(
    files: CodedFiles, codebook: Codebook, corpus: Corpus, sites: Sequence[str], withdrawn: frozenset[str]
) -> tuple[Codings, Examined, list[Problem]]:
    """Codings and examined turns of all coders, and what is wrong with them.

    A coding that the log knows counts as the log has it, even where a table holds it too: a table may be an older copy.
    Words that are coded in the log were read.
    """
    codings, problems = read_codings(files.tables, codebook, corpus, withdrawn)
    examined = Examined()
    if files.examined is not None:
        examined, more = read_examined(files.examined, corpus, withdrawn)
        problems += more
    for coder in codings.coders:
        if coder not in examined.turns:
            what = f"nothing says which turns '{shown(coder)}' has examined"
            mend = f"list them in {EXAMINED_FILE}; until then only transcripts with a coding count as examined"
            problems.append(Problem(files.folder, 0, 0, what, mend, "warning"))
    problems += place_problems(codings, examined, corpus, sites, folder=files.folder)
    if not files.events:
        return codings, examined, problems
    events, more = _on_their_text(files.events, corpus, withdrawn, files.log)
    problems += more
    standing = fold(events)
    logged, more = _logged(standing, codebook, corpus, withdrawn, files.log)
    problems += more
    read = joined_examined(standing.tables()[1], turns_coded(logged, corpus))
    problems += place_problems(logged, read, corpus, sites, folder=files.log)
    known = fold(files.events).known
    older = codings.where(lambda one: True) if not known else Codings(codings.table[~codings.table["id"].isin(known)])
    return Codings.joined([older, logged]), joined_examined(examined, read), problems


def _on_their_text(
    events: Iterable[Event], corpus: Corpus, withdrawn: frozenset[str], log: str
) -> tuple[list[Event], list[Problem]]:
    """Events without marks of turns that were made on another text, or in interviews that are not there."""
    digests = {t.id: t.digest for t in corpus}
    kept, changed = [], []
    for event in events:
        if not event.about_turns or event.text_digest in ("", digests.get(event.transcript, "")):
            kept.append(event)
        elif event.transcript not in withdrawn:
            changed.append(event)
    kept = [e for e in kept if not e.about_turns or e.transcript in digests]
    if not changed:
        return kept, []
    what = f"{len(changed)} marks of examined turns were made on another text"
    mend = "the transcript was changed: restore it, or look at these turns again; they do not count as examined"
    return kept, [Problem(log, 0, 0, f"{what} (transcripts {_few(e.transcript for e in changed)})", mend, "warning")]


def _few(names: Iterable[str]) -> str:
    return shown(", ".join(dict.fromkeys(names)), limit=200)


def _logged(
    standing: Standing, codebook: Codebook, corpus: Corpus, withdrawn: frozenset[str], log: str
) -> tuple[Codings, list[Problem]]:
    """The log's codings that stand on this study's texts and codes, and what is wrong with the others."""
    if not standing.codings:
        return Codings.empty(), []
    frame = Codings(standing.frame()).frame
    frame.index = frame.index * 0  # the log has no lines: messages name it alone
    codings, problems = codings_of_study(frame, log, codebook, corpus, withdrawn)
    mends = {"they are left out; delete these rows": "they are left out of everything"}
    return codings, [replace(p, mend=mends.get(p.mend, p.mend)) for p in problems]


def turns_coded(codings: Codings, corpus: Corpus) -> Examined:
    """The turns on which codings stand, by coder: whoever codes words has read them."""
    turns: dict[str, dict[str, frozenset[int] | None]] = {}
    for one in codings:
        numbers = {t.number for t in corpus[one.transcript].turns if t.span.start < one.end and one.start < t.span.end}
        of_coder = turns.setdefault(one.coder, {})
        of_coder[one.transcript] = frozenset(numbers | (of_coder.get(one.transcript) or frozenset()))
    return Examined(turns)


def joined_examined(one: Examined, other: Examined) -> Examined:
    """What either record says was read, on the first day that either knows.

    Examples
    --------
    >>> joined_examined(Examined({"a": {"t": frozenset({1})}}), Examined({"a": {"t": frozenset({2}), "u": None}})).turns
    {'a': {'t': frozenset({1, 2}), 'u': None}}
    """
    turns: dict[str, dict[str, frozenset[int] | None]] = {c: dict(read) for c, read in one.turns.items()}
    for coder, read in other.turns.items():
        of_coder = turns.setdefault(coder, {})
        for transcript, numbers in read.items():
            before = of_coder.get(transcript, frozenset())
            of_coder[transcript] = None if before is None or numbers is None else before | numbers
    dates: dict[str, dict[str, str]] = {coder: dict(days) for coder, days in one.dates.items()}
    for coder, days in other.dates.items():
        of = dates.setdefault(coder, {})
        of.update({transcript: min(day, of.get(transcript, day)) for transcript, day in days.items()})
    return Examined(turns, dates)
