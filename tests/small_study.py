from __future__ import annotations

import csv
import io
from pathlib import Path

STUDY = """\
id: small
title: {en: A small study, zh: 小型研究}
sites: raw/factories.csv
groups:
  - {id: worker, label: {en: Workers, zh: 工人}}
  - {id: manager, label: {en: Managers, zh: 管理人员}}
rounds:
  - {id: start, label: {en: Start, zh: 开始}}
  - {id: end, label: {en: End, zh: 结束}}
"""
CODEBOOK = """\
id: small-book
version: "2.1.0"
languages: [en]
themes:
  - {id: talk, label: {en: Talk, zh: 交流}}
  - {id: care, label: {en: Care, zh: 关注}}
codes:
  - id: listening
    theme: talk
    label: {en: Listening, zh: 倾听}
    definition: Managers listen.
    indicators: {en: {present: ["listen*"], absent: ["ignore*"]}}
  - id: fear
    theme: talk
    label: {en: Fear, zh: 害怕}
    indicators: {en: {present: ["afraid"]}}
  - id: visits
    theme: care
    label: {en: Visits, zh: 来访}
    indicators: {en: {present: ["client visits"]}}
"""
SYNTHETIC_STUDY = STUDY.replace("sites:", "synthetic: true\nsites:")
HEAD = (
    "interview_id",
    "participant_id",
    "group",
    "round",
    "factory_ids",
    "consent_quotes",
    "withdrawn",
    "blocks_asked",
)
INTERVIEWS = (
    ("s-w-1", "P1", "worker", "start", "F01", "anonymous", "", "talk", "They ignore us, and I am afraid."),
    ("s-w-2", "P2", "worker", "start", "F01", "full", "", "talk", "The weather is fine."),
    ("e-w-1", "P1", "worker", "end", "F01", "none", "", "talk;care", "They listen, said the violet one."),
    ("e-w-2", "P3", "worker", "end", "F01", "anonymous", "", "talk;care", "They listen when the client visits."),
    ("e-w-3", "P4", "worker", "end", "F02", "anonymous", "", "talk;care", "Somebody may listen to the amber one."),
    ("e-m-1", "P5", "manager", "end", "F02", "anonymous", "", "talk;care", "We ignore nobody."),
    ("gone-1", "P-gone", "worker", "end", "F02", "full", "2021-01-01", "talk;care", "They listen to the crimson one."),
)
FILES = (
    "tables/theme_frequency.csv",
    "tables/theme_frequency.xlsx",
    "tables/theme_frequency_by_site.csv",
    "tables/sample.csv",
    "figures/heatmap.svg",
    "figures/heatmap.png",
    "figures/slope.svg",
    "figures/slope.png",
    "figures/slope_talk.svg",
    "figures/slope_talk.png",
    "figures/slope_care.svg",
    "figures/slope_care.png",
    "index.html",
    "provenance.json",
)


def write_study(
    folder: Path,
    *,
    study: str = STUDY,
    codebook: str = CODEBOOK,
    interviews: tuple[tuple[str, ...], ...] = INTERVIEWS,
    more: tuple[str, ...] = (),
) -> Path:
    """Five interviews of workers in two rounds and one manager; `more` names further columns before the text."""
    texts = folder / "raw" / "interviews"
    texts.mkdir(parents=True)
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    (folder / "codebook.yaml").write_text(codebook, encoding="utf-8")
    (folder / "raw" / "factories.csv").write_text("factory_id,brand_ids\nF01,B1\nF02,B1\n", encoding="utf-8")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*HEAD, *more, "language", "consent", "transcript_file"])
    for *fields, text in interviews:
        writer.writerow([*fields, "en", "oral", f"interviews/{fields[0]}.txt"])
        (texts / f"{fields[0]}.txt").write_text(f"I: What has changed?\nR1: {text}\n", encoding="utf-8")
    (folder / "raw" / "interviews.csv").write_text(out.getvalue(), encoding="utf-8")
    return folder
