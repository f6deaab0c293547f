"""What must be coded again after the codebook changed, and what the change does to the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bwa_study.analysis.frequency import frequency
from bwa_study.model.codebook import Codebook
from bwa_study.model.codebook_changes import MigrationMap, codebook_changes, to_reread, whereto
from bwa_study.model.codings import Placed
from bwa_study.model.errors import Problem, ProblemsFound, did_you_mean, shown
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study

_QUEUE = ["coding", "transcript", "group", "round", "turn", "start", "end", "quote", "coder", "code", "why", "choices"]


class CodingsWouldBeLost(ProblemsFound):
    """Codes are gone that have codings, and nothing says where these go."""


@dataclass(frozen=True, eq=False)
class RecodingQueue(Result):
    """Codings to look at again, a row a coding.

    Columns: ``coding`` its id, ``transcript``, ``group``, ``round``, ``turn`` its number, ``start``, ``end``,
    ``quote``, ``coder``, ``code`` the old id, ``why``, ``choices`` the codes to choose from, joined with ``;``
    (for a changed definition the code itself: keep the coding or take it away).
    """

    def compact(self) -> pd.DataFrame:
        """Without ids and offsets."""
        return self.table[["transcript", "turn", "coder", "code", "why", "choices", "quote"]]


def recoding_queue(study: Study, new: Codebook, *, map: MigrationMap | None = None) -> RecodingQueue:
    """The codings that a change of the codebook sends back to people: of codes that were split or redefined.

    Parameters
    ----------
    study
        With the old codebook and the codings made with it.
    new
        The new codebook.
    map
        Where codings go; see `MigrationMap`.

    Raises
    ------
    CodingsWouldBeLost
        If a code is gone that has codings, and neither ``merged_from`` of the new codebook nor the map says where they
        go: with counts by coder. The map may also name codes that do not exist.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> queue = recoding_queue(study, study.codebook, map=MigrationMap(reread=("covid",))).table
    >>> len(queue), queue["why"].iloc[0]
    (121, 'definition changed: asked for in the map')
    """
    refuse_loss(study, new, map)
    targets, reread = whereto(study.codebook, new, map), to_reread(study.codebook, new, map)
    rows = []
    ids = study.codings.table["id"].tolist()
    for id, coding in zip(ids, study.codings, strict=True):
        to = targets.get(coding.code, ())
        if len(to) > 1:
            rows.append(_row(study, id, coding, f"split into {', '.join(to)}", to))
        elif (now := to[0] if to else coding.code) in reread and coding.code not in (map.retire if map else ()):
            rows.append(_row(study, id, coding, f"definition changed: {reread[now]}", (now,)))
    order = {t.id: n for n, t in enumerate(study.corpus)}
    rows.sort(key=lambda row: (order[str(row[1])], row[5], row[6]))
    title = f"Codings to read again: codebook {study.codebook.version} to {new.version}"
    method = (
        "A coding is listed if its code was split, or if what its code means was changed; renamed and merged codes "
    )
    method += "keep their codings."
    provenance = {"codebook": f"{study.codebook.version} to {new.version}", "codings": str(len(study.codings))}
    table = pd.DataFrame(rows, columns=_QUEUE)
    return RecodingQueue(table, title, method, provenance=provenance, synthetic=study.synthetic)


def _row(study: Study, id: str, coding: Placed, why: str, choices: Sequence[str]) -> tuple[object, ...]:
    transcript = study.corpus[coding.transcript]
    turn = next((t.number for t in transcript.turns if t.span.start < coding.end and coding.start < t.span.end), 0)
    return (
        id, coding.transcript, transcript.group, transcript.round, turn, coding.start, coding.end, coding.quote,
        coding.coder, coding.code, why, ";".join(choices),
    )  # fmt: skip


def refuse_loss(study: Study, new: Codebook, map: MigrationMap | None = None) -> None:
    """Refuse a change that would leave codings without a code, or a map that names codes which do not exist.

    Raises
    ------
    CodingsWouldBeLost
        With the codings by code and coder.
    """
    map = map or MigrationMap()
    problems = []

    def add(what: str, mend: str) -> None:
        problems.append(Problem(f"codebook {new.version}", 0, 0, what, mend))

    named_new = [*map.carry.values(), *(i for to in map.split.values() for i in to), *map.reread, *map.keep]
    for id in dict.fromkeys(i for i in named_new if i not in new):
        add(
            f"the map names '{shown(id)}', which the new codebook does not have{did_you_mean(id, new.ids)}",
            "correct it",
        )
    for id in dict.fromkeys(i for i in (*map.carry, *map.split, *map.retire) if i not in study.codebook):
        hint = did_you_mean(id, study.codebook.ids)
        add(f"the map names '{shown(id)}', which the old codebook does not have{hint}", "correct it")
    for id, to in whereto(study.codebook, new, map).items():
        coders = Counter(c.coder for c in study.codings if c.code == id)
        if not to and id not in map.retire and coders:
            listed = ", ".join(f"{n} by {shown(coder)}" for coder, n in coders.items())
            what = f"code '{shown(id)}' is gone and has {coders.total()} codings ({listed})"
            add(what, "say in the map where they go: carry, split or retire")
    if problems:
        raise CodingsWouldBeLost(problems)


@dataclass(frozen=True, eq=False)
class VersionEffect(Result):
    """Shares before and after a change of the codebook, a row a cell.

    Columns: ``theme``, ``code`` (new ids; a code empty is its theme), the fields compared, ``polarity``, ``n_before``,
    ``denominator_before``, ``share_before``, the same with ``_after``, ``difference`` (after minus before; missing
    where either is undefined), ``what`` happened to the code (empty if nothing).
    """

    def compact(self) -> pd.DataFrame:
        """The rows that differ, in per cent."""
        table = self.table[self.table["difference"].abs() > 0].copy()
        for name in ("share_before", "share_after", "difference"):
            table[name] = (table[name] * 100).round(0)
        return table


def version_effect(
    before: CodingMatrix, after: CodingMatrix, *, by: Sequence[str], map: MigrationMap | None = None
) -> VersionEffect:
    """Whether any share changes with the codebook: the same counts before and after, side by side.

    Parameters
    ----------
    before, after
        Matrices of one coder each, with the old and the new codebook.
    by
        Fields, as of `frequency`.
    map
        Where codings went.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> from dataclasses import replace
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> fewer = replace(study, codings=study.codings.where(lambda coding: coding.code != "covid"))
    >>> before, after = (bwa.matrix(s, coders=["simulated-human-A"]) for s in (study, fewer))
    >>> table = version_effect(before, after, by=("round",)).table
    >>> table[(table["code"] == "covid") & (table["polarity"] == "present")]["difference"].round(2).tolist()
    [0.0, -0.76, -0.39]
    """
    old, new = before.study.codebook, after.study.codebook
    targets = whereto(old, new, map)
    happened: dict[str, str] = {}
    for change in codebook_changes(old, new, map):
        for id in change.new:
            happened[id] = "; ".join(filter(None, [happened.get(id, ""), str(change)]))
    goals = list(targets.values())
    one = {id: to[0] for id, to in targets.items() if len(to) == 1 and goals.count(to) == 1 and to[0] not in old}
    keys = ["theme", "code", *by, "polarity"]
    values = ["n", "denominator", "share"]
    first, second = (frequency(m, by=by).frame[[*keys, *values]] for m in (before, after))
    themes = {code.id: code.theme for code in new}
    first["code"] = [one.get(id, id) for id in first["code"]]
    first["theme"] = [themes.get(code, theme) for code, theme in zip(first["code"], first["theme"], strict=True)]
    table = second.merge(first, how="outer", on=keys, suffixes=("_after", "_before"), sort=False)
    table["difference"] = table["share_after"] - table["share_before"]
    table["what"] = [happened.get(id, "") for id in table["code"]]
    table = table[[*keys, *(f"{v}_{when}" for when in ("before", "after") for v in values), "difference", "what"]]
    return VersionEffect(
        table,
        f"Shares before and after: codebook {old.version} to {new.version}",
        "The share of interviews that hold the code, counted alike with the codings of either version.",
        provenance={"codebook": f"{old.version} to {new.version}", "coder": before.coders[0]},
        synthetic=before.study.synthetic,
    )
