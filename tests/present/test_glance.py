from __future__ import annotations

import re

import pytest

from bwa_study.present.glance import look_at
from small_surveys import SURVEY, write_survey_study

HEADED = "a\nb\nc\nd\ne\nf\nI: What has changed?\nR1: They come back every month.\n"


@pytest.mark.parametrize(("language", "word"), [("en", "note"), ("zh", "提示")])
def test_the_page_calls_a_note_a_note(tmp_path, language, word):
    answers = "id,site,group,w,q1,q2,num,o\na,F01,worker,1.5,1,4,10,Fine\n"
    folder = write_survey_study(tmp_path / "s", answers, SURVEY, {"raw/w1.txt": HEADED})
    look_at(folder, html=tmp_path / "page.html", language=language)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    (row,) = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if "6 lines before the first speaker" in row]
    assert re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)[0] == word
