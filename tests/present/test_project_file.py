from __future__ import annotations

import csv
import io
import re
import uuid
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

import bwa_study as bwa
from bwa_study.cli import main
from bwa_study.coding.log.log import open_log
from bwa_study.coding.log.projects import Names, project_events
from bwa_study.load.gate import Source
from bwa_study.load.refi_qda import read_project, read_refi_qda
from bwa_study.load.study import load_study
from bwa_study.model.codebook import Code, Codebook, Theme
from bwa_study.model.codings import CODINGS, Codings
from bwa_study.model.corpus import Corpus
from bwa_study.model.errors import UnknownName
from bwa_study.model.labels import Label
from bwa_study.model.spans import Span
from bwa_study.model.study import Group, Round, Study
from bwa_study.model.transcripts import Role, Transcript, Turn
from bwa_study.present.keep_coding import import_log
from bwa_study.present.project_file import project_bytes, write_refi_qda
from bwa_study.present.project_names import own_names
from bwa_study.present.project_study import init_from_project
from refi_projects import guid
from small_study import write_study

SCHEMA = Path(__file__).parents[1] / "data/refi_qda/project.xsd"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def label(text: str) -> Label:
    return Label((("en", text),))


BOOK = Codebook(
    "b", "1", (Theme("t", label("Talk")), Theme("u", label("Unused"))),
    (
        Code("fear", "t", label("Fear & <worry>"), include=("afraid",)),
        Code("work", "t", label("Fear & <worry>"), parent="fear", absent="no fear at work"),
        Code("hope", "", label("希望")),
    ),
)  # fmt: skip


def study_of(texts: dict[str, str], codings: list[dict[str, Any]], **more: Any) -> Study:
    corpus = Corpus(
        tuple(
            Transcript(
                id, f"P-{id}", "g", "r", (), "en", text, (Turn(1, "R", Role.RESPONDENT, Span(0, len(text)), "en"),)
            )
            for id, text in texts.items()
        )
    )
    rows = [
        {
            "quote": texts[one["transcript"]][one["start"] : one["end"]], "coder_kind": "human", "status": "accepted",
            "id": str(uuid.UUID(int=number)), **one,
        }
        for number, one in enumerate(codings, start=1)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=[c.name for c in CODINGS.columns]) if rows else None
    return Study(
        "made", label("Made"), (Group("g", label("G")),), (Round("r", label("R")),), (), corpus, BOOK,
        Codings(table) if table is not None else Codings.empty(), **more,
    )  # fmt: skip


def coding(transcript: str, start: int, end: int, code: str = "fear", **more: Any) -> dict[str, Any]:
    return {
        "transcript": transcript,
        "start": start,
        "end": end,
        "code": code,
        "polarity": "present",
        "coder": "c1",
        **more,
    }


def back(study: Study) -> list[tuple[Any, ...]]:
    """The codings of a study that went out and came in again."""
    project = read_project(Source("p.qdpx", project_bytes(study), ""))
    texts = {one.id: one.text for one in study.corpus}
    events, problems = project_events(project, texts, own_names(study, Names()), file="p.qdpx", now=NOW)
    assert (problems, project.problems, project.left) == ([], (), ())
    return sorted(
        (e.coding, e.transcript, e.start, e.end, e.quote, e.code, e.polarity, e.coder, e.memo) for e in events
    )


def kept(study: Study) -> list[tuple[Any, ...]]:
    names = ["id", "transcript", "start", "end", "quote", "code", "polarity", "coder", "memo"]
    return sorted(tuple(row) for row in study.codings.frame[names].itertuples(index=False))


TEXT = st.text("ab \n😀工é", min_size=1, max_size=30) | st.just("a\r\nb\r\n😀 c\rd")


@st.composite
def studies(draw: Any) -> Study:
    texts = {f"i{n}": text for n, text in enumerate(draw(st.lists(TEXT, min_size=1, max_size=3)))}
    codings = []
    for _ in range(draw(st.integers(0, 6))):
        id = draw(st.sampled_from(sorted(texts)))
        start = draw(st.integers(0, len(texts[id]) - 1))
        end = draw(st.integers(start + 1, len(texts[id])))
        inside = [m.start() + 1 for m in re.finditer("\r\n", texts[id])]
        assume(start not in inside and end not in inside)
        codings.append(
            coding(
                id, start, end, draw(st.sampled_from(BOOK.ids)), polarity=draw(st.sampled_from(["present", "absent"])),
                coder=draw(st.sampled_from(["c1", "c 2", "张"])), memo=draw(st.sampled_from(["", "a\nmemo <&"])),
            )
        )  # fmt: skip
    return study_of(texts, codings)


@given(studies())
@settings(max_examples=80)
def test_what_goes_out_comes_in_again(study):
    assert back(study) == kept(study)


@given(studies())
@settings(max_examples=30)
def test_every_project_follows_the_published_schema(study):
    assert_valid(project_bytes(study))


def assert_valid(data: bytes) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("project.qde")))


def test_the_schema_refuses_another_order():
    described = zipfile.ZipFile(io.BytesIO(project_bytes(study_of({"i": "a"}, [])))).read("project.qde")
    root = etree.fromstring(described)
    root.append(root[0])
    assert not etree.XMLSchema(etree.parse(SCHEMA)).validate(root)


def test_the_same_study_gives_the_same_bytes_and_another_one_others():
    codings = [coding("i", 0, 1), coding("i", 0, 1, coder="c2"), coding("i", 1, 2, "hope")]
    once = project_bytes(study_of({"i": "abc"}, codings))
    shuffled = [{**one, "id": str(uuid.UUID(int=n))} for n, one in ((3, codings[2]), (1, codings[0]), (2, codings[1]))]
    assert project_bytes(study_of({"i": "abc"}, shuffled)) == once
    assert project_bytes(study_of({"i": "abd"}, codings)) != once


def test_codes_stand_under_their_theme_and_parent_and_the_other_polarity_under_its_code():
    project = read_project(Source("p.qdpx", project_bytes(study_of({"i": "a"}, [])), ""))
    names = {code.guid: code.name for code in project.codes}
    assert [(code.name, names.get(code.parent, ""), code.is_codable) for code in project.codes] == [
        ("Talk", "", False),
        ("Fear & <worry>", "Talk", True),
        ("Fear & <worry> (absent)", "Fear & <worry>", True),
        ("Fear & <worry>", "Fear & <worry>", True),
        ("Fear & <worry> (absent)", "Fear & <worry>", True),
        ("Unused", "", False),
        ("希望", "", True),
        ("希望 (absent)", "希望", True),
    ]
    assert project.codes[1].description == "Include: afraid\n[id: fear]"
    assert project.codes[4].description == "no fear at work"


def test_only_what_people_gave_and_let_stand_goes_out():
    codings = [
        coding("i", 0, 1),
        coding("i", 0, 1, coder="adjudicated", status="adjudicated"),
        coding("i", 1, 2, status="rejected"),
        coding("i", 1, 2, coder="indicators", coder_kind="indicator", status="proposed"),
    ]
    project = read_project(Source("p.qdpx", project_bytes(study_of({"i": "abc"}, codings)), ""))
    assert [user.name for user in project.users] == ["c1", "adjudicated"]
    assert project.codings == 2


def test_a_made_up_study_says_so_in_its_project():
    described = zipfile.ZipFile(io.BytesIO(project_bytes(study_of({"i": "a"}, [], synthetic=True)))).read("project.qde")
    assert "<Description>SYNTHETIC DATA: made for demonstration." in described.decode()


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_study_made_of_the_project_of_a_made_up_study_is_made_up(tmp_path, synthetic):
    (tmp_path / "p.qdpx").write_bytes(project_bytes(study_of({"i": "a"}, [], synthetic=synthetic)))
    made = init_from_project(tmp_path / "s", tmp_path / "p.qdpx")
    assert ("synthetic: true\n" in (tmp_path / "s/study.yaml").read_text(encoding="utf-8")) is synthetic
    assert not any("descriptions of the project" in line for line in made.lines)


def test_a_character_that_xml_cannot_hold_is_shown_as_lost():
    data = project_bytes(study_of({"i": "a\x0bb"}, [coding("i", 0, 3, memo="\x01")]))
    assert_valid(data)
    assert b"\xef\xbf\xbd" in zipfile.ZipFile(io.BytesIO(data)).read("project.qde")


@pytest.fixture
def coded(tmp_path):
    folder = write_study(tmp_path / "study")
    text = (folder / "raw/interviews/s-w-1.txt").read_text(encoding="utf-8")
    start = text.index("I am afraid")
    row = {
        "id": guid(7), "transcript": "s-w-1", "start": start, "end": start + 11, "quote": "I am afraid", "code": "fear",
        "polarity": "present", "coder": "c1", "coder_kind": "human", "status": "accepted", "certainty": 2,
    }  # fmt: skip
    (folder / "codings").mkdir()
    pd.DataFrame([row]).to_csv(folder / "codings/c1.csv", index=False)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main([str(one) for one in arguments])
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


def test_a_study_goes_out_and_says_what_has_no_place(tmp_path, coded, capsys):
    out = tmp_path / "p.qdpx"
    status, said, _ = run(capsys, "export", "qdpx", coded, "--out", out)
    assert (status, said) == (
        0,
        (
            f"{out}: 3 codes, 6 transcripts, 1 codings of 1 people; of 1 codings evidence, time, site or certainty "
            "have no place in it; it holds whole transcripts (1 must not be quoted): keep it where the study is kept\n"
        ),
    )
    assert_valid(out.read_bytes())
    assert b"crimson" not in b"".join(zipfile.ZipFile(out).read(name) for name in zipfile.ZipFile(out).namelist())


def test_half_a_line_break_has_no_place_in_it(tmp_path, coded, capsys):
    path = coded / "raw/interviews/s-w-1.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    start = path.read_bytes().decode().index("\r\n")
    with open_log(coded) as log:
        log.append(
            bwa.Event(
                id=guid(98), coder="c1", operation="add", transcript="s-w-1", coding=guid(97), start=start,
                end=start + 1, quote="\r", code="fear", polarity="present", status="accepted",
            )
        )  # fmt: skip

    said = run(capsys, "export", "qdpx", coded, "--out", tmp_path / "p.qdpx")[1]

    assert "0 codings of 1 people; 1 codings of half a line break are left out; " in said
    assert read_refi_qda(tmp_path / "p.qdpx").codings == 0


def test_the_codebook_goes_out_alone(tmp_path, coded, capsys):
    out = tmp_path / "b.qdc"
    status, said, _ = run(capsys, "export", "qdpx", coded, "--out", out)
    assert (status, said) == (0, f"{out}: 3 codes, each also as '… (absent)'\n")
    assert [code.name for code in read_refi_qda(out).codes][:3] == ["Talk", "Listening", "Listening (absent)"]
    root = etree.fromstring(out.read_bytes())
    assert root.tag == "{urn:QDA-XML:codebook:1.0}CodeBook"
    assert {one.tag.rsplit("}", 1)[1] for one in root.iter()} == {"CodeBook", "Codes", "Code", "Description"}


def test_another_ending_is_refused(coded):
    with pytest.raises(UnknownName, match="unknown kind of project file '.zip' — known: .qdpx, .qdc"):
        write_refi_qda(coded, coded / "p.zip")


def changed_there(path: Path, out: Path, changes: dict[str, str]) -> Path:
    """The project after somebody worked on it in a program that writes two-byte line ends and counts them as one."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as changed:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "project.qde":
                for old, new in changes.items():
                    assert old in data.decode()
                    data = data.decode().replace(old, new, 1).encode()
            else:
                data = data.replace(b"\n", b"\r\n")
            changed.writestr(name, data)
    return out


def test_what_is_coded_there_comes_back_into_the_same_study_once(tmp_path, coded, capsys):
    out = tmp_path / "p.qdpx"
    write_refi_qda(coded, out)
    listening = next(c.guid for c in read_refi_qda(out).codes if c.name == "Listening (absent)")
    new = f'<Coding guid="{guid(8)}" creatingUser="{guid(9)}"><CodeRef targetGUID="{listening}" /></Coding>'
    old = f'<Coding guid="{guid(7)}"'
    user = f'<User guid="{guid(9)}" name="Somebody" /></Users>'
    changed = changed_there(out, tmp_path / "q.qdpx", {old: new + old, "</Users>": user})

    said = import_log(coded, [out])
    assert said.endswith("0 events and 0 codings are new")
    first = import_log(coded, [changed])
    source = next(one.guid for one in read_refi_qda(out).sources if one.name == "s-w-1")
    assert first.splitlines() == [
        (
            f"{changed}: warning: source {source} ('s-w-1'): its positions count line breaks as one character — they "
            "were turned into places of the text; look at some of its codings"
        ),
        f"{coded / 'refi_qda.csv'}: new coders c2",
        f"{coded / 'codings.sqlite'}: 0 events and 1 codings are new",
    ]
    assert import_log(coded, [changed]).endswith("0 events and 0 codings are new")
    study = load_study(coded)
    assert study.codings.frame[["quote", "code", "polarity", "coder"]].to_numpy().tolist() == [
        ["I am afraid", "fear", "present", "c1"], ["I am afraid", "listening", "absent", "c2"],
    ]  # fmt: skip
    assert b"Somebody" not in (coded / "refi_qda.csv").read_bytes()


def test_a_program_that_gives_everything_new_guids_doubles_nothing(tmp_path, coded):
    out = tmp_path / "p.qdpx"
    write_refi_qda(coded, out)
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(tmp_path / "q.qdpx", "w") as other:
        for name in archive.namelist():
            new = re.sub(rb"-5[0-9a-f]{3}-", b"-6aaa-", archive.read(name))
            other.writestr(re.sub("-5[0-9a-f]{3}-", "-6aaa-", name), new.replace(guid(7).encode(), guid(70).encode()))

    assert import_log(coded, [tmp_path / "q.qdpx"]).endswith("0 events and 0 codings are new")
    assert not (coded / "refi_qda.csv").exists()


def test_what_was_taken_out_of_the_study_does_not_come_back(tmp_path, coded):
    out = tmp_path / "p.qdpx"
    (coded / "codings/c1.csv").rename(tmp_path / "c1.csv")
    import_log(coded, [tmp_path / "c1.csv"])
    write_refi_qda(coded, out)
    with open_log(coded) as log:
        (event,) = log.events()
        gone = bwa.Event(id=guid(99), coder="c1", operation="remove", transcript="s-w-1", coding=event.coding)
        log.append(gone, expects=event.sequence)

    assert import_log(coded, [out]).endswith("0 events and 0 codings are new")


def test_a_new_study_made_of_an_export_has_the_same_ids_and_people(tmp_path, coded):
    write_refi_qda(coded, tmp_path / "p.qdpx")
    init_from_project(tmp_path / "again", tmp_path / "p.qdpx")

    with (tmp_path / "again/raw/interviews.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["interview_id"]: row for row in csv.DictReader(file)}
    fields = ("participant_id", "group", "round", "factory_ids", "language")
    assert [rows["e-m-1"][name] for name in fields] == ["P5", "manager", "end", "F02", "en"]
    book = bwa.load_codebook(tmp_path / "again/codebook.yaml")
    assert (book.ids, [theme.id for theme in book.themes]) == (("listening", "fear", "visits"), ["talk", "care"])
    with open_log(tmp_path / "again") as log:
        assert [(e.coding, e.code, e.quote) for e in log.events()] == [(guid(7), "fear", "I am afraid")]


def test_a_study_made_of_a_project_gives_things_their_guids_back(tmp_path):
    from refi_projects import TALK, project, qdpx, selection, text_source
    from refi_projects import coding as given

    source = text_source(20, selection(30, 0, 2, given(40, 11), given(41, 12, user=2)))
    init_from_project(tmp_path / "s", qdpx(tmp_path / "p.qdpx", project(source)))
    path = tmp_path / "s/raw/interviews.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows[0] |= {"consent": "oral", "group": "worker"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    write_refi_qda(tmp_path / "s", tmp_path / "q.qdpx")

    before, after = read_refi_qda(tmp_path / "p.qdpx"), read_refi_qda(tmp_path / "q.qdpx")
    codes = {code.guid for code in before.codes if code.is_codable}
    assert codes <= {code.guid for code in after.codes}
    assert [source.guid for source in after.sources] == [guid(20)]
    assert [(c.guid, c.code, c.user) for c in after.sources[0].selections[0].codings] == [
        (guid(40), guid(11), guid(1)), (guid(41), guid(12), guid(2)),
    ]  # fmt: skip
    assert len(TALK.replace("\r\n", "\n")) == len(after.sources[0].text or "")
