"""Cases that contradict the finding, and what was said there of the circumstances."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bwa_study.analysis.contribution import rivals_by_site
from bwa_study.analysis.necessity.cases import StudyCases
from bwa_study.analysis.necessity.study_table import study_truth_table
from bwa_study.model.errors import BwaError
from bwa_study.model.results import Result

WITHOUT_CONDITION = "outcome without the condition"
WITHOUT_OUTCOME = "condition without the outcome"
CONTRADICTION = "alike in all conditions, unlike in the outcome"

_METHOD = (
    "Scores above .5 count as in. Against necessity: the outcome without the condition. Against sufficiency, for the "
    "declared combinations: the condition without the outcome. Context: rival explanations of the theory of change "
    "that stand at the case; they stand beside it, and explain nothing by themselves."
)


@dataclass(frozen=True, eq=False, repr=False)
class DeviantCases(Result):
    """A row a case and what it contradicts.

    ``table`` has the columns ``case``, ``claim`` (an expression, or the case's configuration), ``kind`` (what is wrong
    with it there), ``with`` (for a contradiction the cases of the same configuration that have the other outcome), and
    ``context`` (rival explanations that stand at the case, with the group that names them and in how many of its
    interviews; empty where the study declares none or none stands).
    """

    def compact(self) -> pd.DataFrame:
        """As the table, ids apart."""
        return self.table.assign(**{"with": self.table["with"].str.replace(";", " ", regex=False)})


def deviant_cases(cases: StudyCases) -> DeviantCases:
    """Name the cases that speak against the declared combinations and single conditions, and their circumstances.

    A case with the outcome and without the condition speaks against necessity. One with the condition and without the
    outcome speaks against sufficiency only; it is listed for the declared combinations. Cases of one configuration with
    unlike outcomes say that something is missing from the conditions.

    Parameters
    ----------
    cases
        Scored by declared rules.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> found = deviant_cases(bwa.cases(bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])))
    >>> found.frame.query("claim == 'oversight*openness'")[["case", "kind"]].values.tolist()
    [['F05', 'condition without the outcome']]
    """
    rules, matrix = cases.rules, cases.matrix
    assert rules is not None
    assert matrix is not None
    scores = cases.columns()
    y = scores[cases.outcome]
    rows: list[dict[str, str]] = []
    for text in dict.fromkeys([*cases.conditions, *rules.combinations]):
        one = cases.expression(text)
        x = one.membership(scores)
        named = text in rules.combinations
        for id, a, b in zip(cases.ids, x, y, strict=True):
            if a < 0.5 < b:
                rows.append({"case": id, "claim": str(one), "kind": WITHOUT_CONDITION, "with": ""})
            if named and b < 0.5 < a:
                rows.append({"case": id, "claim": str(one), "kind": WITHOUT_OUTCOME, "with": ""})
    rows += _contradictions(cases)
    context = _context(cases)
    lines = [{**row, "context": context.get(row["case"], "")} for row in rows]
    return DeviantCases(
        table=pd.DataFrame(lines, columns=["case", "claim", "kind", "with", "context"]),
        title=f"Cases that contradict a claim about {cases.outcome}",
        method=_METHOD,
        provenance=cases.provenance,
        synthetic=cases.synthetic,
    )


def _contradictions(cases: StudyCases) -> list[dict[str, str]]:
    try:
        table = study_truth_table(cases)
    except BwaError:
        return []
    rows = []
    for row in table.table[table.table["outcome"] == "C"].to_dict("records"):
        configuration = "*".join(f"{'' if row[name] else '~'}{name}" for name in table.conditions)
        sides = (str(row["with_outcome"]), str(row["without_outcome"]))
        for own, other in (sides, sides[::-1]):
            rows += [
                {"case": id, "claim": configuration, "kind": CONTRADICTION, "with": other} for id in own.split(";")
            ]
    return rows


def _context(cases: StudyCases) -> dict[str, str]:
    assert cases.matrix is not None
    study = cases.matrix.study
    if study.theory is None:
        return {}
    found = rivals_by_site(study.theory.rivals, cases.matrix)
    told: dict[str, list[str]] = {}
    for row in found[found["stands"]].to_dict("records"):
        who = f"{study.label('group', row['group'])} {row['n']}/{row['of']}"
        told.setdefault(row["site"], []).append(f"{study.label('code', row['code'])} ({who})")
    return {site: "; ".join(parts) for site, parts in told.items()}
