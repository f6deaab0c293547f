from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.present.disagree import write_disagreements
from bwa_study.present.disagreement_page import disagreement_page, pieces
from bwa_study.present.disagreement_words import _SAY

A, B = "simulated-human-A", "simulated-human-B"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("disagree") / "demo"
    bwa.write_demo(path, seed=1, size="lite")
    return path


@pytest.fixture(scope="module")
def result(lite_study):
    return bwa.disagreements(bwa.matrix(lite_study, coders=[A, B]))


@pytest.fixture(scope="module")
def page(result):
    return disagreement_page(result)


def test_the_command_writes_the_table_and_the_page(folder, tmp_path, capsys, result):
    table, page = tmp_path / "d.csv", tmp_path / "d.html"
    with pytest.raises(SystemExit) as end:
        main(["disagree", str(folder), "--out", str(table), "--html", str(page), "--coders", f"{A},{B}"])

    assert end.value.code == 0
    kinds = result.frame["kind"].value_counts()
    assert capsys.readouterr().out == (
        f"{table}, {page}: Where {A}, {B} disagree: {len(result.frame)} disagreements "
        f"(confused {kinds['confused']}, polarity {kinds.get('polarity', 0)}, missed {kinds['missed']})\n"
    )
    assert pd.read_csv(table, encoding="utf-8-sig")["place"].tolist() == result.frame["place"].tolist()
    assert page.read_text(encoding="utf-8") == disagreement_page(result)


def test_nothing_to_write_and_other_endings_are_refused(folder, tmp_path):
    with pytest.raises(WrongCall, match="name a table with --out, a page with --html, or both"):
        write_disagreements(folder)
    with pytest.raises(UnknownName, match="unknown kind of table '.docx' — known: .csv, .xlsx"):
        write_disagreements(folder, out=tmp_path / "d.docx")
    with pytest.raises(UnknownName, match="unknown kind of page '.pdf' — known: .html"):
        write_disagreements(folder, page=tmp_path / "d.pdf")


def test_every_turn_has_an_anchor_and_leads_to_the_re_coding_page(page, result):
    places = list(dict.fromkeys(result.frame["place"]))

    assert re.findall(r'<article id="([^"]+)">', page) == places
    links = re.findall(r'<a class="open" href="([^"]+)">', page)
    assert links[0] == "http://127.0.0.1:8765" + result.frame["link"].iloc[0]
    assert len(links) == len(places)


def test_the_page_says_that_it_is_not_for_publication_and_marks_who_may_not_be_quoted(page, result):
    assert "do not publish it, do not pass it on" in page
    silent = result.frame.drop_duplicates("place")["consent_quotes"].eq("none").sum()
    assert silent > 0
    assert page.count('<span class="soft">no consent to quote</span>') == silent


def test_the_page_loads_nothing_and_runs_its_own_script_only(page):
    script = re.search(r"<script>(.*?)</script>", page, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page
    links = set(re.findall(r"<[a-z]+[^>]* (?:src|href)=[\"']?(?:https?:)?//[^/]*", page))
    assert links == {'<a class="open" href="http://127.0.0.1:8765'}


def test_what_is_said_cannot_become_markup(result):
    hostile = "<img src=x onerror=alert(1)> & so on"
    table = result.frame.head(1).assign(said=hostile, asked=hostile, words_a="", words_b="", rule=hostile)
    page = disagreement_page(replace(result, table=table))

    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt; &amp; so on") == 3


def test_words_of_both_of_one_and_of_nobody_are_told_apart():
    found = [(p.text, p.a, p.b) for p in pieces("他们每个月都来，没人怕。", ["每个月都来"], ["都来，没人怕"])]

    assert found == [
        ("他们", False, False),
        ("每个月", True, False),
        ("都来", True, True),
        ("，没人怕", False, True),
        ("。", False, False),
    ]


def test_in_chinese_every_word_of_the_page_is_chinese(result):
    page = disagreement_page(result, "zh")

    assert '<html lang="zh-CN">' in page
    assert "编码小组内部工作文件" in page
    assert _SAY["en"].keys() == _SAY["zh"].keys()


def test_coders_who_agree_everywhere_get_a_page_that_says_so(result):
    page = disagreement_page(replace(result, table=result.table.iloc[:0]))

    assert "The coders agree on every turn that both examined." in page
