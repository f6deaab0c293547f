"""Combinations of conditions, written as in the literature: ``*`` and, ``+`` or, ``~`` not, ``X{2}`` a level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bwa_study.model.errors import UnknownName, WrongCall, shown

Floats = npt.NDArray[np.float64]

_LITERAL = re.compile(r"(~?)\s*([A-Za-z0-9][A-Za-z0-9._\- ]*?)\s*(?:\{(\d+)\})?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A condition (``openness``), its negation (``~openness``), or one of its levels (``mode{2}``)."""

    name: str
    negated: bool = False
    level: int | None = None

    def __str__(self) -> str:
        level = "" if self.level is None else f"{{{self.level}}}"
        return f"{'~' if self.negated else ''}{self.name}{level}"

    def membership(self, scores: Mapping[str, Floats]) -> Floats:
        """Membership of every case, 0 to 1; NaN where the condition could not be classified."""
        x = scores[self.name]
        if self.level is not None:
            x = np.where(np.isnan(x), np.nan, (x == self.level).astype(float))
        return 1 - x if self.negated else x


Term = tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """An or of ands of conditions.

    A case's membership in an and is the smallest of its memberships in the parts, in an or the largest (Zadeh 1965).
    It is NaN where any part is NaN: a case that cannot be classified in one condition is left out, not guessed.

    Examples
    --------
    >>> one = Expression.parse("oversight*~shock + openness", ["oversight", "openness", "shock"])
    >>> str(one), one.names
    ('oversight*~shock + openness', ('oversight', 'shock', 'openness'))
    >>> cases = {"oversight": np.array([1, 0.8]), "openness": np.array([0, 0.3]), "shock": np.array([0, 0.4])}
    >>> one.membership(cases).tolist()
    [1.0, 0.6]
    """

    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str, names: Iterable[str]) -> Expression:
        """Read an expression.

        Raises
        ------
        WrongCall
            If it is not of this form, or holds a condition and its negation, or one thing twice.
        UnknownName
            If a condition does not exist.
        """
        known = list(names)
        terms = []
        for part in text.split("+"):
            literals = tuple(_literal(word, text, known) for word in part.split("*"))
            _check_once(literals, text, "and")
            terms.append(literals)
        if all(len(term) == 1 for term in terms) and len(terms) > 1:
            _check_once(tuple(term[0] for term in terms), text, "or")
        return cls(tuple(terms))

    @classmethod
    def conjunction(cls, literals: Iterable[Literal]) -> Expression:
        """The and of some literals."""
        return cls((tuple(literals),))

    @classmethod
    def disjunction(cls, literals: Iterable[Literal]) -> Expression:
        """The or of some literals."""
        return cls(tuple((one,) for one in literals))

    def __str__(self) -> str:
        return " + ".join("*".join(map(str, term)) for term in self.terms)

    @property
    def kind(self) -> str:
        """``single``, ``negated``, ``and``, ``or``, or ``mixed``."""
        if len(self.terms) > 1:
            return "or" if all(len(term) == 1 for term in self.terms) else "mixed"
        if len(self.terms[0]) > 1:
            return "and"
        return "negated" if self.terms[0][0].negated else "single"

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the conditions in it, in order."""
        return tuple(dict.fromkeys(one.name for term in self.terms for one in term))

    def membership(self, scores: Mapping[str, Floats]) -> Floats:
        """Membership of every case, 0 to 1; NaN where one of its conditions could not be classified."""
        each = [np.minimum.reduce([one.membership(scores) for one in term]) for term in self.terms]
        return np.asarray(np.maximum.reduce(each), dtype=np.float64)


def _literal(word: str, text: str, known: list[str]) -> Literal:
    found = _LITERAL.match(word.strip())
    if not found:
        raise WrongCall(
            f"expression '{shown(text)}': '{shown(word.strip())}' is no condition — write conditions with * (and), "
            "+ (or), ~ (not), such as oversight*~shock"
        )
    if found[2] not in known:
        raise UnknownName("condition", found[2], known)
    return Literal(found[2], bool(found[1]), None if found[3] is None else int(found[3]))


def _check_once(literals: Term, text: str, how: str) -> None:
    for n, one in enumerate(literals):
        if one in literals[:n]:
            raise WrongCall(f"expression '{shown(text)}' names '{one}' twice — leave one out")
        if Literal(one.name, not one.negated, one.level) in literals[:n]:
            always = "always true" if how == "or" else "never true of a crisp case"
            raise WrongCall(f"expression '{shown(text)}' holds '{one.name}' and its negation, which is {always}")
