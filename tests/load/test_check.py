from __future__ import annotations

from bwa_study.load.check import check_path


def test_a_good_folder_is_summed_up(make_study):
    folder = make_study()
    report = check_path(folder)
    assert (report.problems, report.summary) == ((), f"{folder}: 1 interviews, 0 codings; no problem")


def test_the_study_file_stands_for_its_folder(make_study):
    file = make_study() / "study.yaml"
    assert check_path(file).summary == f"{file}: 1 interviews, 0 codings; no problem"


def test_problems_are_counted_by_severity(make_study, manifest_text, row):
    rows = manifest_text(row(blocks_asked=""), row(interview_id="i2", transcript_file="interviews/x.txt"),
                         row(interview_id="i3", transcript_file="interviews/y.txt"))  # fmt: skip
    folder = make_study({"raw/interviews.csv": rows, "raw/interviews/w1.txt": "x\n" * 6 + "I: a\nR1: b"})
    report = check_path(folder)
    assert report.summary == f"{folder}: not loaded; 2 errors, 1 warning, 1 note"
    assert len(report.problems) == 4


def test_a_study_with_warnings_is_loaded(make_study, manifest_text, row):
    folder = make_study({"raw/interviews.csv": manifest_text(row(blocks_asked=""))})
    assert check_path(folder).summary == f"{folder}: 1 interviews, 0 codings; 1 warning"


def test_any_other_file_is_checked_as_a_codebook(make_study):
    file = (
        make_study({"codebook.yaml": "version: 1\nid: b\ncodes: [{id: a, patterns: [x, follow up]}]\n"})
        / "codebook.yaml"
    )
    report = check_path(file)
    assert (report.problems, report.summary) == ((), f"{file}: codebook b 1, 1 codes, 2 indicators; no problem")


def test_the_faults_of_a_codebook_are_listed(bad_inputs):
    file = bad_inputs / "yaml/match_all.yaml"
    report = check_path(file)
    assert [p.column for p in report.problems] == [16, 26]
    assert report.summary == f"{file}: 2 errors"


def test_a_codebook_in_gb18030_needs_its_encoding(bad_inputs):
    file = bad_inputs / "yaml/gb18030.yaml"
    assert check_path(file).summary == f"{file}: 1 error"
    assert check_path(file, encoding="gb18030").summary.endswith("1 codes, 0 indicators; no problem")


def test_a_path_without_anything_says_how_to_get_a_study(tmp_path):
    report = check_path(tmp_path / "none")
    assert report.summary == f"{tmp_path / 'none'}: not loaded; 1 error"
    assert "there is no 'study.yaml' here" in report.problems[0].what
