"""Which encoding a text is in, told by how much of it is what people write.

Big5 bytes decode as GB18030 without an error and give nonsense, so no reading is taken because it passes. Every reading
is scored as a whole: the information, in bits, of its characters under a rough model of Chinese (simplified,
traditional) and of Western European text. All readings are of the same bytes, so the difference of two scores is the
logarithm of how much likelier one is than the other.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from bwa_study.load.han_frequency import CANTONESE, SIMPLIFIED, TRADITIONAL

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "cp950", "big5hkscs", "cp1252")
"""Encodings that can be stated."""

BROKEN = "utf-8 with broken places"
MARGIN = 10.0
"""Bits by which the best reading must lead: about a thousand to one."""
MOST_BITS = {"gb18030": 12.5, "big5": 12.5, "cp950": 12.5, "big5hkscs": 12.5, "cp1252": 10.5}
"""Bits a character, over the characters that are not ASCII, beyond which a reading is no text of its kind."""

UNLIKELY = 8.0
"""Bits by which a reading that is no text is held to be less likely from the start."""

_SAMPLE = 60_000
_FAMILIES = (("gb18030",), ("big5", "cp950", "big5hkscs"), ("cp1252",))
_ASCII = 6.0
_COMMAS = {"，": 0.05, "。": 0.035, "：": 0.012, "、": 0.008, "？": 0.008, "“": 0.004, "”": 0.004, "！": 0.004}
_MARKS = "…（）；《》—‘’「」『』\u3000·．％～〈〉【】"
_WESTERN = {
    **dict.fromkeys("éèàçêüöäßñáíóúôâîûëïøåæãõ’", 7.6),
    **dict.fromkeys("ÉÈÀÇÊÜÖÄÑÁÍÓÚÔÂÎØÅœ“”‘–—…•", 9.0),
    **dict.fromkeys("€£°§«»¿¡ºª\xa0·©®™ùò", 10.0),
}
_UNUSUAL, _UNHEARD = 15.0, 22.0
_SELDOM = re.compile("[\u0180-\u02ff\u0460-\u058f]")
_BROKEN_BYTE, _BROKEN_SIGN = 20.0, 12.0
_TWO_HIGH = re.compile("(?=[\xc0-\xffŒœŠšŽžŸ]{2})")
_CAPITAL_INSIDE = re.compile("[a-z\xdf-\xff][\xc0-\xdeŒŠŽŸ]")
_MARK_INSIDE = re.compile("[A-Za-z][^\x00-\x7f\xc0-\xffŒœŠšŽžŸ’‘·\xa0–—][A-Za-z]")
_LETTER_BESIDE_HAN = re.compile("(?=[A-Za-z][㐀-鿿]|[㐀-鿿][A-Za-z])")
_BAD_SIGN = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]|[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the bytes.

    ``bits`` is the score of the sample, less is likelier; ``each`` the bits of a character that is not ASCII, without
    what stands oddly beside another, and ``count`` the number of these; ``preview`` the first line that is not ASCII,
    and ``line`` its number.
    """

    encoding: str
    bits: float
    each: float
    preview: str
    line: int
    count: int = 1000

    @property
    def plausible(self) -> bool:
        """Whether people write such text at all; a few characters may all be rare."""
        few = 0.0 if self.encoding == "cp1252" else 4.0 / self.count
        return self.each <= MOST_BITS.get(self.encoding, math.inf) + few


def readings(data: bytes) -> tuple[Reading, ...]:
    """Every way to read bytes that are not UTF-8, the likeliest first.

    The sample is the lines that are not ASCII, up to 60,000 bytes; a reading must decode the whole file.

    Examples
    --------
    >>> best, *others = readings("工人：我們不敢說。".encode("big5"))
    >>> best.encoding, best.plausible
    ('big5', True)
    """
    lines, first = _sample(data)
    out = [_broken(lines, first)]
    for family in _FAMILIES:
        for encoding in family:
            if (found := _reading(data, lines, first, encoding)) is not None:
                out.append(found)
                break  # the others of the family read no better what this one reads
    return tuple(sorted(out, key=lambda r: (not r.plausible, r.bits)))


def settled(found: tuple[Reading, ...]) -> Reading | None:
    """The reading to take, or None where two cannot be told apart or none is any text."""
    best = found[0]
    if best.encoding == BROKEN or not best.plausible:
        return None
    rival = min((r.bits + (0.0 if r.plausible else UNLIKELY) for r in found[1:]), default=math.inf)
    return best if rival - best.bits >= MARGIN else None


def utf8_rival(data: bytes) -> Reading | None:
    """The GB18030 reading of bytes that are UTF-8 only by chance, as a few Chinese characters can be; else None.

    Examples
    --------
    >>> utf8_rival("目前一些".encode("gb18030")).preview
    '目前一些'
    >>> utf8_rival("café, Ελλάδα, 工人".encode())
    """
    lines, first = _sample(data)
    high = [c for c in lines.decode("utf-8") if c > "\x7f"] if len(lines) < _SAMPLE else []
    if not high or max(high) >= "\u0800":
        return None
    found = _reading(data, lines, first, "gb18030")
    if found is None or not found.plausible:
        return None
    ascii_bits = _ASCII * sum(c <= "\x7f" for c in lines.decode("utf-8"))
    as_utf8 = (
        ascii_bits
        + sum(_UNHEARD if _SELDOM.match(c) else _WESTERN.get(c, _UNUSUAL) for c in high)
        + _beside_western(lines.decode("utf-8"))
    )
    return found if as_utf8 - found.bits >= MARGIN / 2 else None


def reading_of(data: bytes, encoding: str) -> Reading | None:
    """The score of one encoding; None where the bytes are not of it."""
    lines, first = _sample(data)
    return _reading(data, lines, first, encoding)


def _sample(data: bytes) -> tuple[bytes, int]:
    """Lines with bytes beyond ASCII, and the number of the first; a line feed is never part of another character."""
    out: list[bytes] = []
    size = first = 0
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.isascii():
            first = first or number
            out.append(line)
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(out), first


def _reading(data: bytes, lines: bytes, first: int, encoding: str) -> Reading | None:
    try:
        data.decode(encoding)
        text = lines.decode(encoding)
    except UnicodeDecodeError:
        return None
    high = {c: n for c, n in Counter(text).items() if c > "\x7f"}
    if encoding == "cp1252":
        high_bits = sum(n * _WESTERN.get(c, _UNUSUAL) for c, n in high.items())
        beside = _beside_western(text)
    else:
        scripts: list[tuple[Callable[[str], float], float]] = [(_traditional, 0.0)]
        if not encoding.startswith(("big5", "cp950")):
            scripts = [(_simplified, 0.15), (_traditional, 3.3)]
        high_bits = min(before + sum(n * bits(c) for c, n in high.items()) for bits, before in scripts)
        beside = 1.5 * len(_LETTER_BESIDE_HAN.findall(text))
    count = sum(high.values()) or 1
    each = (high_bits + (beside if encoding == "cp1252" else 0.0)) / count
    return Reading(encoding, high_bits + beside + _ASCII * (len(text) - count), each, _preview(text), first, count)


def _beside_western(text: str) -> float:
    """Accented letters seldom meet, capitals stand at the head of a word, marks between words."""
    return (
        4.0 * len(_TWO_HIGH.findall(text))
        + 6.0 * len(_CAPITAL_INSIDE.findall(text))
        + 6.0 * len(_MARK_INSIDE.findall(text))
    )


def _broken(lines: bytes, first: int) -> Reading:
    signs = _BAD_SIGN.findall(lines)
    text = _BAD_SIGN.sub(b"", lines).decode("utf-8", errors="replace")
    bits = _BROKEN_SIGN * len(signs)
    for c, n in Counter(text).items():
        cost = _ASCII if c < "\x80" else min(_simplified(c), _traditional(c), _WESTERN.get(c, _UNUSUAL))
        bits += n * (_BROKEN_BYTE if c == "\ufffd" else cost)
    return Reading(BROKEN, bits, 0.0, _preview(lines.decode("utf-8", errors="replace")), first)


def _preview(text: str) -> str:
    return next((line for line in text.split("\n") if not line.isascii()), "").strip()


def _simplified(char: str) -> float:
    return _chinese(char, "gb2312", 0xB0, 0xD7, SIMPLIFIED + CANTONESE)


def _traditional(char: str) -> float:
    return _chinese(char, "big5", 0xA4, 0xC6, TRADITIONAL + CANTONESE)


@cache
def _chinese(char: str, standard: str, lowest: int, highest: int, frequent: str) -> float:
    """Bits of a character; the standards put the common Han into rows of their own (`lowest` to `highest`)."""
    if char in _COMMAS:
        return -math.log2(_COMMAS[char])
    ranks = _ranks(frequent)
    if char in ranks:
        weights = sum(1 / (rank + 12) for rank in ranks.values())
        return -math.log2(0.62 / (ranks[char] + 12) / weights)
    if char in _MARKS:
        return 9.0
    if "\u3400" <= char <= "\u9fff":
        code = char.encode(standard, errors="ignore")
        return 14.0 if code and lowest <= code[0] <= highest else 18.5 if code else 22.0
    if "\uff01" <= char <= "\uff5e":
        return 12.5
    return 17.0 if char < "\ue000" else 24.0  # from U+E000: private use, presentation forms, beyond the first plane


@cache
def _ranks(frequent: str) -> dict[str, int]:
    return {char: rank for rank, char in enumerate(dict.fromkeys(frequent))}
