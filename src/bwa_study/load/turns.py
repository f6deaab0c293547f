"""Speaker turns of a plain text: where each begins and ends, who speaks, at what time, about which site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bwa_study.load.plain_text import Head
from bwa_study.load.speakers import (
    SpeakerRules,
    Speakers,
    folded_label,
    is_program_label,
    labels_inside,
    settle_speakers,
)
from bwa_study.model.errors import shown
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Turn
from bwa_study.model.words import has_han

_BREAK = re.compile(r"\r\n|[\n\r\v\f\u0085\u2028\u2029]")
_STAMP = (
    r"[\[(（【［]?(?:(?P<{0}h>\d{{1,2}})[:：])?(?P<{0}m>\d{{1,3}})[:：](?P<{0}s>\d{{2}}(?:[.,]\d{{1,3}})?)[\])）】］]?"
)
_NOT_IN_LABEL = r":：*\[\]{}<>|\"“”「」。！？!?；;，,"
_LABEL = rf"(?P<label>[^\W_](?:[^\r\n{_NOT_IN_LABEL}]{{0,38}}?[^\s{_NOT_IN_LABEL}(（])??)"
_MARK = r"(?:\*\*|__)?"
_INLINE = re.compile(
    rf"\s*{_MARK}\s*(?:{_STAMP.format('a')}\s*[-–]?\s*)?{_MARK}{_LABEL}\s*{_MARK}\s*(?:{_STAMP.format('b')}\s*)?{_MARK}"
    rf"[:：](?!//)\s*{_MARK}[ \t\u3000]*"
)
_OWN_LINE = re.compile(rf"\s*{_MARK}{_LABEL}{_MARK}[\s\u3000]+{_STAMP.format('a')}\s*{_MARK}\s*$")
_OWN_LINE_TIME_FIRST = re.compile(rf"\s*{_MARK}{_STAMP.format('a')}[\s\u3000]+{_LABEL}\s*{_MARK}\s*$")
_BOLD_ALONE = re.compile(rf"\s*(?:\*\*|__){_LABEL}\s*(?:\*\*|__)\s*$")
_BOLD = re.compile(rf"\s*\*\*{_LABEL}\*\*[ \t\u3000]+(?=\S)")
_ALONE = re.compile(_STAMP.format("a"))
_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,9})?")
_HOUR = re.compile(r"(?<![A-Za-z0-9])[0-2]?[0-9]\Z")
_MINUTES = re.compile(r"[:：][0-5][0-9](?!\d)")
_HEAD_LINES = 5
_HEAD_LINE_LENGTH = 120
_HEAD_LENGTH = 160
_LABEL_WORDS = 4
_LABEL_LENGTH = 40
_NUMBERED = re.compile(r"\d{1,4}\s*[.)、．）]\s*(?=\D)")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_ABOUT = re.compile(r"\[about:(?P<sites>[^\]]*)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedTurns:
    """Turns of a text with what should be reported; `about_ids` are all site ids named in ``[about: …]`` lines.

    `unsettled` holds the labels of a text in which nobody is known as the interviewer although several speak.
    """

    turns: tuple[Turn, ...]
    warnings: tuple[str, ...]
    about_ids: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Head:
    label: str
    body: int
    time: float | None
    stands_out: bool


@dataclass(slots=True)
class _Open:
    speaker: str
    role: Role
    time: float | None
    about: tuple[str, ...]
    start: int
    end: int


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every line, without its line break (any of the Unicode ones)."""
    at = 0
    for mark in _BREAK.finditer(text):
        yield at, mark.start()
        at = mark.end()
    yield at, len(text)


def parse_turns(
    text: str,
    *,
    language: str,
    rules: SpeakerRules | None = None,
    bold: Mapping[int, int] | None = None,
    declared: Mapping[int, Head] | None = None,
    settled: bool = False,
) -> ParsedTurns:
    """Find the speaker turns of a text.

    Parameters
    ----------
    text
        The whole transcript, verbatim; the spans of the turns count its code points.
    language
        The interview's language. A turn without any Han character in a Chinese interview is ``en``, and the reverse.
    rules
        Labels stated in the study file.
    bold
        For documents with formatting: by start of a line, the end of the bold text it begins with.
    declared
        By start of a line, the speaker that the file declares for it: no label is looked for there.
    settled
        Whether no other line has a speaker.

    Returns
    -------
    ParsedTurns
        A text without any speaker is one turn of an unnamed respondent, with a warning.

    Notes
    -----
    Known layouts: ``R1: text``, ``Manager：text``, ``**Label:** text``, ``[00:12:31] R1: text``,
    ``Name (00:12:31): text``, a label alone on its line with a colon or a time, and a bold label without a colon.
    A line ``[about: F03]`` says which site the turns after it speak of; ``[about: ]`` ends that.

    Examples
    --------
    >>> parsed = parse_turns("I: How are you?\\nR1: Fine.\\nVery fine.", language="en")
    >>> [(t.speaker, t.role.value, t.number) for t in parsed.turns]
    [('I', 'interviewer', 1), ('R1', 'respondent', 2)]
    """
    rules = rules or SpeakerRules()
    lines = list(lines_of(text))
    given = {start: _Head(h.label, h.body, h.time, True) for start, h in (declared or {}).items()}
    given |= {s: h for s, e in lines if s in given and not given[s].label and (h := _spoken_aside(text, s, e, rules))}
    if not settled:
        given |= _labels_alone(text, lines, rules)
    heads = given if settled else {s: h for s, e in lines if (h := given.get(s) or _head(text, s, e, bold or {}))}
    known = frozenset(folded_label(h.label) for h in given.values())
    named = ((h.label, h.stands_out) for h in heads.values() if h.label)
    speakers = settle_speakers(named, rules, declared=known)
    opened, about_ids, before, aside = _collect(text, lines, heads, speakers)
    warnings = list(speakers.warnings)
    if not opened and (opened := _asked_in_bold(text, lines, bold or {})):
        warnings = ["no speaker labels: lines in bold are taken as the interviewer's, the others as the respondent's"]
    if not opened:
        return _unattributed(text, language, warnings)
    if not settled and len(inside := labels_inside(text, {s: h.body for s, h in heads.items()})) > 1:
        warnings.append(
            f"'{shown(inside[0])}:' stands inside of a line, where no turn begins (such places: {len(inside)})"
        )
    notes = tuple(_notes(before, aside, settled=settled))
    turns: list[Turn] = []
    for one in opened:
        span = _trimmed(text, one.start, one.end)
        if span:
            tag = _turn_language(text[span.start : span.end], language)
            turns.append(Turn(len(turns) + 1, one.speaker, one.role, span, tag, one.about, one.time))
    roles = [speakers.roles[f] for f in speakers.names]
    lost = not rules.stated and Role.INTERVIEWER not in roles and len(speakers.unknown) > 1
    return ParsedTurns(tuple(turns), tuple(warnings), about_ids, speakers.unknown if lost else (), notes)


def _notes(before: int, aside: int, *, settled: bool) -> Iterator[str]:
    if before > (0 if settled else _HEAD_LINES):
        are = "line before the first speaker is" if before == 1 else "lines before the first speaker are"
        yield f"{before} {are} left out"
    if aside:
        yield f"headings and text boxes between the turns that no speaker says ({aside})"


def _spoken_aside(text: str, start: int, end: int, rules: SpeakerRules) -> _Head | None:
    """The head of a turn in a heading or box: a known label alone on its line, or at the head of it."""
    line = text[start:end].strip().rstrip(":：").strip()
    if len(line) <= _LABEL_LENGTH and rules.role(line):
        return _Head(line, end, None, True)
    found = _head(text, start, end, {})
    return found if found and rules.role(found.label) else None


def _labels_alone(text: str, lines: list[tuple[int, int]], rules: SpeakerRules) -> dict[int, _Head]:
    """Usual labels that stand alone on their lines without a colon, where both sides do so and more than once."""
    out: dict[int, _Head] = {}
    roles = []
    for start, end in lines:
        line = text[start:end].strip() if end - start <= 2 * _LABEL_LENGTH else ""
        if len(line) > (1 if has_han(line) else 2) and line[-1] not in ".?!。？！:：" and (role := rules.role(line)):
            out[start] = _Head(line, end, None, True)
            roles.append(role)
    return out if all(roles.count(role) > 1 for role in (Role.INTERVIEWER, Role.RESPONDENT)) else {}


def _collect(
    text: str, lines: list[tuple[int, int]], heads: dict[int, _Head], speakers: Speakers
) -> tuple[list[_Open], tuple[str, ...], int, int]:
    opened: list[_Open] = []
    about: tuple[str, ...] = ()
    seen: dict[str, None] = {}
    before = aside = 0
    for start, end in lines:
        site_line = _ABOUT.fullmatch(text[start:end].strip())
        head = heads.get(start)
        if site_line:
            about = tuple(s.strip() for s in site_line["sites"].split(";") if s.strip())
            seen.update(dict.fromkeys(about))
            if opened:
                opened.append(_Open(opened[-1].speaker, opened[-1].role, None, about, end, end))
        elif head and not head.label and opened:  # nobody says this line; who spoke goes on after it
            aside += 1
            opened.append(_Open(opened[-1].speaker, opened[-1].role, None, about, end, end))
        elif head and head.label and (folded := folded_label(head.label)) in speakers.names:
            opened.append(_Open(speakers.names[folded], speakers.roles[folded], head.time, about, head.body, end))
        elif opened:
            opened[-1].end = end
        elif text[start:end].strip():
            before += 1 + (end - start) // _HEAD_LINE_LENGTH
    return opened, tuple(seen), before, aside


def _asked_in_bold(text: str, lines: list[tuple[int, int]], bold: Mapping[int, int]) -> list[_Open]:
    """Turns of a text in which nobody is named but questions are in bold, each on lines of their own."""
    filled = [(start, end) for start, end in lines if text[start:end].strip()]
    asked = {start for start, end in filled if bold.get(start, 0) >= start + len(text[start:end].rstrip())}
    questions = sum(text[start:end].rstrip().endswith(("?", "？")) for start, end in filled if start in asked)
    if len(asked) < 2 or 3 * questions < 2 * len(asked) or len(filled) - len(asked) < 2:
        return []
    names = ("问", "答") if has_han(text) else ("Q", "A")
    opened: list[_Open] = []
    for start, end in filled:
        role = Role.INTERVIEWER if start in asked else Role.RESPONDENT
        if opened and opened[-1].role is role:
            opened[-1].end = end
        elif opened or role is Role.INTERVIEWER:
            opened.append(_Open(names[role is Role.RESPONDENT], role, None, (), start, end))
    return opened


def is_head(line: str) -> bool:
    """Whether a line begins like a turn.

    Examples
    --------
    >>> is_head("Dan: Okay."), is_head("so that was it")
    (True, False)
    """
    return bool(label_of(line))


def label_of(line: str) -> str:
    """The label a line begins with, as far as that can be told from the line alone; empty if it has none.

    Examples
    --------
    >>> label_of("[00:12] Dan: Okay."), label_of("so that was it")
    ('Dan', '')
    """
    found = _head(line, 0, len(line), {})
    return found.label if found else ""


def seconds_of(stamp: str) -> float | None:
    """Seconds of a stamp such as ``00:12:31.5``, ``12:31`` or ``751.5``; None if it is none.

    Examples
    --------
    >>> seconds_of("00:12:31.5"), seconds_of("12:31"), seconds_of("751.5"), seconds_of("noon")
    (751.5, 751.0, 751.5, None)
    """
    found = _ALONE.fullmatch(stamp.strip())
    if found:
        return _seconds(found, "a")
    return float(stamp) if _NUMBER.fullmatch(stamp.strip()) else None


def _head(text: str, start: int, end: int, bold: Mapping[int, int]) -> _Head | None:
    bold_end = bold.get(start, 0)
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    window = min(end, start + _HEAD_LENGTH)  # a label stands at the head of its line
    is_bold = start < bold_end <= window
    if end <= window and not is_bold:
        found = _OWN_LINE.match(text, start, end) or _OWN_LINE_TIME_FIRST.match(text, start, end)
        if found and _is_short(found):  # may be a few words after a time, so it does not stand out by itself
            return _Head(found["label"], end, _seconds(found, "a"), "*" in found.group())
    found = _INLINE.match(text, start, window)
    if found and is_clock(text, found.end("label")) and not is_program_label(found["label"]):
        return None
    if found and _is_short(found) and not (is_bold and found.end("label") > bold_end):
        time = _seconds(found, "a") if found["am"] else _seconds(found, "b")
        stands_out = is_bold or time is not None or "*" in found.group() or "__" in found.group()
        bare = _NUMBERED.sub("", found["label"], count=1)
        label = bare if bare != found["label"] and is_program_label(bare) else found["label"]
        return _Head(label, found.end(), time, stands_out)
    if is_bold:
        return _bold_head(text, start, end, bold_end)
    found = _BOLD_ALONE.match(text, start, end) if end <= window else None
    if found and _is_short(found):  # it may be a heading, so it does not stand out by itself
        return _Head(found["label"], end, None, False)
    found = _BOLD.match(text, start, window)
    return _Head(found["label"], found.end(), None, True) if found and _is_short(found) else None


def is_clock(text: str, at: int) -> bool:
    """Whether a time of the day stands around `at`, as in ``It is 10:30``, and no colon after a label.

    Examples
    --------
    >>> is_clock("It is 10:30 now", 8), is_clock("R1:10 years", 2)
    (True, False)
    """
    return bool(_HOUR.search(text, max(0, at - 4), at) and _MINUTES.match(text, at))


def _bold_head(text: str, start: int, end: int, bold_end: int) -> _Head | None:
    body = bold_end
    while body < end and text[body] in " \t\u3000:：":
        body += 1
    timed = _OWN_LINE.match(text, start, bold_end) or _OWN_LINE_TIME_FIRST.match(text, start, bold_end)
    if timed and _is_short(timed):
        return _Head(timed["label"], body, _seconds(timed, "a"), True)
    label = text[start:bold_end].strip().rstrip(":：").strip()
    is_heading = body == end and text[bold_end - 1] not in ":："
    return (
        _Head(label, body, None, not is_heading)
        if 0 < len(label) <= _LABEL_LENGTH and len(label.split()) <= _LABEL_WORDS
        else None
    )


def _is_short(found: re.Match[str]) -> bool:
    return len(found["label"].split()) <= _LABEL_WORDS


def _seconds(found: re.Match[str], which: str) -> float | None:
    if found[f"{which}m"] is None:
        return None
    hours, minutes, seconds = found[f"{which}h"] or "0", found[f"{which}m"], found[f"{which}s"].replace(",", ".")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _turn_language(words: str, language: str) -> str:
    chinese = language.split("-")[0] in {"zh", "yue", "wuu", "nan"}
    if has_han(words):
        return language if chinese else "zh"
    return "en" if chinese and any(c.isalpha() for c in words) else language


def _unattributed(text: str, language: str, warnings: list[str]) -> ParsedTurns:
    span = _trimmed(text, 0, len(text))
    if not span:
        return ParsedTurns((), (*warnings, "no text"))
    turn = Turn(1, "", Role.RESPONDENT, span, _turn_language(text, language))
    return ParsedTurns((turn,), (*warnings, "no speaker labels: the whole text is taken as one respondent's turn"))
