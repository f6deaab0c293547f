from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter

from bwa_study.load.check import check_path
from bwa_study.load.file_clues import clues_of_name
from bwa_study.load.study import load_study
from bwa_study.load.study_file import load_study_file
from bwa_study.model.errors import ProblemsFound
from bwa_study.present.new_study import FolderTaken, init_study

BAD = Path(__file__).parents[1] / "badinputs"
TALKS = """\
transcript_id,text
w1,"**Number:** one?
Ash: How?
Elm: Fine.
Ash: Why?
Elm: So."
w2,"Ash: And?
Elm: No.
Ash: Oh?
Elm: Yes."
"""
CHINESE = """\
日期：2021-09-14
组别：工人
工厂：F3
访谈员：最近怎么样？
受访者：还好，客户每个月都来。
"""
FILES = {
    "R1 F03 manager P7.txt": "I: How?\nR1: Fine.\n",
    "endline/访谈 3.txt": CHINESE,
    "talks.csv": TALKS,
    "survey_R1.csv": "respondent_id,round,op1,op2\n1,R1,4,2\n2,R1,5,2\n3,R1,4,1\n",
    "prices.csv": "a,b\nx,y\n",
    "photo.jpg": "x",
    ".hidden.txt": "I: no\nR1: no\n",
}


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    folder = tmp_path / "pile"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_names_and_first_lines_fill_the_manifest_and_consent_is_left_open(tmp_path, pile):
    made = init_study(tmp_path / "study", pile=pile)

    found = {row["transcript_file"]: row for row in rows(tmp_path / "study/raw/interviews.csv")}
    first, second = found["R1 F03 manager P7.txt"], found["endline/访谈 3.txt"]
    fields = ("interview_id", "round", "group", "factory_ids", "participant_id", "language", "date", "consent")
    assert [first[f] for f in fields] == ["R1-F03-manager-P7", "R1", "manager", "F03", "P7", "en", "", ""]
    assert [second[f] for f in fields] == ["3", "R3", "worker", "F03", "P-3", "zh", "2021-09-14", ""]
    assert list(found) == [*list(found)[:2], "talks.csv#w1", "talks.csv#w2"]
    assert made.lines[0].endswith("found 4 transcripts, 1 tables of a survey, 2 other files")
    assert [str(p) for p in made.left] == [
        "photo.jpg: '.jpg' files are not read — save it as one of the kinds that are",
        (
            "prices.csv: a table that is neither interviews nor answers to a survey — interviews have columns speaker "
            "and text, or transcript_id and text"
        ),
    ]


def test_the_check_of_a_new_study_gives_only_what_is_left_to_fill(tmp_path, pile):
    made = init_study(tmp_path / "study", pile=pile)

    problems = [p for p in check_path(made.folder).problems if p.severity == "error"]
    assert problems
    assert all("nothing is filled in" in p.what or "without a factory" in p.what for p in problems)
    assert any("consent of all 4 interviews" in line for line in made.to_fill)


def test_once_it_is_filled_the_study_loads(tmp_path, pile):
    made = init_study(tmp_path / "study", pile=pile)
    path = made.folder / "raw/interviews.csv"
    filled = [
        {**row, "consent": "oral", "round": row["round"] or "R1", "group": row["group"] or "worker",
         "factory_ids": row["factory_ids"] or "F03"}
        for row in rows(path)
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(filled[0]))
        writer.writeheader()
        writer.writerows(filled)

    study = check_path(made.folder).study

    assert study is not None
    assert {one.id: len(one.respondent_turns) for one in study.corpus} == {
        "R1-F03-manager-P7": 1, "3": 1, "w1": 2, "w2": 2,
    }  # fmt: skip


def test_who_asks_is_proposed_as_the_interviewer(tmp_path, pile):
    init_study(tmp_path / "study", pile=pile)
    text = (tmp_path / "study/study.yaml").read_text(encoding="utf-8")
    assert '  interviewer: ["Ash"]\n  respondent: ["Elm"]\n' in text


def test_files_of_the_folder_itself_stay_in_their_place(tmp_path, pile):
    before = {path: path.read_bytes() for path in pile.rglob("*") if path.is_file()}

    init_study(pile)

    assert {path: path.read_bytes() for path in before} == before
    assert rows(pile / "interviews.csv")[0]["transcript_file"] == "R1 F03 manager P7.txt"
    assert "interviews: interviews.csv\n" in (pile / "study.yaml").read_text(encoding="utf-8")


def test_an_empty_study_has_a_manifest_with_its_columns_only(tmp_path):
    init_study(tmp_path / "new")
    assert (tmp_path / "new/raw/interviews.csv").read_text(encoding="utf-8").startswith("interview_id,round,date,group")
    assert rows(tmp_path / "new/raw/interviews.csv") == []


def test_nothing_is_ever_written_over(tmp_path, pile):
    init_study(tmp_path / "study", pile=pile)
    with pytest.raises(FolderTaken, match="there is a 'study.yaml' already"):
        init_study(tmp_path / "study", pile=pile)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "codebook.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderTaken, match=r"codebook\.yaml: this file is there already"):
        init_study(tmp_path / "other", pile=pile)
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["codebook.yaml"]


def test_a_pile_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ProblemsFound, match="there is no such folder"):
        init_study(tmp_path / "study", pile=tmp_path / "nowhere")


def test_a_survey_gets_a_draft_that_waits_to_be_switched_on(tmp_path, pile):
    init_study(tmp_path / "study", pile=pile)
    draft = (tmp_path / "study/raw/survey.yaml").read_text(encoding="utf-8")
    assert "respondent: respondent_id" in draft
    assert "{file: survey_R1.csv, group: FILL_IN}" in draft
    assert "# surveys: raw/survey.yaml " in (tmp_path / "study/study.yaml").read_text(encoding="utf-8")


def test_a_pile_of_answers_only_becomes_a_study_without_interviews(tmp_path):
    (tmp_path / "pile").mkdir()
    (tmp_path / "pile" / "survey_R1.csv").write_text(FILES["survey_R1.csv"], encoding="utf-8")
    made = init_study(tmp_path / "s", pile=tmp_path / "pile")
    text = (tmp_path / "s" / "study.yaml").read_text(encoding="utf-8")
    assert 'interviews: ""     # only a survey\nsurveys: raw/survey.yaml\n' in text
    assert not (tmp_path / "s" / "raw" / "interviews.csv").exists()
    assert made.to_fill[-1] == "raw/survey.yaml: a draft made of survey_R1.csv"
    assert {Path(p.file).name for p in check_path(tmp_path / "s").problems} == {"survey.yaml"}


def test_a_messy_pile_says_of_each_file_why_it_is_not_taken(tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    (pile / "todo.txt").write_text("buy milk", encoding="utf-8")
    (pile / "R1-F01-W-01.txt").write_text("I: How?\nR1: Fine.\n", encoding="utf-8")
    (pile / "far.xlsx").write_bytes((BAD / "xlsx/far_cell.xlsx").read_bytes())
    (pile / "link.txt").symlink_to("/etc/hostname")
    made = init_study(tmp_path / "s", pile=pile)
    assert [str(problem).split(" — ")[0] for problem in made.left] == [
        "link.txt: a link, which is not followed",
        (
            "far.xlsx[s]:1048576: the cell in column XFD, row 1,048,576, value '1', "
            "makes the sheet 1,048,576 rows by 16,384 columns"
        ),
    ]
    assert "raw/interviews.csv: nobody is named as a speaker in todo.txt" in "\n".join(made.to_fill)
    assert not (tmp_path / "s/raw/link.txt").exists()


def test_a_translation_beside_its_interview_is_no_interview_of_its_own(tmp_path):
    pile = tmp_path / "pile"
    (pile / "zh").mkdir(parents=True)
    (pile / "en").mkdir()
    (pile / "zh" / "R2_F03_W_04.txt").write_text("访谈员：怎么样？\n受访者：还好。\n", encoding="utf-8")
    (pile / "en" / "R2 F03 W 04 (translation).txt").write_text("I: How?\nR1: Fine.\n", encoding="utf-8")
    (pile / "R2_F04_W_01_en.txt").write_text("I: How?\nR1: Fine.\n", encoding="utf-8")
    made = init_study(tmp_path / "s", pile=pile)
    rows = list(csv.DictReader((tmp_path / "s/raw/interviews.csv").read_text(encoding="utf-8").splitlines()))
    assert [(r["transcript_file"], r["translation"], r["source_lang_file"]) for r in rows] == [
        ("R2_F04_W_01_en.txt", "", ""),
        ("zh/R2_F03_W_04.txt", "full", "en/R2 F03 W 04 (translation).txt"),
    ]
    told = "interviews with their other language beside them, by the names of the files: 1"
    assert told in made.lines
    assert (tmp_path / "s/raw/en/R2 F03 W 04 (translation).txt").is_file()


LATIN = "I: How?\nR1: Fine.\n"
GERMAN = "I: Wie geht es?\nR1: Gut, danke.\n"


@pytest.mark.parametrize(
    ("files", "row"),
    [
        ({"7.de.txt": GERMAN, "7.en.txt": LATIN}, ("7.de.txt", "de", "7.en.txt")),
        ({"P7_vi.txt": "I: Sao?\nR1: Tốt.\n", "P7_en.txt": LATIN}, ("P7_vi.txt", "vi", "P7_en.txt")),
        ({"7.txt": "I: ?\nR1: ល្អ ជាធម្មតា\n", "7 english.txt": LATIN}, ("7.txt", "km", "7 english.txt")),
        ({"bn/7.txt": "I: ?\nR1: ভালো আছি\n", "en/7.txt": LATIN}, ("bn/7.txt", "bn", "en/7.txt")),
        ({"7.zh.txt": "I: ?\nR1: 还好。\n", "7.de.txt": GERMAN}, ("7.de.txt", "de", "7.zh.txt")),
        ({"7.zh.txt": "I: ?\nR1: 还好。\n", "7 de translated.txt": GERMAN}, ("7.zh.txt", "zh", "7 de translated.txt")),
        ({"7_original.txt": GERMAN, "7_translation.txt": LATIN}, ("7_original.txt", "", "7_translation.txt")),
        ({"7.txt": GERMAN, "7 translated.txt": LATIN}, ("7.txt", "", "7 translated.txt")),
        ({"7.en.txt": LATIN, "7.zh (original).txt": "I: ?\nR1: 还好。\n"}, ("7.zh (original).txt", "zh", "7.en.txt")),
    ],
)  # fmt: skip
def test_two_languages_of_an_interview_are_paired(tmp_path, files, row):
    for name, text in files.items():
        (tmp_path / "pile" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pile" / name).write_text(text, encoding="utf-8")
    made = init_study(tmp_path / "s", pile=tmp_path / "pile")
    found = rows(tmp_path / "s/raw/interviews.csv")

    assert [(one["transcript_file"], one["language"], one["source_lang_file"]) for one in found] == [row]
    assert ("raw/interviews.csv: language of 1 interviews" in made.to_fill) is (row[1] == "")


def test_files_that_differ_in_more_than_the_language_are_interviews_of_their_own(tmp_path):
    (tmp_path / "pile").mkdir()
    for name in ("7.de.txt", "8.en.txt", "9.txt", "9 (copy).txt", "id_3.txt", "3.txt"):
        (tmp_path / "pile" / name).write_text(LATIN, encoding="utf-8")
    init_study(tmp_path / "s", pile=tmp_path / "pile")

    assert [one["source_lang_file"] for one in rows(tmp_path / "s/raw/interviews.csv")] == [""] * 6


def test_a_study_of_two_languages_loads_once_its_gaps_are_filled(tmp_path):
    (tmp_path / "pile").mkdir()
    (tmp_path / "pile/R1_F03_worker_P7.vi.txt").write_text("I: Sao?\nR1: Tốt.\n", encoding="utf-8")
    (tmp_path / "pile/R1_F03_worker_P7.en.txt").write_text(LATIN, encoding="utf-8")
    init_study(tmp_path / "s", pile=tmp_path / "pile")
    manifest = tmp_path / "s/raw/interviews.csv"
    filled = [{**one, "consent": "oral"} for one in rows(manifest)]
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(filled[0]))
        writer.writeheader()
        writer.writerows(filled)
    study = load_study(tmp_path / "s")

    assert [(one.language, one.in_other_language(2)) for one in study.corpus] == [("vi", "Fine.")]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("终期访谈/经理.docx", {"round": "R3", "group": "manager"}),
        ("第二轮工人访谈/厂3.docx", {"round": "R2", "group": "worker", "factory_ids": "F03"}),
        ("工人.docx", {"group": "worker"}),
    ],
)
def test_chinese_names_are_read_without_spaces_between_their_words(name, told):
    assert clues_of_name(name) == told


def test_the_form_of_a_survey_is_told_from_answers(tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    with xlsxwriter.Workbook(pile / "form.xlsx") as book:
        sheet = book.add_worksheet("survey")
        for n, row in enumerate((("type", "name", "label"), ("text", "why", "Why?"))):
            sheet.write_row(n, 0, row)
    made = init_study(tmp_path / "study", pile=pile)
    (said,) = made.left
    assert (said.file, said.what) == ("form.xlsx", "the form of a survey (XLSForm), which is not answers")


@pytest.mark.parametrize("name", ["2021", "no", "1e5", "On", "a-study"])
def test_the_name_of_any_folder_is_an_id_that_is_read_as_text(tmp_path, name):
    init_study(tmp_path / name)
    assert load_study_file(tmp_path / name).form.id == name


def test_a_guessed_encoding_is_shown_with_a_line(tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    (pile / "w1.txt").write_bytes("访谈员：最近怎么样？\n受访者：他们来得多了。\n".encode("gb18030"))
    made = init_study(tmp_path / "study", pile=pile)
    assert made.lines[-1] == (
        "w1.txt: read as gb18030, a guess: this line is '访谈员：最近怎么样？' — if it is wrong, correct its encoding"
    )


def test_groups_rounds_and_sites_of_a_survey_are_proposed_and_its_draft_loads(tmp_path):
    pile = tmp_path / "pile"
    pile.mkdir()
    rows = "".join(
        f"p{n},{round},F0{1 + n % 2},{('worker', 'cook')[n % 2]},{1 + n % 4},{1 + n % 5}\n"
        for round in ("R1", "R2") for n in range(6)
    )  # fmt: skip
    (pile / "answers.csv").write_text("id,round,site,group,q1,q2\n" + rows, encoding="utf-8")
    study = load_study(init_study(tmp_path / "study", pile=pile).folder)
    assert [g.id for g in study.groups] == ["worker", "cook"]
    assert [(r.id, len(wave)) for r, wave in zip(study.rounds, study.surveys, strict=True)] == [("R1", 6), ("R2", 6)]
    assert [site.id for site in study.sites] == ["F01", "F02"]
