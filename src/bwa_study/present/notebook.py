"""What a notebook shows under a result: the words behind its numbers, folded, as they may be printed."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from bwa_study.analysis.quotable import quotes
from bwa_study.model.results import Result
from bwa_study.present.behind import behind

MOST_CODES, A_CODE = 4, 2


def folded_words(result: Result) -> str:
    """A few quotes of the codes a result is about, folded; empty where it is not made of one coder's codings.

    The codes are the first of the table; ``result.quotes(...)`` gives all words behind a number.
    """
    matrix, codes = behind(result)
    if matrix is None or len(matrix.coders) != 1:
        return ""
    study, (coder,) = matrix.study, matrix.coders
    if coder not in study.codings.coders:
        return ""
    parts = []
    for code in codes[:MOST_CODES]:
        rows = quotes(study, code=code, n=A_CODE, coder=coder).table.to_dict("records")
        if rows:
            parts.append(f"<p><b>{escape(study.label('code', code))}</b></p>" + "".join(map(_quote, rows)))
    if not parts:
        return ""
    left = len(codes) - MOST_CODES
    more = f"<p>… {left} more codes: <code>.quotes(…)</code></p>" if left > 0 else ""
    return f"<details><summary>Words behind these numbers</summary>{''.join(parts)}{more}</details>"


def _quote(row: Mapping[Any, Any]) -> str:
    sign = "+" if row["polarity"] == "present" else "−"
    other = f'<br><span style="opacity:.75">{escape(row["translation"])}</span>' if row["translation"] else ""
    return (
        f'<blockquote style="margin:.3em 1em"><span title="what was asked: {escape(row["question"])}">{sign} '
        f"“{escape(row['quote'])}”</span>{other} <small>{escape(row['attribution'])}</small></blockquote>"
    )
