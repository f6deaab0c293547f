"""The words of figures and pages, by language."""

from __future__ import annotations

WORDS = {
    "en": {
        "present": "said to be present",
        "absent": "said to be absent",
        "mentioned": "mentioned",
        "share": "Share of interviews",
        "not asked": "not asked",
        "not visited": "not visited",
        "not examined": "not examined",
        "nothing coded": "nothing coded",
        "heatmap": "Themes by group and round",
        "slope": "What changed between rounds",
        "dots": "Themes by group",
    },
    "zh": {
        "present": "表示有",
        "absent": "表示没有",
        "mentioned": "提到",
        "share": "访谈占比",
        "not asked": "未问",
        "not visited": "未访",
        "not examined": "未编码",
        "nothing coded": "无编码",
        "heatmap": "各组各轮的主题",
        "slope": "各轮之间的变化",
        "dots": "各组的主题",
    },
}


def words(language: str) -> dict[str, str]:
    """The words of figures and pages in a language; English where there are none."""
    return WORDS.get(language, WORDS["en"])
