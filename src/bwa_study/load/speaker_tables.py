"""Tables in documents: a column of speakers beside what they say, or questions beside answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bwa_study.load.plain_text import Line
from bwa_study.load.speakers import CODE_LIKE, SpeakerRules, folded_label
from bwa_study.load.turns import is_head, label_of, seconds_of
from bwa_study.model.errors import shown
from bwa_study.model.transcripts import Role
from bwa_study.model.words import has_han

Cell = Sequence[Line] | None
"""The paragraphs of a cell; None where the cell to its left reaches over it."""
Row = Sequence[Cell]

SPEAKER_COLUMNS = frozenset(
    ["speaker", "name", "who", "person", "role", "participant", "speaker_label", "speaker_name",
     "说话人", "发言人", "讲话人", "姓名", "角色", "对象", "人物", "說話人", "發言人", "講話人", "對象"]
)  # fmt: skip
TEXT_COLUMNS = frozenset(
    ["text", "utterance", "content", "transcript", "transcription", "words", "speech", "turn", "message", "said",
     "内容", "文本", "原文", "发言", "发言内容", "谈话内容", "对话内容", "逐字稿",
     "內容", "發言", "發言內容", "對話內容"]
)  # fmt: skip
TIME_COLUMNS = frozenset(
    [
        "time",
        "timestamp",
        "start",
        "start_time",
        "starttime",
        "timecode",
        "begin",
        "时间",
        "开始",
        "开始时间",
        "时间戳",
        "時間",
        "開始",
        "開始時間",
    ]
)
_RULES = SpeakerRules()
_QUESTION_COLUMNS = frozenset({"问题", "提问", "访谈问题", "問題", "提問", "訪談問題"})
_ANSWER_COLUMNS = frozenset({"回答", "答案", "答复"})
_ASKS, _ANSWERS = "问", "答"
_LABEL_LENGTH = 40
_LABEL_WORDS = 4
_SENTENCE_END = re.compile(r"[.?!。？！…]$")
_ASKED = re.compile(r"[?？][\s)）\"”]*\Z")
_HEAD_ROWS = 20
_MOSTLY = 2 / 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the rows of a table are read: what their cells say, the columns that do, and the row of heads, or -1."""

    lines: Callable[[list[str]], Iterable[Line]]
    columns: tuple[int, ...]
    head: int = -1


def table_lines(rows: Sequence[Row], left_out: Counter[str] | None = None) -> Iterator[Line]:
    """The lines of a table: with speakers where a column names them, else cell by cell.

    Other columns that hold words (remarks, another language) are counted in `left_out`.

    Notes
    -----
    A column names speakers if each of its cells is a short label without a colon, at least two are filled, one of them
    comes twice or is a usual label, and a column to its right has more words. In a table headed ``Question`` and
    ``Answer`` the head says who speaks; without a head, so does a column of questions beside one that asks nothing. The
    row of heads is left out then; rows above it, and cells that reach across the table, are said by nobody.
    """
    width = max(map(len, rows), default=0)
    inner = [n for n, row in enumerate(rows) if width > 1 and not _reaches_across(row)]
    texts = [[_words(cell) for cell in rows[n]] + [""] * (width - len(rows[n])) for n in inner]
    reading = _reading(texts) if len(texts) > 1 else None
    if reading is None:
        yield from (line for row in rows for cell in row for line in cell or ())
        return
    if left_out is not None:
        left_out.update(_other_columns(texts, reading))
    place = {n: at for at, n in enumerate(inner)}
    for n, row in enumerate(rows):
        if n not in place:
            yield from beside(row[0] or (), begins=_has_usual_label)
        elif place[n] > reading.head:
            yield from reading.lines(texts[place[n]])
        elif place[n] < reading.head:
            yield Line("\t".join(cell for cell in texts[place[n]] if cell), aside=True)


def _other_columns(texts: list[list[str]], reading: _Reading) -> dict[str, int]:
    """Columns with words that nobody is taken to say: by their head or first words, the number of filled cells."""
    out = {}
    for column in set(range(len(texts[0]))) - set(reading.columns):
        cells = [row[column] for row in texts[reading.head + 1 :] if any(c.isalpha() for c in row[column])]
        if cells and not _are_times(cells):
            name = texts[reading.head][column] if reading.head >= 0 else cells[0]
            out[f"column '{shown(name, limit=30)}' of a table"] = len(cells)
    return out


def beside(lines: Sequence[Line], *, begins: Callable[[str], bool] = is_head) -> Iterator[Line]:
    """Lines that stand between the turns: nobody says them until one of them begins a turn.

    Examples
    --------
    >>> [line.aside for line in beside([Line("Part B"), Line("I: How?"), Line("And why?")])]
    [True, False, False]
    """
    spoken = False
    for line in lines:
        spoken = spoken or bool(line.speaker) or begins(line.words)
        for words in [line.words] if spoken else line.words.split("\n"):
            yield line if spoken else Line(words, aside=bool(words.strip()))


def _has_usual_label(words: str) -> bool:
    label = label_of(words)
    return bool(label) and _RULES.role(label) is not None


def _reaches_across(row: Row) -> bool:
    return bool(row) and row[0] is not None and all(cell is None for cell in row[1:])


def _reading(texts: list[list[str]]) -> _Reading | None:
    """Who speaks in a table: as its heads say, as a column of names says, or because a column only asks."""
    for at, row in enumerate(texts[:_HEAD_ROWS]):
        if asked := _question_and_answer(row):
            return _Reading(_by_head(row, *asked), asked, at)
    head = next((at for at, row in enumerate(texts[:_HEAD_ROWS]) if _is_headed(row)), -1)
    if head < 0 and any(_plain(cell) in SPEAKER_COLUMNS | TEXT_COLUMNS for cell in texts[0]):
        head = 0
    below = texts[head + 1 :]
    for column in range(len(texts[0]) - 1):
        if _names_speakers([row[column] for row in below]):
            lines, used = _by_column(below, column)
            return _Reading(lines, used, head)
    for column in range(len(texts[0]) - 1):
        if _only_asks(below, column):
            chinese = has_han("".join(row[column] for row in below))
            names = (_ASKS, _ANSWERS) if chinese else ("Q", "A")
            return _Reading(_in_turn((column, names[0]), (column + 1, names[1])), (column, column + 1), head)
    return None


def _is_headed(row: list[str]) -> bool:
    names = {_plain(cell) for cell in row}
    return bool(names & SPEAKER_COLUMNS and names & TEXT_COLUMNS)


def _only_asks(rows: list[list[str]], column: int) -> bool:
    """Whether a column holds questions, at least two, and the one to its right answers to half of them or more."""
    asked = [row for row in rows if row[column]]
    questions = [row for row in asked if _ASKED.search(row[column])]
    answers = [row[column + 1] for row in questions if row[column + 1]]
    return (
        len(questions) >= 2
        and len(questions) >= _MOSTLY * len(asked)
        and 2 * len(answers) >= len(questions)
        and sum(bool(_ASKED.search(one)) for one in answers) < len(answers) / 3
    )


def _words(cell: Cell) -> str:
    return "\n".join(line.words for line in cell or ()).strip()


def _plain(cell: str) -> str:
    return " ".join(cell.casefold().split()).rstrip(":：").strip()


def _names_speakers(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or not all(map(_is_label, filled)):
        return False
    folded = Counter(map(folded_label, filled))
    return max(folded.values()) > 1 or any(_RULES.role(one) or CODE_LIKE.match(one) for one in folded)


def _is_label(cell: str) -> bool:
    return (
        len(cell) <= _LABEL_LENGTH
        and len(cell.split()) <= _LABEL_WORDS
        and not cell.isdecimal()
        and seconds_of(cell) is None
        and not _SENTENCE_END.search(cell)
        and not set(cell) & set(":：\n")
    )


def _by_column(rows: list[list[str]], speaker: int) -> tuple[Callable[[list[str]], Iterator[Line]], tuple[int, ...]]:
    width = len(rows[0])
    lengths = [sum(len(row[column]) for row in rows) for column in range(width)]
    words = max((c for c in range(width) if c != speaker), key=lambda column: lengths[column])
    others = sorted(
        set(range(width)) - {speaker, words}, key=lambda column: ":" not in "".join(r[column] for r in rows)
    )
    times = [column for column in others if _are_times([row[column] for row in rows])]

    def lines(row: list[str]) -> Iterator[Line]:
        time = seconds_of(row[times[0]]) if times else None
        if row[words] or row[speaker]:
            yield Line(row[words], row[speaker], time)

    return lines, (speaker, words, *times)


def _are_times(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return any(":" in cell or "." in cell for cell in filled) and all(seconds_of(cell) is not None for cell in filled)


def _question_and_answer(head: list[str]) -> tuple[int, int] | None:
    roles: dict[Role, int] = {}
    for column, cell in enumerate(head):
        name = _plain(cell)
        if name in _QUESTION_COLUMNS or (name and _RULES.role(name) is Role.INTERVIEWER):
            roles.setdefault(Role.INTERVIEWER, column)
        elif name in _ANSWER_COLUMNS or (name and _RULES.role(name) is Role.RESPONDENT):
            roles.setdefault(Role.RESPONDENT, column)
    return (roles[Role.INTERVIEWER], roles[Role.RESPONDENT]) if len(roles) == 2 else None


def _by_head(head: list[str], question: int, answer: int) -> Callable[[list[str]], Iterator[Line]]:
    named = []
    for column, usual in ((question, _ASKS), (answer, _ANSWERS)):
        name = head[column].rstrip(":： ")
        named.append((column, name if _RULES.role(name) else usual))
    of_row = _in_turn(*named)
    return lambda row: iter(()) if row == head else of_row(row)


def _in_turn(*named: tuple[int, str]) -> Callable[[list[str]], Iterator[Line]]:
    """The cells of the named columns, each said by its name."""
    return lambda row: (Line(row[column], name) for column, name in named if row[column])
