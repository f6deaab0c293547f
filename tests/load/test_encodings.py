from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bwa_study
from bwa_study.load.encodings import ENCODINGS, reading_of, readings, settled, utf8_rival
from bwa_study.load.han_frequency import CANTONESE, SIMPLIFIED, TRADITIONAL

ROOT = Path(__file__).parents[1]
OWN = [
    "訪談員：最近工廠裡有什麼變化嗎？",
    "受訪者：主管現在比較願意聽我們說，加班費也算得清楚了。",
    "我們以前什麼都不敢講，怕被罵，也怕扣錢。",
    "品牌的人每個月來一次，會找工人坐下來談。",
    "老實說，培訓是有，但是回到產線上還是趕貨。",
    "宿舍的熱水修好了，食堂的菜還是一樣鹹。",
]
"""Written for this test."""
WESTERN = [
    "Désolé, le directeur n’est pas venu à l’usine depuis l’été dernier.",
    "Die Fabrik hat größere Räume für die Schulung bekommen.",
    "El señor García dice que la fábrica no pagó las horas extras.",
    "“We don’t know,” she said – it’s about £20.",
    "A pessoa não quis falar sobre a situação no chão de fábrica.",
]


@pytest.fixture(scope="module")
def sentences() -> dict[str, list[str]]:
    texts = (Path(bwa_study.__file__).parent / "demo/texts").glob("*.yaml")
    simplified = [s for f in sorted(texts) for s in re.findall(r'"([^"]*[一-鿿][^"]*)"', f.read_text(encoding="utf-8"))]
    traditional = (ROOT / "data/archive_tw/lines.txt").read_text(encoding="utf-8").splitlines()
    return {"simplified": simplified, "traditional": traditional + OWN}


def found(text: str, encoding: str) -> str:
    best = settled(readings(text.encode(encoding)))
    return best.encoding if best else "asked"


def test_every_whole_sentence_of_the_demo_and_of_the_meetings_is_told_apart(sentences):
    counts = Counter((kind, found(s, "gb18030")) for kind, many in sentences.items() for s in many if not s.isascii())
    assert set(counts) == {("simplified", "gb18030"), ("traditional", "gb18030")}
    assert sum(counts.values()) > 1300
    assert {found(s, "big5") for s in sentences["traditional"]} == {"big5"}


def test_big5_read_as_gb18030_passes_and_is_nonsense_that_scores_worse():
    data = "\n".join(OWN).encode("big5")
    nonsense = data.decode("gb18030")
    assert "薑" in nonsense or len(nonsense) > 100
    right, wrong = reading_of(data, "big5"), reading_of(data, "gb18030")
    assert right.plausible
    assert not wrong.plausible
    assert wrong.bits - right.bits > 500


@given(st.data())
def test_texts_of_eight_characters_and_more_are_never_taken_for_another_encoding(sentences, data):
    kind, encoding = data.draw(
        st.sampled_from([("simplified", "gb18030"), ("traditional", "gb18030"), ("traditional", "big5"),
                         ("traditional", "cp950"), ("traditional", "big5hkscs")])
    )  # fmt: skip
    text = "\n".join(data.draw(st.lists(st.sampled_from(sentences[kind]), min_size=1, max_size=4)))
    start = data.draw(st.integers(0, max(0, len(text) - 8)))
    cut = text[start : start + data.draw(st.integers(8, 200))]
    han = sum("一" <= c <= "鿿" for c in cut)
    if han < 8:
        return
    best = settled(readings(cut.encode(encoding)))
    assert best is None or cut.encode(encoding).decode(best.encoding) == cut


@pytest.mark.parametrize("text", WESTERN)
def test_western_european_text_is_known_by_its_accents_and_quotes(text):
    assert found(text, "cp1252") == "cp1252"
    assert found("I: Hello, how are you?\nR1: " + text.split(" ")[0] + " é\n", "cp1252") == "cp1252"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("工場の労働者は残業について話しました。", "shift_jis"),
        ("工場の労働者は残業について話しました。", "euc_jp"),
        ("공장 노동자들은 초과 근무에 대해 이야기했습니다.", "euc_kr"),
        ("Рабочие говорят о зарплате и о начальстве.", "cp1251"),
        ("Рабочие говорят о зарплате и о начальстве.", "koi8-r"),
        ("Désolé, l’été dernier était très dur.", "mac-roman"),
        ("Désolé, l'été dernier était très dur.", "cp437"),
        ("Pracownicy mówią, że nadgodziny są płatne i było źle.", "cp1250"),
    ],
)
def test_text_in_an_encoding_we_do_not_know_is_not_taken_for_one_we_do(text, encoding):
    assert found(text, encoding) == "asked"


@given(st.binary(min_size=40, max_size=400))
def test_random_bytes_are_no_text(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        assert settled(readings(bytes(b | 0x80 for b in data))) is None


def test_windows_characters_beyond_big5_are_read_as_cp950_or_hkscs():
    assert found("這裏的恒溫設備壞了，我們很熱。", "cp950") == "cp950"
    assert found("佢哋成日話冇嘢，啲工友都唔敢出聲㗎。", "big5hkscs") == "big5hkscs"


def test_a_rare_character_in_a_real_text_is_kept():
    data = "访谈员：您在这家厂多久了？\n工人：三年。\U00020bb7".encode("gb18030")
    best = settled(readings(data))
    assert data.decode(best.encoding).endswith("\U00020bb7")


def test_the_preview_is_the_first_line_that_is_not_ascii_with_its_number():
    best = readings(b"I: hi\r\n\r\n" + "工人：他们说可以。\r\n再见".encode("gb18030"))[0]
    assert (best.line, best.preview) == (3, "工人：他们说可以。")


def test_a_reading_must_decode_the_whole_file_and_not_only_the_sample():
    data = "工人说。\n".encode("gb18030") * 20_000 + b"\xff\n"
    assert "gb18030" not in [r.encoding for r in readings(data)]


def test_a_few_characters_that_are_utf8_by_chance_have_a_rival():
    assert utf8_rival("什么".encode("gb18030")).preview == "什么"
    for text in ("café", "Ελλάδα", "Привет", "naïve – “no”", "工人", "10 °C ± 2", "plain", "ÜÖÄ"):
        assert utf8_rival(text.encode()) is None


def test_every_encoding_can_be_decoded():
    assert [b"a".decode(e) for e in ENCODINGS if e != "utf-16"] == ["a"] * (len(ENCODINGS) - 1)


def test_the_two_lists_are_of_one_length_and_in_their_script():
    assert len(SIMPLIFIED) == len(TRADITIONAL)
    assert set(SIMPLIFIED.encode("gb2312").decode("gb2312")) == set(SIMPLIFIED)
    assert set(TRADITIONAL.encode("big5").decode("big5")) == set(TRADITIONAL)
    assert not set("这们说时会对过还进") & set(TRADITIONAL)
    assert set(CANTONESE.encode("big5hkscs").decode("big5hkscs")) == set(CANTONESE)
