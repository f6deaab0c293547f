"""A sheet of a workbook whose texts are put into another language as they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlsxwriter.worksheet import Worksheet


def speaking_sheet(say: Callable[[str], str]) -> type[Worksheet]:
    """A class of sheets on which every text goes through `say` first; numbers and formats stay as they are."""

    class SpeakingSheet(Worksheet):  # type: ignore[misc]
        def write_string(self, row: Any, col: Any, text: str, *more: Any) -> Any:
            return super().write_string(row, col, say(text), *more)

    return SpeakingSheet
