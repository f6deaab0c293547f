"""Numbered outputs of a study, tables or figures: each is made where the study has what it needs, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from bwa_study.load.protected import refuse_inputs
from bwa_study.load.study import Progress, load_study
from bwa_study.model.errors import BwaError, UnknownName
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.study import Study
from bwa_study.present.run import coded_matrix
from bwa_study.present.tables import write_files


class Numbered(Protocol):
    """One output: its number, and the name of its files."""

    @property
    def id(self) -> str:
        """Such as ``T3``."""

    @property
    def name(self) -> str:
        """Such as ``prevalence``."""


N = TypeVar("N", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Made:
    """What a command wrote: lines to print, and files relative to the folder."""

    lines: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted(Generic[N]):
    """Which outputs are asked for.

    Parameters
    ----------
    noun, doing, done
        What they are (``table``), what is told meanwhile (``making tables``), and the word for it (``made``).
    known_kinds, known
        Endings of files, and outputs, that exist.
    only, kinds
        Those asked for: ids or names (all if it is empty), and endings.
    """

    noun: str
    doing: str
    done: str
    known_kinds: tuple[str, ...]
    known: tuple[N, ...]
    only: tuple[str, ...]
    kinds: tuple[str, ...]

    def chosen(self) -> tuple[N, ...]:
        """The outputs, in their own order.

        Raises
        ------
        UnknownName
            If an output or a kind does not exist.
        """
        for kind in self.kinds:
            if kind not in self.known_kinds:
                raise UnknownName(f"kind of {self.noun}", kind, self.known_kinds)
        return chosen(self.known, self.only, self.noun)


def chosen(known: Sequence[N], only: Sequence[str], noun: str) -> tuple[N, ...]:
    """Those of `known` whose id or name is in `only` (all if it is empty), in their own order.

    Raises
    ------
    UnknownName
        If one does not exist.
    """
    names = [*(one.id for one in known), *(one.name for one in known)]
    for name in only:
        if name not in names:
            raise UnknownName(noun, name, names)
    return tuple(one for one in known if not only or one.id in only or one.name in only)


def write_outputs(
    path: str | Path,
    out: str | Path,
    wanted: Wanted[N],
    make: Callable[[N, CodingMatrix], tuple[str, dict[str, bytes]]],
    *,
    together: Callable[[Study], dict[str, bytes]] | None = None,
    coder: str = "",
    progress: Progress | None = None,
) -> Made:
    """Make the outputs of a study one by one; what cannot be made is named with the reason; write all or nothing.

    Parameters
    ----------
    path, out
        The study folder, and the folder to write to.
    wanted
        Which.
    make
        Makes one: what it shows, and its files.
    together
        Makes further files when all are made.
    coder, progress
        As in `bwa_study.present.run.run_study`.

    Raises
    ------
    UnknownName
        If an output, a kind of file or the coder does not exist.
    ProblemsFound
        If the study has errors.
    CannotWrite
        If a file cannot be written; nothing is changed then.
    """
    outputs = wanted.chosen()
    study = load_study(path, progress=progress)
    matrix = coded_matrix(study, coder=coder, progress=progress)
    files: dict[str, bytes] = {}
    lines = []
    width = 1 + max((len(one.id) for one in wanted.known), default=0)
    for n, one in enumerate(outputs, start=1):
        if progress:
            progress(wanted.doing, n, len(outputs))
        try:
            told, own = make(one, matrix)
        except BwaError as fault:
            told, own = f"not {wanted.done}: {fault}", {}
        files |= own
        lines.append(f"{one.id:<{width}}{one.name}: {told}")
    files |= together(matrix.study) if together else {}
    out = Path(out)
    refuse_inputs(study, path, [out / name for name in files])
    write_files({out / name: data for name, data in files.items()})
    return Made((*lines, f"{len(files)} files in {out}"), tuple(files))
