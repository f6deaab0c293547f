"""Answers about what the groups of a site say, where they part, and what lasted: English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bwa_study.analysis.divergence import Divergence
from bwa_study.analysis.durability import Durability
from bwa_study.analysis.triangulation import Triangulation
from bwa_study.model.results import Result
from bwa_study.model.study import Study

Results = Mapping[str, Result]
_MOST_GAPS = 3
_VERDICTS = {
    "agree": "一致",
    "partly": "部分一致",
    "contradict": "相互矛盾",
    "silent": "无人提及",
    "not asked": "未问",
    "one group": "只有一组",
    "endured": "保持",
    "faded": "消退",
    "never": "从未开始",
    "cannot say": "无法判断",
}


def triangulation_answers(results: Results, study: Study, language: str) -> Iterator[str]:
    """How often the groups of a site agree in the last round, and on what they contradict each other most."""
    table = results.get("triangulation")
    if not isinstance(table, Triangulation) or table.table.empty:
        return
    last = study.levels("round")[-1]
    rows = table.table[table.table["round"] == last]
    counts = rows["verdict"].value_counts()
    told = [f"{_verdict(str(v), language)} {n}" for v, n in counts.items()]
    name = study.label("round", last, language)
    if language == "zh":
        yield f"{name}，{rows['site'].nunique()} 家工厂、{rows['code'].nunique()} 个编码：{'，'.join(told)}。"
    else:
        sites, codes = rows["site"].nunique(), rows["code"].nunique()
        yield f"{name}, groups of {sites} sites on {codes} codes: {', '.join(told)}."
    against = rows.loc[rows["verdict"] == "contradict", "code"].value_counts()
    for code, n in against.head(1).items():
        label = study.label("code", str(code), language)
        yield (
            f"矛盾最多的是“{label}”：{n} 家工厂。"
            if language == "zh"
            else f"They contradict each other most on {label.lower()}: at {n} sites."
        )


def divergence_answers(results: Results, study: Study, language: str) -> Iterator[str]:
    """The widest gaps between two groups, with both shares and the adjusted p."""
    table = results.get("divergence")
    if not isinstance(table, Divergence):
        return
    rows: Any = table.table[table.table["higher"] != ""].sort_values("gap", ascending=False, kind="stable")
    for row in rows.head(_MOST_GAPS).to_dict("records"):
        label = study.label("code", row["code"], language)
        shares = [
            f"{study.label('group', row[side], language)} {100 * row[f'{row[side]}_share']:.0f}%"
            for side in ("higher", "lower")
        ]
        p = row["p_adjusted"]
        test = f"p = {p:.3f}" if p >= 0.001 else "p < .001" if p == p else ""
        points = f"{100 * row['gap']:.0f}"
        if language == "zh":
            more = f"，{test}" if test else ""
            yield f"{label}：{'，'.join(shares)}，相差 {points} 个百分点{more}。"
        else:
            more = f", adjusted {test}" if test else ""
            yield f"{label}: {', '.join(shares)}, a gap of {points} points{more}."


def durability_answers(results: Results, study: Study, language: str) -> Iterator[str]:
    """For each code that says whether an improvement lasted: at which sites it endured, faded, or never came."""
    table = results.get("durability")
    if not isinstance(table, Durability):
        return
    before = [f"{round}_asked" for round in study.levels("round")[:-1]]
    asked_before = table.table.groupby("code", sort=False)[before].sum().sum(axis=1)
    codes = [str(code) for code, n in asked_before.items() if not n] if before else []
    for code in codes:
        rows = table.table[table.table["code"] == code]
        parts = []
        for verdict, of in rows.groupby("verdict", sort=False):
            parts.append(f"{_verdict(str(verdict), language)} {', '.join(of['site'])}")
        label = study.label("code", code, language)
        yield f"{label}：{'；'.join(parts)}。" if language == "zh" else f"{label}: {'; '.join(parts)}."


def _verdict(verdict: str, language: str) -> str:
    return _VERDICTS.get(verdict, verdict) if language == "zh" else verdict
