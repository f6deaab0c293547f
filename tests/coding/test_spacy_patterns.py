"""spaCy's patterns in a codebook: where they are asked, what they give, the same in both coders."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.coding import spacy_patterns
from bwa_study.load.codebook import parse_codebook
from bwa_study.model.corpus import Corpus
from bwa_study.model.transcripts import Role
from coded_texts import by_reference, rows, texts, transcript
from small_study import write_study

TOY = '''
import spacy
from spacy.language import Language
from spacy.tokens import Doc

@Language.component("toy_grammar")
def grammar(doc):
    """The first verb heads the sentence: what is before it is its subject, 'never' negates it, the rest its object."""
    words = [t.text for t in doc]
    verb = next((n for n, w in enumerate(words) if w in ("came", "checked", "follow")), 0)
    deps = ["nsubj" if n < verb else "ROOT" if n == verb else "obj" for n in range(len(words))]
    deps = ["neg" if w == "never" else d for w, d in zip(words, deps)]
    return Doc(doc.vocab, words=words, spaces=[bool(t.whitespace_) for t in doc], heads=[verb] * len(words), deps=deps)

def load(**given):
    nlp = spacy.blank("en")
    nlp.add_pipe("toy_grammar")
    return nlp
'''


@pytest.fixture
def toy_pipeline(tmp_path, monkeypatch):
    """A pipeline with a grammar, installed as spaCy's own are: a package with an entry point."""
    (tmp_path / "xx_toy").mkdir()
    (tmp_path / "xx_toy" / "__init__.py").write_text(TOY, encoding="utf-8")
    info = tmp_path / "xx_toy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: xx_toy\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[spacy_models]\nxx_toy = xx_toy\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    # spaCy's registry lists what is installed once, when it is imported.
    monkeypatch.setattr("catalogue.AVAILABLE_ENTRY_POINTS", entry_points())
    yield "xx_toy"
    sys.modules.pop("xx_toy", None)
    spacy_patterns._pipeline.cache_clear()
    spacy_patterns._matcher.cache_clear()


def book(*entries, plain="", top=""):
    """A codebook with one code."""
    patterns = f"    patterns: {plain}\n" if plain else ""
    listed = "".join(f"      - {entry}\n" for entry in entries)
    return parse_codebook(
        f"version: 1\nlanguages: [en, zh]\n{top}codes:\n  - id: c\n{patterns}    spacy:\n{listed}", file="book.yaml"
    )


def corpus(*sentences):
    return Corpus((transcript([(Role.RESPONDENT, s) for s in sentences]),))


def found(codebook, *sentences):
    """Matched words, polarity and indicator; the fast coder's, which must be the reference's."""
    said = corpus(*sentences)
    table = bwa.apply_codebook(said, codebook).table
    assert rows(bwa.apply_codebook(said, codebook)) == by_reference(said, codebook)
    text = said["T1"].text
    listed = zip(table["match_start"], table["match_end"], table["polarity"], table["indicator"], strict=True)
    return [(text[a:b], polarity, indicator) for a, b, polarity, indicator in listed]


CAME = "{name: back, lang: en, tokens: [{LOWER: came}, {IS_ALPHA: true, OP: '*'}, {LOWER: back}]"


def test_a_token_pattern_gives_the_exact_words():
    assert found(book(CAME + ", everywhere: true}"), "Well, they came all the way BACK, then left.") == [
        ("came all the way BACK", "present", "en:present:spacy:back")
    ]


def test_without_near_it_is_asked_only_where_a_plain_indicator_of_the_code_fires():
    codebook = book(CAME + "}", plain='["checked"]')
    assert found(codebook, "They came back.", "They came back and checked.") == [
        ("checked", "present", "en:present:checked")
    ]


def test_an_absent_one_outdoes_a_plain_present_one():
    entry = "{name: away, lang: en, polarity: absent, tokens: [{LOWER: stayed}, {LOWER: away}]}"
    assert found(book(entry, plain='["visit*"]'), "Visits: they stayed away.") == [
        ("stayed away", "absent", "en:absent:spacy:away")
    ]


def test_near_names_the_sentences_it_is_asked_in():
    codebook = book(CAME + ', near: "(factory|workshop)"}')
    assert found(codebook, "They came back.", "To the factory they came back.") == [
        ("came back", "present", "en:present:spacy:back")
    ]


def test_a_negator_before_it_turns_it():
    assert found(book(CAME + ", everywhere: true}"), "They never came back.") == [
        ("came back", "absent", "en:present:spacy:back [negated]")
    ]


def test_chinese_is_matched_by_characters():
    entry = "{name: back, lang: zh, tokens: [{ORTH: 跟}, {ORTH: 进}], everywhere: true}"
    assert found(book(entry), "客户没跟进。", "客户会跟进 orders。") == [
        ("跟进", "absent", "zh:present:spacy:back [negated]"),
        ("跟进", "present", "zh:present:spacy:back"),
    ]


def test_full_width_letters_and_curly_apostrophes_are_the_plain_ones():
    entry = '{name: apart, lang: en, tokens: [{LOWER: do}, {LOWER: "n\'t"}, {LOWER: check}], everywhere: true}'
    assert found(book(entry), "They don’t ｃｈｅｃｋ.")[0][0] == "don’t ｃｈｅｃｋ"


def test_a_token_that_is_no_word_can_be_asked_for():
    entry = "{name: smile, lang: en, tokens: [{ORTH: '😀'}], everywhere: true}"
    assert found(book(entry), "They never came 😀", "😀") == [
        ("😀", "absent", "en:present:spacy:smile [negated]"),
        ("😀", "present", "en:present:spacy:smile"),
    ]


def test_interviewers_are_not_read():
    said = Corpus((transcript([(Role.INTERVIEWER, "They came back."), (Role.RESPONDENT, "Yes.")]),))
    assert len(bwa.apply_codebook(said, book(CAME + ", everywhere: true}"))) == 0


def test_a_read_corpus_asks_again_only_what_is_new():
    said = corpus("They came back.", "They checked.")
    read = bwa.ReadCorpus(said)
    checked = "{name: checked, lang: en, tokens: [{LOWER: checked}], everywhere: true}"
    for codebook in (book(CAME + ", everywhere: true}"), book(CAME + ", everywhere: true}", checked)):
        assert read.code(codebook).frame.equals(bwa.apply_codebook(said, codebook).frame)


NEGATED = """{name: gone, lang: en, polarity: absent, dependency: [
        {RIGHT_ID: verb, RIGHT_ATTRS: {LOWER: {IN: [came, checked]}}},
        {LEFT_ID: verb, REL_OP: ">", RIGHT_ID: not, RIGHT_ATTRS: {DEP: neg}}]}"""
PIPELINE = "spacy: {en: {pipeline: xx_toy}}\n"


def test_a_dependency_pattern_marks_its_words(toy_pipeline):
    codebook = book(NEGATED, plain='["came"]', top=PIPELINE)
    said = "The auditors, as everybody knows, have never in all these years really came to the second floor."
    assert found(codebook, said) == [("never in all these years really came", "absent", "en:absent:spacy:gone")]


def test_what_a_dependency_pattern_found_can_be_explained(tmp_path, toy_pipeline):
    text = (
        "version: 1\nspacy: {en: {pipeline: xx_toy}}\ncodes:\n  - id: c\n    patterns: ['came']\n"
        f"    spacy:\n      - {NEGATED}\n"
    )
    row = ("s-w-1", "P1", "worker", "start", "F01", "full", "", "", "Auditors never really came here.")
    study = bwa.load_study(write_study(tmp_path / "study", codebook=text, interviews=(row,)))
    (id,) = bwa.apply_codebook(study.corpus, study.codebook).frame["id"]
    assert str(bwa.explain(study, id)).splitlines() == [
        "Auditors [never] really [came] here.",
        "c (absent) by en:absent:spacy:gone",
        "  [never] is not",
        "  [came] is verb",
    ]


def test_each_token_is_explained_by_what_it_met(tmp_path):
    text = f"version: 1\ncodes:\n  - id: c\n    spacy:\n      - {CAME}, everywhere: true}}\n"
    row = ("s-w-1", "P1", "worker", "start", "F01", "full", "", "", "They came right back.")
    study = bwa.load_study(write_study(tmp_path / "study", codebook=text, interviews=(row,)))
    (id,) = bwa.apply_codebook(study.corpus, study.codebook).frame["id"]
    assert [(p.quote, p.meets) for p in bwa.explain(study, id).matched] == [
        ("came", '{"LOWER": "came"}'),
        ("right", '{"IS_ALPHA": true, "OP": "*"}'),
        ("back", '{"LOWER": "back"}'),
    ]


def test_a_pipeline_that_is_not_installed_is_named():
    codebook = book(CAME + ", everywhere: true}", top="spacy: {en: {pipeline: en_core_web_xx}}\n")
    with pytest.raises(bwa.BwaError, match=r"pipeline 'en_core_web_xx' for 'en', which is not installed"):
        bwa.apply_codebook(corpus("They came back."), codebook)


def test_a_pipeline_without_what_a_pattern_asks_for_is_one_clear_error(toy_pipeline):
    entry = "{name: verb, lang: en, tokens: [{POS: VERB}], everywhere: true}"
    codebook = book(entry, top=PIPELINE)
    message = (
        r"code 'c', spacy indicator 'verb' needs a tagger \(POS\), which pipeline 'xx_toy' \(it has toy_grammar\) "
        r"does not give — name one that does under 'spacy'"
    )
    with pytest.raises(bwa.BwaError, match=message):
        bwa.apply_codebook(corpus("They came back."), codebook)


def test_the_report_has_a_row_for_it(tmp_path, small_reference_study):
    report = bwa.indicator_report(small_reference_study, reference="A").frame
    row = report[report["indicator"] == "spacy:back"].iloc[0]
    assert (row["code"], row["polarity"], row["hits"], row["right"], row["alone"]) == ("c", "present", 1, 1, 1)


@pytest.fixture
def small_reference_study(tmp_path):
    text = f"version: 1\ncodes:\n  - id: c\n    patterns: ['visit']\n    spacy:\n      - {CAME}, everywhere: true}}\n"
    row = ("s-w-1", "P1", "worker", "start", "F01", "full", "", "", "They came right back.")
    study = bwa.load_study(write_study(tmp_path / "study", codebook=text, interviews=(row,)))
    proposed = bwa.apply_codebook(study.corpus, study.codebook).frame
    by_hand = proposed.assign(coder="A", coder_kind="human", status="accepted", id="a")
    return study.with_codings(bwa.Codings(by_hand), examined_whole="A")


def test_codebook_test_tries_its_examples(tmp_path):
    text = (
        f"version: 1\ncodes:\n  - id: c\n    spacy:\n      - {CAME}, everywhere: true}}\n"
        "    examples:\n      - {text: 'They came back.'}\n      - {text: 'They went back.'}\n"
    )
    path = tmp_path / "codebook.yaml"
    path.write_text(text, encoding="utf-8")
    (failure,) = bwa.check_examples(path).failures
    assert (failure.line, failure.what) == (
        8,
        "example of 'c' (present) is not found: 'They went back.'; nothing is found",
    )


def test_a_sentence_without_end_takes_its_time_in_proportion():
    entry = (
        "{name: apart, lang: en, everywhere: true, tokens: [{LOWER: a}, {OP: '*'}, {LOWER: a}, {OP: '+'}, {LOWER: b}]}"
    )
    assert len(bwa.apply_codebook(corpus("a " * 400 + "."), book(entry))) == 0


ENTRIES = (
    "{name: one, lang: en, tokens: [{LOWER: follow}, {LOWER: up}], everywhere: true}",
    "{name: two, lang: en, polarity: absent, tokens: [{LOWER: never}, {OP: '?'}, {LOWER: follow}], near: 'we'}",
    "{name: three, lang: zh, tokens: [{ORTH: 跟}, {OP: '*'}, {ORTH: 进}]}",
    "{name: four, lang: en, tokens: [{IS_PUNCT: true}, {LOWER: we}], near: 'follow*'}",
    "{name: five, lang: zh, polarity: absent, tokens: [{ORTH: 不}], near: '客户'}",
)


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.just(Role.RESPONDENT), texts), max_size=3),
    st.lists(st.sampled_from(ENTRIES), min_size=1, unique=True),
)
def test_any_text_gives_what_the_reference_gives(turns, entries):
    said, codebook = Corpus((transcript(turns),)), book(*entries, plain='["follow* up", "跟进", "we"]')
    assert rows(bwa.apply_codebook(said, codebook)) == by_reference(said, codebook)
