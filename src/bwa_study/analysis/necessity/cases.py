"""Cases of a study: sites with scores in conditions and outcome, each with the sentences behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity import calibration
from bwa_study.analysis.necessity.expressions import Floats
from bwa_study.analysis.necessity.interviews import Interviews, interviews_of
from bwa_study.analysis.necessity.raw_scores import RawScore, calibrated, evidence_table, raw_scores
from bwa_study.analysis.necessity.scores import Cases
from bwa_study.analysis.quotes import COLUMNS, coded_quotes
from bwa_study.analysis.tallies import sites_of, turn_of
from bwa_study.model.case_rules import CaseRules, Measure
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.study import Study

COUNTS = ("evidence", "groups", "said", "denied")


@dataclass(frozen=True, eq=False, repr=False)
class StudyCases(Cases):
    """Cases scored from codings.

    ``table`` has, beyond the columns of `Cases`: ``raw`` (-1 to 1 for codes; NaN: cannot be classified), ``evidence``
    (interviews in which it was asked about), ``groups`` (they come from), ``said`` and ``denied`` (interviews for and
    against), and ``remark`` (not confirmed; exactly at the threshold).
    """

    rules: CaseRules | None = field(default=None, repr=False)
    matrix: CodingMatrix | None = field(default=None, repr=False)

    def notes(self) -> list[str]:
        """The lines of `Cases`, scores exactly on a threshold, and conditions read in the outcome's round."""
        lines = super().notes()
        for row in self.table[self.table["remark"].str.startswith("exactly")].to_dict("records"):
            lines.append(
                f"Warning: {row['case']}: {row['measure']} is {row['remark']}; move the threshold, or look again"
            )
        assert self.rules is not None
        last = self.rules.measure(self.outcome).rounds[-1:]
        same = [m.id for m in self.rules.conditions if last and m.rounds[-1:] == last]
        if same:
            lines.append(f"Read in the outcome's own round {last[0]}, not before it: {', '.join(same)}.")
        return lines

    @property
    def raw(self) -> pd.DataFrame:
        """Raw scores of what is read from codings or a survey, before calibration: a row a case, the outcome last."""
        assert self.rules is not None
        names = [m.id for m in (*self.rules.conditions, self.rules.measure(self.outcome)) if m.source != "attribute"]
        return self.table.pivot(index="case", columns="measure", values="raw").reindex(self.ids)[names]

    def evidence(self, measure: str, case: str | None = None) -> pd.DataFrame:
        """The codings behind the scores of a measure, a row a coding.

        Parameters
        ----------
        measure
            Id of a condition or of the outcome.
        case
            A site; all by default.

        Returns
        -------
        pandas.DataFrame
            Columns ``id`` (of the coding), transcript, group, round, site, code, polarity, ``measure``, ``side`` (for
            or against).

        Raises
        ------
        UnknownName
            If there is no such measure or case.
        """
        assert self.matrix is not None
        found = evidence_table(self._measure(measure), _placed(self.matrix))
        if case is None:
            return found
        if case not in self.ids:
            raise UnknownName("case", case, self.ids)
        return found[found["site"] == case].reset_index(drop=True)

    def quotes(self, measure: str, case: str, *, side: str = "") -> pd.DataFrame:
        """The coded words behind one score; columns of `bwa_study.analysis.quotes.coded_quotes` and ``side``.

        Parameters
        ----------
        measure, case
            Which score.
        side
            ``for`` or ``against``; both by default.

        Raises
        ------
        UnknownName
            If there is no such measure, case or side.
        """
        if side not in ("", "for", "against"):
            raise UnknownName("side", side, ("for", "against"))
        assert self.matrix is not None
        found = self.evidence(measure, case)
        if side:
            found = found[found["side"] == side]
        sides = dict(zip(found["id"], found["side"], strict=True))
        codings = self.matrix.codings
        chosen = codings.frame[codings.table["id"].isin(sides)]
        if chosen.empty:
            return pd.DataFrame(columns=[*COLUMNS, "side"])
        words = coded_quotes(type(codings)(chosen), self.matrix.study.corpus)
        weights = dict(self._measure(measure).codes)
        for_it = [(weights[c] > 0) == (p == "present") for c, p in zip(words["code"], words["polarity"], strict=True)]
        return words.assign(side=np.where(for_it, "for", "against"))

    def _measure(self, id: str) -> Measure:
        assert self.rules is not None
        return self.rules.measure(id)

    def label(self, id: str, language: str = "en") -> str:
        """What people read for a condition or the outcome."""
        return self._measure(id).label.text(language) or id


def cases(matrix: CodingMatrix, *, rules: CaseRules | None = None) -> StudyCases:
    """Score the sites of a study in its conditions and its outcome, by the declared rules.

    Parameters
    ----------
    matrix
        Of one coder.
    rules
        Those of the study's `study.yaml` by default.

    Returns
    -------
    StudyCases
        What cannot be classified is NaN with the reason; it is never turned into 0.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    WrongCall
        If the study declares no rules, or a measure needs a survey it has not.
    UnknownName
        If the rules name what the study does not have.

    Notes
    -----
    Raw scores: see `bwa_study.analysis.necessity.raw_scores.raw_scores`; then each measure's calibration.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> found = bwa.cases(m)
    >>> found.conditions, found.outcome
    (('oversight', 'openness', 'shock', 'trained'), 'endures')
    """
    chosen = rules or matrix.study.necessity
    if chosen is None:
        raise WrongCall(
            "this study does not say how its cases are scored — add the block 'necessity' to study.yaml, see "
            "docs/necessity.md"
        )
    return score_cases(matrix, interviews_of(matrix), chosen)


def score_cases(matrix: CodingMatrix, interviews: Interviews, rules: CaseRules) -> StudyCases:
    """As `cases`, of interviews that are laid out already."""
    study = matrix.study
    ordered = [*rules.conditions, rules.measure(rules.outcome)]
    rows: list[dict[str, object]] = []
    columns = {}
    for measure in ordered:
        raw = raw_scores(measure, study, interviews)
        scores = calibrated(raw, measure.calibration)
        columns[measure.id] = scores
        role = "outcome" if measure.id == rules.outcome else "condition"
        lines = zip(study.sites, _lines(raw, measure, scores), strict=True)
        rows += [{"case": site.id, "measure": measure.id, "role": role, **line} for site, line in lines]
    levels = {
        m.id: len(m.calibration.anchors) + 1
        for m in ordered
        if m.calibration.kind == "multi_value" and len(m.calibration.anchors) > 1
    }
    return StudyCases(
        table=pd.DataFrame(rows),
        title=f"Scores of {len(study.sites)} cases",
        method="; ".join(map(_said_of, ordered)) + ".",
        provenance={**matrix.provenance, "case": "site"},
        synthetic=study.synthetic,
        scores=pd.DataFrame(columns, index=pd.Index([s.id for s in study.sites], name="case")),
        outcome=rules.outcome,
        levels=levels,
        rules=rules,
        matrix=matrix,
    )


def with_informants(rules: CaseRules, **informants: Sequence[str]) -> CaseRules:
    """The same rules with other informants for some measures, such as ``with_informants(rules, openness=["manager"])``.

    The fewest groups and the groups that must confirm are lowered to the number of informants where they are more.

    Raises
    ------
    UnknownName
        If there is no such measure.
    """
    for id in informants:
        rules.measure(id)
    changed = []
    for m in rules.measures:
        groups = tuple(informants.get(m.id, m.informants))
        fewest, confirmed = min(m.fewest_groups, len(groups)), min(m.confirmed_groups, len(groups))
        same = m.id not in informants
        changed.append(m if same else replace(m, informants=groups, fewest_groups=fewest, confirmed_groups=confirmed))
    return replace(rules, measures=tuple(changed))


def score_frame(interviews: Interviews, rules: CaseRules, study: Study) -> pd.DataFrame:
    """The scores alone, a row a case, the outcome last: for the many rounds of a check of robustness."""
    ordered = [*rules.conditions, rules.measure(rules.outcome)]
    columns = {m.id: calibrated(raw_scores(m, study, interviews), m.calibration) for m in ordered}
    return pd.DataFrame(columns, index=pd.Index([s.id for s in study.sites], name="case"))


def _lines(raw: list[RawScore], measure: Measure, scores: Floats) -> list[dict[str, object]]:
    unconfirmed = calibrated([replace(one, confirmed=True) for one in raw], measure.calibration)
    return [
        {
            "score": float(score),
            "reason": one.reason,
            "raw": one.value,
            **{name: getattr(one, name) for name in COUNTS},
            "remark": _remark(one, measure, float(score), float(otherwise)),
        }
        for one, score, otherwise in zip(raw, scores, unconfirmed, strict=True)
    ]


def _remark(one: RawScore, measure: Measure, score: float, otherwise: float) -> str:
    how = measure.calibration
    if score != otherwise and otherwise == otherwise:
        need = f"{measure.confirmed_interviews} interviews of {measure.confirmed_groups} groups"
        return f"counts as out: not confirmed by {need} ({one.said} say so)"
    on_threshold = how.kind == "crisp" and calibration.settled([one.value], how.anchors)[0] == how.anchors[0]
    if on_threshold and measure.source != "attribute":
        return f"exactly at the threshold: {'out' if how.strict else 'in'}"
    if how.kind != "multi_value" and score == 0.5:
        return "exactly .5: neither in nor out"
    return ""


def _said_of(measure: Measure) -> str:
    if measure.source == "attribute":
        return f"{measure.id}: the table of sites, {measure.attribute}"
    how = measure.calibration
    anchors = ", ".join(f"{a:g}" for a in how.anchors)
    kind = f"{'above' if how.strict else 'from'} {anchors}" if how.kind == "crisp" else f"{how.kind} ({anchors})"
    of = f"{len(measure.codes)} code{'s' if len(measure.codes) > 1 else ''}"
    if measure.source == "survey":
        of = f"survey ({', '.join(measure.items)})"
    text = f"{measure.id}: {of}, {', '.join(measure.informants)}, {', '.join(measure.rounds)}, {kind}"
    if measure.confirmed_interviews:
        text += f", said in {measure.confirmed_interviews} interviews of {measure.confirmed_groups} groups or more"
    if measure.silence == "out":
        text += ", silence counts as out"
    return text


def _placed(matrix: CodingMatrix) -> pd.DataFrame:
    """Codings of the matrix with site, group and round; a coding about several sites has a row for each."""
    corpus = matrix.study.corpus
    rows = []
    for id, coding in zip(matrix.codings.table["id"], matrix.codings, strict=True):
        t = corpus[coding.transcript]
        for site in sites_of(t, turn_of(t, coding), coding):
            rows.append((id, t.id, t.group, t.round, site, coding.code, coding.polarity))
    return pd.DataFrame(rows, columns=["id", "transcript", "group", "round", "site", "code", "polarity"])
