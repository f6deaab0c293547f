from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import docx
import matplotlib.figure
import pytest

import bwa_study as bwa
from bwa_study.model.errors import UnknownName
from bwa_study.present.answers import answers
from bwa_study.present.questions import ANNEX_FIGURES, ANNEX_TABLES, QUESTIONS
from bwa_study.present.report import report_document, report_page, write_report
from bwa_study.present.report_parts import Part, Report
from bwa_study.present.report_quotes import Words, words_behind
from small_study import SYNTHETIC_STUDY, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = write_study(tmp_path_factory.mktemp("report") / "study", study=SYNTHETIC_STUDY)
    (folder / "report.yaml").write_text(
        "summary: [We found <b>much</b>.]\nlimitations: [One region only.]\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def page(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "report.html"
    line = write_report(study, out)
    return line, out.read_text(encoding="utf-8")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def tags(page):
    reader = _Tags()
    reader.feed(page)
    return reader.found


def test_every_question_has_its_section_and_an_answer_or_says_that_there_is_none(page):
    line, text = page
    heads = re.findall(r'<h2 id="q(\d+)">(\d+)\. ', text)
    assert heads == [(str(q.number), str(q.number)) for q in QUESTIONS]
    unanswered = text.count("This study has no data that answer the question yet.")
    assert f": {len(QUESTIONS) - unanswered} of 12 questions answered" in line
    assert 0 < unanswered < len(QUESTIONS) - 1
    assert "6 interviews with 5 people in 2 rounds at 2 sites (Workers 5, Managers 1)." in text


def test_the_line_counts_what_was_answered(page):
    line, _ = page
    assert re.search(r"report\.html: \d+ of 12 questions answered, \d+ tables, \d+ figures$", line)


def test_a_table_that_cannot_be_made_is_named_with_the_reason(page):
    _, text = page
    assert "T5 interaction: unknown code &#39;coaching_mode&#39;" in text
    assert "T13 reliability: reliability needs two coders or more" in text


def test_what_the_team_wrote_is_shown_as_text(page):
    _, text = page
    assert "We found &lt;b&gt;much&lt;/b&gt;." in text
    assert "<li>One region only.</li>" in text


def test_the_page_loads_nothing_and_says_synthetic(page):
    _, text = page
    found = tags(text)
    assert {tag for tag, _ in found} & {"script", "link", "iframe", "object"} == set()
    assert all(a["src"].startswith("data:image/svg+xml;base64,") and a["alt"] for tag, a in found if tag == "img")
    assert [a["href"] for tag, a in found if tag == "a" and not a["href"].startswith("#")] == []
    assert "SYNTHETIC DATA: made for demonstration." in text


def test_the_words_behind_an_answer_unfold_with_what_was_asked_and_their_translation():
    one = Words("Listening", "+", "Who <asks> you?", "没人问。", "Nobody does.", "(Workers, R1)", "zh")
    text = report_page(Report("t", "s", "en", False, (Part("h", "q3", words=(one, one)),)))
    assert '<details class="words"><summary>In their own words (2)</summary>' in text
    assert text.count("<h3>Listening</h3>") == 1
    assert "Asked: Who &lt;asks&gt; you?" in text
    assert '<span class="sign">+</span> <q lang="zh">没人问。</q>' in text
    assert "Translation: Nobody does." in text
    assert "<footer>(Workers, R1)</footer>" in text


def test_words_behind_the_answers_of_the_demo_are_of_its_widest_gaps(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    gaps = bwa.divergence(m, round="R3")
    found = words_behind(4, {"divergence": gaps}, m, "zh")
    widest = gaps.frame.sort_values("gap", ascending=False, kind="stable")["code"].head(3)
    assert list(dict.fromkeys(one.code for one in found)) == [lite_study.label("code", c, "zh") for c in widest]
    assert {one.attribution[0] for one in found} == {"（"}
    assert all(one.question for one in found)
    assert words_behind(1, {}, m, "en") == ()


def test_every_wide_table_scrolls_by_itself_and_has_a_name_of_its_own(page):
    regions = [a for tag, a in tags(page[1]) if a.get("role") == "region"]
    names = [a["aria-label"] for a in regions]
    assert len(names) > 3
    assert all(a["tabindex"] == "0" for a in regions)


def test_people_who_withdrew_or_did_not_agree_are_not_quoted(page):
    assert re.search("crimson|violet", page[1]) is None


def test_the_report_in_chinese_asks_and_answers_in_chinese(study, tmp_path):
    write_report(study, tmp_path / "r.html", language="zh")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in text
    assert "1. 我们访谈了谁、在哪里、什么时候，还缺什么？" in text
    assert "共 6 次访谈，5 人，2 轮，2 家工厂（工人 5，管理人员 1）。" in text


def test_the_document_has_the_same_headings_and_pictures_that_say_what_they_show(study, tmp_path):
    write_report(study, tmp_path / "r.docx")
    document = docx.Document(tmp_path / "r.docx")
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads[0] == "In short"
    assert heads[1:13] == [f"{q.number}. {q.ask.text('en')}" for q in QUESTIONS]
    told = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert "F5. what is said to be there against what is said not to be" in told
    assert len(document.tables) > 3


def test_the_same_report_gives_the_same_bytes():
    report = Report("t", "s", "en", True, (Part("h", "a", answer=("x",), items=("y",)),))
    assert report_document(report) == report_document(report)
    assert report_page(report) == report_page(report)


def test_text_of_the_study_cannot_break_the_page():
    evil = '"><script>alert(1)</script>'
    text = report_page(Report(evil, evil, "en", False, (Part(evil, "a", (evil,), (), (), (evil,), (evil,)),)))
    assert [tag for tag, _ in tags(text) if tag == "script"] == []


@pytest.mark.parametrize(
    ("out", "options", "message"),
    [
        ("r.pdf", {}, r"unknown kind of report '.pdf' — known: .html, .docx"),
        ("r.html", {"language": "fr"}, "unknown language 'fr' — known: en, zh"),
        ("r.html", {"coder": "me"}, "unknown coder 'me'"),
    ],
)
def test_what_does_not_exist_is_named_and_nothing_is_written(study, tmp_path, out, options, message):
    with pytest.raises(UnknownName, match=message):
        write_report(study, tmp_path / out, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_answers_of_the_demo_are_its_numbers(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    results = {
        "interaction": bwa.interaction_modes(m, group="brand_staff"),
        "reliability": bwa.reliability(bwa.matrix(lite_study, coders=["simulated-human-A", "simulated-human-B"])),
    }
    table = results["interaction"].frame
    first = table[(table["brand"] == "") & (table["round"] == "R1")].iloc[0]
    coaching, *_ = answers(2, results, lite_study, "en")
    assert coaching.startswith(
        f"Interviews that report coaching mode: R1 Baseline {first['coaching_mode_n']}/{first['coaching_mode_of']}, "
    )
    assert "Client influence with Commercial incentive" in answers(8, results, lite_study, "en")[1]
    assert "“客户影响力”与“商业激励”" in answers(8, results, lite_study, "zh")[1]


def test_changes_are_told_with_their_interval_or_why_there_is_none(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    change = bwa.compare(m, between="round", within=["group"], codes=["coaching_mode"])
    first, second = answers(2, {"interaction_change": change}, lite_study, "en")
    row = change.cell("coaching_mode", group="brand_staff", **{"from": "R1", "to": "R2"})
    if row["status"] == "ok" and row["low"] == row["low"]:
        assert first == (
            f"Coaching mode, R1 → R2: {100 * row['difference']:+.0f} points (95% interval "
            f"{100 * row['low']:+.0f} … {100 * row['high']:+.0f})."
        )
    else:
        assert first == "Coaching mode, R1 → R2: too few to say."
    assert second.startswith("Coaching mode, R2 → R3: ")


def test_a_question_without_results_has_no_answer(lite_study):
    assert [answers(q.number, {}, lite_study, "en") for q in QUESTIONS if q.number != 9] == [[]] * 11


def test_no_table_or_figure_answers_two_questions():
    tables = [name for q in QUESTIONS for name in q.tables] + list(ANNEX_TABLES)
    figures = [name for q in QUESTIONS for name in q.figures] + list(ANNEX_FIGURES)
    assert len(set(tables)) == len(tables)
    assert len(set(figures)) == len(figures)


def test_pictures_fit_the_page():
    from bwa_study.present.word_document import WordDocument

    tall = matplotlib.figure.Figure(figsize=(4, 20))
    png = io.BytesIO()
    tall.savefig(png, format="png", dpi=50)
    png.seek(0)
    document = WordDocument(landscape=True, title="t")
    document.picture(png, "tall")
    (shape,) = docx.Document(io.BytesIO(document.data())).inline_shapes
    assert shape.height.cm < 18
    assert shape.height / shape.width == pytest.approx(5, rel=0.01)
