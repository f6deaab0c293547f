"""The words of figures and pages, by language."""

from __future__ import annotations

from bwa_study.model.study import Study

WORDS = {
    "en": {
        "present": "said to be present",
        "absent": "said to be absent",
        "mentioned": "mentioned",
        "share interviews": "Share of interviews",
        "share turns": "Share of turns",
        "share segments": "Share of coded segments",
        "share words": "Share of words",
        "not asked": "not asked",
        "not visited": "not visited",
        "not examined": "not examined",
        "nothing coded": "nothing coded",
        "not given": "(not given)",
        "heatmap": "Themes by group and round",
        "slope": "What changed between rounds",
        "dots": "Themes by group",
    },
    "zh": {
        "present": "表示有",
        "absent": "表示没有",
        "mentioned": "提到",
        "share interviews": "访谈占比",
        "share turns": "发言占比",
        "share segments": "编码片段占比",
        "share words": "字词占比",
        "not asked": "未问",
        "not visited": "未访",
        "not examined": "未编码",
        "nothing coded": "无编码",
        "not given": "（未填）",
        "heatmap": "各组各轮的主题",
        "slope": "各轮之间的变化",
        "dots": "各组的主题",
    },
}


def words(language: str) -> dict[str, str]:
    """The words of figures and pages in a language; English where there are none."""
    return WORDS.get(language, WORDS["en"])


def level_label(study: Study, field: str, value: str, language: str) -> str:
    """What people read for one value of a field that is counted by."""
    if not value:
        return words(language)["not given"]
    return study.label(field, value, language) if field in ("group", "round", "site") else value
