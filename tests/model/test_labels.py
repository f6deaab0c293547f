from __future__ import annotations

from bwa_study.model.labels import Label

BOTH = Label((("en", "Workers"), ("zh", "工人")))


def test_a_label_gives_the_text_of_the_language_asked_for():
    assert BOTH.text("en") == "Workers"
    assert BOTH.text("zh") == "工人"


def test_a_label_falls_back_to_its_first_text():
    assert BOTH.text("fr") == "Workers"
    assert Label((("zh", "工人"), ("en", "Workers"))).text("fr") == "工人"


def test_a_label_without_texts_is_empty():
    assert Label(()).text("en") == ""
    assert str(Label(())) == ""


def test_the_text_of_a_label_is_english_where_there_is_one():
    assert str(Label((("zh", "工人"), ("en", "Workers")))) == "Workers"
    assert str(Label((("zh", "工人"),))) == "工人"
