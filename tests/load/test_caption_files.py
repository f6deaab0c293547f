from __future__ import annotations

import json

from spoken import messages, read, said

VOICES = """\
WEBVTT

STYLE
::cue(.red) { color: red }

NOTE made by hand

1
00:00:01.500 --> 00:00:02.000
<v Interviewer>What has</v>

2
00:00:02.000 --> 00:00:03.000
<v Interviewer>changed?</v>

3
00:00:03.250 --> 00:00:05.000
<v.first Mary Ann><c.red>They</c> ask &amp; listen.</v>

4
00:00:05.000 --> 00:00:06.000
Every month.

01:00:06.000 --> 01:00:07.000
<v Interviewer>Why?
<v Mary Ann>Because.
"""


def cues(*texts: str, head: str = "WEBVTT\n\n", mark: str = ".") -> str:
    return head + "".join(
        f"{n}\n00:00:{n:02d}{mark}000 --> 00:00:{n + 1:02d}{mark}000\n{text}\n\n" for n, text in enumerate(texts, 1)
    )


def test_voice_tags_name_the_speakers_and_a_turn_runs_over_many_cues():
    assert said(read(VOICES, "a.vtt")) == [
        (1.5, "Interviewer", "i", "What has changed?"),
        (3.25, "Mary Ann", "r", "They ask & listen. Every month."),
        (3606.0, "Interviewer", "i", "Why?"),
        (3606.0, "Mary Ann", "r", "Because."),
    ]


def test_names_at_the_head_of_cues_are_speakers_where_they_come_again():
    found = read(cues("I: How?", "wei (office): Well:", "wei (office): fine.", "I: Why?", "Note: this once"), "a.vtt")
    assert said(found) == [
        (1.0, "I", "i", "How?"),
        (2.0, "wei (office)", "r", "Well: fine."),
        (4.0, "I", "i", "Why? Note: this once"),
    ]


def test_a_label_that_comes_once_is_a_speaker_if_it_reads_like_a_name():
    found = read(cues("I: How?", "Blue Heron (remote): Fine.", "I: Why?", "Speaker 3: So."), "a.vtt")
    assert [speaker for _, speaker, _, _ in said(found)] == ["I", "Blue Heron (remote)", "I", "Speaker 3"]


def test_cues_of_one_word_and_tags_of_colour_are_words():
    found = read(
        cues('<font color="#f00">I: How</font>', "are", "<00:00:03.500><c>you?</c>", "R1: 好", "的。"), "a.vtt"
    )
    assert said(found) == [(1.0, "I", "i", "How are you?"), (4.0, "R1", "r", "好的。")]


def test_subrip_is_read_with_its_comma():
    found = read(cues("I: How?", "R1: <i>Fine</i>,\nthanks.", head="", mark=","), "a.srt")
    assert said(found) == [(1.0, "I", "i", "How?"), (2.0, "R1", "r", "Fine, thanks.")]


def test_windows_line_ends_make_no_difference():
    assert said(read(VOICES.replace("\n", "\r\n"), "a.vtt")) == said(read(VOICES, "a.vtt"))


def test_stated_labels_do_not_make_other_speakers_into_text():
    found = read(cues("Ash: How?", "Elm: Fine.", "Oak: Not so.", "Ash: Why?", "Elm: So.", "Oak: Hm."), "a.vtt",
                 interviewer=("Ash",))  # fmt: skip
    assert [(speaker, role) for _, speaker, role, _ in said(found)] == [
        ("Ash", "i"), ("Elm", "r"), ("Oak", "r"), ("Ash", "i"), ("Elm", "r"), ("Oak", "r"),
    ]  # fmt: skip


def test_captions_without_speakers_are_one_turn_with_a_warning():
    found = read(cues("so this", "is it"), "a.vtt")
    assert said(found) == [(None, "", "r", "so this is it")]
    assert "no speaker labels" in messages(found)[0]


def test_what_is_no_caption_file_is_said():
    assert messages(read("I: How?\nR1: Fine.\n", "a.vtt")) == [
        "a.vtt:1: not a .vtt file (Invalid format) — export the captions again"
    ]
    assert messages(read("WEBVTT\n\n1\nwords\n", "a.vtt")) == [
        "a.vtt: no cue with a time — export the captions again, with their times"
    ]


def whisper(*segments: dict[str, object]) -> str:
    return json.dumps({"text": "", "language": "en", "segments": segments})


def test_whisperx_segments_carry_speaker_and_time():
    found = read(
        whisper(
            {"start": 0.5, "end": 1.0, "text": " What has changed?", "speaker": "SPEAKER_00"},
            {"start": 1.25, "end": 2.0, "text": " They ask", "speaker": "SPEAKER_01"},
            {"start": 2.0, "end": 2.5, "text": " us.", "speaker": "SPEAKER_01"},
            {"start": 2.5, "end": 2.75, "text": " Often."},
        ),
        "a.json",
        interviewer=("SPEAKER_00",),
    )
    assert said(found) == [
        (0.5, "SPEAKER_00", "i", "What has changed?"),
        (1.25, "SPEAKER_01", "r", "They ask us. Often."),
    ]


def test_speakers_that_nobody_named_are_asked_for():
    found = read(
        whisper({"text": "How?", "speaker": "SPEAKER_00"}, {"text": "Fine.", "speaker": "SPEAKER_01"}), "a.json"
    )
    assert messages(found) == [
        (
            "a.json: nobody is known as the interviewer among the speakers 'SPEAKER_00', 'SPEAKER_01' — "
            "state them in study.yaml: speakers: {interviewer: [...], respondent: [...]}"
        )
    ]


def test_whisper_without_speakers_is_one_turn_with_a_warning():
    found = read(whisper({"start": 0, "text": " So this"}, {"start": 1, "text": " is it."}), "a.json")
    assert said(found) == [(None, "", "r", "So this is it.")]


def test_other_json_is_refused_with_what_is_read():
    mend = "give the JSON of Whisper, WhisperX or whisper.cpp: a list 'segments' of {start, end, text, speaker}"
    assert messages(read('{"a": 1}', "a.json")) == [f"a.json: no list 'segments' — {mend}"]
    assert messages(read('{"segments": [{"text": 3}]}', "a.json")) == [f"a.json: segment 1 has no 'text' — {mend}"]


def test_a_stated_label_is_a_speaker_even_if_it_comes_once():
    found = read(cues("ash: How?", "elm: Fine."), "a.vtt", interviewer=("ash",), respondent=("elm",))
    assert said(found) == [(1.0, "ash", "i", "How?"), (2.0, "elm", "r", "Fine.")]


def test_two_people_in_one_cue_are_two_turns():
    found = read(cues("Ann: How?\nBen: Fine.", "Ann: Why?", "Ben: So."), "a.vtt")
    assert messages(found)[-1].startswith("a.vtt: nobody is known as the interviewer among the speakers 'Ann', 'Ben'")
    one = read(cues("I: How?\nBen Lo: Fine,\nand calm.", "I: Why?", "Ben Lo: So."), "a.vtt")
    assert [words for *_, words in said(one)] == ["How?", "Fine, and calm.", "Why?", "So."]


def test_a_time_of_the_day_is_no_speaker():
    found = read(
        cues("I: When?", "R1: Late.", "It is 10:30 now.", "At 11:45 they came.", "At 11:50 they went."), "a.vtt"
    )
    assert [words for *_, words in said(found)] == [
        "When?",
        "Late. It is 10:30 now. At 11:45 they came. At 11:50 they went.",
    ]


def test_cues_that_roll_up_are_read_once():
    found = read(cues("so<00:00:01.500><c> we</c>", "so we", "so we\nbegan", "began", "began\nlast year"), "a.vtt")
    assert [words for *_, words in said(found)] == ["so we began last year"]
    assert messages(found)[0] == (
        "a.vtt: note: lines that repeat the cue before left out (4) — only the visible text is read"
    )


def test_a_word_that_somebody_says_twice_stays():
    found = read(cues("I: Yes?", "R1: Yes.", "Yes.", "I: Why?", "R1: So."), "a.vtt")
    assert said(found)[1][3] == "Yes. Yes."


def test_words_before_the_first_speaker_are_told():
    found = read(cues("[music]", "I: How?", "R1: Fine."), "a.vtt")
    assert messages(found) == ["a.vtt: note: 1 line before the first speaker is left out — they are shown in no table"]


def test_people_who_are_only_dashes_are_told():
    assert messages(read(cues("- How?\n- Fine."), "a.srt".replace("srt", "vtt")))[0] == (
        "a.vtt: warning: two people speak in one cue, without names, by lines that begin with a dash (cues: 1) "
        "— look whether something is missing"
    )


def test_a_segment_whose_words_have_two_speakers_is_two_turns():
    def word(text: str, start: float, speaker: str = "") -> dict[str, object]:
        return {"word": text, "start": start, **({"speaker": speaker} if speaker else {})}

    words = [word("How", 0.1, "I"), word("is it?", 0.3), word("Calm.", 1.0, "R1")]
    found = read(whisper({"start": 0.0, "text": " How is it? Calm.", "speaker": "I", "words": words}), "a.json")
    assert said(found) == [(0.1, "I", "i", "How is it?"), (1.0, "R1", "r", "Calm.")]


def test_a_segment_has_the_speaker_of_its_words_and_one_without_goes_on_and_is_told():
    spoken = {"start": 2.0, "text": "Calm.", "words": [{"word": "Calm.", "speaker": "R1"}]}
    found = read(
        whisper({"start": 0.0, "text": "How?", "speaker": "I"}, spoken, {"start": 3.0, "text": "Yes."}), "a.json"
    )
    assert said(found) == [(0.0, "I", "i", "How?"), (2.0, "R1", "r", "Calm. Yes.")]
    assert messages(found) == [
        "a.json: warning: segments without a speaker go on with the one before (1) — look whether something is missing"
    ]


def test_blank_segments_are_no_speakers():
    found = read(whisper({"text": "How?"}, {"text": "Fine."}, {"text": " "}), "a.json")
    assert not any("segments without a speaker" in line for line in messages(found))


def test_the_json_of_whisper_cpp_is_read():
    text = json.dumps({"transcription": [{"offsets": {"from": 1500, "to": 2000}, "text": " Calm."}]})
    assert said(read(text, "a.json")) == [(None, "", "r", "Calm.")]


def test_a_name_on_a_line_of_its_own_speaks_the_next():
    found = read(
        cues("Interviewer:\nHow is it?", "Worker:", "Fine.\nAnd calm.", "[Interviewer]\nWhy?", "Worker: So."), "a.vtt"
    )
    assert [(who, words) for _, who, _, words in said(found)] == [
        ("Interviewer", "How is it?"), ("Worker", "Fine. And calm."), ("Interviewer", "Why?"), ("Worker", "So.")
    ]  # fmt: skip


def test_marks_of_place_in_subtitles_are_no_words():
    found = read(cues("{\\an8}<font color='#ff0'>I: How?</font>", "R1: Fine {sic}.", head="", mark=","), "a.srt")
    assert [words for *_, words in said(found)] == ["How?", "Fine {sic}."]
