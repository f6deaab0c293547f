from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.load.refi_qda_places import breaks_as_one, counting_of, standard

TEXTS = st.text(alphabet="ab \r\n😀工", max_size=30)


@given(TEXTS, st.data())
def test_a_place_comes_back_from_the_standard_count(text, data):
    offset = data.draw(st.integers(0, len(text)))
    assert standard(text).offset(standard(text).position(offset)) == offset


@given(TEXTS)
def test_line_breaks_as_one_is_the_count_in_a_text_with_single_line_ends(text):
    short = text.replace("\r\n", "\n")
    counting = breaks_as_one(text)
    for position in range(len(short) + 1):
        assert text[counting.offset(position) :].replace("\r\n", "\n") == short[position:]
        assert counting.position(counting.offset(position)) == position


def test_a_position_after_the_text_is_after_the_text():
    assert [one.offset(99) for one in (standard("a\r\nb"), breaks_as_one("a\r\nb"))] == [5, 5]


@pytest.mark.parametrize(
    ("named", "way"),
    [
        ([], "code points"),
        ([(5, 12, "comment!")], "code points"),
        ([(2, 10, "b second")], "line breaks as one character"),
        ([(3, 11, "b second"), (2, 10, "b second"), (3, 11, "b second…")], "code points"),
        ([(2, 3, "b")], "code points"),
    ],
)
def test_the_standard_holds_unless_more_names_fit_another_count(named, way):
    assert counting_of("a\r\nb second", named, origin="NVivo").name == way


def test_a_line_feed_may_count_as_two():
    assert counting_of("a\nb second", [(3, 11, "b second")], origin="").name == "line breaks as two characters"
