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
        "too few to say": "too few to say",
        "not given": "(not given)",
        "reliability": "Reliability",
        "use": "use",
        "tentative": "tentative",
        "qualitative": "qualitative",
        "cannot say": "cannot say",
        "not double-coded": "not double-coded",
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
        "too few to say": "太少，无法判断",
        "not given": "（未填）",
        "reliability": "信度",
        "use": "可用",
        "tentative": "暂用",
        "qualitative": "仅作定性",
        "cannot say": "无法判断",
        "not double-coded": "未双重编码",
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


REPORT_WORDS = {
    "en": {
        "contents": "Contents",
        "summary": "In short",
        "annex": "Annex",
        "limitations": "Limitations",
        "method": "How the numbers were made",
        "tables": "Tables",
        "notes": "Notes",
        "missing": "Not in this report",
        "words": "In their own words",
        "asked": "Asked",
        "translation": "Translation",
        "words note": "Picked from people who allow quoting, with an opposite voice where there is one; + the thing is "
        "there, − it is not. Names within the words are not looked for: read them before print.",
        "coded by": "Coded by",
        "no answer": "This study has no data that answer the question yet.",
        "synthetic": "SYNTHETIC DATA: made for demonstration. Nobody said any of this, and nothing here is a finding.",
        "not visited": "Not visited: {cells}.",
        "notes only": "{n} of {of} interviews have notes in place of a transcript.",
        "machine": "The codings are a machine's proposals, which nobody has checked; their silence is no evidence.",
    },
    "zh": {
        "contents": "目录",
        "summary": "要点",
        "annex": "附录",
        "limitations": "局限",
        "method": "数字如何得出",
        "tables": "表格",
        "notes": "说明",
        "missing": "本报告没有",
        "words": "原话",
        "asked": "问",
        "translation": "译文",
        "words note": "取自同意引用者，有相反说法则收入；+ 表示有，− 表示没有。话中的人名未作检查：付印前请通读。",
        "coded by": "编码者",
        "no answer": "本研究尚无数据回答这个问题。",
        "synthetic": "SYNTHETIC 合成数据：为演示而编写，没有人说过这些话，也不是任何研究结果。",
        "not visited": "未访：{cells}。",
        "notes only": "{of} 次访谈中有 {n} 次只有笔记，没有录音稿。",
        "machine": "编码由机器提出，未经人工检查；没有提出不等于没有。",
    },
}


def report_words(language: str) -> dict[str, str]:
    """The words of the report in a language; English where there are none."""
    return REPORT_WORDS.get(language, REPORT_WORDS["en"])
