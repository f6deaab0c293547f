from __future__ import annotations

import math

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.model.errors import TooFewCoders, UnknownName

A, B, LATER = "simulated-human-A", "simulated-human-B", "simulated-human-B-second-pass"


@pytest.fixture(scope="module")
def result(full_study):
    return bwa.reliability(bwa.matrix(full_study, coders=[A, B]))


def row(result, code):
    return result.frame.set_index("code").loc[code]


def test_only_turns_that_both_examined_are_units(result, full_study):
    turns = sum(len(read) for read in full_study.examined.turns[B].values())

    assert set(result.frame["n_units"]) == {turns}


def test_alpha_is_that_of_the_coded_or_not_table(result, full_study):
    m = bwa.matrix(full_study, coders=[A, B])
    at = m.codes.index("fear_retaliation")
    coded = (m.present | m.absent)[:, :, at]
    keys = list(zip(m.units["transcript"], m.units["turn"], strict=True))
    by_unit: dict[tuple[str, int], list[bool]] = {}
    for i, key in enumerate(keys):
        if m.examined[:, i].all():
            before = by_unit.setdefault(key, [False, False])
            by_unit[key] = [bool(before[c] or coded[c, i]) for c in (0, 1)]

    alpha = bwa.krippendorff_alpha(np.array(list(by_unit.values()), dtype=float), level="nominal")

    assert row(result, "fear_retaliation")["alpha"] == pytest.approx(alpha.value, abs=1e-12)


def test_the_planted_confusion_is_named_both_ways_and_fails_the_gate(result):
    influence, incentive = row(result, "client_influence"), row(result, "commercial_incentive")

    assert influence["confused_with"] == "commercial_incentive"
    assert incentive["confused_with"] == "client_influence"
    assert incentive["alpha"] < 0.667
    assert {influence["status"], incentive["status"]} == {"qualitative"}


def test_the_confused_pair_recovers_after_the_tell_apart_rule(result, full_study):
    later = bwa.reliability(bwa.matrix(full_study, coders=[A, LATER]))

    for code in ("client_influence", "commercial_incentive"):
        assert row(later, code)["alpha"] > max(0.8, row(result, code)["alpha"])


def test_the_lower_end_decides_the_status(result):
    for one in result.frame.to_dict("records"):
        low = one["low"]
        expected = "use" if low >= 0.8 else "tentative" if low >= 0.667 else "qualitative"
        assert one["status"] == expected, one["code"]


def test_a_coder_agrees_with_an_equal_one_perfectly_and_no_interval_is_made_up(full_study):
    m = bwa.matrix(full_study, coders=[A])
    twice = type(m)(
        unit=m.unit,
        units=m.units,
        codes=m.codes,
        coders=("one", "two"),
        present=np.concatenate([m.present, m.present]),
        absent=np.concatenate([m.absent, m.absent]),
        examined=np.concatenate([m.examined, m.examined]),
        asked=m.asked,
        study=m.study,
        codings=m.codings,
    )

    frame = bwa.reliability(twice).frame

    assert frame["alpha"].tolist() == [1.0] * len(frame)
    assert frame["polarity_agreement"].tolist() == [1.0] * len(frame)
    assert frame["low"].isna().all()
    assert set(frame["status"]) == {"cannot say"}
    assert all(frame["reason"])


def test_the_order_of_coders_changes_no_number(full_study, result):
    other = bwa.reliability(bwa.matrix(full_study, coders=[B, A]))

    for column in ("alpha", "low", "high", "kappa", "agreement", "polarity_agreement", "prevalence"):
        np.testing.assert_allclose(other.frame[column], result.frame[column], atol=1e-12, equal_nan=True)


def test_polarity_agreement_counts_only_units_that_both_coded(result):
    one = row(result, "worker_involvement")

    assert 0 < one["polarity_pairs"] < one["n_coded"]
    assert 0.9 < one["polarity_agreement"] <= 1


def test_three_coders_have_an_alpha_and_no_cohen_kappa(full_study):
    frame = bwa.reliability(bwa.matrix(full_study, coders=[A, B, LATER])).frame

    assert frame["alpha"].notna().all()
    assert frame["kappa"].isna().all()


def test_a_code_nobody_gave_cannot_be_said_and_says_why(full_study):
    m = bwa.matrix(full_study, coders=[A, B])
    m.present[:, :, 0] = m.absent[:, :, 0] = False

    one = bwa.reliability(m).frame.iloc[0]

    assert math.isnan(one["alpha"])
    assert one["status"] == "cannot say"
    assert "the same value" in one["reason"]


def test_one_coder_and_unknown_names_are_refused(full_study):
    m = bwa.matrix(full_study, coders=[A, B])

    with pytest.raises(TooFewCoders, match=r"needs two coders or more, found 1 \(simulated-human-A\)"):
        bwa.reliability(m, coders=[A])
    with pytest.raises(UnknownName, match="unknown coder 'C'"):
        bwa.reliability(m, coders=[A, "C"])
    with pytest.raises(UnknownName, match="unknown rule 'fleiss'"):
        bwa.reliability(m, rule="fleiss")
