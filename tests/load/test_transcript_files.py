from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest

import spoken
from bwa_study.load.gate import Source, read_source
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.transcript_files import InterviewFields, ReadTranscript, read_transcript
from bwa_study.model.transcripts import Role, Transcript

INTERVIEW = InterviewFields("i1", "P-1", "worker", "R1", ("F01",), "en")


def read(
    data: bytes | str, name: str = "t.txt", *, rules: SpeakerRules | None = None, sites: tuple[str, ...] = (), **fields
) -> ReadTranscript:
    source = Source(name, data.encode() if isinstance(data, str) else data, "")
    return read_transcript(source, replace(INTERVIEW, **fields), rules or SpeakerRules(), sites)


def read_bad(bad_inputs: Path, name: str, **fields) -> ReadTranscript:
    return read(read_source(bad_inputs / "text" / name).data, name, **fields)


def said(transcript: Transcript | None) -> list[tuple[str, str]]:
    assert transcript is not None
    return [(t.speaker, transcript.quote(t.span)) for t in transcript.turns]


def messages(found: ReadTranscript) -> list[str]:
    return [str(p) for p in found.problems]


def test_a_transcript_carries_the_fields_of_its_interview():
    found = read(
        "I: a\nR1: b",
        blocks_asked=frozenset({"x"}),
        consent_quotes="full",
        synthetic=True,
        attributes=(("mode", "phone"),),
    )
    one = found.transcript
    assert found.problems == []
    assert (one.id, one.participant, one.group, one.round, one.sites, one.language) == (
        "i1", "P-1", "worker", "R1", ("F01",), "en",
    )  # fmt: skip
    assert (one.blocks_asked, one.consent_quotes, one.synthetic, one.attribute("mode")) == (
        frozenset({"x"}), "full", True, "phone",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["t.txt", "t.md", "T.TXT", "a.b.md"])
def test_text_and_markdown_are_read(name):
    assert said(read("**I:** a\n**R1:** b", name).transcript) == [("I", "a"), ("R1", "b")]


@pytest.mark.parametrize("name", ["t.doc", "t.pages", "t.mp3", "t"])
def test_other_files_are_refused_with_what_can_be_read(name):
    ending = "." + name.rsplit(".", 1)[-1]
    assert messages(read("x", name)) == [
        (
            f"{name}: '{ending}' files are not read — save the transcript as .txt, .md, .docx, .odt, .rtf, "
            ".pdf, .xml, .vtt, .srt, .json, .csv, .tsv, .xlsx, .ods"
        )
    ]


def test_a_word_file_with_bold_labels_and_a_table_becomes_turns():
    document = docx.Document()
    for label, words in (("访谈员", " 最近怎么样？"), ("经理", " 还好。")):
        paragraph = document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(words)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "经理：", "客户每个月都来。"
    out = io.BytesIO()
    document.save(out)
    found = read(out.getvalue(), "t.docx", language="zh")
    assert found.problems == []
    assert said(found.transcript) == [("访谈员", "最近怎么样？"), ("经理", "还好。"), ("经理", "客户每个月都来。")]
    assert [t.role for t in found.transcript.turns] == [Role.INTERVIEWER, Role.RESPONDENT, Role.RESPONDENT]


def test_what_a_word_file_hides_is_noted_and_not_read(bad_inputs):
    found = read(read_source(bad_inputs / "docx/hidden_pii.docx").data, "h.docx")
    assert messages(found) == [
        f"h.docx: note: {kind} left out (1) — only the visible text is read"
        for kind in ("hidden text", "tracked deletions", "comments")
    ]
    assert found.transcript.text.strip() == "WK01: fine"


@pytest.mark.parametrize("name", ["bom_utf8.txt", "utf16_bom.txt"])
@pytest.mark.parametrize("stated", [False, True])
def test_marks_of_the_encoding_are_no_part_of_the_text(bad_inputs, name, stated):
    encoding = {"bom_utf8.txt": "utf-8", "utf16_bom.txt": "utf-16"}[name] if stated else ""
    one = read_bad(bad_inputs, name, encoding=encoding).transcript
    assert one.text[0] == "I"
    assert said(one) == [("INT", "Hello"), ("WK01", "你好")]
    assert [t.language for t in one.turns] == ["en", "zh"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cp1252_mix.txt", "1: not valid UTF-8 at byte 8 (0xE9) — save it as UTF-8, or state its encoding (one of"),
        ("lone_surrogate.txt", "1: not valid UTF-8 at byte 6 (0xED)"),
        ("overlong.txt", "1: not valid UTF-8 at byte 6 (0xC0)"),
        ("gb18030.txt", ("1: not valid UTF-8 at byte 0 (0xB7) — save it as UTF-8, or state its encoding, for example "
         "gb18030, which would read '访谈员：您在这家厂多久了？'")),
        ("big5.txt", "1: not valid UTF-8 at byte 0 (0xA4)"),
        ("whitespace.txt", " no text — put the transcript into the file"),
    ],
)  # fmt: skip
def test_text_that_cannot_be_read_gives_byte_and_line_and_no_transcript(bad_inputs, name, message):
    found = read_bad(bad_inputs, name)
    assert found.transcript is None
    assert len(found.problems) == 1
    assert messages(found)[0].startswith(f"{name}:{message}")


def test_gb18030_and_big5_are_read_when_stated(bad_inputs):
    gb = read_bad(bad_inputs, "gb18030.txt", encoding="gb18030", language="zh").transcript
    assert [t.role for t in gb.turns] == [Role.INTERVIEWER, Role.RESPONDENT]
    assert gb.text.endswith("提意见。\U00020bb7\n")
    big5 = read_bad(bad_inputs, "big5.txt", encoding="big5", language="zh").transcript
    assert said(big5) == [("工人", "我們不敢說。")]


def test_windows_line_ends_stay_and_offsets_count_them(bad_inputs):
    one = read_bad(bad_inputs, "crlf.txt").transcript
    assert one.text == "INT: one\r\nWK01: two\r\nMG01: three\r\n"
    assert [(t.span.start, t.span.end) for t in one.turns] == [(5, 8), (16, 19), (27, 32)]
    assert one.quote(one.turns[2].span) == "three"


def test_mixed_line_ends_lose_no_turn(bad_inputs):
    one = read_bad(bad_inputs, "mixed_newlines.txt").transcript
    assert said(one) == [("INT", "one"), ("WK01", "two"), ("MG01", "three"), ("BR01", "four\u2028five")]


def test_control_characters_stay_in_the_text_at_their_places(bad_inputs):
    found = read_bad(bad_inputs, "controls.txt")
    assert found.problems == []
    assert said(found.transcript) == [("WK01", "a\x07b\x08c\x1b[31mred\x1b[0m \x9b2J \x85 next\u2028line\u2029para")]


@pytest.mark.parametrize("name", ["bidi.txt", "nfc_nfd.txt", "prompt_and_html.txt"])
def test_odd_text_is_kept_verbatim(bad_inputs, name):
    data = read_source(bad_inputs / "text" / name).data
    one = read(data).transcript
    assert one.text.encode() == data


def test_a_text_without_speakers_is_one_turn_with_a_warning(bad_inputs):
    found = read_bad(bad_inputs, "no_speakers.txt")
    assert messages(found) == [
        (
            "no_speakers.txt: warning: no speaker labels: the whole text is taken as one respondent's turn — "
            "check the labels, or state them under 'speakers' in study.yaml"
        )
    ]
    assert said(found.transcript) == [("", "Just prose, with no speaker label at all.\nSecond paragraph.")]


def test_spoofed_labels_are_never_five_people_in_silence(bad_inputs):
    found = read_bad(bad_inputs, "speaker_spoof.txt")
    assert {t.speaker for t in found.transcript.turns} == {"WK01", "MG01"}
    assert [m for m in messages(found) if "the labels 'WK01', 'wk01', 'ＷＫ０１' differ only by case" in m]


def test_speakers_without_a_known_interviewer_are_an_error_with_the_way_out():
    assert messages(read("Left: a\nRight: b\nLeft: c\nRight: d")) == [
        (
            "t.txt: nobody is known as the interviewer among the speakers 'Left', 'Right' — "
            "state them in study.yaml: speakers: {interviewer: [...], respondent: [...]}"
        )
    ]


def test_labels_without_any_words_are_an_error():
    found = read("I:\nR1:\n")
    assert found.transcript is None
    assert messages(found) == ["t.txt: no turn has any text — check the speaker labels"]


def test_many_lines_before_the_first_speaker_are_noted():
    assert messages(read("x\n" * 6 + "I: a\nR1: b")) == [
        "t.txt: note: 6 lines before the first speaker are left out — they are shown in no table"
    ]


def test_an_about_line_must_name_a_site_of_the_interview():
    text = "I: a\n[about: F2]\nR1: b"
    assert messages(read(text, sites=("F01", "F02"))) == [
        "t.txt: '[about: F2]' names no site of this interview — use one of F01"
    ]
    assert read(text.replace("F2", "F01")).transcript.turns[1].about == ("F01",)


def test_an_interview_without_sites_may_speak_of_any_declared_one():
    source = Source("t.txt", b"I: a\n[about: F02]\nR1: b", "")
    found = read_transcript(source, replace(INTERVIEW, sites=()), SpeakerRules(), ("F01", "F02"))
    assert found.transcript.turns[1].about == ("F02",)


CHINESE = "问：您在这里工作多久了？\n答：我在这里工作三年了，现在客户每个月都来。"


def test_a_chinese_text_under_another_language_is_an_error():
    assert messages(read(CHINESE, language="en")) == [
        (
            "t.txt: the text is mostly Chinese but the manifest says language 'en' — write zh (or yue …) into "
            "the column 'language'"
        )
    ]


def test_an_english_text_under_zh_is_an_error():
    words = "I: how are you today?\nR1: " + "we are fine and the client comes each month " * 2
    assert messages(read(words, language="zh")) == [
        "t.txt: the manifest says language 'zh' but the text has no Chinese character — correct the column 'language'"
    ]


@pytest.mark.parametrize(("text", "language"), [(CHINESE, "zh"), (CHINESE, "yue"), ("I: 你好\nR1: fine, thanks", "en")])
def test_texts_of_the_language_that_is_said_pass(text, language):
    assert read(text, language=language).problems == []


def test_an_about_line_inside_a_turn_is_an_error_with_its_line():
    out = read("I: How?\nR: [about: F01] Well.\n")

    assert any(
        "t.txt:2: '[about: …]' stands inside of a turn — put it on a line of its own" in str(p) for p in out.problems
    )


def test_a_transcript_in_which_no_respondent_speaks_is_an_error():
    out = read("I: How are you?\nI: And now?\n")

    assert any("no turn is a respondent's" in str(p) for p in out.problems)
    assert out.transcript is None


def word_with_headings(*parts: tuple[int, str]) -> bytes:
    document = docx.Document()
    for level, text in parts:
        document.add_heading(text, level) if level else document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_headings_between_the_turns_are_said_by_nobody():
    parts = ((1, "Interview 5"), (2, "Part A"), (0, "I: How?"), (0, "R1: Fine."), (2, "Part B: change"),
             (0, "And calm."), (2, "I: Why?"), (0, "R1: So."))  # fmt: skip
    found = spoken.read(word_with_headings(*parts), "t.docx")
    assert [(who, words) for _, who, _, words in spoken.said(found)] == [
        ("I", "How?"), ("R1", "Fine."), ("R1", "And calm."), ("I", "Why?"), ("R1", "So."),
    ]  # fmt: skip
    assert spoken.messages(found) == [
        "t.docx: note: headings and text boxes between the turns that no speaker says (1) — they are shown in no table"
    ]


def test_headings_that_name_the_speakers_name_them():
    parts = (
        (3, "Interviewer"),
        (0, "How?"),
        (3, "Li Wei:"),
        (0, "Fine."),
        (3, "Interviewer"),
        (0, "Why?"),
        (3, "Li Wei"),
        (0, "So."),
    )
    found = spoken.read(word_with_headings(*parts), "t.docx", respondent=("Li Wei",))
    assert [(who, words) for _, who, _, words in spoken.said(found)] == [
        ("Interviewer", "How?"), ("Li Wei", "Fine."), ("Interviewer", "Why?"), ("Li Wei", "So."),
    ]  # fmt: skip
