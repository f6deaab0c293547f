from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest
import xlsxwriter

import bwa_study as bwa
import bwa_study.load.study as load_study_module
from bwa_study.model.errors import ProblemsFound

CODINGS_HEAD = "id,transcript,start,end,quote,code,polarity,coder,coder_kind,status\n"
CODING = "c1,R1-F01-W-01,25,29,They,follow_up,present,A,human,accepted\n"


def problems(folder: Path) -> list[str]:
    with pytest.raises(ProblemsFound) as caught:
        bwa.load_study(folder)
    return [str(p).removeprefix(f"{folder}/") for p in caught.value.problems]


def test_a_good_study_is_loaded_with_its_parts_and_digests(make_study):
    folder = make_study(
        {"codings/A.csv": CODINGS_HEAD + CODING, "codings/examined.csv": "coder,transcript,turns\nA,R1-F01-W-01,all\n"}
    )
    study = bwa.load_study(folder)
    assert (study.id, [g.id for g in study.groups], [r.id for r in study.rounds]) == (
        "small", ["brand_staff", "manager", "worker"], ["R1", "R2"],
    )  # fmt: skip
    assert [s.id for s in study.sites] == ["F01", "F02"]
    assert len(study.corpus) == 1
    assert study.codings.frame["quote"].tolist() == ["They"]
    assert study.examined.coders == ("A",)
    assert study.problems == ()
    assert [name for name, _ in study.inputs] == [
        "study.yaml", "codebook.yaml", "raw/factories.csv", "raw/interviews.csv", "raw/interviews/w1.txt",
        "codings/A.csv", "codings/examined.csv",
    ]  # fmt: skip
    for name, digest in study.inputs:
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()


def test_the_fields_of_the_manifest_arrive_in_the_transcript(make_study, manifest_text, row):
    rows = manifest_text(row(mode="phone", recorded="yes", duration_min="40", synthetic="true", consent_quotes="full"))
    (one,) = bwa.load_study(make_study({"raw/interviews.csv": rows})).corpus
    assert (one.synthetic, one.consent_quotes, one.blocks_asked) == (True, "full", frozenset({"oversight"}))
    assert [one.attribute(name) for name in ("mode", "recorded", "duration_min", "gender", "dialect")] == [
        "phone", "yes", "40", "f", "",
    ]  # fmt: skip


def test_quotes_need_a_stated_consent(make_study):
    (one,) = bwa.load_study(make_study()).corpus
    assert one.consent_quotes == "none"


def test_a_study_in_a_folder_with_spaces_and_chinese_is_read(make_study, tmp_path, manifest_text, row):
    rows = manifest_text(row(transcript_file="访 谈/工人 一.txt"))
    folder = make_study(
        {"raw/interviews.csv": rows, "raw/访 谈/工人 一.txt": "I: a\nR1: b"}, folder=tmp_path / "研究 数据 (2)"
    )
    assert len(bwa.load_study(folder).corpus) == 1
    assert len(bwa.load_study(folder / "study.yaml").corpus) == 1


def test_every_problem_of_every_file_comes_in_one_run(make_study, manifest_text, row):
    folder = make_study({
        "codebook.yaml": "version: 1\ncodes: [{id: a, lable: x}]\n",
        "raw/factories.csv": "factory_id\nF01\nF01\n",
        "raw/interviews.csv": manifest_text(row(consent=""), row(interview_id="i2", transcript_file="b", round="R7")),
    })  # fmt: skip
    assert [p.split(" — ")[0] for p in problems(folder)] == [
        "codebook.yaml:2:17: unknown field 'lable', did you mean 'label'?",
        "raw/factories.csv:3: column 'factory_id', value 'F01': the id is taken by line 2",
        "raw/interviews.csv:2: column 'consent', value '': nothing is filled in",
        "raw/interviews.csv:2: column 'factory_ids', value 'F01': 'F01' is not a factory of this study",
        "raw/interviews.csv:3: column 'round', value 'R7': not a round of this study",
        "raw/interviews.csv:3: column 'factory_ids', value 'F01': 'F01' is not a factory of this study",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("interviews/none.txt", "there is no such file — check the name, or put the file there"),
        ("C:\\data\\x.txt", "there is no such file — write the path with '/', from the manifest's folder"),
        ("../../outside.txt", "it lies outside of the study folder — copy the file into the folder"),
        ("/etc/hostname", "it lies outside of the study folder"),
        ("interviews", "it is not a file"),
    ],
)
def test_a_transcript_that_cannot_be_opened_is_named_by_its_row(make_study, manifest_text, row, name, message):
    rows = manifest_text(row(), row(interview_id="i2", transcript_file=name))
    (problem,) = problems(make_study({"raw/interviews.csv": rows}))
    assert problem.startswith(f"raw/interviews.csv:3: column 'transcript_file', value '{name}': {message}")


def test_an_interview_without_a_file_is_named_by_its_row(make_study, manifest_text, row):
    assert problems(make_study({"raw/interviews.csv": manifest_text(row(transcript_file=""))})) == [
        "raw/interviews.csv:2: interview 'R1-F01-W-01' has no transcript file — fill in 'transcript_file'"
    ]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../secret.txt", "link.txt"])
def test_links_out_of_the_folder_and_loops_are_refused(make_study, manifest_text, row, tmp_path, target):
    (tmp_path / "secret.txt").write_text("I: secret\nR1: secret")
    folder = make_study({"raw/interviews.csv": manifest_text(row(transcript_file="interviews/link.txt"))})
    (folder / "raw/interviews/link.txt").symlink_to(target)
    (problem,) = problems(folder)
    place = "raw/interviews.csv:2: column 'transcript_file', value 'interviews/link.txt': "
    assert problem.startswith((f"{place}it lies outside of the study folder", f"{place}it cannot be read"))
    assert "secret" not in problem


@pytest.mark.parametrize("name", ["codebook.yaml", "raw/factories.csv", "raw/interviews.csv"])
def test_other_files_may_not_be_links_out_either(make_study, tmp_path, name):
    folder = make_study()
    (folder / name).replace(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    assert f"{name}: it lies outside of the study folder" in problems(folder)[0]


def test_a_folder_of_codings_that_is_a_link_out_is_refused(make_study, tmp_path):
    (tmp_path / "others").mkdir()
    (tmp_path / "others/A.csv").write_text(CODINGS_HEAD + CODING)
    folder = make_study()
    (folder / "codings").symlink_to(tmp_path / "others")
    assert problems(folder)[0].startswith("codings/A.csv: it lies outside of the study folder")


def test_withdrawn_interviews_vanish_and_their_files_are_not_opened(make_study, manifest_text, row, monkeypatch):
    gone = row(interview_id="gone", participant_id="P-2", transcript_file="interviews/gone.txt", withdrawn="2021-01-05")
    folder = make_study({
        "raw/interviews.csv": manifest_text(row(), gone),
        "raw/interviews/gone.txt": b"\xff\xff not even text",
        "codings/A.csv": CODINGS_HEAD + CODING + CODING.replace("c1", "c2").replace("R1-F01-W-01", "gone"),
        "codings/examined.csv": "coder,transcript,turns\nA,R1-F01-W-01,all\nA,gone,all\n",
    })  # fmt: skip
    opened: list[str] = []
    read_source = load_study_module.read_source

    def watched(path: Path, **kwargs):
        opened.append(path.name)
        return read_source(path, **kwargs)

    monkeypatch.setattr(load_study_module, "read_source", watched)
    study = bwa.load_study(folder)
    assert "w1.txt" in opened
    assert "gone.txt" not in opened
    assert study.withdrawn == 1
    assert "gone" not in repr((study.corpus, study.codings.frame.to_dict(), study.examined, study.inputs))
    assert [str(p).split(" — ")[0].removeprefix(f"{folder}/") for p in study.problems] == [
        "codings/A.csv: warning: 1 codings are of interviews whose consent was withdrawn"
    ]


def test_a_withdrawn_interview_needs_no_file_any_more(make_study, manifest_text, row):
    gone = row(
        interview_id="gone", participant_id="P-2", transcript_file="interviews/deleted.txt", withdrawn="2021-01-05"
    )
    assert len(bwa.load_study(make_study({"raw/interviews.csv": manifest_text(row(), gone)})).corpus) == 1


def test_a_digest_of_the_manifest_is_checked(make_study, manifest_text, row):
    folder = make_study()
    digest = hashlib.sha256((folder / "raw/interviews/w1.txt").read_bytes()).hexdigest()
    (folder / "raw/interviews.csv").write_text(manifest_text(row(sha256=digest.upper())))
    assert len(bwa.load_study(folder).corpus) == 1
    (folder / "raw/interviews.csv").write_text(manifest_text(row(sha256="0" * 64)))
    assert problems(folder) == [
        (
            f"raw/interviews.csv:2: column 'sha256': 'interviews/w1.txt' has another digest ({digest}) — "
            "restore the file, or enter its new digest"
        )
    ]


def test_the_encoding_of_a_transcript_is_stated_in_its_row(make_study, manifest_text, row):
    data = "访谈员：您好吗？\n工人：还好。".encode("gb18030")
    rows = manifest_text(row(language="zh", encoding="gb18030"))
    (one,) = bwa.load_study(make_study({"raw/interviews.csv": rows, "raw/interviews/w1.txt": data})).corpus
    assert one.quote(one.turns[1].span) == "还好。"


def test_problems_of_a_transcript_name_its_file(make_study):
    folder = make_study({"raw/interviews/w1.txt": b"I: caf\xe9\nR1: \xe5\xb7\xa5"})
    assert problems(folder)[0].startswith("raw/interviews/w1.txt:1: not valid UTF-8 at byte 6 (0xE9)")


GB = "访谈员：您好吗？\n工人：我们不敢说。"


def test_a_guessed_encoding_is_a_warning_and_is_kept_with_the_transcript(make_study, manifest_text, row):
    data = GB.encode("gb18030")
    study = bwa.load_study(
        make_study({"raw/interviews/w1.txt": data, "raw/interviews.csv": manifest_text(row(language="zh"))})
    )
    (one,) = study.corpus
    assert (one.text, one.encoding, one.source_digest) == (GB, "gb18030", hashlib.sha256(data).hexdigest())
    (warning,) = [p for p in study.problems if p.severity == "warning"]
    assert warning.what == "read as gb18030, a guess: this line is '访谈员：您好吗？'"
    assert warning.line == 1


@pytest.mark.parametrize("where", ["manifest", "study.yaml"])
def test_a_stated_encoding_is_no_guess(make_study, manifest_text, row, where):
    study_yaml = Path(make_study() / "study.yaml").read_text()
    stated = {"encoding": "gb18030"} if where == "manifest" else {}
    files = {
        "raw/interviews/w1.txt": GB.encode("gb18030"),
        "raw/interviews.csv": manifest_text(row(language="zh", **stated)),
        "study.yaml": study_yaml + ("" if stated else "encoding: gb18030\n"),
    }
    study = bwa.load_study(make_study(files))
    assert [t.encoding for t in study.corpus] == ["gb18030"]
    assert [p for p in study.problems if p.severity == "warning"] == []


def test_tables_in_another_encoding_are_read_with_a_warning_and_a_codebook_is_asked_about(
    make_study, manifest_text, row
):
    manifest = manifest_text(row(place_name="东莞的一家工厂")).encode("gb18030")
    study = bwa.load_study(make_study({"raw/interviews.csv": manifest}))
    assert [t.attribute("place_name") for t in study.corpus] == ["东莞的一家工厂"]
    assert "read as gb18030, a guess" in str(next(p for p in study.problems if p.severity == "warning"))
    codebook = 'version: "1.0"\ncodes: [{id: fear, label: 害怕说话}, {id: follow_up, label: 回来跟进}]\n'.encode(
        "gb18030"
    )
    study_yaml = Path(make_study() / "study.yaml").read_text()
    (problem,) = problems(make_study({"codebook.yaml": codebook}))
    assert problem.startswith("codebook.yaml:2: not valid UTF-8 at byte 41 (0xBA) — save it as UTF-8, or state ")
    assert (
        "as 'encoding' in study.yaml, for example gb18030, which would read 'codes: [{id: fear, label: 害怕" in problem
    )
    read = bwa.load_study(make_study({"codebook.yaml": codebook, "study.yaml": study_yaml + "encoding: gb18030\n"}))
    assert read.codebook["fear"].label.text("en") == "害怕说话"


def test_a_study_file_must_be_utf8_and_its_encodings_known(make_study):
    study_yaml = Path(make_study() / "study.yaml").read_text()
    (problem,) = problems(make_study({"study.yaml": study_yaml.replace("Small study", "工厂的辅导").encode("gb18030")}))
    assert "save it as UTF-8; it seems to be gb18030, which would read 'title: 工厂的辅导'" in problem
    (problem,) = problems(make_study({"study.yaml": study_yaml + "encoding: latin\n"}))
    assert "unknown encoding 'latin' — use one of utf-8, utf-16, gb18030, big5, cp950, big5hkscs, cp1252" in problem


def test_stated_speakers_settle_who_asks(make_study):
    study_yaml = Path(make_study() / "study.yaml").read_text()
    speakers = "speakers: {interviewer: [Left], respondent: [Right]}\n"
    folder = make_study({"study.yaml": study_yaml + speakers, "raw/interviews/w1.txt": "Left: a\nRight: b"})
    (one,) = bwa.load_study(folder).corpus
    assert [(t.speaker, t.role.value) for t in one.turns] == [("Left", "interviewer"), ("Right", "respondent")]


def test_a_coder_without_a_record_of_what_was_read_is_a_warning(make_study):
    study = bwa.load_study(make_study({"codings/A.csv": CODINGS_HEAD + CODING}))
    assert "warning: nothing says which turns 'A' has examined" in str(study.problems[0])


def test_a_folder_of_codings_that_is_stated_but_missing_is_a_warning(make_study):
    study_yaml = Path(make_study() / "study.yaml").read_text()
    study = bwa.load_study(make_study({"study.yaml": study_yaml + "codings: codigns\n"}))
    assert [str(p).split("study.yaml: ")[1] for p in study.problems] == [
        (
            "warning: codings: there is no folder 'codigns' — correct the name, or leave the field out until "
            "somebody has coded"
        )
    ]
    assert bwa.load_study(make_study({"study.yaml": study_yaml})).problems == ()


def test_a_main_coder_without_codings_is_an_error(make_study):
    study_yaml = Path(make_study() / "study.yaml").read_text()
    files = {"study.yaml": study_yaml + "main_coder: a\n", "codings/A.csv": CODINGS_HEAD + CODING}
    assert problems(make_study(files)) == ["study.yaml: main_coder 'a' has no codings — use one of indicators, A"]


def test_a_group_of_the_codebook_must_be_one_of_the_study(make_study):
    book = "version: 1\ncodes: [{id: a, groups: [workers]}]\n"
    assert problems(make_study({"codebook.yaml": book})) == [
        (
            "codebook.yaml: code 'a' names group 'workers', which the study does not have — "
            "use brand_staff, manager, worker, did you mean 'worker'?"
        )
    ]


def test_orphan_codings_stop_the_load(make_study):
    folder = make_study({"codings/A.csv": CODINGS_HEAD + CODING.replace("follow_up", "gone_code")})
    assert problems(folder) == [
        (
            "codings/A.csv:2: code 'gone_code' is not in the codebook (1 by A) — if it was renamed or merged, "
            "add 'merged_from: [gone_code]' to its new code; nothing is dropped"
        )
    ]


def test_warnings_and_errors_come_together_from_check_study(make_study, manifest_text, row):
    rows = manifest_text(row(blocks_asked=""))
    found = bwa.check_study(
        make_study({"raw/interviews.csv": rows, "raw/interviews/w1.txt": "Left: a\nRight: b\n" * 2})
    )
    assert sorted(p.severity for p in found) == ["error", "warning"]


def test_progress_is_told_of_every_transcript(make_study, manifest_text, row):
    rows = manifest_text(row(), row(interview_id="i2", transcript_file="interviews/w2.txt"))
    told: list[tuple[str, int, int]] = []
    folder = make_study({"raw/interviews.csv": rows, "raw/interviews/w2.txt": "I: a\nR1: b"})
    bwa.load_study(folder, progress=lambda *step: told.append(step))
    assert told == [("reading transcripts", 1, 2), ("reading transcripts", 2, 2)]


def test_loading_writes_nothing(make_study):
    folder = make_study({"codings/A.csv": CODINGS_HEAD + CODING})
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    bwa.load_study(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_manifest_in_a_workbook_is_read(make_study, manifest_text, row):
    folder = make_study()
    lines = list(csv.reader((folder / "raw/interviews.csv").read_text(encoding="utf-8").splitlines()))
    with xlsxwriter.Workbook(folder / "raw/interviews.xlsx") as book:
        sheet = book.add_worksheet()
        for n, cells in enumerate(lines):
            sheet.write_row(n, 0, cells)
    file = folder / "study.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "interviews: raw/interviews.xlsx\n", encoding="utf-8")
    assert len(bwa.load_study(folder).corpus) == 1


def test_a_copy_of_an_interview_is_told(make_study, manifest_text, row):
    rows = manifest_text(
        row(), row(interview_id="R1-F01-W-02", participant_id="P-2", transcript_file="interviews/w2.txt")
    )
    folder = make_study({"raw/interviews.csv": rows})
    talk = (folder / "raw/interviews/w1.txt").read_bytes()
    (folder / "raw/interviews/w2.txt").write_bytes(talk)
    assert [str(p).split("raw/")[1] for p in bwa.load_study(folder).problems] == [
        (
            "interviews.csv: warning: interview 'R1-F01-W-02' has the same words as 'R1-F01-W-01', to the byte "
            "— take one out if it is a copy: it would count twice"
        )
    ]
