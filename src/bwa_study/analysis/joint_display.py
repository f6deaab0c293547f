"""Survey and interviews side by side, construct by construct, with a verdict by a written rule (T11, F9)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.joint_rule import RULE, VERDICTS, change_of, joint_verdict, numbers_of
from bwa_study.analysis.joint_sites import METHOD, JointSites, by_site
from bwa_study.analysis.people import People, people
from bwa_study.analysis.quotable import quotes
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.survey import Construct, constructs_of

__all__ = ["RULE", "VERDICTS", "JointDisplay", "codes_of", "joint_display", "joint_verdict"]
Flags = npt.NDArray[np.bool_]
SIDES = ("for", "against")


@dataclass(frozen=True, eq=False, repr=False)
class JointDisplay(Result):
    """A row a construct and group.

    ``table`` has the columns ``construct``, ``group``, ``from``, ``to`` (the first and last round that both sides
    have), ``survey_from``, ``survey_to`` (mean score of respondents, in the scale's units), ``survey_change`` with
    ``survey_low`` and ``survey_high``, ``respondents``; ``coded_from``, ``coded_to`` (mean of present less absent over
    the construct's codes, -1 to 1, turned where presence is bad), ``coded_change``, ``coded_low``, ``coded_high``,
    ``interviews``; ``for_from``, ``against_from``, ``of_from``, ``for_to``, ``against_to``, ``of_to`` (interviews with
    a statement for the construct or against it, of those asked: presence of a code speaks for it, or against it where
    presence is bad); ``codes``, ``reliability`` (how many of them have which status), ``quote``, ``translation`` and
    ``attribution`` (words of the code most spoken of at the end, that may be printed, see `bwa_study.quotes`; empty
    where nobody allows it), ``verdict`` (one of `VERDICTS`), ``reason`` and ``interpretation`` (empty, for the team's
    own inference from both). NaN where a side has nothing. ``sites`` has a row a construct, group and site, see
    `bwa_study.analysis.joint_sites.JointSites`.
    """

    picture = "bwa_study.present.joint_scatter:plot_joint"

    sites: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    rows: People | None = field(default=None, repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What people read for the constructs and groups."""

    def verdict(self, construct: str, group: str) -> str:
        """The verdict of one row.

        Raises
        ------
        UnknownName
            If there is no such row.
        """
        row = self.table[(self.table["construct"] == construct) & (self.table["group"] == group)]
        if row.empty:
            known = [f"{c}, {g}" for c, g in zip(self.table["construct"], self.table["group"], strict=True)]
            raise UnknownName("construct and group", f"{construct}, {group}", known)
        return str(row["verdict"].iloc[0])

    @property
    def matrix(self) -> CodingMatrix | None:
        """The codings behind the numbers."""
        return self.rows.matrix if self.rows else None

    def quotes(
        self, construct: str, group: str, *, round: str, polarity: str = "mentioned", side: str = "", site: str = ""
    ) -> pd.DataFrame:
        """The coded words of the construct's codes in one group and round, at one site or all.

        With `side` (``for`` or ``against``) those of as many interviews as the row counts for or against it.

        Raises
        ------
        UnknownName
            If there is no such row, polarity or side.
        """
        assert self.rows is not None
        self.verdict(construct, group)
        if side and side not in SIDES:
            raise UnknownName("side", side, SIDES)
        row = self.table[(self.table["construct"] == construct) & (self.table["group"] == group)]
        table, study = self.rows.rows, self.rows.matrix.study
        at_site = np.array([site in ("", *study.corpus[t].sites) for t in table["transcript"]], dtype=bool)
        here = np.flatnonzero((table["group"] == group) & (table["round"] == round) & at_site)
        codes = [code for code in str(row["codes"].iloc[0]).split(";") if code]
        parts = []
        for code in codes:
            good = (study.codebook[code].valence >= 0) == (side == "for")
            parts.append(self.rows.quotes(code, here, polarity if not side else "present" if good else "absent"))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def at_sites(self) -> JointSites:
        """The same site by site, with intervals of the site's own people."""
        codes = {(c, g): r for c, g, r in self.table[["construct", "group", "reliability"]].itertuples(index=False)}
        keys = zip(self.sites["construct"], self.sites["group"], strict=True)
        first = ["construct", "group"]
        return JointSites(
            table=self.sites[[*first, *(c for c in self.sites.columns if c not in first)]].assign(
                reliability=[codes[key] for key in keys]
            ),
            title=f"{self.title}, site by site",
            method=f"{METHOD} {RULE}",
            source=self.source,
            provenance=self.provenance,
            synthetic=self.synthetic,
        )

    def compact(self) -> pd.DataFrame:
        """Constructs and groups down; what both sides say at first and last, the changes, a quote and the verdict."""
        rows = self.table.to_dict("records")
        out = pd.DataFrame({k: [self.labels.get(v, v) for v in self.table[k]] for k in ("construct", "group")})
        out["rounds"] = [f"{row['from']} → {row['to']}" for row in rows]
        out["survey mean"] = [_means(row) for row in rows]
        out["survey change"] = [_shown(row, "survey") for row in rows]
        out["interviews for it"] = [_shares(row) for row in rows]
        out["coded change"] = [_shown(row, "coded") for row in rows]
        out["typical quote"] = [" ".join(filter(None, (row["quote"], row["attribution"]))) for row in rows]
        if (self.table["translation"] != "").any():
            out["translation"] = self.table["translation"]
        names = {"verdict": "verdict", "reliability": "reliability", "interpretation": "inference"}
        out = out.join(self.table[list(names)].rename(columns=names))
        return out.set_index(["construct", "group"])


def joint_display(matrix: CodingMatrix, *, constructs: Sequence[str] | None = None) -> JointDisplay:
    """Hold what a survey and the interviews say of the same thing against each other.

    Parameters
    ----------
    matrix
        Of one coder; its study has survey waves whose constructs name codes.
    constructs
        All that name codes by default.

    Returns
    -------
    JointDisplay

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If a construct does not exist.
    WrongCall
        If the study has no survey with constructs that name codes.

    Notes
    -----
    Both changes are differences of means with CR2 errors, people clustered in sites (brand staff in brands); see
    `bwa_study.analysis.compare`. Survey weights are not used. Codes count that were asked in both rounds.

    References
    ----------
    Fetters, M. D., Curry, L. A. & Creswell, J. W. (2013). Achieving integration in mixed methods designs. *Health
    Services Research* 48, 2134-2156.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> bwa.joint_display(m, constructs=["productivity"]).verdict("productivity", "worker")
    'discord'
    """
    study = matrix.study
    known = {c.id: c for c in constructs_of(study.surveys) if c.codes}
    if not known:
        raise WrongCall(
            "a joint display needs a survey with constructs that name codes — add waves to the study and "
            "'codes: [...]' to the constructs of survey.yaml"
        )
    for name in constructs or ():
        if name not in known:
            raise UnknownName("construct", name, known)
    chosen = [c for id, c in known.items() if constructs is None or id in constructs]
    interviews = people(matrix, by_site=False)
    answers = _answers(study)
    rows, sites = [], []
    for construct in chosen:
        codes = codes_of(study, construct)
        for group in study.levels("group"):
            survey = answers[(answers["construct"] == construct.id) & (answers["group"] == group)]
            if survey.empty:
                continue
            row, at_sites = _joined(study, interviews, survey, codes, group)
            rows.append({"construct": construct.id, "group": group, **row})
            sites.append(at_sites.assign(construct=construct.id, group=group))
    return JointDisplay(
        table=pd.DataFrame(rows),
        title="Survey and interviews side by side",
        method=f"Changes with 95% intervals (CR2, people clustered in sites or brands; unweighted). {RULE} "
        f"{reliability_gate(study).note(matrix.coders)}",
        source="Fetters, Curry & Creswell (2013); Bell & McCaffrey (2002)",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        sites=pd.concat(sites, ignore_index=True) if sites else pd.DataFrame(),
        rows=interviews,
        labels={
            **{c.id: c.label.text(study.language) or c.id for c in chosen},
            **{g: study.label("group", g) for g in study.levels("group")},
        },
    )


def codes_of(study: Study, construct: Construct) -> tuple[str, ...]:
    """Codes of a construct, themes taken apart.

    Raises
    ------
    UnknownName
        If it names what the codebook does not have.
    """
    return tuple(dict.fromkeys(code.id for name in construct.codes for code in study.codebook.under(name)))


def _answers(study: Study) -> pd.DataFrame:
    """A row a respondent and construct: construct, group, round, place, site, value (mean of the answered items)."""
    parts = []
    for wave in study.surveys:
        of = wave.respondents
        place = of["site"].where(of["site"] != "", of["brand"]).where(lambda p: p != "", of["respondent"])
        for construct in wave.constructs:
            items = [i for i in construct.items if i in wave.values.columns and wave[i].has_mean]
            if not items:
                continue
            numbers = wave.values[items].to_numpy(dtype=np.float64)
            answered = ~np.isnan(numbers)
            totals = np.where(answered, numbers, 0).sum(axis=1)
            value = np.divide(totals, answered.sum(axis=1), out=np.full(len(of), np.nan), where=answered.any(axis=1))
            parts.append(
                pd.DataFrame(
                    {
                        "construct": construct.id,
                        "group": of["group"].to_numpy(),
                        "round": wave.round,
                        "place": place.to_numpy(),
                        "site": of["site"].to_numpy(),
                        "value": value,
                    }
                )
            )
    columns = ["construct", "group", "round", "place", "site", "value"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table[table["value"].notna()]


def _joined(
    study: Study, interviews: People, survey: pd.DataFrame, codes: Sequence[str], group: str
) -> tuple[dict[str, object], pd.DataFrame]:
    at = [interviews.codes.index(code) for code in codes]
    mine = (interviews.rows["group"] == group).to_numpy()
    coded_in = {
        r: interviews.counted[mine & (interviews.rows["round"] == r).to_numpy()][:, at] for r in study.levels("round")
    }
    rounds = [r for r in study.levels("round") if (survey["round"] == r).any() and coded_in[r].any()]
    surveyed = [r for r in study.levels("round") if (survey["round"] == r).any()]
    start, end = (rounds[0], rounds[-1]) if len(rounds) > 1 else (surveyed[0], surveyed[-1])
    asked = [
        code for n, code in zip(at, codes, strict=True) if all(_asked(interviews, mine, r, n) for r in (start, end))
    ]
    coded = _scores(interviews, mine, asked)
    numbers: dict[str, object] = {"from": start, "to": end}
    estimates = {}
    for side, table, count in (("survey", survey, "respondents"), ("coded", coded, "interviews")):
        used = table[table["round"].isin([start, end])]
        estimates[side], means = change_of(used, start, end, unit="place")
        numbers |= {f"{side}_from": means[0], f"{side}_to": means[1], **numbers_of(side, estimates[side])}
        numbers[count] = len(used)
    for name, round in (("from", start), ("to", end)):
        numbers |= {f"{k}_{name}": v for k, v in _sides(interviews, mine, round, asked).items()}
    verdict, reason = joint_verdict(estimates["survey"], estimates["coded"])
    numbers |= {
        "codes": ";".join(asked),
        "reliability": reliability_gate(study).summary(asked),
        **_typical(interviews, mine, asked, group, end),
        "verdict": verdict,
        "reason": reason,
        "interpretation": "",
    }
    return numbers, by_site(survey, coded, start, end)


def _sides(interviews: People, mine: Flags, round: str, codes: Sequence[str]) -> dict[str, int]:
    """Interviews for, against, and asked about any of the codes."""
    rows = np.flatnonzero(mine & (interviews.rows["round"] == round).to_numpy())
    good = [interviews.matrix.study.codebook[code].valence >= 0 for code in codes]
    at = [interviews.codes.index(code) for code in codes]
    said = {side: interviews.said(side)[rows][:, at] for side in ("present", "absent")}
    up, down = np.where(good, said["present"], said["absent"]), np.where(good, said["absent"], said["present"])
    asked = interviews.counted[rows][:, at].any(axis=1)
    return {"for": int(up.any(axis=1).sum()), "against": int(down.any(axis=1).sum()), "of": int(asked.sum())}


def _typical(interviews: People, mine: Flags, codes: Sequence[str], group: str, round: str) -> dict[str, str]:
    """Words of the code most spoken of, that may be printed."""
    nothing = dict.fromkeys(("quote", "translation", "attribution"), "")
    study, coder = interviews.matrix.study, interviews.matrix.coders[0]
    if not codes or coder not in study.codings.coders:
        return nothing
    here = mine & (interviews.rows["round"] == round).to_numpy()
    spoken = interviews.said("mentioned")[here].sum(axis=0)
    most = sorted(codes, key=lambda code: -spoken[interviews.codes.index(code)])
    for code in most:
        found = quotes(study, code=code, n=1, group=group, round=round, coder=coder).table
        if len(found):
            return {name: str(found[name].iloc[0]) for name in nothing}
    return nothing


def _asked(interviews: People, mine: Flags, round: str, code: int) -> bool:
    return bool(interviews.counted[mine & (interviews.rows["round"] == round).to_numpy(), code].any())


def _scores(interviews: People, mine: Flags, codes: Sequence[str]) -> pd.DataFrame:
    """A row an interview of the group: round, place, site, value (mean of present less absent over the codes asked)."""
    rows = np.flatnonzero(mine)
    at = [interviews.codes.index(code) for code in codes]
    codebook = interviews.matrix.study.codebook
    signs = np.array([-1.0 if codebook[code].valence < 0 else 1.0 for code in codes])
    counted = interviews.counted[rows][:, at]
    net = (interviews.present[rows][:, at].astype(np.float64) - interviews.absent[rows][:, at]) * signs * counted
    asked = counted.sum(axis=1)
    value = np.divide(net.sum(axis=1), asked, out=np.full(len(rows), np.nan), where=asked > 0)
    corpus = interviews.matrix.study.corpus
    of = [corpus[t] for t in interviews.rows["transcript"].iloc[rows]]
    table = pd.DataFrame(
        {
            "round": [t.round for t in of],
            "place": interviews.clusters(rows),
            "site": [t.sites[0] if len(t.sites) == 1 else "" for t in of],
            "value": value,
        }
    )
    return table[table["value"].notna()]


def _shown(row: Mapping[Any, Any], side: str) -> str:
    if math.isnan(row[f"{side}_change"]):
        return "–"
    return f"{row[f'{side}_change']:+.2f} [{row[f'{side}_low']:+.2f}, {row[f'{side}_high']:+.2f}]"


def _means(row: Mapping[Any, Any]) -> str:
    ends = [row["survey_from"], row["survey_to"]]
    return "–" if any(math.isnan(x) for x in ends) else " → ".join(f"{x:.2f}" for x in ends)


def _shares(row: Mapping[Any, Any]) -> str:
    ends = [(row[f"for_{end}"], row[f"of_{end}"]) for end in ("from", "to")]
    return " → ".join(f"{100 * n / of:.0f}% ({n}/{of})" if of else "–" for n, of in ends)
