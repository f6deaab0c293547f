from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

import bwa_study as bwa
from bwa_study.model.errors import BwaError
from bwa_study.present.printed import Printed, PrintedRow, printed
from bwa_study.present.study_figures import FIGURES
from bwa_study.present.study_tables import TABLES
from bwa_study.present.translated import Translation, drawn, translated

CODER = "simulated-human-A"
VERBATIM = ("example", "quote", "translation", "typical quote", "question", "context")


@pytest.fixture(scope="module")
def say(lite_study):
    return Translation.of(lite_study, "zh")


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("endured", "保持"),
        ("coaching_mode", "辅导式互动"),
        ("coaching mode", "辅导式互动"),
        ("+ + -  contradict", "+ + -  相反"),
        ("54 points: brand_staff over worker", "54 个百分点：品牌方人员高于工人"),
        ("oversight*openness", "客户监督*工厂开放度"),
        ("~oversight", "非客户监督"),
        ("use 1; tentative 2", "可用 1；暂用 2"),
        ("hoop passes (12 : 2)", "必要检验（hoop）通过（12 : 2）"),
        ("(Workers, woman, site in east coast, R3 Endline)", "（工人，女，位于 east coast 的工厂，R3 终期）"),
        ("R2-F01-W-04:12", "R2-F01-W-04:12"),
        ("SYNTHETIC DATA · 客户监督 × 工厂开放度", "SYNTHETIC 合成数据 · 客户监督 × 工厂开放度"),
        ("simulated-human-A", "simulated-human-A"),
        ("0.81 [0.70, 0.91]", "0.81 [0.70, 0.91]"),
    ],
)
def test_what_is_known_is_told_in_chinese(say, text, chinese):
    assert say(text) == chinese


@pytest.mark.parametrize(
    "text",
    [
        "They open the box, now",
        "no, not open",
        "The manager endured; I did too.",
        "use of the form",
        "Workers",
        "",
    ],
)
def test_a_text_with_an_unknown_word_is_left_whole(say, text):
    found = say(text)
    assert found == text or not re.search("[a-z]", found)


def test_a_sentence_that_is_not_known_stays_beside_those_that_are(say):
    found = say.sentences(
        "Every number counts interviews. Here is something new. No interval: a brand has a handful of interviews."
    )
    assert found == "表中数字均为访谈次数。Here is something new. 不给区间：一个品牌只有几次访谈。"


def test_a_page_or_decimal_point_ends_no_sentence(say):
    found = say.sentences("Status by the lower end: Krippendorff (2004), Content Analysis, p. 241: .800 and .667.")
    assert found == "状态按区间下限：Krippendorff (2004), Content Analysis, p. 241：界线 .800 与 .667。"


def test_other_languages_leave_a_table_as_it_is(lite_study):
    page = Printed("Codebook", ((("code", 1),),), (PrintedRow(("audit_mode",)),), ("A note.",), (False,))
    assert translated(page, lite_study, "en") is page
    other = translated(page, lite_study, "zh")
    assert other == Printed("编码手册", ((("编码", 1),),), (PrintedRow(("审核式互动",)),), ("A note.",), (False,))


def test_every_table_of_the_demo_is_in_chinese_but_for_words_of_people(lite_study):
    matrix = bwa.matrix(lite_study, coders=[CODER])
    left = []
    for table in TABLES:
        try:
            pages = printed(table.make(matrix), "zh")
        except BwaError:
            continue
        for page in pages:
            found = translated(page, lite_study, "zh")
            heads = [text for head in page.heads[-1:] for text, n in head for _ in range(n)]
            cells = {(head, cell) for row in found.rows for head, cell in zip(heads, row.cells, strict=True)}
            texts = [found.title, *(text for head in found.heads for text, _ in head), *found.notes]
            texts += [cell for head, cell in cells if head not in VERBATIM]
            left += [f"{table.id} {text}" for text in texts if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text)]
    assert "\n".join(left) == ""


def test_every_caption_of_a_figure_has_its_chinese(say):
    assert [one.shows for one in FIGURES if say(one.shows) == one.shows] == []


@pytest.mark.parametrize(
    "text", ["of " * 60, "not " * 200, "open of (open), " * 200, "no use of silent points: over " * 80]
)
def test_a_text_of_known_words_without_end_is_given_up_soon(lite_study, text):
    began = time.process_time()
    Translation.of(lite_study, "zh")(text)
    assert time.process_time() - began < 5


def test_a_figure_is_in_chinese_with_its_caption_titles_and_axes(lite_study):
    from matplotlib.text import Text

    matrix = bwa.matrix(lite_study, coders=[CODER])
    sites = next(one for one in FIGURES if one.name == "sites")
    figure = drawn(sites.draw, matrix, "zh")
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert "SYNTHETIC 合成数据 · 各厂各轮的条件" in texts
    assert "工厂开放度" in texts
    assert [text for text in texts if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text)] == []
    english = [text.get_text() for text in drawn(sites.draw, matrix, "en").findobj(Text)]
    assert "SYNTHETIC DATA · Conditions at every site, round by round" in english


def words_of(drawing):
    from matplotlib.text import Text

    return {text.get_text() for text in drawing.findobj(Text)} - {""}


@pytest.mark.parametrize(
    ("make", "shows"),
    [
        (lambda m: bwa.condition_scores(m), "SYNTHETIC 合成数据 · 各厂各轮的条件"),
        (lambda m: bwa.reliability(bwa.matrix(m.study, coders=[CODER, "simulated-human-B"])), "仅作定性"),
        (lambda m: bwa.timeline(m, codes=["covid"]), "新冠疫情（谈及）"),
        (lambda m: bwa.joint_display(m), "问卷变化"),
        (lambda m: bwa.nca(bwa.cases(m), conditions=["oversight"], permutations=0), "左上：结果高须条件高"),
        (
            lambda m: bwa.robustness(bwa.cases(m), ["oversight*openness"], consistency=0.9, draws=20, permutations=0),
            "一致性",
        ),
        (
            lambda m: bwa.plan_double_coding(bwa.matrix(m.study, coders=[CODER, "simulated-human-B"])),
            "须双重编码多少单位",
        ),
        (lambda m: bwa.divergence(m, round="R3"), "各组分歧"),
        (lambda m: bwa.cooccurrence(m, within="interview"), "同一访谈内同时出现的编码"),
        (lambda m: bwa.frequency(m, by=("group", "round")), ""),
        (lambda m: bwa.frequency(m, by=("group",)), ""),
        (lambda m: bwa.truth_table(bwa.cases(m), conditions=["oversight", "openness"], consistency=0.8), "判断"),
    ],
)
def test_every_figure_takes_a_language_and_is_in_that_of_the_study_by_default(lite_study, make, shows):
    matrix = bwa.matrix(lite_study, coders=[CODER])
    result = make(matrix)
    chinese, english = words_of(result.plot(language="zh")), words_of(result.plot())

    assert english == words_of(result.plot(language="en"))
    assert any(shows in text for text in chinese)
    lines = [line for text in chinese for line in text.split("\n") if not line.startswith("来源：")]
    assert [line for line in lines if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", line)] == []
    of_chinese = make(replace(matrix, study=replace(lite_study, language="zh")))
    twice = {"客户监督", "客户的监督"}  # a condition and a construct that are called the same in English
    assert words_of(of_chinese.plot()) - twice == chinese - twice


def test_a_result_may_be_given_by_name(lite_study):
    found = bwa.frequency(bwa.matrix(lite_study, coders=[CODER]), by=("group",))
    by_name = words_of(bwa.plot_dots(result=found, language="zh"))
    assert by_name == words_of(bwa.plot_dots(found, language="zh")) != words_of(bwa.plot_dots(found))
    with pytest.raises(TypeError, match="missing a required argument"):
        bwa.plot_dots()


def test_only_the_axes_that_are_drawn_into_change_their_language(lite_study):
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    left.set_title("Workers")
    bwa.condition_scores(bwa.matrix(lite_study, coders=[CODER])).plot(language="zh", ax=right)
    titles = left.get_title(), right.get_title(loc="left")
    plt.close(figure)
    assert titles == ("Workers", "SYNTHETIC 合成数据 · 各厂各轮的条件")


def test_a_figure_of_a_study_in_chinese_has_english_labels_if_asked(lite_study):
    study = replace(lite_study, language="zh")
    figure = bwa.timeline(bwa.matrix(study, coders=[CODER]), codes=["covid"]).plot(language="en")
    assert "Covid-19 (said)" in words_of(figure)
