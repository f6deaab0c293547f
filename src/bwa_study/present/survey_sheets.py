"""The survey of a study folder as one workbook: items, scales, panel, and where it meets the interviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from bwa_study.analysis.survey_cells import Cluster
from bwa_study.analysis.survey_items import survey_items
from bwa_study.analysis.survey_panel import Panel, panel, survey_interviews
from bwa_study.analysis.survey_scales import SurveyScales, survey_change, survey_scales
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.survey import SurveyItem
from bwa_study.present.tables import csv_bytes, labelled, write_files
from bwa_study.present.workbook import workbook_bytes


def write_survey(
    path: str | Path,
    out: str | Path,
    *,
    by: Sequence[str] = ("group", "round"),
    cluster: Cluster = "site",
    progress: Progress | None = None,
) -> str:
    """Write the tables of a study's survey.

    Parameters
    ----------
    path
        The study folder.
    out
        ``.xlsx``: a workbook with the sheets Items, Wording, Levels, Scales, Dropped (alpha if an item is dropped),
        Change (from the first to the last round), Panel, Balance and Interviews, each where there is what it needs.
        ``.csv``: the items; each other sheet in a file beside it, whose name ends in its name.
    by, cluster
        As in `survey_items`.
    progress
        Told of every transcript read.

    Returns
    -------
    str
        One line that sums the survey up.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    NoSurvey
        If it has no survey.
    UnknownName
        If the ending or a field of `by` is unknown.
    """
    out = Path(out)
    if out.suffix not in (".csv", ".xlsx"):
        raise UnknownName("kind of table", out.suffix, (".csv", ".xlsx"))
    study = load_study(path, progress=progress)
    items = survey_items(study, by=by, cluster=cluster)
    sheets = survey_sheets(study, by=by, cluster=cluster)
    if out.suffix == ".xlsx":
        files = {out: workbook_bytes(items, beside=sheets, sheet="Items")}
    else:
        beside = {out.with_name(f"{out.stem}_{name.lower()}.csv"): csv_bytes(labelled(r)) for name, r in sheets.items()}
        files = {out: csv_bytes(labelled(items)), **beside}
    refuse_inputs(study, path, files)
    write_files(files)
    people = int(items.provenance["respondents"])
    rounds = len({wave.round for wave in study.surveys})
    shown = {item.id for wave in study.surveys for item in wave.items}
    return f"{out}: {people:,} respondents in {rounds} rounds, {len(shown)} items; {_linked(sheets['Panel'])}"


def survey_sheets(study: Study, *, by: Sequence[str], cluster: Cluster) -> dict[str, Result]:
    """Every table beside the items, by the name of its sheet; empty ones are left out."""
    items = survey_items(study, by=by, cluster=cluster)
    scales = survey_scales(study, by=by, cluster=cluster)
    found = panel(study)
    sheets: dict[str, Result] = {
        "Wording": _wording(study, items),
        "Levels": _beside(items, items.spread, "Answers level by level"),
        "Scales": scales,
        "Dropped": _dropped(scales),
        "Panel": found,
        "Balance": _beside(found, found.balance, "Who left, compared with who stayed"),
        "Interviews": survey_interviews(study),
    }
    rounds = [one for one in study.levels("round") if any(wave.round == one for wave in study.surveys)]
    if len(rounds) > 1:
        fields = [name for name in by if name != "round"]
        sheets["Change"] = survey_change(study, between=(rounds[0], rounds[-1]), by=fields, cluster=cluster)
    return {name: one for name, one in sheets.items() if len(one.table) or name == "Panel"}


def _beside(result: Result, table: pd.DataFrame, title: str) -> Result:
    return Result(
        table=table,
        title=title,
        method=result.method,
        source=result.source,
        provenance=result.provenance,
        synthetic=result.synthetic,
    )


def _dropped(scales: SurveyScales) -> Result:
    one = _beside(scales, scales.dropped, "Alpha if an item is dropped")
    return replace(
        one, method="Alpha of the scale without the item; correlation of the item with the sum of the others."
    )


def _wording(study: Study, items: Result) -> Result:
    """The question of every item, in the study's languages, and in other words where a round asked so."""
    once: dict[str, SurveyItem] = {item.id: item for wave in study.surveys for item in wave.items}
    rows = []
    for item in once.values():
        for round, label in (("", item.wording), *item.rewordings):
            rows.append(
                {
                    "item": item.id,
                    "construct": item.construct,
                    "round": round,
                    "reversed": "yes" if item.reversed else "no",
                    "groups": ";".join(item.groups),
                    **dict(label.texts),
                }
            )
    table = pd.DataFrame(rows).fillna("")
    return replace(_beside(items, table, "Wording of the items"), method="As survey.yaml or the file itself has it.")


def _linked(found: Result) -> str:
    assert isinstance(found, Panel)
    return f"{found.linked} of {len(found.people)} persons with an id that stays were met in two rounds or more"
