"""A study at a glance: who was talked to, what is missing, and every problem with its place, as lines or as a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bwa_study.analysis.sample import SampleTable, sample_table
from bwa_study.load.check import CheckReport, check_path
from bwa_study.model.errors import Problem, shown
from bwa_study.model.study import Study
from bwa_study.present.tables import write_files

_SAY = {
    "en": {
        "title": "Study at a glance",
        "sample": "Who was interviewed (T1)",
        "gaps": "What is missing",
        "problems": "Problems found",
        "none": "Nothing.",
        "all": "All",
        "no site": "no site",
        "interviews": "all",
        "women": "women",
        "recorded": "recorded",
        "recording_refused": "recording refused",
        "focus_groups": "focus groups",
        "not visited": "not visited",
        "not surveyed": "nobody answered the survey",
        "no consent to quote": "no consent to quote",
        "notes only": "notes only",
        "not translated": "not translated",
        "translation missing": "said to be translated, but 'source_lang_file' is empty",
        "not asked": "not asked",
        "not coded": "not coded",
        "counted": "Numbers count interviews; one about several sites counts at each of them and once in the total.",
        "only survey": "There are no interviews.",
        "withdrawn": "{n} with withdrawn consent are left out everywhere.",
        "synthetic": "SYNTHETIC DATA: made for demonstration. Nobody said any of this.",
        "unreadable": "The study cannot be read until the errors below are mended.",
        "columns": "Severity|File|Line|What is wrong|What to do",
        "gap columns": "What|Where|Interviews",
        "error": "error",
        "warning": "warning",
        "note": "note",
        "of": "of",
    },
    "zh": {
        "title": "研究概览",
        "sample": "访谈对象（T1）",
        "gaps": "缺什么",
        "problems": "发现的问题",
        "none": "无。",
        "all": "合计",
        "no site": "无工厂",
        "interviews": "合计",
        "women": "女性",
        "recorded": "有录音",
        "recording_refused": "拒绝录音",
        "focus_groups": "焦点小组",
        "not visited": "未访",
        "not surveyed": "无人答问卷",
        "no consent to quote": "不同意引用",
        "notes only": "只有笔记",
        "not translated": "未翻译",
        "translation missing": "注明已翻译，但未填 source_lang_file",
        "not asked": "未问",
        "not coded": "未编码",
        "counted": "数字为访谈数；涉及多家工厂的访谈在每家各计一次，在合计中只计一次。",
        "only survey": "没有访谈。",
        "withdrawn": "另有 {n} 次因撤回同意而全部不计。",
        "synthetic": "SYNTHETIC 合成数据：为演示而编写，没有人说过这些话。",
        "unreadable": "改正以下错误之前，无法读取此研究。",
        "columns": "级别|文件|行|问题|怎么办",
        "gap columns": "项目|位置|访谈数",
        "error": "错误",
        "warning": "警告",
        "note": "提示",
        "of": "/",
    },
}


@dataclass(frozen=True, slots=True)
class Glance:
    """What `bwa-study check` shows: lines for the terminal, every problem, and the sentence that sums up."""

    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    summary: str


def look_at(
    path: str | Path,
    *,
    encoding: str = "",
    html: str | Path = "",
    language: str = "",
    progress: Callable[[str, int, int], None] | None = None,
) -> Glance:
    """Check a study folder or a codebook file, and show the study as far as it can be read.

    Parameters
    ----------
    path
        A study folder, its ``study.yaml``, or a codebook file.
    encoding
        Of a codebook file that is not UTF-8.
    html
        A page to write; none by default. It is written also where there are errors.
    language
        Of the page and the lines, en or zh; the study's own by default.

    Raises
    ------
    CannotWrite
        If the page cannot be written.
    """
    report = check_path(path, encoding=encoding, progress=progress)
    table = sample_table(report.study) if report.study is not None else None
    lines = tuple(_lines(report.study, table, language)) if report.study is not None and table is not None else ()
    if html:
        page = glance_page(report, table, language=language, name=Path(path).resolve().name)
        write_files({Path(html): page.encode("utf-8")})
    return Glance(lines, report.problems, report.summary)


def glance_page(report: CheckReport, table: SampleTable | None, *, language: str = "", name: str = "") -> str:
    """The page as one html text without scripts; it loads nothing from anywhere.

    Parameters
    ----------
    report
        Of `check_path`.
    table
        Of the study's sample; None where the study cannot be read.
    language
        ``en`` or ``zh``; the study's own by default, and English for any other.
    name
        Shown as the title where the study has none to show.
    """
    from jinja2 import Environment, PackageLoader, select_autoescape

    study = report.study
    language = language or (study.language if study else "en")
    say = _SAY.get(language, _SAY["en"])
    environment = Environment(
        loader=PackageLoader("bwa_study.present"), autoescape=select_autoescape(["html", "j2"]), trim_blocks=True
    )
    heads, rows = _table(study, table, language, say) if study and len(study.corpus) and table else ([], [])
    return environment.get_template("check.html.j2").render(
        language=language if language in _SAY else "en",
        say=say,
        title=study.title.text(language) if study else name,
        summary=report.summary,
        notes=_notes(study, say)
        if study and len(study.corpus)
        else [say["only survey"]]
        if study
        else [say["unreadable"]],
        synthetic=bool(study and study.synthetic),
        heads=heads,
        rows=rows,
        gap_heads=say["gap columns"].split("|"),
        gaps=_gap_rows(study, table.gaps, language, say) if study and table else [],
        problem_heads=say["columns"].split("|"),
        problems=[(say.get(p.severity, p.severity), p.file, p.line or "", p.what, p.mend) for p in report.problems],
    )


def _notes(study: Study, say: dict[str, str]) -> list[str]:
    return [say["counted"], *([say["withdrawn"].format(n=study.withdrawn)] if study.withdrawn else [])]


def _table(study: Study, table: SampleTable, language: str, say: dict[str, str]) -> tuple[list[Any], list[Any]]:
    """Two rows of heads (text, width), and rows: name, kind, cells."""
    frame, groups, rounds = table.frame, study.levels("group"), study.levels("round")
    cells = [f"{g} {r}" for g in groups for r in rounds]
    others = ["interviews", "women", *study.levels("language"), "recorded", "recording_refused", "focus_groups"]
    others = [c for c in others if c == "interviews" or frame[c].any()]
    heads = [
        [("", 1), *((study.label("group", g, language), len(rounds)) for g in groups), ("", len(others))],
        [("", 1), *((r, 1) for _ in groups for r in rounds), *((say.get(c, c), 1) for c in others)],
    ]
    rows = []
    for row in frame.to_dict("records"):
        name = {"brand": row["brand"], "total": say["all"]}.get(row["row"], row["site"] or say["no site"])
        values: list[Any] = [int(row[c]) if row[c] or row["row"] == "brand" else None for c in cells]
        rows.append((name, row["row"], [*values, *(int(row[c]) for c in others)]))
    return heads, rows


_EMPTY = ("not visited", "not surveyed")
"""Gaps of places, not of interviews."""


def _gap_rows(study: Study, gaps: pd.DataFrame, language: str, say: dict[str, str]) -> list[tuple[str, str, str]]:
    """A line for each kind of gap and detail: what, where, how many."""
    out = []
    for (kind, detail), part in gaps.groupby(["kind", "detail"], sort=False):
        places = []
        for site, group, round, n, of in part[["site", "group", "round", "interviews", "of"]].itertuples(index=False):
            where = " ".join(x for x in (site, study.label("group", group, language), round) if x)
            places.append(where if kind in _EMPTY else f"{where} {n} {say['of']} {of}")
        total = "" if kind in _EMPTY else str(int(part["interviews"].sum()))
        out.append((f"{say[str(kind)]}{f': {detail}' if detail else ''}", "; ".join(places), total))
    return out


def _lines(study: Study, table: SampleTable, language: str) -> Iterator[str]:
    language = language or study.language
    say = _SAY.get(language, _SAY["en"])
    heads, rows = _table(study, table, language, say)
    texts = [["" if v is None else str(v) for v in cells] for _, _, cells in rows]
    names = [name if kind != "site" else f"  {name}" for name, kind, _ in rows]
    second = [text for text, _ in heads[1]][1:]
    widths = [max(_width(text) for text in column) for column in zip(second, *texts, strict=True)]
    first = max(_width(name) for name in names)
    _widen(widths, heads[0][1:])
    yield from (say["synthetic"],) if study.synthetic else ()
    if not len(study.corpus):
        yield from (say["only survey"], *_gap_lines(study, table, language, say))
        return
    yield _padded("", first) + _group_heads(heads[0][1:], widths)
    yield _padded("", first) + "".join(f"  {_padded(t, w, right=True)}" for t, w in zip(second, widths, strict=True))
    for name, values in zip(names, texts, strict=True):
        cells = "".join(f"  {_padded(v or '·', w, right=True)}" for v, w in zip(values, widths, strict=True))
        yield _padded(name, first) + cells
    yield from _notes(study, say)
    yield from _gap_lines(study, table, language, say)


def _gap_lines(study: Study, table: SampleTable, language: str, say: dict[str, str]) -> Iterator[str]:
    gaps = _gap_rows(study, table.gaps, language, say)
    yield f"{say['gaps']}:" + ("" if gaps else f" {say['none']}")
    for what, where, total in gaps:
        yield f"  {what}: {where}" if not total else f"  {what}: {total} ({where})"


def _widen(widths: list[int], heads: Sequence[tuple[str, int]]) -> None:
    """Give the first column under each head the room that its text needs."""
    at = 0
    for text, n in heads:
        widths[at] += max(0, _width(text) - sum(widths[at : at + n]) - 2 * (n - 1))
        at += n


def _group_heads(heads: Sequence[tuple[str, int]], widths: Sequence[int]) -> str:
    out, at = "", 0
    for text, n in heads:
        out += "  " + _padded(text, sum(widths[at : at + n]) + 2 * (n - 1))
        at += n
    return out.rstrip()


def _width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shown(text, limit=200))


def _padded(text: str, width: int, *, right: bool = False) -> str:
    gap = " " * (width - _width(text))
    return f"{gap}{text}" if right else f"{text}{gap}"
