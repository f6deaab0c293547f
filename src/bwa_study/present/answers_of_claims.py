"""Answers about survey and interviews, words that may be printed, and how strong the claim is: English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.present.translated import Translation

Results = Mapping[str, Result]
_VERDICTS = {"confirm": "相互印证", "expand": "访谈有所补充", "discord": "不一致", "silent": "都看不出变化"}
_STRENGTHS = {
    "en": {"not supported": "not supported by the evidence", "open": "open, no test says anything"},
    "zh": {
        "strong": "证据强",
        "moderate": "证据中等",
        "weak": "证据弱",
        "not supported": "证据不支持",
        "open": "尚无定论",
    },
}
_MOST_QUOTES = 6


def joint_answers(results: Results, study: Study, language: str) -> Iterator[str]:
    """How often survey and interviews tell the same, and where they are at odds."""
    table = results.get("joint_display")
    if table is None:
        return
    rows = table.table
    counts = {str(verdict): int(n) for verdict, n in rows["verdict"].value_counts().items()}
    if language == "zh":
        yield (
            "问卷与访谈：" + "，".join(f"{_VERDICTS.get(v, v)} {n}" for v, n in counts.items()) + "（按构念和群体计）。"
        )
    else:
        yield "Survey and interviews, by construct and group: " + ", ".join(f"{v} {n}" for v, n in counts.items()) + "."
    for row in rows[rows["verdict"] == "discord"].to_dict("records"):
        group = study.label("group", row["group"], language)
        survey, said = f"{row['survey_change']:+.2f}", f"{row['coded_change']:+.2f}"
        if language == "zh":
            construct = Translation.of(study, "zh")(row["construct"])
            yield f"不一致：{construct}（{group}）：问卷变化 {survey}，访谈变化 {said}。"
        else:
            yield f"At odds on {row['construct']} ({group}): the survey changed by {survey}, what is said by {said}."


def quote_answers(results: Results, study: Study, language: str) -> Iterator[str]:
    """A few quotes that may be printed, each with its attribution; the table has more."""
    table = results.get("quotes")
    if table is None:
        return
    chosen = table.table.drop_duplicates("code").head(_MOST_QUOTES)
    for row in chosen.to_dict("records"):
        label = study.label("code", row["code"], language)
        if language == "zh":
            yield f"{label}：“{row['quote']}”{Translation.of(study, 'zh')(row['attribution'])}"
        else:
            yield f"{label}: “{row['quote']}” {row['attribution']}"


def contribution_answers(results: Results, study: Study, language: str) -> Iterator[str]:
    """The strength of each link of the theory of change, and the rival explanations that were met."""
    table = results.get("contribution")
    if table is None:
        return
    for row in table.table.to_dict("records"):
        strength = row["strength"]
        pro, contra = row["for"], row["against"]
        if language == "zh":
            yield f"{row['claim']}：{_STRENGTHS['zh'].get(strength, strength)}（支持 {pro}，反对 {contra}）。"
        else:
            told = _STRENGTHS["en"].get(strength, f"{strength} evidence")
            yield f"{row['claim']}: {told} ({pro} for, {contra} against)."
    rivals = dict.fromkeys(str(text) for text in table.table["rivals"] if text)
    for text in list(rivals)[:1]:
        if language == "zh":
            yield f"其他可能的解释：{Translation.of(study, 'zh')(text)}。"
        else:
            yield f"Rival explanations met at sites: {text}."


def recoding_answers(results: Results, study: Study, language: str) -> Iterator[str]:
    """With which versions of the codebook the codings were made, and how many are of another than the present one."""
    table = study.codings.table
    people = table[table["coder_kind"] == "human"]
    if people.empty:
        return
    present = study.codebook.version
    counts = people["codebook_version"].replace("", "not stated").value_counts()
    others = {str(v): int(n) for v, n in counts.items() if v != present}
    now = int(counts.get(present, 0))
    if language == "zh":
        yield f"现行编码手册为 {present} 版：{now:,} 条编码用此版本。"
        if others:
            told = "，".join(f"{v} 版 {n:,} 条" for v, n in others.items())
            yield f"用其他版本的：{told}；“bwa-study codebook diff”列出哪些要重新编码。"
    else:
        yield f"The codebook is at version {present}; {now:,} of people's codings were made with it."
        if others:
            told = ", ".join(f"{n:,} with {v}" for v, n in others.items())
            yield f"Others: {told}; 'bwa-study codebook diff OLD NEW' says what must be coded again."
