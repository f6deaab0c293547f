from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bwa_study.model.codebook import Code, Codebook, Theme
from bwa_study.model.codings import Codings, Examined
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import NoCodings, SeveralCoders, UnknownName
from bwa_study.model.labels import Label
from bwa_study.model.matrix import STATES, CodingMatrix, cell_states, matrix
from bwa_study.model.spans import Span
from bwa_study.model.study import Group, Round, Site, Study
from bwa_study.model.transcripts import Role, Transcript, Turn

NONE = Label(())
BOOK = Codebook(
    "book",
    "1.2.0",
    (Theme("t", NONE),),
    (
        Code("visits", "t", NONE, block="client"),
        Code("fear", "t", NONE, block="voice"),
        Code("staged", "t", NONE, groups=("worker",)),
    ),
)


def interview(id: str, *answers: str, group="worker", sites=("F01",), about=(), asked=None, round="R1") -> Transcript:
    """Turns of an interviewer (``Q``, odd numbers) and of a respondent (even numbers); `about` is by answer."""
    text, turns = "", []
    for n, answer in enumerate(answers):
        text += "I: Q\nR: "
        named = about[n] if n < len(about) else ()
        turns.append(Turn(2 * n + 1, "I", Role.INTERVIEWER, Span(len(text) - 5, len(text) - 4), "en"))
        turns.append(Turn(2 * n + 2, "R", Role.RESPONDENT, Span(len(text), len(text) + len(answer)), "en", named))
        text += answer + "\n"
    return Transcript(id, f"P-{id}", group, round, sites, "en", text, tuple(turns), asked)


def study(*interviews: Transcript, codings: tuple[dict, ...] = (), examined: dict | None = None) -> Study:
    made = Study(
        id="s",
        title=NONE,
        groups=(Group("brand_staff", NONE), Group("worker", NONE)),
        rounds=(Round("R1", NONE),),
        sites=tuple(Site(f"F0{n}") for n in (1, 2, 3)),
        corpus=Corpus(interviews),
        codebook=BOOK,
        examined=Examined(examined or {}),
    )
    rows = [_row(n, made.corpus, **fields) for n, fields in enumerate(codings)]
    return replace(made, codings=Codings(pd.DataFrame(rows))) if rows else made


def _row(n: int, corpus: Corpus, *, words: str, code="visits", of="a", **fields: object) -> dict[str, object]:
    start = corpus[of].text.index(words)
    place = {"start": start, "end": start + len(words), "quote": words, "transcript": of, "code": code}
    kind = {"polarity": "present", "coder": "A", "coder_kind": "human", "status": "accepted"}
    return {"id": f"c{n}", **place, **kind, **fields}


def states(m: CodingMatrix, coder: str | None = None) -> list[list[str]]:
    return [[STATES[i] for i in row] for row in m.states(coder)]


def keys(m: CodingMatrix) -> list[tuple[str, int, str]]:
    return list(m.units[["transcript", "turn", "site"]].itertuples(index=False, name=None))


ALL = {"A": {"a": None}}
P, A, B, SILENT, UNASKED, UNREAD = "present", "absent", "both", "not mentioned", "not asked", "not examined"


def test_a_cell_is_present_absent_both_not_mentioned_not_asked_or_not_examined():
    codings = (
        {"words": "one", "code": "visits"},
        {"words": "two", "code": "visits", "polarity": "absent"},
        {"words": "three", "code": "visits"},
        {"words": "three", "code": "visits", "polarity": "absent"},
    )
    a = interview("a", "one", "two", "three", "four", "five", asked=frozenset({"client"}))
    m = matrix(study(a, codings=codings, examined={"A": {"a": frozenset({2, 4, 6, 8})}}))
    assert states(m) == [
        [P, UNASKED, SILENT],
        [A, UNASKED, SILENT],
        [B, UNASKED, SILENT],
        [SILENT, UNASKED, SILENT],
        [UNREAD, UNREAD, UNREAD],
    ]


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("absent", [False, True])
@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("examined", [False, True])
def test_the_state_of_a_cell_follows_from_four_facts(present, absent, asked, examined):
    if not examined:
        expected = UNREAD
    elif present or absent:
        expected = B if present and absent else P if present else A
    else:
        expected = SILENT if asked else UNASKED
    found = cell_states(*(np.array([[x]]) for x in (present, absent, asked)), np.array([examined]))
    assert STATES[found[0, 0]] == expected


def test_units_without_any_code_are_kept():
    m = matrix(study(interview("a", "one", "two"), interview("b", "one"), examined={"A": {"a": None, "b": None}}))
    assert keys(m) == [("a", 2, "F01"), ("a", 4, "F01"), ("b", 2, "F01")]
    assert states(m) == [[SILENT] * 3] * 3


def test_only_turns_of_respondents_are_units():
    m = matrix(study(interview("a", "one", "two"), examined=ALL))
    assert m.units["turn"].tolist() == [2, 4]


def test_an_interview_is_one_unit_with_what_was_said_in_any_of_its_turns():
    codings = ({"words": "one"}, {"words": "two", "polarity": "absent"}, {"words": "two", "code": "fear"})
    m = matrix(study(interview("a", "one", "two"), codings=codings, examined=ALL), unit="interview")
    assert keys(m) == [("a", 0, "F01")]
    assert states(m) == [[B, P, SILENT]]


def test_a_unit_carries_participant_group_round_and_language():
    m = matrix(study(interview("a", "one", group="brand_staff"), examined=ALL))
    assert m.units.iloc[0].to_dict() == {
        "transcript": "a",
        "turn": 2,
        "site": "F01",
        "participant": "P-a",
        "group": "brand_staff",
        "round": "R1",
        "language": "en",
    }


def test_what_was_said_unasked_counts():
    a = interview("a", "one", asked=frozenset({"voice"}))
    m = matrix(study(a, codings=({"words": "one"},), examined=ALL))
    assert states(m) == [[P, SILENT, SILENT]]


def test_a_group_that_cannot_speak_of_a_code_counts_as_not_asked():
    m = matrix(study(interview("a", "one", group="brand_staff"), examined=ALL))
    assert states(m) == [[SILENT, SILENT, UNASKED]]


def test_an_interview_that_does_not_say_its_blocks_was_asked_about_all():
    m = matrix(study(interview("a", "one", asked=None), examined=ALL))
    assert states(m) == [[SILENT, SILENT, SILENT]]


def test_a_code_without_a_block_is_asked_where_no_block_was():
    m = matrix(study(interview("a", "one", asked=frozenset()), examined=ALL))
    assert states(m) == [[UNASKED, UNASKED, SILENT]]


def test_each_coder_has_a_layer_with_what_that_coder_said_and_read():
    codings = ({"words": "one"}, {"words": "one", "polarity": "absent", "coder": "B"})
    examined = {"A": {"a": None}, "B": {"a": frozenset({2})}}
    m = matrix(study(interview("a", "one", "two"), codings=codings, examined=examined))
    assert m.coders == ("A", "B")
    assert states(m, "A") == [[P, SILENT, SILENT], [SILENT] * 3]
    assert states(m, "B") == [[A, SILENT, SILENT], [UNREAD] * 3]


def two_coders() -> CodingMatrix:
    codings = ({"words": "one"}, {"words": "one", "code": "fear", "coder": "B"})
    return matrix(study(interview("a", "one"), codings=codings, examined={**ALL, "C": {"a": None}}))


def test_everybody_who_coded_or_examined_is_a_coder():
    assert two_coders().coders == ("A", "C", "B")


def test_select_gives_the_matrix_of_one_coder_with_its_codings():
    one = two_coders().select(coder="B")
    assert one.coders == ("B",)
    assert states(one) == [[SILENT, P, SILENT]]
    assert one.codings.table["id"].tolist() == ["c1"]
    assert one.provenance["coder"] == "B"
    assert one.present.shape == (1, 1, 3)


def test_select_gives_a_coder_without_codings_too():
    one = two_coders().select(coder="C")
    assert states(one) == [[SILENT, SILENT, SILENT]]
    assert len(one.codings) == 0


def test_select_of_an_unknown_coder_names_those_there_are():
    with pytest.raises(UnknownName, match=r"^unknown coder 'D' — known: A, C, B$"):
        two_coders().select(coder="D")


def test_states_of_several_coders_need_a_name():
    with pytest.raises(SeveralCoders, match=r"^states needs one coder, this matrix has 3 \(A, C, B\)"):
        two_coders().states()


def test_states_of_an_unknown_coder_name_those_there_are():
    with pytest.raises(UnknownName, match=r"^unknown coder 'D' — known: A, C, B$"):
        two_coders().states("D")


def test_only_the_coders_asked_for_are_in_the_matrix():
    codings = ({"words": "one"}, {"words": "one", "coder": "B"})
    m = matrix(study(interview("a", "one"), codings=codings), coders=["B"])
    assert m.coders == ("B",)
    assert m.codings.coders == ("B",)


def test_a_coder_asked_for_twice_is_there_once():
    m = matrix(study(interview("a", "one"), codings=({"words": "one"},)), coders=["A", "A"])
    assert m.coders == ("A",)
    assert states(m) == [[P, SILENT, SILENT]]


def test_an_unknown_coder_unit_or_time_is_refused_by_name():
    made = study(interview("a", "one"), examined=ALL)
    with pytest.raises(UnknownName, match=r"^unknown coder 'Z' — known: A$"):
        matrix(made, coders=["Z"])
    with pytest.raises(UnknownName, match=r"^unknown unit 'turns', did you mean 'turn'\? — known: interview, turn$"):
        matrix(made, unit="turns")
    with pytest.raises(UnknownName, match=r"^unknown time spoken about 'past' — known: before, now, future$"):
        matrix(made, time_refs=("past",))


def test_a_study_that_nobody_examined_is_refused_with_what_to_do():
    with pytest.raises(
        NoCodings, match=r"no coder has examined anything — apply_codebook\(study\.corpus, study\.codebook\)"
    ):
        matrix(study(interview("a", "one")))


def test_rejected_codings_do_not_count_and_all_others_do():
    codings = tuple(
        {"words": w, "status": s}
        for w, s in zip(
            ("one", "two", "three", "four"), ("rejected", "proposed", "accepted", "adjudicated"), strict=True
        )
    )
    m = matrix(study(interview("a", "one", "two", "three", "four"), codings=codings, examined=ALL))
    assert [row[0] for row in states(m)] == [SILENT, P, P, P]
    assert m.codings.table["status"].tolist() == ["proposed", "accepted", "adjudicated"]


def test_recollections_and_plans_do_not_count_as_said_of_the_round():
    codings = tuple({"words": w, "time_ref": t} for w, t in [("one", "before"), ("two", "future"), ("three", "now")])
    made = study(interview("a", "one", "two", "three", "four"), codings=codings, examined=ALL)
    assert [row[0] for row in states(matrix(made))] == [SILENT, SILENT, P, SILENT]
    assert [row[0] for row in states(matrix(made, time_refs=("before",)))] == [P, SILENT, SILENT, SILENT]


def test_the_provenance_says_coder_codebook_unit_and_times():
    m = matrix(study(interview("a", "one"), examined=ALL), unit="interview")
    assert m.provenance == {
        "coder": "A",
        "codebook": "book 1.2.0",
        "unit": "interview",
        "times spoken about": "not marked, now",
    }


def test_the_provenance_says_how_many_codings_are_of_another_version_of_the_codebook():
    name = "codings by another version of the codebook"
    codings = (
        {"words": "one", "codebook_version": "1.2.0"},
        {"words": "one", "codebook_version": "1.2.0", "coder": "B"},
        {"words": "two", "codebook_version": "1.1.0", "coder": "B"},
        {"words": "two", "codebook_version": "1.1.0", "time_ref": "before"},
        {"words": "two", "coder": "C"},
    )
    m = matrix(study(interview("a", "one", "two"), codings=codings, examined=ALL))
    assert m.provenance[name] == "2 of 4 (1.2.0: 2, 1.1.0: 1, not stated: 1)"
    assert name not in m.select(coder="A").provenance
    assert m.select(coder="B").provenance[name] == "1 of 2 (1.2.0: 1, 1.1.0: 1)"


def test_an_interview_is_examined_when_all_its_answers_are():
    made = study(
        interview("a", "one", "two"),
        interview("b", "one", "two"),
        interview("c", "one"),
        examined={"A": {"a": frozenset({2}), "b": frozenset({2, 4})}},
    )
    assert matrix(made, unit="interview").examined.tolist() == [[False, True, False]]


def test_an_interview_without_answers_is_examined_only_by_who_recorded_it():
    made = study(interview("a"), interview("b"), examined={"A": {"a": None}})
    m = matrix(made, unit="interview")
    assert m.examined.tolist() == [[True, False]]


def test_without_a_record_the_transcripts_with_a_coding_count_as_examined():
    made = study(interview("a", "one", "two"), interview("b", "one"), codings=({"words": "one"},))
    assert states(matrix(made)) == [[P, SILENT, SILENT], [SILENT] * 3, [UNREAD] * 3]


@pytest.mark.parametrize("fields", [{"status": "rejected"}, {"time_ref": "before"}])
def test_a_coding_that_does_not_count_still_shows_that_its_transcript_was_read(fields):
    made = study(interview("a", "one"), codings=({"words": "one", **fields},))
    assert states(matrix(made)) == [[SILENT, SILENT, SILENT]]


BRAND = interview(
    "a", "one", "two", "three", group="brand_staff", sites=("F01", "F02"), about=((), ("F02",), ("F01", "F02"))
)


def test_a_turn_of_brand_staff_has_a_row_for_each_site_it_names_and_an_empty_one_where_it_names_none():
    m = matrix(study(BRAND, examined=ALL))
    assert keys(m) == [("a", 2, ""), ("a", 4, "F02"), ("a", 6, "F01"), ("a", 6, "F02")]


def test_an_interview_about_several_sites_has_a_row_for_each_and_one_for_none_in_particular():
    codings = ({"words": "one"}, {"words": "two", "code": "fear"}, {"words": "three", "polarity": "absent"})
    m = matrix(study(BRAND, codings=codings, examined=ALL), unit="interview")
    found = dict(zip([k[2] for k in keys(m)], states(m), strict=True))
    assert found == {
        "F01": [A, SILENT, UNASKED],
        "F02": [A, P, UNASKED],
        "": [P, SILENT, UNASKED],
    }


def test_the_sites_a_coding_names_go_before_those_of_its_turn():
    m = matrix(study(BRAND, codings=({"words": "two", "about": "F01"},), examined=ALL), unit="interview")
    found = dict(zip([k[2] for k in keys(m)], states(m), strict=True))
    assert [found[site][0] for site in ("F01", "F02", "")] == [P, SILENT, SILENT]


@pytest.mark.parametrize("about", ["F01;F02", "F01; F02", " F01 ;F02;"])
def test_a_coding_may_name_several_sites(about):
    m = matrix(study(BRAND, codings=({"words": "one", "about": about},), examined=ALL), unit="interview")
    found = dict(zip([k[2] for k in keys(m)], states(m), strict=True))
    assert [found[site][0] for site in ("F01", "F02", "")] == [P, P, SILENT]


def test_a_site_that_only_a_coding_names_gets_a_row_of_its_own():
    m = matrix(study(BRAND, codings=({"words": "two", "about": "F03"},), examined=ALL))
    assert keys(m)[-1] == ("a", 4, "F03")
    assert states(m)[-1] == [P, SILENT, UNASKED]
    assert states(m)[1] == [SILENT, SILENT, UNASKED]


def test_an_interview_about_no_site_has_one_row():
    m = matrix(study(interview("a", "one", sites=()), examined=ALL), unit="interview")
    assert keys(m) == [("a", 0, "")]


def test_words_of_the_interviewer_are_neither_counted_nor_a_unit():
    made = study(interview("a", "one"), codings=({"words": "Q"}, {"words": "one", "code": "fear"}), examined=ALL)
    m = matrix(made)
    assert keys(m) == [("a", 2, "F01")]
    assert states(m) == [[SILENT, P, SILENT]]
    assert m.codings.table["quote"].tolist() == ["one"]


@pytest.mark.parametrize("words", ["R: two", "Q\nR: two", "\nR: tw", "two\n"])
def test_a_coding_that_begins_in_the_label_or_the_question_belongs_to_the_answer(words):
    made = study(interview("a", "one", "two"), codings=({"words": words},), examined=ALL)
    assert [row[0] for row in states(matrix(made))] == [SILENT, P]


def test_a_coding_over_two_answers_belongs_to_the_first():
    made = study(interview("a", "one", "two"), codings=({"words": "one\nI: Q\nR: two"},), examined=ALL)
    assert [row[0] for row in states(matrix(made))] == [P, SILENT]


def test_the_same_code_given_twice_in_a_unit_is_one_mark():
    codings = ({"words": "one"}, {"words": "on"})
    m = matrix(study(interview("a", "one"), codings=codings, examined=ALL))
    assert m.present.sum() == 1
    assert len(m.codings) == 2


def test_the_long_form_has_a_row_for_every_unit_code_and_coder():
    frame = two_coders().frame
    assert list(frame.columns) == [
        "transcript", "turn", "site", "participant", "group", "round", "language", "coder", "code", "state",
    ]  # fmt: skip
    assert frame["coder"].tolist() == ["A"] * 3 + ["C"] * 3 + ["B"] * 3
    assert frame["code"].tolist() == ["visits", "fear", "staged"] * 3
    assert frame["state"].tolist() == [P, SILENT, SILENT, SILENT, SILENT, SILENT, SILENT, P, SILENT]
    assert frame["state"].cat.categories.tolist() == list(STATES)


def test_a_study_without_interviews_gives_a_matrix_without_units():
    m = matrix(study(examined={"A": {}}))
    assert m.present.shape == (1, 0, 3)
    assert m.asked.shape == (0, 3)
    assert len(m.frame) == 0


def test_the_long_form_of_the_demo_agrees_with_its_arrays(lite_study):
    m = matrix(lite_study, unit="interview", coders=["simulated-human-A"])
    state = m.frame["state"]
    mentioned = int(state.isin(["present", "absent", "both"]).sum())
    assert len(state) == len(m.units) * len(m.codes)
    assert mentioned == int((m.present | m.absent).sum())
    assert int((state == "both").sum()) == int((m.present & m.absent).sum())


def test_turns_counted_up_to_interviews_say_what_the_matrix_of_interviews_says(lite_study):
    by_turn = matrix(lite_study, unit="turn", coders=["simulated-human-A"])
    by_interview = matrix(lite_study, unit="interview", coders=["simulated-human-A"])
    names = ["transcript", "site"]
    collapsed = by_turn.units[names].assign(**dict(zip(by_turn.codes, by_turn.present[0].T, strict=True)))
    whole = by_interview.units[names].assign(**dict(zip(by_interview.codes, by_interview.present[0].T, strict=True)))
    collapsed, whole = collapsed.groupby(names).any(), whole.groupby(names).any()
    pd.testing.assert_frame_equal(collapsed, whole.loc[collapsed.index])
    assert not whole.drop(index=collapsed.index).to_numpy().any()


def test_the_order_of_codings_does_not_change_the_matrix(lite_study):
    turned = replace(lite_study, codings=Codings(lite_study.codings.frame.iloc[::-1]))
    coders = ["simulated-human-A"]
    one, other = matrix(lite_study, coders=coders), matrix(turned, coders=coders)
    columns = ["transcript", "turn", "site"]
    first = one.frame.sort_values([*columns, "code"]).reset_index(drop=True)
    second = other.frame.sort_values([*columns, "code"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(first, second)
