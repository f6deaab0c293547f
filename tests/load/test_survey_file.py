from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.load.survey_file import LevelForm, scale_levels
from small_surveys import SURVEY

ROWS = "id,site,group,w,q1,q2,num,o\na,F01,worker,1,1,1,1,x\n"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: q2", "id: q1", "6:10: id 'q1' is given twice in items — give each its own id"),
        ("groups: [worker]", "groups: [wroker]", "'wroker' is no group of this study, did you mean 'worker'?"),
        ("round: R1", "round: R9", "'R9' is no round of this study — use R1, R2"),
        (", round: R1", "", "nothing says the round — add 'round: …', or name its column under 'keys'"),
        (", group: group", "", "nothing says the group — add 'group: …', or name its column under 'keys'"),
        ("dont_know: 8", "dont_know: 4", "value '4' is given twice in the scale — give each value one meaning"),
        ("kind: number", "kind: number, reversed: true", "an item of kind 'number' cannot be reversed"),
        ("kind: open", "kind: open, construct: talk", "an item of kind 'open' has no number, so it cannot measure"),
        ("reversed: true", "scale: agree", "'agree' is no one of 'scales' — declare the one of 'scales'"),
        ("weight: w", "weight: w, interview: i", "links answers to a person's interview, and nothing says who agreed"),
        ("items:", "constructs: [{id: talk, codes: [fea]}]\nitems:", "'fea' is no code or theme of the codebook, did"),
        ("items:", "constructs: [{id: tlak}]\nitems:", "'talk' is no one of 'constructs', did you mean 'tlak'"),
        ("items:", "recode: {weight: {a: b}}\nitems:", "'weight' is no key to recode"),
        ("round: R1", 'round: R1, separator: "::"', "'::' is no separator"),
        ("keys:", "synthetic: true\nkeys:", "a synthetic survey in a study that does not say so"),
        ("kind: number", "kind: numbr", "field 'items.3.kind', value 'numbr'"),
        ("reversed: true", "revresed: true", "unknown field 'revresed', did you mean 'reversed'?"),
    ],
)  # fmt: skip
def test_a_fault_of_survey_yaml_has_its_place_and_way_out(survey_study, old, new, says):
    folder = survey_study(ROWS, yaml=SURVEY.replace(old, new, 1))

    problem, *_ = bwa.check_study(folder)
    assert problem.file.endswith("survey.yaml")
    assert problem.line > 0
    assert says in str(problem)


def test_words_count_by_their_place_and_numbers_as_themselves():
    words = scale_levels(["Never", "Rarely", "Often"], reverse=False, ordered=True)
    numbers = scale_levels([0, 5, 10], reverse=True, ordered=True)
    stated = scale_levels(
        [LevelForm(value="no", score=0), LevelForm(value="yes", score=1)], reverse=False, ordered=True
    )

    assert [(level.value, level.score) for level in words] == [("Never", 1), ("Rarely", 2), ("Often", 3)]
    assert [(level.value, level.score) for level in numbers] == [("0", 10), ("5", 5), ("10", 0)]
    assert [level.score for level in stated] == [0, 1]


def test_levels_come_from_the_file_where_survey_yaml_has_none(survey_study, tmp_path):
    import pandas as pd
    import pyreadstat

    path = tmp_path / "s.sav"
    frame = pd.DataFrame({"id": ["a", "b"], "q": [3.0, 9.0]})
    labels = {"q": {1: "low", 2: "mid", 3: "high", 9: "refused"}}
    pyreadstat.write_sav(frame, str(path), column_labels={"q": "How is it?"}, variable_value_labels=labels)
    yaml = """\
keys: {respondent: id}
waves: [{file: s.sav, round: R1, group: worker}]
scale: {refused: 9}
items: [{id: q, reversed: true}]
"""
    (wave,) = bwa.load_study(survey_study(ROWS, yaml=yaml, more={"raw/s.sav": path.read_bytes()})).surveys

    assert [(level.value, level.label.text("en"), level.score) for level in wave["q"].levels] == [
        ("1", "low", 3), ("2", "mid", 2), ("3", "high", 1),
    ]  # fmt: skip
    assert wave["q"].wording.text("en") == "How is it?"
    assert wave.states["q"].tolist() == ["answered", "refused"]
    assert wave.values["q"].tolist()[0] == 1.0


def test_an_item_whose_scale_nobody_knows_is_an_error(survey_study):
    yaml = SURVEY.replace("scale: {levels: [1, 2, 3, 4], dont_know: 8, refused: 9}\n", "")

    said = [str(p) for p in bwa.check_study(survey_study(ROWS, yaml=yaml))]
    assert [line.split("survey.yaml: ")[1] for line in said] == [
        f"item '{id}' has no levels: neither survey.yaml nor the file says its scale — "
        "give it a scale with levels, or say kind: number or kind: open"
        for id in ("q1", "q2")
    ]


def test_a_study_may_name_a_survey_that_is_not_there(survey_study):
    folder = survey_study(ROWS)
    (folder / "raw" / "survey.yaml").unlink()

    (problem,) = bwa.check_study(folder)
    assert problem.what == "there is no such file"
