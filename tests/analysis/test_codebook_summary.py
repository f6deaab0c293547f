from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.model.errors import SeveralCoders


def test_every_code_has_its_row_with_what_was_coded(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    table = bwa.codebook_summary(m).frame
    assert table["code"].tolist() == list(lite_study.codebook.ids)
    assert table["segments"].sum() == len(m.codings)
    assert (table["present"] + table["absent"] == table["segments"]).all()
    assert set(table["of"]) == {len(lite_study.corpus)}


def test_interviews_are_the_numerator_of_mentioned(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A"])
    mentioned = bwa.frequency(m, by=(), polarity=("mentioned",), themes=False).frame
    table = bwa.codebook_summary(m).frame
    assert table["interviews"].tolist() == (mentioned["n"] + mentioned["unasked"]).tolist()


def test_example_and_label_are_in_the_language_of_the_study(lite_study):
    row = bwa.codebook_summary(bwa.matrix(lite_study, coders=["simulated-human-A"])).frame.iloc[0]
    assert (row["label"], row["theme_label"]) == ("Client influence", "Oversight")
    assert row["example"].isascii()


def test_several_coders_are_refused(lite_study):
    m = bwa.matrix(lite_study, coders=["simulated-human-A", "simulated-human-B"])
    with pytest.raises(SeveralCoders, match="codebook_summary needs one coder"):
        bwa.codebook_summary(m)


def test_agreement_of_the_study_s_coders_stands_beside_every_code(lite_study):
    summary = bwa.codebook_summary(bwa.matrix(lite_study, coders=["simulated-human-A"]))
    gate = bwa.reliability_gate(lite_study)
    row, measured = summary.frame.set_index("code").loc["audit_mode"], gate.row("audit_mode")

    assert (
        row[["alpha", "low", "high", "reliability"]].tolist() == measured[["alpha", "low", "high", "status"]].tolist()
    )
    shown = summary.compact().loc["Audit mode"]
    assert shown["alpha"] == f"{row['alpha']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
    assert shown["reliability"] == gate.status("audit_mode")


def test_without_a_second_coder_alpha_is_empty_and_the_notes_say_why(tiny):
    summary = bwa.codebook_summary(bwa.matrix(tiny))

    assert set(summary.compact()["alpha"]) == {""}
    assert set(summary.frame["reliability"]) == {"not double-coded"}
    assert summary.method.endswith("only x has coded; agreement needs two.")
