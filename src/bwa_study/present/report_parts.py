"""What a report consists of, before it is written as a page or a document."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bwa_study.load.study import Progress
from bwa_study.model.errors import BwaError
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.present.answers import answers
from bwa_study.present.printed import Printed, printed
from bwa_study.present.questions import ANNEX_FIGURES, ANNEX_TABLES, QUESTIONS
from bwa_study.present.report_quotes import Words, words_behind
from bwa_study.present.study_figures import FIGURES
from bwa_study.present.study_tables import TABLES
from bwa_study.present.style import save
from bwa_study.present.translated import Translation, drawn, translated
from bwa_study.present.wording import report_words


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as bytes: svg for pages, png for documents, with what it shows."""

    svg: bytes
    png: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section: heading, what is found in plain words, pictures, tables, and what is missing and why."""

    heading: str
    anchor: str
    answer: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Printed, ...] = ()
    missing: tuple[str, ...] = ()
    items: tuple[str, ...] = field(default=())
    """Lines of a list, such as limitations or the method."""
    words: tuple[Words, ...] = ()
    """What was said behind the answer, to unfold."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language."""

    title: str
    subtitle: str
    language: str
    synthetic: bool
    parts: tuple[Part, ...]


def report_of(matrix: CodingMatrix, *, language: str, progress: Progress | None = None) -> Report:
    """Make every table and figure that the study allows, and the sentences that answer the twelve questions.

    Parameters
    ----------
    matrix
        Of one coder.
    language
        ``en`` or ``zh``.
    progress
        Told of every table and figure.
    """
    study, say = matrix.study, report_words(language)
    if language != study.language:
        study = replace(study, language=language)
        matrix = replace(matrix, study=study)
    results, no_table = _results(matrix, progress)
    pictures, no_figure = _pictures(matrix, language, progress)
    parts = []
    for question in QUESTIONS:
        found = answers(question.number, results, study, language)
        reasons = [f"{_number(TABLES, n)}: {no_table[n]}" for n in question.tables if n in no_table]
        reasons += [f"{_number(FIGURES, n)}: {no_figure[n]}" for n in question.figures if n in no_figure]
        parts.append(
            Part(
                heading=f"{question.number}. {question.ask.text(language)}",
                anchor=f"q{question.number}",
                answer=tuple(found) or (say["no answer"],),
                pictures=tuple(pictures[n] for n in question.figures if n in pictures),
                tables=tuple(_tables(results, question.tables, study)),
                missing=tuple(reasons),
                words=words_behind(question.number, results, matrix, language),
            )
        )
    summary = [*study.report.summary, *(line for part in parts for line in part.answer[:1] if line != say["no answer"])]
    head = Part(say["summary"], "summary", answer=tuple(summary))
    tail = [
        Part(
            say["annex"],
            "annex",
            pictures=tuple(pictures[n] for n in ANNEX_FIGURES if n in pictures),
            tables=tuple(_tables(results, ANNEX_TABLES, study)),
        ),
        Part(say["limitations"], "limitations", items=(*_limitations(matrix, say), *study.report.limitations)),
        Part(say["method"], "method", items=tuple(_method(matrix, results))),
    ]
    subtitle = f"{say['coded by']}: {', '.join(matrix.coders)} · {matrix.provenance.get('codebook', '')}"
    return Report(study.title.text(language), subtitle, language, study.synthetic, (head, *parts, *tail))


def _number(known: Sequence[object], name: str) -> str:
    return next((f"{one.id} {one.name}" for one in known if one.name == name), name)  # type: ignore[attr-defined]


def _results(matrix: CodingMatrix, progress: Progress | None) -> tuple[dict[str, Result], dict[str, str]]:
    results: dict[str, Result] = {}
    missing: dict[str, str] = {}
    for n, table in enumerate(TABLES, start=1):
        if progress:
            progress("making tables", n, len(TABLES))
        try:
            results[table.name] = table.make(matrix)
        except BwaError as fault:
            missing[table.name] = str(fault)
    return results, missing


def _pictures(
    matrix: CodingMatrix, language: str, progress: Progress | None
) -> tuple[dict[str, Picture], dict[str, str]]:
    pictures: dict[str, Picture] = {}
    missing: dict[str, str] = {}
    for n, one in enumerate(FIGURES, start=1):
        if progress:
            progress("drawing figures", n, len(FIGURES))
        try:
            figure = drawn(one.draw, matrix, language)
        except BwaError as fault:
            missing[one.name] = str(fault)
            continue
        svg, png = io.BytesIO(), io.BytesIO()
        told = ("SYNTHETIC DATA. " if matrix.study.synthetic else "") + f"{one.id}: {one.shows}"
        save(figure, svg, kind="svg", title=one.name, description=told)
        save(figure, png, kind="png", title=one.name, description=told, dpi=150)
        pictures[one.name] = Picture(svg.getvalue(), png.getvalue(), _caption(f"{one.id}. {one.shows}", matrix.study))
    return pictures, missing


def _caption(text: str, study: Study) -> str:
    return Translation.of(study, "zh").title(text) if study.language == "zh" else text


def _tables(results: Mapping[str, Result], names: Sequence[str], study: Study) -> Iterator[Printed]:
    """The tables by number, in the study's language; notes of several tables of one result stand under the last."""
    ids = {table.name: table.id for table in TABLES}
    for name in names:
        if name not in results:
            continue
        pages = printed(results[name], study.language)
        for n, page in enumerate(pages):
            again = n + 1 < len(pages) and pages[n + 1].notes == page.notes
            numbered = replace(page, title=f"{ids[name]}. {page.title}", notes=() if again else page.notes)
            yield translated(numbered, study, study.language)


def _limitations(matrix: CodingMatrix, say: Mapping[str, str]) -> Iterator[str]:
    """What follows from the data themselves."""
    study = matrix.study
    sample = study.sample
    empty = [
        f"{site} {study.label('group', g)} {r}".strip() for site, g, r, n in sample.itertuples(index=False) if not n
    ]
    if study.synthetic:
        yield say["synthetic"]
    if empty:
        yield say["not visited"].format(cells="; ".join(empty))
    notes = sum(t.attribute("transcript_type") == "notes" for t in study.corpus)
    if notes:
        yield say["notes only"].format(n=notes, of=len(study.corpus))
    if matrix.coders[0] == "indicators":
        yield say["machine"]


def _method(matrix: CodingMatrix, results: Mapping[str, Result]) -> Iterator[str]:
    seen: set[str] = set()
    chinese = Translation.of(matrix.study, "zh") if matrix.study.language == "zh" else None
    for table in TABLES:
        result = results.get(table.name)
        if result is not None:
            title, method = result.title, result.method
            if chinese:
                title, method = chinese(title), chinese.sentences(method)
            line = f"{table.id} {title}: {method}" + (f" ({result.source})" if result.source else "")
            if line not in seen:
                seen.add(line)
                yield line
    line = "; ".join(f"{name}: {value}" for name, value in matrix.provenance.items())
    yield chinese(line) if chinese else line
