"""What happened at each site and when people spoke of it: events beside statements, round by round (F8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from bwa_study.analysis.frequency import frequency
from bwa_study.model.errors import BwaError, SeveralCoders, shown
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study

_COLUMNS = ("site", "start", "end", "round", "kind", "name", "n", "denominator", "share", "note")


class NoTimeline(BwaError):
    """The study lacks what a timeline needs: sites, and dates of its rounds or events."""


@dataclass(frozen=True, eq=False, repr=False)
class Timeline(Result):
    """Events and statements, by site in declared order and then by time.

    ``table`` has the columns ``site``, ``start`` and ``end`` (YYYY-MM-DD; equal for an event, the round's window for
    statements and counts), ``round`` (empty for an event), ``kind`` (``event``, ``statement`` or ``count``), ``name``
    (kind of event, code, or field of the sites), ``n`` (of a count: the number), ``denominator`` and ``share`` (of the
    site's interviews of the round that say it, with either polarity; missing for events and counts, and ``share`` is
    NaN where nobody was asked) and ``note``.
    """

    picture: ClassVar[str] = "bwa_study.present.timeline:plot_timeline"

    sites: tuple[str, ...] = ()
    rounds: tuple[tuple[str, str, str], ...] = ()
    """Label, first and last day of every round that has both."""
    codes: tuple[tuple[str, str], ...] = ()
    """Id and label of the codes whose statements are shown."""
    matrix: CodingMatrix | None = field(default=None, repr=False)
    """The codings behind the statements."""


def timeline(matrix: CodingMatrix, *, codes: Sequence[str], counts: Sequence[str] = ()) -> Timeline:
    """Put the events of every site and what was said there in order of time.

    Parameters
    ----------
    matrix
        Of one coder.
    codes
        Whose statements are shown, such as those of the context: a few, or the figure is full.

    counts
        Fields of the table of sites that are there once a round as ``<field>_<round>`` and hold whole numbers, such as
        visits of the client.

    Raises
    ------
    SeveralCoders
        If the matrix has more than one coder.
    NoTimeline
        If the study has no sites, no such field, or neither events nor a round with its days.
    UnknownName
        If a code does not exist.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> m = bwa.matrix(bwa.demo_study(seed=1, size="lite"), coders=["simulated-human-A"])
    >>> table = bwa.timeline(m, codes=["covid"]).frame
    >>> table.query("site == 'F09' and kind == 'event'")["name"].tolist()
    ['training', 'covid', 'client_withdrawal']
    """
    if len(matrix.coders) != 1:
        raise SeveralCoders("timeline", matrix.coders)
    study = matrix.study
    for code in codes:
        study.codebook[code]
    dated = [r for r in study.rounds if r.start and r.end]
    if not study.sites or not (study.events or dated):
        raise NoTimeline("a timeline needs sites, and events or the days of the rounds — see 'events' in study.yaml")
    rows: list[tuple[object, ...]] = [
        (e.site, e.date, e.date, "", "event", e.kind, pd.NA, pd.NA, float("nan"), e.note) for e in study.events
    ]
    shares = frequency(matrix, by=("site", "round"), polarity=("mentioned",), themes=False).table
    shares = shares[shares["code"].isin(list(codes))]
    days = {r.id: (r.start, r.end) for r in dated}
    for row in shares.to_dict("records"):
        if row["round"] in days:
            said = (row["n"], row["denominator"], row["share"], "" if row["status"] == "ok" else row["status"])
            rows.append((row["site"], *days[row["round"]], row["round"], "statement", row["code"], *said))
    for name in counts:
        rows += _counts(study, name, days)
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    order = {site.id: n for n, site in enumerate(study.sites)}
    table = table.sort_values(["site", "start"], key=lambda c: c.map(order) if c.name == "site" else c, kind="stable")
    table[["n", "denominator"]] = table[["n", "denominator"]].astype("Int64")
    return Timeline(
        table=table.reset_index(drop=True),
        title="What happened at each site, and when people spoke of it",
        method="Events as the study lists them; statements: share of the site's interviews of the round that mention "
        "the code, of those asked and examined.",
        provenance=matrix.provenance,
        synthetic=study.synthetic,
        sites=study.levels("site"),
        rounds=tuple((r.label.text(study.language) or r.id, r.start, r.end) for r in dated),
        codes=tuple((code, study.label("code", code)) for code in codes),
        matrix=matrix,
    )


def _counts(study: Study, name: str, days: dict[str, tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    found = False
    for site in study.sites:
        fields = dict(site.attributes)
        for round, window in days.items():
            value = fields.get(f"{name}_{round}", "")
            found |= f"{name}_{round}" in fields
            if value.isdecimal():
                yield site.id, *window, round, "count", name, int(value), pd.NA, float("nan"), ""
    if not found:
        raise NoTimeline(f"the table of sites has no field '{shown(name)}_<round>' — leave it out of counts")
