"""People in sites: the rows that comparisons are made of, and the clusters of people who are not independent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.quotes import coded_quotes
from bwa_study.analysis.tallies import unit_tally
from bwa_study.model.errors import SeveralCoders, UnknownName
from bwa_study.model.matrix import CodingMatrix, Flags
from bwa_study.model.study import Study

Ints = npt.NDArray[np.intp]
SiteFields = Mapping[str, Mapping[str, str]]
POLARITIES = ("present", "absent", "mentioned")
_DECLARED = ("group", "round", "site", "language")


@dataclass(frozen=True, eq=False)
class People:
    """One row an interview, or an interview and site, with what was said of every code.

    Parameters
    ----------
    rows
        Columns transcript, participant, site (empty where a row is a whole interview), group, round, language.
    present, absent
        Array row x code.
    counted
        Array row x code: asked about it, and examined in full by the coder.
    codes
        Ids along the last axis.
    by_site
        Whether a row is an interview and site.
    fields
        Fields of sites that the caller gave: by name, the value of each site.
    """

    rows: pd.DataFrame
    present: Flags = field(repr=False)
    absent: Flags = field(repr=False)
    counted: Flags = field(repr=False)
    codes: tuple[str, ...]
    by_site: bool
    matrix: CodingMatrix = field(repr=False)
    fields: SiteFields = field(default_factory=dict)

    def said(self, polarity: str) -> Flags:
        """Array row x code: said with that polarity (``mentioned``: with either), and counted.

        Raises
        ------
        UnknownName
            If there is no such polarity.
        """
        if polarity not in POLARITIES:
            raise UnknownName("polarity", polarity, POLARITIES)
        layers = {"present": self.present, "absent": self.absent, "mentioned": self.present | self.absent}
        return np.asarray(layers[polarity] & self.counted, dtype=bool)

    def values(self, name: str) -> npt.NDArray[np.object_]:
        """The value of a field for each row; empty where it has none."""
        study = self.matrix.study
        if name in self.rows.columns:
            return np.array(self.rows[name], dtype=object)
        of_site = site_field(study, name, self.fields)
        if of_site is not None:
            return np.array([of_site.get(site, "") for site in self.rows["site"]], dtype=object)
        return np.array([study.corpus[t].attribute(name) for t in self.rows["transcript"]], dtype=object)

    def clusters(self, rows: Ints, name: str = "site") -> Ints:
        """Number of the cluster of each of `rows`: people who share a site, or one person's rows, are in one.

        People of a group that covers several sites tie these together, so brand staff cluster by brand. A row without
        a site clusters by person.
        """
        corpus = self.matrix.study.corpus
        root: dict[object, object] = {}

        def find(key: object) -> object:
            while root.setdefault(key, key) != key:
                key = root[key]
            return key

        chosen = self.rows.iloc[rows]
        keys = []
        for transcript, person in zip(chosen["transcript"], chosen["participant"], strict=True):
            t = corpus[transcript]
            places = t.sites if name == "site" else tuple(filter(None, (_value(t, name),)))
            own = ("person", person)
            for place in places:
                root[find(("place", place))] = find(own)
            keys.append(own)
        names: dict[object, int] = {}
        return np.array([names.setdefault(find(key), len(names)) for key in keys], dtype=np.intp)

    def quotes(self, code: str, rows: Ints, polarity: str) -> pd.DataFrame:
        """The coded words of `rows`, one line a coding; columns of `bwa_study.analysis.quotes.coded_quotes`.

        Only words that count: those of rows that `said` gives the code with the polarity of the words.
        """
        at = self.codes.index(code)
        keys: set[tuple[str, str, str]] = set()
        for side in ("present", "absent") if polarity == "mentioned" else (polarity,):
            keys |= {(side, *self._keys[row]) for row in rows[self._there[side][rows, at]]}
        table, places = self._said[code]
        found = sorted({n for key in keys for n in places.get(key, ())})
        return table.iloc[found].reset_index(drop=True)

    @cached_property
    def _keys(self) -> list[tuple[str, str]]:
        return list(zip(self.rows["transcript"], self.rows["site"], strict=True))

    @cached_property
    def _there(self) -> dict[str, Flags]:
        return {side: self.said(side) for side in ("present", "absent")}

    @cached_property
    def _said(self) -> dict[str, tuple[pd.DataFrame, dict[tuple[str, str, str], list[int]]]]:
        """Code by code all coded words, and which of them stand where: by polarity, interview and site."""
        everything = coded_quotes(self.matrix.codings, self.matrix.study.corpus)
        out = {}
        for code in self.codes:
            table = everything[everything["code"] == code]
            places: dict[tuple[str, str, str], list[int]] = {}
            for n, (said, transcript, sites) in enumerate(
                zip(table["polarity"], table["transcript"], table["sites"], strict=True)
            ):
                for site in dict.fromkeys(sites.split(";") if self.by_site else [""]):
                    places.setdefault((said, transcript, site), []).append(n)
            out[code] = (table, places)
        return out


def people(
    matrix: CodingMatrix, *, by_site: bool, codes: Sequence[str] | None = None, fields: SiteFields | None = None
) -> People:
    """Collapse a one-coder matrix to interviews, or to interviews and the sites they are about.

    Parameters
    ----------
    matrix
        Of one coder.
    by_site
        Whether what an interview about several sites says of each is a row of its own.
    codes
        Those to keep; all by default.
    fields
        Further fields of sites, such as ``{"arm": {"F01": "open", "F06": "closed"}}``.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If a code, or a site in `fields`, does not exist.
    """
    if len(matrix.coders) != 1:
        raise SeveralCoders("people", matrix.coders)
    fields = fields or {}
    known_sites = matrix.study.levels("site")
    for of_site in fields.values():
        for site in of_site:
            if site not in known_sites:
                raise UnknownName("site", site, known_sites)
    chosen = tuple(matrix.codes if codes is None else codes)
    for code in chosen:
        matrix.study.codebook[code]
    at = np.array([matrix.codes.index(code) for code in chosen], dtype=np.intp)
    tally = unit_tally(matrix, ("transcript", "site") if by_site else ("transcript",), by_turn=False)
    keys = list(tally.rows_of)
    rows = np.array([tally.rows_of[key][0] for key in keys], dtype=np.intp)
    of = [matrix.study.corpus[key[0]] for key in keys]
    frame = pd.DataFrame(
        {
            "transcript": [t.id for t in of],
            "participant": [t.participant for t in of],
            "site": [key[1] if by_site else "" for key in keys],
            "group": [t.group for t in of],
            "round": [t.round for t in of],
            "language": [t.language for t in of],
        }
    )
    counted = tally.asked[rows][:, at] & tally.examined[rows][:, None]
    present, absent = tally.present[rows][:, at], tally.absent[rows][:, at]
    return People(frame, present, absent, counted, chosen, by_site, matrix, fields)


def site_field(study: Study, name: str, fields: SiteFields) -> Mapping[str, str] | None:
    """The value of each site for a field that the caller gave or the table of sites has; None if neither has it."""
    if name in fields:
        return fields[name]
    found = {site.id: value for site in study.sites for key, value in site.attributes if key == name}
    return found or None


def levels_of(study: Study, name: str, fields: SiteFields) -> tuple[str, ...]:
    """Values of a field in declared order; of a field of sites in the order of its sites.

    Raises
    ------
    UnknownName
        If neither the manifest, the table of sites nor the caller has that field.
    """
    if name in _DECLARED:
        return study.levels(name)
    of_site = site_field(study, name, fields)
    if of_site is not None:
        return tuple(dict.fromkeys(v for v in of_site.values() if v))
    known = dict.fromkeys(key for t in study.corpus for key, _ in t.attributes)
    if name not in known:
        sites = dict.fromkeys(key for site in study.sites for key, _ in site.attributes)
        raise UnknownName("field to compare by", name, [*_DECLARED, *fields, *sites, *known])
    return tuple(value for value in study.levels(name) if value)


def is_of_sites(study: Study, name: str, fields: SiteFields) -> bool:
    """Whether a field belongs to sites, so that rows must be interview and site."""
    return name == "site" or (name not in _DECLARED and site_field(study, name, fields) is not None)


def _value(transcript: object, name: str) -> str:
    known = getattr(transcript, name, None)
    return str(known) if isinstance(known, str) else str(transcript.attribute(name))  # type: ignore[attr-defined]
