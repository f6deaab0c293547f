from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.turns import ParsedTurns, lines_of, parse_turns
from bwa_study.model.transcripts import Role


def parse(text: str, language: str = "en", **kwargs) -> ParsedTurns:
    return parse_turns(text, language=language, **kwargs)


def said(text: str, language: str = "en", **kwargs) -> list[tuple[str, str, str]]:
    """Speaker, first letter of the role, words."""
    return [
        (t.speaker, t.role.value[0], text[t.span.start : t.span.end]) for t in parse(text, language, **kwargs).turns
    ]


def times(text: str) -> list[float | None]:
    return [t.time for t in parse(text).turns]


ANSWER = [("I", "i", "How?"), ("R1", "r", "Fine.")]


@pytest.mark.parametrize(
    "text",
    [
        "I: How?\nR1: Fine.",
        "I：How?\nR1：Fine.",
        "I : How?\nR1 :Fine.",
        "  I: How?\n\t\u3000R1:\u3000Fine.\n",
        "\ufeffI: How?\n\u200bR1: Fine.",
        "I:\nHow?\n\nR1:\n\nFine.\n",
        "I: How?\rR1: Fine.\r",
        "I: How?\r\nR1: Fine.\r\n",
        "I: How?\u2028R1: Fine.\u2029",
        "**I:** How?\n**R1:** Fine.",
        "**I**: How?\n**R1**：Fine.",
        "**I** How?\n**R1** Fine.",
        "__I:__ How?\n__R1:__ Fine.",
        "[00:12:31] I: How?\n[00:12:40] R1: Fine.",
        "[12:31] I: How?\n12:40 R1: Fine.",
        "(0:01) I: How?\n（0:05）R1：Fine.",
        "【00:12:31】I：How?\n［00:12:40］R1：Fine.",
        "00:12 - I: How?\n00:15 – R1: Fine.",
        "I (00:12:31): How?\nR1 (00:12:40): Fine.",
        "I [00:12]: How?\nR1 00:15: Fine.",
        "**I (00:12):** How?\n**R1 (00:15):** Fine.",
        "I  00:12:31\nHow?\n\nR1  00:12:40\nFine.\n",
        "**I** 0:12\nHow?\nR1\u30000:15\nFine.",
        "00:12 I\nHow?\n[00:15] R1\nFine.",
    ],
)
def test_every_known_layout_gives_the_same_turns(text):
    assert said(text) == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "访谈员：最近怎么样？\n受访者：还好。",
        "问：最近怎么样？\n答：还好。",
        "**主持人：**最近怎么样？\n**工人1：**还好。",
        "**访谈员** 最近怎么样？\n**经理** 还好。",
        "［00:12:31］访员：最近怎么样？\n[00:12：40] 厂长：还好。",
        "采访者　00:12:31\n最近怎么样？\n员工　00:12:40\n还好。",
        "研究员（0:12）：最近怎么样？\n代表（0:15）：还好。",
        "訪談員：最近怎么样？\n受訪者：还好。",
        "問：最近怎么样？\n答：还好。",
        "採訪者(00:12:31): 最近怎么样？\n經理(00:12:40): 还好。",
    ],
)
def test_chinese_layouts_give_interviewer_and_respondent(text):
    turns = parse(text, "zh").turns
    assert [t.role for t in turns] == [Role.INTERVIEWER, Role.RESPONDENT]
    assert [text[t.span.start : t.span.end] for t in turns] == ["最近怎么样？", "还好。"]
    assert [t.language for t in turns] == ["zh", "zh"]


def test_a_turn_goes_on_over_lines_until_the_next_label():
    text = "R1: one\n  two\n\nthree \nI: x"
    assert said(text) == [("R1", "r", "one\n  two\n\nthree"), ("I", "i", "x")]
    assert [t.number for t in parse(text).turns] == [1, 2]


def test_stamps_become_seconds():
    assert times("[01:02:03] I: a\nR1 (2:05): b\nI: c\nR1 00:09.5\nd\nI [0:07,25]: e") == [3723, 125, None, 9.5, 7.25]


def test_a_label_without_words_is_no_turn():
    assert said("I:\nR1: yes\nI: ") == [("R1", "r", "yes")]


def test_a_label_inside_a_quotation_or_a_sentence_is_text():
    text = 'R1: he said:\n"Manager: go"\nand we I: mean went\nI: ok'
    assert said(text) == [("R1", "r", 'he said:\n"Manager: go"\nand we I: mean went'), ("I", "i", "ok")]


def test_web_addresses_and_clock_times_at_the_head_of_lines_are_text():
    text = "I: where?\nR1: here\nhttps://a.example\nhttps://b.example\n10:30 came\n10:45: went\n10:50: left\nI: ok"
    assert said(text)[1][2] == text[14:-6]


def test_a_stamp_before_words_of_a_turn_loses_none_of_them():
    text = "I: when?\nR1: it was\n[00:12:31] and we came back\n[00:12:39] yes\nIt was 10:30\nI: ok"
    parsed = parse(text)
    assert said(text)[1][2] == text[13:-6]
    assert parsed.warnings[1] == "'yes' stands once like a label at the head of a line and is taken as text"


def test_a_long_phrase_with_a_colon_is_no_label():
    line = "And this is what we do here: we talk\n"
    assert len(parse("R1: a\n" + line * 3).turns) == 1


def test_names_need_an_interviewer_who_is_known():
    parsed = parse("Left: hello\nRight: hi\nLeft: so\nRight: yes")
    assert parsed.unsettled == ("Left", "Right")
    assert parse("I: hello\nRight: hi\nI: so\nRight: yes").unsettled == ()


def test_stated_labels_settle_names():
    rules = SpeakerRules(("Left",), ("Right",))
    text = "Left: hello\nRight: hi\nOther: no label here\nManager: yes"
    assert said(text, rules=rules) == [
        ("Left", "i", "hello"),
        ("Right", "r", "hi\nOther: no label here"),
        ("Manager", "r", "yes"),
    ]


def test_labels_that_differ_by_form_are_one_speaker_with_a_warning():
    parsed = parse("R1: a\nR01: b\nr 1: c\nI: q")
    assert [t.speaker for t in parsed.turns] == ["R1", "R1", "R1", "I"]
    assert parsed.warnings == (
        "the labels 'R1', 'R01', 'r 1' differ only by case, width, space or zeros and are taken as one speaker",
    )


def test_about_lines_say_which_site_the_turns_after_them_speak_of():
    text = "I: a\n[about: F03]\nR1: b\n[ABOUT: F01; F02]\nc\nI: d\n[about: ]\nR1: e"
    parsed = parse(text)
    assert [(text[t.span.start : t.span.end], t.speaker, t.about) for t in parsed.turns] == [
        ("a", "I", ()),
        ("b", "R1", ("F03",)),
        ("c", "R1", ("F01", "F02")),
        ("d", "I", ("F01", "F02")),
        ("e", "R1", ()),
    ]
    assert parsed.about_ids == ("F03", "F01", "F02")


def test_a_few_lines_before_the_first_label_are_a_heading_and_more_are_noted():
    assert parse("Title\n\nDate\nI: a\nR1: b").notes == ()
    assert parse("x\n" * 6 + "I: a\nR1: b").notes == ("6 lines before the first speaker are left out",)


def test_a_text_without_speakers_is_one_unnamed_respondents_turn_with_a_warning():
    parsed = parse(" Just prose.\nMore. \n")
    assert [(t.speaker, t.role, t.span.start, t.span.end) for t in parsed.turns] == [("", Role.RESPONDENT, 1, 18)]
    assert parsed.warnings == ("no speaker labels: the whole text is taken as one respondent's turn",)


def test_white_space_alone_has_no_turn():
    parsed = parse(" \t\r\n\u3000")
    assert (parsed.turns, parsed.warnings) == ((), ("no text",))


def test_a_turn_has_the_language_of_its_own_script():
    text = "I: How?\nR1: 还好。\nR1: OK\nR1: 123"
    assert [t.language for t in parse(text, "en").turns] == ["en", "zh", "en", "en"]
    assert [t.language for t in parse(text, "yue").turns] == ["en", "yue", "en", "yue"]


def test_bold_text_of_a_document_is_a_label_with_or_without_colon_or_time():
    text = "Manager We did.\nR1: ok\n[00:05] Owner yes"
    bold = {0: 7, 16: 19, 23: 36}
    assert [(t.speaker, t.time, text[t.span.start : t.span.end]) for t in parse(text, bold=bold).turns] == [
        ("Manager", None, "We did."),
        ("R1", None, "ok"),
        ("Owner", 5.0, "yes"),
    ]


def test_bold_stress_in_a_turn_is_reported_when_it_is_taken_as_a_label():
    text = "I: well?\nR1: it was\nReally good"
    parsed = parse(text, bold={20: 26})
    assert parsed.warnings == ("'Really': not a usual label, taken as a respondent who speaks",)


def test_a_long_bold_sentence_is_no_label():
    text = "I: well?\nR1: it was\nThat was the very best moment of my life."
    assert [t.speaker for t in parse(text, bold={20: 45}).turns] == ["I", "R1"]


@pytest.mark.parametrize(
    "line",
    [" " * 60_000 + "x", "R1" + " " * 60_000 + "x", "a " * 30_000, "*" * 60_000, "_" * 60_000, "I 00:12" + " " * 60_000,
     "[about:" + " " * 60_000, "(1:11" * 12_000, "00:12" + " " * 60_000 + "-", "\u3000" * 60_000 + ":", "a" * 60_000,
     "a:" * 30_000, "**" + " " * 60_000 + "**x", "0:11 " * 12_000],
)  # fmt: skip
def test_no_line_takes_longer_than_its_length_warrants(line):
    began = time.perf_counter()
    parse(line)
    assert time.perf_counter() - began < 1


@given(st.text(st.sampled_from("ab\r\n\x0b\x0c\x85\u2028\u2029 ")))
def test_lines_and_their_breaks_make_up_the_text(text):
    lines = list(lines_of(text))
    assert lines[0][0] == 0
    assert lines[-1][1] == len(text)
    for (_, end), (start, _) in itertools.pairwise(lines):
        assert text[end:start] in {"\r\n", *"\r\n\x0b\x0c\x85\u2028\u2029"}


_PIECES = st.lists(
    st.sampled_from(
        ["I: ", "R1：", "**Mei**", "Mei:", "\n", "\r\n", "\r", "\u2028", "[00:12:31] ", "(0:05)", "00:12",
         "[about: F03]", "[about: ]", "words ", "你好。", "访谈员：", "__", "*", " ", "\u3000", "：", ":", "\ufeff",
         "10:30 ", "https://a", "😀", "\u202e", '"'],
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=300)
@given(
    st.one_of(st.text(), _PIECES),
    st.sampled_from(["en", "zh"]),
    st.dictionaries(st.integers(0, 30), st.integers(0, 40)),
)
@example("I:\r\n\r\nR1:", "en", {})
def test_for_any_text_turns_stand_in_order_do_not_overlap_and_hold_trimmed_words(text, language, bold):
    parsed = parse(text, language, bold={start: end for start, end in bold.items() if end > start})
    assert [t.number for t in parsed.turns] == list(range(1, len(parsed.turns) + 1))
    end = 0
    for turn in parsed.turns:
        assert end <= turn.span.start < turn.span.end <= len(text)
        words = text[turn.span.start : turn.span.end]
        assert words == words.strip()
        end = turn.span.end


@given(
    st.lists(
        st.tuples(st.sampled_from(["I", "R1", "Manager", "访谈员", "WK02"]), st.text("abc xyz.,你好", min_size=1)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_was_written_as_turns_is_read_as_the_same_turns(turns, line_end):
    wanted = [(speaker, words.strip()) for speaker, words in turns if words.strip()]
    text = line_end.join(f"{speaker}: {words}" for speaker, words in turns)
    found = parse(text).turns
    if wanted:
        assert [(t.speaker, text[t.span.start : t.span.end]) for t in found] == wanted


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("说话人1 00:00\n您好。\n说话人2 00:05\n你好。", [("说话人1", 0.0), ("说话人2", 5.0)]),
        ("访谈员(00:12:31): 最近呢？\n李工(00:12:40): 还好。", [("访谈员", 751.0), ("李工", 760.0)]),
        ("[00:12:31.500] 访谈员：最近呢？\n[00:12:33.250] 受访者：还好。", [("访谈员", 751.5), ("受访者", 753.25)]),
        ("访谈员（00:12:31）：最近呢？\n受访者（00:12:40）：还好。", [("访谈员", 751.0), ("受访者", 760.0)]),
    ],
)  # fmt: skip
def test_layouts_of_chinese_programs_of_transcription(text, turns):
    assert [(t.speaker, t.time) for t in parse_turns(text, language="zh").turns] == turns


@pytest.mark.parametrize("time", ["At 10:30", "早上8:30", "上午10：30"])
def test_a_time_of_the_day_at_the_head_of_a_line_is_no_label(time):
    text = f"I: When?\nR1: Late.\n{time} they came.\n{time} they came again."
    assert [who for who, *_ in said(text)] == ["I", "R1"]


def test_a_label_with_a_number_is_one_before_digits_too():
    assert said("I: How long?\nR1:10 years.") == [("I", "i", "How long?"), ("R1", "r", "10 years.")]
    assert said("访谈员：多久？\n受访者1：30年。", "zh")[1] == ("受访者1", "r", "30年。")


@pytest.mark.parametrize("mark", ["**", "__"])
def test_a_bold_name_alone_on_its_line_speaks_the_lines_below(mark):
    text = f"{mark}Interviewer{mark}\nHow?\n\n{mark}Worker{mark}\nFine.\n\n{mark}Part two{mark}\nAnd so."
    assert said(text) == [("Interviewer", "i", "How?"), ("Worker", "r", f"Fine.\n\n{mark}Part two{mark}\nAnd so.")]


def test_usual_labels_alone_on_their_lines_are_heads_where_both_sides_are_so():
    text = "INTERVIEWER\nHow?\nWORKER 2\nFine.\nINTERVIEWER\nWho decides?\nWORKER 2\nThey do."
    assert said(text) == [
        ("INTERVIEWER", "i", "How?"), ("WORKER 2", "r", "Fine."),
        ("INTERVIEWER", "i", "Who decides?"), ("WORKER 2", "r", "They do."),
    ]  # fmt: skip
    assert said("访谈员\n好吗？\n受访者\n好。\n访谈员\n为什么？\n受访者\n会听。", "zh")[1] == ("受访者", "r", "好。")


def test_a_usual_word_alone_on_a_line_of_an_answer_is_no_head():
    text = "I: Who decides?\nR1: Well,\nManager\nI: And else?\nR1: The\nManager"
    assert said(text)[1] == ("R1", "r", "Well,\nManager")


def test_numbers_before_usual_labels_are_no_part_of_them():
    assert said("1. I: How?\n2. R1: Fine.\n3) I: Why?\n4、R1: So.") == [
        ("I", "i", "How?"), ("R1", "r", "Fine."), ("I", "i", "Why?"), ("R1", "r", "So.")
    ]  # fmt: skip


def bold_lines(text: str, *numbers: int) -> dict[int, int]:
    spans = list(lines_of(text))
    return {spans[n][0]: spans[n][1] for n in numbers}


def test_questions_in_bold_are_the_interviewer_s_where_nobody_is_named():
    text = "Talk 3\nHow is it?\nCalm.\nAnd light.\nTell me more.\nWhy?\nThey ask."
    found = parse(text, bold=bold_lines(text, 1, 4, 5))
    assert [(t.speaker, t.role.value[0], text[t.span.start : t.span.end]) for t in found.turns] == [
        ("Q", "i", "How is it?"), ("A", "r", "Calm.\nAnd light."),
        ("Q", "i", "Tell me more.\nWhy?"), ("A", "r", "They ask."),
    ]  # fmt: skip
    assert found.warnings == (
        "no speaker labels: lines in bold are taken as the interviewer's, the others as the respondent's",
    )


@pytest.mark.parametrize("numbers", [(1,), (0, 2, 3), ()])
def test_other_bold_lines_ask_nothing(numbers):
    text = "Summary\nHow is it?\nCalm.\nIn short.\nThey ask.\nAnd more."
    assert [t.speaker for t in parse(text, bold=bold_lines(text, *numbers)).turns] == [""]


@pytest.mark.parametrize(
    ("text", "label", "places"),
    [
        ("I: How? R1: Fine. I: Why? R1: So.", "R1", 3),
        ("Interviewer: How is it now Worker: Fine it is\nWorker: So Interviewer: Why", "Worker", 2),
        ("访谈员：好吗？受访者：好。访谈员：为什么？受访者：会听。", "受访者", 3),
    ],
)
def test_labels_inside_of_lines_are_told(text, label, places):
    found = parse(text, "zh" if "访" in text else "en")
    assert f"'{label}:' stands inside of a line, where no turn begins (such places: {places})" in found.warnings


@pytest.mark.parametrize(
    "text",
    [
        "I: How?\nR1: I told the manager: no. I told the worker: yes.",
        "[00:01] Interviewer: How?\n[00:02] Worker: Fine.\n**Interviewer:** Why?\n**Worker:** So.",
        "1. Interviewer: How?\n2. Worker: Fine.\n3. Interviewer: Why?",
        "[00:00:01] 访谈员：好吗？\n[00:00:02] 受访者：好。\n- 访谈员：为什么？",
    ],
)
def test_what_is_no_label_inside_of_a_line_is_not_told(text):
    assert not [one for one in parse(text).warnings if "inside of a line" in one]
