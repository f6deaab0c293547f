from __future__ import annotations

from pathlib import Path

import pytest

from bwa_study.load.study_file import StudyFile, load_study_file
from bwa_study.model.errors import StudyFileError
from bwa_study.model.reliability_rules import ReliabilityRules

GOOD = """\
id: s
title: {en: Study, zh: 研究}
groups: [{id: worker, label: {zh: 工人}}, {id: manager}]
rounds:
  - {id: R2, start: 2020-09-01, end: 2020-10-31}
  - {id: R10, start: 2021-09-01}
"""


@pytest.fixture
def load(tmp_path: Path):
    def write(text: str | bytes) -> StudyFile:
        (tmp_path / "study.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
        return load_study_file(tmp_path)

    return write


@pytest.fixture
def problems(load, tmp_path: Path):
    def found(text: str | bytes) -> list[str]:
        with pytest.raises(StudyFileError) as caught:
            load(text)
        return [str(p).removeprefix(f"{tmp_path / 'study.yaml'}:") for p in caught.value.problems]

    return found


def test_groups_and_rounds_keep_the_order_of_the_file(load):
    study = load(GOOD)
    assert [g.id for g in study.groups] == ["worker", "manager"]
    assert [r.id for r in study.rounds] == ["R2", "R10"]
    assert (study.rounds[0].start, study.rounds[1].end) == ("2020-09-01", "")


def test_a_label_is_the_id_where_none_is_given(load):
    study = load(GOOD)
    assert [g.label.text("zh") for g in study.groups] == ["工人", "manager"]
    assert study.title.text("zh") == "研究"


def test_fields_that_are_left_out_have_their_defaults(load):
    form = load(GOOD).form
    assert (form.codebook, form.interviews, form.sites) == ("codebook.yaml", "raw/interviews.csv", "")
    assert (form.codings, form.main_coder, form.language, form.synthetic) == ("codings", "indicators", "en", False)


def test_the_file_itself_may_be_named(load, tmp_path):
    load(GOOD)
    study = load_study_file(tmp_path / "study.yaml")
    assert study.folder == tmp_path
    assert len(study.source.digest) == 64


def test_a_folder_without_study_says_how_to_get_one(tmp_path):
    with pytest.raises(StudyFileError) as caught:
        load_study_file(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: there is no 'study.yaml' here — "
        "give the folder of a study, or make a demo study with 'bwa-study demo DIR'"
    )


def test_faults_of_the_form_have_their_places(problems):
    found = problems("id: 3\ntitel: x\ngroups: worker\nrounds: [{id: R1, from: 2020-01-01}]\n")
    assert [p.split(" — ")[0] for p in found] == [
        "1:5: field 'id', value '3': text is expected",
        "1:1: field 'title' is missing",
        "3:9: field 'groups', value 'worker': a list is expected",
        "4:19: unknown field 'from'",
        "2:1: unknown field 'titel', did you mean 'title'?",
    ]


def test_ids_given_twice_are_refused(problems):
    assert problems(GOOD.replace("manager", "worker")) == [
        "3:46: id 'worker' is given twice in groups — give each its own id"
    ]


@pytest.mark.parametrize(
    ("id", "named"), [("R 2", "U+0020 SPACE"), ('"R2\\u200b"', "U+200B ZERO WIDTH SPACE"), ("第二轮", "U+7B2C")]
)
def test_ids_with_invisible_or_other_characters_are_refused(problems, id, named):
    (problem,) = problems(GOOD.replace("id: R2", f"id: {id}"))
    assert problem.startswith(f"5:10: id has invisible, non-ASCII or other characters that are not allowed: {named}")


def test_an_empty_id_is_refused(problems):
    assert problems(GOOD.replace("id: R2", "id: ''"))[0].startswith("5:6: id is empty")


def test_a_study_needs_groups_and_rounds(problems):
    assert problems("id: s\ntitle: t\ngroups: []\nrounds: []\n") == [
        "3:9: 'groups' is empty — declare the groups, in the order tables shall have",
        "4:9: 'rounds' is empty — declare the rounds, in the order tables shall have",
    ]


@pytest.mark.parametrize("day", ["2020-13-45", "01/09/2020", "2021-02-29", "2020"])
def test_a_day_that_is_no_date_is_refused(problems, day):
    found = problems(GOOD.replace("2020-09-01", f'"{day}"'))
    assert found[0] == f"5:21: '{day}' is not a date — write it as YYYY-MM-DD, such as 2020-09-14"


def test_a_round_that_ends_before_it_starts_is_refused(problems):
    assert problems(GOOD.replace("2020-10-31", "2020-08-01")) == [
        "5:38: round 'R2' ends (2020-08-01) before it starts (2020-09-01) — swap the two"
    ]


def test_rounds_out_of_time_order_are_refused(problems):
    assert problems(GOOD.replace("2021-09-01", "2019-09-01")) == [
        "6:22: round 'R10' starts before the round above it — list the rounds in time order"
    ]


def test_several_faults_of_days_and_ids_come_at_once(problems):
    text = GOOD.replace("manager", "worker").replace("2020-10-31", "2020-08-01").replace("2021-09-01", "soon")
    assert [p.split(":")[0] for p in problems(text)] == ["3", "5", "6"]


def test_a_surprise_of_yaml_is_reported_beside_the_other_faults(problems):
    found = problems(GOOD.replace("id: manager", "id: off").replace("2020-10-31", "2020-08-01"))
    assert [p.split(":")[0] for p in found] == ["3", "5"]


def test_a_file_in_another_encoding_or_cut_short_is_refused(problems):
    assert problems(GOOD.encode("gb18030"))[0].startswith("2: not valid UTF-8 at byte 29 (0xD1)")
    assert problems("id: [")[0].startswith("1:6: not YAML")
    assert problems("")[0].startswith("1:1: the study file is empty")


def test_the_rules_of_reliability_are_read(load):
    stated = load(GOOD + "reliability: {rule: koo_li2016, coders: [b, a], unit: interview, interval: bootstrap}\n")
    assert stated.reliability == ReliabilityRules("koo_li2016", ("b", "a"), "interview", "bootstrap")
    assert load(GOOD).reliability == ReliabilityRules("krippendorff2004", (), "turn", "jackknife")


def test_wrong_rules_of_reliability_are_all_named_with_their_place(problems):
    rules = "krippendorff2004, landis_koch1977, fleiss1981, cicchetti1994, koo_li2016"
    bad = "reliability:\n  rule: krippendorf2004\n  unit: turns\n  interval: jacknife\n  coders: [a]\n"
    assert problems(GOOD + bad) == [
        f"8:9: reliability: unknown rule 'krippendorf2004', did you mean 'krippendorff2004'? — use one of {rules}",
        "9:9: reliability: unknown unit 'turns', did you mean 'turn'? — use one of interview, turn",
        "10:13: reliability: unknown interval 'jacknife', did you mean 'jackknife'? — use one of jackknife, bootstrap",
        "11:11: reliability: one coder is named, agreement needs two — name another",
    ]
    assert problems(GOOD + "reliability: {rules: x}\n") == [
        "7:15: unknown field 'rules', did you mean 'rule'? — known here: rule, coders, unit, interval"
    ]


def test_a_study_of_nothing_is_refused(problems):
    assert problems(GOOD + 'interviews: ""\n') == [
        "7:1: neither interviews nor a survey — name the manifest of interviews, or 'surveys'"
    ]
