"""Rewrite what is made from the package: the demo study in data/, the schema beside codebooks, docs/measured.md.

Run it with `make data` after a change to the demo study, the codebook or the indicator coder.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import bwa_study as bwa

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "docs" / "measured.md"


def measured_page() -> str:
    """docs/measured.md: what the indicators find of the planted statements of the demo study."""
    study = bwa.demo_study()
    proposals = bwa.apply_codebook(study.corpus, study.codebook)
    study = study.with_codings(proposals, examined_whole="indicators")

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

## By polarity and language

{table(("polarity", "language"))}

## By code, polarity and language

{table(("code", "polarity", "language"))}
"""


def overall_recall(study: bwa.Study) -> float:
    """Share of all planted statements that are found."""
    return float(bwa.recovery(study, reference="simulated-human-A", by=()).frame["recall"].iloc[0])


def main() -> None:
    """Rewrite everything."""
    data = ROOT / "data"
    shutil.rmtree(data, ignore_errors=True)
    bwa.write_demo(data)
    (ROOT / "examples" / "ai-work" / "codebook.schema.json").write_text(bwa.codebook_schema(), encoding="utf-8")
    MEASURED.write_text(measured_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
