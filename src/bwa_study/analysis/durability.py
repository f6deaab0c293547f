"""Did it last: what endured, faded or never came, site by site, with a rule for the least evidence (T8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bwa_study.analysis.evidence import Evidence, Said, evidence
from bwa_study.analysis.gate import reliability_gate
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

VERDICTS = ("endured", "faded", "never", "cannot say")
STATES = ("yes", "no", "silent", "cannot say", "not asked")


@dataclass(frozen=True, eq=False, repr=False)
class Durability(Result):
    """A row a site and code.

    ``table`` has the columns ``site``, ``theme``, ``code``, ``reliability`` (see
    `bwa_study.analysis.gate`); for each round ``<round>_state`` (one of `STATES`),
    ``<round>_net`` (present less absent, mean over interviews and then over groups, -1 to 1; NaN where nobody was
    asked), ``<round>_present``, ``<round>_absent``, ``<round>_asked`` (interviews) and ``<round>_groups`` (groups in
    which somebody says it is there); ``verdict`` (one of `VERDICTS`) and ``reason``.
    """

    evidence: Evidence | None = field(default=None, repr=False)

    def verdict(self, site: str, code: str) -> str:
        """The verdict of one site and code.

        Raises
        ------
        UnknownName
            If there is no such row.
        """
        row = self.table[(self.table["site"] == site) & (self.table["code"] == code)]
        if row.empty:
            raise UnknownName("site and code", f"{site}, {code}", [f"{s}, {c}" for s, c in self._keys()])
        return str(row["verdict"].iloc[0])

    @property
    def matrix(self) -> CodingMatrix | None:
        """The codings behind the numbers."""
        return self.evidence.people.matrix if self.evidence else None

    def quotes(self, site: str, code: str, *, round: str = "", polarity: str = "present") -> pd.DataFrame:
        """The words behind a cell; as many interviews as its ``present`` (or ``absent``) says."""
        assert self.evidence is not None
        return self.evidence.quotes(code, site=site, round=round, polarity=polarity)

    def compact(self) -> pd.DataFrame:
        """Sites down, codes across, the verdict in each cell."""
        return self.table.pivot_table(index="site", columns="code", values="verdict", aggfunc="first", sort=False)

    def _keys(self) -> list[tuple[str, str]]:
        return list(zip(self.table["site"], self.table["code"], strict=True))


def durability(
    matrix: CodingMatrix,
    *,
    codes: Sequence[str] | None = None,
    lasting: Sequence[str] | None = None,
    min_interviews: int = 3,
    min_groups: int = 2,
) -> Durability:
    r"""Say of each site and code whether it endured, faded or never came.

    Parameters
    ----------
    matrix
        Of one coder.
    codes
        All by default.
    lasting
        Codes that themselves say whether an improvement lasted, read in the last round alone: present is endured,
        absent faded, neither never. By default those that were asked in the last of several rounds only.
    min_interviews, min_groups
        The least evidence: so many interviews, from so many groups. A study of one group needs ``min_groups=1``.

    Returns
    -------
    Durability

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If a code does not exist.
    WrongCall
        If a minimum is below 1.

    Notes
    -----
    A round's state, of interviews that were asked and examined:

    .. math:: net = \frac{1}{G} \sum_g \frac{present_g - absent_g}{asked_g}

    ``yes``: net above 0, and present in at least `min_interviews` interviews from `min_groups` groups; ``no``: the
    same with absent, net below 0; ``silent``: enough were asked and neither holds; ``cannot say``: too few were
    asked; ``not asked``: nobody was.

    Verdict: ``endured`` if the last round asked is yes and an earlier one was; ``faded`` if an earlier one was yes and
    the last is no or silent; ``never`` if all are no or silent; else ``cannot say``, with the reason.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> bwa.durability(m, codes=["change_endures"]).verdict("F01", "change_endures")
    'endured'
    """
    if min(min_interviews, min_groups) < 1:
        raise WrongCall("the least evidence is at least 1 interview from 1 group — give min_interviews and min_groups")
    study = matrix.study
    found = evidence(matrix, codes)
    rounds = study.levels("round")
    names = found.people.codes
    late = _asked_last_only(found, rounds) if lasting is None else set(lasting)
    for code in late:
        study.codebook[code]
    rows = []
    for site in found.sites:
        for at, code in enumerate(names):
            cells = {r: [found.said(site, g, r, at) for g in study.levels("group")] for r in rounds}
            states = {r: _state(cells[r], min_interviews, min_groups) for r in rounds}
            verdict, reason = _verdict(states, lasting=code in late)
            row: dict[str, object] = {"site": site, "theme": study.codebook[code].theme, "code": code}
            for r in rounds:
                row |= {f"{r}_state": states[r], **{f"{r}_{k}": v for k, v in _sums(cells[r]).items()}}
            rows.append({**row, "verdict": verdict, "reason": reason})
    table = pd.DataFrame(rows)
    gate = reliability_gate(study)
    table.insert(3, "reliability", gate.column(table["theme"].tolist(), table["code"].tolist()))
    return Durability(
        table=table,
        title="What endured, faded or never came, by site",
        method=f"{_method(min_interviews, min_groups, sorted(late))} {gate.note(matrix.coders)}",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        evidence=found,
    )


def _method(min_interviews: int, min_groups: int, late: Sequence[str]) -> str:
    told = (
        "Yes: net (present less absent, mean over interviews and then over groups) above 0, and present in at least "
        f"{min_interviews} interviews from {min_groups} groups; no: the same for absent. Endured: yes in the last "
        "round asked and before; faded: yes before and not in the last; never: in no round; cannot say: too few were "
        "asked, or it came only in the last round."
    )
    return told + (f" Read in the last round alone, as they say whether it lasted: {', '.join(late)}." if late else "")


def _asked_last_only(found: Evidence, rounds: Sequence[str]) -> set[str]:
    if len(rounds) < 2:
        return set()
    when = np.array(found.people.rows["round"], dtype=object)
    out = set()
    for at, code in enumerate(found.people.codes):
        asked = {r for r in rounds if found.people.counted[when == r, at].any()}
        if asked == {rounds[-1]}:
            out.add(code)
    return out


def _sums(cells: Sequence[Said]) -> dict[str, float]:
    nets = [c.net for c in cells if c.asked]
    return {
        "net": float(np.mean(nets)) if nets else float("nan"),
        "present": sum(c.present for c in cells),
        "absent": sum(c.absent for c in cells),
        "asked": sum(c.asked for c in cells),
        "groups": sum(c.present > 0 for c in cells),
    }


def _state(cells: Sequence[Said], min_interviews: int, min_groups: int) -> str:
    sums = _sums(cells)
    if not sums["asked"]:
        return "not asked"
    if sums["net"] > 0 and sums["present"] >= min_interviews and sums["groups"] >= min_groups:
        return "yes"
    if sums["net"] < 0 and sums["absent"] >= min_interviews and sum(c.absent > 0 for c in cells) >= min_groups:
        return "no"
    enough = sums["asked"] >= min_interviews and sum(c.asked > 0 for c in cells) >= min_groups
    return "silent" if enough else "cannot say"


def _verdict(states: Mapping[str, str], *, lasting: bool) -> tuple[str, str]:
    asked = [state for state in states.values() if state != "not asked"]
    if not asked or states[list(states)[-1]] == "not asked":
        return "cannot say", "not asked in the last round"
    *before, last = asked
    if last == "cannot say":
        return "cannot say", "too few interviews in the last round"
    if lasting:
        return {"yes": "endured", "no": "faded", "silent": "never"}[last], ""
    if not before:
        return "cannot say", "asked in one round only; whether it lasts needs two"
    if "yes" in before:
        return ("endured" if last == "yes" else "faded"), ""
    if last == "yes":
        return "cannot say", "it came only in the last round; no later one tells whether it lasts"
    if "cannot say" in before:
        return "cannot say", "too few interviews in an earlier round"
    return "never", ""
