"""Unit x code x coder, units without any code included: the one thing every analysis reads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.model.codings import TIME_REFS, Codings, Placed
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import NoCodebook, NoCodings, SeveralCoders, UnknownName
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript, Turn

Unit = Literal["interview", "turn"]
UNITS: tuple[Unit, ...] = ("interview", "turn")
STATES = ("not mentioned", "present", "absent", "both", "not asked", "not examined")

Flags = npt.NDArray[np.bool_]
_Key = tuple[str, int, str]


_OTHERS = "codings by another version of the codebook"


@dataclass(frozen=True, eq=False)
class CodingMatrix:
    """What each coder said of each unit and code.

    Parameters
    ----------
    unit
        ``turn`` (a respondent's turn) or ``interview``.
    units
        A row a unit and site: transcript, turn (0 when the unit is the interview), site, participant, group,
        round, language. A unit that speaks of several sites has a row for each; ``site`` is empty for what an
        interview about several sites says of none in particular.
    codes, coders
        Ids along the last and the first axis.
    present, absent
        Arrays coder x unit row x code: whether the coder gave the code with that polarity.
    examined
        Array coder x unit row: whether the coder read the unit (an interview: all of it).
    asked
        Array unit row x code: whether the guide asked about it and the group can speak of it.
    study
        Where the units come from.
    codings
        The codings that were counted.
    provenance
        Coder, codebook version, unit and the choices made.
    """

    unit: Unit
    units: pd.DataFrame
    codes: tuple[str, ...]
    coders: tuple[str, ...]
    present: Flags = field(repr=False)
    absent: Flags = field(repr=False)
    examined: Flags = field(repr=False)
    asked: Flags = field(repr=False)
    study: Study = field(repr=False)
    codings: Codings = field(repr=False)
    provenance: Mapping[str, str] = field(default_factory=dict)

    def select(self, *, coder: str) -> CodingMatrix:
        """The matrix of one coder.

        Raises
        ------
        UnknownName
            If the matrix has no such coder.
        """
        if coder not in self.coders:
            raise UnknownName("coder", coder, self.coders)
        at = [self.coders.index(coder)]
        codings = self.codings.select(coder=coder) if coder in self.codings.coders else Codings.empty()
        return replace(
            self,
            coders=(coder,),
            present=self.present[at],
            absent=self.absent[at],
            examined=self.examined[at],
            codings=codings,
            provenance={
                **{name: value for name, value in self.provenance.items() if name != _OTHERS},
                "coder": coder,
                **_codebook_used(self.study, codings),
            },
        )

    def states(self, coder: str | None = None) -> npt.NDArray[np.int8]:
        """Array unit row x code of indices into `STATES`, for one coder (the only one by default).

        Raises
        ------
        SeveralCoders
            If no coder is given and the matrix has several.
        UnknownName
            If the matrix has no such coder.
        """
        if coder is None and len(self.coders) > 1:
            raise SeveralCoders("states", self.coders)
        if coder is not None and coder not in self.coders:
            raise UnknownName("coder", coder, self.coders)
        at = 0 if coder is None else self.coders.index(coder)
        return cell_states(self.present[at], self.absent[at], self.asked, self.examined[at])

    @property
    def frame(self) -> pd.DataFrame:
        """The long form: the columns of `units`, then coder, code, state; a row a cell, empty ones too."""
        parts = []
        for coder in self.coders:
            states = self.states(coder)
            part = self.units.loc[self.units.index.repeat(len(self.codes))].reset_index(drop=True)
            part["coder"] = coder
            part["code"] = np.tile(np.array(self.codes, dtype=object), len(self.units))
            part["state"] = pd.Categorical(np.array(STATES, dtype=object)[states.ravel()], categories=list(STATES))
            parts.append(part)
        return pd.concat(parts, ignore_index=True) if parts else self.units.assign(coder="", code="", state="")


def cell_states(present: Flags, absent: Flags, asked: Flags, examined: Flags) -> npt.NDArray[np.int8]:
    """The state of each cell as an index into `STATES`.

    What was said without being asked keeps its state here; frequencies leave it out of their shares. A unit nobody
    read is not silence.
    """
    states = present.astype(np.int8) + 2 * absent.astype(np.int8)
    states[(states == 0) & ~asked] = STATES.index("not asked")
    states[~examined] = STATES.index("not examined")
    return states


def matrix(
    study: Study,
    *,
    unit: Unit = "turn",
    coders: Iterable[str] | None = None,
    time_refs: tuple[str, ...] = ("", "now"),
) -> CodingMatrix:
    """Lay the codings of a study out as unit x code x coder, with the units that got no code.

    A coding belongs to the first of the respondent's turns that its words touch; one that touches none (words of the
    interviewer) is left out.

    Parameters
    ----------
    study
        A study; its rejected codings are left out.
    unit
        ``turn`` or ``interview``. Turns can be counted up to interviews later, not the other way.
    coders
        Names; by default everybody who coded or examined anything.
    time_refs
        Times spoken about that count. By default a recollection of an earlier round (``before``) and a plan
        (``future``) do not count as said of the interview's round; ``""`` is "not marked".

    Raises
    ------
    NoCodebook
        If the study has none.
    NoCodings
        If nobody has examined anything.
    UnknownName
        If a coder, the unit or a time does not exist.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> m = bwa.matrix(study, unit="interview", coders=["simulated-human-A"])
    >>> m.present.shape == (1, len(m.units), len(m.codes))
    True
    """
    if unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    for time in time_refs:
        if time not in ("", *TIME_REFS):
            raise UnknownName("time spoken about", time, TIME_REFS)
    if not len(study.codebook):
        raise NoCodebook(study.id)
    names = _coders(study, coders)
    places = _Places(study.corpus)
    codings = study.codings.counted(coders=names, time_refs=time_refs).where(places.is_answer)
    keys = places.unit_keys(unit)
    where = {key: i for i, key in enumerate(keys)}
    at_units = [places.keys_of(coding, unit) for coding in codings]
    for found in at_units:
        for key in found:
            if key not in where:
                where[key] = len(keys)
                keys.append(key)
    codes = study.codebook.ids
    shape = (len(names), len(keys), len(codes))
    present, absent = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    code_at = {code: i for i, code in enumerate(codes)}
    for coding, found in zip(codings, at_units, strict=True):
        if coding.code in code_at:
            layer = present if coding.polarity == "present" else absent
            for key in found:
                layer[names.index(coding.coder), where[key], code_at[coding.code]] = True
    units = places.frame(keys)
    return CodingMatrix(
        unit=unit,
        units=units,
        codes=codes,
        coders=names,
        present=present,
        absent=absent,
        examined=_examined(study, names, keys),
        asked=_asked(study, keys),
        study=study,
        codings=codings,
        provenance={
            "coder": ", ".join(names),
            **_codebook_used(study, codings),
            "unit": unit,
            "times spoken about": ", ".join(t or "not marked" for t in time_refs),
            **_sources(study),
        },
    )


def _codebook_used(study: Study, codings: Codings) -> dict[str, str]:
    """The codebook, and how many of the codings that are counted were made by another version of it, if any were."""
    counts = codings.table["codebook_version"].replace("", "not stated").value_counts(sort=False)
    by_version = ", ".join(f"{version}: {n:,}" for version, n in counts.items())
    present = study.codebook.version
    others = sum(int(n) for version, n in counts.items() if version != present)
    told = {_OTHERS: f"{others:,} of {len(codings):,} ({by_version})"} if others else {}
    return {"codebook": f"{study.codebook.id} {present}", **told}


def _sources(study: Study) -> dict[str, str]:
    """What is read, where it is not interviews alone: answers of the survey never go unnamed."""
    found = dict.fromkeys(t.attribute("source") or "interview" for t in study.corpus)
    return {"sources": ", ".join(found)} if "survey" in found else {}


def _coders(study: Study, asked_for: Iterable[str] | None) -> tuple[str, ...]:
    known = tuple(dict.fromkeys([*study.examined.coders, *study.codings.coders]))
    if not known:
        raise NoCodings(
            "no coder has examined anything — apply_codebook(study.corpus, study.codebook) proposes codings, or put a "
            "codings table into the folder 'codings'"
        )
    names = known if asked_for is None else tuple(dict.fromkeys(asked_for))
    for name in names:
        if name not in known:
            raise UnknownName("coder", name, known)
    return names


class _Places:
    """Finds the unit rows that a place in a transcript is evidence for."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.turns = {t.id: t.respondent_turns for t in corpus}
        self.ends = {id: [turn.span.end for turn in turns] for id, turns in self.turns.items()}

    def unit_keys(self, unit: Unit) -> list[_Key]:
        keys: list[_Key] = []
        for t in self.corpus:
            if unit == "interview":
                keys += [(t.id, 0, site) for site in (*t.sites, *(("",) if len(t.sites) != 1 else ()))]
            else:
                keys += [(t.id, turn.number, site) for turn in t.respondent_turns for site in t.about(turn) or ("",)]
        return keys

    def turn_of(self, coding: Placed) -> Turn | None:
        at = bisect_right(self.ends[coding.transcript], coding.start)
        after = self.turns[coding.transcript][at : at + 1]
        return after[0] if after and after[0].span.start < coding.end else None

    def is_answer(self, coding: Placed) -> bool:
        return self.turn_of(coding) is not None

    def keys_of(self, coding: Placed, unit: Unit) -> list[_Key]:
        t, turn = self.corpus[coding.transcript], self.turn_of(coding)
        if turn is None:
            return []
        sites = tuple(s.strip() for s in coding.about.split(";") if s.strip()) or t.about(turn) or ("",)
        return [(t.id, 0 if unit == "interview" else turn.number, site) for site in sites]

    def frame(self, keys: list[_Key]) -> pd.DataFrame:
        of = [self.corpus[k[0]] for k in keys]
        return pd.DataFrame(
            {
                "transcript": [k[0] for k in keys],
                "turn": [k[1] for k in keys],
                "site": [k[2] for k in keys],
                "participant": [t.participant for t in of],
                "group": [t.group for t in of],
                "round": [t.round for t in of],
                "language": [t.language for t in of],
            }
        )


def _examined(study: Study, names: tuple[str, ...], keys: list[_Key]) -> Flags:
    table = study.codings.table
    out = np.zeros((len(names), len(keys)), dtype=bool)
    for c, name in enumerate(names):
        if name not in study.examined.turns:
            coded = set(table.loc[table["coder"] == name, "transcript"])
            out[c] = [k[0] in coded for k in keys]
            continue
        whole = {
            t.id
            for t in study.corpus
            if t.id in study.examined.turns[name]
            and all(study.examined.read(name, t.id, n.number) for n in t.respondent_turns)
        }
        out[c] = [k[0] in whole if k[1] == 0 else study.examined.read(name, k[0], k[1]) for k in keys]
    return out


def _asked(study: Study, keys: list[_Key]) -> Flags:
    codes = study.codebook.codes
    of_transcript = {t.id: [_is_asked(t, code.block, code.groups) for code in codes] for t in study.corpus}
    if not keys:
        return np.zeros((0, len(codes)), dtype=bool)
    return np.array([of_transcript[k[0]] for k in keys], dtype=bool)


def _is_asked(transcript: Transcript, block: str, groups: tuple[str, ...]) -> bool:
    if groups and transcript.group not in groups:
        return False
    return transcript.blocks_asked is None or not block or block in transcript.blocks_asked
