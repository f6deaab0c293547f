"""Survey and interviews side by side, construct by construct, with a verdict by a written rule (T11, F9)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bwa_study.analysis.clustered import Estimate
from bwa_study.analysis.compared import MINIMUM_CLUSTERS, MINIMUM_DF
from bwa_study.analysis.contrasts import Cells, cr2
from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.people import People, people
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.survey import Construct, constructs_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
VERDICTS = ("confirm", "expand", "discord", "silent")
RULE = (
    "Rule: a side moves where its 95% interval leaves out 0, and points where its estimate lies more than one standard "
    "error from 0. Confirm: the survey moves and the interviews point the same way; expand: only the interviews move, "
    "and the survey points the same way; discord: one moves and the other points the other way or nowhere; silent: "
    "neither moves, or one has too little to say."
)


@dataclass(frozen=True, eq=False, repr=False)
class JointDisplay(Result):
    """A row a construct and group.

    ``table`` has the columns ``construct``, ``group``, ``from``, ``to`` (the first and last round that both sides
    have), ``survey_from``, ``survey_to`` (mean score of respondents, in the scale's units), ``survey_change`` with
    ``survey_low`` and ``survey_high``, ``respondents``; ``coded_from``, ``coded_to`` (mean of present less absent over
    the construct's codes, -1 to 1, turned where presence is bad), ``coded_change``, ``coded_low``, ``coded_high``,
    ``interviews``; ``codes``, ``reliability`` (how many of them
    have which status), ``verdict`` (one of `VERDICTS`), ``reason`` and ``interpretation`` (empty, for the
    team). NaN where a side has nothing. ``sites`` has a row a construct, group and site with both changes.
    """

    picture = "bwa_study.present.joint_scatter:plot_joint"

    sites: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    rows: People | None = field(default=None, repr=False)

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

    def quotes(self, construct: str, group: str, *, round: str, polarity: str = "mentioned") -> pd.DataFrame:
        """The coded words of the construct's codes in one group and round."""
        assert self.rows is not None
        row = self.table[(self.table["construct"] == construct) & (self.table["group"] == group)]
        self.verdict(construct, group)
        table = self.rows.rows
        here = np.flatnonzero((table["group"] == group) & (table["round"] == round))
        codes = str(row["codes"].iloc[0]).split(";")
        parts = [self.rows.quotes(code, here, polarity) for code in codes if code]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def compact(self) -> pd.DataFrame:
        """Constructs and groups down; both changes with their intervals and the verdict."""
        out = self.table[["construct", "group"]].copy()
        out["rounds"] = self.table["from"] + " → " + self.table["to"]
        for side in ("survey", "coded"):
            out[f"{side} change"] = [_shown(row, side) for row in self.table.to_dict("records")]
        out["verdict"] = self.table["verdict"]
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
    )


def joint_verdict(survey: Estimate | None, coded: Estimate | None) -> tuple[str, str]:
    """Verdict and reason of two changes; None where a side has nothing. See `RULE`.

    Examples
    --------
    >>> up, flat = Estimate(1, 0.1, 9, 0.0, 0.8, 1.2), Estimate(0, 0.1, 9, 1.0, -0.2, 0.2)
    >>> joint_verdict(up, up)[0], joint_verdict(up, flat)[0], joint_verdict(flat, flat)[0]
    ('confirm', 'discord', 'silent')
    """
    for side, found in (("survey", survey), ("interviews", coded)):
        if found is None or math.isnan(found.low):
            return "silent", f"the {side} have too little to say" if side == "interviews" else "too few answers"
    assert survey is not None
    assert coded is not None
    a, b = (int(x.low > 0) - int(x.high < 0) for x in (survey, coded))
    if not a and not b:
        return "silent", "neither moves"
    points = [int(np.sign(x.value)) if abs(x.value) > x.error else 0 for x in (survey, coded)]
    if points[0] == points[1]:
        if a:
            return "confirm", "both move the same way" if b else "the survey moves, the interviews point the same way"
        return "expand", "the interviews move, the survey points the same way"
    both = "they move in opposite directions"
    one = f"the {'survey' if a else 'interviews'} move{'s' if a else ''}, the other side points elsewhere or nowhere"
    return "discord", both if a and b else one


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
        estimates[side], means = _change(used, start, end)
        found = estimates[side]
        numbers |= {f"{side}_from": means[0], f"{side}_to": means[1]}
        ends = ("change", "value"), ("low", "low"), ("high", "high")
        numbers |= {f"{side}_{name}": getattr(found, of) if found else math.nan for name, of in ends}
        numbers[count] = len(used)
    verdict, reason = joint_verdict(estimates["survey"], estimates["coded"])
    numbers |= {
        "codes": ";".join(asked),
        "reliability": reliability_gate(study).summary(asked),
        "verdict": verdict,
        "reason": reason,
        "interpretation": "",
    }
    return numbers, _by_site(survey, coded, start, end)


def _asked(interviews: People, mine: npt.NDArray[np.bool_], round: str, code: int) -> bool:
    return bool(interviews.counted[mine & (interviews.rows["round"] == round).to_numpy(), code].any())


def _scores(interviews: People, mine: npt.NDArray[np.bool_], codes: Sequence[str]) -> pd.DataFrame:
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


def _change(table: pd.DataFrame, start: str, end: str) -> tuple[Estimate | None, tuple[float, float]]:
    means = [float(table.loc[table["round"] == r, "value"].mean()) for r in (start, end)]
    nothing = None, (means[0], means[1])
    if start == end or table.empty:
        return nothing
    _, place = np.unique(table["place"].astype(str), return_inverse=True)
    cell = (table["round"] == end).to_numpy().astype(np.intp)
    cells = Cells(table["value"].to_numpy(np.float64), cell, place.astype(np.intp), np.array([-1.0, 1.0]))
    if cells.fewest_clusters < MINIMUM_CLUSTERS:
        return nothing
    found = cr2(cells)
    return (found if found.df >= MINIMUM_DF else None), nothing[1]


def _by_site(survey: pd.DataFrame, coded: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    out: dict[str, Any] = {}
    for side, table in (("survey", survey), ("coded", coded)):
        means = table[table["site"] != ""].pivot_table(index="site", columns="round", values="value", aggfunc="mean")
        both: Mapping[str, Any] = {r: means[r] if r in means else pd.Series(dtype=float) for r in (start, end)}
        out[f"{side}_change"] = both[end] - both[start]
    return pd.DataFrame(out).rename_axis("site").reset_index()


def _shown(row: Mapping[Any, Any], side: str) -> str:
    if math.isnan(row[f"{side}_change"]):
        return "–"
    return f"{row[f'{side}_change']:+.2f} [{row[f'{side}_low']:+.2f}, {row[f'{side}_high']:+.2f}]"
