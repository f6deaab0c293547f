"""Quotes that may be printed: varied, from both sides, one a person, named so that nobody is found by it (T14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Role, Transcript

COLUMNS = (
    "code", "reliability", "polarity", "counter", "group", "site_type", "round", "language", "question", "quote",
    "translation", "attribution", "people", "release",
)  # fmt: skip
_GOOD_LENGTH = (20, 300)


@dataclass(frozen=True, eq=False, repr=False)
class Quotes(Result):
    """A row a quote, those of the commoner side first.

    ``table`` has the columns ``code``, ``reliability`` (see `bwa_study.analysis.gate`), ``polarity``, ``counter``
    (whether it says the opposite of most), ``group``, ``site_type`` (empty where too few people share it), ``round``,
    ``language``, ``question`` (what the interviewer said before it), ``quote`` (verbatim), ``translation`` (the turn it
    stands in, in the interview's other language; empty where there is none), ``attribution``, ``people``
    (persons of the study whom the attribution fits) and ``release`` (``anonymous`` or ``full``, as the person
    allowed). ``sources`` has, row by row, transcript, participant and turn: for the team, never for print.
    """

    sources: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    study: Study | None = field(default=None, repr=False)

    def compact(self) -> pd.DataFrame:
        """Sign, words, translation where there is any, attribution and what the code may be used for."""
        sign = self.table["polarity"].map({"present": "+", "absent": "-"})
        translated = ["translation"] if (self.table["translation"] != "").any() else []
        columns = ["code", "sign", "quote", *translated, "attribution", "release", "reliability"]
        return self.table.assign(sign=sign)[columns].set_index("code")


def quotes(
    study: Study,
    *,
    code: str,
    n: int,
    group: str = "",
    round: str = "",
    coder: str = "",
    site_type: Sequence[str] = ("region",),
    person: Sequence[str] = ("gender",),
    k: int = 5,
) -> Quotes:
    """Pick up to `n` quotes of a code that are unlike each other.

    Parameters
    ----------
    study
        With codings.
    code
        Whose words.
    n
        Most quotes. One a person; if somebody says the opposite of most, at least one of those (`n` of 2 or more).
    group, round
        Only of these.
    coder
        Whose codings; the study's main coder by default.
    site_type
        Columns of the table of sites that say what kind of site it is.
    person
        Columns of the manifest that the attribution may tell of a person.
    k
        Least number of people of the study whom an attribution must fit. What makes it fit fewer is left out, the
        person's fields first, then the type of site, then the round, then the group.

    Returns
    -------
    Quotes
        Fewer than `n` rows where fewer people allow quoting.

    Raises
    ------
    UnknownName
        If a name does not exist.
    WrongCall
        If `n` or `k` is below 1.

    Notes
    -----
    Words of people who did not allow quoting, and words that hold the id of a site or person, are never picked. Names
    of people within the words are not looked for: read every quote before it is printed.

    References
    ----------
    Sweeney, L. (2002). k-anonymity: a model for protecting privacy. *International Journal of Uncertainty, Fuzziness
    and Knowledge-Based Systems* 10, 557-570.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> found = bwa.quotes(bwa.demo_study(seed=1, size="lite"), code="follow_up", group="worker", n=4)
    >>> bool(found.frame["people"].min() >= 5)
    True
    """
    if n < 1 or k < 1:
        raise WrongCall(f"quotes: n = {n} and k = {k} — give 1 or more of each")
    study.codebook[code]
    for kind, value in (("group", group), ("round", round)):
        if value and value not in study.levels(kind):
            raise UnknownName(kind, value, study.levels(kind))
    name = coder or study.main_coder
    if name not in study.codings.coders:
        raise UnknownName("coder", name, study.codings.coders)
    codings = study.codings.counted(coders=[name], time_refs=("", "now")).select(code=code)
    found = coded_quotes(codings, study.corpus)
    ids = {*(s.id for s in study.sites), *(t.participant for t in study.corpus), *(t.id for t in study.corpus)}
    keep = [
        row["consent_quotes"] != "none"
        and group in ("", row["group"])
        and round in ("", row["round"])
        and not any(id in row["quote"] or id in row["translation"] for id in ids)
        for row in found.to_dict("records")
    ]
    found = found[pd.Series(keep, index=found.index, dtype=bool)].reset_index(drop=True)
    common = found.drop_duplicates(["participant", "polarity"])["polarity"].value_counts()
    main = str(common.index[0]) if len(common) else "present"
    picked = found.loc[_varied(found, n, main)]
    names = _Attribution(study, tuple(site_type), tuple(person), k)
    rows = [_row(study, row, main, names) for row in picked.to_dict("records")]
    allowed = found["participant"].nunique()
    return Quotes(
        table=pd.DataFrame(rows, columns=list(COLUMNS)),
        title=f"Quotes: {study.label('code', code)}",
        method=f"{len(rows)} of the words of {allowed} people who allow quoting: one a person, as unlike as can be in "
        "group, site, round and language, with a counter-quote where there is one. Each attribution fits at least "
        f"{k} people of the study. Names within the words are not looked for: read them before print.",
        source="Sweeney (2002)",
        provenance={"coder": name, "codebook": f"{study.codebook.id} {study.codebook.version}", "k": str(k)},
        synthetic=study.synthetic,
        sources=picked[["transcript", "participant", "turn"]].reset_index(drop=True),
        study=study,
    )


def quote_table(study: Study, *, n: int, codes: Sequence[str] | None = None, coder: str = "", k: int = 5) -> Quotes:
    """The quotes of several codes in one table (T14), code after code; see `quotes`.

    Parameters
    ----------
    study, coder, k
        As in `quotes`.
    n
        Most quotes of each code.
    codes
        All by default. A code nobody may be quoted on has no row.

    Raises
    ------
    UnknownName, WrongCall
        As `quotes`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> table = bwa.quote_table(bwa.demo_study(seed=1, size="lite"), n=2, codes=["follow_up", "covid"]).frame
    >>> table["code"].tolist()
    ['follow_up', 'follow_up', 'covid', 'covid']
    """
    parts = [quotes(study, code=code, n=n, coder=coder, k=k) for code in codes or study.codebook.ids]
    return replace(
        parts[0],
        table=pd.concat([part.table for part in parts], ignore_index=True),
        title=f"Quotes, {n} a code at most",
        method=f"For each code at most {n} of the words of people who allow quoting: one a person, as unlike as can be "
        "in group, site, round and language, with a counter-quote where there is one. Each attribution fits at least "
        f"{k} people of the study. Names within the words are not looked for: read them before print. "
        f"{reliability_gate(study).note([coder or study.main_coder])}",
        sources=pd.concat([part.sources for part in parts], ignore_index=True),
    )


def _varied(found: pd.DataFrame, n: int, main: str) -> list[int]:
    """Row labels: greedily the quote that shares least with those taken; the counter-quotes last."""
    rows = found.to_dict("records")
    of_side = {side: [i for i, row in enumerate(rows) if (row["polarity"] == main) == side] for side in (True, False)}
    people: set[str] = set()
    taken: dict[bool, list[int]] = {True: [], False: []}
    seen: Counter[tuple[str, str]] = Counter()
    opposite = min(len({rows[i]["participant"] for i in of_side[False]}), max(1, n // 3)) if n > 1 else 0
    for side, most in ((False, opposite), (True, n - opposite)):
        while len(taken[side]) < most:
            left = [i for i in of_side[side] if rows[i]["participant"] not in people]
            if not left:
                break
            best = min(left, key=lambda i: (_likeness(rows[i], seen), _oddness(rows[i]["quote"]), i))
            taken[side].append(best)
            people.add(rows[best]["participant"])
            seen.update((f, rows[best][f]) for f in ("group", "sites", "round", "language"))
    return [*taken[True], *taken[False]]


def _likeness(row: Mapping[object, object], seen: Counter[tuple[str, str]]) -> int:
    return sum(seen[(f, str(row[f]))] for f in ("group", "sites", "round", "language"))


def _oddness(quote: str) -> int:
    """How far the length is from one that reads well."""
    low, high = _GOOD_LENGTH
    return max(low - len(quote), len(quote) - high, 0)


def _row(study: Study, row: Mapping[object, object], main: str, names: _Attribution) -> tuple[object, ...]:
    t = study.corpus[str(row["transcript"])]
    attribution, of_site, people = names.of(t)
    asked = [x for x in t.turns if x.number < int(str(row["turn"])) and x.role is Role.INTERVIEWER]
    question = t.quote(asked[-1].span) if asked else ""
    return (
        row["code"], reliability_gate(study).status(str(row["code"])), row["polarity"], row["polarity"] != main,
        row["group"], of_site, row["round"], row["language"],
        question, row["quote"], row["translation"], attribution, people, row["consent_quotes"],
    )  # fmt: skip


class _Attribution:
    """Finds for each interview the fullest attribution that fits enough people."""

    def __init__(self, study: Study, site_type: tuple[str, ...], person: tuple[str, ...], k: int) -> None:
        self.study, self.k = study, k
        self.site_type, self.person = site_type, person
        self.types = {s.id: ", ".join(v for key, v in s.attributes if key in site_type and v) for s in study.sites}
        self.fits: dict[tuple[str, ...], set[str]] = {}
        for t in study.corpus:
            for key in self._keys(t):
                self.fits.setdefault(key, set()).add(t.participant)

    def of(self, t: Transcript) -> tuple[str, str, int]:
        """Attribution, type of site (empty where it is left out), and how many people it fits."""
        for key in self._keys(t):
            people = len(self.fits[key])
            if people >= self.k:
                return self._told(t, key), key[2] if len(key) > 2 else "", people
        return "(Participant)", "", len({x.participant for x in self.study.corpus})

    def _keys(self, t: Transcript) -> list[tuple[str, ...]]:
        """From the fullest to the barest: group, round, type of site, person's fields."""
        types = {self.types[s] for s in t.sites if s in self.types}
        of_site = types.pop() if len(types) == 1 else ""
        own = tuple(t.attribute(name) for name in self.person)
        full = (t.group, t.round, of_site, *own)
        shorter = [full[:length] for length in range(len(full), 0, -1)]
        return [key for key in shorter if any(key)]

    def _told(self, t: Transcript, key: tuple[str, ...]) -> str:
        study = self.study
        told = [study.label("group", key[0])]
        told += [_WORDS.get(value, value) for value in key[3:] if value]
        told += [f"site in {key[2]}" if self.site_type == ("region",) else key[2]] if len(key) > 2 and key[2] else []
        told += [study.label("round", key[1])] if len(key) > 1 else []
        return f"({', '.join(told)})"


_WORDS = {"f": "woman", "m": "man"}
