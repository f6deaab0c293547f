"""What every reader of transcripts returns: a text, and what the file says of its lines: who speaks, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bwa_study.model.words import has_han


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, cue or row.

    Parameters
    ----------
    words
        What stands in it; it may hold line breaks.
    speaker
        Who says it, where the format has a place for that; empty where it does not say.
    time
        Seconds from the start of the recording; None where there is no stamp.
    bold
        Length of the bold text it begins with.
    aside
        Whether it stands between the turns, as a heading across a table does: nobody says it.
    """

    words: str
    speaker: str = ""
    time: float | None = None
    bold: int = 0
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a turn that the format itself declares: its label, where its words begin, and its time in seconds.

    A head without a label is a line that nobody says.
    """

    label: str
    body: int
    time: float | None = None


@dataclass(frozen=True, slots=True)
class PlainText:
    """The text of a transcript, before its turns are told apart.

    Parameters
    ----------
    text
        A line a paragraph; where the format has a place for the speaker, its lines begin with ``Speaker: ``.
    bold
        By start of a line, the end of the bold text it begins with.
    left_out
        What the file holds besides, for the messages.
    heads
        By start of a line, the speaker that the file declares for it.
    settled
        Whether the file declares all speakers, so that no word at the head of a line is taken for a label.
    notes
        Other remarks on the file.
    """

    text: str
    bold: dict[int, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    heads: dict[int, Head] = field(default_factory=dict)
    settled: bool = False
    notes: tuple[str, ...] = ()


def joined(lines: Iterable[Line], *, left_out: tuple[str, ...] = (), settled: bool = False) -> PlainText:
    """Lines in their order as one text, each on a line of its own.

    Examples
    --------
    >>> found = joined([Line("How?", "Ann", 1.5), Line("Fine.", "Ben")], settled=True)
    >>> found.text
    'Ann: How?\\nBen: Fine.'
    >>> found.heads[0]
    Head(label='Ann', body=5, time=1.5)
    """
    parts: list[str] = []
    bold: dict[int, int] = {}
    heads: dict[int, Head] = {}
    at = 0
    for line in lines:
        label = f"{line.speaker}: " if line.speaker else ""
        if line.speaker:
            heads[at] = Head(line.speaker, at + len(label), line.time)
        elif line.aside:
            heads[at] = Head("", at)
        elif line.bold > 0:
            bold[at] = at + line.bold
        parts.append(label + line.words)
        at += len(parts[-1]) + 1
    return PlainText("\n".join(parts), bold, left_out, heads, settled and bool(heads))


def merged(lines: Iterable[Line]) -> list[Line]:
    """Lines that follow one another by the same speaker as one; a line without a speaker goes on with the one before.

    Examples
    --------
    >>> both = merged([Line("So, we", "Ann", 1.0), Line("began.", "Ann", 2.0), Line("开始", "Li", 3.0), Line("了", "")])
    >>> [(line.speaker, line.words, line.time) for line in both]
    [('Ann', 'So, we began.', 1.0), ('Li', '开始了', 3.0)]
    """
    groups: list[tuple[Line, list[str]]] = []
    for line in lines:
        words = line.words.strip()
        if not words:
            continue
        if groups and line.speaker in ("", groups[-1][0].speaker):
            groups[-1][1].append(words)
        else:
            groups.append((line, [words]))
    return [Line(_run_on(words), first.speaker, first.time) for first, words in groups]


def _run_on(parts: list[str]) -> str:
    out = [parts[0]]
    for part in parts[1:]:
        touching = has_han(out[-1][-1]) or has_han(part[0])
        out.append(part if touching else " " + part)
    return "".join(out)
