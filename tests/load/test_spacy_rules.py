"""Every fault of a `spacy` entry is named with its place before anything is coded."""

from __future__ import annotations

import pytest

from bwa_study.load.codebook import parse_codebook
from bwa_study.model.errors import CodebookError

HEAD = """\
version: 1
languages: [en, zh]
spacy: {zh: {pipeline: zh_core_web_sm}}
codes:
  - id: c
    patterns: [visit]
    spacy:
"""


def faults(*entries, head=HEAD):
    """Problems of a codebook as ``line:column: what — mend``; the first entry is in line 8."""
    text = head + "".join(f"      - {entry}\n" for entry in entries)
    try:
        parse_codebook(text, file="book.yaml")
    except CodebookError as fault:
        return [str(p).removeprefix("book.yaml:") for p in fault.problems]
    return []


def tokens(listed, more=""):
    return f"{{name: a, lang: en, tokens: [{listed}]{more}}}"


def test_entries_become_indicators():
    book = parse_codebook(HEAD + '      - {name: a, lang: en, tokens: [{LOWER: came}], near: "back"}\n', file="b.yaml")
    (one,) = book["c"].spacy
    assert (one.pattern, one.kind, one.rules, one.near) == ("spacy:a", "tokens", '[{"LOWER": "came"}]', "back")
    assert book.pipelines == (("zh", "zh_core_web_sm"),)


def test_a_codebook_without_them_keeps_its_digest():
    plain = parse_codebook("version: 1\ncodes: [{id: c, patterns: [visit]}]\n", file="b.yaml")
    assert plain.digest == "0e5c01ad3556c673484f6ebf224bdaf76c387067f1b0db25d2bf526610bfdc68"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            tokens("{LOWR: came}"),
            (
                "8:39: unknown attribute 'LOWR', did you mean 'LOWER'? — spaCy's documentation of Matcher lists the "
                "attributes"
            ),
        ),
        (tokens("{LOWER: Came}"), "8:46: LOWER is never 'Came' — write it in lower case: came"),
        (
            tokens('{TEXT: {REGEX: "(a+)+b"}}'),
            (
                "8:45: 'REGEX' is a regular expression, which can take forever — list the words with IN, or use the "
                "notation of 'indicators', where * stands for letters"
            ),
        ),
        (
            tokens("{POS: VERB}"),
            (
                "8:39: POS needs a trained pipeline; spacy.blank does not know it — name an installed one at the top: "
                "spacy: {en: {pipeline: en_core_web_sm}}"
            ),
        ),
        (
            tokens("{LOWER: a}, {OP: '*'}, {LOWER: b, OP: +}, {OP: '{1,3}'}"),
            (
                "8:85: 3 tokens that may be repeated — use at most 2 of '*', '+' and '{n,m}' in a pattern: more "
                "can take "
                "forever"
            ),
        ),
        (tokens("{LOWER: a}, {OP: '{1,99}'}"), "8:55: a token repeated '{1,99}' — use at most 30"),
        (
            tokens("{LOWER: a, OP: '?'}"),
            "8:37: the pattern matches anything, or nothing at all — give one token that must be there",
        ),
        (
            tokens("{LOWER: a}", ", near: a, everywhere: true"),
            "8:57: 'near' and 'everywhere' exclude each other — keep one of them",
        ),
        (
            tokens("{LOWER: a}", ", near: 'a+'"),
            (
                "8:57: pattern 'a+': '+' in 'a+' is not part of the notation — use words, *, (a|b), (a)? and _3_; no "
                "regular expressions"
            ),
        ),
        (
            "{name: a, lang: de, tokens: [{LOWER: a}]}",
            (
                "8:25: a spacy indicator in 'de', which is not one of the codebook's languages — add 'de' to "
                "'languages' "
                "at the top"
            ),
        ),
        (
            "{name: a, lang: en}",
            "8:9: neither 'tokens' nor 'dependency' — give one pattern; write two as two entries",
        ),
        (
            "{name: a b, lang: en, tokens: [{LOWER: a}]}",
            (
                "8:16: spacy name has invisible, non-ASCII or other characters that are not allowed: U+0020 "
                "SPACE — use "
                "ASCII letters, digits, '_', '-' and '.' only"
            ),
        ),
    ],
)
def test_a_fault_is_named_with_its_place(entry, message):
    assert faults(entry) == [message]


def test_a_value_that_spacy_does_not_take_is_named():
    (told,) = faults(tokens("{LENGTH: many}"))
    assert told.startswith("8:47: attribute 'LENGTH', value 'many': input should be a valid")


def test_a_dependency_pattern_without_a_pipeline_is_refused():
    entry = "{name: a, lang: en, dependency: [{RIGHT_ID: v, RIGHT_ATTRS: {LOWER: came}}]}"
    assert faults(entry) == [
        (
            "8:29: a dependency pattern needs a parser; spacy.blank has none — name an installed one at the top: "
            "spacy: {en: {pipeline: en_core_web_sm}}"
        ),
    ]


def test_every_fault_of_a_dependency_pattern_is_named():
    entry = (
        "{name: a, lang: zh, dependency: [{RIGHT_ID: v, RIGHT_ATTRS: {}}, {LEFT_ID: w, REL_OP: '>>>', RIGHT_ID: v, "
        "RIGHT_ATTRS: {LOWER: 来, OP: '*'}}, {LEFT_ID: v, RIGHTID: x}]}"
    )
    assert [told.split(": ", 1)[1].split(" — ")[0] for told in faults(entry)] == [
        "a node that is any word",
        "LEFT_ID 'w' is no node before this one",
        "relation '>>>' is not known",
        "RIGHT_ID 'v' is no name, or given twice",
        "OP has no meaning in a dependency pattern",
        "field 'REL_OP' is missing",
        "field 'RIGHT_ID' is missing",
        "field 'RIGHT_ATTRS' is missing",
        "unknown field 'RIGHTID', did you mean 'RIGHT_ID'?",
    ]


def test_an_indicator_that_would_never_be_asked_is_refused():
    head = "version: 1\ncodes:\n  - id: c\n    spacy:\n"
    assert faults(tokens("{LOWER: a}"), head=head) == [
        (
            "5:9: this spacy indicator would never be asked: its code has no plain indicator that could fire — add "
            "'near: a pattern' or 'everywhere: true'"
        ),
    ]


def test_names_are_distinct_in_a_code():
    assert faults(tokens("{LOWER: a}"), tokens("{LOWER: b}")) == [
        "9:16: spacy name 'a' is given twice in this code — give each its own"
    ]


def test_a_language_spacy_does_not_know_needs_a_pipeline():
    head = "version: 1\nlanguages: [qq]\ncodes:\n  - id: c\n    spacy:\n"
    entry = "{name: a, lang: qq, tokens: [{LOWER: a}], everywhere: true}"
    assert faults(entry, head=head) == [
        "6:25: spaCy has no language 'qq' — name an installed pipeline for it under 'spacy' at the top"
    ]
