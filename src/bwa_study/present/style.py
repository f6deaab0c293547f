"""One quiet style for all figures: the same colour for a group everywhere, safe for colour-blind readers."""

from __future__ import annotations

import logging
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, BinaryIO
from unicodedata import east_asian_width

from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.words import has_han
from bwa_study.present.fonts import INSTALL_A_FONT, families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GROUP_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#444444")
"""Okabe and Ito's colours, in the order of the groups of the study."""

MARKERS = ("o", "s", "D", "^", "v", "P", "X")

SYNTHETIC = {"en": "SYNTHETIC DATA", "zh": "SYNTHETIC 合成数据"}


def titled(result: Result, title: str = "", *, language: str = "en") -> str:
    """What stands over a figure: `title`, the result's own by default, and before it that the data are synthetic."""
    shown = title or result.title
    return f"{SYNTHETIC.get(language, SYNTHETIC['en'])} · {shown}" if result.synthetic else shown


def group_colour(study: Study, group: str) -> str:
    """The colour a group has in every figure."""
    return GROUP_COLOURS[study.levels("group").index(group) % len(GROUP_COLOURS)]


def group_marker(study: Study, group: str) -> str:
    """The marker a group has in every figure, so that colour is never the only difference."""
    return MARKERS[study.levels("group").index(group) % len(MARKERS)]


def readable_language(study: Study, language: str, texts: Iterable[str]) -> str:
    """`language`, or ``en`` with a warning where no font can show `texts`."""
    if families(texts) is None:
        warnings.warn(INSTALL_A_FONT, stacklevel=3)
        return "en"
    return language


_SAID_IN: ContextVar[Callable[[str], str] | None] = ContextVar("said in", default=None)


@contextmanager
def captions_said(say: Callable[[str], str]) -> Iterator[None]:
    """Within it, captions go through `say` before they are wrapped, and a font with Chinese characters is at hand."""
    before = _SAID_IN.set(say)
    try:
        yield
    finally:
        _SAID_IN.reset(before)


def captions_are_said() -> bool:
    """Whether captions are put into another language at the moment."""
    return _SAID_IN.get() is not None


@contextmanager
def figure_style(texts: Iterable[str]) -> Iterator[None]:
    """The settings all figures are drawn and saved with."""
    import matplotlib

    needed = texts if _SAID_IN.get() is None else ("中",)
    settings: Any = {
        "font.family": families(needed) or ["DejaVu Sans"],
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "figure.dpi": 100,
        "savefig.dpi": 300,
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
        "svg.hashsalt": "bwa-study",
        "axes.unicode_minus": False,
        "text.parse_math": False,
    }
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with matplotlib.rc_context(settings):
        yield


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; a Chinese character is two wide, and a line may end after it.

    Examples
    --------
    >>> wrapped("two words here", 9)
    ['two words', 'here']
    >>> wrapped("访谈占比, 95%", 8)
    ['访谈占比', ', 95%']
    """
    if not has_han(text):
        return textwrap.wrap(text, width)
    lines, line, wide = [], "", 0
    for piece in _PIECE.findall(text):
        size = sum(2 if east_asian_width(c) in "WF" else 1 for c in piece)
        if line and wide + size > width:
            lines.append(line.rstrip())
            line, wide = "", 0
            piece = piece.lstrip()
        line, wide = line + piece, wide + size
    return [*lines, line.rstrip()] if line.strip() else lines


_PIECE = re.compile(r"\s*[\u2e80-\u9fff\uff00-\uffef][，。；：、）”]*|\s*[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+")


def add_caption(axes: Axes, lines: Iterable[str], *, below: float = 10, width: float | None = None) -> None:
    """Small print under the axes: method and denominators, wrapped to `width` inches (the axes' own by default)."""
    figure = axes.get_figure()
    assert figure is not None
    inches = width or axes.get_position().width * figure.get_size_inches()[0]  # type: ignore[union-attr]
    say = _SAID_IN.get() or str
    text = "\n".join(part for line in lines for part in wrapped(say(line), int(inches * 22)) or [""])
    axes.annotate(
        text, (0, 0), xycoords="axes fraction", xytext=(0, -below), textcoords="offset points", fontsize=6.5,
        color="#444444", va="top", ha="left", annotation_clip=False,
    )  # fmt: skip


def save(
    figure: Figure, target: str | BinaryIO, *, title: str, description: str, kind: str = "", dpi: int = 300
) -> None:
    """Write a figure as png, svg or pdf, told by `kind` or the file's ending; the same figure, the same bytes."""
    kind = kind or str(target).rsplit(".", 1)[-1]
    metadata: dict[str, Any] = {"Title": title, "Description": description}
    if kind == "svg":
        metadata |= {"Date": None, "Creator": "bwa-study"}
    elif kind == "pdf":
        metadata = {"Title": title, "Subject": description, "Creator": "bwa-study", "CreationDate": None}
    else:
        metadata["Software"] = "bwa-study"
    with figure_style(()):
        figure.savefig(
            target, format=kind, dpi=dpi, bbox_inches="tight", pad_inches=0.15, metadata=metadata, facecolor="white"
        )
