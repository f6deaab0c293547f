"""The language of a transcript, as its script and the name of its file tell it: proposals, for people to check."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from bwa_study.model.words import count_han, count_words, has_han

_WORDS = {
    "en": ("en", "eng", "english", "英文"),
    "zh": ("zh", "cn", "chinese", "中文"),
    "yue": ("cantonese", "粤语", "粵語"),
    "ar": ("arabic",),
    "am": ("amharic",),
    "bn": ("bengali", "bangla"),
    "de": ("german", "deutsch"),
    "es": ("spanish", "español"),
    "fr": ("french", "français"),
    "hi": ("hindi",),
    "ht": ("creole", "kreyòl"),
    "id": ("indonesian", "bahasa"),
    "it": ("italian", "italiano"),
    "ja": ("japanese", "日本語"),
    "km": ("khmer",),
    "ko": ("korean",),
    "lo": ("lao",),
    "my": ("burmese",),
    "ne": ("nepali",),
    "pt": ("portuguese", "português"),
    "ru": ("russian",),
    "si": ("sinhala",),
    "sw": ("swahili",),
    "ta": ("tamil",),
    "th": ("thai",),
    "tl": ("tagalog",),
    "tr": ("turkish",),
    "ur": ("urdu",),
    "vi": ("vietnamese",),
}
LANGUAGE_NAMES = {word: tag for tag, words in _WORDS.items() for word in words}
"""Tag of a language by its name, in small letters."""
_CODES = {
    **{tag: tag for tag in _WORDS if tag not in ("am", "it", "my")},  # which are words, too
    "ben": "bn",
    "deu": "de",
    "spa": "es",
    "fra": "fr",
    "ind": "id",
    "khm": "km",
    "por": "pt",
    "vie": "vi",
}
"""Read as a language only as the name of a folder, or at the end of a file's: ``talk_3.de.docx``."""
ORIGINAL = frozenset({"original", "orig", "原文"})
TRANSLATION = frozenset({"translation", "translated", "译文", "翻译", "譯文", "翻譯"})
_SCRIPTS = {
    "KHMER": "km",
    "BENGALI": "bn",
    "THAI": "th",
    "LAO": "lo",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TAMIL": "ta",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "ETHIOPIC": "am",
}
_READ = 4000


def pieces_of(stem: str) -> list[str]:
    """The parts of a name between blanks, points, dashes and the like."""
    return [piece for piece in re.split(r"[\s_.,;()（）\[\]/\\-]+", stem) if piece]


def language_of_name(stem: str) -> tuple[str, list[str]]:
    """The language that a path without its ending tells (empty if none), and its parts that say nothing of a language.

    Examples
    --------
    >>> language_of_name("F03_W_04.km"), language_of_name("id 7 (German translation)"), language_of_name("vi/7")
    (('km', ['F03', 'W', '04']), ('de', ['id', '7']), ('vi', ['7']))
    """
    *folders, name = stem.replace("\\", "/").split("/")
    found = [_language_of_part(part) for part in (name, *reversed(folders))]
    told = next((tag for tag, _ in found if tag), "")
    return told, [piece for _, left in reversed(found) for piece in left]


def _language_of_part(part: str) -> tuple[str, list[str]]:
    told, left = "", []
    at_the_end = True
    for piece in reversed(pieces_of(part)):
        word = unicodedata.normalize("NFC", piece).casefold()
        tag = LANGUAGE_NAMES.get(word) or (_CODES.get(word, "") if at_the_end else "")
        if not tag and word not in ORIGINAL | TRANSLATION:
            at_the_end = False
            left.append(piece)
        told = told or tag
    return told, left[::-1]


def language_of_script(text: str) -> str:
    """``zh`` for Han characters, the language of a script that only one language has, and ``en`` for Latin letters.

    Empty where the script does not tell, as Arabic or Cyrillic letters. Latin letters may be any language's; what a
    name says goes before.

    Examples
    --------
    >>> language_of_script("我们都说了。"), language_of_script("আমরা বলেছি"), language_of_script("We said so.")
    ('zh', 'bn', 'en')
    """
    if count_han(text) > count_words(text) / 2:
        return "zh"
    letters = Counter(unicodedata.name(c, "").split(" ")[0] for c in text[:_READ] if unicodedata.category(c)[0] == "L")
    if letters["HIRAGANA"] + letters["KATAKANA"] > letters["LATIN"]:
        return "ja"
    script = letters.most_common(1)[0][0] if letters else "LATIN"
    return "en" if script == "LATIN" else _SCRIPTS.get(script, "")


def language_told(name: str, text: str) -> str:
    """The language of a text whose file's name says `name`, which may be empty: what its script allows goes first.

    Examples
    --------
    >>> language_told("vi", "Chúng tôi đã nói."), language_told("en", "我们都说了。"), language_told("ur", "ہم نے کہا")
    ('vi', 'zh', 'ur')
    """
    by_script = language_of_script(text)
    if name in ("zh", "yue"):
        return name if has_han(text) else by_script
    return name if name and by_script in ("en", "") and name not in _SCRIPTS.values() else by_script
