"""Who was talked to, where and when, and what is missing: the sample table (T1) and the list of gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript

GAP_COLUMNS = ("kind", "site", "group", "round", "detail", "interviews", "of")
"""Columns of the list of gaps."""

KINDS = (
    "not visited", "not surveyed", "no consent to quote", "notes only", "not translated", "translation missing",
    "not asked", "not coded",
)  # fmt: skip
"""Kinds of gaps, in the order of the list."""


@dataclass(frozen=True, eq=False, repr=False)
class SampleTable(Result):
    """Interviews by site, group and round (T1), and what is missing.

    ``table`` has a row a site in declared order under its brand, a row a brand where there are several, and the total:
    ``row`` (site, brand or total), ``brand`` (ids joined with ``;``), ``site``, a column ``<group> <round>`` for each
    cell, ``interviews``, ``women`` (gender f), ``gender_known``, a column a language, ``recorded``,
    ``recording_refused`` and ``focus_groups``. Every number counts interviews. An interview about several sites counts
    once at each of them, once in a brand, and once in the total. Consent withdrawn counts nowhere.

    ``gaps`` has the columns of `GAP_COLUMNS`: what is missing, where, and in how many of how many interviews.
    """

    gaps: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(GAP_COLUMNS)))

    def compact(self) -> pd.DataFrame:
        """The rows of sites and the total, without columns that are empty everywhere."""
        shown = self.table.copy()
        shown.index = pd.Index(
            ["All" if row == "total" else site or brand or "(no site)" for row, brand, site in _keys(shown)]
        )
        numbers = shown.drop(columns=["row", "brand", "site"])
        return numbers.loc[:, (numbers != 0).any()]


def sample_table(study: Study) -> SampleTable:
    """Count who was interviewed, by site, group and round, and list what is missing.

    Parameters
    ----------
    study
        Any study; one without sites has only the row of the total. One that has only a survey lists no missing visit.

    Returns
    -------
    SampleTable
        Its ``frame`` is table T1, its ``gaps`` the list of missing visits, consent, translations, questions and
        codings.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> table = bwa.sample_table(bwa.demo_study(seed=1, size="lite"))
    >>> int(table.frame.iloc[-1]["interviews"])
    233
    >>> table.gaps.query("kind == 'not visited'")[["site", "group", "round"]].values.tolist()
    [['F06', 'worker', 'R1']]
    """
    everything = tuple(study.corpus)
    rows = []
    brands = list(dict.fromkeys(b for site in study.sites for b in site.brands))
    placed: set[str] = set()
    for brand in brands or [""]:
        sites = [s for s in study.sites if (s.brands[:1] or ("",))[0] == brand]
        for site in sites:
            rows.append(_row(study, "site", ";".join(site.brands), site.id, _at(everything, site.id)))
            placed.add(site.id)
        if len(brands) > 1:
            rows.append(_row(study, "brand", brand, "", _of_brand(study, everything, brand)))
    rows += [
        _row(study, "site", ";".join(s.brands), s.id, _at(everything, s.id)) for s in study.sites if s.id not in placed
    ]
    if study.sites and (nowhere := [t for t in everything if not t.sites]):
        rows.append(_row(study, "site", "", "", nowhere))
    rows.append(_row(study, "total", "", "", everything))
    left_out = f" {study.withdrawn} with withdrawn consent count nowhere." if study.withdrawn else ""
    return SampleTable(
        table=pd.DataFrame(rows),
        title=f"Sample: {len(everything)} interviews",
        method=(
            "Every number counts interviews. An interview about several sites counts at each of them and once in the "
            f"brand and in the total.{left_out}"
        ),
        provenance={"study": study.id},
        synthetic=study.synthetic,
        gaps=_gaps(study),
    )


def _keys(table: pd.DataFrame) -> Iterable[tuple[str, str, str]]:
    return zip(table["row"], table["brand"], table["site"], strict=True)


def _at(transcripts: Iterable[Transcript], site: str) -> list[Transcript]:
    return [t for t in transcripts if site in t.sites]


def _of_brand(study: Study, transcripts: Iterable[Transcript], brand: str) -> list[Transcript]:
    sites = {s.id for s in study.sites if brand in s.brands}
    return [t for t in transcripts if sites & set(t.sites)]


def _row(study: Study, row: str, brand: str, site: str, of: Sequence[Transcript]) -> dict[str, object]:
    cells = Counter((t.group, t.round) for t in of)
    genders = [t.attribute("gender") for t in of]
    languages = Counter(t.language for t in of)
    return {
        "row": row,
        "brand": brand,
        "site": site,
        **{f"{g} {r}": cells[g, r] for g in study.levels("group") for r in study.levels("round")},
        "interviews": len(of),
        "women": genders.count("f"),
        "gender_known": sum(g not in ("", "na") for g in genders),
        **{language: languages[language] for language in study.levels("language")},
        "recorded": sum(t.attribute("recorded") == "yes" for t in of),
        "recording_refused": sum(t.attribute("consent") == "refused_recording" for t in of),
        "focus_groups": sum(t.attribute("format") == "focus_group" for t in of),
    }


def _gaps(study: Study) -> pd.DataFrame:
    planned = study.sample.itertuples(index=False) if len(study.corpus) or not study.surveys else ()
    rows = [("not visited", site, group, round, "", 0, 0) for site, group, round, n in planned if n == 0]
    rows += [("not surveyed", site, group, round, "", 0, 0) for site, group, round in _unsurveyed(study)]
    for group in study.levels("group"):
        for round in study.levels("round"):
            here = [t for t in study.corpus if (t.group, t.round) == (group, round)]
            rows += [(kind, "", group, round, detail, n, len(here)) for kind, detail, n in _missing(study, here) if n]
    return pd.DataFrame(sorted(rows, key=lambda row: KINDS.index(str(row[0]))), columns=list(GAP_COLUMNS))


def _unsurveyed(study: Study) -> Iterable[tuple[str, str, str]]:
    """Cells of a study with a survey that nobody answered it in: whole groups and rounds, else single sites."""
    if not study.surveys:
        return
    people = Counter(
        place
        for wave in study.surveys
        for place in zip(wave.respondents["site"], wave.respondents["group"], wave.respondents["round"], strict=True)
    )
    placed = {(group, round) for site, group, round in people if site}
    met = {(group, round) for _, group, round in people}
    for group in study.levels("group"):
        for round in study.levels("round"):
            if (group, round) not in met:
                yield "", group, round
            elif (group, round) in placed:
                yield from ((s.id, group, round) for s in study.sites if not people[s.id, group, round])


def _missing(study: Study, here: Sequence[Transcript]) -> Iterable[tuple[str, str, int]]:
    """Kind, detail and number of interviews of one group and round that lack something."""
    yield "no consent to quote", "", sum(t.consent_quotes == "none" for t in here)
    yield "notes only", "", sum(t.attribute("transcript_type") == "notes" for t in here)
    foreign = Counter(
        t.language for t in here if t.language != study.language and t.attribute("translation") in ("", "none")
    )
    for language in study.levels("language"):
        yield "not translated", f"{language} to {study.language}", foreign[language]
    promised = [t for t in here if t.attribute("translation") in ("full", "quotes") and t.paired is None]
    original = [t for t in promised if t.language != study.language]
    yield "translation missing", ", ".join(t.id for t in original), len(original)
    for block in dict.fromkeys(code.block for code in study.codebook if code.block):
        yield "not asked", block, sum(t.blocks_asked is not None and block not in t.blocks_asked for t in here)
    if study.main_coder in study.examined.coders:
        read = study.examined.turns[study.main_coder]
        yield "not coded", f"by {study.main_coder}", sum(t.id not in read for t in here)
