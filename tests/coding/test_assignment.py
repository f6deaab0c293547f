from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.load.assignment_file import load_assignment
from bwa_study.model.errors import TableError, WrongCall

CODERS = ["c1", "c2", "c3"]


def second(drawn: bwa.Assignment) -> set[str]:
    return set(drawn.frame.query("place == 'second'")["transcript"])


def test_every_transcript_has_one_first_coder_and_the_drawn_share_a_second_one(lite_study):
    table = bwa.assign(lite_study, coders=CODERS, share_double=0.25, seed=1).frame

    assert sorted(table.query("place == 'first'")["transcript"]) == sorted(t.id for t in lite_study.corpus)
    assert abs((table["place"] == "second").sum() - 0.25 * len(lite_study.corpus)) < 1
    assert not table.duplicated(["transcript", "coder"]).any()
    assert set(table.query("place == 'second'")["transcript"]) == set(table.query("double_coded")["transcript"])


def test_each_stratum_holds_its_share_rounded_down_or_up(lite_study):
    drawn = bwa.assign(lite_study, coders=CODERS, share_double=0.2, seed=3)
    chosen = second(drawn)
    strata: dict[tuple[str, str, str], list[bool]] = {}
    for t in lite_study.corpus:
        strata.setdefault((t.group, t.round, t.language), []).append(t.id in chosen)

    off = {key: sum(part) - 0.2 * len(part) for key, part in strata.items()}
    assert {key: d for key, d in off.items() if abs(d) >= 1} == {}
    assert len(strata) > 10


def test_each_transcript_s_chance_is_the_share_and_each_coder_s_is_equal(lite_study):
    study = bwa.Study(**{f: getattr(lite_study, f) for f in ("id", "title", "groups", "rounds", "sites", "codebook")},
                      corpus=bwa.Corpus(tuple(lite_study.corpus)[:12]))  # fmt: skip
    twice, coded = Counter(), Counter()
    rounds = 600
    for seed in range(rounds):
        drawn = bwa.assign(study, coders=CODERS, share_double=0.3, seed=seed)
        twice.update(second(drawn))
        coded.update(drawn.frame["coder"])
    shares = np.array([twice[t.id] / rounds for t in study.corpus])

    assert np.abs(shares - 0.3).max() < 4 * np.sqrt(0.3 * 0.7 / rounds)
    assert drawn.frame["double_probability"].unique().tolist() == [0.3]
    assert drawn.frame["coder_probability"].unique().tolist() == [1.3 / 3]
    assert [round(coded[c] / rounds / 12, 1) for c in CODERS] == [0.4, 0.4, 0.4]


@given(seed=st.integers(0, 10_000), share=st.floats(0, 1))
def test_work_is_shared_evenly_and_nobody_is_her_own_second(lite_study, seed, share):
    table = bwa.assign(lite_study, coders=CODERS, share_double=share, seed=seed).frame
    first = table.query("place == 'first'")["coder"].value_counts()
    assert first.max() - first.min() <= 1
    assert not table.duplicated(["transcript", "coder"]).any()
    for coder in CODERS:
        orders = table.loc[table["coder"] == coder, "order"].tolist()
        assert orders == list(range(1, len(orders) + 1))


def test_the_same_seed_draws_the_same_and_another_another(lite_study):
    def draw(seed: int) -> list[list[object]]:
        return bwa.assign(lite_study, coders=CODERS, share_double=0.2, seed=seed).frame.values.tolist()

    assert draw(5) == draw(5)
    assert draw(5) != draw(6)


@pytest.mark.parametrize(("proposals", "shown"), [("none", (0, 0)), ("single", (0, 1)), ("all", (1, 1))])
def test_proposals_are_shown_only_where_the_draw_allows(lite_study, proposals, shown):
    drawn = bwa.assign(lite_study, coders=CODERS, share_double=0.2, seed=1, proposals=proposals)
    by_double = drawn.frame.groupby("double_coded")["proposals_shown"].mean()
    assert (by_double[True], by_double[False]) == shown
    assert drawn.shows_proposals("c1") == frozenset(
        drawn.frame.query("coder == 'c1' and proposals_shown")["transcript"]
    )


def test_a_queue_mixes_groups_and_rounds(lite_study):
    drawn = bwa.assign(lite_study, coders=["c1"], share_double=0, seed=1)
    queue = [lite_study.corpus[id].round for id in drawn.transcripts("c1")]
    changes = sum(a != b for a, b in itertools.pairwise(queue))
    assert changes > len(queue) / 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"coders": []}, "coders: nobody is named"),
        ({"coders": ["a", " a"]}, "coders: 'a' is given twice"),
        ({"coders": ["a", ""]}, "coders: a name is empty"),
        ({"coders": ["a"]}, "to code twice takes two coders or more"),
        ({"share_double": 1.5}, "share_double is 1.5 — give a share from 0 to 1"),
        ({"share_double": float("nan")}, "share_double is nan"),
        ({"proposals": "some"}, "proposals 'some' is not one of none, single, all"),
    ],
)
def test_a_draw_that_cannot_be_is_refused(lite_study, options, said):
    with pytest.raises(WrongCall, match=said):
        bwa.assign(lite_study, **{"coders": CODERS, "share_double": 0.2, "seed": 1, **options})


def test_what_is_written_is_read_back_without_what_has_been_withdrawn(lite_study, tmp_path):
    drawn = bwa.assign(lite_study, coders=CODERS, share_double=0.2, seed=1)
    drawn.table.to_csv(tmp_path / "assignment.csv", index=False)
    gone = drawn.table["transcript"].iloc[0]
    corpus = lite_study.corpus.select(ids=[t.id for t in lite_study.corpus if t.id != gone])

    again = load_assignment(tmp_path, corpus)

    assert again.frame.values.tolist() == drawn.frame[drawn.frame["transcript"] != gone].values.tolist()


def test_bad_rows_of_an_assignment_are_named(lite_study, tmp_path):
    row = "R1-F01-W-01,c1,first,1,s,no,0.2,0.4,no,1\n"
    head = (
        "transcript,coder,place,order,stratum,double_coded,double_probability,coder_probability,proposals_shown,seed\n"
    )
    (tmp_path / "assignment.csv").write_text(head + row + row + row.replace("first", "third"), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        load_assignment(tmp_path, lite_study.corpus)
    assert [(p.line, p.what) for p in caught.value.problems] == [
        (3, "transcript 'R1-F01-W-01' is given to 'c1' twice"),
        (4, "column 'place', value 'third': 'third' is not one of the values"),
        (4, "transcript 'R1-F01-W-01' is given to 'c1' twice"),
    ]
