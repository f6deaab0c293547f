from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwa_study.load.codebook import parse_codebook
from bwa_study.model.codebook import Codebook
from bwa_study.model.qda_project import QdaCode, QdaCoding, QdaProject, QdaSelection, QdaSource
from bwa_study.present.project_codebook import DraftCodebook, draft_codebook, id_line


def drafted(*codes: QdaCode, coded: str = "", origin: str = "") -> tuple[DraftCodebook, Codebook]:
    passage = QdaSelection("s", 0, 1, (QdaCoding("c", coded),))
    sources = (QdaSource("t", "t", "text", "a", selections=(passage,)),) if coded else ()
    draft = draft_codebook(QdaProject("P: 1", origin, codes=codes, sources=sources))
    return draft, parse_codebook(draft.text, file="codebook.yaml")


FOLDER = QdaCode("1", "Oversight", is_codable=False)
UNDER = QdaCode("2", "Follow-up visits", 'They "come"\nback: #1', parent="1")
BELOW = QdaCode("3", "Monthly", parent="2")


def test_a_folder_is_a_theme_and_the_tree_below_it_stays():
    draft, book = drafted(FOLDER, UNDER, BELOW)

    assert [(theme.id, theme.label.text("en")) for theme in book.themes] == [("oversight", "Oversight")]
    assert [(code.id, code.theme, code.parent) for code in book] == [
        ("follow_up_visits", "oversight", ""), ("monthly", "oversight", "follow_up_visits"),
    ]  # fmt: skip
    assert book["follow_up_visits"].definition == UNDER.description
    assert draft.codes == {"2": ("follow_up_visits", "present"), "3": ("monthly", "present")}


def test_a_code_with_others_under_it_is_a_theme_and_where_passages_have_it_a_code_too():
    top = QdaCode("1", "Oversight")
    assert [code.id for code in drafted(top, UNDER)[1]] == ["follow_up_visits"]

    draft, book = drafted(top, UNDER, coded="1")
    assert [(code.id, code.theme) for code in book] == [("oversight_2", "oversight"), ("follow_up_visits", "oversight")]
    assert draft.codes["1"] == ("oversight_2", "present")
    assert draft.notes == ["'Oversight' is a theme, and a code of that name for what was coded with it itself"]


def test_codes_outside_of_folders_get_a_theme_where_there_are_any():
    alone = QdaCode("9", "Fear")
    assert [(code.id, code.theme) for code in drafted(alone)[1]] == [("fear", "")]
    assert [(code.id, code.theme) for code in drafted(FOLDER, alone)[1]] == [("fear", "other")]


@pytest.mark.parametrize("parent", ["", "9"])
def test_a_code_that_says_absent_is_the_other_polarity_of_the_code_it_stands_at(parent):
    draft, book = drafted(QdaCode("9", "Fear"), QdaCode("8", "Fear (absent)", parent=parent))
    assert [code.id for code in book] == ["fear"]
    assert draft.codes == {"9": ("fear", "present"), "8": ("fear", "absent")}
    assert draft.notes == ["1 codes whose names end in '(absent)' are polarity absent of their code"]


def test_a_code_that_says_absent_of_nothing_is_a_code():
    assert [code.id for code in drafted(QdaCode("8", "Fear (absent)"))[1]] == ["fear_absent"]


def test_names_that_give_no_id_or_the_same_one_are_numbered():
    codes = [QdaCode(str(n), name) for n, name in enumerate(["害怕", "信任", "To do!", "to-do", "Élan"])]
    _, book = drafted(*codes)
    assert book.ids == ("code", "code_2", "to_do", "to_do_2", "elan")
    assert book["code"].label.texts == (("zh", "害怕"),)


def test_codes_of_one_name_and_folders_below_the_top_are_told():
    draft, book = drafted(
        FOLDER, QdaCode("2", "Trust", parent="1", is_codable=False), QdaCode("3", "Trust", parent="2")
    )
    assert book.ids == ("trust", "trust_2")
    assert draft.notes == [
        "1 names are those of several codes, whose ids have numbers: say in their labels what differs",
        "1 folders of codes that are not at the top are codes here",
    ]


def test_an_id_comes_back_only_from_a_file_of_ours():
    code = QdaCode("1", "Fear", "Afraid." + id_line("anxiety"))
    assert (drafted(code, origin="bwa_study 0.1.0")[1]["anxiety"].definition) == "Afraid."
    assert drafted(code)[1].ids == ("fear",)


PRINTED = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")


@given(st.text(PRINTED, min_size=1), st.text(PRINTED))
def test_any_name_and_description_make_a_codebook_that_loads(name, description):
    name = name.strip() or "x"
    _, book = drafted(QdaCode("1", name, description))
    (code,) = book
    assert code.label.texts[0][1] == name
    assert code.definition == description


def test_a_character_that_yaml_cannot_hold_is_shown_as_lost():
    assert drafted(QdaCode("1", "a\x7fb"))[1]["a_b"].label.text("en") == "a\ufffdb"
