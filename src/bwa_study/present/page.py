"""A self-contained page with the sample, the figures, the tables and some of the sentences behind them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bwa_study.analysis.frequency import Frequency
from bwa_study.analysis.quotes import coded_quotes
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.study import Study
from bwa_study.present.tables import wide_reliability, wide_shares
from bwa_study.present.wording import words
from bwa_study.protect.consent import may_print

QUOTES_PER_POLARITY = 2

_SAY = {
    "en": {
        "contents": "Contents",
        "sample": "Who was interviewed",
        "figures": "Figures",
        "tables": "How often each theme was spoken of",
        "quotes": "Sentences behind the numbers",
        "method": "How the numbers were made",
        "synthetic": "SYNTHETIC DATA: made for demonstration. Nobody said any of this, and nothing here is a finding.",
        "quotes_note": "Up to two sentences a code and polarity, one a person, where consent to quote was given.",
        "total": "All",
        "interviews": "{n} interviews; {words:,} words of respondents.",
        "withdrawn": " {n} more are left out everywhere because consent was withdrawn.",
        "coded by": "Coded by",
        "share": "{share} (n/denominator)",
    },
    "zh": {
        "contents": "目录",
        "sample": "访谈对象",
        "figures": "图",
        "tables": "各主题被提到的频率",
        "quotes": "数字背后的话",
        "method": "数字如何得出",
        "synthetic": "SYNTHETIC 合成数据：为演示而编写，没有人说过这些话，也不是任何研究结果。",
        "quotes_note": "每个编码、每种极性最多两句，每人一句，仅限同意引用者。",
        "total": "合计",
        "interviews": "{n} 次访谈；受访者共说 {words:,} 字（词）。",
        "withdrawn": " 另有 {n} 次因撤回同意而全部不计。",
        "coded by": "编码者",
        "share": "{share}（n/分母）",
    },
}


@dataclass(frozen=True, slots=True)
class PageFigure:
    """An svg picture with what a reader who cannot see it needs."""

    svg: bytes
    alt: str
    caption: str = ""


def index_page(result: Frequency, figures: Sequence[PageFigure], language: str) -> str:
    """The page as one html text without scripts; it loads nothing from anywhere.

    Parameters
    ----------
    result
        Of ``frequency(..., by=("group", "round"))``.
    figures
        In order.
    language
        ``en`` or ``zh``; any other is shown in English.
    """
    from jinja2 import Environment, PackageLoader, select_autoescape

    assert result.matrix is not None
    study = result.matrix.study
    say = {**words(language), **_SAY.get(language, _SAY["en"])}
    environment = Environment(
        loader=PackageLoader("bwa_study.present"), autoescape=select_autoescape(["html", "j2"]), trim_blocks=True
    )
    template = environment.get_template("index.html.j2")
    heads, rows = _sample(study, language, say)
    coder = result.provenance.get("coder", "")
    return template.render(
        language=language if language in _SAY else "en",
        title=study.title.text(language),
        subtitle=f"{say['coded by']}: {coder} · {result.provenance.get('codebook', '')}",
        synthetic=study.synthetic,
        say=say,
        sample_line=_sample_line(study, say),
        sample_heads=heads,
        sample_rows=rows,
        figures=[{"data": _as_data(f.svg), "alt": f.alt, "caption": f.caption} for f in figures],
        tables=[_table(result, polarity, language, say) for polarity in dict.fromkeys(result.table["polarity"])],
        quotes=_quotes(result.matrix, study, language, say),
        method=result.notes(),
    )


def _as_data(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def _sample_line(study: Study, say: dict[str, str]) -> str:
    interviews = study.corpus.interviews
    line = say["interviews"].format(n=len(study.corpus), words=int(interviews["words"].sum()))
    return line + (say["withdrawn"].format(n=study.withdrawn) if study.withdrawn else "")


def _sample(study: Study, language: str, say: dict[str, str]) -> tuple[list[Any], list[Any]]:
    groups, rounds = study.levels("group"), study.levels("round")
    heads = [
        [("", 1), *((study.label("group", g, language), len(rounds)) for g in groups)],
        [("", 1), *((study.label("round", r, language), 1) for _ in groups for r in rounds)],
    ]
    sample = study.sample
    rows: list[Any] = []
    for site, part in sample.groupby("site", sort=False):
        counts = part.set_index(["group", "round"])["interviews"]
        if site:
            rows.append([str(site), *(_visits(n, say) for n in counts)])
    interviews = study.corpus.interviews.groupby(["group", "round"]).size()
    rows.append([say["total"], *(_visits(interviews.get((g, r), 0), say) for g in groups for r in rounds)])
    return heads, rows


def _visits(n: int, say: dict[str, str]) -> tuple[int | str, bool]:
    return (int(n), True) if n else (say["not visited"], False)


def _table(result: Frequency, polarity: str, language: str, say: dict[str, str]) -> dict[str, Any]:
    heads, rows = wide_shares(result, polarity, language)
    levels = []
    for level in range(max(1, len(result.by))):
        texts = [head[level] if head else say["total"] for head in heads]
        spans: list[list[Any]] = []
        for n, text in enumerate(texts):
            same_above = n > 0 and heads[n][:level] == heads[n - 1][:level]
            if spans and spans[-1][0] == text and same_above and level < len(result.by) - 1:
                spans[-1][1] += 1
            else:
                spans.append([text, 1])
        last = level == max(1, len(result.by)) - 1
        levels.append([["", 1], [say["reliability"] if last else "", 1], *spans])
    body = []
    for (name, is_theme, *values), status in zip(rows, wide_reliability(result, polarity), strict=True):
        cells = [_cell(values[i : i + 3], say) for i in range(0, len(values), 3)]
        body.append((name, is_theme, [{"status": status, "said": say[status]}, *cells]))
    share = say["share"].format(share=say[f"share {result.count}"])
    return {"caption": f"{share}: {say[polarity]}", "heads": levels, "rows": body}


def _cell(values: list[Any], say: dict[str, str]) -> dict[str, Any]:
    share, n, of = values
    if isinstance(share, str):
        return {"reason": say.get(share, share)}
    return {"share": f"{100 * share:.0f}%", "n": n, "of": of}


def _quotes(matrix: CodingMatrix, study: Study, language: str, say: dict[str, str]) -> list[dict[str, Any]]:
    table = coded_quotes(matrix.codings, study.corpus)
    table = table[table["consent_quotes"].map(may_print).astype(bool)]
    out = []
    for code in study.codebook:
        here = table[table["code"] == code.id]
        chosen = []
        for polarity in ("present", "absent"):
            chosen += _varied(here[here["polarity"] == polarity])
        if chosen:
            quotes = [
                {"text": q["quote"], "other": q["translation"], "by": _attribution(study, q, language, say)}
                for q in chosen
            ]
            out.append({"label": code.label.text(language) or code.id, "count": len(chosen), "quotes": quotes})
    return out


def _varied(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    """The first sentence of different groups first, never two of one person."""
    rows = rows.drop_duplicates("participant")
    rows = rows.assign(turn_of_group=rows.groupby("group").cumcount())
    picked = rows.sort_values("turn_of_group", kind="stable").head(QUOTES_PER_POLARITY)
    return list(picked.to_dict("records"))


def _attribution(study: Study, quote: dict[Any, Any], language: str, say: dict[str, str]) -> str:
    group = study.label("group", quote["group"], language)
    round = study.label("round", quote["round"], language)
    return f"{group}, {round} · {say[quote['polarity']]}"
