"""The main job: a study folder in; theme tables, figures, a page and their provenance out."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from bwa_study.analysis.frequency import Count, Frequency, frequency
from bwa_study.coding.indicators import apply_codebook
from bwa_study.coding.rows import INDICATORS
from bwa_study.load.gate import is_guess
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import load_study
from bwa_study.model.errors import NoCodebook, UnknownName
from bwa_study.model.matrix import CodingMatrix, matrix
from bwa_study.model.study import Study
from bwa_study.present.figures import most_changed, plot_dots, plot_heatmap, plot_slope
from bwa_study.present.page import PageFigure, index_page
from bwa_study.present.style import save
from bwa_study.present.tables import cannot_write, csv_bytes, labelled, write_files
from bwa_study.present.wording import WORDS, words
from bwa_study.present.workbook import workbook_bytes

PROVENANCE = "provenance.json"
MOST_IN_PANEL = 8
MOST_GUESSES = 5
_PACKAGES = ("bwa-study", "numpy", "pandas", "matplotlib", "XlsxWriter", "pydantic", "PyYAML")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: `lines` to print, and the files written (relative to `out`)."""

    study: Study
    out: Path
    files: tuple[str, ...]
    lines: tuple[str, ...]


def coded_matrix(study: Study, *, coder: str = "", progress: Progress | None = None) -> CodingMatrix:
    """The turn matrix of one coder of a study; ``indicators`` codes it first.

    Parameters
    ----------
    study
        A loaded study.
    coder
        Name of a coder; the study's `main_coder` by default.

    Raises
    ------
    NoCodebook
        If the study has none.
    UnknownName
        If nobody of that name has coded or examined anything.
    """
    if not len(study.codebook):
        raise NoCodebook(study.id)
    coder = coder or study.main_coder
    known = (INDICATORS.name, *study.examined.coders, *study.codings.coders)
    if coder not in known:
        raise UnknownName("coder", coder, dict.fromkeys(known))
    if coder == INDICATORS.name:
        proposals = apply_codebook(study.corpus, study.codebook, progress=progress)
        study = study.with_codings(proposals, examined_whole=INDICATORS.name)
    return matrix(study, unit="turn", coders=[coder])


def run_study(
    path: str | Path,
    out: str | Path,
    *,
    coder: str = "",
    count: Count = "interviews",
    language: str = "",
    progress: Progress | None = None,
) -> RunReport:
    """Load a study, count its themes by group and round, and write everything people need to see.

    Parameters
    ----------
    path
        The study folder.
    out
        Where to write: ``tables/``, ``figures/``, ``index.html``, ``provenance.json``. Files of an earlier run that
        are no longer made are removed; other files are left alone. Nothing is written if anything fails before.
    coder
        Whose codings are counted; the study's `main_coder` by default, ``indicators`` for the automatic proposals.
    count
        As in `frequency`.
    language
        Of labels: the study's by default.
    progress
        Told of every step.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    UnknownName
        If there is no such coder or count, or nothing is labelled in that language.
    CannotWrite
        If a file cannot be written.
    """
    started = datetime.datetime.now(datetime.UTC)
    study = load_study(path, progress=progress)
    language = language or study.language
    if language not in (known := _languages(study)):
        raise UnknownName("language", language, known)
    counted = coded_matrix(study, coder=coder, progress=progress)
    result = frequency(counted, by=("group", "round"), count=count)
    files = dict(_tables(result, counted, count, language))
    pictures: list[PageFigure] = []
    for name, data, picture in _figures(result, language, progress):
        files[name] = data
        if picture is not None:
            pictures.append(picture)
    files["index.html"] = index_page(result, pictures, language).encode("utf-8")
    options = {"coder": counted.coders[0], "count": count, "language": language, "seed": None}
    files[PROVENANCE] = _provenance(counted.study, options, files, started)
    out = Path(out)
    refuse_inputs(study, path, [out / name for name in files])
    _replace(out, files)
    return RunReport(counted.study, out, tuple(files), tuple(_lines(counted, out, files)))


def _languages(study: Study) -> tuple[str, ...]:
    """Languages some label is written in, and those the figures and the page speak themselves."""
    labels = [*(g.label for g in study.groups), *(r.label for r in study.rounds)]
    labels += [*(t.label for t in study.codebook.themes), *(c.label for c in study.codebook)]
    tags = (tag for label in labels for tag, _ in label.texts)
    return tuple(dict.fromkeys([*WORDS, study.language, *tags]))


def _tables(result: Frequency, counted: CodingMatrix, count: Count, language: str) -> Iterator[tuple[str, bytes]]:
    yield "tables/theme_frequency.csv", csv_bytes(labelled(result))
    yield "tables/theme_frequency.xlsx", workbook_bytes(result, language)
    if counted.study.sites:
        by_site = frequency(counted, by=("site", "group", "round"), count=count, themes=False)
        yield "tables/theme_frequency_by_site.csv", csv_bytes(labelled(by_site))
    sample = counted.study.sample.assign(synthetic=counted.study.synthetic)
    yield "tables/sample.csv", csv_bytes(sample)


def _figures(
    result: Frequency, language: str, progress: Progress | None
) -> Iterator[tuple[str, bytes, PageFigure | None]]:
    assert result.matrix is not None
    study = result.matrix.study
    plans: list[tuple[str, Callable[[], Any], str]] = [
        ("heatmap", partial(plot_heatmap, result, language=language), _alt(result, "heatmap", language))
    ]
    if len(study.rounds) > 1:
        rows = result.select(polarity="present", level="code")
        changed = most_changed(rows, study.levels("group"), study.levels("round"))
        chosen = [("slope", "", changed)]
        for theme in study.codebook.themes:
            own = [c.id for c in study.codebook.under(theme.id)]
            for n, part in enumerate(own[i : i + MOST_IN_PANEL] for i in range(0, len(own), MOST_IN_PANEL)):
                name = f"slope_{theme.id}" + (f"_{n + 1}" if n else "")
                chosen.append((name, theme.label.text(language), part))
        for name, about, codes in chosen:
            if codes:
                alt = f"{_alt(result, 'slope', language)}: {', '.join(study.label('code', c, language) for c in codes)}"
                plans.append((name, partial(plot_slope, result, codes=codes, language=language, about=about), alt))
    else:
        by_group = frequency(result.matrix, by=("group",), count=result.count)
        plans.append(("dots", partial(plot_dots, by_group, language=language), _alt(result, "dots", language)))
    for n, (name, draw, alt) in enumerate(plans, start=1):
        if progress:
            progress("drawing figures", n, len(plans))
        figure = draw()
        svg, png = io.BytesIO(), io.BytesIO()
        description = ("SYNTHETIC DATA. " if study.synthetic else "") + alt
        save(figure, svg, kind="svg", title=name, description=description)
        save(figure, png, kind="png", title=name, description=description)
        yield f"figures/{name}.svg", svg.getvalue(), PageFigure(svg.getvalue(), alt)
        yield f"figures/{name}.png", png.getvalue(), None


def _alt(result: Frequency, kind: str, language: str) -> str:
    say = words(language)
    return f"{say[kind]}, {say['present']}; {result.title}"


def _provenance(study: Study, options: dict[str, Any], files: dict[str, bytes], started: datetime.datetime) -> bytes:
    content = {
        "study": study.id,
        "synthetic": study.synthetic,
        "made": started.isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), **{p: _version(p) for p in _PACKAGES}},
        "options": options,
        "codebook": {"id": study.codebook.id, "version": study.codebook.version, "sha256": study.codebook.digest},
        "corpus": {
            "interviews": len(study.corpus),
            "withdrawn": study.withdrawn,
            "sha256": study.corpus.digest,
            "encodings": {t.id: t.encoding for t in study.corpus if t.encoding not in ("", "utf-8")},
        },
        "inputs": {name: f"sha256:{digest}" for name, digest in sorted(study.inputs)},
        "outputs": {name: f"sha256:{hashlib.sha256(data).hexdigest()}" for name, data in sorted(files.items())},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _replace(out: Path, files: dict[str, bytes]) -> None:
    """Write the files, provenance last, then remove what an earlier run made and this one did not."""
    before = _made_before(out)
    write_files({out / name: data for name, data in files.items()})
    for name in sorted(before - set(files)):
        path = out / name
        if path.resolve().is_relative_to(out.resolve()) and path.is_file():
            try:
                path.unlink()
            except OSError as fault:
                raise cannot_write(path, fault) from None


def _made_before(out: Path) -> set[str]:
    """Tables and figures that the provenance of an earlier run lists."""
    try:
        outputs = json.loads((out / PROVENANCE).read_text(encoding="utf-8"))["outputs"]
        return {name for name in outputs if name.startswith(("tables/", "figures/"))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def _lines(counted: CodingMatrix, out: Path, files: dict[str, bytes]) -> Iterator[str]:
    study = counted.study
    interviews = study.corpus.interviews
    warnings = [p for p in study.problems if p.severity == "warning"]
    groups = ", ".join(
        f"{study.label('group', g)} {int((interviews['group'] == g).sum())}" for g in study.levels("group")
    )
    rounds = ", ".join(f"{r} {int((interviews['round'] == r).sum())}" for r in study.levels("round"))
    sample = study.sample
    gaps = [
        f"{site} {study.label('group', group)} {round}".strip()
        for site, group, round, n in sample.itertuples(index=False)
        if n == 0
    ]
    book = study.codebook
    yield study.title.text(study.language)
    yield f"Interviews  {len(study.corpus)} ({groups}; {rounds}); {study.withdrawn} left out: consent withdrawn"
    yield f"Text        {int(interviews['turns'].sum()):,} answers, {int(interviews['words'].sum()):,} words"
    yield f"Gaps        {'; '.join(gaps) + ' not visited' if gaps else 'none'}"
    yield f"Codebook    {book.id} {book.version}: {len(book)} codes in {len(book.themes)} themes"
    yield f"Codings     {len(counted.codings):,} by {counted.coders[0]}"
    guesses = [p for p in warnings if is_guess(p)]
    for guess in guesses[:MOST_GUESSES]:
        yield f"Guessed     {guess.file}: {guess.what}"
    if len(guesses) > MOST_GUESSES:
        more = len(guesses) - MOST_GUESSES
        yield f"Guessed     … and the encoding of {more} more file{'s' if more > 1 else ''}"
    yield f"Warnings    {len(warnings)}" + (": 'bwa-study check' on the study folder lists them" if warnings else "")
    yield f"Tables      {', '.join(Path(f).name for f in files if f.startswith('tables/'))}"
    yield f"Figures     {', '.join(Path(f).name for f in files if f.endswith('.png'))} (and svg)"
    yield f"Open        {out / 'index.html'}"
