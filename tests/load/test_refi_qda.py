from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bwa_study.load.refi_qda import read_refi_qda
from bwa_study.model.errors import ProjectError
from bwa_study.model.qda_project import QdaCode, QdaProject
from refi_projects import CODES, TALK, coding, guid, project, qdpx, selection, text_source

STANDARD = Path(__file__).parents[1] / "data/refi_qda/standard_project.qdpx"
BOTH = TALK.index("他们"), TALK.index(", they")


def read(tmp_path: Path, *sources: str, **more: str) -> QdaProject:
    return read_refi_qda(qdpx(tmp_path / "p.qdpx", project(*sources, **more)))


def faults(tmp_path: Path, *sources: str, **more: str) -> list[str]:
    with pytest.raises(ProjectError) as caught:
        read(tmp_path, *sources, **more)
    return [problem.what for problem in caught.value.problems]


def words(found: QdaProject) -> list[str]:
    return [(source.text or "")[one.start : one.end] for source in found.sources for one in source.selections]


def test_the_standard_project_of_atlas_ti_is_told_in_full():
    found = read_refi_qda(STANDARD)

    assert (found.name, found.origin[:8]) == ("ATLAS.ti standard project", "ATLAS.ti")
    assert [user.name for user in found.users] == ["ATLAS.ti", "First user", "Second user"]
    assert len(found.codes) == 14
    assert found.codes[1].description == "thoughts about breakfast foods"
    assert found.codes[-1].name == '"rushed"'
    assert found.kinds == {"text": 6, "picture": 1, "pdf": 2, "audio": 1, "video": 2}


def test_all_16_codings_of_the_standard_project_are_accounted_for():
    found = read_refi_qda(STANDARD)

    assert [(source.kind, source.unplaced) for source in found.sources if source.unplaced] == [
        ("text", 1), ("text", 3), ("text", 3), ("pdf", 2),
    ]  # fmt: skip
    assert dict(found.left) == {
        "areas of pictures": 1, "codings of areas of pictures": 2,
        "areas of PDF pages": 2, "codings of areas of PDF pages": 2,
        "codings of areas of PDF pages that their words have too": 2,
        "passages of video": 2, "codings of passages of video": 1, "time marks of transcripts": 13,
        "sets": 16, "links": 1, "graphs": 1, "notes": 2,
    }  # fmt: skip
    assert 9 + 2 + 2 + 2 + 1 == 16
    assert found.sources[0].why == "its text '01106019-2518-43DD-BBD1-8F0252BACB30.txt' is not in the file"


def test_the_bare_description_reads_as_the_project_does(tmp_path):
    bare = tmp_path / "Project.qde"
    with zipfile.ZipFile(STANDARD) as archive:
        bare.write_bytes(archive.read("Project.qde"))

    assert read_refi_qda(bare) == read_refi_qda(STANDARD)


def test_codes_keep_their_tree_description_and_colour(tmp_path):
    assert read(tmp_path).codes == (
        QdaCode(guid(10), "Oversight", is_codable=False),
        QdaCode(guid(11), "Follow-up", "They come back.", "#FF0000", parent=guid(10)),
        QdaCode(guid(12), "Follow-up (absent)", parent=guid(11)),
        QdaCode(guid(13), "害怕"),
    )


def test_a_codebook_file_gives_its_codes(tmp_path):
    file = tmp_path / "b.QDC"
    codes = CODES.removeprefix("<CodeBook>").removesuffix("</CodeBook>")
    file.write_text(f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0">{codes}</CodeBook>', encoding="utf-8")
    assert [code.name for code in read_refi_qda(file).codes] == ["Oversight", "Follow-up", "Follow-up (absent)", "害怕"]


def test_places_are_code_points_also_behind_emoji_chinese_and_two_byte_line_ends(tmp_path):
    found = read(tmp_path, text_source(20, selection(30, *BOTH, coding(40, 11)), selection(31, 2, 3, coding(41, 13))))
    assert words(found) == ["他们每个月都来 😀", " "]
    assert found.codings == 2


@pytest.mark.parametrize(
    ("width", "says"),
    [
        (lambda c: 2 if ord(c) > 0xFFFF else 1, "UTF-16 units"),
        (lambda c: 0 if c == "\r" else 1, "line breaks as one character"),
        (lambda c: 0 if c == "\r" else 2 if ord(c) > 0xFFFF else 1, "UTF-16 units, and line breaks as one"),
    ],
)
def test_a_program_that_counts_otherwise_is_found_out_by_the_names_of_selections(tmp_path, width, says):
    start = TALK.index("Nobody")
    at = [sum(map(width, TALK[:n])) for n in (start, start + 15)]
    found = read(tmp_path, text_source(20, selection(30, *at, coding(40, 12), name="Nobody asks us.…")))

    assert words(found) == ["Nobody asks us."]
    assert [problem.what for problem in found.problems] == [
        f"source {guid(20)} ('R1 worker 1.docx'): its positions count {says}"
    ]


def test_atlas_ti_counts_a_line_break_once_where_no_name_tells(tmp_path):
    start = TALK.index("Nobody") - TALK[: TALK.index("Nobody")].count("\r\n")
    source = text_source(20, selection(30, start, start + 6, coding(40, 12)))
    assert words(read(tmp_path, source, origin="ATLAS.ti 23")) == ["Nobody"]
    assert words(read(tmp_path, source, origin="NVivo 15")) == ["1: Nob"]


def test_coder_time_and_memo_come_with_a_coding(tmp_path):
    words_of = f'<Note guid="{guid(50)}"><PlainTextContent>of it</PlainTextContent></Note>'
    notes = f'<Notes>{words_of}<Note guid="{guid(51)}"/></Notes>'
    one = coding(40, 11, user=2, inside=f'<NoteRef targetGUID="{guid(50)}"/>')
    other = coding(41, 13, user=0, created="")
    found = read(
        tmp_path,
        text_source(20, selection(30, 0, 2, one, other, first="<Description>of both</Description>")),
        after=notes,
    )

    (first, second) = found.sources[0].selections[0].codings
    assert (first.user, first.created, first.memo) == (guid(2), "2020-03-04T05:06:07Z", "of both\nof it")
    assert (second.user, second.created, second.memo) == ("", "", "of both")
    assert dict(found.left) == {"notes": 1}


def test_variables_and_cases_say_what_sources_are(tmp_path):
    variables = f'<Variables><Variable guid="{guid(60)}" name="Age" typeOfVariable="Integer"/></Variables>'
    value = f'<VariableValue><VariableRef targetGUID="{guid(60)}"/><IntegerValue>{{}}</IntegerValue></VariableValue>'
    of = f'{value.format(44)}<SourceRef targetGUID="{guid(20)}"/>'
    case = f'<Cases><Case guid="{guid(61)}" name="Someone">{of}</Case></Cases>'
    found = read(tmp_path, text_source(20, value.format(45)), before=variables + case)

    assert found.sources[0].variables == (("Age", "45"),)
    assert (found.cases[0].sources, found.cases[0].variables) == ((guid(20),), (("Age", "44"),))


def test_a_passage_given_to_a_case_is_no_coding(tmp_path):
    cases = f'<Cases><Case guid="{guid(61)}" name="Someone"/></Cases>'
    found = read(tmp_path, text_source(20, selection(30, 0, 2, coding(61, 61))), before=cases)
    assert (found.codings, found.left) == (0, (("passages given to cases", 1),))


def test_the_text_of_a_pdf_and_the_transcript_of_a_recording_are_texts(tmp_path):
    same = guid(30)
    at = 'page="0" firstX="0" firstY="0" secondX="9" secondY="9"'
    area = f'<PDFSelection guid="{same}" {at}>{coding(41, 11)}</PDFSelection>'
    inside = selection(30, 0, 5, coding(40, 11))
    pdf = (
        f'<PDFSource guid="{guid(21)}" name="a.pdf">{area}<Representation guid="{guid(22)}">'
        f"<PlainTextContent>Words of a page</PlainTextContent>{inside}</Representation></PDFSource>"
    )
    audio = (
        f'<AudioSource guid="{guid(23)}" path="relative:///a.m4a"><Transcript guid="{guid(24)}" name="a">'
        f'<PlainTextContent>Said aloud</PlainTextContent><SyncPoint guid="{guid(25)}" position="5"/>'
        f'<SyncPoint guid="{guid(26)}" position="10"/><TranscriptSelection guid="{guid(31)}" '
        f'fromSyncPoint="{guid(25)}" toSyncPoint="{guid(26)}">{coding(42, 13)}</TranscriptSelection>'
        "</Transcript></AudioSource>"
    )
    found = read(tmp_path, pdf, audio)

    assert words(found) == ["Words", "aloud"]
    assert [(source.kind, source.why) for source in found.sources] == [
        ("pdf", ""),
        ("audio", "audio is not read"),
        ("text", ""),
    ]
    assert dict(found.left) == {
        "codings of areas of PDF pages that their words have too": 1,
        "time marks of transcripts": 2,
    }


def test_what_stands_nowhere_is_left_out_and_named_by_its_guid(tmp_path):
    bad = [
        selection(30, 2, 900, coding(40, 11), coding(41, 13)),
        selection(31, -1, 4, coding(42, 11)),
        selection(32, 5, 5, coding(43, 11)),
        selection(33, "x", 4, coding(44, 11)),
        selection(34, 0, 2, coding(45, 99)),
    ]
    found = read(tmp_path, text_source(20, *bad, selection(35, 0, 2, coding(46, 11))))

    assert [problem.what for problem in found.problems] == [
        f"selection {guid(33)}: its positions 'x' and '4' are no numbers",
        f"selection {guid(30)}: it reaches from 2 to 900, and the text has {len(TALK)} characters",
        f"selection {guid(31)}: it reaches from -1 to 4, and the text has {len(TALK)} characters",
        f"selection {guid(32)}: it reaches from 5 to 5, and the text has {len(TALK)} characters",
        f"coding {guid(45)} of selection {guid(34)}: there is no code '{guid(99)}'",
    ]
    assert found.codings == 1
    assert dict(found.left) == {
        "selections that stand nowhere in their text": 4,
        "codings of selections that stand nowhere in their text": 5,
        "codings of codes that do not exist": 1,
    }


def test_everything_wrong_is_said_at_once(tmp_path):
    found = faults(
        tmp_path,
        text_source(20, selection(30, 0, 2, coding(11, 11))),
        text_source(21, path="relative://../x.txt"),
        text_source(22, path="internal://../../x.txt"),
        text_source(1),
        codes=CODES.replace(guid(13), "thirteen"),
    )
    assert found == [
        "code '害怕': 'thirteen' is no guid",
        f"guid {guid(11)} is given twice, to a code and to a coding",
        f"source {guid(21)} ('R1 worker 1.docx'): external source 'relative://../x.txt' not allowed",
        f"source {guid(22)} ('R1 worker 1.docx'): the path 'internal://../../x.txt' leads out of the project",
        f"guid {guid(1)} is given twice, to a user and to a source",
    ]


def test_a_tree_of_codes_has_an_end(tmp_path):
    deep = "".join(f'<Code guid="{guid(100 + n)}" name="c{n}" isCodable="true">' for n in range(300)) + "</Code>" * 300
    assert faults(tmp_path, codes=f"<CodeBook><Codes>{deep}</Codes></CodeBook>") == [
        f"code {guid(140)} stands deeper than 40 levels"
    ]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("p.qde", b"<html/>", "it is not a REFI-QDA project, but 'html'"),
        ("p.qde", b"<Project", "not XML (unclosed token"),
        ("p.qdc", b'<!DOCTYPE a [<!ENTITY b "c">]><CodeBook>&b;</CodeBook>', "it declares a DTD, which is not allowed"),
        ("p.qdpx", b"PK", "not a complete .qdpx"),
        ("p.zip", b"PK", "this is no project or codebook in REFI-QDA"),
    ],
)
def test_what_is_no_project_is_refused_with_the_reason(tmp_path, name, data, says):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ProjectError) as caught:
        read_refi_qda(tmp_path / name)
    assert caught.value.problems[0].what.startswith(says)


def test_a_text_that_is_not_utf_8_is_named_and_its_codings_are_counted(tmp_path):
    source = text_source(20, selection(30, 0, 2, coding(40, 11)))
    found = read_refi_qda(qdpx(tmp_path / "p.qdpx", project(source), {20: b"\xff\xfe\xff"}))
    assert found.sources[0].text is None
    assert "cannot be read" in found.sources[0].why
    assert found.sources[0].unplaced == 1


def renamed(tmp_path: Path, names: dict[str, str], **more: str) -> Path:
    path = qdpx(tmp_path / "p.qdpx", project(text_source(20, selection(30, 0, 2, coding(40, 11)), **more)))
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(tmp_path / "q.qdpx", "w") as other:
        for name in archive.namelist():
            other.writestr(names.get(name, name), archive.read(name))
    return tmp_path / "q.qdpx"


def test_a_description_named_after_the_project_is_found_as_atlas_ti_names_it(tmp_path):
    assert read_refi_qda(renamed(tmp_path, {"project.qde": "Trial.qde"})).codings == 1


def test_the_standard_name_comes_before_another_one(tmp_path):
    path = renamed(tmp_path, {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Other.qde", "<Project/>")
    assert read_refi_qda(path).codings == 1


def test_two_descriptions_are_refused(tmp_path):
    path = renamed(tmp_path, {"project.qde": "a.qde"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b.qde", "<Project/>")
    with pytest.raises(ProjectError, match="it describes 2 projects \\(a.qde, b.qde\\)"):
        read_refi_qda(path)


@pytest.mark.parametrize(
    "path", [f"internal://Sources/{guid(20)}.txt", f"{guid(20)}.txt", f"internal:///{guid(20)}.TXT"]
)
def test_a_text_is_found_however_its_path_is_written(tmp_path, path):
    assert read_refi_qda(renamed(tmp_path, {}, path=path)).codings == 1


def test_a_note_that_is_linked_to_a_selection_is_its_memo(tmp_path):
    note = f'<Notes><Note guid="{guid(50)}"><PlainTextContent>why?</PlainTextContent></Note></Notes>'
    link = f'<Links><Link guid="{guid(51)}" originGUID="{guid(50)}" targetGUID="{guid(30)}"/></Links>'
    found = read(tmp_path, text_source(20, selection(30, 0, 2, coding(40, 11))), after=note + link)
    assert found.sources[0].selections[0].codings[0].memo == "why?"
    assert dict(found.left) == {"links": 1}


def test_notes_on_a_code_belong_to_its_description(tmp_path):
    note = f'<Notes><Note guid="{guid(50)}"><PlainTextContent>and ask.</PlainTextContent></Note></Notes>'
    ref = f'</Description><NoteRef targetGUID="{guid(50)}"/>'
    found = read(tmp_path, codes=CODES.replace("</Description>", ref), after=note)
    assert found.codes[1].description == "They come back.\nand ask."
    assert found.left == ()


def test_what_a_study_has_no_place_for_is_counted(tmp_path):
    refs = f'<Description>her</Description><CodeRef targetGUID="{guid(11)}"/><SelectionRef targetGUID="{guid(30)}"/>'
    picture = f'<PictureSource guid="{guid(21)}"><TextDescription guid="{guid(22)}"/></PictureSource>'
    found = read(
        tmp_path,
        text_source(20, "<Description>of the talk</Description>", selection(30, 0, 2), coding(40, 11)),
        picture,
        before=f'<Cases><Case guid="{guid(61)}" name="x">{refs}</Case></Cases>',
        after="<Description>all of it</Description>",
    )
    assert dict(found.left) == {
        "codings of whole sources": 1, "descriptions of sources": 1, "texts about pictures": 1,
        "passages given to cases": 1, "codes given to cases": 1, "descriptions of cases": 1,
        "selections without a code": 1,
    }  # fmt: skip
    assert found.description == "all of it"


def with_a_recording(tmp_path: Path, name: str) -> Path:
    path = qdpx(tmp_path / "p.qdpx", project(text_source(20, selection(30, *BOTH, coding(40, 11)))))
    with zipfile.ZipFile(path, "a") as archive, archive.open(name, "w") as member:
        for _ in range(51):
            member.write(bytes(1_000_000))
    return path


def test_recordings_in_a_large_project_are_passed_over(tmp_path):
    path = with_a_recording(tmp_path, "sources/a.m4a")
    assert path.stat().st_size > 50_000_000
    assert words(read_refi_qda(path)) == ["他们每个月都来 😀"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../../bwa_pwned", "member '../../bwa_pwned' leads out of the archive"),
        ("sources/c.zip", "member 'sources/c.zip' is an archive in the archive"),
        ("sources/b.txt", "its description and texts have more than 50,000,000 bytes"),
    ],
)
def test_a_large_project_passes_the_same_gate(tmp_path, name, says):
    with pytest.raises(ProjectError) as caught:
        read_refi_qda(with_a_recording(tmp_path, name))
    assert says in str(caught.value)


def test_a_project_that_is_too_large_is_told_its_own_limit(tmp_path):
    with (tmp_path / "x.qdpx").open("wb") as file:
        file.truncate(4_000_000_001)  # takes no room on the disk
    with pytest.raises(ProjectError, match="it has 4,000,000,001 bytes, and a project may have 4,000,000,000 — export"):
        read_refi_qda(tmp_path / "x.qdpx")
