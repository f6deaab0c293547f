"""Tables in documents: a column of speakers beside what they say, or questions beside answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bwa_study.load.plain_text import Line
from bwa_study.load.speakers import CODE_LIKE, SpeakerRules, folded_label
from bwa_study.load.turns import seconds_of
from bwa_study.model.transcripts import Role

Row = Sequence[Sequence[Line]]
"""The cells of a row, each with its paragraphs."""

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


def table_lines(rows: Sequence[Row]) -> Iterator[Line]:
    """The lines of a table: with speakers where a column names them, else cell by cell.

    Notes
    -----
    A column names speakers if each of its cells is a short label without a colon, at least two are filled, one of them
    comes twice or is a usual label, and a column to its right has more words. In a table headed ``Question`` and
    ``Answer`` the head says who speaks. The row of heads is left out then.
    """
    texts = [[_words(cell) for cell in row] for row in rows]
    width = max(map(len, texts), default=0)
    if width > 1 and len(texts) > 1 and all(len(row) == width for row in texts):
        asked = _question_and_answer(texts[0])
        if asked:
            yield from _by_head(texts, *asked)
            return
        headed = int(any(_plain(cell) in SPEAKER_COLUMNS | TEXT_COLUMNS for cell in texts[0]))
        for column in range(width - 1):
            if _names_speakers([row[column] for row in texts[headed:]]):
                yield from _by_column(texts[headed:], column)
                return
    for row in rows:
        for cell in row:
            yield from cell


def _words(cell: Sequence[Line]) -> str:
    return "\n".join(line.words for line in cell).strip()


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


def _by_column(rows: list[list[str]], speaker: int) -> Iterator[Line]:
    width = len(rows[0])
    lengths = [sum(len(row[column]) for row in rows) for column in range(width)]
    words = max((c for c in range(width) if c != speaker), key=lambda column: lengths[column])
    others = sorted(
        set(range(width)) - {speaker, words}, key=lambda column: ":" not in "".join(r[column] for r in rows)
    )
    times = [column for column in others if _are_times([row[column] for row in rows])]
    for row in rows:
        time = seconds_of(row[times[0]]) if times else None
        if row[words] or row[speaker]:
            yield Line(row[words], row[speaker], time)


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


def _by_head(rows: list[list[str]], question: int, answer: int) -> Iterator[Line]:
    names = {}
    for column, usual in ((question, _ASKS), (answer, _ANSWERS)):
        head = rows[0][column].rstrip(":： ")
        names[column] = head if _RULES.role(head) else usual
    for row in rows[1:]:
        for column in (question, answer):
            if row[column]:
                yield Line(row[column], names[column])
