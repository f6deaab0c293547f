from __future__ import annotations

import hashlib

import pytest

import bwa_study.load.gate as gate
from bwa_study.load.gate import ENCODINGS, Rejected, Source, decode, read_source


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
            f"f.txt: unknown encoding '{name}' — use one of utf-8, utf-16, gb18030, big5, big5hkscs, cp1252"
        )


def test_bytes_that_are_not_utf8_give_byte_and_line():
    assert refusal(b"one\ntwo\xff") == (
        "f.txt:2: not valid UTF-8 at byte 7 (0xFF) — save it as UTF-8, or state its encoding "
        "(one of utf-8, utf-16, gb18030, big5, big5hkscs, cp1252)"
    )
    assert refusal(b"\xef\xbb\xbfone\xff").startswith("f.txt:1: not valid UTF-8 at byte 6 (0xFF)")


def test_bytes_that_are_not_of_the_stated_encoding_say_so():
    assert refusal(b"a\n\xff\xff", encoding="gb18030") == (
        "f.txt:2: not gb18030 at byte 2 (0xFF) — state the encoding the file really has"
    )


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\n\rb\u2028c", "\r\n"])
def test_line_ends_stay_as_they_are(text):
    assert decode(source(text.encode())) == text
