"""Decisions between the coders of a study folder, as a table; and the coder that holds what was agreed and decided."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bwa_study.coding.decisions import STATES, carry_agreed, decisions
from bwa_study.coding.log.log import log_place, open_log
from bwa_study.load.leftovers import at_work
from bwa_study.load.log_store import is_url, read_log
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.present.tables import table_bytes, write_files

_KINDS_OF_TABLE = (".csv", ".xlsx")


def adjudicate_study(
    path: str | Path,
    *,
    out: str | Path | None = None,
    coders: Sequence[str] = (),
    carry: bool = False,
    with_single: bool = False,
    progress: Progress | None = None,
) -> list[str]:
    """Write the table of decisions (``.csv`` or ``.xlsx``), carry what was agreed, or both; a line for each.

    Parameters
    ----------
    path
        The study folder.
    out
        The table.
    coders
        Two or more; by default those the study names under ``reliability:``, else all people who coded.
    carry, with_single
        Make ``adjudicated`` one coder to analyse; see `carry_agreed`.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    TooFewCoders, UnknownName, StillOpen
        As `decisions` and `carry_agreed`.
    WrongCall
        If nothing is asked for.
    """
    if out is None and not carry:
        raise WrongCall("adjudicate: nothing to do — name a table with --out, or give --carry-agreed")
    if with_single and not carry:
        raise WrongCall("--with-single says what is carried — give it together with --carry-agreed")
    if out is not None and Path(out).suffix not in _KINDS_OF_TABLE:
        raise UnknownName("kind of table", Path(out).suffix, _KINDS_OF_TABLE)
    with at_work(path, "adjudicate") as found:
        study, lines = load_study(path, progress=progress), [*found]
        names = tuple(coders) or study.reliability.coders or study.codings.people
        if out is not None:
            refuse_inputs(study, path, [out])
            place = log_place(path)
            events = read_log(place) if is_url(place) or Path(place).exists() else ()
            result = decisions(study, events, coders=names)
            write_files({Path(out): table_bytes(result, Path(out).suffix)})
            counts = result.table["state"].value_counts()
            told = ", ".join(f"{counts.get(state, 0)} {state}" for state in STATES)
            lines.append(f"{out}: {result.title}: {told}")
        if carry:
            with open_log(path) as log:
                done = carry_agreed(study, log, coders=names, with_single=with_single)
            lines.append(
                f"adjudicated: {done.agreed:,} codings agreed and {done.decided:,} decided, in {done.turns:,} turns "
                f"({done.added:,} added and {done.removed:,} taken out now); analyse it with --coder adjudicated"
            )
    return lines
