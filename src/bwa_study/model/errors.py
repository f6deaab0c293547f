"""Errors that say what is wrong, where, and how to mend it.

One class a situation. Files are read to their end and all their problems are raised at once, as a
`ProblemsFound`; a single wrong argument raises one of the small classes below.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]

_SHOWN_LENGTH = 80


def shown(value: object, *, limit: int = _SHOWN_LENGTH) -> str:
    """Text made safe to print: control, bidirectional and other invisible characters are escaped.

    Parameters
    ----------
    value
        Anything; `str(value)` is shown.
    limit
        Longest text in characters; a longer one ends in an ellipsis.

    Examples
    --------
    >>> shown("wor\\u200bker")
    'wor\\\\u200bker'
    """
    text = str(value)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "".join(c if _is_visible(c) else _escaped(c) for c in text)


def _is_visible(char: str) -> bool:
    return char == " " or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`", did you mean 'x'?"` for the nearest known name, or an empty text if none is near.

    Examples
    --------
    >>> did_you_mean("lable", ["label", "theme"])
    ", did you mean 'label'?"
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f", did you mean '{shown(near[0])}'?" if near else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one place.

    Parameters
    ----------
    file
        Path as the user wrote it or relative to the study folder.
    line, column
        Counted from 1; 0 where the file has no lines or the place is the whole file.
    what
        What is wrong, with the value.
    mend
        What to do about it.
    severity
        ``error`` stops the work, ``warning`` is shown, ``note`` informs.
    about
        ``indicator`` where it is about one indicator of a codebook, which the others can do without.
    """

    file: str
    line: int
    column: int
    what: str
    mend: str
    severity: Severity = "error"
    about: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = shown(self.file, limit=400)
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        kind = "" if self.severity == "error" else f"{self.severity}: "
        return f"{place}: {kind}{self.what} — {self.mend}"


class BwaError(Exception):
    """Base of every error a user can meet; the command line turns it into exit code 2."""


class ProblemsFound(BwaError):
    """A file or a study has problems. `.problems` holds all of them in the order of their places."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class CodebookError(ProblemsFound):
    """The codebook file cannot be used."""


class StudyFileError(ProblemsFound):
    """`study.yaml` cannot be used."""


class TableError(ProblemsFound):
    """A table (manifest, factories, codings) cannot be used."""


class ProjectError(ProblemsFound):
    """A project file of another program cannot be used."""


class UnknownName(BwaError):
    """A code, theme, group, round, site, column or option that does not exist."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        names = list(known)
        hint = did_you_mean(str(name), names)
        listed = ", ".join(map(shown, names[:30])) + (" …" if len(names) > 30 else "")
        super().__init__(f"unknown {kind} '{shown(name)}'{hint} — known: {listed or 'none'}")


class SeveralCoders(BwaError):
    """A statistic for one coder was given the codings of several, which would double the denominator."""

    def __init__(self, verb: str, coders: Sequence[str]) -> None:
        super().__init__(
            f"{verb} needs one coder, this matrix has {len(coders)} ({', '.join(map(shown, coders))}) — "
            f'choose one with matrix.select(coder="{shown(coders[0])}") '
            'or merge them with consensus(matrix, rule="majority")'
        )


class TooFewCoders(BwaError):
    """Agreement was asked of fewer than two coders."""

    def __init__(self, verb: str, coders: Sequence[str]) -> None:
        found = ", ".join(map(shown, coders)) or "none"
        super().__init__(
            f"{verb} needs two coders or more, found {len(set(coders))} ({found}) — "
            "name two in matrix(study, coders=[...])"
        )


class NoCodebook(BwaError):
    """Codes were asked for in a study that has no codebook."""

    def __init__(self, study: str) -> None:
        super().__init__(
            f"study '{shown(study)}' has no codebook, so there are no codes to give or to count — "
            "write one (docs/codebook.md) and name it as 'codebook' in study.yaml"
        )


class NoCodings(BwaError):
    """There is nothing to count: no coder has examined any unit."""


class WrongUnit(BwaError):
    """A count was asked for that the matrix' unit is too coarse to give."""


class WrongCall(BwaError, ValueError):
    """Options that do not go together, or say nothing."""
