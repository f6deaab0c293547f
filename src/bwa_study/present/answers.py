"""Answers in plain words, made from the numbers and never saying more than they do. English and Chinese."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bwa_study.analysis.compare import Comparison
from bwa_study.analysis.interaction import InteractionModes
from bwa_study.analysis.reliability import Reliability
from bwa_study.analysis.sample import SampleTable
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.present.answers_of_claims import (
    contribution_answers,
    joint_answers,
    quote_answers,
    recoding_answers,
)
from bwa_study.present.answers_of_sites import divergence_answers, durability_answers, triangulation_answers
from bwa_study.present.translated import Translation

Results = Mapping[str, Result]


def answers(number: int, results: Results, study: Study, language: str) -> list[str]:
    """Sentences that answer one of the twelve questions; empty where the study has nothing to answer it with.

    Parameters
    ----------
    number
        Of `bwa_study.present.questions.QUESTIONS`.
    results
        By name of `bwa_study.present.study_tables.TABLES`.
    study
        Whose labels and gaps are told.
    language
        ``en`` or ``zh``; any other is answered in English.
    """
    make = _ANSWERS.get(number)
    return list(make(results, study, "zh" if language == "zh" else "en")) if make else []


def _sample(results: Results, study: Study, language: str) -> Iterator[str]:
    table = results.get("sample")
    if not isinstance(table, SampleTable):
        return
    groups = {g: sum(t.group == g for t in study.corpus) for g in study.levels("group")}
    people = len({t.participant for t in study.corpus})
    told = [f"{study.label('group', g, language)} {n}" for g, n in groups.items()]
    rounds, sites, n = len(study.rounds), len(study.sites), len(study.corpus)
    if language == "zh":
        yield (
            f"共 {n} 次访谈，{people} 人，{rounds} 轮"
            + (f"，{sites} 家工厂" if sites else "")
            + f"（{'，'.join(told)}）。"
        )
    else:
        places = f" at {_many(sites, 'site')}" if sites else ""
        yield f"{_many(n, 'interview')} with {people} people in {_many(rounds, 'round')}{places} ({', '.join(told)})."
    gaps = table.gaps[table.gaps["kind"] == "not visited"]
    missed = [
        " ".join(x for x in (row["site"], study.label("group", row["group"], language), row["round"]) if x)
        for row in gaps.to_dict("records")
    ]
    if missed:
        yield (f"未访：{'；'.join(missed)}。" if language == "zh" else f"Not visited: {'; '.join(missed)}.")
    if study.withdrawn:
        yield (
            f"另有 {study.withdrawn} 人撤回同意，全部不计。"
            if language == "zh"
            else f"{_many(study.withdrawn, 'interview')} more are left out everywhere because consent was withdrawn."
        )


def _interaction(results: Results, study: Study, language: str) -> Iterator[str]:
    table = results.get("interaction")
    if not isinstance(table, InteractionModes):
        return
    together = table.table[table.table["brand"] == ""].set_index("round")
    rounds = [r for r in study.levels("round") if r in together.index]
    for code in table.codes:
        label = study.label("code", code, language)
        steps = []
        for r in rounds:
            n, of = (int(str(together.loc[r, f"{code}_{what}"])) for what in ("n", "of"))
            name = study.label("round", r, language)
            steps.append(f"{name} {n}/{of}" if of else f"{name} –")
        if language == "zh":
            yield f"说到“{label}”的访谈：{'，'.join(steps)}。"
        else:
            yield f"Interviews that report {label.lower()}: {', '.join(steps)}."


def _interaction_change(results: Results, study: Study, language: str) -> Iterator[str]:
    """Changes of the first group between neighbouring rounds, with their intervals."""
    table = results.get("interaction_change")
    if not isinstance(table, Comparison):
        return
    rounds, group = study.levels("round"), study.levels("group")[0]
    rows = table.table[table.table["group"] == group]
    for code in dict.fromkeys(rows["code"]):
        for before, after in itertools.pairwise(rounds):
            found = rows[(rows["code"] == code) & (rows["from"] == before) & (rows["to"] == after)]
            for row in found.to_dict("records"):
                label = study.label("code", code, language)
                change = f"{100 * row['difference']:+.0f}" if row["difference"] == row["difference"] else ""
                told = f"{before} → {after}"
                if not change or row["low"] != row["low"]:
                    reason = _STATUS[language].get(row["status"], row["status"])
                    yield f"{label}，{told}：{reason}。" if language == "zh" else f"{label}, {told}: {reason}."
                elif language == "zh":
                    yield f"{label}，{told}：{change} 个百分点（95% 区间 {_interval(row)}）。"
                else:
                    yield f"{label}, {told}: {change} points (95% interval {_interval(row)})."


def _interval(row: Mapping[Any, Any]) -> str:
    return f"{100 * row['low']:+.0f} to {100 * row['high']:+.0f}".replace(" to ", " … ")


def _necessity(results: Results, study: Study, language: str) -> Iterator[str]:
    from bwa_study.analysis.necessity.necessity import Necessity
    from bwa_study.present.necessity_words import claims

    table = results.get("necessity")
    if isinstance(table, Necessity):
        yield from claims(table, language)


def _contradictions(results: Results, study: Study, language: str) -> Iterator[str]:
    """Sites that share a configuration and differ in the outcome."""
    from bwa_study.analysis.necessity.truth_table import TruthTable

    table = results.get("truth_table")
    if not isinstance(table, TruthTable):
        return
    rows = table.table[table.table["outcome"] == "C"].to_dict("records")
    for row in rows:
        alike = [f"{'' if row[name] else '~'}{name}" for name in table.conditions]
        with_it, without = (str(row[side]).replace(";", ", ") for side in ("with_outcome", "without_outcome"))
        if language == "zh":
            say = Translation.of(study, "zh")
            told = "，".join(map(say, alike))
            yield f"条件相同（{told}）而结果不同：有“{say(table.outcome)}”：{with_it}；没有：{without}。"
        else:
            yield f"Alike in {', '.join(alike)} and different in {table.outcome}: with it {with_it}, without {without}."
    if not rows:
        yield "没有条件相同而结果不同的个案。" if language == "zh" else "No sites are alike and differ in the outcome."


def _reliability(results: Results, study: Study, language: str) -> Iterator[str]:
    table = results.get("reliability")
    if not isinstance(table, Reliability):
        return
    codes = table.table[table.table["code"] != ""]
    counts = codes["status"].value_counts()
    words = _STATUS[language]
    told = [f"{words[s]} {counts[s]}" for s in ("use", "tentative", "qualitative", "cannot say") if s in counts.index]
    confused = codes[codes["confused"] > 0].sort_values("confused", ascending=False, kind="stable").head(1)
    if language == "zh":
        yield f"{len(codes)} 个编码中：{'，'.join(told)}（以区间下限为准）。"
    else:
        yield f"Of {len(codes)} codes: {', '.join(told)} (by the lower end of the interval)."
    for row in confused.to_dict("records"):
        one, other = (study.label("code", row[name], language) for name in ("code", "confused_with"))
        times = int(row["confused"])
        yield (
            f"最常混淆：“{one}”与“{other}”，{times} 次。"
            if language == "zh"
            else f"Most often confused: {one} with {other}, {_many(times, 'time')}."
        )


_STATUS = {
    "en": {
        "use": "may be used",
        "tentative": "tentative",
        "qualitative": "qualitative only",
        "cannot say": "cannot say",
        "too few to say": "too few to say",
        "ok": "no interval can be given",
    },
    "zh": {
        "use": "可用",
        "tentative": "暂用",
        "qualitative": "仅作定性",
        "cannot say": "无法判断",
        "too few to say": "样本太少，无法判断",
        "ok": "无法给出区间",
    },
}


def _many(n: int, what: str) -> str:
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def _interactions(results: Results, study: Study, language: str) -> Iterator[str]:
    yield from _interaction(results, study, language)
    yield from _interaction_change(results, study, language)


_ANSWERS: dict[int, Callable[[Results, Study, str], Iterator[str]]] = {
    1: _sample,
    2: _interactions,
    3: triangulation_answers,
    4: divergence_answers,
    5: durability_answers,
    6: _necessity,
    7: _contradictions,
    8: _reliability,
    9: recoding_answers,
    10: joint_answers,
    11: quote_answers,
    12: contribution_answers,
}
