from __future__ import annotations

from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from bwa_study.model.results import Result

HOSTILE = "<script>alert('x')</script> & \"q\" {{ 7*7 }}"


def result(rows: int = 2, **fields: object) -> Result:
    table = pd.DataFrame({"code": [f"code{i}" for i in range(rows)], "share": [i / 7 for i in range(rows)]})
    return Result(**{"table": table, "title": "Shares", "method": "Share of interviews.", **fields})


def test_the_frame_is_a_copy_with_the_numbers_unrounded():
    made = result()
    copy = made.frame
    copy.loc[0, "code"] = "changed"
    assert made.frame["code"].tolist() == ["code0", "code1"]
    assert made.frame["share"].tolist() == [0.0, 1 / 7]


def test_the_compact_table_is_a_copy_too():
    made = result()
    copy = made.compact()
    copy.loc[0, "code"] = "changed"
    assert made.frame["code"].tolist() == ["code0", "code1"]


def test_a_result_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        result().title = "Other"


def test_the_notes_are_method_source_and_provenance_in_this_order():
    made = result(source="Wilson 1927", provenance={"coder": "A", "unit": "turn"})
    assert made.notes() == ["Share of interviews.", "Source: Wilson 1927", "coder: A; unit: turn"]


def test_a_result_without_source_and_provenance_has_its_method_as_its_only_note():
    assert result().notes() == ["Share of interviews."]


def test_made_up_data_say_so_first():
    note = "SYNTHETIC DATA, made for demonstration; not findings of any study."
    made = result(synthetic=True)
    assert made.notes() == [note, "Share of interviews."]
    assert note in repr(made)
    assert f"<li>{note}</li>" in made._repr_html_()


def test_the_repr_is_title_table_and_notes():
    assert repr(result()).split("\n") == [
        "Shares",
        "    code     share",
        "0  code0  0.000000",
        "1  code1  0.142857",
        "Share of interviews.",
    ]


def test_the_repr_shows_thirty_rows_and_says_how_many_more_there_are():
    shown = repr(result(33))
    assert "code29" in shown
    assert "code30" not in shown
    assert "\n… 3 more rows in .frame\n" in shown
    assert "more rows" not in repr(result(30))


def test_the_html_shows_thirty_rows_and_says_how_many_more_there_are():
    shown = result(33)._repr_html_()
    assert "<td>code29</td>" in shown
    assert "code30" not in shown
    assert "<p>… 3 more rows in <code>.frame</code></p>" in shown
    assert "more rows" not in result(30)._repr_html_()


def test_hostile_text_is_shown_as_text_wherever_it_stands_in_the_html():
    table = pd.DataFrame({HOSTILE: [HOSTILE]}, index=[HOSTILE])
    made = Result(table, HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE})
    html = made._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 8


def test_terminal_codes_and_invisible_characters_are_shown_escaped_in_the_repr():
    table = pd.DataFrame({"quote": ["\x1b[2Jgone \u202eevil 工人"]})
    shown = repr(Result(table, "Title\x07", "Method\u200b."))
    assert "\\u001b[2Jgone \\u202eevil 工人" in shown
    assert shown.startswith("Title\\u0007\n")
    assert shown.endswith("\nMethod\\u200b.")


def test_a_result_without_a_figure_says_where_its_numbers_are():
    with pytest.raises(NotImplementedError, match=r"^Result has no figure; read its \.frame$"):
        result().plot()


def test_the_figure_is_drawn_by_the_function_the_class_names():
    class Drawn(Result):
        picture = f"{__name__}:drawn"

    made = Drawn(result().table, "Shares", "Share.")
    assert made.plot(ax="axes", colour="red") == (made, "axes", {"colour": "red"})


def drawn(made: Result, *, ax: object, **options: object) -> tuple[Result, object, dict[str, object]]:
    return made, ax, options
