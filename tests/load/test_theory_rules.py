from __future__ import annotations

import pytest

import bwa_study as bwa
from bwa_study.model.errors import ProblemsFound
from small_study import STUDY, write_study

BLOCK = """\
contribution:
  rivals: {codes: [visits], rounds: [end], share: 0.4, interviews: 2}
  links:
    - id: talk
      claim: {en: People talk, zh: 人们交谈}
      tests:
        - {kind: hoop, codes: {listening: 1, fear: -1}, informants: [worker], rounds: [end], fewest: 2}
"""


def load(folder, block):
    return bwa.load_study(write_study(folder, study=STUDY + block))


def test_links_are_read_as_declared(tmp_path):
    theory = load(tmp_path, BLOCK).theory
    (link,) = theory.links
    (test,) = link.tests
    assert link.claim.text("zh") == "人们交谈"
    assert (test.kind, test.codes, test.fewest) == ("hoop", (("listening", 1.0), ("fear", -1.0)), 2)
    assert (theory.rivals.codes, theory.rivals.share, theory.rivals.interviews) == (("visits",), 0.4, 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: hoop", "kind: hop", "unknown test 'hop', did you mean 'hoop'?"),
        ("listening: 1", "listning: 1", "unknown code 'listning', did you mean 'listening'?"),
        ("codes: [visits]", "codes: [visit]", "unknown code 'visit', did you mean 'visits'?"),
        ("informants: [worker]", "informants: []", "no informant is named — write some of worker, manager"),
        ("rounds: [end], fewest", "rounds: [ende], fewest", "unknown round 'ende', did you mean 'end'?"),
        ("share: 0.4", "share: 1.4", "a share of 1.4 is none"),
        ("fewest: 2", "fewest: 0", "fewest interviews are 0 — write 1 or more"),
    ],
)
def test_every_fault_has_its_place_and_way_out(tmp_path, old, new, message):
    assert old in BLOCK
    with pytest.raises(ProblemsFound) as caught:
        load(tmp_path, BLOCK.replace(old, new, 1))
    found = [str(p) for p in caught.value.problems if message in str(p)]
    assert found, str(caught.value)
    assert "study.yaml:" in found[0]
