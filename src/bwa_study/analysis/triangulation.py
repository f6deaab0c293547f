"""One site, several groups: do they agree, partly agree, contradict each other, or say nothing (T6)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from bwa_study.analysis.evidence import Evidence, Said, evidence
from bwa_study.analysis.gate import reliability_gate
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result

SIGNS = ("+", "-", "+/-", ".", "x", "not visited")
"""There, not there, mixed, silent though asked, not asked, no interview."""
VERDICTS = ("agree", "partly", "contradict", "silent", "not asked", "not visited")


@dataclass(frozen=True, eq=False, repr=False)
class Triangulation(Result):
    """A row a site, round and code.

    ``table`` has the columns ``site``, ``round``, ``theme``, ``code``,
    ``reliability`` (see `bwa_study.analysis.gate`); for each group ``<group>`` (one of `SIGNS`),
    ``<group>_present``, ``<group>_absent`` and ``<group>_asked`` (interviews); and ``verdict`` (one of `VERDICTS`).
    """

    groups: tuple[str, ...] = ()
    evidence: Evidence | None = field(default=None, repr=False)

    def verdict(self, site: str, round: str, code: str) -> str:
        """The verdict of one row.

        Raises
        ------
        UnknownName
            If there is no such row.
        """
        rows = self.table
        for name, value in (("site", site), ("round", round), ("code", code)):
            if value not in set(rows[name]):
                raise UnknownName(name, value, list(dict.fromkeys(rows[name])))
            rows = rows[rows[name] == value]
        return str(rows["verdict"].iloc[0])

    @property
    def matrix(self) -> CodingMatrix | None:
        """The codings behind the numbers."""
        return self.evidence.people.matrix if self.evidence else None

    def quotes(
        self, site: str, code: str, *, round: str = "", group: str = "", polarity: str = "mentioned"
    ) -> pd.DataFrame:
        """The words behind a cell; as many interviews as its ``present`` (or ``absent``) says."""
        assert self.evidence is not None
        return self.evidence.quotes(code, site=site, group=group, round=round, polarity=polarity)

    def side_by_side(self, site: str, code: str, *, round: str) -> pd.DataFrame:
        """The sentences of the groups in columns beside each other, one coding a line; ``+`` or ``-`` in front.

        Beside the column of a group stands ``<group>_translation``: the turn in the interview's other language, empty
        where there is none. Words whose owner did not allow quoting are left out, and a line says so in their place.
        """
        columns = {}
        for group in self.groups:
            found = self.quotes(site, code, round=round, group=group)
            signs = found["polarity"].map({"present": "+ ", "absent": "- "})
            allowed = found["consent_quotes"] != "none"
            words = found["quote"].where(allowed, "(no consent to quote)")
            columns[group] = pd.Series((signs + words).tolist(), dtype=object)
            columns[f"{group}_translation"] = pd.Series(found["translation"].where(allowed, "").tolist(), dtype=object)
        return pd.DataFrame(columns).fillna("")

    def compact(self) -> pd.DataFrame:
        """Sites and rounds down, codes across: the signs in order of the groups, and the verdict."""
        shown = self.table.copy()
        signs = shown[list(self.groups)].replace("not visited", "∅")
        shown["cell"] = signs.agg(" ".join, axis=1) + "  " + shown["verdict"]
        index = ["site", "round"] if shown["round"].nunique() > 1 else ["site"]
        return shown.pivot_table(index=index, columns="code", values="cell", aggfunc="first", sort=False)


def triangulate(
    matrix: CodingMatrix,
    *,
    rounds: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    majority: float = 2.0,
) -> Triangulation:
    """Hold the groups of each site against each other, code by code.

    Parameters
    ----------
    matrix
        Of one coder.
    rounds, codes
        All by default.
    majority
        A group's sign is + where more than `majority` times as many of its interviews say that the thing is there as
        say it is not, - the other way, and mixed where neither holds.

    Returns
    -------
    Triangulation

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If a round or a code does not exist.
    WrongCall
        If the study has fewer than two groups, or `majority` is below 1.

    Notes
    -----
    Verdict over the groups that spoke: ``contradict`` if one says + and another -; ``agree`` if two or more spoke and
    all have one sign; ``partly`` if a sign is mixed, or only one group spoke where others were asked; ``silent`` if
    nobody did; ``not asked`` and ``not visited`` if there was nobody to speak.

    References
    ----------
    Farmer, T., Robinson, K., Elliott, S. J. & Eyles, J. (2006). Developing and implementing a triangulation protocol
    for qualitative health research. *Qualitative Health Research* 16, 377-394: agreement, partial agreement,
    dissonance, silence.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> table = bwa.triangulate(m, rounds=["R1"], codes=["follow_up"]).frame.set_index("site")
    >>> table.loc["F06", "worker"]
    'not visited'
    """
    study = matrix.study
    groups = study.levels("group")
    if len(groups) < 2:
        raise WrongCall(f"triangulation needs 2 groups or more, found {len(groups)} ({', '.join(groups)})")
    if majority < 1:
        raise WrongCall(f"a majority of {majority:g} to 1 is none — give 1 or more")
    chosen = study.levels("round") if rounds is None else tuple(rounds)
    for round in chosen:
        if round not in study.levels("round"):
            raise UnknownName("round", round, study.levels("round"))
    found = evidence(matrix, codes)
    rows = []
    for site, round, (at, code) in itertools.product(found.sites, chosen, enumerate(found.people.codes)):
        cells = {g: found.said(site, g, round, at) for g in groups}
        signs = {g: sign(said, majority) for g, said in cells.items()}
        row: dict[str, object] = {"site": site, "round": round, "theme": study.codebook[code].theme, "code": code}
        for g, said in cells.items():
            row |= {g: signs[g], f"{g}_present": said.present, f"{g}_absent": said.absent, f"{g}_asked": said.asked}
        rows.append({**row, "verdict": verdict(signs)})
    table = pd.DataFrame(rows)
    gate = reliability_gate(study)
    table.insert(4, "reliability", gate.column(table["theme"].tolist(), table["code"].tolist()))
    return Triangulation(
        table=table,
        title=f"Triangulation of {', '.join(study.label('group', g) for g in groups)} within sites",
        method=f"Signs in the order of the groups: + there, - not there (more than {majority:g} times as many "
        "interviews say so as say the opposite), +/- mixed, . silent though asked, x not asked, ∅ not visited. "
        "Agree: two or more groups spoke, with one sign; contradict: + against -; partly: mixed, or one group "
        f"spoke alone. {gate.note(matrix.coders)}",
        source="Farmer, Robinson, Elliott & Eyles (2006)",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        groups=groups,
        evidence=found,
    )


def sign(said: Said, majority: float) -> str:
    """The sign of one group's interviews; see `triangulate`.

    Examples
    --------
    >>> sign(Said(4, 4, 3, 1), 2.0), sign(Said(4, 4, 2, 1), 2.0), sign(Said(4, 0, 0, 0), 2.0)
    ('+', '+/-', 'x')
    """
    if not said.made:
        return "not visited"
    if not said.asked:
        return "x"
    if not said.present and not said.absent:
        return "."
    if said.present > majority * said.absent:
        return "+"
    return "-" if said.absent > majority * said.present else "+/-"


def verdict(signs: Mapping[str, str]) -> str:
    """The verdict over the groups' signs; see `triangulate`.

    Examples
    --------
    >>> verdict({"a": "+", "b": "."}), verdict({"a": "+", "b": "-"}), verdict({"a": "+", "b": "x", "c": "+"})
    ('partly', 'contradict', 'agree')
    """
    spoke = [s for s in signs.values() if s in ("+", "-", "+/-")]
    if not spoke:
        asked = "." in signs.values()
        return "silent" if asked else "not asked" if "x" in signs.values() else "not visited"
    if "+" in spoke and "-" in spoke:
        return "contradict"
    return "agree" if len(spoke) > 1 and len(set(spoke)) == 1 and spoke[0] != "+/-" else "partly"
