from __future__ import annotations

import csv
import json
from pathlib import Path

import docx
import pytest

import bwa_study as bwa
from bwa_study.demo.write import DemoFolderTaken
from bwa_study.model.errors import UnknownName
from bwa_study.present.tables import CannotWrite

DATA = Path(__file__).resolve().parents[2] / "data"


def content(folder):
    """Every file by its name; Word files as their text, for their compression depends on the machine."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        is_word = path.suffix == ".docx"
        found[name] = "\n".join(p.text for p in docx.Document(str(path)).paragraphs) if is_word else path.read_bytes()
    return found


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "lite"
    bwa.write_demo(folder, seed=1, size="lite")
    return folder


def test_the_same_seed_gives_the_same_bytes(lite, tmp_path):
    bwa.write_demo(tmp_path / "again", seed=1, size="lite")
    assert content(tmp_path / "again") == content(lite)


def test_another_seed_gives_other_interviews_and_says_so(lite, tmp_path):
    bwa.write_demo(tmp_path / "other", seed=2, size="lite")
    one, two = content(lite), content(tmp_path / "other")
    name = "raw/interviews/R1-F01-W-01.txt"
    assert name not in two or one[name] != two[name]
    assert one["codings/simulated-human-A.csv"] != two["codings/simulated-human-A.csv"]
    assert one["raw/survey_R1.csv"] != two["raw/survey_R1.csv"]
    assert json.loads(two["truth.json"])["seed"] == 2
    assert b"seed 2" in two["study.yaml"]


def test_data_in_the_repository_is_what_the_demo_writes(tmp_path):
    bwa.write_demo(tmp_path / "data")
    written, kept = content(tmp_path / "data"), content(DATA)
    assert sorted(written) == sorted(kept), "run: make data"
    assert [name for name in written if written[name] != kept[name]] == [], "run: make data"


def test_every_file_of_the_demo_says_synthetic_or_names_a_simulated_coder(lite):
    word = {"codings": "simulated-human", "codebook.yaml": "demo study", "codebook.schema.json": ""}
    silent = [
        name
        for name, data in content(lite).items()
        if word.get(name.split("/")[0], "synthetic")
        not in (data if isinstance(data, str) else data.decode("utf-8")).lower()
    ]
    assert silent == []


def test_every_row_of_its_tables_says_synthetic(lite):
    tables = list((lite / "raw").glob("*.csv"))
    assert len(tables) == 6
    for path in tables:
        with open(path, encoding="utf-8", newline="") as stream:
            assert {row["synthetic"] for row in csv.DictReader(stream)} == {"true"}


def test_a_lite_study_loads_without_a_problem(lite):
    assert bwa.check_study(lite) == ()


def test_withdrawn_interviews_have_no_codings_and_are_not_in_the_study(lite, lite_study):
    gone = ("R1-F04-W-03", "R2-F08-W-03", "R3-F02-M-02")
    for path in (lite / "codings").glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert [id for id in gone if id in text] == []
    assert len(lite_study.corpus) == 233
    assert lite_study.withdrawn == 3
    assert [t.id for t in lite_study.corpus if t.id in gone] == []


@pytest.mark.slow
def test_the_stress_study_has_no_workers_of_f09_at_r2():
    study = bwa.demo_study(seed=1, size="lite", stress=True)
    sample = study.sample.set_index(["site", "group", "round"])["interviews"]
    assert sample["F09", "worker", "R2"] == 0
    assert sample["F09", "manager", "R2"] == 2
    assert sample["F06", "worker", "R1"] == 0


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(DemoFolderTaken, match=r"the folder is not empty — name a new one, or empty it first"):
        bwa.write_demo(tmp_path, size="lite")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path):
    (tmp_path / "taken").write_text("keep", encoding="utf-8")
    with pytest.raises(DemoFolderTaken, match="taken: the folder is not empty"):
        bwa.write_demo(tmp_path / "taken", size="lite")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "keep"


@pytest.fixture
def quick(monkeypatch):
    def write(folder, *_):
        (folder / "raw").mkdir(parents=True)
        (folder / "study.yaml").write_text("id: x", encoding="utf-8")

    monkeypatch.setattr("bwa_study.demo.write._write_all", write)


def test_an_empty_folder_is_filled_even_the_one_we_stand_in(quick, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bwa.write_demo(".")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["raw", "study.yaml"]


def test_a_link_to_an_empty_folder_is_filled(quick, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    bwa.write_demo(tmp_path / "link")
    assert sorted(p.name for p in (tmp_path / "real").iterdir()) == ["raw", "study.yaml"]
    assert (tmp_path / "link").is_symlink()


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(
        CannotWrite, match=r"file/demo: cannot be written \(.*\) — free space, or choose another folder"
    ):
        bwa.write_demo(tmp_path / "file" / "demo", size="lite")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_nothing_is_left_where_writing_fails_half_way(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bwa_study.demo.write.interview", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        bwa.write_demo(tmp_path / "new", size="lite")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CannotWrite, match="No space left on device"):
        bwa.write_demo(tmp_path / "empty", size="lite")
    assert [p.name for p in tmp_path.rglob("*")] == ["empty"]


def test_an_unknown_size_is_refused(tmp_path):
    with pytest.raises(UnknownName, match="unknown size 'litle', did you mean 'lite'"):
        bwa.write_demo(tmp_path / "x", size="litle")


def test_the_codebook_of_the_package_is_that_of_the_study(lite):
    assert bwa.demo_codebook_path().read_bytes() == (lite / "codebook.yaml").read_bytes()
