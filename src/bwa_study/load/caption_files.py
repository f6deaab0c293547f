"""Captions (WebVTT, SubRip) and speech recognition (Whisper, WhisperX) as lines with speaker and time."""

from __future__ import annotations

import html
import io
import math
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bwa_study.load.gate import Rejected, Source, decode
from bwa_study.load.json_strict import read_json
from bwa_study.load.plain_text import Line, PlainText, joined, merged
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.turns import is_clock
from bwa_study.model.errors import Problem, shown

CAPTION_KINDS = (".vtt", ".srt")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_LABEL = re.compile(r"\s*(?:[-–>]+\s*)?([^\W_][^:：\n\"“”。！？!?;；]{0,58})[:：](?!//)\s*")
_BRACKETED = re.compile(r"\s*[\[【]([^\[\]【】]{1,40})[\]】]\s*")
_LABEL_WORDS = 5
_DASHED = re.compile(r"^\s*[-\u2013\u2014]\s*\w", re.MULTILINE)
_ROLLING = 1 / 3
_STAMP = re.compile(r"(?:(\d+):)?(\d+):(\d+)[.,](\d+)")


def read_captions(source: Source, *, labels: tuple[str, ...] = ()) -> PlainText:
    """The cues of a .vtt or .srt file, one speaker over many cues in one turn; call it with `confined`.

    A speaker is named by a voice tag ``<v Name>``, or by ``Name: text`` at the head of a cue where the name is a usual
    label or one of `labels`, comes more than once, has a number, or is written as names are.

    Raises
    ------
    Rejected
        If it is no such file, or has no cue.
    """
    import webvtt
    from webvtt.errors import MalformedFileError

    kind = "." + source.name.rsplit(".", 1)[-1].lower()
    text = decode(source).replace("\r\n", "\n").replace("\r", "\n")
    try:
        cues = webvtt.from_buffer(io.StringIO(text), format=kind[1:]).captions
    except MalformedFileError as fault:
        what = f"not a {kind} file ({shown(fault)})"
        raise Rejected(Problem(source.name, 1, 0, what, "export the captions again")) from None
    if not cues:
        raise Rejected(Problem(source.name, 0, 0, "no cue with a time", "export the captions again, with their times"))
    raw, repeated = _without_repeats([str(cue.raw_text) for cue in cues])
    lines = [line for cue, words in zip(cues, raw, strict=True) for line in _voices(words, _seconds(str(cue.start)))]
    if not any(line.speaker for line in lines):
        lines = _named(lines, SpeakerRules(respondent=labels))
    counted = {"damaged cues": text.count("-->") - len(cues), "lines that repeat the cue before": repeated}
    spoken = merged(lines)
    if not spoken:
        raise Rejected(Problem(source.name, 0, 0, "no text", "put the transcript into the file"))
    left = tuple(f"{name} left out ({n})" for name, n in counted.items() if n > 0)
    two = sum(len(_DASHED.findall(words)) > 1 for words in raw)
    notes = (
        (f"two people speak in one cue, without names, by lines that begin with a dash (cues: {two})",) if two else ()
    )
    return replace(joined(spoken, left_out=left, settled=True), notes=notes)


def _without_repeats(cues: list[str]) -> tuple[list[str], int]:
    """Cues that roll up, each beginning with lines of the one before, without these; and how many lines that were."""
    shown_lines = [[line for line in cue.split("\n") if _plain(line)] for cue in cues]
    plain = [[_plain(line) for line in lines] for lines in shown_lines]
    again = [0, *(_overlap(before, now) for before, now in pairwise(plain))]
    if sum(n > 0 for n in again) < max(2, _ROLLING * len(cues)):
        return cues, 0
    return ["\n".join(lines[n:]) for lines, n in zip(shown_lines, again, strict=True)], sum(again)


def _overlap(before: list[str], now: list[str]) -> int:
    """How many lines at the head of a cue are those at the end of the cue before."""
    return next((n for n in range(min(len(before), len(now)), 0, -1) if before[-n:] == now[:n]), 0)


def _seconds(stamp: str) -> float | None:
    found = _STAMP.fullmatch(stamp.strip())
    if not found:
        return None
    hours, minutes, seconds, part = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{part}")


def _voices(raw: str, time: float | None) -> list[Line]:
    """A cue's text; a line for each of its own, and more where voice tags change inside of it."""
    parts = _VOICE.split(raw)
    out = [Line(_plain(line), "", time) for line in parts[0].split("\n") if _plain(line)]
    for name, words in zip(parts[1::2], parts[2::2], strict=True):
        out.append(Line(_plain(words), _plain(name), time))
    return out


def _plain(marked: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", marked)).split())


def _named(lines: list[Line], rules: SpeakerRules) -> list[Line]:
    """Lines with the speaker that stands at their head; a name alone on a line speaks the next one."""
    found = [_LABEL.match(line.words) for line in lines]
    names = [_name(one) if one else "" for one in found]
    often = Counter(name for name in names if name)
    out: list[Line] = []
    awaited = ""
    for line, match, name in zip(lines, found, names, strict=True):
        bracketed = _BRACKETED.fullmatch(line.words)
        if bracketed and rules.role(bracketed[1]):
            awaited = bracketed[1].strip()
            continue
        is_label = match and name and not is_clock(line.words, match.end(1))
        if match and is_label and (often[name] > 1 or rules.role(name) or _is_name(name)):
            words = line.words[match.end() :]
            awaited = "" if words else name
            out += [Line(words, name, line.time)] if words else []
        else:
            out.append(Line(line.words, awaited, line.time))
            awaited = ""
    return out


def _name(found: re.Match[str]) -> str:
    name = " ".join(found[1].split())
    return name if len(name.split()) <= _LABEL_WORDS else ""


def _is_name(label: str) -> bool:
    """Whether a label that comes once reads like a name: a number in it, or two words and more that all begin large."""
    words = re.sub(r"\(.*?\)", "", label).split()
    large = all(word[0].isupper() for word in words if word[0].isalpha())
    return label[-1].isdecimal() or (len(words) > 1 and large and label[0].isalpha())


def read_recognition(source: Source) -> PlainText:
    """The segments of a Whisper, WhisperX or whisper.cpp file (.json), with the speakers where these were told apart.

    Raises
    ------
    Rejected
        If it is not JSON, or has no list ``segments`` (of whisper.cpp: ``transcription``) with texts.
    """
    value = read_json(decode(source), file=source.name)
    segments = value.get("segments", value.get("transcription")) if isinstance(value, dict) else value
    mend = "give the JSON of Whisper, WhisperX or whisper.cpp: a list 'segments' of {start, end, text, speaker}"
    if not isinstance(segments, list) or not segments:
        raise Rejected(Problem(source.name, 0, 0, "no list 'segments'", mend))
    lines = []
    for n, one in enumerate(segments, start=1):
        if not isinstance(one, dict) or not isinstance(one.get("text"), str):
            raise Rejected(Problem(source.name, 0, 0, f"segment {n} has no 'text'", mend))
        lines += _of_segment(one)
    spoken = merged(lines)
    if not spoken:
        raise Rejected(Problem(source.name, 0, 0, "no text", "put the transcript into the file"))
    heard = [line for line in lines if line.words.strip()]
    nameless = sum(not line.speaker for line in heard)
    told = (f"segments without a speaker go on with the one before ({nameless})",)
    return replace(joined(spoken, settled=True), notes=told if 0 < nameless < len(heard) else ())


def _of_segment(one: dict[str, Any]) -> list[Line]:
    """A segment as a line; word by word where its words have several speakers (WhisperX)."""
    speaker, offsets = _text(one.get("speaker")), one.get("offsets")
    start = _time(one.get("start"))
    if start is None and isinstance(offsets, dict) and (milliseconds := _time(offsets.get("from"))) is not None:
        start = milliseconds / 1000  # whisper.cpp
    words = one.get("words")
    words = [w for w in words if isinstance(w, dict) and _text(w.get("word"))] if isinstance(words, list) else []
    named = list(dict.fromkeys(_text(word.get("speaker")) for word in words if _text(word.get("speaker"))))
    if len(named) < 2:
        return [Line(one["text"], speaker or "".join(named), start)]
    first = _text(words[0].get("speaker")) or speaker or named[0]
    lines = [Line(_text(word["word"]), _text(word.get("speaker")), _time(word.get("start"))) for word in words]
    return merged(
        [replace(lines[0], speaker=first, time=start if lines[0].time is None else lines[0].time), *lines[1:]]
    )


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _time(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    return float(value) if usable else None
