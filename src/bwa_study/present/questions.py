"""The twelve questions a report answers, in their order, and which tables and figures answer each."""

from __future__ import annotations

from dataclasses import dataclass

from bwa_study.model.labels import Label


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the names of its tables and figures (of `study_tables.TABLES` and `study_figures.FIGURES`)."""

    number: int
    ask: Label
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


def _asked(en: str, zh: str) -> Label:
    return Label((("en", en), ("zh", zh)))


QUESTIONS: tuple[Question, ...] = (
    Question(
        1,
        _asked(
            "Who did we talk to, where and when, and what is missing?", "我们访谈了谁、在哪里、什么时候，还缺什么？"
        ),
        ("sample",),
    ),
    Question(
        2,
        _asked("Did brand staff change how they deal with suppliers?", "品牌方人员对待供应商的方式变了吗？"),
        ("interaction", "interaction_change"),
        ("modes",),
    ),
    Question(
        3,
        _asked(
            "How do the things said look to the groups within one factory?",
            "同一家工厂里，各组人怎样看同一件事？",
        ),
        ("triangulation",),
    ),
    Question(
        4,
        _asked("Where do the groups disagree most?", "各组之间在哪里分歧最大？"),
        ("divergence",),
        ("dumbbell",),
    ),
    Question(
        5,
        _asked("Where did improvement last, fade, or never start?", "改进在哪里保持、消退，或从未开始？"),
        ("durability",),
        ("sites",),
    ),
    Question(
        6,
        _asked(
            "Was each condition necessary, were they together, and how much hangs on one factory or one cut-off?",
            "各个条件是否必要？合在一起呢？结论在多大程度上取决于某一家工厂或某个界线？",
        ),
        ("truth_table", "necessity"),
        ("two_by_two", "robustness"),
    ),
    Question(
        7,
        _asked("Which cases contradict the finding, and what explains them?", "哪些个案与结论相反，怎样解释？"),
        ("deviant_cases",),
        ("timeline",),
    ),
    Question(
        8,
        _asked("Can the coding be trusted, for which codes?", "编码可信吗？哪些编码可信？"),
        ("reliability",),
        ("forest",),
    ),
    Question(
        9,
        _asked(
            "After the codebook changed, what must be re-coded, and does any result change?",
            "编码手册修改之后，哪些要重新编码，结果会变吗？",
        ),
    ),
    Question(
        10,
        _asked("Do the survey and the interviews tell the same story?", "问卷和访谈说的是同一回事吗？"),
        ("joint_display",),
        ("joint_display",),
    ),
    Question(
        11,
        _asked("What did people say, in their own words?", "人们自己是怎么说的？"),
        ("quotes",),
    ),
    Question(
        12,
        _asked(
            "What else could explain the change, and how strong is the claim?", "变化还可能有什么原因？论断有多强？"
        ),
        ("contribution",),
    ),
)
"""Numbers as in the study's design; a table that a study cannot give is named with the reason."""

ANNEX_TABLES = ("codebook", "prevalence", "change", "framework", "coreq", "srqr", "criteria")
ANNEX_FIGURES = ("slope", "diverging", "cooccurrence")
