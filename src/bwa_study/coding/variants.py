"""Other ways to write what a pattern asks for: all forms of an English word, Traditional and Simplified characters.

They are put into the pattern as alternatives before anything is matched, so texts and their offsets stay as they are.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bwa_study.model.codebook import Codebook
from bwa_study.model.errors import WrongCall
from bwa_study.model.patterns import ANY_FORM, Choice, Gap, Item, Pattern, Sequence, Token, parse_pattern
from bwa_study.model.words import has_han


def ready_pattern(text: str, language: str, codebook: Codebook) -> Pattern:
    """A pattern with every other way to write its words in it.

    Raises
    ------
    PatternError
        If the notation does not know it.
    WrongCall
        If it asks for forms or characters whose tables are not installed.

    Examples
    --------
    >>> plain = Codebook("b", "1", (), ())
    >>> ready_pattern("came back", "en", plain) == parse_pattern("came back", "en")
    True
    """
    pattern = parse_pattern(text, language)
    if ANY_FORM not in text and not (codebook.traditional_and_simplified and pattern.by_character):
        return pattern
    both = codebook.traditional_and_simplified and pattern.by_character
    return Pattern(text, pattern.by_character, _sequence(pattern.sequence, both=both))


def _sequence(sequence: Sequence, *, both: bool) -> Sequence:
    return Sequence(tuple(_item(item, both=both) for item in sequence.items))


def _item(item: Item, *, both: bool) -> Item:
    if isinstance(item, Gap):
        return item
    if isinstance(item, Choice):
        return Choice(tuple(_sequence(option, both=both) for option in item.options), item.optional)
    (word, *more) = item.pieces
    if not more and word.startswith(ANY_FORM):
        return _one_of(forms(word[1:]))
    if both and not more and has_han(word):
        return _one_of(characters(word))
    return item


def _one_of(words: tuple[str, ...]) -> Item:
    tokens = [Token((word,)) for word in words]
    return tokens[0] if len(tokens) == 1 else Choice(tuple(Sequence((token,)) for token in tokens), optional=False)


def forms(word: str) -> tuple[str, ...]:
    """All forms of the word that `word` is a form of, itself among them, sorted; lower case.

    The table is the lookup lemmatizer's of spaCy. There an inflected word is only a key and never its own lemma, and
    keys are lower case; here a word given in any form and any case stands for all of them.

    Raises
    ------
    WrongCall
        If the extra ``lemmas`` is not installed.

    Examples
    --------
    >>> forms("complain")
    ('complain', 'complained', 'complaining', 'complains')
    >>> forms("Audits") == forms("audit")
    True
    """
    lemma_of, forms_of = _english_lemmas()
    lemma = lemma_of.get(word.lower(), word.lower())
    return tuple(sorted({word.lower(), lemma, *forms_of.get(lemma, ())}))


@cache
def _english_lemmas() -> tuple[dict[str, str], dict[str, list[str]]]:
    found = find_spec("spacy_lookups_data")
    if found is None or found.origin is None:
        raise WrongCall(f"a pattern with '{ANY_FORM}' needs a table of word forms — install bwa-study[lemmas]")
    with gzip.open(Path(found.origin).parent / "data" / "en_lemma_lookup.json.gz", "rt", encoding="utf-8") as file:
        lemma_of = {form: lemma for form, lemma in json.load(file).items() if form.isalpha() and lemma.isalpha()}
    forms_of: dict[str, list[str]] = {}
    for form, lemma in lemma_of.items():
        forms_of.setdefault(lemma, []).append(form.lower())
    return lemma_of, forms_of


def characters(char: str) -> tuple[str, ...]:
    """A Chinese character with all that are written the same in Simplified script, sorted.

    Raises
    ------
    WrongCall
        If the extra ``zh`` is not installed.

    Examples
    --------
    >>> "戶" in characters("户"), "户" in characters("戶")
    (True, True)
    """
    simplified, same = _simplified()
    key = simplified.get(char, char)
    return tuple(sorted({char, key, *same.get(key, ())}))


@cache
def _simplified() -> tuple[dict[str, str], dict[str, list[str]]]:
    try:
        from opencc import OpenCC
    except ImportError:
        raise WrongCall("Traditional and Simplified together need a table — install bwa-study[zh]") from None
    every = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    there = OpenCC("t2s").convert("\n".join(every)).split("\n")
    simplified = {a: b for a, b in zip(every, there, strict=True) if a != b and len(b) == 1}
    same: dict[str, list[str]] = {}
    for traditional, one in simplified.items():
        same.setdefault(one, []).append(traditional)
    return simplified, same
