from __future__ import annotations

from dataclasses import replace

import bwa_study as bwa
from bwa_study.present.notebook import folded_words
from bwa_study.present.run import coded_matrix
from small_study import SYNTHETIC_STUDY, write_study


def test_a_notebook_folds_quotes_of_the_first_codes_under_a_result(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    found = bwa.frequency(m, by=("group",))
    found = replace(found, table=found.table[found.table["code"].isin(["follow_up", "covid"])])
    html = found._repr_html_()
    assert "<details><summary>Words behind these numbers</summary><p><b>Follow-up by the client</b></p>" in html
    assert "<p><b>Covid-19</b></p>" in html
    assert html.count("<blockquote") == 4
    assert html.index("</table>") < html.index("<details>") < html.index("<ul>")
    assert "more codes" not in html


def test_no_one_is_named_by_id(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    html = folded_words(bwa.divergence(m, round="R3"))
    ids = {t.participant for t in lite_study.corpus} | {t.id for t in lite_study.corpus}
    assert "<blockquote" in html
    assert not [id for id in ids if id in html]
    assert "22 more codes" in html


def test_a_result_of_several_coders_or_of_no_codings_has_no_words(lite_study):
    both = bwa.matrix(lite_study, coders=["simulated-human-A", "simulated-human-B"])
    assert folded_words(bwa.reliability(both)) == ""
    assert folded_words(bwa.sample_table(lite_study)) == ""
    assert "<details>" not in bwa.sample_table(lite_study)._repr_html_()


def test_people_who_did_not_agree_to_be_quoted_are_not_shown(tmp_path):
    study = bwa.load_study(write_study(tmp_path / "study", study=SYNTHETIC_STUDY))
    html = bwa.frequency(coded_matrix(study), by=("group",))._repr_html_()
    assert "<blockquote" in html
    assert "crimson" not in html
    assert "violet" not in html
