"""Can the coding be trusted: agreement of coders per code, with its interval, the main confusion and a status."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from bwa_study.analysis.alpha import krippendorff_alpha
from bwa_study.analysis.coefficients import cohen_kappa, percent_agreement
from bwa_study.model.errors import TooFewCoders, UnknownName
from bwa_study.model.matrix import CodingMatrix, Flags
from bwa_study.model.results import Result

Rule = Literal["krippendorff2004", "landis_koch1977"]
RULES: dict[Rule, tuple[float, float, str]] = {
    "krippendorff2004": (0.800, 0.667, "Krippendorff (2004), Content Analysis, p. 241: .800 and .667"),
    "landis_koch1977": (0.61, 0.41, "Landis & Koch (1977), Biometrics 33, p. 165: substantial .61, moderate .41"),
}
"""By rule: the value from which a code may be used, from which only with a note, and where that is published."""

_UNIT_COLUMNS = ["transcript", "turn"]
_COLUMNS = (
    "theme", "code", "n_units", "n_coded", "prevalence", "agreement", "alpha", "low", "high", "kappa",
    "polarity_agreement", "polarity_pairs", "confused_with", "confused", "status", "reason",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Reliability(Result):
    """Agreement per code, a row a code, in the order of the codebook.

    ``table`` has the columns ``theme``, ``code``, ``n_units`` (units two or more coders examined), ``n_coded`` (units
    any of them coded), ``prevalence`` (mean over coders of the share of units coded), ``agreement`` (share of pairs
    that agree), ``alpha`` (Krippendorff, nominal: coded or not), ``low``, ``high`` (95%, jackknife by transcript),
    ``kappa`` (Cohen; NaN with more than two coders), ``polarity_agreement`` (share of pairs that agree on present or
    absent where both coded; NaN where none did) and ``polarity_pairs``, ``confused_with`` (the code most often given
    instead), ``confused`` (how often), ``status`` and ``reason`` (why a number is missing).

    ``status`` is ``use``, ``tentative`` or ``qualitative`` by the *lower end* of the interval, or ``cannot say``.
    """

    picture: ClassVar[str] = "bwa_study.present.forest:plot_forest"

    rule: Rule = "krippendorff2004"
    labels: tuple[tuple[str, str], ...] = ()

    def compact(self) -> pd.DataFrame:
        """Code, units, prevalence, alpha with its interval, status."""
        shown = self.table.set_index("code")[
            ["n_units", "prevalence", "alpha", "low", "high", "confused_with", "status"]
        ]
        return shown.round({"prevalence": 3, "alpha": 3, "low": 3, "high": 3})


def reliability(
    matrix: CodingMatrix, *, coders: Sequence[str] | None = None, rule: Rule = "krippendorff2004"
) -> Reliability:
    """Agreement of two or more coders, code by code, on the units that at least two of them examined.

    A unit that was examined and not coded counts: it is where coders agree that there is nothing.

    Parameters
    ----------
    matrix
        Of turns or interviews, with two or more coders.
    coders
        Which of them; all by default.
    rule
        From which value of alpha a code may be used; the lower end of the interval decides.

    Raises
    ------
    TooFewCoders
        If fewer than two coders are chosen.
    UnknownName
        If a coder or the rule does not exist.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. Rules: see `RULES`.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> m = bwa.matrix(study, coders=["simulated-human-A", "simulated-human-B"])
    >>> bwa.reliability(m).frame.set_index("code").loc["client_influence", "confused_with"]
    'commercial_incentive'
    """
    if rule not in RULES:
        raise UnknownName("rule", rule, RULES)
    names = tuple(coders) if coders is not None else matrix.coders
    for name in names:
        if name not in matrix.coders:
            raise UnknownName("coder", name, matrix.coders)
    if len(set(names)) < 2:
        raise TooFewCoders("reliability", names)
    at = [matrix.coders.index(name) for name in dict.fromkeys(names)]
    which = matrix.units.groupby(_UNIT_COLUMNS, sort=False).ngroup().to_numpy()
    transcripts = matrix.units.loc[~matrix.units.duplicated(_UNIT_COLUMNS), "transcript"].to_numpy()
    present, absent = (_by_unit(layer[at], which) for layer in (matrix.present, matrix.absent))
    read = _by_unit(matrix.examined[at][:, :, None], which)[:, :, 0]
    keep = read.sum(axis=0) >= 2
    present, absent, read = present[:, keep], absent[:, keep], read[:, keep]
    coded = (present | absent) & read[:, :, None]
    codebook = matrix.study.codebook
    confusion = _confusion(coded, read)
    rows = []
    for n, code in enumerate(codebook):
        numbers = _numbers(coded[:, :, n], present[:, :, n], absent[:, :, n], read, transcripts[keep])
        numbers |= _confused(confusion, n, codebook.ids)
        rows.append({"theme": code.theme, "code": code.id, **numbers, "status": _status(numbers, rule)})
    columns = list(_COLUMNS)
    return Reliability(
        table=pd.DataFrame(rows)[columns],
        title=f"Agreement of {', '.join(dict.fromkeys(names))}, {matrix.unit} by {matrix.unit}",
        method=(
            "Krippendorff's alpha (nominal: coded or not) over all units that two or more coders examined; 95% "
            f"jackknife by transcript. Status by the lower end: {RULES[rule][2]}."
        ),
        source="Krippendorff (2011)",
        provenance={**matrix.provenance, "coder": ", ".join(dict.fromkeys(names)), "units": str(int(keep.sum()))},
        synthetic=matrix.study.synthetic,
        rule=rule,
        labels=tuple((c.id, c.label.text(matrix.study.language) or c.id) for c in codebook),
    )


def _by_unit(layers: Flags, which: np.ndarray) -> Flags:
    """Rows of the same unit (one a site) become one."""
    n = int(which.max()) + 1 if len(which) else 0
    out = np.zeros((layers.shape[0], n, layers.shape[2]), dtype=bool)
    for layer, joined in zip(layers, out, strict=True):
        np.logical_or.at(joined, which, layer)
    return out


def _numbers(coded: Flags, present: Flags, absent: Flags, read: Flags, clusters: np.ndarray) -> dict[str, object]:
    ratings = np.where(read, coded.astype(float), np.nan).T
    alpha = krippendorff_alpha(ratings, level="nominal", clusters=clusters)
    simple = percent_agreement(ratings, weights="identity")
    kappa = cohen_kappa(ratings, weights="identity").value if len(coded) == 2 else math.nan
    pairs, same = 0, 0
    for a in range(len(coded)):
        for b in range(a + 1, len(coded)):
            both = coded[a] & coded[b]
            pairs += int(both.sum())
            same += int((both & (present[a] == present[b]) & (absent[a] == absent[b])).sum())
    shares = [float(c[r].mean()) for c, r in zip(coded, read, strict=True) if r.any()]
    return {
        "n_units": alpha.n_units,
        "n_coded": int(coded.any(axis=0).sum()),
        "prevalence": float(np.mean(shares)) if shares else math.nan,
        "agreement": simple.value,
        "alpha": alpha.value,
        "low": alpha.interval.low,
        "high": alpha.interval.high,
        "kappa": kappa,
        "polarity_agreement": same / pairs if pairs else math.nan,
        "polarity_pairs": pairs,
        "reason": alpha.reason or alpha.interval.reason,
    }


def _confusion(coded: Flags, read: Flags) -> np.ndarray:
    """Code x code: units in which one coder gave only the first of the two and another coder only the second."""
    n = coded.shape[2]
    out = np.zeros((n, n), dtype=int)
    for a in range(len(coded)):
        for b in range(len(coded)):
            if a != b:
                shared = read[a] & read[b]
                only_a = (coded[a] & ~coded[b])[shared].astype(int)
                only_b = (coded[b] & ~coded[a])[shared].astype(int)
                out += only_a.T @ only_b
    return out


def _confused(confusion: np.ndarray, code: int, ids: tuple[str, ...]) -> dict[str, object]:
    row = confusion[code].copy()
    row[code] = 0
    most = int(row.argmax()) if len(row) else 0
    found = len(row) > 0 and row[most] > 0
    return {"confused_with": ids[most] if found else "", "confused": int(row[most]) if found else 0}


def _status(numbers: dict[str, object], rule: Rule) -> str:
    use, tentative, _ = RULES[rule]
    low = float(numbers["low"])  # type: ignore[arg-type]
    if math.isnan(low):
        return "cannot say"
    return "use" if low >= use else "tentative" if low >= tentative else "qualitative"
