from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime

import pytest
from PIL import Image

import bwa_study as bwa
from bwa_study.load.folder_lock import partial_name
from bwa_study.model.errors import ProblemsFound, UnknownName
from bwa_study.present.run import coded_matrix
from bwa_study.present.tables import CannotWrite
from small_study import FILES, INTERVIEWS, STUDY, SYNTHETIC_STUDY, write_study

ONE_ROUND = {
    "study": STUDY[: STUDY.index("  - {id: end")],
    "interviews": tuple(row for row in INTERVIEWS if row[3] == "start"),
}


def files_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def readable(name, data):
    """All text a file holds, also what is packed inside."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(n).decode("utf-8") for n in archive.namelist())
    if name.endswith(".png"):
        return str(Image.open(io.BytesIO(data)).info)
    return data.decode("utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("run") / "study")


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic")
    bwa.run_study(write_study(folder / "study", study=SYNTHETIC_STUDY), folder / "out")
    return files_of(folder / "out")


@pytest.fixture(scope="module")
def done(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("done") / "out"
    steps = []
    report = bwa.run_study(study, out, progress=lambda *step: steps.append(step))
    return report, out, steps


def test_a_run_writes_tables_figures_page_and_provenance(done):
    report, out, _ = done
    assert tuple(sorted(files_of(out))) == tuple(sorted(FILES))
    assert report.files == FILES
    assert report.out == out


def test_a_run_says_what_it_did_in_ten_lines(done):
    report, out, _ = done
    assert report.lines == (
        "A small study",
        "Interviews  6 (Workers 5, Managers 1; start 2, end 4); 1 left out: consent withdrawn",
        "Text        6 answers, 33 words",
        "Gaps        F01 Managers start; F01 Managers end; F02 Workers start; F02 Managers start not visited",
        "Codebook    small-book 2.1.0: 3 codes in 2 themes",
        "Codings     7 by indicators",
        "Warnings    0",
        "Tables      theme_frequency.csv, theme_frequency.xlsx, theme_frequency_by_site.csv, sample.csv",
        "Figures     heatmap.png, slope.png, slope_talk.png, slope_care.png (and svg)",
        f"Open        {out}/index.html",
    )


def test_progress_is_told_of_every_step_to_its_end(done):
    _, _, steps = done
    last = {name: (n, total) for name, n, total in steps}
    assert last == {"reading transcripts": (6, 6), "coding transcripts": (6, 6), "drawing figures": (4, 4)}


def test_provenance_names_versions_options_and_time(done):
    _, out, _ = done
    told = json.loads((out / "provenance.json").read_bytes())
    assert told["options"] == {"coder": "indicators", "count": "interviews", "language": "en", "seed": None}
    assert (told["codebook"]["id"], told["codebook"]["version"]) == ("small-book", "2.1.0")
    assert (told["corpus"]["interviews"], told["corpus"]["withdrawn"]) == (6, 1)
    assert told["synthetic"] is False
    assert datetime.fromisoformat(told["made"]).utcoffset().total_seconds() == 0
    assert {"python", "bwa-study", "numpy", "pandas", "matplotlib"} <= told["versions"].keys()


def test_digests_in_the_provenance_are_those_of_the_files(done, study):
    _, out, _ = done
    told = json.loads((out / "provenance.json").read_bytes())
    for folder, listed in ((study, told["inputs"]), (out, told["outputs"])):
        for name, digest in listed.items():
            assert digest == f"sha256:{hashlib.sha256((folder / name).read_bytes()).hexdigest()}", name
    assert sorted(told["outputs"]) == sorted(set(FILES) - {"provenance.json"})
    read = {"study.yaml", "codebook.yaml", "raw/interviews.csv", "raw/factories.csv"}
    kept = {f"raw/interviews/{row[0]}.txt" for row in INTERVIEWS if not row[6]}
    assert set(told["inputs"]) == read | kept


def test_withdrawn_interviews_are_in_no_file_that_was_written(done):
    _, out, _ = done
    found = [
        (name, word)
        for name, data in files_of(out).items()
        for word in ("gone-1", "P-gone", "crimson")
        if word in name or word in readable(name, data)
    ]
    assert found == []


def test_a_sentence_without_consent_to_quote_is_in_no_file(done):
    _, out, _ = done
    assert [name for name, data in files_of(out).items() if "violet" in readable(name, data)] == []


def test_the_same_study_gives_the_same_bytes_but_for_the_time(done, study, tmp_path):
    _, out, _ = done
    bwa.run_study(study, tmp_path / "again")
    one, two = files_of(out), files_of(tmp_path / "again")
    assert [name for name in one if one[name] != two[name]] in ([], ["provenance.json"])
    first, second = (json.loads(files.pop("provenance.json")) for files in (one, two))
    assert {**first, "made": ""} == {**second, "made": ""}
    assert one == two


def test_every_table_figure_and_page_of_a_synthetic_study_says_so(synthetic):
    assert [name for name, data in synthetic.items() if "synthetic" not in readable(name, data).lower()] == []
    for name in (n for n in synthetic if n.endswith(".csv")):
        head, *rows = synthetic[name].decode("utf-8-sig").splitlines()
        assert head.endswith(",synthetic")
        assert all(row.endswith(",True") for row in rows)
    pictures = [name for name in synthetic if name.endswith((".png", ".svg"))]
    assert all("SYNTHETIC DATA. " in readable(name, synthetic[name]) for name in pictures)


def test_what_an_earlier_run_made_is_removed_and_what_others_made_is_kept(tmp_path):
    study, out = write_study(tmp_path / "study", **ONE_ROUND), tmp_path / "out"
    (out / "figures").mkdir(parents=True)
    for name in ("figures/slope_old.png", "figures/mine.png", "notes.txt", "tables"):
        (out / name).write_bytes(b"x") if name != "tables" else (out / name).mkdir()
    (tmp_path / "outside.txt").write_bytes(b"x")
    earlier = {
        "figures/slope_old.png": "",
        "tables/gone_already.csv": "",
        "notes.txt": "",
        "figures/../../outside.txt": "",
    }
    (out / "provenance.json").write_text(json.dumps({"outputs": earlier}), encoding="utf-8")
    bwa.run_study(study, out)
    assert sorted(set(files_of(out)) - set(FILES)) == [
        "figures/dots.png",
        "figures/dots.svg",
        "figures/mine.png",
        "notes.txt",
    ]
    assert (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("content", ["not json", "[]", '{"outputs": [{}]}', '{"outputs": null}', "\x00"])
def test_a_damaged_provenance_of_an_earlier_run_is_replaced(tmp_path, content):
    from bwa_study.present.run import _made_before

    (tmp_path / "provenance.json").write_text(content, encoding="utf-8")
    assert _made_before(tmp_path) == set()


def test_a_study_of_one_round_gets_dots_in_place_of_slopes(tmp_path):
    report = bwa.run_study(write_study(tmp_path / "study", **ONE_ROUND), tmp_path / "out")
    assert [name for name in report.files if name.endswith(".png")] == ["figures/heatmap.png", "figures/dots.png"]


def test_nothing_is_written_when_the_study_has_errors(tmp_path):
    interviews = (*INTERVIEWS[:2], ("x", "P9", "worcer", "end", "F01", "none", "", "", "Hello."))
    with pytest.raises(ProblemsFound) as caught:
        bwa.run_study(write_study(tmp_path / "study", interviews=interviews), tmp_path / "out")
    (problem,) = caught.value.problems
    assert (problem.line, "worcer" in problem.what, "worker" in str(problem)) == (4, True, True)
    assert not (tmp_path / "out").exists()


def test_an_unknown_coder_is_refused_with_the_known_ones(study, tmp_path):
    with pytest.raises(UnknownName, match="unknown coder 'indicator', did you mean 'indicators'"):
        bwa.run_study(study, tmp_path / "out", coder="indicator")
    assert not (tmp_path / "out").exists()


def test_an_unknown_language_or_count_is_refused(study, tmp_path):
    with pytest.raises(UnknownName, match="unknown language 'cn' — known: en, zh"):
        bwa.run_study(study, tmp_path / "out", language="cn")
    with pytest.raises(UnknownName, match="unknown count 'interview', did you mean 'interviews'"):
        bwa.run_study(study, tmp_path / "out", count="interview")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_the_outputs_of_the_earlier_run_as_they_were(tmp_path):
    study, out = write_study(tmp_path / "study", **ONE_ROUND), tmp_path / "out"
    before = {
        "index.html": b"earlier",
        "provenance.json": b'{"outputs": {"tables/old.csv": ""}}',
        "tables/old.csv": b"x",
    }
    for name, data in before.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    partial_name(out / "index.html").symlink_to("/dev/full")
    with pytest.raises(CannotWrite, match=r"index\.html: cannot be written \(No space left on device\)"):
        bwa.run_study(study, out)
    assert files_of(out) == before


def test_a_file_in_place_of_the_output_folder_is_one_clear_error(tmp_path):
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(CannotWrite, match="out/tables/theme_frequency.csv: cannot be written"):
        bwa.run_study(write_study(tmp_path / "study", **ONE_ROUND), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"mine"


def test_the_main_coder_of_the_study_is_counted_unless_another_is_asked_for(lite_study):
    assert coded_matrix(lite_study).coders == ("simulated-human-A",)
    assert coded_matrix(lite_study, coder="simulated-human-B").coders == ("simulated-human-B",)


@pytest.mark.slow
def test_the_demo_study_runs_end_to_end_without_its_withdrawn_interviews(tmp_path):
    bwa.write_demo(tmp_path / "demo", seed=1, size="lite")
    report = bwa.run_study(tmp_path / "demo", tmp_path / "out", language="zh")
    assert report.lines[1].endswith("3 left out: consent withdrawn")
    assert report.lines[3] == "Gaps        F06 Workers R1 not visited"
    gone = ("R1-F04-W-03", "R2-F08-W-03", "R3-F02-M-02", "P-F04-W3-R1", "P-F08-W3-R2")
    written = {name: readable(name, data) for name, data in files_of(tmp_path / "out").items()}
    assert [(name, id) for name, text in written.items() for id in gone if id in text] == []
    assert [name for name, text in written.items() if "synthetic" not in text.lower()] == []
    assert "未访" in written["index.html"]


def test_guessed_encodings_are_shown_and_kept_in_the_provenance(tmp_path):
    folder = write_study(tmp_path / "study")
    for name, *_ in INTERVIEWS[:6]:
        words = "I: 最近怎么样？\nR1: 他们每个月都来，我们不敢说。\n"
        (folder / f"raw/interviews/{name}.txt").write_bytes(words.encode("gb18030"))
    manifest = folder / "raw/interviews.csv"
    manifest.write_text(manifest.read_text().replace(",en,oral", ",zh,oral"))
    report = bwa.run_study(folder, tmp_path / "out")
    guesses = [line for line in report.lines if line.startswith("Guessed")]
    assert len(guesses) == 6
    assert guesses[0].endswith("s-w-1.txt: read as gb18030, a guess: this line is 'I: 最近怎么样？'")
    assert guesses[-1] == "Guessed     … and the encoding of 1 more file"
    content = json.loads((tmp_path / "out/provenance.json").read_text())
    assert content["corpus"]["encodings"] == {name: "gb18030" for name, *_ in INTERVIEWS[:6]}
