"""A font that has the characters of the labels, or a plain word about what to install."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bwa_study.model.words import has_han

CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK TC",
    "Noto Sans TC", "Noto Sans CJK JP", "Arial Unicode MS",
)  # fmt: skip
INSTALL_A_FONT = (
    "no font with Chinese characters was found, so the labels are in English — "
    "install one: pip install 'bwa-study[zh]', or Debian's package fonts-noto-cjk, or Noto Sans SC"
)


@cache
def chinese_font() -> str | None:
    """Name of an installed font family with Chinese characters, or None.

    Fonts of the system come first, then the one of the optional extra ``bwa-study[zh]``.
    """
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    for name in CHINESE_FONTS:
        if name in known:
            return name
    try:
        path = Path(str(importlib.resources.files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"))
    except ModuleNotFoundError:
        return None
    if not path.exists():
        return None
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


def families(texts: Iterable[str]) -> list[str] | None:
    """Font families that show all of `texts`, or None if a text needs Chinese characters and no font has them."""
    if not any(has_han(text) for text in texts):
        return ["DejaVu Sans"]
    font = chinese_font()
    return ["DejaVu Sans", font] if font else None
