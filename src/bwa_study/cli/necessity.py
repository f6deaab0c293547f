"""What was necessary."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import CODER, STUDY, ProgressBar, listed


@click.command()
@STUDY
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="outputs/necessity",
    show_default=True,
    help="Folder to write into.",
)
@CODER
@click.option("--lang", default="", help="Language of the claims, en or zh; the study's own by default.")
@click.option("--kinds", default="csv,xlsx", show_default=True, help="csv, xlsx, docx, tex, md, html; with commas.")
@click.option(
    "--draws",
    type=click.IntRange(0, 100_000),
    default=200,
    show_default=True,
    help="Rounds of coding error; 0 for none.",
)
@click.option(
    "--permutations", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True, help="Of the tests."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of all that is drawn.")
def necessity(
    study: Path, out: Path, coder: str, lang: str, kinds: str, draws: int, permutations: int, seed: int
) -> None:
    """Say which conditions were necessary in the sites of the folder STUDY, and how firm that is.

    study.yaml declares in its block 'necessity' how sites are scored. Writes the scores with their evidence, tables T9
    and T10, solutions, ceilings, figures, and the claims in words (English and Chinese).
    """
    from bwa_study.present.necessity import write_necessity

    bar = ProgressBar()
    lines = write_necessity(
        study,
        out,
        coder=coder,
        language=lang,
        kinds=[f".{kind.lstrip('.')}" for kind in listed(kinds)],
        draws=draws,
        permutations=permutations,
        seed=seed,
        progress=bar,
    )
    bar.close()
    for line in lines:
        click.echo(line)
