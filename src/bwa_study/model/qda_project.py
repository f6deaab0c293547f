"""A project of another program for qualitative analysis, as the exchange standard REFI-QDA tells it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bwa_study.model.errors import Problem


@dataclass(frozen=True, slots=True)
class QdaUser:
    """Who worked on the project; `name` is often a person's real name."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class QdaCode:
    """A code, or a folder of codes.

    Parameters
    ----------
    guid, parent
        Its own uuid and that of the code it stands under; `parent` is empty at the top.
    name, description, color
        As the program has them; `color` is ``#RRGGBB``, and what is not given is empty.
    is_codable
        False for a folder, which no passage can be given.
    """

    guid: str
    name: str
    description: str = ""
    color: str = ""
    is_codable: bool = True
    parent: str = ""


@dataclass(frozen=True, slots=True)
class QdaCoding:
    """A code that somebody gave to a selection.

    Parameters
    ----------
    guid, code, user
        Uuids of the coding, its code and who gave it; `user` is empty where the project does not say.
    created
        When, as the file has it (``2018-03-27T19:29:27Z``); empty where it does not say.
    memo
        Notes on the coding or its selection.
    """

    guid: str
    code: str
    user: str = ""
    created: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class QdaSelection:
    """A passage of a text with its codings: half-open, in Unicode code points of `QdaSource.text`."""

    guid: str
    start: int
    end: int
    codings: tuple[QdaCoding, ...] = ()


@dataclass(frozen=True, slots=True)
class QdaSource:
    """A document, picture or recording.

    Parameters
    ----------
    kind
        ``text``, ``pdf``, ``picture``, ``audio`` or ``video``.
    text
        Its plain text; None where there is none, and `why` says why.
    selections
        Passages of the text that stand in it and have a code.
    variables
        Pairs of a variable's name and its value.
    unplaced
        Codings of passages whose text is missing.
    """

    guid: str
    name: str
    kind: str
    text: str | None = None
    why: str = ""
    selections: tuple[QdaSelection, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class QdaCase:
    """A person, place or thing that sources are about, with its variables; `name` is often a person's real name."""

    guid: str
    name: str
    sources: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QdaProject:
    """What a project file holds that a study can use, and a count of everything else in it.

    Parameters
    ----------
    name, origin
        Name of the project, and the program that wrote the file.
    description
        What it says of itself as a whole.
    users, codes, sources, cases
        In the order of the file; codes above those that stand under them.
    left
        Pairs of a kind of thing that does not come over, and how many there are.
    problems
        Warnings: what was left out of the above, each with its uuid.
    """

    name: str
    origin: str
    users: tuple[QdaUser, ...] = ()
    codes: tuple[QdaCode, ...] = ()
    sources: tuple[QdaSource, ...] = ()
    cases: tuple[QdaCase, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    description: str = ""

    @property
    def texts(self) -> tuple[QdaSource, ...]:
        """The sources whose text is there."""
        return tuple(source for source in self.sources if source.text is not None)

    @property
    def codings(self) -> int:
        """Number of codings of passages that stand in their text."""
        return sum(len(selection.codings) for source in self.sources for selection in source.selections)

    @property
    def coding_users(self) -> tuple[str, ...]:
        """Uuids of those who gave codings, in order of first appearance; empty for one who is not named."""
        given = (c.user for source in self.sources for selection in source.selections for c in selection.codings)
        return tuple(dict.fromkeys(given))

    @property
    def kinds(self) -> dict[str, int]:
        """Number of sources by kind, in the order of the file."""
        return dict(Counter(source.kind for source in self.sources))
