from __future__ import annotations

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bwa_study as bwa
from bwa_study.analysis.families import holm
from bwa_study.model.errors import NoCodings, TooFewCoders, UnknownName

DAYS = 30


def coded_study(make_interview, make_study, sensitivity, *, per_day=2, seed=5, dated=True):
    """Two coders on a transcript of ten turns each; "b" finds code a with a chance that changes with the third of her
    work, and code b always with .8."""
    rng = np.random.default_rng(seed)
    interviews, codings = [], []
    for n in range(DAYS * per_day):
        day = (datetime.date(2022, 1, 1) + datetime.timedelta(days=n // per_day)).isoformat() if dated else ""
        turns = [f"Turn {t} of {n:03d}." for t in range(10)]
        interviews.append(make_interview(f"t{n:03d}", "worker", "before", "S1", turns))
        third = min(2, 3 * n // (DAYS * per_day))
        for words in turns:
            for code, chance in (("a", sensitivity[third]), ("b", 0.8)):
                if rng.random() < 0.3:
                    codings.append((f"t{n:03d}", words, code, "present", "a", {"date": day}))
                    if rng.random() < chance:
                        codings.append((f"t{n:03d}", words, code, "present", "b", {"date": day}))
    read = dict.fromkeys([i.id for i in interviews])
    return bwa.matrix(make_study(interviews, codings, examined={"a": read, "b": read}))


@pytest.fixture(scope="module")
def tiring(make_interview, make_study):
    return coded_study(make_interview, make_study, (0.95, 0.75, 0.5))


def test_a_planted_drift_is_flagged_and_a_steady_code_is_not(tiring):
    found = bwa.drift(tiring, coder="b", draws=999).frame.set_index("code")

    assert found.loc["a", "drift"] == "falls"
    assert found.loc["a", "change"] < -0.2
    assert found.loc["a", "sensitivity_first"] > 0.9 > 0.6 > found.loc["a", "sensitivity_last"]
    assert found.loc["b", "drift"] == "not seen"


def test_a_code_nobody_gave_cannot_be_said_and_is_no_test(tiring):
    found = bwa.drift(tiring, coder="b", draws=999).frame.set_index("code")

    assert found.loc["c", "drift"] == "cannot say"
    assert found.loc["c", "reason"] == "nobody gave it in one of the thirds, or all gave it everywhere"
    assert math.isnan(found.loc["c", "p_holm"])
    assert found.loc["a", "p_holm"] == pytest.approx(2 * found.loc["a", "p"])


def test_the_numbers_of_the_thirds_are_those_of_their_transcripts(tiring):
    row = bwa.drift(tiring, coder="b", draws=99).frame.iloc[0]
    first = tiring.units["transcript"] < "t020"
    a, b = tiring.present[:, first.to_numpy(), 0]

    assert row["n_first"] == 200
    assert row["given_first"] == a.sum()
    assert row["sensitivity_first"] == pytest.approx((a & b).sum() / a.sum())
    alpha = bwa.krippendorff_alpha(np.column_stack([a, b]).astype(float), level="nominal")
    assert row["alpha_first"] == pytest.approx(alpha.value, abs=1e-12)


def test_getting_better_is_told_from_getting_worse(make_interview, make_study):
    m = coded_study(make_interview, make_study, (0.4, 0.7, 0.98))

    assert bwa.drift(m, coder="b", draws=999).frame.set_index("code").loc["a", "drift"] == "rises"


def test_the_same_seed_gives_the_same_p(tiring):
    one, two, other = (bwa.drift(tiring, coder="b", draws=199, seed=s).frame["p"].tolist() for s in (1, 1, 2))

    assert one[:2] == two[:2] != other[:2]


def test_a_transcript_without_a_date_is_left_out_and_counted(make_interview, make_study):
    tiring = coded_study(make_interview, make_study, (0.95, 0.75, 0.5))
    table = tiring.study.codings.table
    silent = {t.id for t in tiring.study.corpus} - set(table.loc[table["coder"] == "b", "transcript"])
    table.loc[(table["coder"] == "b") & (table["transcript"] == "t000"), "date"] = ""

    undated = bwa.drift(tiring, coder="b", draws=99).provenance["transcripts without a date"]

    assert undated == str(len(silent) + 1)


def test_codings_without_dates_are_refused(make_interview, make_study):
    m = coded_study(make_interview, make_study, (0.9, 0.9, 0.9), dated=False)

    with pytest.raises(NoCodings, match="0 of 60 transcripts shared with b have one, on 0 different days"):
        bwa.drift(m, coder="b")


def test_unknown_coders_and_too_few_draws_are_refused(tiring):
    with pytest.raises(UnknownName, match="unknown coder 'bb', did you mean 'b'?"):
        bwa.drift(tiring, coder="bb")
    with pytest.raises(TooFewCoders, match="drift needs two coders or more, found 1"):
        bwa.drift(tiring, coder="b", against=["b"])
    with pytest.raises(ValueError, match="a test of 10 draws; at least 99 are needed"):
        bwa.drift(tiring, coder="b", draws=10)


def test_the_day_of_reading_counts_where_she_coded_nothing_or_later(make_interview, make_study):
    tiring = coded_study(make_interview, make_study, (0.95, 0.75, 0.5))
    table = tiring.study.codings.table
    days = table[table["coder"] == "b"].groupby("transcript")["date"].min().to_dict()
    by_codings = bwa.drift(tiring, coder="b", draws=99)
    table.loc[table["coder"] == "b", "date"] = ""
    read = replace(tiring.study.examined, dates={"b": {**days, "t000": "2021-12-31"}})
    by_reading = bwa.drift(replace(tiring, study=replace(tiring.study, examined=read)), coder="b", draws=99)

    assert by_reading.frame.equals(by_codings.frame)
    assert by_reading.method.startswith("First third of the transcripts by date (2021-12-31 to ")


def test_a_code_given_fewer_than_20_times_by_the_other_is_not_tested(make_interview, make_study):
    m = coded_study(make_interview, make_study, (0.95, 0.75, 0.5))
    place = m.units.reset_index(drop=True)
    rare = place["transcript"].isin([f"t{n:03d}" for n in (*range(3), *range(57, 60))]).to_numpy()
    m.present[:, ~rare, 0] = False
    row = bwa.drift(m, coder="b", draws=99).frame.iloc[0]
    given = row["given_first"] + row["given_last"]

    assert 0 < given < 20
    assert row["reason"] == f"given {given} times in the two thirds; from 20 there is a test"
    assert (row["drift"], math.isnan(row["p"])) == ("cannot say", True)


def test_the_planted_drift_of_fear_is_flagged_in_the_demo_s_check_and_no_other_code(full_study):
    coder = "simulated-human-B-check"
    found = bwa.drift(bwa.matrix(full_study, coders=["simulated-human-A", coder]), coder=coder)
    said = found.frame.set_index("code")["drift"]

    assert said["fear_retaliation"] == "falls"
    assert set(said.drop("fear_retaliation")) == {"cannot say"}
    assert found.provenance["transcripts without a date"] == "0"


def test_in_the_demo_no_code_is_flagged_wrongly(full_study):
    m = bwa.matrix(full_study, coders=["simulated-human-A", "simulated-human-B"])
    found = bwa.drift(m, coder="simulated-human-B", draws=999).frame.set_index("code")

    assert not set(found["drift"][found.index != "fear_retaliation"]) & {"falls", "rises"}
    assert found.loc["fear_retaliation", "sensitivity_last"] < found.loc["fear_retaliation", "sensitivity_first"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_and_keeps_their_order(p):
    adjusted = holm(np.array(p))

    assert (adjusted >= np.array(p)).all()
    assert (adjusted <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()


def test_holm_is_that_of_r():
    # R: p.adjust(c(.01, .02, .03, .04), "holm")
    assert holm(np.array([0.01, 0.02, 0.03, 0.04])).tolist() == pytest.approx([0.04, 0.06, 0.06, 0.06])
