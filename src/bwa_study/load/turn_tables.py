"""Tables of speech (.csv, .tsv, .xlsx, .ods): a row a turn, or a row an interview."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from bwa_study.load.gate import Rejected, Source
from bwa_study.load.plain_text import Line, PlainText, joined, merged
from bwa_study.load.speaker_tables import SPEAKER_COLUMNS, TEXT_COLUMNS, TIME_COLUMNS
from bwa_study.load.survey_tables import SurveyTable, read_survey_table
from bwa_study.load.turns import seconds_of
from bwa_study.model.errors import Problem, ProblemsFound, did_you_mean, shown

_MAY_BE_NUMBERS = frozenset({"turn", "words", "transcript", "message", "speech", "said"})
"""Columns of this name are often a number, a count or an id beside the words themselves."""
_TITLE_ROWS = 10
_SAMPLE = 200
PART_COLUMNS = (
    "transcript_id",
    "interview_id",
    "transcript",
    "interview",
    "id",
    "访谈编号",
    "编号",
    "訪談編號",
    "編號",
)
"""Names of the column that tells the interviews of one table apart, the first that is there."""


def read_turn_table(source: Source, *, part: str = "") -> PlainText:
    """The turns of one interview in a table.

    Parameters
    ----------
    source
        The bytes, with the encoding settled where it is text. The first sheet of a workbook is read.
    part
        The interview's id, in a table that holds several: only its rows are read.

    Raises
    ------
    Rejected
        If the table has no column with the words, several interviews and no `part`, or not that one.
    """
    table = _table(source)
    text = _text_column(table)
    if text is None:
        what = f"no column with the words that were said; columns found: {', '.join(map(shown, table.header))}"
        raise Rejected(Problem(table.name, 1, 0, what, "call it 'text', and the column of speakers 'speaker'"))
    rows = _rows_of(table, part)
    others = ", ".join(f"'{shown(name)}'" for name in table.other_sheets)
    notes = (f"sheets that are not read: {others}",) if others else ()
    speaker, time = _column(table, SPEAKER_COLUMNS), _column(table, TIME_COLUMNS)
    if speaker is None:
        return replace(joined(Line(row[text]) for row in rows), notes=notes)
    lines = [Line(row[text], row[speaker].strip(), seconds_of(row[time]) if time is not None else None) for row in rows]
    return replace(joined(merged(lines), settled=True), notes=notes)


@lru_cache(maxsize=2)
def _table(source: Source) -> SurveyTable:
    """The table of a file, kept for the next interview in it."""
    try:
        return _from_its_head(read_survey_table(source))
    except ProblemsFound as fault:
        raise Rejected(fault.problems[0]) from None


def _from_its_head(table: SurveyTable) -> SurveyTable:
    """The table from the row that names its columns, where a title stands above that."""
    if _text_column(table) is not None:
        return table
    for at, row in enumerate(table.rows[:_TITLE_ROWS]):
        names = set(map(_plain, row))
        if names & TEXT_COLUMNS and names & SPEAKER_COLUMNS:
            header = tuple(cell.strip() for cell in row)
            return replace(table, header=header, rows=table.rows[at + 1 :], places=table.places[at + 1 :])
    return table


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).replace(" ", "_")


def _column(table: SurveyTable, names: frozenset[str]) -> int | None:
    return next((n for n, name in enumerate(map(_plain, table.header)) if name in names), None)


def _text_column(table: SurveyTable) -> int | None:
    """The column of words; of several that may be it the one whose name is plainest, then the one with most to read."""
    found = [n for n, name in enumerate(map(_plain, table.header)) if name in TEXT_COLUMNS]
    sure = [n for n in found if _plain(table.header[n]) not in _MAY_BE_NUMBERS]
    some = table.rows[:_SAMPLE]
    return max(sure or found, key=lambda n: sum(len(row[n]) for row in some if not row[n].isdecimal()), default=None)


def parts_of(source: Source) -> tuple[str, ...] | None:
    """The ids of the interviews in a table of speech; one empty id if it is one interview, None if it is no speech.

    A table counts as speech if it has a column with words, and one of speakers or one of interviews.
    """
    try:
        table = _table(source)
    except Rejected:
        return None
    text, speaker, part = _text_column(table), _column(table, SPEAKER_COLUMNS), _part_column(table)
    if text is None or (speaker is None and part is None):
        return None
    if part is None or _numbers_turns(table, part):
        return ("",)
    return tuple(dict.fromkeys(row[part].strip() for row in table.rows))


def _part_column(table: SurveyTable) -> int | None:
    text = _text_column(table)
    plain = [name.casefold().strip() for name in table.header]
    return next((plain.index(name) for name in PART_COLUMNS if name in plain and plain.index(name) != text), None)


def _numbers_turns(table: SurveyTable, part: int) -> bool:
    """Whether the column is a plain id of rows: each has its own, beside a column of speakers."""
    ids = {row[part].strip() for row in table.rows}
    return (
        table.header[part].casefold().strip() in ("id", "编号", "編號")
        and len(ids) == len(table.rows)
        and _column(table, SPEAKER_COLUMNS) is not None
    )


def _rows_of(table: SurveyTable, part: str) -> list[tuple[str, ...]]:
    column = _part_column(table)
    if column is None:
        if part:
            what = f"no column tells interviews apart; columns found: {', '.join(map(shown, table.header))}"
            mend = f"call it '{PART_COLUMNS[0]}', or leave out '#{shown(part)}'"
            raise Rejected(Problem(table.name, 1, 0, what, mend))
        return list(table.rows)
    ids = list(dict.fromkeys(row[column].strip() for row in table.rows))
    if part and part not in ids:
        what = f"column '{shown(table.header[column])}' has no '{shown(part)}'{did_you_mean(part, ids)}"
        raise Rejected(Problem(table.name, 0, 0, what, "write into 'transcript_file' an id that the column has"))
    if not part and len(ids) > 1 and not _numbers_turns(table, column):
        what = f"it holds {len(ids):,} interviews (column '{shown(table.header[column])}')"
        mend = f"name one in the manifest, such as '{table.name.rsplit('/', 1)[-1]}#{shown(ids[0])}'"
        raise Rejected(Problem(table.name, 0, 0, what, mend))
    return [row for row in table.rows if not part or row[column].strip() == part]
