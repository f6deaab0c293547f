"""The report of a study: one page that needs no network, or a Word document to edit."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import UnknownName
from bwa_study.present.markup import head_cells, html_row
from bwa_study.present.printed import Printed, PrintedRow
from bwa_study.present.report_parts import Part, Report, report_of
from bwa_study.present.report_quotes import Words
from bwa_study.present.run import coded_matrix
from bwa_study.present.tables import write_bytes
from bwa_study.present.word_document import WordDocument
from bwa_study.present.wording import REPORT_WORDS, report_words

KINDS = (".html", ".docx")


def write_report(
    path: str | Path,
    out: str | Path,
    *,
    coder: str = "",
    language: str = "",
    progress: Progress | None = None,
) -> str:
    """Write the report of a study: answers to the twelve questions with their tables and figures, annex, method.

    Parameters
    ----------
    path
        The study folder.
    out
        A file ending in ``.html`` (one page that loads nothing, readable offline and in print) or ``.docx``.
    coder
        Whose codings are counted; the study's `main_coder` by default.
    language
        ``en`` or ``zh``; the study's own by default.
    progress
        Told of every table and figure.

    Returns
    -------
    str
        One line that says what was written and which questions have an answer.

    Raises
    ------
    UnknownName
        If the ending, the coder or the language is unknown.
    ProblemsFound
        If the study has errors.
    CannotWrite
        If the file cannot be written.
    """
    out = Path(out)
    if out.suffix not in KINDS:
        raise UnknownName("kind of report", out.suffix, KINDS)
    study = load_study(path, progress=progress)
    language = language or study.language
    if language not in REPORT_WORDS:
        raise UnknownName("language", language, REPORT_WORDS)
    refuse_inputs(study, path, [out])
    report = report_of(coded_matrix(study, coder=coder, progress=progress), language=language, progress=progress)
    write_bytes(out, report_page(report).encode("utf-8") if out.suffix == ".html" else report_document(report))
    nothing = report_words(language)["no answer"]
    asked = [part for part in report.parts if part.anchor.startswith("q")]
    answered = sum(part.answer != (nothing,) for part in asked)
    tables, figures = (sum(len(getattr(p, name)) for p in report.parts) for name in ("tables", "pictures"))
    return f"{out}: {answered} of {len(asked)} questions answered, {tables} tables, {figures} figures"


def report_page(report: Report) -> str:
    """The report as one html text without scripts; it loads nothing from anywhere."""
    from jinja2 import Environment, PackageLoader, select_autoescape
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("bwa_study.present"), autoescape=select_autoescape(["html", "j2"]), trim_blocks=True
    )

    def heads(table: Printed, head: Sequence[tuple[str, int]]) -> Markup:
        return Markup(head_cells(head, table))

    def row(table: Printed, one: PrintedRow) -> Markup:
        return Markup(html_row(one, table))

    def by_code(words: Sequence[Words]) -> list[tuple[str, list[Words]]]:
        return [(code, [one for one in words if one.code == code]) for code in dict.fromkeys(w.code for w in words)]

    environment.filters |= {"groupby_code": by_code, "as_data": _as_data, "head_cells": heads, "body_row": row}
    return environment.get_template("report.html.j2").render(report=report, say=report_words(report.language))


def _as_data(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def report_document(report: Report) -> bytes:
    """The report as a Word document: headings, answers, pictures, real tables."""
    document = WordDocument(landscape=True, title=report.title, synthetic=report.synthetic)
    say = report_words(report.language)
    document.heading(report.title, level=0)
    document.text(report.subtitle)
    if report.synthetic:
        document.text(say["synthetic"], bold=True)
    for part in report.parts:
        _add_part(document, part, say)
    return document.data()


def _add_part(document: WordDocument, part: Part, say: dict[str, str]) -> None:
    document.heading(part.heading, level=1)
    for line in part.answer:
        document.text(line)
    for picture in part.pictures:
        document.picture(io.BytesIO(picture.png), picture.caption)
    for table in part.tables:
        document.table(table)
    if part.words:
        document.text(say["words"], bold=True)
    for one in part.words:
        document.text(f"{one.code} {one.sign} “{one.quote}” {one.attribution}")
        if one.translation:
            document.text(f"{say['translation']}: {one.translation}")
    if part.missing:
        document.text(f"{say['missing']}: {'; '.join(part.missing)}")
    for line in part.items:
        document.bullet(line)
