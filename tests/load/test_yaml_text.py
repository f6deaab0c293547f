from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bwa_study.load.yaml_strict import read_yaml
from bwa_study.load.yaml_text import quoted, yaml_text

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["no", "Yes", "2021", "1e3", "~", "", "- a", "a: b"]
)


@given(texts)
def test_text_is_read_back_as_it_was_but_for_what_yaml_has_no_place_for(text):
    for written in (yaml_text(text), quoted(text)):
        document = read_yaml(f"a: {written}\nb: [{written}]\n", file="x.yaml")
        value = document.value["a"]
        assert (document.problems, document.value["b"]) == ([], [value])
        assert len(value) == len(text)
        assert all(a in (b, "\ufffd") for a, b in zip(value, text, strict=True))


def test_words_that_some_programs_read_otherwise_stand_in_quotes():
    assert [yaml_text(one) for one in ("no", "On", "null", "2021", "客户", "a b", "R1", "raw/a.csv")] == [
        '"no"', '"On"', '"null"', '"2021"', '"客户"', '"a b"', "R1", "raw/a.csv"]  # fmt: skip
