from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import bwa_study as bwa
from bwa_study.present.page import PageFigure, index_page
from bwa_study.present.run import coded_matrix
from small_study import CODEBOOK, INTERVIEWS, STUDY, SYNTHETIC_STUDY, write_study

SVG = PageFigure(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 'an "alt" text')


class Reader(HTMLParser):
    """Tags, attributes that load or link, and the text a reader sees."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.targets, self.text = [], [], ""
        self.hidden = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.targets += [v for k, v in attrs if k in ("src", "href", "srcset", "action", "data", "poster")]
        self.hidden = tag == "style"

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.text += data + "\n"


def page_of(folder, language="en", count="interviews", **changes):
    study = bwa.load_study(write_study(folder / "study", **changes))
    return index_page(bwa.frequency(coded_matrix(study), count=count), [SVG], language)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("page"))


def test_the_page_loads_nothing_from_anywhere_and_runs_nothing(page):
    reader = Reader(page)
    assert [t for t in reader.targets if not t.startswith(("#", "data:image/svg+xml;base64,"))] == []
    assert {"script", "iframe", "link", "object", "embed", "form"} & set(reader.tags) == set()
    assert re.findall(r"https?:|url\(|@import|\bon\w+=", re.sub(r"base64,[^\"]*", "", page)) == []
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page


def test_hostile_labels_and_quotes_are_shown_as_text(tmp_path):
    evil = "<script>alert(1)</script>{{7*7}}{% raw %}"
    interviews = (
        *INTERVIEWS[:3],
        ("x-1", "P9", "worker", "end", "F01", "full", "", "talk", '<img src=x onerror="alert(2)"> they listen {{7*7}}'),
    )
    page = page_of(
        tmp_path,
        interviews=interviews,
        codebook=CODEBOOK.replace("en: Listening", f'en: "{evil}"'),
        study=STUDY.replace("en: Workers", f'en: "<b>{evil}"').replace("en: A small study", "en: '<i>{{7*7}}</i>'"),
    )
    reader = Reader(page)
    assert {"script", "b", "i"} & set(reader.tags) == set()
    assert reader.tags.count("img") == 1
    assert evil in reader.text
    assert f"<b>{evil}" in reader.text
    assert "<i>{{7*7}}</i>" in reader.text
    assert '<img src=x onerror="alert(2)"> they listen {{7*7}}' in reader.text
    assert "49" not in reader.text


def test_quotes_are_printed_only_where_consent_was_given(page):
    text = Reader(page).text
    assert "Somebody may listen to the amber one." in text
    assert "violet" not in text
    assert "crimson" not in text


@pytest.mark.parametrize("consent", ["none", ""])
def test_without_consent_to_quote_no_sentence_is_printed(tmp_path, consent):
    interviews = tuple((*row[:5], consent, *row[6:]) for row in INTERVIEWS[:-1])
    page = page_of(tmp_path, interviews=interviews)
    assert "<blockquote>" not in page
    assert [row[-1] for row in interviews if row[-1] in page] == []


def test_withdrawn_interviews_are_counted_as_left_out_and_never_named(page):
    text = Reader(page).text
    assert "6 interviews; 33 words of respondents. 1 more are left out everywhere" in text
    assert "gone" not in text.lower()


def test_a_quote_says_group_round_and_polarity_and_no_id(page):
    text = Reader(page).text
    assert "Workers, Start · said to be absent" in text
    assert [id for id in ("s-w-1", "e-w-2", "P1", "P3") if id in text] == []


def test_at_most_two_sentences_a_polarity_and_one_a_person(tmp_path):
    said = ("They listen one.", "They listen two.", "They listen three.", "They listen four.")
    people = ("P1", "P1", "P2", "P3")
    interviews = tuple(
        (f"x-{n}", who, "worker", "end", "F01", "full", "", "talk", text)
        for n, (who, text) in enumerate(zip(people, said, strict=True))
    )
    page = page_of(tmp_path, interviews=interviews)
    assert [text for text in said if text in page] == ["They listen one.", "They listen three."]


def test_the_sample_shows_who_was_not_visited(page):
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page)
    sample = {row.split("<")[0]: re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows[:3]}
    assert sample == {
        "F01": ["2", "2", "not visited", "not visited"],
        "F02": ["not visited", "1", "not visited", "1"],
        "All": ["2", "3", "not visited", "1"],
    }


def test_the_table_has_share_n_and_denominator_or_the_reason(page):
    line = next(line for line in page.splitlines() if '<th scope="row">Visits</th>' in line)
    assert re.findall(r"<td[^>]*>(.*?)</td>", line) == [
        "not double-coded",
        "not asked",
        '33% <span class="of">(1/3)</span>',
        "not visited",
        '0% <span class="of">(0/1)</span>',
    ]


def test_a_heading_spans_the_rounds_of_its_group(page):
    assert '<th scope="col" colspan="2">Workers</th><th scope="col" colspan="2">Managers</th>' in page


@pytest.mark.parametrize(
    ("count", "caption"),
    [("interviews", "Share of interviews (n/denominator)"), ("words", "Share of words (n/denominator)")],
)
def test_the_caption_says_what_was_counted(tmp_path, count, caption):
    assert f"<caption>{caption}: said to be present</caption>" in page_of(tmp_path, count=count)


def test_the_page_speaks_chinese(tmp_path):
    page = page_of(tmp_path, language="zh")
    text = Reader(page).text
    assert '<html lang="zh">' in page
    assert [w for w in ("小型研究", "工人", "倾听", "未访", "未问", "访谈占比（n/分母）") if w not in text] == []
    assert "not visited" not in text


def test_figures_are_in_the_page_with_their_alternative_text(page):
    assert '<img src="data:image/svg+xml;base64,' in page
    assert 'alt="an &#34;alt&#34; text"' in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_synthetic_study_says_so_at_its_head(tmp_path, language):
    page = page_of(tmp_path, language=language, study=SYNTHETIC_STUDY)
    assert '<p class="notice">SYNTHETIC' in page[: page.index("<nav")]


def test_the_page_of_real_data_does_not_say_synthetic(page):
    assert "SYNTHETIC" not in page


def test_the_method_names_coder_codebook_and_denominator(page):
    text = Reader(page).text
    assert "codebook: small-book 2.1.0" in text
    assert "coder: indicators" in text
    assert "Denominator: interviews in which the code was asked about, and which the coder" in text
