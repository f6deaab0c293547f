"""XLSForms (KoboToolbox, ODK): what each question of an export is, and its levels in the order of the form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bwa_study.load.confined import confined
from bwa_study.load.gate import Rejected, Source
from bwa_study.load.language_clues import LANGUAGE_NAMES
from bwa_study.load.sheets import Sheet, read_sheet
from bwa_study.model.errors import Problem, shown
from bwa_study.model.labels import Label

_LANGUAGE = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z]+)?)\)\s*\Z")

_TAGS = {
    **LANGUAGE_NAMES,
    **dict.fromkeys(("汉语", "简体中文", "普通话"), "zh"),
    **dict.fromkeys(("繁體中文", "繁体中文", "正體中文"), "zh-Hant"),
    "default": "en",
    "tiếng việt": "vi",
}
"""Names of languages that forms write without their tag."""

_SELECT = re.compile(r"(?:select[ _]one|select1|select[ _]multiple|select[ _]all[ _]that[ _]apply)(?=[ _]|\Z)")
_OTHER = ("other", Label((("en", "Other"), ("zh", "其他"))))


def _kind(written: re.Match[str]) -> str:
    """A type as today's forms write it; older ones have ``select one`` and ``select1``."""
    return "select_one" if "one" in written[0] or "1" in written[0] else "select_multiple"


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question of a form: its type, wording, choices (pairs of value and label), and whether it may be skipped.

    `conditional` is true where the form shows it only to some (`relevant`); `required` where it cannot be left empty.
    """

    name: str
    kind: str
    wording: Label
    choices: tuple[tuple[str, Label], ...] = ()
    conditional: bool = False
    required: bool = False


def read_xlsform(source: Source) -> dict[str, FormQuestion]:
    """The questions of an XLSForm by name.

    Raises
    ------
    Rejected
        If it is no XLSForm: the sheets ``survey`` and ``choices``, with the columns type, name and list_name.
    """
    survey = confined(read_sheet, source, sheet="survey")
    rows = _records(source, survey, ("type", "name"))
    lists: dict[str, list[tuple[str, Label]]] = {}
    if "choices" in survey.names:
        choices = confined(read_sheet, source, sheet="choices")
        for row in _records(source, choices, ("list_name", "name")):
            lists.setdefault(row["list_name"], []).append((row["name"], _label(row)))
    out = {}
    groups: list[bool] = []  # whether each open group is shown only to some
    for row in rows:
        kind, list_name, *more = [*_SELECT.sub(_kind, row["type"]).split(), "", ""]
        other = (_OTHER,) if "or_other" in more else ()
        relevant = bool(row.get("relevant", "").strip())
        if kind.startswith("begin"):
            groups.append(relevant)
        elif kind.startswith("end"):
            groups = groups[:-1]
        elif row["name"]:
            out[row["name"]] = FormQuestion(
                name=row["name"],
                kind=kind,
                wording=_label(row),
                choices=(*lists.get(list_name, ()), *other),
                conditional=relevant or any(groups),
                required=row.get("required", "").strip().lower() in ("true", "true()", "yes", "1"),
            )
    return out


def _records(source: Source, sheet: Sheet, needed: tuple[str, ...]) -> list[dict[str, str]]:
    header = [cell.strip() for cell in sheet.rows[0]] if sheet.rows else []
    header = ["list_name" if name == "list name" else name for name in header]
    for name in needed:
        if name not in header:
            what = f"sheet '{shown(sheet.name)}' has no column '{name}', so this is no XLSForm"
            raise Rejected(Problem(source.name, 1, 0, what, "give the form the survey was made with, as xlsx"))
    return [dict(zip(header, (cell.strip() for cell in row), strict=True)) for row in sheet.rows[1:]]


def _label(row: dict[str, str]) -> Label:
    """The label by language: columns ``label``, ``label::English (en)``, ``label::English``, ``label::zh``."""
    texts = {}
    for column, text in row.items():
        if text and (column == "label" or column.startswith("label:")):
            tag = column.partition(":")[2].lstrip(":").strip()
            known = _LANGUAGE.search(tag)
            texts[known[1] if known else _TAGS.get(tag.casefold(), tag or "en")] = text
    return Label(tuple(texts.items()))
