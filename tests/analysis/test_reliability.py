from __future__ import annotations

import math

import numpy as np
import pytest

import bwa_study as bwa
from bwa_study.model.errors import TooFewCoders, UnknownName, WrongCall

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

    one = row(bwa.reliability(m), m.codes[0])

    assert math.isnan(one["alpha"])
    assert one["status"] == "cannot say"
    assert one["reason"] == "nobody gave it in these 2238 units, so nothing could have disagreed"


def test_a_theme_is_coded_where_any_of_its_codes_is(result, full_study):
    m = bwa.matrix(full_study, coders=[A, B])
    book = full_study.codebook
    members = [at for at, code in enumerate(book) if code.theme == "bridges"]
    keep = m.examined.all(axis=0)
    coded = (m.present | m.absent)[:, keep][:, :, members].any(axis=2)
    units = m.units[keep].assign(a=coded[0], b=coded[1]).groupby(["transcript", "turn"])[["a", "b"]].any()
    alpha = bwa.krippendorff_alpha(units.to_numpy(float), level="nominal")
    theme = result.frame[(result.frame["theme"] == "bridges") & (result.frame["code"] == "")].iloc[0]

    assert theme["alpha"] == pytest.approx(alpha.value, abs=1e-12)
    assert theme["n_coded"] == int(units.any(axis=1).sum())


def test_themes_come_before_their_codes_in_the_order_of_the_codebook(result, full_study):
    rows = list(zip(result.frame["theme"], result.frame["code"], strict=True))
    expected = []
    for theme in full_study.codebook.themes:
        expected += [(theme.id, ""), *((theme.id, c.id) for c in full_study.codebook.under(theme.id))]

    assert rows == expected


@pytest.mark.parametrize("field", ["group", "round", "language"])
def test_cells_by_a_field_are_the_analysis_of_that_part_alone(full_study, field):
    m = bwa.matrix(full_study, coders=[A, B])
    whole = bwa.reliability(m, by=[field])
    for level in full_study.levels(field):
        part = whole.frame[whole.frame[field] == level].set_index("code")
        m_part = bwa.matrix(full_study, coders=[A, B])
        m_part.examined[:, (m.units[field] != level).to_numpy()] = False
        alone = bwa.reliability(m_part).frame.set_index("code")
        for column in ("n_units", "alpha", "low", "kappa", "polarity_pairs", "confused"):
            np.testing.assert_allclose(
                part[column].to_numpy(float), alone[column].to_numpy(float), atol=1e-12, equal_nan=True
            )


def test_by_pair_each_pair_is_compared_by_itself(full_study, result):
    frame = bwa.reliability(bwa.matrix(full_study, coders=[A, B, LATER]), by=["pair"]).frame

    assert list(dict.fromkeys(frame["pair"])) == [f"{A} and {B}", f"{A} and {LATER}", f"{B} and {LATER}"]
    first = frame[frame["pair"] == f"{A} and {B}"].drop(columns="pair").reset_index(drop=True)
    assert first.equals(result.frame)


def test_by_site_and_round_every_cell_is_kept_and_an_empty_one_says_why(full_study):
    frame = bwa.reliability(bwa.matrix(full_study, coders=[A, B]), by=["site", "group", "round"]).frame
    workers_of_f06 = frame[(frame["site"] == "F06") & (frame["group"] == "worker") & (frame["round"] == "R1")]

    assert len(frame) == 12 * 3 * 3 * 31
    assert set(workers_of_f06["n_units"]) == {0}
    assert set(workers_of_f06["reason"]) == {"no unit here was examined by two of the coders"}
    assert set(workers_of_f06["status"]) == {"cannot say"}


def test_prevalence_of_each_coder_and_their_bias(result, full_study):
    one = row(result, "audit_mode")

    assert one["prevalence"] == pytest.approx((one["prevalence_a"] + one["prevalence_b"]) / 2)
    assert one["bias"] == pytest.approx(abs(one["prevalence_a"] - one["prevalence_b"]))
    three = bwa.reliability(bwa.matrix(full_study, coders=[A, B, LATER])).frame
    assert three["prevalence_a"].isna().all()


def test_the_confused_pair_has_its_rule_of_the_codebook_and_others_say_that_there_is_none(result):
    assert row(result, "client_influence")["told_apart_by"] == (
        "orders, prices or ratings are the lever: commercial_incentive; "
        "the client wants it, no consequence named: client_influence"
    )
    assert row(result, "conditions_improved")["told_apart_by"] == "no rule"
    assert row(result, "follow_up")["told_apart_by"] == ""


def test_a_low_kappa_of_a_rare_code_is_explained(result):
    said = row(result, "commercial_incentive")["note"]

    assert said.startswith("kappa is 0.53 although coders agree on 98% of units, because the code is rare")
    assert row(result, "communication_improved")["note"] == ""


def test_unknown_or_doubled_fields_are_refused(full_study):
    m = bwa.matrix(full_study, coders=[A, B])

    with pytest.raises(UnknownName, match="unknown field to compare by 'rond', did you mean 'round'"):
        bwa.reliability(m, by=["rond"])
    with pytest.raises(WrongCall, match="by names one thing twice"):
        bwa.reliability(m, by=["group", "group"])


def test_one_coder_and_unknown_names_are_refused(full_study):
    m = bwa.matrix(full_study, coders=[A, B])

    with pytest.raises(TooFewCoders, match=r"needs two coders or more, found 1 \(simulated-human-A\)"):
        bwa.reliability(m, coders=[A])
    with pytest.raises(UnknownName, match="unknown coder 'C'"):
        bwa.reliability(m, coders=[A, "C"])
    with pytest.raises(UnknownName, match="unknown rule 'fleiss'"):
        bwa.reliability(m, rule="fleiss")
