from __future__ import annotations

import hashlib
import re

import pytest

import bwa_study.load.gate as gate
from bwa_study.load.gate import (
    ENCODINGS,
    Rejected,
    Source,
    decode,
    is_guess,
    read_source,
    refuse_kind,
    settle_encoding,
)
from bwa_study.model.errors import shown


def source(data: bytes) -> Source:
    return Source("f.txt", data, "")


def refusal(data: bytes, **kwargs: str) -> str:
    with pytest.raises(Rejected) as caught:
        decode(source(data), **kwargs)
    return str(caught.value)


def test_a_file_comes_with_its_bytes_and_their_digest(tmp_path):
    (tmp_path / "工 人.txt").write_bytes(b"one\r\n")
    read = read_source(tmp_path / "工 人.txt", name="raw/工 人.txt", folder=tmp_path)
    assert (read.name, read.data, read.digest) == ("raw/工 人.txt", b"one\r\n", hashlib.sha256(b"one\r\n").hexdigest())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none.txt", "there is no such file — check the name, or put the file there"),
        (".", "it is not a file — give the path of a file"),
        ("../x.txt", "it lies outside of the study folder — copy the file into the folder; links out are not followed"),
        ("/etc/hostname", "it lies outside of the study folder"),
        ("C:\\data\\x.txt", "there is no such file"),
        ("a\0b", "it cannot be read (embedded null byte)"),
        ("x" * 300, "it cannot be read ("),
    ],
)
def test_a_path_that_cannot_be_read_says_why(tmp_path, name, why):
    with pytest.raises(Rejected) as caught:
        read_source(tmp_path / name, name="f.txt", folder=tmp_path)
    assert str(caught.value).startswith(f"f.txt: {why}")


@pytest.mark.parametrize("target", ["/etc/passwd", "../..", "loop"])
def test_links_that_lead_out_or_round_are_refused(tmp_path, target):
    (tmp_path / "study").mkdir()
    (tmp_path / "study/loop").symlink_to(target)
    with pytest.raises(Rejected, match="it lies outside of the study folder|it cannot be read"):
        read_source(tmp_path / "study/loop", folder=tmp_path / "study")


def test_a_link_within_the_folder_is_followed(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"x")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert read_source(tmp_path / "b.txt", folder=tmp_path).data == b"x"


def test_a_file_beyond_the_limit_is_refused_with_its_size(tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "MAX_BYTES", 1000)
    (tmp_path / "big.txt").write_bytes(b"x" * 1001)
    with pytest.raises(Rejected, match="it has 1,001 bytes — split it into files under 1,000 bytes"):
        read_source(tmp_path / "big.txt")


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("stated", [False, True])
def test_a_byte_order_mark_is_understood_and_no_part_of_the_text(mark, stated):
    encoding = mark.removesuffix("-sig") if stated else ""
    assert decode(source("I: 你好\n".encode(mark)), encoding=encoding) == "I: 你好\n"


def test_a_mark_that_contradicts_the_stated_encoding_is_refused():
    assert refusal("I: é".encode("utf-8-sig"), encoding="cp1252") == (
        "f.txt: 'cp1252' is stated but the file begins with a mark that says utf-8 — "
        "state utf-8, or leave the encoding out"
    )


@pytest.mark.parametrize("encoding", [e for e in ENCODINGS if e != "cp1252"])
def test_every_stated_encoding_reads_chinese(encoding):
    assert decode(source("工人說".encode(encoding)), encoding=encoding) == "工人說"


def test_an_unknown_encoding_names_those_that_are():
    for name in ("latin-1", "hex", "undefined"):
        assert refusal(b"x", encoding=name) == (
            f"f.txt: unknown encoding '{name}' — use one of utf-8, utf-16, gb18030, big5, cp950, big5hkscs, cp1252"
        )


def test_bytes_that_are_not_utf8_give_byte_and_line():
    assert refusal(b"one\ntwo\xff") == (
        "f.txt:2: not valid UTF-8 at byte 7 (0xFF) — save it as UTF-8, or state its encoding "
        "(one of utf-8, utf-16, gb18030, big5, cp950, big5hkscs, cp1252)"
    )
    assert refusal(b"\xef\xbb\xbfone\xff").startswith("f.txt:1: not valid UTF-8 at byte 6 (0xFF)")


def test_bytes_that_are_not_of_the_stated_encoding_say_so():
    assert refusal(b"a\n\xff\xff", encoding="gb18030") == (
        "f.txt:2: not gb18030 at byte 2 (0xFF) — state the encoding the file really has"
    )


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\n\rb\u2028c", "\r\n"])
def test_line_ends_stay_as_they_are(text):
    assert decode(source(text.encode())) == text


def settle(data: bytes, **kwargs: str) -> tuple[str, str, list[str]]:
    settled, warnings = settle_encoding(source(data), **kwargs)
    return settled.encoding, decode(settled), [str(w) for w in warnings]


def asks(data: bytes, **kwargs: str) -> str:
    with pytest.raises(Rejected) as caught:
        settle_encoding(source(data), **kwargs)
    return str(caught.value)


def test_a_guess_is_a_warning_with_the_line_it_rests_on_and_the_place_to_state_it():
    text = "[00:01] I: hello\n受访者：他们每个月都来。\n"
    encoding, read, warnings = settle(text.encode("gb18030"))
    assert (encoding, read) == ("gb18030", text)
    (warning,) = warnings
    assert warning == (
        "f.txt:2: warning: read as gb18030, a guess: this line is '受访者：他们每个月都来。' — if that is right, state "
        "it in the manifest's column 'encoding', or for all files as 'encoding: gb18030' in study.yaml; if not, "
        "state the right one"
    )
    assert is_guess(settle_encoding(source(text.encode("gb18030")))[1][0])


@pytest.mark.parametrize("stated", [{"stated": "gb18030"}, {"otherwise": "gb18030"}, {"otherwise": "GB18030"}])
def test_what_is_stated_is_no_guess_and_is_not_reported(stated):
    assert settle("工人说他们不敢说。".encode("gb18030"), **stated) == ("gb18030", "工人说他们不敢说。", [])


def test_the_encoding_of_the_other_files_does_not_touch_one_that_is_utf8():
    assert settle("工人说。".encode(), otherwise="gb18030") == ("utf-8", "工人说。", [])
    assert settle("工人说。".encode("utf-16"), otherwise="gb18030") == ("utf-16", "工人说。", [])


def test_a_statement_that_reads_as_nonsense_where_another_encoding_reads_text_is_doubted():
    encoding, read, warnings = settle("工人：我們不敢說。".encode("big5"), stated="gb18030")
    assert (encoding, read) == ("gb18030", "工人：我們不敢說。".encode("big5").decode("gb18030"))
    (warning,) = warnings
    assert warning == (
        f"f.txt:1: warning: 'gb18030' is stated, which reads '{shown(read)}' — big5 would read '工人：我們不敢說。'; "
        "state it in the manifest's column 'encoding', or for all files as 'encoding: big5' in study.yaml"
    )
    assert "utf-8 would read '工人说不敢说'" in settle("工人说不敢说".encode(), stated="gb18030")[2][0]


def test_two_encodings_that_cannot_be_told_apart_are_an_error_that_shows_both():
    data = "諾".encode("big5")
    assert asks(data) == (
        f"f.txt:1: not valid UTF-8 at byte 0 (0x{data[0]:02X}) — save it as UTF-8, or state its encoding in the "
        "manifest's column 'encoding', or for all files as 'encoding: …' in study.yaml: perhaps gb18030, which reads "
        f"'{data.decode('gb18030')}' or big5, which reads '諾'"
    )


def test_utf8_by_chance_is_asked_about():
    message = asks("什么".encode("gb18030"))
    assert message.startswith("f.txt:1: too little text to tell its encoding — save it as UTF-8, or state its encoding")
    assert message.endswith("perhaps utf-8, which reads 'ʲô' or gb18030, which reads '什么'")
    assert settle("什么".encode("gb18030"), otherwise="gb18030") == ("gb18030", "什么", [])
    assert settle("ʲô".encode(), otherwise="utf-8") == ("utf-8", "ʲô", [])


def test_broken_utf8_is_no_other_encoding():
    for data, at in ((b"INT: caf\xe9\nWK01: \xe5\xb7\xa5\xe4\xba\xba\n", 8), (b"W: \xed\xa0\xbd smile", 3)):
        assert asks(data).startswith(f"f.txt:1: not valid UTF-8 at byte {at} (0x{data[at]:02X}) — save it as UTF-8, or")


def test_zero_bytes_are_no_text():
    assert refusal("I: hi".encode("utf-16-le")) == (
        "f.txt:1: a zero byte at byte 1: this is no plain text, or UTF-16 without its mark — "
        "save it as UTF-8, or state utf-16 if it is that"
    )
    assert "a zero byte at byte 3" in asks("é\n\0".encode())
    assert decode(source("I: 工人".encode("utf-16-le")), encoding="utf-16") == "I: 工人"


def test_where_nothing_can_be_stated_the_hint_is_only_a_hint():
    with pytest.raises(Rejected) as caught:
        decode(source("title: 工厂的辅导".encode("gb18030")), state=None)
    assert str(caught.value) == (
        "f.txt:1: not valid UTF-8 at byte 7 (0xB9) — save it as UTF-8; it seems to be gb18030, which would read "
        "'title: 工厂的辅导'"
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("m.pkl", "a pickle can run commands and is never opened"),
        ("M.JOBLIB", "a pickle can run commands"),
        ("p.qdpx", "a project of another program (REFI-QDA) becomes a study with 'bwa-study init FOLDER --from FILE'"),
        ("x.zip", "archives are not unpacked"),
        ("x.docm", "they can hold macros"),
    ],
)
def test_kinds_that_are_never_read_say_why(name, why):
    with pytest.raises(Rejected, match=re.escape(why) + ".* — give text"):
        refuse_kind(name, instead="give text")


@pytest.mark.parametrize("name", ["a.txt", "A.DOCX", "b.vtt", "pickle.csv", "no_ending"])
def test_other_kinds_pass(name):
    assert refuse_kind(name, instead="give text") is None
