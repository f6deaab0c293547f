"""A study folder made from a pile of files: what could be read is proposed, what is left is said."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bwa_study.load.file_clues import is_translation, plain_id, without_language
from bwa_study.load.gate import Rejected
from bwa_study.load.pile import FoundTranscript, Pile, look_through
from bwa_study.load.study_file import STUDY_FILE
from bwa_study.load.survey_guess import proposed_survey_file
from bwa_study.load.yaml_text import quoted, yaml_text
from bwa_study.model.errors import BwaError, Problem, ProblemsFound
from bwa_study.present.tables import cannot_write, write_files

COLUMNS = (
    "interview_id", "round", "date", "group", "participant_id", "factory_ids", "brand_id", "gender", "language", "mode",
    "blocks_asked", "consent", "consent_quotes", "withdrawn", "transcript_file", "encoding", "translation",
    "source_lang_file",
)  # fmt: skip
_LABELS = {
    "brand_staff": '{en: "Brand staff", zh: "品牌方人员"}',
    "manager": '{en: "Managers", zh: "管理人员"}',
    "worker": '{en: "Workers", zh: "工人"}',
}
_MOST_SHOWN = 20
STARTER_CODEBOOK = """\
# A codebook to start from. Replace the code with your own; docs/codebook.md shows what a code can have.
id: my-codebook
version: "0.1.0"
languages: [en, zh]
themes:
  - {id: outcomes, label: {en: Outcomes, zh: 结果}}
codes:
  - id: improvement
    theme: outcomes
    label: {en: Improvement, zh: 改善}
    definition: "Something has become better, or has not."
    indicators:
      en: {present: ["(got|become|is) better"], absent: ["nothing has changed"]}
      zh: {present: ["(变好|改善)了"], absent: ["没(有)?变化"]}
"""


class FolderTaken(BwaError):
    """The folder already holds a study, or a file that would be written over."""


@dataclass(frozen=True, slots=True)
class NewStudy:
    """What was written, what could be read, what is left to fill (a line each), and the files that are none of it."""

    folder: Path
    lines: tuple[str, ...]
    to_fill: tuple[str, ...]
    left: tuple[Problem, ...]


def init_study(folder: str | Path, *, pile: str | Path = "") -> NewStudy:
    """Make a study folder, from nothing or from a pile of files.

    Parameters
    ----------
    folder
        The study folder. If it holds files already, these are the pile and stay where they are.
    pile
        A folder of files, copied into `folder`: transcripts and tables go to ``raw/``, as they are named there.

    Returns
    -------
    NewStudy
        Nothing that was there is changed. Consent is never guessed: it is left to fill.

    Raises
    ------
    FolderTaken
        If `folder` has a `study.yaml`, or a file that would be written over.
    CannotWrite
        With the path; nothing is left behind then.
    """
    folder = Path(folder)
    if (folder / STUDY_FILE).exists():
        raise FolderTaken(f"{folder}: there is a '{STUDY_FILE}' already — look at it with: bwa-study check {folder}")
    try:
        found = look_through(Path(pile or folder)) if pile or folder.is_dir() else Pile()
    except Rejected as fault:
        raise ProblemsFound([fault.problem]) from None
    in_place = not pile and bool(found.transcripts or found.surveys)
    base = "" if in_place else "raw/"
    rows = manifest_rows(found.transcripts)
    texts = {
        STUDY_FILE: study_yaml(folder, found, rows, base),
        "codebook.yaml": STARTER_CODEBOOK,
    }
    if rows or not found.surveys:
        texts[f"{base}interviews.csv"] = csv_text(COLUMNS, rows)
    told = [*rows, *_told_by_surveys(found)]
    if sites := _values(told, "factory_ids"):
        texts[f"{base}factories.csv"] = csv_text(("factory_id", "brand_ids"), [{"factory_id": one} for one in sites])
    if found.surveys:
        groups, rounds = _groups(told), _rounds(told)
        texts[f"{base}survey.yaml"] = proposed_survey_file(found.surveys, groups=groups, rounds=rounds)
    copies = {} if not pile else {f"raw/{name}": Path(pile) / name for name in _names(found)}
    for name in (*texts, *copies):
        if (folder / name).exists():
            raise FolderTaken(f"{folder / name}: this file is there already — move it, or give another folder")
    _write(folder, texts, copies)
    return NewStudy(folder, _told(folder, found, rows), left_to_fill(found, rows, base), tuple(found.left))


def _names(found: Pile) -> list[str]:
    return list(dict.fromkeys([*(one.path for one in found.transcripts), *(name for name, _ in found.surveys)]))


def _translations(transcripts: list[FoundTranscript]) -> dict[str, FoundTranscript]:
    """The file in the other language, by the path of its interview: two whose names differ in the language alone."""
    same: dict[str, list[FoundTranscript]] = {}
    for one in transcripts:
        if not one.part:
            same.setdefault(without_language(one.path), []).append(one)
    out = {}
    for both in same.values():
        told = [is_translation(one.path) for one in both]
        if len(both) == 2 and (both[0].fields["language"] != both[1].fields["language"] or told[0] is not told[1]):
            # Of two that do not say which is the original, the English one is the translation.
            own, other = sorted(both, key=_rather_a_translation)
            out[own.path] = other
    return out


def _rather_a_translation(one: FoundTranscript) -> tuple[int, bool, str]:
    said = {False: 0, None: 1, True: 2}[is_translation(one.path)]
    return said, one.fields["language"] == "en", one.path


def manifest_rows(transcripts: list[FoundTranscript], *, pair: bool = True) -> list[dict[str, str]]:
    """The manifest's rows that transcripts propose, each with an id and a participant of its own.

    Where `pair` is true, an interview and its translation are one row.
    """
    rows: list[dict[str, str]] = []
    translations = _translations(transcripts) if pair else {}
    others = {other.path for other in translations.values()}
    for one in transcripts:
        if one.path in others:
            continue
        id = plain_id(one.part or Path(one.path).stem, [row["interview_id"] for row in rows])
        file = f"{one.path}#{one.part}" if one.part else one.path
        row = {"participant_id": f"P-{id}", **one.fields, "interview_id": id, "transcript_file": file}
        if other := translations.get(one.path):
            unknown = one.fields["language"] == other.fields["language"]
            row |= {"translation": "full", "source_lang_file": other.path, **({"language": ""} if unknown else {})}
        rows.append(row)
    return rows


def _told_by_surveys(found: Pile) -> list[dict[str, str]]:
    """Groups, rounds and sites that columns of surveys name, as rows beside those of the manifest."""
    columns = {"group": "group", "round": "round", "site": "factory_ids"}
    return [{columns[key]: value} for _, guess in found.surveys for key, values in guess.ids for value in values]


def _values(rows: Iterable[dict[str, str]], column: str) -> list[str]:
    return sorted({row[column] for row in rows if row.get(column)})


def _groups(rows: list[dict[str, str]]) -> list[str]:
    found = _values(rows, "group") or list(_LABELS)
    return [*(one for one in _LABELS if one in found), *(one for one in found if one not in _LABELS)]


def _rounds(rows: list[dict[str, str]]) -> list[str]:
    return _values(rows, "round") or ["R1"]


def csv_text(columns: Iterable[str], rows: list[dict[str, str]]) -> str:
    """Rows as csv, with the columns in that order; other fields are left out."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def study_yaml(folder: Path, found: Pile, rows: list[dict[str, str]], base: str, *, synthetic: bool = False) -> str:
    """The study file that is proposed."""
    told = [*rows, *_told_by_surveys(found)]
    lines = [
        "# Proposed by 'bwa-study init': look at every line, and put groups and rounds in the order tables shall have.",
        f"id: {yaml_text(plain_id(folder.resolve().name, []))}",
        'title: {en: "My study", zh: "我的研究"}',
        *(["synthetic: true"] if synthetic else []),
        "language: en",
        "codebook: codebook.yaml",
        f"interviews: {base}interviews.csv" if rows or not found.surveys else 'interviews: ""     # only a survey',
    ]
    if _values(told, "factory_ids"):
        lines.append(f"sites: {base}factories.csv")
    if found.surveys and not rows:
        lines.append(f"surveys: {base}survey.yaml")
    elif found.surveys:
        lines.append(f"# surveys: {base}survey.yaml     # take the '#' away when that draft is filled in")
    lines += ["groups:", *map(_group_line, _groups(told)), "rounds:"]
    for one in _rounds(told):
        days = sorted(row["date"] for row in rows if row.get("round") == one and row.get("date"))
        when = f", start: {days[0]}, end: {days[-1]}" if days else ""
        lines.append(f"  - {{id: {yaml_text(one)}{when}}}")
    asking, answering = _speakers(found.transcripts)
    if asking:
        lines += [
            "speakers:       # proposed: these ask most of the questions; correct it if that is wrong",
            f"  interviewer: [{', '.join(map(quoted, asking))}]",
            f"  respondent: [{', '.join(map(quoted, answering))}]",
        ]
    return "\n".join(lines) + "\n"


def _group_line(group: str) -> str:
    return f"  - {{id: {group}, label: {_LABELS[group]}}}" if group in _LABELS else f"  - {{id: {yaml_text(group)}}}"


def _speakers(transcripts: list[FoundTranscript]) -> tuple[list[str], list[str]]:
    """Labels that ask and labels that answer, where transcripts have no usual label of an interviewer."""
    asking: dict[str, None] = {}
    answering: dict[str, None] = {}
    for one in transcripts:
        if max(one.asks.values(), default=0.0) > 0:
            first = max(one.asks, key=lambda label: one.asks[label])
            asking[first] = None
            answering.update(dict.fromkeys(label for label in one.asks if label != first))
    return list(asking), [label for label in answering if label not in asking]


def _told(folder: Path, found: Pile, rows: list[dict[str, str]]) -> tuple[str, ...]:
    kinds = [
        f"{len(found.transcripts)} transcripts",
        f"{len(found.surveys)} tables of a survey",
        f"{len(found.left)} other files",
    ]
    read = [f"{name} in {sum(bool(row.get(column)) for row in rows)}" for column, name in
            (("round", "round"), ("group", "group"), ("factory_ids", "factory"), ("date", "date"))]  # fmt: skip
    lines = [f"{folder}: a study folder was written; found {', '.join(kinds)}"]
    if paired := sum(bool(row.get("source_lang_file")) for row in rows):
        lines.append(f"interviews with their other language beside them, by the names of the files: {paired}")
    if rows:
        lines.append(f"read from names and first lines: {', '.join(read)} of {len(rows)} — proposals, look at them")
    lines += [f"{one.file}: {one.what} — if it is wrong, correct its encoding" for one in found.guessed[:_MOST_SHOWN]]
    if (more := len(found.guessed) - _MOST_SHOWN) > 0:
        lines.append(f"and {more} more files whose encoding was guessed")
    return tuple(lines)


def left_to_fill(found: Pile, rows: list[dict[str, str]], base: str, *, codes: str = "your codes") -> tuple[str, ...]:
    """What a person has to write, a line a file and field."""
    manifest = f"{base}interviews.csv"
    out = [f"{STUDY_FILE}: the title; labels and days of the rounds", f"codebook.yaml: {codes}"]
    if not rows and found.surveys:
        return (*out, f"{base}survey.yaml: a draft made of {', '.join(name for name, _ in found.surveys)}")
    if not rows:
        return (*out, f"{manifest}: a row an interview")
    for column in ("round", "group", "language"):
        if missing := sum(not row.get(column) for row in rows):
            out.append(f"{manifest}: {column} of {missing} interviews")
    if unlabelled := list(dict.fromkeys(one.path for one in found.transcripts if one.unlabelled)):
        names = ", ".join(unlabelled[:8]) + (f" and {len(unlabelled) - 8} more" if len(unlabelled) > 8 else "")
        out.append(f"{manifest}: nobody is named as a speaker in {names} — take the row out if it is no interview")
    out.append(f"{manifest}: consent of all {len(rows)} interviews (never guessed), and what may be quoted")
    out.append(f"{manifest}: participant_id, the same in every round for one person")
    if _values(rows, "factory_ids"):
        missing = sum(not row.get("factory_ids") for row in rows)
        out.append(
            f"{base}factories.csv: the brands" + (f"; {manifest}: factory of {missing} interviews" if missing else "")
        )
    if found.surveys:
        names = ", ".join(name for name, _ in found.surveys)
        out.append(f"{base}survey.yaml: a draft made of {names}; then the line 'surveys' of {STUDY_FILE}")
    return tuple(out)


def _write(folder: Path, texts: dict[str, str], copies: dict[str, Path]) -> None:
    """All or nothing: copies first into a folder beside, the texts last."""
    if not copies:
        write_files({folder / name: text.encode() for name, text in texts.items()})
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".init-", dir=folder) as staging:
            for name, path in copies.items():
                target = Path(staging) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            for name in copies:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(staging) / name, folder / name)
    except OSError as fault:
        raise cannot_write(folder, fault) from None
    write_files({folder / name: text.encode() for name, text in texts.items()})
