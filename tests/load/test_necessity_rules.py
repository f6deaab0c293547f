from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.model.case_rules import Calibration
from bwa_study.model.errors import ProblemsFound
from small_study import STUDY, write_study

BLOCK = """\
necessity:
  outcome: lasts
  consistency: 1.0
  combinations: ["listening*shock"]
  truth_table: {conditions: [listening], consistency: 0.8}
  vary: {thresholds: [0.1], interviews: [2], informants: false}
  measures:
    - id: listening
      label: {en: Listening, zh: 倾听}
      codes: {listening: 2, fear: -1}
      informants: [worker]
      rounds: [start]
      minimum: {interviews: 2}
      calibration: {kind: direct, anchors: [-1, 0, 1]}
    - id: shock
      attribute: brand_kind
      values: {"B1": 1}
    - id: lasts
      codes: {visits: 1}
      informants: [worker, manager]
      rounds: [end]
      silence: out
      calibration: {kind: crisp, above: 0}
"""


def load(folder, block):
    write_study(folder, study=STUDY + block)
    (folder / "raw" / "factories.csv").write_text("factory_id,brand_ids,brand_kind\nF01,B1,B1\nF02,B1,B2\n", "utf-8")
    return bwa.load_study(folder)


def test_rules_are_read_as_declared(tmp_path):
    rules = load(tmp_path, BLOCK).necessity
    listening = rules.measure("listening")
    assert [m.id for m in rules.conditions] == ["listening", "shock"]
    assert listening.codes == (("listening", 2.0), ("fear", -1.0))
    assert listening.calibration == Calibration("direct", (-1.0, 0.0, 1.0))
    assert listening.fewest_interviews == 2
    assert rules.measure("lasts").calibration == Calibration("crisp", (0.0,), strict=True)
    assert rules.measure("lasts").silence == "out"
    assert rules.table_conditions == ("listening",)
    assert rules.variations.informants is False
    assert rules.profile == ()


PROFILE = """\
  profile:
    - id: improved
      codes: {listening: 1}
      informants: [worker]
      rounds: [start]
      calibration: {kind: crisp, above: 0}
"""


def test_measures_of_the_profile_are_neither_conditions_nor_outcome(tmp_path):
    rules = load(tmp_path, BLOCK + PROFILE).necessity
    assert [m.id for m in rules.profile] == ["improved"]
    assert [m.id for m in rules.conditions] == ["listening", "shock"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- id: improved", "- id: shock", "condition 'shock' is named twice"),
        ("codes: {listening: 1}", "codes: {listning: 1}", "unknown code 'listning', did you mean 'listening'?"),
        ("informants: [worker]", "informants: [boss]", "unknown informant 'boss'"),
    ],
)
def test_faults_of_the_profile_have_their_place(tmp_path, old, new, message):
    with pytest.raises(ProblemsFound) as caught:
        load(tmp_path, BLOCK + PROFILE.replace(old, new))
    found = [str(p) for p in caught.value.problems if message in str(p)]
    lines = (BLOCK + PROFILE.replace(old, new)).split("\n")
    place = len(STUDY.split("\n")) - 1 + max(n for n, line in enumerate(lines, start=1) if new in line)
    assert f"study.yaml:{place}:" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("outcome: lasts", "outcome: last", "the outcome 'last' is no measure, did you mean 'lasts'?"),
        ("consistency: 1.0", "consistency: 1.5", "a consistency of 1.5 is none — write a number above 0 and at most 1"),
        ("- id: shock", "- id: listening", "condition 'listening' is named twice"),
        ("codes: {listening: 2,", "codes: {listning: 2,", "unknown code 'listning', did you mean 'listening'?"),
        ("informants: [worker]", "informants: [wrker]", "unknown informant 'wrker', did you mean 'worker'?"),
        ("rounds: [start]", "rounds: []", "measure 'listening' names no rounds — write some of start, end"),
        ("attribute: brand_kind", "attribute: brand_knd", "unknown column 'brand_knd', did you mean 'brand_kind'?"),
        ("anchors: [-1, 0, 1]", "anchors: [0, 1]", "direct has 2 anchors — it needs 3"),
        ("{kind: crisp, above: 0}", "{kind: crisp}", "a crisp calibration needs a threshold"),
        ("kind: direct", "kind: direkt", "unknown calibration 'direkt', did you mean 'direct'?"),
        ("silence: out", "silence: absence", "'absence' is no meaning of silence — write: cannot classify, or: out"),
        ("rounds: [end]", "rounds: [start]\n      minimum: {groups: 0}", "minimum of groups is 0 — write 1 or more"),
        ("values: {\"B1\": 1}", "values: {\"B1\": 2}", "score 2 of 'B1' is no membership — write 0 to 1"),
        ("conditions: [listening]", "conditions: [listening, listening]", "condition 'listening' is named twice"),
        ("attribute: brand_kind\n      ", "", "measure 'shock' is read from nothing — give it one of codes, survey,"),
    ],
)  # fmt: skip
def test_every_fault_has_its_place_and_way_out(tmp_path, old, new, message):
    assert old in BLOCK
    with pytest.raises(ProblemsFound) as caught:
        load(tmp_path, BLOCK.replace(old, new, 1))
    found = [str(p) for p in caught.value.problems if message in str(p)]
    assert found, str(caught.value)
    assert "study.yaml:" in found[0]


def test_a_condition_must_not_be_read_after_the_outcome(tmp_path):
    late = BLOCK.replace("rounds: [start]", "rounds: [end]").replace(
        "      rounds: [end]\n      silence", "      rounds: [start]\n      silence"
    )
    with pytest.raises(ProblemsFound, match="condition 'listening' is read in end, after the outcome"):
        load(tmp_path, late)
