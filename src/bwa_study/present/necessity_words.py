"""The claim of necessity in plain words, made from the numbers: it never says more than they do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bwa_study.analysis.necessity.cases import StudyCases
from bwa_study.analysis.necessity.expressions import Expression, Literal
from bwa_study.analysis.necessity.necessity import Necessity
from bwa_study.analysis.necessity.robustness import Robustness

_MOST_NAMED = 6


def claims(result: Necessity, language: str = "en") -> list[str]:
    """What the table says, claim by claim: each single condition that is not alike everywhere, then what was named.

    Parameters
    ----------
    result
        Of `study_necessity` (with ranges) or `necessity` (without).
    language
        ``en`` or ``zh``; any other is told in English.

    Returns
    -------
    list of str
        A paragraph a claim.

    Examples
    --------
    >>> from bwa_study.analysis.necessity.scores import cases_from_scores
    >>> from bwa_study.analysis.necessity.necessity import necessity
    >>> data = pd.DataFrame({"o": [1, 1, 1, 1, 0], "y": [1, 1, 0, 0, 0]}, index=list("abcde"))
    >>> print(*claims(necessity(cases_from_scores(data, outcome="y"), consistency=1)), sep="\\n")
    o: present in 2 of 2 sites with y (consistency 1.00), relevance .33, exact p = .600. Trivially necessary: it is true
    of 4 of 5 sites.
    """
    rows = result.table
    wanted = rows[(rows["origin"] == "named") | (rows["origin"].eq("condition") & rows["kind"].eq("single"))]
    found = rows[rows["origin"] == "found"]
    return [claim(result, str(e), language) for e in [*wanted["expression"], *found["expression"]]]


def claim(result: Necessity, expression: str, language: str = "en") -> str:
    """One claim as a paragraph.

    Raises
    ------
    UnknownName
        If the table has no such row.
    """
    say = _Chinese(result) if language == "zh" else _English(result)
    return say.gap.join(say.paragraph(result.row(expression)))


class _English:
    gap = " "
    language = "en"

    def __init__(self, result: Necessity) -> None:
        self.result = result
        assert result.cases is not None
        self.cases = result.cases
        self.settings = result.settings if isinstance(result.settings, Robustness) else None

    def paragraph(self, row: pd.Series) -> Iterator[str]:
        yield self.fit(row)
        if row["holds"] and row["warning"]:
            yield self.trivial(row)
            return
        if not row["holds"]:
            yield self.fails(row)
        elif row["consistency"] == row["consistency"]:
            yield self.dropped(row)
        if row["unclassified"]:
            yield self.unclassified(row)
        if row["holds"]:
            yield from self.informants(row)
            yield from self.other(row)
            yield from self.error(row)
            yield from self.not_sufficient(row)

    def name(self, text: str) -> str:
        expression = Expression.parse(text, self.cases.conditions)
        terms = [self.both([self.literal(one) for one in term]) for term in expression.terms]
        return self.either(terms) if len(terms) > 1 else terms[0]

    def label(self, id: str) -> str:
        return self.cases.label(id, self.language) if isinstance(self.cases, StudyCases) else id

    def literal(self, one: Literal) -> str:
        level = "" if one.level is None else f" = {one.level}"
        return f"{self.absent if one.negated else ''}{self.label(one.name)}{level}"

    absent = "no "

    def quoted(self) -> str:
        """The outcome, in quotation marks where it is a label of several words."""
        label = self.label(self.result.outcome)
        return f"'{label}'" if " " in label else label

    def both(self, parts: list[str]) -> str:
        return f"{' and '.join(parts)} together" if len(parts) > 1 else parts[0]

    def either(self, parts: list[str]) -> str:
        return f"{' or '.join(parts)} (either)"

    def inside(self, row: pd.Series) -> tuple[int, int]:
        """Cases with the outcome that are in the condition, and all with the outcome."""
        deviant = row["deviant"].split(";") if row["deviant"] else []
        return int(row["in_outcome"]) - len(deviant), int(row["in_outcome"])

    def fit(self, row: pd.Series) -> str:
        inside, of = self.inside(row)
        how = {"exact": "exact p", "all permutations": "p over all orders", "permutation": "permutation p"}[
            row["p_how"]
        ]
        return (
            f"{self.name(row['expression'])}: present in {inside} of {of} sites with {self.quoted()} "
            f"(consistency {_plain(row['consistency'])}), relevance {_plain(row['relevance'])}, {how} {_p(row['p'])}."
        )

    def trivial(self, row: pd.Series) -> str:
        return f"Trivially necessary: it is true of {row['in_condition']} of {row['n']} sites."

    def fails(self, row: pd.Series) -> str:
        without = f": {_named(row['deviant'])} had {self.quoted()} without it" if row["deviant"] else ""
        return f"Not necessary at a cut-off of {self.result.cutoff:g}{without}."

    def dropped(self, row: pd.Series) -> str:
        span = _span(row["drop_relevance_low"], row["drop_relevance_high"], " to ")
        if row["drop_low"] >= self.result.cutoff - 1e-12:
            return f"It holds whichever site is left out (relevance {span})."
        return f"It does not hold whichever site is left out (consistency down to {_plain(row['drop_low'])})."

    def unclassified(self, row: pd.Series) -> str:
        return (
            f"Stands on {row['n']} of {len(self.cases.ids)} sites; {_named(row['unclassified'])} cannot be classified."
        )

    def informants(self, row: pd.Series) -> Iterator[str]:
        trivial, failing, undefined = self.settings_of(row, "informants")
        if trivial:
            yield f"Trivial with other informants: {'; '.join(trivial)}."
        if failing:
            yield f"Not necessary with other informants: {'; '.join(failing)}."
        if undefined:
            yield f"Too little evidence to judge it with: {'; '.join(undefined)}."

    def other(self, row: pd.Series) -> Iterator[str]:
        for varied, words in (("threshold", "thresholds"), ("interviews", "minimum evidence"),
                              ("unclassified", "choices for the unclassified")):  # fmt: skip
            if f"{varied}_low" not in row.index:
                continue
            low, high = row[f"{varied}_relevance_low"], row[f"{varied}_relevance_high"]
            fails = self.fails_under(row, varied)
            if fails:
                yield f"Under other {words} it fails in {fails[0]} of {fails[1]} settings."
            else:
                yield f"It holds under all other {words} tried (relevance {_span(low, high, ' to ')})."

    def error(self, row: pd.Series) -> Iterator[str]:
        if "error_holds" in row.index and row["error_holds"] == row["error_holds"]:
            share = f"{100 * row['error_holds']:.0f}% of rounds"
            yield f"Under coding error of the size double coding shows it holds in {share}."

    def not_sufficient(self, row: pd.Series) -> Iterator[str]:
        against = self.without_outcome(row)
        if against:
            have = "has" if len(against) == 1 else "have"
            yield f"Not sufficient: {_named(';'.join(against))} {have} it without {self.quoted()}."

    def without_outcome(self, row: pd.Series) -> list[str]:
        scores = self.cases.columns()
        x = Expression.parse(row["expression"], self.cases.conditions).membership(scores)
        y = scores[self.result.outcome]
        return [id for id, a, b in zip(self.cases.ids, x, y, strict=True) if a > 0.5 and b < 0.5]

    def settings_of(self, row: pd.Series, varied: str) -> tuple[list[str], list[str], list[str]]:
        """Settings under which the claim is trivial, fails, or is undefined; not those of other conditions."""
        if self.settings is None:
            return [], [], []
        table = self.settings.table
        rows = table[(table["expression"] == row["expression"]) & (table["varied"] == varied)]
        names = Expression.parse(row["expression"], self.cases.conditions).names
        rows = rows[[s.split(":")[0] in names for s in rows["setting"]]]
        undefined = rows["consistency"].isna()
        trivial = rows[~undefined & rows["holds"] & (rows["warning"] != "")]
        told = [self.setting_told(s, v) for s, v in zip(trivial["setting"], trivial["relevance"], strict=True)]
        failing = [self.setting(s) for s in rows.loc[~undefined & ~rows["holds"], "setting"]]
        return told, failing, [self.setting(s) for s in rows.loc[undefined, "setting"]]

    def setting_told(self, setting: str, relevance: float) -> str:
        return f"{self.setting(setting)} (relevance {_plain(relevance)})"

    def fails_under(self, row: pd.Series, varied: str) -> tuple[int, int] | None:
        if self.settings is None:
            return None
        table = self.settings.table
        rows = table[(table["expression"] == row["expression"]) & (table["varied"] == varied)]
        failing = int((~rows["holds"]).sum())
        return (failing, len(rows)) if failing else None

    def setting(self, text: str) -> str:
        measure, _, groups = text.partition(": ")
        if not isinstance(self.cases, StudyCases) or self.cases.matrix is None:
            return text
        study = self.cases.matrix.study
        named = [study.label("group", g, self.language) for g in groups.split(", ")]
        return f"{self.label(measure)}{self.colon}{self.comma.join(named)}"

    colon, comma = ": ", ", "


class _Chinese(_English):
    gap = ""
    language = "zh"
    absent = "无"
    colon, comma = "：", "、"

    def setting_told(self, setting: str, relevance: float) -> str:
        return f"{self.setting(setting)}（相关度 {_plain(relevance)}）"

    def both(self, parts: list[str]) -> str:
        return f"{'与'.join(parts)}同时具备" if len(parts) > 1 else parts[0]

    def either(self, parts: list[str]) -> str:
        return f"{'或'.join(parts)}"

    def fit(self, row: pd.Series) -> str:
        inside, of = self.inside(row)
        how = {"exact": "精确 p", "all permutations": "全排列 p", "permutation": "置换检验 p"}[row["p_how"]]
        return (
            f"{self.name(row['expression'])}：{of} 个“{self.label(self.result.outcome)}”的地点中有 {inside} 个具备"
            f"（一致性 {_plain(row['consistency'])}），相关度 {_plain(row['relevance'])}，{how} {_p(row['p'])}。"
        )

    def trivial(self, row: pd.Series) -> str:
        return f"属于平凡的必要条件：{row['n']} 个地点中有 {row['in_condition']} 个都具备。"

    def fails(self, row: pd.Series) -> str:
        without = f"：{_named(row['deviant'], '、')} 不具备它也有“{self.label(self.result.outcome)}”"
        return f"按 {self.result.cutoff:g} 的界线不是必要条件{without if row['deviant'] else ''}。"

    def dropped(self, row: pd.Series) -> str:
        span = _span(row["drop_relevance_low"], row["drop_relevance_high"], " 至 ")
        if row["drop_low"] >= self.result.cutoff - 1e-12:
            return f"去掉任何一个地点都成立（相关度 {span}）。"
        return f"并非去掉任何一个地点都成立（一致性最低 {_plain(row['drop_low'])}）。"

    def unclassified(self, row: pd.Series) -> str:
        return f"依据 {len(self.cases.ids)} 个地点中的 {row['n']} 个；{_named(row['unclassified'], '、')} 无法归类。"

    def informants(self, row: pd.Series) -> Iterator[str]:
        trivial, failing, undefined = self.settings_of(row, "informants")
        if trivial:
            yield f"换用其他受访群体则变得平凡：{'；'.join(trivial)}。"
        if failing:
            yield f"换用其他受访群体则不成立：{'；'.join(failing)}。"
        if undefined:
            yield f"以下情况证据不足，无法判断：{'；'.join(undefined)}。"

    def other(self, row: pd.Series) -> Iterator[str]:
        for varied, words in (
            ("threshold", "界线"),
            ("interviews", "最低证据要求"),
            ("unclassified", "无法归类者的处理"),
        ):
            if f"{varied}_low" not in row.index:
                continue
            low, high = row[f"{varied}_relevance_low"], row[f"{varied}_relevance_high"]
            fails = self.fails_under(row, varied)
            if fails:
                yield f"换用其他{words}，{fails[1]} 种情形中有 {fails[0]} 种不成立。"
            else:
                yield f"换用所试的其他{words}都成立（相关度 {_span(low, high, ' 至 ')}）。"

    def error(self, row: pd.Series) -> Iterator[str]:
        if "error_holds" in row.index and row["error_holds"] == row["error_holds"]:
            yield f"若有双人编码所示大小的编码误差，{100 * row['error_holds']:.0f}% 的模拟中成立。"

    def not_sufficient(self, row: pd.Series) -> Iterator[str]:
        against = self.without_outcome(row)
        if against:
            yield f"不是充分条件：{_named(';'.join(against), '、')} 具备它却没有“{self.label(self.result.outcome)}”。"


def _named(ids: str, joint: str = ", ") -> str:
    parts = ids.split(";")
    more = f" +{len(parts) - _MOST_NAMED}" if len(parts) > _MOST_NAMED else ""
    return joint.join(parts[:_MOST_NAMED]) + more


def _plain(value: float) -> str:
    """Two places, without the zero before the point, as in the literature."""
    if value != value:
        return "–"
    text = f"{np.floor(value * 100 + 0.5 + 1e-9) / 100:.2f}"
    return text[1:] if text.startswith("0.") else text


def _p(p: float) -> str:
    if p != p:
        return "–"
    if p < 0.001:
        return "< .001"
    return f"= {p:.3f}".replace("0.", ".") if p < 1 else "= 1"


def _span(low: float, high: float, to: str) -> str:
    one, other = _plain(low), _plain(high)
    return one if one == other else f"{one}{to}{other}"
