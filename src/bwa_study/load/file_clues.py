"""What the name and the first lines of a transcript tell about its interview: proposals, for people to check."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bwa_study.load.language_clues import ORIGINAL, TRANSLATION, language_of_name, pieces_of

_ROUND_WORDS = {
    "baseline": "R1", "midline": "R2", "endline": "R3", "基线": "R1", "中期": "R2", "终期": "R3", "末期": "R3",
    "基線": "R1", "終期": "R3",
}  # fmt: skip
_ROUND = re.compile(r"(?:r|round|wave|第)[ ]?([1-9])(?:轮|次)?", re.IGNORECASE)
_HAN_NUMBERS = "12345一二三四五"
_HAN_ROUND = re.compile(f"第([{_HAN_NUMBERS}])[轮次輪]")
_HAN_SITE = re.compile(r"(?:厂|廠|工厂|工廠)(\d{1,3})")
_GROUP_WORDS = {
    "brand_staff": ("brand", "buyer", "client", "品牌", "客户", "采购"),
    "manager": ("manager", "managers", "management", "owner", "hr", "经理", "管理", "厂长", "主管", "老板"),
    "worker": ("worker", "workers", "operator", "operators", "employee", "工人", "员工"),
}
_GROUP_LETTERS = {"B": "brand_staff", "M": "manager", "W": "worker"}
_SITE = re.compile(r"(?:f|factory|site|厂|工厂)[ ]?(\d{1,3})", re.IGNORECASE)
_PERSON = re.compile(r"(?:p|participant|wk|mg|br)[ ]?(\d{1,4})", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)(20\d\d)(?:[-./年]?)(0[1-9]|1[0-2]|[1-9](?=[-./月]))(?:[-./月]?)(0[1-9]|[12]\d|3[01])(?!\d)"
)
_FIELD_WORDS = {
    "round": ("round", "wave", "轮次", "轮", "輪次"),
    "group": ("group", "role", "position", "组别", "角色", "职务", "岗位", "組別", "職務", "崗位"),
    "factory_ids": ("factory", "site", "工厂", "厂", "工廠", "廠"),
    "date": ("date", "日期", "时间", "访谈日期", "時間", "訪談日期"),
    "participant_id": ("participant", "participant id", "interviewee", "编号", "受访者编号", "編號", "受訪者編號"),
}
_FIELD = re.compile(r"\s*([^:：\t]{1,20}?)\s*[:：\t]\s*(\S.{0,60}?)\s*")
_HEAD_LINES = 15


def clues_of_name(name: str) -> dict[str, str]:
    """Fields of the manifest that a path tells: round, group, factory_ids, participant_id, date, language.

    Examples
    --------
    >>> clues_of_name("endline/worker_P12_2021-09-14.docx")
    {'date': '2021-09-14', 'round': 'R3', 'group': 'worker', 'participant_id': 'P12'}
    >>> clues_of_name("R2-F03-W-04.txt")
    {'round': 'R2', 'factory_ids': 'F03', 'group': 'worker'}
    """
    stem = name.rsplit(".", 1)[0]
    out = {}
    if date := _DATE.search(stem):
        out["date"] = f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}"
        stem = stem[: date.start()] + stem[date.end() :]
    language, pieces = language_of_name(stem)
    if language:
        out["language"] = language
    for piece in pieces:
        for field, value in _of_piece(piece).items():
            out.setdefault(field, value)
    return out


def without_language(name: str) -> str:
    """A path without its ending and its words for a language: the same for an interview and its translation.

    Examples
    --------
    >>> without_language("R2/F03_W_04_zh.docx") == without_language("R2/F03_W_04 (English translation).docx")
    True
    """
    return " ".join(language_of_name(name.rsplit(".", 1)[0])[1]).casefold()


def is_translation(name: str) -> bool | None:
    """Whether a path says that it is a translation, or that it is the original; None if it says neither.

    Examples
    --------
    >>> is_translation("4 translated.docx"), is_translation("4_original.docx"), is_translation("4.docx")
    (True, False, None)
    """
    pieces = {piece.casefold() for piece in pieces_of(name.rsplit(".", 1)[0])}
    if not pieces & (ORIGINAL | TRANSLATION):
        return None
    return bool(pieces & TRANSLATION)


def _of_piece(piece: str) -> dict[str, str]:
    word = piece.casefold()
    if not piece.isascii() and (told := _of_chinese(word)):
        return told
    if found := _ROUND.fullmatch(piece):
        return {"round": f"R{found[1]}"}
    if word in _ROUND_WORDS:
        return {"round": _ROUND_WORDS[word]}
    if found := _SITE.fullmatch(piece):
        return {"factory_ids": f"F{int(found[1]):02d}"}
    if piece in _GROUP_LETTERS:
        return {"group": _GROUP_LETTERS[piece]}
    if group := _group(word):
        return {"group": group}
    if found := _PERSON.fullmatch(piece):
        return {"participant_id": piece.upper().replace(" ", "")}
    return {}


def _of_chinese(words: str) -> dict[str, str]:
    """What stands in words without spaces between them, such as 第一轮工人访谈."""
    out = {}
    counted = _HAN_ROUND.search(words)
    named = next((round for word, round in _ROUND_WORDS.items() if not word.isascii() and word in words), "")
    if counted or named:
        out["round"] = f"R{_HAN_NUMBERS.find(counted[1]) % 5 + 1}" if counted else named
    if group := _group(words):
        out["group"] = group
    if site := _HAN_SITE.search(words):
        out["factory_ids"] = f"F{int(site[1]):02d}"
    return out


def _group(word: str) -> str:
    bare = re.sub(r"\d+$", "", word)
    for group, words in _GROUP_WORDS.items():
        if bare in words or any(len(one) > 1 and not one.isascii() and one in bare for one in words):
            return group
    return ""


def clues_of_head(lines: Iterable[str]) -> dict[str, str]:
    """Fields that the lines before the first speaker tell, such as ``Date: 14 …`` or ``日期：2021-09-14``.

    Examples
    --------
    >>> clues_of_head(["Interview", "Date: 2021-09-14", "组别：工人", "Factory: F3"])
    {'date': '2021-09-14', 'group': 'worker', 'factory_ids': 'F03'}
    """
    out: dict[str, str] = {}
    for line in list(lines)[:_HEAD_LINES]:
        found = _FIELD.fullmatch(line)
        if not found:
            continue
        name = " ".join(found[1].casefold().split())
        for field, words in _FIELD_WORDS.items():
            if name in words:
                value = clues_of_name(found[2] + ".").get(field, "")
                if value:
                    out.setdefault(field, value)
    return out


def plain_id(name: str, taken: Iterable[str]) -> str:
    """An id made of a file's name: ASCII, and not one of `taken`.

    Examples
    --------
    >>> plain_id("Interview 3 (final)", []), plain_id("访谈", []), plain_id("a", ["a"])
    ('Interview-3-final', 'interview', 'a-2')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._") or "interview"
    there, number, id = set(taken), 1, stem
    while id in there:
        number += 1
        id = f"{stem}-{number}"
    return id
