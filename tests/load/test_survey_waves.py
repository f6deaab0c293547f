from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

import bwa_study as bwa
from bwa_study.load.study import examine_study
from bwa_study.model.errors import NoCodebook, ProblemsFound, UnknownName
from bwa_study.present.glance import look_at
from small_surveys import STUDY, SURVEY

GROUPS = "brand_staff, manager, worker"
GOOD = "id,site,group,w,q1,q2,num,o\na,F01,worker,1.5,1,4,10,Fine\nb,F02,manager,1,8,9,,\nc,F01,worker,2,,1.0,-2.5e1,\n"


def problems(folder):
    return [str(p).split("survey.csv")[-1] for p in bwa.check_study(folder)]


def test_answers_don_t_know_refused_missing_and_not_asked_are_five_states(survey_study):
    (wave,) = bwa.load_study(survey_study(GOOD)).surveys

    assert wave.states["q1"].tolist() == ["answered", "don't know", "missing"]
    assert wave.states["q2"].tolist() == ["answered", "refused", "answered"]
    assert wave.states["num"].tolist() == ["answered", "not asked", "answered"]


def test_a_reversed_item_is_turned_round_once_at_load(survey_study):
    (wave,) = bwa.load_study(survey_study(GOOD)).surveys

    assert wave.values["q1"].tolist()[:1] == [1.0]
    assert [wave.values["q2"][0], wave.values["q2"][2]] == [1.0, 4.0]  # 4 and 1 on a scale of 1 to 4
    assert math.isnan(wave.values["q2"][1])
    assert wave.texts["q2"].tolist() == ["4", "", "1"]


def test_numbers_are_read_as_such(survey_study):
    (wave,) = bwa.load_study(survey_study(GOOD)).surveys

    assert wave.values["num"].tolist()[::2] == [10.0, -25.0]


def test_the_respondents_have_their_keys_and_weights(survey_study):
    (wave,) = bwa.load_study(survey_study(GOOD)).surveys

    assert wave.respondents["respondent"].tolist() == ["a", "b", "c"]
    assert wave.respondents["weight"].tolist() == [1.5, 1.0, 2.0]
    assert wave.respondents["site"].tolist() == ["F01", "F02", "F01"]
    assert wave.weighted


def test_every_bad_cell_is_named_with_line_column_value_and_way_out(survey_study):
    bad = GOOD.replace("a,F01,worker,1.5,1,4", "a,F01,worker,0,7,4").replace(
        "c,F01,worker,2,,1.0", "a,F03,wroker,x,五,1"
    )

    on_scale = "use 1, 2, 3, 4 (or 8, 9), or say under 'missing' that it is no answer"
    weight, recode = "write a number above 0, with a decimal point", "or say under 'recode' what the value stands for"
    groups = f"{GROUPS}, {recode}"
    assert problems(survey_study(bad)) == [
        f":2: column 'w', value '0': not a weight — {weight}",
        f":2: column 'q1', value '7': not on the scale of item 'q1' — {on_scale}",
        f":4: column 'w', value 'x': not a weight — {weight}",
        ":4: column 'id', value 'a': the id is taken by line 2 — give each respondent its own id",
        f":4: column 'group', value 'wroker': not a group of this study, did you mean 'worker'? — use {groups}",
        f":4: column 'site', value 'F03': not a site of this study, did you mean 'F02'? — use F01, F02, {recode}",
        f":4: column 'q1', value '五': not on the scale of item 'q1' — {on_scale}",
    ]


def test_each_row_of_the_bad_likert_file_is_reported_and_none_averaged(survey_study, bad_inputs):
    yaml = """\
keys: {respondent: participant, group: group, round: round}
waves: [{file: survey.csv}]
recode: {round: {"1": R1}}
scale: {levels: [1, 2, 3, 4, 5]}
items: [{id: q1}]
"""
    folder = survey_study((bad_inputs / "csv" / "likert_out_of_range.csv").read_text(encoding="utf-8"), yaml=yaml)

    said = problems(folder)
    values = ("7", "99", "N/A", "五", "3,5", "1e400", "NaN")
    assert [line.split("' not")[0].split(": not")[0] for line in said] == [
        f":{n}: column 'q1', value '{value}'" for n, value in enumerate(values, start=2)
    ]
    with pytest.raises(ProblemsFound):
        bwa.load_study(folder)


def test_a_value_that_survey_yaml_calls_missing_is_missing(survey_study):
    yaml = SURVEY.replace("refused: 9", "refused: 9, missing: [NA]")
    (wave,) = bwa.load_study(survey_study(GOOD.replace("1.5,1,4", "1.5,NA,4"), yaml=yaml)).surveys

    assert wave.states["q1"].tolist() == ["missing", "don't know", "missing"]


def test_answers_of_people_who_are_not_asked_are_a_warning_and_not_counted(survey_study):
    folder = survey_study(GOOD.replace("b,F02,manager,1,8,9,,", "b,F02,manager,1,8,9,5,"))

    (said,) = problems(folder)
    assert said == (
        ": warning: item 'num' has 1 answers of people who are not asked it — they are not counted; "
        "correct 'groups' and 'rounds' of the item if they were asked"
    )
    (wave,) = bwa.load_study(folder).surveys
    assert wave.states["num"].tolist() == ["answered", "not asked", "answered"]
    assert math.isnan(wave.values["num"][1])


def test_missing_columns_are_all_named(survey_study):
    said = problems(survey_study(GOOD.replace("q1,q2", "Q1,x")))

    assert [line.split(" — ")[0] for line in said] == [
        ":1: column 'q1' for item 'q1' is missing",
        ":1: column 'q2' for item 'q2' is missing",
    ]


def test_odd_headers_are_found_by_number_or_by_the_end_of_a_path(survey_study):
    text = ",dup,dup,page/q1,q2,num,o\n1,worker,2,1,2,3,x\n"
    yaml = SURVEY.replace("id: id", "id: id").replace(
        "keys: {respondent: id, site: site, group: group, weight: w}",
        'keys: {respondent: "#1", group: "#2", weight: "#3"}',
    )
    (wave,) = bwa.load_study(survey_study(text, yaml=yaml)).surveys

    assert wave.respondents[["respondent", "group", "weight"]].values.tolist() == [["1", "worker", 2.0]]
    assert wave.values["q1"].tolist() == [1.0]


def test_a_column_that_stands_twice_must_be_named_by_number(survey_study):
    yaml = SURVEY.replace(", weight: w", "")
    (said,) = problems(survey_study(GOOD.replace("w,q1", "q1,q1"), yaml=yaml))

    assert said == ":1: column 'q1' for item 'q1' stands 2 times — name one: #4, #5"


def test_ids_are_made_of_rows_where_the_file_has_none_and_nobody_is_linked(survey_study):
    yaml = SURVEY.replace("respondent: id, ", "")
    (wave,) = bwa.load_study(survey_study(GOOD, yaml=yaml)).surveys

    assert wave.respondents["respondent"].tolist() == ["row-2", "row-3", "row-4"]
    assert wave.respondents["person"].tolist() == ["", "", ""]


def test_withdrawn_rows_are_not_read(survey_study):
    yaml = SURVEY.replace("weight: w", "weight: w, withdrawn: gone")
    text = "id,site,group,w,q1,q2,num,o,gone\na,F01,worker,1,1,1,1,x,\nb,F01,worker,bad,99,1,1,y,2020-01-01\n"
    (wave,) = bwa.load_study(survey_study(text, yaml=yaml)).surveys

    assert wave.respondents["respondent"].tolist() == ["a"]


LINKED = "id,site,group,w,q1,q2,num,o,talk,may\na,F01,worker,1,1,1,1,x,R1-F01-W-01,{}\n"


@pytest.mark.parametrize(("may", "linked"), [("yes", "R1-F01-W-01"), ("no", ""), ("", "")])
def test_a_person_is_linked_to_her_interview_only_where_she_agreed(survey_study, may, linked):
    yaml = SURVEY.replace("weight: w", "weight: w, interview: talk, link_consent: may")
    (wave,) = bwa.load_study(survey_study(LINKED.format(may), yaml=yaml)).surveys

    assert wave.respondents["interview"].tolist() == [linked]


def test_a_link_to_no_interview_is_an_error(survey_study):
    yaml = SURVEY.replace("weight: w", "weight: w, interview: talk, link_consent: may")
    (said,) = problems(survey_study(LINKED.format("yes").replace("W-01", "W-10"), yaml=yaml))

    assert said.startswith(
        ":2: column 'talk', value 'R1-F01-W-10': there is no such interview, did you mean 'R1-F01-W-01'"
    )


def test_one_file_may_hold_all_rounds(survey_study):
    yaml = SURVEY.replace("weight: w", "weight: w, round: t").replace(", round: R1", "")
    text = "id,site,group,w,t,q1,q2,num,o\na,F01,worker,1,R2,1,1,1,x\na,F01,worker,1,R1,2,1,1,x\n"
    waves = bwa.load_study(survey_study(text, yaml=yaml)).surveys

    assert [(w.round, w.values["q1"].tolist()) for w in waves] == [("R1", [2.0]), ("R2", [1.0])]


def test_the_long_form_has_a_row_a_respondent_and_item(survey_study):
    (wave,) = bwa.load_study(survey_study(GOOD)).surveys
    long = wave.answers

    assert len(long) == 3 * 4
    assert long.query("item == 'q1'")["state"].tolist() == wave.states["q1"].tolist()
    with pytest.raises(UnknownName, match="unknown item 'q9' — known: q1, q2, num, o"):
        wave["q9"]


def test_open_answers_are_transcripts_beside_the_interviews(survey_study):
    study = bwa.load_study(survey_study(GOOD))
    (answer,) = study.answers.corpus

    assert [t.id for t in study.corpus] == ["R1-F01-W-01"]
    assert (answer.id, answer.group, answer.round, answer.sites) == ("survey-R1-a", "worker", "R1", ("F01",))
    assert answer.attribute("source") == "survey"
    assert [(t.speaker, str(t.role), answer.quote(t.span)) for t in answer.turns] == [
        ("o", "interviewer", "What changed?"),
        ("R", "respondent", "Fine"),
    ]


def test_codings_of_answers_are_kept_apart_from_those_of_interviews(survey_study):
    head = "id,transcript,start,end,quote,code,polarity,coder,coder_kind,status\n"
    row = "{},{},{},{},{},follow_up,present,A,human,accepted\n"
    one, two = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
    codings = head + row.format(one, "survey-R1-a", 14, 18, "Fine") + row.format(two, "R1-F01-W-01", 25, 29, "They")
    examined = "coder,transcript,turns\nA,survey-R1-a,all\nA,R1-F01-W-01,all\n"
    folder: Path = survey_study(GOOD, more={"codings/A.csv": codings, "codings/examined.csv": examined})
    study = bwa.load_study(folder)

    assert study.codings.table["transcript"].tolist() == ["R1-F01-W-01"]
    assert study.answers.codings.table["transcript"].tolist() == ["survey-R1-a"]
    assert study.examined.turns == {"A": {"R1-F01-W-01": None}}
    assert study.answers.examined.turns == {"A": {"survey-R1-a": None}}


def test_two_files_of_a_round_must_not_share_a_respondent(survey_study):
    yaml = SURVEY.replace("{file: survey.csv, round: R1}", "{file: survey.csv, round: R1}, {file: b.csv, round: R1}")
    other = GOOD.replace("\nb,", "\nx,").replace("\nc,", "\ny,")
    (problem,) = bwa.check_study(survey_study(GOOD, yaml=yaml, more={"raw/b.csv": other}))

    assert problem.file.endswith("b.csv")
    assert problem.what.startswith("respondent 'a' of round R1 stands in ")
    assert problem.mend == 'give each its own id, or number the rows of one file: keys: {respondent: ""} of its wave'
    numbered = yaml.replace("{file: b.csv,", '{file: b.csv, keys: {respondent: ""},')
    assert bwa.check_study(survey_study(GOOD, yaml=numbered, more={"raw/b.csv": other})) == ()


def test_an_id_given_twice_is_an_error_where_both_wrote_an_answer_too(survey_study):
    (said,) = problems(survey_study(GOOD.replace("b,F02,manager,1,8,9,,", "a,F02,manager,1,8,9,,Well")))

    assert said == ":3: column 'id', value 'a': the id is taken by line 2 — give each respondent its own id"


def test_a_file_in_a_stated_encoding_is_read_and_a_guess_is_said_aloud(survey_study):
    rows = (
        GOOD.replace("Fine", "食堂换了人，饭热了，因为上次问卷大家都写了。")
        + "d,F01,worker,1,1,1,1,工资条看得懂了，加班也写清楚了。\n"
    )
    stated = SURVEY.replace("round: R1}", "round: R1, encoding: gb18030}")

    (wave,) = bwa.load_study(survey_study(rows.encode("gb18030"), yaml=stated)).surveys
    assert wave.texts["o"].tolist()[0] == "食堂换了人，饭热了，因为上次问卷大家都写了。"
    (said,) = problems(survey_study(rows.encode("gb18030")))
    assert "warning: read as gb18030, a guess" in said
    assert "state it as 'encoding: gb18030' of its wave in survey.yaml" in said


def test_a_study_that_only_has_a_survey_needs_no_manifest(survey_study):
    folder = survey_study(GOOD, more={"study.yaml": STUDY + 'interviews: ""\n'})
    for name in ("interviews.csv", "w1.txt"):
        (folder / "raw" / name).unlink()
    study = bwa.load_study(folder)

    assert (len(study.corpus), [len(wave) for wave in study.surveys]) == (0, [3])
    assert [t.text for t in study.answers.corpus] == ["What changed?\nFine\n"]
    assert set(bwa.sample_table(study).gaps["kind"]) == {"not surveyed"}
    glance = look_at(folder)
    assert glance.lines[:2] == ("There are no interviews.", "What is missing:")
    assert glance.summary.endswith("0 interviews, 0 codings, 3 respondents of a survey; no problem")


@pytest.mark.parametrize("stated", ["", 'codebook: ""\n'])
def test_a_study_that_is_a_survey_alone_needs_no_codebook(survey_study, stated):
    folder = survey_study(GOOD, more={"study.yaml": STUDY + 'interviews: ""\n' + stated})
    (folder / "codebook.yaml").unlink()
    study, found = examine_study(folder)

    assert found == []
    assert (len(study.codebook), sum(map(len, study.surveys))) == (0, 3)
    assert bwa.survey_items(study, by=("round",)).frame["answered"].sum() > 0
    with pytest.raises(NoCodebook, match=r"study 'small' has no codebook, so there are no codes to give or to count"):
        bwa.matrix(study)


def test_a_codebook_that_is_named_must_be_there(survey_study):
    folder = survey_study(GOOD, more={"study.yaml": STUDY + 'interviews: ""\ncodebook: book.yaml\n'})
    assert [p.what for p in examine_study(folder)[1]] == ["there is no such file"]


def test_interviews_need_a_codebook(survey_study):
    folder = survey_study(GOOD, more={"study.yaml": STUDY + 'codebook: ""\n'})
    assert [str(p).split(":", 1)[1] for p in examine_study(folder)[1]] == [
        "7:1: interviews, but no codebook — name it; only a study that is a survey alone does without"
    ]


def test_a_number_is_not_taken_for_the_scale_s_don_t_know(survey_study):
    (wave,) = bwa.load_study(survey_study(GOOD.replace("1.5,1,4,10", "1.5,1,4,8"))).surveys

    assert (wave.states["num"][0], wave.values["num"][0]) == ("answered", 8.0)


def test_what_a_named_scale_says_holds_for_numbers_and_words_of_the_usual_scale_do(survey_study):
    yaml = SURVEY.replace("kind: number", "kind: number, scale: visits").replace(
        "items:", "scales: {visits: {dont_know: 10}}\nitems:"
    )
    (named,) = bwa.load_study(survey_study(GOOD, yaml=yaml)).surveys
    assert named.states["num"][0] == "don't know"
    words = SURVEY.replace("refused: 9", "refused: [9, no]".replace("no", '"no"'))
    (usual,) = bwa.load_study(survey_study(GOOD.replace("1.5,1,4,10", "1.5,1,4,no"), yaml=words)).surveys
    assert usual.states["num"][0] == "refused"


def spss(path, **missing):
    frame = pd.DataFrame({"group": ["worker"] * 4, "q1": [1.0, 2.0, 8.0, 9.0], "age": [30.0, 40.0, 99.0, 50.0]})
    labels = {"q1": {1.0: "No", 2.0: "Yes", 8.0: "Unsure", 9.0: "Refused"}}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, missing_ranges=missing)
    return path.read_bytes()


OF_SPSS = "keys: {group: group}\nwaves: [{file: s.sav, round: R1}]\n"


def test_values_that_spss_declares_as_missing_are_asked_about_and_not_averaged(survey_study, tmp_path):
    data = spss(tmp_path / "s.sav", q1=[{"lo": 8, "hi": 9}], age=[99])
    yaml = OF_SPSS + "items: [{id: q1}, {id: age, kind: number}]\n"
    say = "say in survey.yaml what it is: under dont_know, refused or missing of the item's scale"
    folder = survey_study("", yaml=yaml, more={"raw/s.sav": data})
    assert [str(p).split("raw/")[-1] for p in bwa.check_study(folder)] == [
        f"s.sav: column 'q1' of item 'q1': the file declares 8 ('Unsure'), 9 ('Refused') as missing — {say}",
        f"s.sav: column 'age' of item 'age': the file declares 99 as missing — {say}",
    ]


def test_declared_values_that_are_said_to_be_something_are_that(survey_study, tmp_path):
    data = spss(tmp_path / "s.sav", q1=[{"lo": 8, "hi": 9}], age=[99])
    items = "items: [{id: q1}, {id: age, kind: number, scale: years}]\n"
    yaml = OF_SPSS + "scale: {dont_know: 8, refused: 9}\nscales: {years: {missing: 99}}\n" + items
    (wave,) = bwa.load_study(survey_study("", yaml=yaml, more={"raw/s.sav": data})).surveys
    assert wave.states["q1"].tolist() == ["answered", "answered", "don't know", "refused"]
    assert [level.value for level in wave["q1"].levels] == ["1", "2"]
    assert wave.states["age"].tolist() == ["answered", "answered", "missing", "answered"]


def test_a_label_that_says_don_t_know_is_no_level_whether_declared_or_not(survey_study, tmp_path):
    folder = survey_study("", yaml=OF_SPSS + "items: [{id: q1}]\n", more={"raw/s.sav": spss(tmp_path / "s.sav")})
    (said,) = bwa.check_study(folder)
    assert "column 'q1' of item 'q1': 9 ('Refused') would be averaged with the other answers" in said.what


TWO = """\
keys: {respondent: id, group: group}
waves: [{file: a.csv, round: R1}, {file: b.csv, round: R2}]
scale: {levels: [1, 2, 3]}
items: [{id: q1, column: Q01, columns: {R2: Q07}}, {id: q2, rounds: [R2]}]
"""
FIRST = "id,group,Q01\na,worker,1\n"


def test_a_question_that_only_one_round_asks_needs_no_column_in_the_other(survey_study):
    more = {"raw/a.csv": FIRST, "raw/b.csv": "id,group,Q07,q2\na,worker,2,3\n"}
    study = bwa.load_study(survey_study("", yaml=TWO, more=more))
    assert [[item.id for item in wave.items] for wave in study.surveys] == [["q1"], ["q1", "q2"]]
    found = bwa.survey_items(study, by=("round",)).frame.set_index(["item", "round"])
    assert found["asked"].to_dict() == {("q1", "R1"): 1, ("q1", "R2"): 1, ("q2", "R1"): 0, ("q2", "R2"): 1}
    assert found["mean"][("q1", "R2")] == 2.0  # under its other header


def test_a_question_that_is_asked_must_have_its_column(survey_study):
    more = {"raw/a.csv": FIRST, "raw/b.csv": "id,group,Q07\na,worker,2\n"}
    (said,) = problems(survey_study("", yaml=TWO, more=more))
    assert said.split("raw/")[-1] == (
        "b.csv:1: column 'q2' for item 'q2' is missing — correct its name in survey.yaml "
        "(or give its number, such as '#2'); there are id, group, Q07"
    )


def test_rounds_that_are_none_are_named_wherever_they_stand(survey_study):
    yaml = SURVEY.replace("{id: q2,", "{id: q2, reworded: {R9: Why}, columns: {R8: b},")
    assert [p.what for p in bwa.check_study(survey_study(GOOD, yaml=yaml))] == [
        "'R9' is no round of this study", "'R8' is no round of this study"
    ]  # fmt: skip


QUALTRICS = """\
id,Status,group,q1
Id,Response Type,Who,They ask us
"{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}","{""ImportId"":""d""}"
a,IP Address,worker,1
b,Survey Preview,worker,2
"""


def test_previews_and_tests_among_the_answers_of_qualtrics_are_told(survey_study):
    yaml = "\n".join(SURVEY.split("\n")[1:4])
    yaml = "keys: {respondent: id, group: group}\n" + yaml + "\n  - {id: q1}\n"
    (said,) = problems(survey_study(QUALTRICS, yaml=yaml))
    assert said == (
        ":5: warning: column 'Status': 1 rows are previews, tests or spam ('Survey Preview') — take them out of the "
        "file, or name a column that is filled for them as 'withdrawn' under 'keys'"
    )


def test_sheets_that_are_not_read_are_told_unless_one_is_named(survey_study):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name in ("Answers", "repeats"):
            sheet = book.add_worksheet(name)
            for n, row in enumerate(csv.reader(GOOD.splitlines())):
                sheet.write_row(n, 0, row)
    yaml = SURVEY.replace("survey.csv", "survey.xlsx")
    more = {"raw/survey.xlsx": out.getvalue()}
    (said,) = bwa.check_study(survey_study("", yaml=yaml, more=more))
    assert (said.severity, said.what) == ("note", "other sheets are not read: 'repeats'")
    named = yaml.replace("survey.xlsx,", "survey.xlsx, sheet: Answers,")
    assert bwa.check_study(survey_study("", yaml=named, more=more)) == ()


def test_a_level_called_don_t_know_that_survey_yaml_itself_lists_is_a_warning(survey_study):
    yaml = SURVEY.replace("[1, 2, 3, 4], dont_know: 8", '[1, 2, 3, {value: 4, label: "Don\'t know"}], dont_know: 8')
    said = bwa.check_study(survey_study(GOOD, yaml=yaml))
    assert [(p.severity, p.what) for p in said] == [
        ("warning", f"column '{id}' of item '{id}': 4 ('Don't know') would be averaged with the other answers")
        for id in ("q1", "q2")
    ]


OTHER_KEYS = """\
keys: {respondent: id, site: site, group: group, weight: w}
waves:
  - {file: a.csv, round: R1}
  - {file: b.csv, round: R2, group: worker, keys: {respondent: ResponseId, site: "", group: "", weight: ""}}
scale: {levels: [1, 2, 3]}
items: [{id: q1}]
"""


def test_a_file_may_call_its_keys_otherwise_or_have_none(survey_study):
    more = {"raw/a.csv": "id,site,group,w,q1\na,F01,worker,2,1\n", "raw/b.csv": "ResponseId,q1\na,3\n"}
    first, second = bwa.load_study(survey_study("", yaml=OTHER_KEYS, more=more)).surveys
    assert (first.weighted, second.weighted) == (True, False)
    keys = ["respondent", "site", "group", "weight"]
    assert second.respondents[keys].to_dict("records") == [
        {"respondent": "a", "site": "", "group": "worker", "weight": 1.0}
    ]


def test_keys_of_a_file_are_checked_too(survey_study):
    yaml = OTHER_KEYS.replace("{respondent: ResponseId,", "{respondnet: x, interview: i,").replace(
        ", group: worker", ""
    )
    assert [p.what for p in bwa.check_study(survey_study("", yaml=yaml))] == [
        "nothing says the group",
        "'interview' links answers to a person's interview, and nothing says who agreed to that",
        "'respondnet' is no key, did you mean 'respondent'?",
    ]
