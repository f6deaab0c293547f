"""Writing the demo study as a study folder."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from bwa_study.demo import coders, plan
from bwa_study.demo.cases import CASES, CONTRIBUTION
from bwa_study.demo.interviews import Interview, interview
from bwa_study.demo.roster import SIZES, Size, manifest_row, visits
from bwa_study.demo.speech import load_speech
from bwa_study.demo.survey import survey_file, survey_rows
from bwa_study.demo.translations import FOLDER, translation, translation_fields
from bwa_study.demo.truth import truth
from bwa_study.load.codebook import codebook_schema, load_codebook
from bwa_study.load.codings_files import EXAMINED_FILE
from bwa_study.load.study import load_study
from bwa_study.model.codebook import Codebook
from bwa_study.model.codings import CODINGS
from bwa_study.model.errors import BwaError, UnknownName
from bwa_study.model.study import Study
from bwa_study.present.tables import cannot_write

_STUDY = """\
# SYNTHETIC demo study DEMO-12, seed {seed}, written by 'bwa-study demo'. Nobody said any of this.
id: demo-12
title: {{en: "DEMO-12 (synthetic): brand staff, managers and workers in twelve factories", zh: "DEMO-12（合成数据）：十二家工厂的品牌方人员、管理人员和工人"}}
synthetic: true
language: en
codebook: codebook.yaml
interviews: raw/interviews.csv
sites: raw/factories.csv
events: raw/events.csv
surveys: raw/survey.yaml
codings: codings
main_coder: {coder}
groups:
  - {{id: brand_staff, label: {{en: "Brand staff", zh: "品牌方人员"}}}}
  - {{id: manager, label: {{en: "Managers", zh: "管理人员"}}}}
  - {{id: worker, label: {{en: "Workers", zh: "工人"}}}}
rounds:
  - {{id: R1, label: {{en: "R1 Baseline", zh: "R1 基线"}}, start: 2019-09-01, end: 2019-10-31}}
  - {{id: R2, label: {{en: "R2 Midline", zh: "R2 中期"}}, start: 2020-09-01, end: 2020-10-31}}
  - {{id: R3, label: {{en: "R3 Endline", zh: "R3 终期"}}, start: 2021-09-01, end: 2021-10-31}}
reliability:
  # Whose agreement decides what may be reported: the two independent first passes. See docs/reliability.md.
  rule: krippendorff2004
  coders: [{coder}, {second}]
"""
_README = """\
# DEMO-12: a synthetic study

Every file here is made up by `bwa-study demo` (seed {seed}); nobody said any of it, and it is not the Better Work Academy
study. `truth.json` says what was planted. The codings are of *simulated* coders and say so in their names.
"""


class DemoFolderTaken(BwaError):
    """The folder for the demo study already holds something."""


def demo_codebook_path() -> Path:
    """Where the codebook of the demo study lies in the installed package.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> bwa.load_codebook(demo_codebook_path())["covid"].theme
    'context'
    """
    return Path(str(files("bwa_study.demo") / "codebook.yaml"))


def write_demo(folder: str | Path, *, seed: int = plan.DEFAULT_SEED, size: Size = "full", stress: bool = False) -> None:
    """Write the demo study as a study folder.

    Parameters
    ----------
    folder
        A folder that is empty or does not exist yet. It appears only when everything is written.
    seed
        The same seed gives the same bytes (Word files: the same text; their compression depends on the machine).
    size
        ``full`` (342 interviews, consent withdrawn in 3 of them) or ``lite`` (2 brand staff per brand, 2
        managers and 4 workers per factory and round).
    stress
        Also leave out the workers of F09 in R2, so that its openness cannot be classified.

    Raises
    ------
    DemoFolderTaken
        If the folder is not empty.
    UnknownName
        If the size is neither full nor lite.
    CannotWrite
        If the disk is full or the place cannot be written to.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_demo(folder, seed=1, size="lite")
    ...     (Path(folder) / "study.yaml").is_file()
    True
    """
    if size not in SIZES:
        raise UnknownName("size", size, SIZES)
    folder = Path(folder)
    try:
        _write_whole(folder, seed, size, stress)
    except OSError as fault:
        raise cannot_write(folder, fault) from None


def _write_whole(folder: Path, seed: int, size: Size, stress: bool) -> None:
    """Make the study beside its place (in it, where the folder exists already), then move it there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DemoFolderTaken(f"{folder}: the folder is not empty — name a new one, or empty it first")
    there = folder.exists()
    if not there:
        folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder if there else folder.parent, prefix=".demo-") as staged:
        whole = Path(staged) / "study"
        _write_all(whole, seed, size, stress)
        if there:
            for part in sorted(whole.iterdir()):
                os.replace(part, folder / part.name)
        else:
            os.replace(whole, folder)


def demo_study(*, seed: int = plan.DEFAULT_SEED, size: Size = "full", stress: bool = False) -> Study:
    """The demo study, made and loaded, with nothing left on disk.

    Parameters and errors as in `write_demo`.

    Examples
    --------
    >>> study = demo_study(seed=1, size="lite")
    >>> [g.id for g in study.groups], study.withdrawn
    (['brand_staff', 'manager', 'worker'], 3)
    """
    with tempfile.TemporaryDirectory() as folder:
        write_demo(Path(folder) / "demo", seed=seed, size=size, stress=stress)
        return load_study(Path(folder) / "demo")


def _write_all(folder: Path, seed: int, size: Size, stress: bool) -> None:
    raw, coding = folder / "raw", folder / "codings"
    (raw / "interviews").mkdir(parents=True)
    coding.mkdir()
    shutil.copyfile(demo_codebook_path(), folder / "codebook.yaml")
    codebook = load_codebook(folder / "codebook.yaml")
    planned = visits(seed, size, stress=stress)
    speech = load_speech()
    interviews = [interview(v, speech, codebook, seed) for v in planned]
    for one in interviews:
        _write_transcript(raw / one.file, one)
    translations = translation_fields(seed, planned)
    _write_translations(raw, interviews, translations)
    _write_csv(raw / "interviews.csv", [manifest_row(i.visit, i.file, translations[i.visit.id]) for i in interviews])
    _write_csv(raw / "factories.csv", _factory_rows())
    _write_csv(raw / "events.csv", _event_rows())
    for r, (round, _, _) in enumerate(plan.ROUNDS):
        _write_csv(raw / f"survey_{round}.csv", survey_rows(seed, r, size))
    _write_text(raw / "survey.yaml", survey_file())
    _write_codings(coding, [i for i in interviews if not i.visit.withdrawn], codebook, seed)
    _write_text(
        folder / "study.yaml",
        _STUDY.format(seed=seed, coder=coders.CODER_A, second=coders.CODER_B) + CASES + CONTRIBUTION,
    )
    _write_text(folder / "codebook.schema.json", codebook_schema())
    _write_text(folder / "truth.json", truth(seed, size, stress, planned))
    _write_text(folder / "README.md", _README.format(seed=seed))


def _write_translations(raw: Path, interviews: Sequence[Interview], fields: dict[str, dict[str, str]]) -> None:
    (raw / FOLDER).mkdir()
    for one in interviews:
        of = fields[one.visit.id]
        if of["source_lang_file"]:
            _write_text(raw / of["source_lang_file"], translation(one, of["translation"]))


def _write_codings(folder: Path, interviews: Sequence[Interview], codebook: Codebook, seed: int) -> None:
    sample = coders.double_coded(interviews, seed)
    order = coders.order_of_b(interviews, sample, seed)
    read = {
        coders.CODER_B: sample,
        coders.CODER_B_LATER: sample,
        coders.CODER_B_CHECK: coders.checked(order, sample, seed),
    }
    tables = {coders.CODER_A: coders.codings_of_a(interviews)}
    for coder, turns in read.items():
        tables[coder] = coders.codings_of_b(coder, order, turns, codebook, seed)
    names = [c.name for c in CODINGS.columns]
    for coder, rows in tables.items():
        _write_csv(folder / f"{coder}.csv", [{n: str(r.get(n, "")) for n in names} for r in rows])
    examined = [_read(coders.CODER_A, i, "all", n, len(interviews)) for n, i in enumerate(interviews)]
    for coder, turns in read.items():
        for n, i in enumerate(order):
            if i.visit.id in turns:
                examined.append(_read(coder, i, ";".join(map(str, turns[i.visit.id])), n, len(order)))
    _write_csv(folder / EXAMINED_FILE, examined)


def _read(coder: str, one: Interview, turns: str, n: int, of: int) -> dict[str, str]:
    return {"coder": coder, "transcript": one.visit.id, "turns": turns, "date": coders.day(coder, n, of)}


def _factory_rows() -> list[dict[str, str]]:
    rows = []
    for n, f in enumerate(plan.FACTORIES):
        rows.append(
            {
                "factory_id": f.id,
                "brand_ids": f.brand,
                "region": ("south coast", "east coast", "inland")[n % 3],
                "size_band": ("<500", "500-1500", ">1500")[(n + n // 3) % 3],
                "products": ("knitwear", "footwear", "bags")[(n + 1) % 3],
                "academy_from": "2019-11",
                "academy_to": "2021-10" if f.oversight[2] else "2020-12",
                "client_visits_R1": "1",
                "client_visits_R2": str(1 + 2 * int(f.oversight[1])),
                "client_visits_R3": str(3 * int(f.oversight[2])),
                "order_shock": "yes" if f.shock else "no",
                "notes": "",
                "synthetic": "true",
            }
        )
    return rows


def _event_rows() -> list[dict[str, str]]:
    rows = []
    for f in plan.FACTORIES:
        events = [
            ("2019-11-15", "training", "brand staff trained"),
            ("2020-02-10", "covid", "factory closed for a time"),
        ]
        if f.shock:
            events.append(("2021-02-01", "order_shock", "orders fall by half"))
        if f.oversight[1] > f.oversight[2]:
            events.append(("2020-12-15", "client_withdrawal", "the client's contact leaves or the programme stops"))
        rows += [
            {"factory_id": f.id, "date": d, "kind": k, "note": n, "synthetic": "true"} for d, k, n in sorted(events)
        ]
    return rows


def _write_transcript(path: Path, one: Interview) -> None:
    if path.suffix == ".docx":
        path.write_bytes(_docx(one.text))
    else:
        _write_text(path, one.text)


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _write_text(path, out.getvalue())


def _docx(text: str) -> bytes:
    """A Word file with a paragraph a line and bold labels; the same text gives the same bytes."""
    import datetime

    import docx

    document = docx.Document()
    for line in text.split("\n"):
        paragraph = document.add_paragraph()
        mark = next((m for m in ("：", ": ") if 0 < line.find(m) < 8), "")
        head, words = (line[: line.find(mark) + len(mark)], line[line.find(mark) + len(mark) :]) if mark else ("", line)
        if head:
            paragraph.add_run(head).bold = True
        paragraph.add_run(words)
    document.core_properties.title = "Synthetic interview"
    document.core_properties.author = "bwa-study demo"
    document.core_properties.created = document.core_properties.modified = datetime.datetime(2021, 11, 1)
    raw = io.BytesIO()
    document.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            target.writestr(info, source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
