"""Commands for corpora that are larger than memory."""

from __future__ import annotations

from pathlib import Path

import click

from bwa_study.cli.shared import LEAVE_OUT, STUDY, ProgressBar, told_of_leaving_out


@click.group()
def corpus() -> None:
    """Code a corpus that is larger than memory, on this machine or on a cluster."""


@corpus.command("write")
@STUDY
@click.argument("out", type=click.Path(path_type=Path))
def write(study: Path, out: Path) -> None:
    """Write the transcripts of STUDY to OUT, a Parquet file."""
    from bwa_study.coding.parquet_corpus import write_corpus
    from bwa_study.load.protected import refuse_inputs
    from bwa_study.load.study import load_study

    loaded = load_study(study)
    refuse_inputs(loaded, study, [out])
    write_corpus(loaded.corpus, out)
    click.echo(f"{out}: {len(loaded.corpus)} interviews")


@corpus.command("code")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("codebook", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder to make, partitions by round and group."
)
@click.option(
    "--engine",
    type=click.Choice(["here", "dask"]),
    help="Who codes: this process, or the workers of a Dask cluster.  [default: dask with --address or --workers]",
)
@click.option("--address", default="", help="Scheduler of a running Dask cluster; by default one is started here.")
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    default=0,
    help="Workers of a cluster that is started; by default one a core.",
)
@LEAVE_OUT
def code(
    source: Path,
    codebook: Path,
    out: Path,
    engine: str | None,
    address: str,
    workers: int,
    leave_out_bad_indicators: bool,
) -> None:
    """Let the indicators of CODEBOOK propose codings for SOURCE, a Parquet file of transcripts."""
    from bwa_study.coding.streaming import code_parquet
    from bwa_study.load.codebook import load_codebook

    with told_of_leaving_out():
        book = load_codebook(codebook, bad_indicators="leave out" if leave_out_bad_indicators else "refuse")
    for one in book.left_out:
        click.echo(str(one))
    engine = engine or ("dask" if address or workers else "here")
    bar = ProgressBar()
    done = code_parquet(source, book, out, engine=engine, address=address, workers=workers, progress=bar)
    bar.close()
    left = f"; {len(book.left_out)} indicators left out" if book.left_out else ""
    click.echo(f"{out}: {done.counts['codings'].sum():,} proposals{left}")
