from __future__ import annotations

import math
from collections import Counter
from datetime import date

import pytest

import bwa_study as bwa
from bwa_study.demo import coders
from bwa_study.demo.interviews import interview
from bwa_study.demo.roster import visits
from bwa_study.demo.speech import load_speech

CODEBOOK = bwa.load_codebook(bwa.demo_codebook_path())
INTERVIEWS = [interview(v, load_speech(), CODEBOOK, 1) for v in visits(1, "full") if not v.withdrawn]
CHOSEN = coders.double_coded(INTERVIEWS, 1)
ORDER = coders.order_of_b(INTERVIEWS, CHOSEN, 1)
FOUND = {b: coders.codings_of_b(b, ORDER, CHOSEN, CODEBOOK, 1) for b in (coders.CODER_B, coders.CODER_B_LATER)}
CHECKED = coders.checked(ORDER, CHOSEN, 1)
PLANTED = [
    (i.visit.id, s) for i in INTERVIEWS if i.visit.id in CHOSEN for s in i.statements if s.turn in CHOSEN[i.visit.id]
]
SWAP = ("client_influence", "commercial_incentive")


def found_by(coder, id, s):
    """Codes the coder gave to the words of a planted statement, with its polarity."""
    return [
        r["code"]
        for r in FOUND[coder]
        if r["transcript"] == id
        and r["polarity"] == s.polarity
        and (r["start"], r["end"]) in {(s.start, s.end), (s.turn_start, s.turn_end)}
    ]


def seen(coder, statements, *, swapped=False):
    other = dict(zip(SWAP, SWAP[::-1], strict=True))
    return sum((other[s.code] if swapped else s.code) in found_by(coder, id, s) for id, s in statements)


def assert_share(count, n, p):
    assert n > 20
    assert abs(count / n - p) < 3 * math.sqrt(p * (1 - p) / n), f"{count} of {n} is not {p}"


def test_coder_a_finds_every_planted_statement_and_nothing_else():
    rows = coders.codings_of_a(INTERVIEWS)
    planted = [(i.visit.id, s.start, s.end, s.code, s.polarity, s.about) for i in INTERVIEWS for s in i.statements]
    assert [tuple(r[k] for k in ("transcript", "start", "end", "code", "polarity", "about")) for r in rows] == planted


def test_a_fifth_of_the_turns_of_each_stratum_is_double_coded():
    of, read = Counter(), Counter()
    for i in INTERVIEWS:
        key = (i.visit.group, i.visit.round_id, i.visit.person.language)
        of[key] += len(i.respondent_turns)
        read[key] += len(CHOSEN.get(i.visit.id, []))
    assert {key: read[key] for key in of} == {key: round(0.2 * n) for key, n in of.items()}


def test_double_coded_turns_are_respondents_turns_each_once():
    for i in INTERVIEWS:
        turns = CHOSEN.get(i.visit.id, [])
        assert len(set(turns)) == len(turns)
        assert set(turns) <= {number for number, _, _ in i.respondent_turns}


def test_coder_b_reads_only_the_double_coded_turns():
    places = {(i.visit.id, n): (start, end) for i in INTERVIEWS for n, start, end in i.respondent_turns}
    allowed = [(id, *places[id, n]) for id, turns in CHOSEN.items() for n in turns]
    for row in FOUND[coders.CODER_B]:
        assert any(id == row["transcript"] and start <= row["start"] <= row["end"] <= end for id, start, end in allowed)


@pytest.mark.parametrize("coder", list(FOUND))
def test_coder_b_sees_85_per_cent_of_the_statements(coder):
    plain = [(id, s) for id, s in PLANTED if s.code not in (*SWAP, "fear_retaliation")]
    assert_share(seen(coder, plain), len(plain), 0.85)


@pytest.mark.parametrize(("coder", "share"), [(coders.CODER_B, 0.35), (coders.CODER_B_LATER, 0.05)])
def test_coder_b_swaps_influence_and_incentive(coder, share):
    pair = [(id, s) for id, s in PLANTED if s.code in SWAP]
    right, swapped = seen(coder, pair), seen(coder, pair, swapped=True)
    assert_share(right + swapped, len(pair), 0.85)
    assert_share(swapped, right + swapped, share)


def test_coder_b_tires_of_fear_and_the_second_pass_does_not():
    every_turn = {i.visit.id: [number for number, _, _ in i.respondent_turns] for i in INTERVIEWS}
    shares = {}
    for coder in (coders.CODER_B, coders.CODER_B_LATER):
        rows = coders.codings_of_b(coder, INTERVIEWS, every_turn, CODEBOOK, 1)
        start = date.fromisoformat(min(r["date"] for r in rows))
        third = {r["transcript"]: min(2, (date.fromisoformat(r["date"]) - start).days // 10) for r in rows}
        fear = {(r["transcript"], r["polarity"]) for r in rows if r["code"] == "fear_retaliation"}
        said = [(i.visit.id, s.polarity) for i in INTERVIEWS for s in i.statements if s.code == "fear_retaliation"]
        for n in range(3):
            mine = [one for one in said if third.get(one[0]) == n]
            shares[coder, n] = (sum(one in fear for one in mine), len(mine))
    assert_share(*shares[coders.CODER_B, 0], 0.9)
    assert_share(*shares[coders.CODER_B, 1], 0.75)
    assert_share(*shares[coders.CODER_B, 2], 0.6)
    assert all(shares[coders.CODER_B_LATER, n][0] / shares[coders.CODER_B_LATER, n][1] > 0.75 for n in range(3))


def test_the_check_holds_every_unread_turn_where_a_gave_fear_among_as_many_others():
    given = {(i.visit.id, s.turn) for i in ORDER for s in i.statements if s.code == "fear_retaliation"}
    unread = {(id, turn) for id, turn in given if turn not in CHOSEN[id]}
    turns = [(id, turn) for id, read in CHECKED.items() for turn in read]
    assert unread <= set(turns)
    assert len(turns) == len(set(turns)) == 2 * len(unread)
    assert not any(turn in CHOSEN[id] for id, turn in turns)


def test_in_her_check_coder_b_tires_of_fear_as_in_her_sample():
    rows = coders.codings_of_b(coders.CODER_B_CHECK, ORDER, CHECKED, CODEBOOK, 1)
    fear = {(r["transcript"], r["polarity"]) for r in rows if r["code"] == "fear_retaliation"}
    said = [[], [], []]
    for n, i in enumerate(ORDER):
        said[3 * n // len(ORDER)] += [
            (i.visit.id, s.polarity) in fear
            for s in i.statements
            if s.code == "fear_retaliation" and s.turn in CHECKED.get(i.visit.id, [])
        ]
    for found, sensitivity in zip(said, (0.9, 0.75, 0.6), strict=True):
        assert_share(sum(found), len(found), sensitivity)


@pytest.mark.parametrize("coder", list(FOUND))
def test_coder_b_codes_a_stray_in_one_turn_of_a_hundred(coder):
    planted = {(id, s.start, s.end) for id, s in PLANTED} | {(id, s.turn_start, s.turn_end) for id, s in PLANTED}
    told = {(id, s.turn_start) for id, s in PLANTED}
    empty = sum(len(turns) for turns in CHOSEN.values()) - len(told)
    stray = sum((r["transcript"], r["start"], r["end"]) not in planted for r in FOUND[coder])
    assert_share(stray, empty, 0.01)


def test_codings_say_who_made_them_when_and_with_which_codebook():
    row = FOUND[coders.CODER_B][0]
    assert (row["coder"], row["coder_kind"], row["status"]) == ("simulated-human-B", "human", "accepted")
    assert row["codebook_version"] == "1.0.0"
    assert FOUND[coders.CODER_B_LATER][0]["codebook_version"] == "1.1.0"
    assert "2021-12-06" <= row["date"] <= "2022-01-05"


def test_every_coding_has_its_own_id_and_its_quote():
    texts = {i.visit.id: i.text for i in INTERVIEWS}
    rows = [*coders.codings_of_a(INTERVIEWS), *FOUND[coders.CODER_B], *FOUND[coders.CODER_B_LATER]]
    assert len({r["id"] for r in rows}) == len(rows)
    assert all(texts[r["transcript"]][r["start"] : r["end"]] == r["quote"] for r in rows)
