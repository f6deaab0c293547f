"""A codebook's own sentences as its tests: every example must be found, every near miss must not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bwa_study.coding.indicators import apply_codebook
from bwa_study.load.codebook import parse_codebook
from bwa_study.load.gate import Rejected, decode, read_source, refuse_kind
from bwa_study.load.yaml_strict import read_yaml
from bwa_study.model.codebook import Codebook
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import CodebookError, Problem, shown
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn


@dataclass(frozen=True, slots=True)
class ExamplesRun:
    """What came of a codebook's sentences.

    Parameters
    ----------
    examples, near_misses
        How many were tried.
    failures
        Those that fail, each with its line in the file.
    """

    codebook: Codebook
    examples: int
    near_misses: int
    failures: tuple[Problem, ...]


def check_examples(path: str | Path) -> ExamplesRun:
    """Try the indicators of a codebook file on its own examples and near misses.

    An example passes if one of its sentences is proposed for its code with its polarity. A near miss passes if it is
    proposed for the code it belongs to and not for the one it looks like.

    Parameters
    ----------
    path
        A codebook file, or a study folder with a ``codebook.yaml``.

    Raises
    ------
    CodebookError
        If the file is not a codebook.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> bwa.check_examples(bwa.demo_codebook_path()).failures
    ()
    """
    path = Path(path)
    path = path / "codebook.yaml" if path.is_dir() else path
    try:
        refuse_kind(str(path), instead="give a codebook as YAML")
        text = decode(read_source(path), state="with --encoding")
    except Rejected as fault:
        raise CodebookError([fault.problem]) from None
    codebook = parse_codebook(text, file=str(path))
    found = _found(codebook)
    document = read_yaml(text, file=str(path))
    failures: list[Problem] = []
    for at, code in enumerate(codebook):
        for n, example in enumerate(code.examples):
            got = found[f"{code.id}.{n}"]
            if (code.id, str(example.polarity)) not in got:
                what = (
                    f"example of '{code.id}' ({example.polarity}) is not found: '{shown(example.text)}'; {_said(got)}"
                )
                line, column = document.place(("codes", at, "examples", n, "text"))
                failures.append(Problem(str(path), line, column, what, "add a pattern for it, or correct the example"))
        if near := code.near_miss:
            got = found[f"{code.id}.near"]
            line, column = document.place(("codes", at, "near_miss", "text"))
            named = {id for id, _ in got}
            if code.id in named:
                what = f"near miss of '{code.id}' is taken for it: '{shown(near.text)}'; {_said(got)}"
                failures.append(Problem(str(path), line, column, what, "make the pattern that fires narrower"))
            if near.code not in named:
                what = f"near miss of '{code.id}' is not found for '{near.code}': '{shown(near.text)}'; {_said(got)}"
                failures.append(Problem(str(path), line, column, what, f"add a pattern to '{near.code}'"))
    return ExamplesRun(
        codebook,
        sum(len(c.examples) for c in codebook),
        sum(c.near_miss is not None for c in codebook),
        tuple(failures),
    )


def _found(codebook: Codebook) -> dict[str, set[tuple[str, str]]]:
    texts = {f"{code.id}.{n}": e.text for code in codebook for n, e in enumerate(code.examples)}
    texts |= {f"{code.id}.near": code.near_miss.text for code in codebook if code.near_miss}
    found: dict[str, set[tuple[str, str]]] = {id: set() for id in texts}
    for coding in apply_codebook(Corpus(tuple(_said_alone(id, text) for id, text in texts.items())), codebook):
        found[coding.transcript].add((coding.code, coding.polarity))
    return found


def _said_alone(id: str, text: str) -> Transcript:
    turn = Turn(1, "R", Role.RESPONDENT, Span(0, len(text)), "")
    return Transcript(id, "", "", "", (), "", text, (turn,))


def _said(got: set[tuple[str, str]]) -> str:
    return (
        "found are " + ", ".join(f"{code} ({polarity})" for code, polarity in sorted(got))
        if got
        else "nothing is found"
    )
