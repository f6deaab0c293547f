"""Rewrite what is made from the package: data/, schemas beside codebooks, docs/measured.md, docs/cli.md, the README's
picture and the notebooks' outputs.

Run it with `make data` after a change to the demo study, a codebook, the indicator coder, a figure or a command.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import click
import pandas as pd
import run_notebooks

import bwa_study as bwa
from bwa_study.cli import cli
from bwa_study.present.style import save

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "docs" / "measured.md"
FIRST = ROOT / "tools" / "first_grammar.csv"
COMMANDS = ROOT / "docs" / "cli.md"
PICTURE = ROOT / "docs" / "heatmap.png"


def measured_page() -> str:
    """docs/measured.md: what the indicators find of the planted statements of the demo study."""
    study = bwa.demo_study()
    proposals = bwa.apply_codebook(study.corpus, study.codebook)
    study = study.with_codings(proposals, examined_whole="indicators")
    patterns = sum(len(code.indicators) for code in study.codebook)

    def table(by: tuple[str, ...]) -> str:
        frame = bwa.recovery(study, reference="simulated-human-A", by=by).frame
        head = [*by, "planted", "found", "recall", "proposed", "right", "precision"]
        lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        for row in frame.itertuples(index=False, name=None):
            *names, of, found, recall, proposed, right, precision = row
            shown = [*names, of, found, f"{recall:.2f}", proposed, right, "–" if not proposed else f"{precision:.2f}"]
            lines.append("| " + " | ".join(map(str, shown)) + " |")
        return "\n".join(lines)

    return f"""# What the indicators find

Measured on the synthetic demo study (default seed) by `tools/refresh.py`, and kept current by a test. The planted
statements were written by hand, in English and Chinese, **without sight of the indicators**, so this is what a team can
expect of a first draft of patterns on words it has not seen. It is reported as it is; nothing was tuned on it.

*Planted*: statements in the interviews. *Found*: those for which the coder proposes the same code and polarity on
overlapping words. *Proposed*: sentences the coder codes. *Right*: those that overlap a planted statement of that code
and polarity; the others are either wrong, or true of words that were planted for another code.

**Read it so:** the indicators find about one statement in {round(1 / overall_recall(study))}: what is said in the usual
words, not what is said in a roundabout way. They are proposals that save a coder time where they fire; their silence is
no evidence, and theme tables for a report need people's codings.

## Overall

{table(())}

## What counts in tables

Tables count what has no time or the time *now*. With the proposals left out that a cue marked as a wish, a plan or the
past:

{counted_table(study, proposals)}

## Before and after

The first grammar had 308 patterns; this one has {patterns:,}, written without sight of the demo's sentences. Both are
measured on the same statements with the coder as it is now (`tools/first_grammar.csv` has what the first one found).

{before_and_after(study)}

## By polarity and language

{table(("polarity", "language"))}

## By code, polarity and language

{table(("code", "polarity", "language"))}
"""


def counted_table(study: bwa.Study, proposals: bwa.Codings) -> str:
    """Recall and precision of the proposals that tables count."""
    counted = proposals.counted(coders=["indicators"], time_refs=("", "now"))
    others = study.codings.where(lambda coding: coding.coder != "indicators")
    alone = replace(study, codings=bwa.Codings.joined([others, counted]))
    row = bwa.recovery(alone, reference="simulated-human-A", by=()).frame.iloc[0]
    found, proposed, right = (int(row[name]) for name in ("found", "proposed", "right"))
    shown = f"| {found} | {row['recall']:.2f} | {proposed} | {right} | {row['precision']:.2f} |"
    return "| found | recall | proposed | right | precision |\n|---|---|---|---|---|\n" + shown


def before_and_after(study: bwa.Study) -> str:
    """Recall and precision by code and language, of the first grammar and of this one."""
    key = ["code", "language"]
    first = pd.read_csv(FIRST, dtype={"code": str, "language": str}, keep_default_na=False).set_index(key)
    now = bwa.recovery(study, reference="simulated-human-A", by=key).frame.set_index(key)
    lines = [
        "| code | language | planted | recall before | after | precision before | after |",
        "|---|---|---|---|---|---|---|",
    ]
    everything = ("**all**", "")
    rows = [(everything, first.sum(), now[list(first.columns)].sum())]
    rows += [(cell, first.loc[cell], now.loc[cell]) for cell in now.index]
    for (code, language), before, after in rows:
        if before["reference"] != after["reference"]:
            raise SystemExit(f"{FIRST}: {code} {language} has other statements now; measure the first grammar again")
        recall = [f"{one['found'] / one['reference']:.2f}" for one in (before, after)]
        precision = [f"{one['right'] / one['proposed']:.2f}" if one["proposed"] else "–" for one in (before, after)]
        shown = [code, language, int(after["reference"]), *recall, *precision]
        lines.append("| " + " | ".join(map(str, shown)) + " |")
    return "\n".join(lines)


def overall_recall(study: bwa.Study) -> float:
    """Share of all planted statements that are found."""
    return float(bwa.recovery(study, reference="simulated-human-A", by=()).frame["recall"].iloc[0])


def commands_page() -> str:
    """docs/cli.md: the help of every command, as the program prints it."""
    parts = ["# The command line\n\nMade from `bwa-study --help` by `tools/refresh.py`.\n"]
    commands: dict[str, click.Command] = {"": cli}
    for name, command in sorted(cli.commands.items()):
        commands[name] = command
        if isinstance(command, click.Group):
            commands |= {f"{name} {part}": below for part, below in sorted(command.commands.items())}
    for name, command in commands.items():
        title = f"bwa-study {name}".strip()
        names = ["-h", "--help"]
        context = click.Context(
            command, info_name=title, terminal_width=96, max_content_width=96, help_option_names=names
        )
        parts.append(f"## {title}\n\n```text\n{command.get_help(context)}\n```\n")
    parts.append(
        "Exit codes: 0 done; 1 warnings under `check --strict`, or a fault of the program; 2 something in the input or "
        "the call is wrong, and nothing was written; 130 interrupted.\n"
    )
    return "\n".join(parts)


def picture() -> None:
    """docs/heatmap.png: the README's picture."""
    themes = bwa.frequency(bwa.matrix(bwa.demo_study(), coders=["simulated-human-A"]), by=("group", "round"))
    save(
        bwa.plot_heatmap(themes), str(PICTURE), title="Themes by group and round", description="SYNTHETIC DATA", dpi=110
    )


def main() -> None:
    """Rewrite everything."""
    data = ROOT / "data"
    shutil.rmtree(data, ignore_errors=True)
    bwa.write_demo(data)
    (ROOT / "examples" / "ai-work" / "codebook.schema.json").write_text(bwa.codebook_schema(), encoding="utf-8")
    MEASURED.write_text(measured_page(), encoding="utf-8")
    COMMANDS.write_text(commands_page(), encoding="utf-8")
    picture()
    run_notebooks.main()


if __name__ == "__main__":
    main()
