"""One theme frequency table, from a study folder to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bwa_study.analysis.frequency import Count, frequency
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.present.run import coded_matrix
from bwa_study.present.tables import write_table


def write_theme_table(
    path: str | Path,
    out: str | Path,
    *,
    by: Sequence[str] = ("group", "round"),
    polarity: Sequence[str] = ("present", "absent"),
    coder: str = "",
    count: Count = "interviews",
    progress: Progress | None = None,
) -> str:
    """Count the themes of a study and write the table; see `frequency` for the options.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    UnknownName
        If the ending of `out`, or an option, is unknown.
    """
    out = Path(out)
    if out.suffix not in (".csv", ".xlsx"):
        raise UnknownName("kind of table", out.suffix, (".csv", ".xlsx"))
    study = load_study(path, progress=progress)
    refuse_inputs(study, path, [out])
    counted = coded_matrix(study, coder=coder, progress=progress)
    result = frequency(counted, by=by, count=count, polarity=polarity)
    write_table(result, out)
    return f"{out}: {len(result.table):,} cells; {result.title}; coder {counted.coders[0]}"
