from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.load.codebook import parse_codebook
from bwa_study.load.yaml_strict import read_yaml
from bwa_study.model.codebook import Codebook, CodeWords, Condition, Example, Exclusion, Indicator, NearMiss, Polarity
from bwa_study.model.errors import CodebookError, UnknownName

DATA = Path(__file__).parents[2] / "data"


def problems(text: str) -> list[str]:
    with pytest.raises(CodebookError) as caught:
        parse_codebook(text, file="b.yaml")
    return [str(p) for p in caught.value.problems]


def problems_of_file(path: Path) -> list[str]:
    with pytest.raises(CodebookError) as caught:
        bwa.load_codebook(path)
    return [str(p).removeprefix(f"{path}:") for p in caught.value.problems]


def book(text: str) -> Codebook:
    return parse_codebook(text, file="b.yaml")


BAD = [
    ("alias_bomb.yaml", "1:5", "anchor '&a0': anchors and aliases are not allowed"),
    ("alias_bomb.yaml", "2:10", "alias '*a0': anchors and aliases are not allowed"),
    ("recursive_alias.yaml", "1:8", "anchor '&c': anchors and aliases are not allowed"),
    ("recursive_alias.yaml", "3:15", "alias '*c': anchors and aliases are not allowed"),
    ("duplicate_code_id.yaml", "4:10", "code id 'openness' is given twice, first in line 3"),
    ("unsafe_tag.yaml", "2:8", "tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed"),
    ("tabs.yaml", "3:1", "indent with spaces, not tabs"),
    ("deep_nest.yaml", "1:39", "nesting deeper than 32 levels"),
    ("unknown_parent.yaml", "3:21", "code 'a' names parent 'nope', which does not exist"),
    ("unknown_field.yaml", "3:13", "unknown field 'lable', did you mean 'label'?"),
    ("two_documents.yaml", "3:1", "a second document begins here; one document expected"),
    ("empty.yaml", "1:1", "the codebook is empty"),
    ("list_root.yaml", "1:1", "a mapping (name: value) is expected at the top of a codebook"),
    ("bidi_id.yaml", "3:10", "code id has invisible, non-ASCII or other characters that are not allowed: U+202E"),
    ("bidi_id.yaml", "4:10", "U+200B ZERO WIDTH SPACE"),
    ("bidi_id.yaml", "5:10", "U+043E CYRILLIC SMALL LETTER O"),
    ("gb18030.yaml", "3", ("not valid UTF-8 at byte 40 (0xBF) — save it as UTF-8, or state its encoding with "
     "--encoding, for example gb18030, which would read '- {id: open, label: 开放性与监督}'")),
    ("match_all.yaml", "4:16", "code 'openness', pattern '': the pattern matches the empty string"),
    ("match_all.yaml", "4:26", "code 'openness', pattern '.*': '.' in '.*' is not part of the notation"),
    ("redos.yaml", "5:9", "code 'openness', pattern '(a+)+$'"),
    ("redos.yaml", "6:9", "code 'openness', pattern '(\\w+\\s?)*$'"),
    ("redos.yaml", "7:9", "code 'openness', pattern '^(([a-z])+.)+[A-Z]([a-z])+$'"),
    ("redos.yaml", "8:9", "code 'openness', pattern '(.*a){20}'"),
    ("redos.yaml", "9:9", "code 'openness', pattern '([^x]*x?)*y'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "place", "gist"), BAD)
def test_every_bad_file_gets_its_place_and_reason(bad_inputs, name, place, gist):
    found = problems_of_file(bad_inputs / "yaml" / name)
    assert [p for p in found if p.startswith(f"{place}: ") and gist in p]


def test_every_bad_file_of_the_folder_is_tested_or_loads_by_itself(bad_inputs):
    names = {path.name for path in (bad_inputs / "yaml").iterdir()}
    assert names - {name for name, _, _ in BAD} == {"removed_code.yaml"}
    assert bwa.load_codebook(bad_inputs / "yaml/removed_code.yaml").ids == ("oversight.positive",)


def test_a_bad_file_is_answered_in_a_second_and_runs_nothing(bad_inputs, monkeypatch):
    run: list[str] = []
    monkeypatch.setattr(os, "system", run.append)
    for path in (bad_inputs / "yaml").iterdir():
        began = time.perf_counter()
        if path.name != "removed_code.yaml":
            assert problems_of_file(path)
        assert time.perf_counter() - began < 1, path.name
    assert run == []


def test_patterns_of_catastrophic_form_are_refused_under_indicators_too():
    patterns = ["(a+)+$", "(\\w+\\s?)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}", "([^x]*x?)*y"]
    listed = "".join(f"          - '{p}'\n" for p in patterns)
    found = problems("version: 1\ncodes:\n  - id: openness\n    indicators:\n      en:\n        present:\n" + listed)
    assert [p.split(":")[1] for p in found] == ["7", "8", "9", "10", "11"]
    for pattern, problem in zip(patterns, found, strict=True):
        assert f"code 'openness', pattern '{pattern}'" in problem
        assert problem.endswith("no regular expressions")


def test_a_chinese_pattern_is_read_by_characters_and_refuses_expressions():
    code = "  - {id: a, indicators: {zh: {present: ['跟进_3_客户', '.*']}}}\n"
    assert problems(f"version: 1\nlanguages: [zh]\ncodes:\n{code}") == [
        "b.yaml:4:52: code 'a', pattern '.*': '.' has no meaning in a Chinese pattern — leave it out"
    ]


def test_all_problems_of_a_file_come_in_one_run_in_the_order_of_their_places():
    found = problems(
        "version: 1.10\n"
        "languages: [en]\n"
        "themes: [{id: t}, {id: t}]\n"
        "codes:\n"
        "  - id: a\n"
        "    theme: tt\n"
        "    lable: A\n"
        "    indicators: {fr: {present: [x]}, en: {presnt: [z]}}\n"
        "  - id: a\n"
        "    parent: aa\n"
        "    valence: 2\n"
        "    exclude: [{rule: r, see: q}, {see: a}]\n"
        "    near_miss: {text: x, code: z}\n"
        "    examples: [{text: e, polarity: maybe}]\n"
        "    patterns: ['(']\n"
    )
    assert [p.removeprefix("b.yaml:").split(" — ")[0] for p in found] == [
        "1:10: field 'version', value '1.10': text is expected",
        "3:24: theme id 't' is given twice, first in line 3",
        "6:12: code 'a' names theme 'tt', which does not exist, did you mean 't'?",
        "7:5: unknown field 'lable', did you mean 'label'?",
        "8:18: indicators in 'fr', which is not one of the codebook's languages",
        "8:43: unknown field 'presnt', did you mean 'present'?",
        "9:9: code id 'a' is given twice, first in line 5",
        "10:13: code 'a' names parent 'aa', which does not exist, did you mean 'a'?",
        "11:14: field 'codes.2.valence', value '2': input should be -1, 0 or 1",
        "12:30: an exclude rule of 'a' names code 'q', which does not exist",
        "12:34: field 'codes.2.exclude.2.rule' is missing",
        "13:32: the near miss of 'a' names code 'z', which does not exist",
        "14:36: field 'codes.2.examples.1.polarity', value 'maybe': input should be 'present' or 'absent'",
        "15:16: code 'a', pattern '(': an alternative is empty",
    ]


def test_a_surprise_of_yaml_and_a_fault_of_the_form_come_together():
    assert [p.split(":")[1] for p in problems("version: 1\ncodes:\n  - {id: no}\n  - {idd: a}\n")] == ["3", "4", "4"]


def test_a_wrong_reference_offers_the_nearest_name():
    assert "which does not exist, did you mean 'oversight'?" in problems(
        "version: 1\nthemes: [{id: oversight}]\ncodes: [{id: a, theme: oversigth}]"
    )[0]  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "place", "circle"),
    [
        ("[{id: a, parent: a}]", "2:25", "a → a"),
        ("[{id: a, parent: b}, {id: b, parent: a}]", "2:25", "a → b → a"),
        ("[{id: x, parent: b}, {id: b, parent: c}, {id: c, parent: b}]", "2:45", "b → c → b"),
    ],
)
def test_parents_that_go_round_are_reported_once(codes, place, circle):
    assert problems(f"version: 1\ncodes: {codes}") == [
        f"b.yaml:{place}: the parents go round in a circle: {circle} — remove one of these parents"
    ]


def test_a_chain_of_parents_passes_theme_and_block_down():
    codes = book(
        "version: 1\nthemes: [{id: t}]\n"
        "codes: [{id: c, parent: b}, {id: b, parent: a, block: q}, {id: a, theme: t}]"
    )  # fmt: skip
    assert [(c.id, c.theme, c.block) for c in codes] == [("c", "t", "q"), ("b", "t", "q"), ("a", "t", "t")]
    assert [c.id for c in codes.under("a")] == ["c", "b", "a"]


def test_a_former_code_may_be_merged_into_one_code_that_is_not_it():
    assert book("version: 1\ncodes: [{id: a, merged_from: [x, z]}]")["a"].merged_from == ("x", "z")
    assert problems("version: 1\ncodes: [{id: a, merged_from: [x, b]}, {id: b, merged_from: [x]}]") == [
        "b.yaml:2:34: 'b' is merged into 'a' but is still a code — retire one of the two",
        "b.yaml:2:61: 'x' is already merged into 'a' — name it once",
    ]


def test_a_codebook_without_codes_is_refused():
    assert problems("version: 1\ncodes: []") == [
        "b.yaml:2:8: the codebook has no code — add at least one code under 'codes'"
    ]
    assert problems("version: 1")[0].startswith("b.yaml:1:1: field 'codes' is missing")


@pytest.mark.parametrize(
    "code",
    ["{id: [a]}", "{id: {a: b}}", "{id: a, parent: [b]}", "{id: a, parent: {b: c}, theme: [t], exclude: x}",
     "{id: a, indicators: [x], patterns: y, merged_from: z, near_miss: [q]}", "[]", "x", "{id: 1}", "{? [a] : b}",
     "{id: a, indicators: {en: [x]}}"],
)  # fmt: skip
def test_values_of_any_wrong_shape_are_problems_and_never_crash(code):
    found = problems(f"version: 1\nlanguages: {{a: [b]}}\nthemes: [x]\ncodes: [{code}]")
    assert all(p.startswith("b.yaml:") for p in found)


def test_an_empty_id_is_refused():
    assert problems("version: 1\ncodes: [{id: ''}]")[0].startswith("b.yaml:2:10: code id is empty")


def test_no_message_passes_a_terminal_escape_on():
    text = 'version: 1\ncodes: [{id: "a\\e[31m", theme: "\\e[0m", patterns: ["\\u202e("], merged_from: ["\\e", "\\e"]}]'
    found = "".join(problems(text))
    assert "\x1b" not in found
    assert "\u202e" not in found
    assert "\\u001b" in found


def test_every_field_arrives_in_the_code():
    codes = book("""\
id: full
version: "1.2"
languages: [en, zh]
general_rules: [Code what is said.]
negators: {en: [not], zh: [不]}
themes: [{id: t, label: {en: T, zh: 题}, definition: d}]
codes:
  - id: a
    theme: t
    label: {en: A, zh: 甲}
    definition: what it is
    include: [this]
    exclude: [{rule: when, see: b}]
    polarity: {present: it is, absent: it is not}
    valence: -1
    condition: {name: O, weight: 0.5}
    groups: [worker]
    indicators: {en: {present: [come*], absent: [never come]}, zh: {present: [来]}}
    auto_negation: false
    examples: [{text: They came., polarity: absent, group: worker, lang: en}]
    near_miss: {text: nearly, code: b}
    since: 1.0.0
    changed: "1.2"
  - {id: b, patterns: [跟进, follow up]}
""")
    a, b = codes
    assert (codes.id, codes.version, codes.languages) == ("full", "1.2", ("en", "zh"))
    assert codes.negators == (("en", ("not",)), ("zh", ("不",)))
    assert codes.theme("t").label.text("zh") == "题"
    assert (a.present, a.absent, a.valence, a.auto_negation) == ("it is", "it is not", -1, False)
    assert (a.since, a.changed, a.groups, a.include) == ("1.0.0", "1.2", ("worker",), ("this",))
    assert a.exclude == (Exclusion("when", "b"),)
    assert a.condition == Condition("O", 0.5)
    assert a.examples == (Example("worker", "en", Polarity.ABSENT, "They came."),)
    assert a.near_miss == NearMiss("nearly", "b")
    assert a.indicators == (
        Indicator("en", Polarity.ABSENT, "never come"),
        Indicator("en", Polarity.PRESENT, "come*"),
        Indicator("zh", Polarity.PRESENT, "来"),
    )
    assert [(i.language, i.pattern) for i in b.indicators] == [("zh", "跟进"), ("en", "follow up")]
    assert b.label.text("en") == "b"


def test_a_codebook_in_gb18030_is_read_when_that_is_stated(bad_inputs):
    codes = bwa.load_codebook(bad_inputs / "yaml/gb18030.yaml", encoding="gb18030")
    assert codes["open"].label.text("en") == "开放性与监督"


def test_an_encoding_that_is_not_known_is_refused(bad_inputs):
    with pytest.raises(CodebookError, match="unknown encoding 'latin-9' — use one of utf-8, utf-16, gb18030"):
        bwa.load_codebook(bad_inputs / "yaml/gb18030.yaml", encoding="latin-9")


def test_a_missing_file_is_a_codebook_error(tmp_path):
    with pytest.raises(CodebookError, match="none.yaml: there is no such file — check the name"):
        bwa.load_codebook(tmp_path / "none.yaml")


def test_the_schema_beside_the_codebook_is_current():
    assert (DATA / "codebook.schema.json").read_text(encoding="utf-8") == bwa.codebook_schema()


def test_the_schema_accepts_the_codebook_and_refuses_a_misspelt_field():
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(bwa.codebook_schema()))
    value = read_yaml((DATA / "codebook.yaml").read_text(encoding="utf-8"), file="codebook.yaml").value
    assert [e.message for e in validator.iter_errors(value)] == []
    wrong = yaml.safe_load("{version: 1, codes: [{id: a, lable: x, valence: 3}]}")
    assert sorted(".".join(map(str, e.absolute_path)) for e in validator.iter_errors(wrong)) == [
        "codes.0",
        "codes.0.valence",
    ]


_KEYS = st.sampled_from(
    ["id", "version", "codes", "themes", "parent", "theme", "label", "indicators", "en", "languages"]
)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from(["a", "b", "", "(", "en", "有"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.dictionaries(_KEYS, _VALUES, max_size=5), st.lists(st.dictionaries(_KEYS, _VALUES, max_size=5), max_size=3))
def test_any_document_loads_or_gives_problems_with_places(top, codes):
    text = json.dumps({"version": "1", **top, "codes": codes}, ensure_ascii=False)
    try:
        loaded, places = parse_codebook(text, file="b.yaml"), []
    except CodebookError as fault:
        loaded, places = None, [(p.line, p.column) for p in fault.problems]
    assert (loaded is not None) != bool(places)
    assert all(line == 1 and column >= 1 for line, column in places)


def test_cues_are_read_by_language():
    stated = "cues: {en: {negate: [not], window: 4, breaks: [but], wish: ['hope*']}}"
    text = f"version: 1\nlanguages: [en, zh]\n{stated}\ncodes: [{{id: a}}]\n"
    (cues,) = book(text).cues
    assert (cues.language, cues.negate, cues.window, cues.breaks, cues.wish) == (
        "en",
        ("not",),
        4,
        ("but",),
        ("hope*",),
    )


def test_a_bad_cue_and_negators_given_twice_are_named_with_their_places():
    text = "version: 1\nnegators: {en: [not]}\ncues: {en: {negate: ['n.t'], window: 0}}\ncodes: [{id: a}]\n"
    with pytest.raises(CodebookError) as caught:
        book(text)
    found = [(p.line, p.what) for p in caught.value.problems]
    assert (3, "the cues 'negate', pattern 'n.t': '.' in 'n.t' is not part of the notation") in found
    assert (3, "negators of 'en' are given twice, under 'negators' and under 'cues'") in found
    assert any("window" in what for _, what in found)


WITH_BAD_ONES = """\
version: 1
codes:
  - id: openness
    label: Openness
    indicators: {en: {present: ["listen*", "(a+)+$", "speak* up"], absent: ["(.*a){20}"]}}
    spacy: [{name: asks, lang: en, tokens: [{LOWR: ask}], everywhere: true}]
"""


def test_bad_indicators_are_left_out_if_you_say_so_and_each_is_named():
    book = parse_codebook(WITH_BAD_ONES, file="b.yaml", bad_indicators="leave out")

    assert [one.pattern for one in book["openness"].all_indicators] == ["speak* up", "listen*"][::-1]
    assert [(p.severity, p.line, p.column, p.what.split("': ")[0]) for p in book.left_out] == [
        ("warning", 5, 44, "code 'openness', pattern '(a+)+$"),
        ("warning", 5, 77, "code 'openness', pattern '(.*a){20}"),
        ("warning", 6, 46, "unknown attribute 'LOWR', did you mean 'LOWER'?"),
    ]


def test_bad_indicators_are_errors_unless_you_say_otherwise():
    with pytest.raises(CodebookError) as fault:
        parse_codebook(WITH_BAD_ONES, file="b.yaml")

    assert {(p.severity, p.about) for p in fault.value.problems} == {("error", "indicator")}


def test_an_indicator_of_which_nothing_is_typed_yet_is_left_out():
    text = (
        "version: 1\ncodes:\n  - id: a\n    indicators:\n      en:\n        present:\n          - visit*\n          -\n"
    )
    book = parse_codebook(text, file="b.yaml", bad_indicators="leave out")

    assert [one.pattern for one in book["a"].indicators] == ["visit*"]
    assert [(p.line, p.what) for p in book.left_out] == [
        (8, "field 'codes.1.indicators.en.present.2', nothing: text is expected")
    ]


@pytest.mark.parametrize("listed", ['[~, trust*, "* bad"]', '[trust*, ~, "* bad"]', '["* bad", ~, trust*]'])
def test_what_is_no_text_moves_no_other_indicator(listed):
    text = f"version: 1\ncodes:\n  - id: a\n    indicators: {{en: {{present: {listed}}}}}\n"
    book = parse_codebook(text, file="b.yaml", bad_indicators="leave out")

    assert [one.pattern for one in book["a"].indicators] == ["trust*"]
    bad = next(p for p in book.left_out if "'* bad'" in p.what)
    assert text.split("\n")[bad.line - 1][bad.column - 1 :].startswith('"* bad"')


def test_a_codebook_read_without_an_indicator_is_that_codebook_without_it():
    whole = WITH_BAD_ONES.replace(', "(a+)+$"', "").replace('"(.*a){20}"', "").split("    spacy")[0]
    left = parse_codebook(WITH_BAD_ONES, file="b.yaml", bad_indicators="leave out")

    assert left == parse_codebook(whole, file="b.yaml")
    assert left.digest == parse_codebook(whole, file="b.yaml").digest
    assert parse_codebook(whole, file="b.yaml", bad_indicators="leave out").left_out == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (WITH_BAD_ONES.replace("label: Openness", "theme: talk"), "names theme 'talk', which does not exist"),
        (WITH_BAD_ONES + 'negators: {en: ["no+"]}\n', "the negators, pattern 'no+'"),
        (WITH_BAD_ONES + "themes: yes\n", "'yes' is read as true by some programs"),
        (WITH_BAD_ONES.replace("en: {present", "xx: {present"), "not one of the codebook's languages"),
    ],
)
def test_what_is_wrong_besides_indicators_is_never_left_out(text, wrong):
    with pytest.raises(CodebookError) as fault:
        parse_codebook(text, file="b.yaml", bad_indicators="leave out")

    assert [p.what for p in fault.value.problems if wrong in p.what and not p.about]


def test_there_are_two_ways_with_bad_indicators():
    with pytest.raises(UnknownName, match="unknown way with bad indicators 'ignore' — known: refuse, leave out"):
        parse_codebook(WITH_BAD_ONES, file="b.yaml", bad_indicators="ignore")


TWO_LANGUAGES = """\
version: 1
languages: [en, zh]
general_rules: [{en: Code what is said., zh: 只编说出来的话。}, Ask when in doubt.]
themes: [{id: t, definition: {en: Talk., zh: 交流。}}]
codes:
  - id: fear
    theme: t
    definition: {en: They are afraid., zh: 他们害怕。}
    include: [{en: named, zh: 说出来}, only here]
    exclude: [{rule: {en: silence, zh: 沉默}, see: calm}, {rule: joy, see: calm}]
    polarity: {present: {en: afraid, zh: 害怕}, absent: calm}
  - {id: calm, theme: t, definition: Quiet.}
"""


def test_what_coders_read_may_stand_in_several_languages():
    book = parse_codebook(TWO_LANGUAGES, file="b.yaml")
    fear = book["fear"]

    assert (fear.definition, fear.present, fear.absent) == ("They are afraid.", "afraid", "calm")
    assert (fear.include, [one.rule for one in fear.exclude]) == (("named", "only here"), ["silence", "joy"])
    assert fear.words("zh") == CodeWords("他们害怕。", "害怕", "calm", ("说出来", "only here"), ("沉默", "joy"))
    assert fear.words("fr") == fear.words("en")
    assert book["calm"].words("zh").definition == "Quiet."
    assert (book.themes[0].definition, book.themes[0].translations) == ("Talk.", (("zh", "交流。"),))
    assert (book.rules("zh"), book.rules("en")) == (
        ("只编说出来的话。", "Ask when in doubt."),
        ("Code what is said.", "Ask when in doubt."),
    )


def test_the_first_language_of_the_codebook_is_the_one_that_is_translated():
    text = TWO_LANGUAGES.replace("[en, zh]", "[zh, en]")
    fear = parse_codebook(text, file="b.yaml")["fear"]

    assert (fear.definition, fear.words("en").definition) == ("他们害怕。", "They are afraid.")
    assert (fear.include, fear.words("en").include) == (("说出来", "only here"), ("named", "only here"))


def test_a_text_in_one_language_is_the_same_codebook_whichever_way_it_is_written():
    plain = "version: 1\ncodes: [{id: fear, definition: They fear., include: [named]}]\n"
    named = plain.replace("They fear.", "{en: They fear.}").replace("[named]", "[{en: named}]")
    found, other = parse_codebook(plain, file="b.yaml"), parse_codebook(named, file="b.yaml")

    assert (found, found.digest) == (other, other.digest)
    assert found.digest == "376ba679c52a7ef939eb76bb8ad4eccbf061f56cbcba936eccb91c85d3e9ed27"


def test_a_translation_belongs_to_the_digest():
    first, other = (
        parse_codebook(TWO_LANGUAGES.replace("他们害怕。", text), file="b.yaml") for text in ("一。", "二。")
    )
    assert first.digest != other.digest
