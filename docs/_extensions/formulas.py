"""Formulas as pictures that stand in the page itself, so that the site needs nothing from anywhere to show them."""

from __future__ import annotations

import base64
import html
import re
from functools import cache
from io import BytesIO
from typing import Any

from matplotlib import mathtext, rc_context
from matplotlib.font_manager import FontProperties

NAMES = {"ge": "geq", "le": "leq", "ne": "neq", "lvert": "vert", "rvert": "vert", "tfrac": "frac", "phi": "varnothing"}
"""What LaTeX and matplotlib call differently."""

_SIZE = re.compile(r"\\(?:[bB]igg?)[lr]?(?![a-zA-Z])")
_NAME = re.compile(r"\\(" + "|".join(NAMES) + r")(?![a-zA-Z])")
_ONE = r"(\\[a-zA-Z]+|[a-zA-Z0-9])"


def plain(latex: str) -> str:
    """A formula as matplotlib's mathtext reads it: sizes of brackets left out, short fractions and roots in braces.

    Examples
    --------
    >>> plain(r"\\sqrt v \\le \\frac1n \\Bigl(x\\Bigr)")
    '\\\\sqrt{v} \\\\leq \\\\frac{1}{n} (x)'
    """
    latex = _SIZE.sub("", re.sub(r"\s+", " ", latex).strip())
    latex = re.sub(rf"\\([td]?frac) ?{_ONE} ?{_ONE}", r"\\\1{\2}{\3}", latex)
    latex = re.sub(rf"\\sqrt ?{_ONE}", r"\\sqrt{\1}", latex)
    return _NAME.sub(lambda found: "\\" + NAMES[found[1]], latex)


@cache
def picture(latex: str) -> str:
    """The formula as an element of a page, with its source as the text that screen readers say.

    Raises
    ------
    ValueError
        If the formula cannot be read.
    """
    out = BytesIO()
    with rc_context({"savefig.facecolor": "none", "mathtext.fontset": "dejavuserif"}):
        depth = mathtext.math_to_image(f"${plain(latex)}$", out, prop=FontProperties(size=12), format="svg", dpi=72)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    style = f"vertical-align: -{depth:.1f}pt"
    return f'<img class="formula" alt="{html.escape(latex)}" style="{style}" src="data:image/svg+xml;base64,{data}">'


def _inline(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    translator.body.append(picture(node.astext()))
    raise SkipNode


def _block(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    translator.body.append(f'<div class="formula">{picture(node.astext())}</div>')
    raise SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_html_math_renderer("formulas", (_inline, None), (_block, None))
    app.config.html_math_renderer = "formulas"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
