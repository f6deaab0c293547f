from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bwa_study.cli import main
from bwa_study.coding.log.log import open_log
from bwa_study.load.check import check_path
from bwa_study.load.study import load_study
from bwa_study.model.errors import ProjectError
from bwa_study.present.new_study import FolderTaken
from bwa_study.present.project_study import init_from_project
from refi_projects import TALK, coding, guid, project, qdpx, selection, text_source

STANDARD = Path(__file__).parents[1] / "data/refi_qda/standard_project.qdpx"
FIRST = TALK.index("他们"), TALK.index(", they")
LAST = TALK.index("Nobody"), TALK.index(" us.")
SOURCE = text_source(
    20,
    selection(30, *FIRST, coding(40, 11), coding(41, 11, user=2, created="2020-05-01T00:00:00Z")),
    selection(31, *LAST, coding(42, 12)),
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(folder: Path) -> None:
    """What a person has to fill in before the study loads."""
    path = folder / "raw/interviews.csv"
    filled = [
        {**row, "consent": "oral", "group": row["group"] or "worker", "round": row["round"] or "R1"}
        for row in rows(path)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(filled[0]))
        writer.writeheader()
        writer.writerows(filled)


def made_of(tmp_path: Path, *sources: str, **more: str) -> Path:
    return qdpx(tmp_path / "p.qdpx", project(*(sources or (SOURCE,)), **more))


def test_what_was_coded_there_is_coded_here(tmp_path):
    init_from_project(tmp_path / "s", made_of(tmp_path))
    fill(tmp_path / "s")

    study = load_study(tmp_path / "s")

    table = study.codings.frame[["transcript", "quote", "code", "polarity", "coder", "date", "id"]]
    assert table.to_numpy().tolist() == [
        ["R1-worker-1", "他们每个月都来 😀", "follow_up", "present", "c1", "2020-03-04", guid(40)],
        ["R1-worker-1", "Nobody asks", "follow_up", "absent", "c1", "2020-03-04", guid(42)],
        ["R1-worker-1", "他们每个月都来 😀", "follow_up", "present", "c2", "2020-05-01", guid(41)],
    ]
    assert study.corpus["R1-worker-1"].text == TALK
    assert [theme.id for theme in study.codebook.themes] == ["oversight", "other"]


def test_the_log_has_the_time_of_the_coding(tmp_path):
    init_from_project(tmp_path / "s", made_of(tmp_path))
    with open_log(tmp_path / "s") as log:
        assert [(e.sequence, e.time) for e in log.events()] == [
            (1, "2020-03-04T05:06:07.000Z"), (2, "2020-03-04T05:06:07.000Z"), (3, "2020-05-01T00:00:00.000Z"),
        ]  # fmt: skip


def test_names_of_users_stay_out_of_the_study(tmp_path):
    init_from_project(tmp_path / "s", made_of(tmp_path))
    held = b"".join(path.read_bytes() for path in (tmp_path / "s").rglob("*") if path.is_file())
    assert b"Person" not in held
    assert [(row["guid"], row["id"]) for row in rows(tmp_path / "s/refi_qda.csv") if row["kind"] == "user"] == [
        (guid(1), "c1"), (guid(2), "c2"),
    ]  # fmt: skip


def test_names_of_users_come_over_where_that_is_asked(tmp_path):
    init_from_project(tmp_path / "s", made_of(tmp_path), coder_names=True)
    with open_log(tmp_path / "s") as log:
        assert {e.coder for e in log.events()} == {"First Person", "Second Person"}


def test_a_coding_that_names_nobody_is_the_only_users_or_unknown(tmp_path):
    source = text_source(20, selection(30, *FIRST, coding(40, 11, user=0)))
    alone = f'<Users><User guid="{guid(1)}" name="A"/></Users>'
    for name, users, coder in (
        ("one", alone, "c1"),
        ("two", alone.replace("</Users>", f'<User guid="{guid(2)}"/></Users>'), "unknown"),
    ):
        (tmp_path / name).mkdir()
        init_from_project(tmp_path / name / "s", made_of(tmp_path / name, source, users=users))
        with open_log(tmp_path / name / "s") as log:
            assert [e.coder for e in log.events()] == [coder]


def test_variables_and_cases_become_columns_and_participants(tmp_path):
    variables = "".join(
        f'<Variable guid="{guid(n)}" name="{name}" typeOfVariable="Text"/>'
        for n, name in ((60, "Line"), (61, "Gender"))
    )
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{guid(n)}"/><TextValue>{value}</TextValue></VariableValue>'
        for n, value in ((60, "sewing"), (61, "female"))
    )
    refs = "".join(f'<SourceRef targetGUID="{guid(n)}"/>' for n in (20, 21))
    case = f'<Case guid="{guid(62)}" name="Somebody">{values}{refs}</Case>'
    before = f"<Variables>{variables}</Variables><Cases>{case}</Cases>"
    description = project(text_source(20), text_source(21, name="b.txt"), text_source(22, name="c.txt"), before=before)
    init_from_project(tmp_path / "s", qdpx(tmp_path / "p.qdpx", description, dict.fromkeys((20, 21, 22), TALK)))

    found = rows(tmp_path / "s/raw/interviews.csv")
    assert [(row["participant_id"], row["Line"], row["qda_Gender"], row["gender"]) for row in found] == [
        ("P1", "sewing", "female", ""), ("P1", "sewing", "female", ""), ("P-c", "", "", ""),
    ]  # fmt: skip
    assert b"Somebody" not in (tmp_path / "s/raw/interviews.csv").read_bytes()


def test_a_file_that_says_it_is_ours_fills_in_no_consent(tmp_path):
    names = ("consent", "group", "transcript_file")
    variables = "".join(
        f'<Variable guid="{guid(n)}" name="{name}" typeOfVariable="Text"/>' for n, name in enumerate(names, start=60)
    )
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{guid(n)}"/><TextValue>manager</TextValue></VariableValue>'
        for n in (60, 61, 62)
    )
    path = made_of(
        tmp_path, text_source(20, values), before=f"<Variables>{variables}</Variables>", origin="bwa_study 9"
    )
    init_from_project(tmp_path / "s", path)
    (row,) = rows(tmp_path / "s/raw/interviews.csv")
    assert (row["consent"], row["group"], row["transcript_file"]) == ("", "manager", "interviews/R1-worker-1.txt")


def test_groups_and_rounds_of_another_kind_are_declared_as_they_are(tmp_path):
    names = ("group", "round")
    variables = "".join(
        f'<Variable guid="{guid(n)}" name="{name}" typeOfVariable="Text"/>' for n, name in enumerate(names, start=60)
    )
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{guid(n)}"/><TextValue>{value}</TextValue></VariableValue>'
        for n, value in ((60, "teacher"), (61, "2020"))
    )
    path = made_of(
        tmp_path, text_source(20, values), before=f"<Variables>{variables}</Variables>", origin="bwa_study 1"
    )
    init_from_project(tmp_path / "s", path)
    fill(tmp_path / "s")
    study = load_study(tmp_path / "s")
    assert ([one.id for one in study.groups], [one.id for one in study.rounds]) == (["teacher"], ["2020"])


def test_long_names_make_short_ids(tmp_path):
    users = f'<Users><User guid="{guid(1)}" name="{"u" * 400}"/></Users>'
    source = text_source(20, selection(30, *FIRST, coding(40, 11)), name="9" * 400 + ".docx")
    codes = f'<CodeBook><Codes><Code guid="{guid(11)}" name="{"Trust " * 99}" isCodable="true"/></Codes></CodeBook>'
    init_from_project(tmp_path / "s", made_of(tmp_path, source, users=users, codes=codes), coder_names=True)
    with open_log(tmp_path / "s") as log:
        assert [(len(e.transcript), len(e.coder), len(e.code)) for e in log.events()] == [(80, 80, 80)]


def test_no_user_takes_the_name_of_a_machine_or_of_what_was_decided(tmp_path):
    users = f'<Users><User guid="{guid(1)}" name="indicators"/><User guid="{guid(2)}" name="adjudicated"/></Users>'
    for origin, coders in (
        ("NVivo", ["indicators_2", "adjudicated_2"]),
        ("bwa_study", ["indicators_2", "adjudicated"]),
    ):
        (tmp_path / origin).mkdir()
        path = made_of(tmp_path / origin, users=users, origin=origin)
        init_from_project(tmp_path / origin / "s", path, coder_names=True)
        with open_log(tmp_path / origin / "s") as log:
            assert [e.coder for e in log.events()] == [coders[0], coders[0], coders[1]]
            assert [e.status for e in log.events()][2] == ("accepted" if origin == "NVivo" else "adjudicated")


def test_the_report_counts_what_came_over_and_what_did_not(tmp_path):
    source = text_source(20, selection(30, *FIRST, coding(40, 11)), selection(31, 0, 999, coding(41, 11)))
    after = f'<Sets><Set guid="{guid(70)}" name="x"/></Sets>'
    made = init_from_project(tmp_path / "s", made_of(tmp_path, source, after=after, origin="NVivo 15"))

    assert made.lines == (
        f"{tmp_path / 's'}: a study folder was written from the project 'Talks' of NVivo 15",
        "the project has 2 users, 4 codes, sources: 1 text",
        "came over: 4 codes, 1 transcripts, 1 codings by c1",
        (
            "did not come over: 1 selections that stand nowhere in their text; "
            "1 codings of selections that stand nowhere in their text; 1 sets; 1 colours of codes"
        ),
        "1 codes whose names end in '(absent)' are polarity absent of their code",
    )
    assert [problem.what.split(":")[0] for problem in made.left] == [f"selection {guid(31)}"]
    assert any(line.startswith("codings/examined.csv: what each coder has read") for line in made.to_fill)


def test_the_standard_project_gives_its_codebook_and_says_which_texts_are_missing(tmp_path):
    made = init_from_project(tmp_path / "s", STANDARD)

    assert made.lines[2] == "came over: 14 codes, 0 transcripts, 0 codings"
    assert made.lines[3].endswith("9 codings in texts that are missing")
    assert len([p for p in made.left if "is not in the file" in p.what]) == 8
    assert (
        "Simon.docx'): its text 'C1C745F7-8E4D-48B2-9710-655AFE7E54FA.txt' is not in the file, with 3 codings"
        in str(made.left)
    )
    book = check_path(tmp_path / "s/codebook.yaml")
    assert book.problems == ()


def test_the_check_of_a_new_study_gives_only_what_is_left_to_fill(tmp_path):
    init_from_project(tmp_path / "s", made_of(tmp_path))
    found = {p.what for p in check_path(tmp_path / "s").problems if p.severity == "error"}
    assert found == {"column 'consent', value '': nothing is filled in"}


def test_a_bad_project_writes_nothing(tmp_path):
    with pytest.raises(ProjectError):
        init_from_project(tmp_path / "s", made_of(tmp_path, text_source(1)))
    assert not (tmp_path / "s").exists()


def test_a_study_that_is_there_is_not_written_over(tmp_path):
    init_from_project(tmp_path / "s", made_of(tmp_path))
    with pytest.raises(FolderTaken, match="bwa-study log import"):
        init_from_project(tmp_path / "s", tmp_path / "p.qdpx")
    (tmp_path / "t").mkdir()
    (tmp_path / "t/codebook.yaml").write_text("mine")
    with pytest.raises(FolderTaken, match="codebook.yaml: this file is there already"):
        init_from_project(tmp_path / "t", tmp_path / "p.qdpx")


def test_init_takes_a_project_on_the_command_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["init", str(tmp_path / "s"), "--from", str(made_of(tmp_path))])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert "came over: 4 codes, 1 transcripts, 3 codings by c1, c2" in said
    assert "did not come over: 1 colours of codes\n" in said


def test_two_texts_of_one_interview_stay_two_interviews_with_their_codings(tmp_path):
    place = slice(*LAST)
    other = text_source(21, selection(33, *LAST, coding(43, 12)), name="R1 worker 1 translation.docx")
    path = qdpx(tmp_path / "p.qdpx", project(SOURCE, other), {20: TALK, 21: TALK})
    init_from_project(tmp_path / "s", path)
    fill(tmp_path / "s")

    found = load_study(tmp_path / "s").codings.frame
    assert found.loc[found["id"] == guid(43), ["transcript", "quote"]].to_numpy().tolist() == [
        ["R1-worker-1-translation", TALK[place]]
    ]
