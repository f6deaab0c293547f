from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.coding.scope import apart, time_of
from bwa_study.model.codebook import Code, Codebook, Cues, Indicator, Polarity
from bwa_study.model.corpus import Corpus
from bwa_study.model.labels import Label
from bwa_study.model.spans import Span
from bwa_study.model.transcripts import Role, Transcript, Turn

EN = Cues(
    "en",
    negate=("not", "never", "*n't", "no one"),
    window=4,
    no_cue=("not only",),
    breaks=("but",),
    wish=("hope*", "want* to"),
    before=("used to", "years ago"),
    now=("now",),
    future=("next year",),
)
ZH = Cues(
    "zh",
    negate=("不", "没有", "没"),
    window=3,
    no_cue=("不但",),
    breaks=("但",),
    wish=("希望",),
    before=("以前",),
    now=("现在",),
)


def coded(text, *, cues=(EN, ZH)):
    indicators = (Indicator("en", Polarity.PRESENT, "ask* us"), Indicator("zh", Polarity.PRESENT, "跟进"))
    book = Codebook("b", "1", (), (Code("c", "", Label(()), indicators=indicators),), cues=cues)
    turn = Turn(1, "R", Role.RESPONDENT, Span(0, len(text)), "en")
    table = bwa.apply_codebook(Corpus((Transcript("T", "P", "g", "r", (), "en", text, (turn,)),)), book).table
    return table.iloc[0]


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("They do not ever really ask us.", "absent"),
        ("They do not ever really even truly ask us.", "present"),
        ("No one would ask us.", "absent"),
        ("They never did not ask us.", "present"),
        ("They do not come, they ask us.", "present"),
        ("They do not come: ask us.", "present"),
        ("They do not come but ask us.", "present"),
        ("They not only ask us.", "present"),
        ("他们没有人跟进。", "absent"),
        ("他们没有人再来跟进。", "present"),
        ("不是没有跟进。", "present"),
        ("他们没有，跟进。", "present"),
        ("他们没但跟进。", "present"),
        ("他们不但跟进。", "present"),
        ("他们没跟进。", "absent"),
    ],
)
def test_negators_reach_so_far_in_their_clause_and_two_cancel_out(sentence, polarity):
    assert coded(sentence)["polarity"] == polarity


@pytest.mark.parametrize(
    ("sentence", "wish"),
    [
        ("We hope that some day they ask us.", True),
        ("They want to ask us.", True),
        ("They ask us, we hope.", False),
        ("We hope so, they ask us.", False),
        ("我们希望他们跟进。", True),
        ("我们希望，他们跟进。", False),
    ],
)
def test_a_wish_before_the_match_in_its_clause_is_marked_and_is_of_the_future(sentence, wish):
    row = coded(sentence)
    assert row["indicator"].endswith("[wish]") is wish
    assert row["time_ref"] == ("future" if wish else "")


@pytest.mark.parametrize(
    ("sentence", "time"),
    [
        ("They used to ask us.", "before"),
        ("They ask us, years ago it was.", "before"),
        ("Now they ask us.", "now"),
        ("They will ask us next year.", "future"),
        ("They used to ask us, now they do not.", ""),
        ("以前他们 ask us 。", "before"),
        ("现在跟进，next year too.", ""),
        ("They ask us.", ""),
    ],
)
def test_cues_of_time_in_either_language_say_what_the_sentence_speaks_of(sentence, time):
    assert coded(sentence)["time_ref"] == time


def test_without_cues_in_the_codebook_no_time_and_no_wish_is_marked():
    row = coded("We hope they ask us now.", cues=())
    assert (row["time_ref"], row["indicator"]) == ("", "en:present:ask* us")


def test_overlapping_cues_count_once_and_spared_ones_not_at_all():
    assert apart([(4, 5), (0, 1), (0, 2), (1, 3)], []) == [(0, 2), (4, 5)]
    assert apart([(0, 1), (3, 4)], [(0, 2)]) == [(3, 4)]


def test_two_times_are_none():
    assert (time_of([]), time_of(["now", "now"]), time_of(["now", "before"])) == ("", "now", "")
