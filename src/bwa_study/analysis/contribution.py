"""How strong the claim of a contribution is (T12): links of the theory of change, their tests, and rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from bwa_study.analysis.families import holm
from bwa_study.analysis.gate import reliability_gate
from bwa_study.analysis.necessity.interviews import interviews_of
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.analysis.tallies import sites_of, turn_of
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.theory import Link, LinkTest, Rivals, TheoryOfChange

STRENGTHS = ("strong", "moderate", "weak", "open", "not supported")
RULE = (
    "Strength. Not supported: a hoop or a doubly decisive test fails. Strong: a doubly decisive test passes, or a"
    " smoking gun and every hoop (one at least). Moderate: every hoop passes (one at least), or a smoking gun "
    "without a hoop. Weak: only straws in the wind pass. Open: no test says anything. A rival that stands at half"
    " of the sites or more lowers strong to moderate and moderate to weak; one that stands at fewer is named with"
    " its sites. A test passes where more interviews speak for it than against, and enough of them; it fails the "
    "other way round."
)
_SHOWN_REFS = 3
_LOWER = {"strong": "moderate", "moderate": "weak"}


@dataclass(frozen=True, eq=False, repr=False)
class Contribution(Result):
    """Links of the theory of change.

    ``table`` has a row a link: ``link``, ``claim``, ``tests`` (kind and verdict of each), ``for`` and ``against``
    (interviews that speak so, in any of its tests), ``refs_for`` and ``refs_against`` (the first places, as
    transcript:turn), ``rivals`` (those that stand, with their sites), ``strength`` (one of `STRENGTHS`),
    ``reliability`` (how many of its codes may be used for what, see `bwa_study.analysis.gate`).
    """

    tests: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """A row a test: ``link``, ``kind``, ``for``, ``against`` (interviews), ``verdict`` (passes, fails, open)."""
    rivals: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """A row a context code, site and group: ``code``, ``site``, ``group``, ``n``, ``of``, ``share``, ``elsewhere``
    (share at the other sites), ``p`` (Fisher, one-sided: more often here than elsewhere), ``p_holm`` (over the sites of
    that code and group), ``stands``."""
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """A row a coding and test: ``link``, ``test`` (number), ``side`` (for, against), ``id`` (of the coding),
    transcript, turn, group, round, sites, code, polarity."""
    matrix: CodingMatrix | None = field(default=None, repr=False)

    def quotes(self, link: str, *, side: str = "") -> pd.DataFrame:
        """The coded words behind a link; columns of `bwa_study.analysis.quotes.coded_quotes`.

        Raises
        ------
        UnknownName
            If there is no such link or side.
        """
        if link not in set(self.table["link"]):
            raise UnknownName("link", link, self.table["link"])
        if side not in ("", "for", "against"):
            raise UnknownName("side", side, ("for", "against"))
        assert self.matrix is not None
        rows = self.evidence[(self.evidence["link"] == link) & (self.evidence["side"].isin([side] if side else
                             ["for", "against"]))]  # fmt: skip
        codings = self.matrix.codings
        return coded_quotes(
            type(codings)(codings.frame[codings.table["id"].isin(rows["id"])]), self.matrix.study.corpus
        )

    def compact(self) -> pd.DataFrame:
        """A row a link; places in brackets."""
        t = self.table
        refs = {
            side: [f"{n} ({r})" if n else "0" for n, r in zip(t[side], t[f"refs_{side}"], strict=True)]
            for side in ("for", "against")
        }
        return pd.DataFrame(
            {"link": t["claim"], "evidence for": refs["for"], "against": refs["against"], "tests": t["tests"],
             "rival explanations": t["rivals"], "strength": t["strength"],
             "reliability of the codes": t["reliability"]}
        )  # fmt: skip


def contribution(matrix: CodingMatrix, *, theory: TheoryOfChange | None = None) -> Contribution:
    """Put each link of a theory of change to its tests and look for what else could explain the change.

    Parameters
    ----------
    matrix
        Of one coder.
    theory
        That of the study's `study.yaml` by default.

    Raises
    ------
    WrongCall
        If the study declares none.
    SeveralCoders
        If the matrix has more than one coder.
    UnknownName
        If the theory names what the study does not have.

    Notes
    -----
    The rule of strength is `RULE`; it is printed with the result. Counting interviews is not weighing them: read the
    quotes on both sides.

    References
    ----------
    Mayne (2008), ILAC Brief 16 (contribution analysis); Van Evera (1997), Guide to Methods, pp. 31-32, and Collier
    (2011), PS 44, 823-830 (the tests).

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> bwa.contribution(m).frame["link"].tolist()
    ['coaching', 'oversight', 'openness', 'endurance']
    """
    chosen = theory or matrix.study.theory
    if chosen is None:
        raise WrongCall(
            "this study declares no theory of change — add the block 'contribution' to study.yaml, see "
            "docs/necessity.md"
        )
    placed = _placed(matrix)
    rivals = rivals_by_site(chosen.rivals, matrix)
    standing = _standing(rivals, matrix)
    rows, tests, evidence = [], [], []
    for link in chosen.links:
        found = [_tested(link, n, test, matrix, placed) for n, test in enumerate(link.tests, start=1)]
        tests += [line for line, _ in found]
        own = pd.concat([part for _, part in found], ignore_index=True)
        evidence.append(own)
        rows.append(_row(link, [line for line, _ in found], own, standing, matrix))
    return Contribution(
        table=pd.DataFrame(rows),
        title="Contribution: links of the theory of change",
        method=f"{RULE} A rival stands at a site where {chosen.rivals.share:.0%} of one group's interviews there, and "
        f"{chosen.rivals.interviews} or more, name it. {reliability_gate(matrix.study).note(matrix.coders)}",
        source="Mayne (2008), ILAC Brief 16; Van Evera (1997), pp. 31-32; Collier (2011), PS 44, 823-830",
        provenance=matrix.provenance,
        synthetic=matrix.study.synthetic,
        tests=pd.DataFrame(tests),
        rivals=rivals,
        evidence=pd.concat(evidence, ignore_index=True),
        matrix=matrix,
    )


def _placed(matrix: CodingMatrix) -> pd.DataFrame:
    corpus, rows = matrix.study.corpus, []
    for id, coding in zip(matrix.codings.table["id"], matrix.codings, strict=True):
        t = corpus[coding.transcript]
        turn = turn_of(t, coding)
        sites = ";".join(sites_of(t, turn, coding))
        rows.append((id, t.id, turn.number, t.group, t.round, sites, coding.code, coding.polarity))
    return pd.DataFrame(rows, columns=["id", "transcript", "turn", "group", "round", "sites", "code", "polarity"])


def _tested(
    link: Link, n: int, test: LinkTest, matrix: CodingMatrix, placed: pd.DataFrame
) -> tuple[dict[str, object], pd.DataFrame]:
    study = matrix.study
    for kind, given in (("group", test.informants), ("round", test.rounds)):
        for name in given:
            if name not in study.levels(kind):
                raise UnknownName(kind, name, study.levels(kind))
    weights = dict(test.codes)
    for code in weights:
        study.codebook[code]
    own = placed[
        placed["code"].isin(weights) & placed["group"].isin(test.informants) & placed["round"].isin(test.rounds)
    ]
    up = own["code"].map(weights).to_numpy(dtype=np.float64) > 0
    own = own.assign(link=link.id, test=n, side=np.where(up == (own["polarity"] == "present"), "for", "against"))
    speak = own.groupby("side")["transcript"].nunique()
    yes, no = int(speak.get("for", 0)), int(speak.get("against", 0))
    verdict = "passes" if yes > no and yes >= test.fewest else "fails" if no > yes and no >= test.fewest else "open"
    return {"link": link.id, "kind": test.kind, "for": yes, "against": no, "verdict": verdict}, own


def strength_of(tests: Sequence[tuple[str, str]], *, widespread_rival: bool) -> str:
    """The strength of a link by `RULE`, of pairs of kind and verdict of its tests.

    Examples
    --------
    >>> strength_of([("hoop", "passes"), ("smoking gun", "passes")], widespread_rival=False)
    'strong'
    """
    by = {kind: [v for k, v in tests if k == kind] for kind, _ in tests}
    hoops, guns, both = (by.get(kind, []) for kind in ("hoop", "smoking gun", "doubly decisive"))
    if "fails" in hoops or "fails" in both:
        return "not supported"
    all_hoops = bool(hoops) and all(v == "passes" for v in hoops)
    if "passes" in both or ("passes" in guns and all_hoops):
        found = "strong"
    elif all_hoops or ("passes" in guns and not hoops):
        found = "moderate"
    else:
        found = "weak" if any(v == "passes" for _, v in tests) else "open"
    return _LOWER.get(found, found) if widespread_rival else found


def _row(
    link: Link, tests: list[dict[str, object]], evidence: pd.DataFrame, standing: dict[str, tuple[str, ...]],
    matrix: CodingMatrix,
) -> dict[str, object]:  # fmt: skip
    study = matrix.study
    codes = tuple(dict.fromkeys(code for test in link.tests for code, _ in test.codes))
    widespread = any(len(sites) * 2 >= len(study.sites) for sites in standing.values() if sites)
    refs, counts = {}, {}
    for side in ("for", "against"):
        rows = evidence[evidence["side"] == side].drop_duplicates(["transcript", "turn"])
        places = [f"{t}:{n}" for t, n in zip(rows["transcript"], rows["turn"], strict=True)]
        more = f" … {len(places) - _SHOWN_REFS} more" if len(places) > _SHOWN_REFS else ""
        refs[side], counts[side] = ", ".join(places[:_SHOWN_REFS]) + more, rows["transcript"].nunique()
    named = [
        f"{study.label('code', code)}: {_sites_in_words(sites, len(study.sites))}"
        for code, sites in standing.items()
        if sites
    ]
    return {
        "link": link.id,
        "claim": link.claim.text(study.language) or link.id,
        "tests": "; ".join(f"{t['kind']} {t['verdict']} ({t['for']} : {t['against']})" for t in tests),
        "for": counts["for"],
        "against": counts["against"],
        "refs_for": refs["for"],
        "refs_against": refs["against"],
        "rivals": "; ".join(named) or "none stands",
        "reliability": reliability_gate(study).summary(codes),
        "strength": strength_of([(str(t["kind"]), str(t["verdict"])) for t in tests], widespread_rival=widespread),
    }


def _sites_in_words(sites: tuple[str, ...], of: int) -> str:
    return f"{len(sites)} of {of} sites" if len(sites) * 2 >= of else ", ".join(sites)


def rivals_by_site(rivals: Rivals, matrix: CodingMatrix) -> pd.DataFrame:
    """How often each rival explanation is named, a row a context code, site and group; see `Contribution.rivals`.

    Raises
    ------
    UnknownName
        If a code does not exist.
    """
    study, rows = matrix.study, []
    interviews = interviews_of(matrix)
    table = interviews.table
    groups, sites = table["group"].to_numpy(dtype=object), table["site"].to_numpy(dtype=object)
    in_round = table["round"].isin(rivals.rounds).to_numpy() & interviews.read
    for code in rivals.codes:
        study.codebook[code]
        at = matrix.codes.index(code)
        said, asked = interviews.present[:, at], interviews.asked[:, at] & in_round
        for group in study.levels("group"):
            own = []
            for site in study.levels("site"):
                here, there = asked & (groups == group) & (sites == site), asked & (groups == group) & (sites != site)
                own.append(_rival(code, site, group, said, here, there, rivals))
            p = holm(np.array([float(str(row["p"])) for row in own]))
            rows += [{**row, "p_holm": float(q)} for row, q in zip(own, p, strict=True)]
    columns = ["code", "site", "group", "n", "of", "share", "elsewhere", "p", "p_holm", "stands"]
    return pd.DataFrame(rows, columns=columns)


def _rival(
    code: str, site: str, group: str, said: np.ndarray, here: np.ndarray, there: np.ndarray, rivals: Rivals
) -> dict[str, object]:
    n, of, m, others = int(said[here].sum()), int(here.sum()), int(said[there].sum()), int(there.sum())
    share = n / of if of else float("nan")
    p = float(fisher_exact([[n, of - n], [m, others - m]], alternative="greater")[1]) if of and others else float("nan")
    return {
        "code": code, "site": site, "group": group, "n": n, "of": of, "share": share,
        "elsewhere": m / others if others else float("nan"), "p": p,
        "stands": bool(of) and share >= rivals.share and n >= rivals.interviews,
    }  # fmt: skip


def _standing(rivals: pd.DataFrame, matrix: CodingMatrix) -> dict[str, tuple[str, ...]]:
    """By context code the sites at which it stands in any group, in declared order."""
    return {
        str(code): tuple(s for s in matrix.study.levels("site") if s in set(part.loc[part["stands"], "site"]))
        for code, part in rivals.groupby("code", sort=False)
    }
