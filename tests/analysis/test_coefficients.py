from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from bwa_study.analysis.alpha import krippendorff_alpha
from bwa_study.analysis.coefficients import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_by_category,
    fleiss_chance_error,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    holsti,
    light_kappa,
    percent_agreement,
    scott_pi,
)

FOUR = (0, 1, 2, 3)
NOMINAL = {
    "percent": partial(percent_agreement, weights="identity"),
    "holsti": holsti,
    "fleiss": partial(fleiss_kappa, weights="identity"),
    "conger": partial(conger_kappa, weights="identity"),
    "light": light_kappa,
    "bp": partial(brennan_prediger, weights="identity", categories=FOUR),
    "ac1": partial(gwet_ac1, categories=FOUR),
    "alpha": partial(krippendorff_alpha, level="nominal"),
}
WEIGHTED = {
    "percent": partial(percent_agreement, weights="quadratic"),
    "fleiss": partial(fleiss_kappa, weights="linear"),
    "conger": partial(conger_kappa, weights="ordinal", categories=FOUR),
    "bp": partial(brennan_prediger, weights="ordinal", categories=FOUR),
    "ac2": partial(gwet_ac2, weights="quadratic", categories=FOUR),
    "alpha": partial(krippendorff_alpha, level="ordinal"),
}
OF_TWO = {"cohen": partial(cohen_kappa, weights="identity"), "scott": partial(scott_pi, weights="identity")}
ALL = {**{f"{k}, weighted": v for k, v in WEIGHTED.items()}, **NOMINAL}


@st.composite
def ratings(draw, coders=(2, 4), values=FOUR, missing=True):
    r = draw(st.integers(*coders))
    one = st.sampled_from([*values, None] if missing else values)
    return draw(st.lists(st.lists(one, min_size=r, max_size=r), min_size=1, max_size=12))


def assert_same(one, two):
    assert one.value == pytest.approx(two.value, abs=1e-9, nan_ok=True)
    assert one.standard_error == pytest.approx(two.standard_error, abs=1e-9, nan_ok=True)
    assert (one.n_units, one.n_rated, one.n_coders, one.n_pairable) == (
        two.n_units,
        two.n_rated,
        two.n_coders,
        two.n_pairable,
    )
    assert one.reason == two.reason


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25)
@given(data=st.data(), rows=ratings())
def test_the_order_of_units_and_of_coders_changes_nothing(name, data, rows):
    units = data.draw(st.permutations(rows))
    order = data.draw(st.permutations(range(len(rows[0]))))
    assert_same(ALL[name](rows), ALL[name]([[row[i] for i in order] for row in units]))


@pytest.mark.parametrize("name", NOMINAL)
@settings(max_examples=40)
@given(data=st.data(), rows=ratings())
def test_the_names_of_the_values_change_nothing_where_they_have_no_order(name, data, rows):
    renamed = dict(zip(FOUR, data.draw(st.permutations(FOUR)), strict=True))
    one, two = NOMINAL[name](rows), NOMINAL[name]([[renamed.get(v) for v in row] for row in rows])
    assert one.value == pytest.approx(two.value, abs=1e-9, nan_ok=True)
    assert one.standard_error == pytest.approx(two.standard_error, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", OF_TWO)
@given(rows=ratings(coders=(2, 2)))
def test_exchanging_the_two_coders_changes_nothing(name, rows):
    assert_same(OF_TWO[name](rows), OF_TWO[name]([row[::-1] for row in rows]))


@pytest.mark.parametrize("name", {**ALL, **OF_TWO})
@given(values=st.lists(st.sampled_from(FOUR), min_size=2, max_size=12))
def test_perfect_agreement_on_different_values_is_1(name, values):
    assume(len(set(values)) > 1)
    got = {**ALL, **OF_TWO}[name]([[v, v] for v in values])
    assert got.value == pytest.approx(1, abs=1e-12)
    assert math.isnan(got.interval.low)
    assert "nothing tells how far" in got.interval.reason or "all hangs on that unit" in got.interval.reason


@pytest.mark.parametrize("name", [n for n in ALL if "alpha" not in n])
@settings(max_examples=40)
@given(rows=ratings())
def test_every_unit_twice_changes_no_value(name, rows):
    assert ALL[name](rows * 2).value == pytest.approx(ALL[name](rows).value, abs=1e-9, nan_ok=True)


@given(rows=ratings())
def test_every_unit_twice_moves_alpha_by_its_correction_for_small_samples_only(rows):
    once, twice = krippendorff_alpha(rows, level="nominal"), krippendorff_alpha(rows * 2, level="nominal")
    assume(not once.reason)
    n = once.n_pairable
    assert twice.observed == pytest.approx(once.observed, abs=1e-12)
    assert twice.expected * (2 * n - 1) / (2 * n) == pytest.approx(once.expected * (n - 1) / n, abs=1e-12)


@pytest.mark.parametrize("name", {**ALL, **OF_TWO})
def test_coders_who_do_not_look_agree_by_chance_only(name):
    rng = np.random.default_rng(7)
    table = rng.integers(0, 4, size=(20_000, 2))
    got = {**ALL, **OF_TWO}[name](table)
    assert got.value == pytest.approx(
        got.observed if name in ("percent, weighted", "percent", "holsti") else 0, abs=0.02
    )


@given(rows=ratings(coders=(2, 2), missing=False))
def test_with_two_coders_conger_is_cohen_and_fleiss_is_scott(rows):
    for weights in ("identity", "quadratic"):
        assert_same(conger_kappa(rows, weights=weights), cohen_kappa(rows, weights=weights))
        assert_same(fleiss_kappa(rows, weights=weights), scott_pi(rows, weights=weights))
    assert light_kappa(rows).value == pytest.approx(cohen_kappa(rows, weights="identity").value, abs=1e-9, nan_ok=True)
    assert holsti(rows).value == percent_agreement(rows, weights="identity").value


@given(rows=ratings(coders=(2, 2), missing=False))
def test_cohen_is_that_of_another_program(rows):
    for ours, theirs in (("identity", None), ("linear", "linear"), ("quadratic", "quadratic")):
        got = cohen_kappa(rows, weights=ours, categories=FOUR)
        if not got.reason:
            want = cohen_kappa_score(*zip(*rows, strict=True), weights=theirs, labels=list(FOUR))
            assert got.value == pytest.approx(want, abs=1e-9)


@given(rows=ratings())
def test_percent_agreement_is_the_mean_over_units_of_agreeing_pairs(rows):
    shares = []
    for row in rows:
        pairs = list(itertools.combinations([v for v in row if v is not None], 2))
        if pairs:
            shares.append(sum(a == b for a, b in pairs) / len(pairs))
    assume(shares)
    assert percent_agreement(rows, weights="identity").value == pytest.approx(sum(shares) / len(shares))


@given(rows=ratings(coders=(2, 2), values=(0, 1), missing=False))
def test_brennan_prediger_of_two_categories_is_pabak(rows):
    got = brennan_prediger(rows, weights="identity", categories=(0, 1))
    assert got.value == pytest.approx(2 * got.observed - 1)


@given(rows=ratings(coders=(2, 2), values=(0, 1), missing=False))
def test_prevalence_and_bias_are_those_of_the_table(rows):
    a, d = rows.count([1, 1]), rows.count([0, 0])
    b, c = rows.count([1, 0]), rows.count([0, 1])
    got = cohen_kappa(rows, weights="identity", categories=(0, 1))
    assert got.prevalence_index == pytest.approx((a - d) / len(rows))
    assert got.bias_index == pytest.approx(abs(b - c) / len(rows))


@pytest.mark.parametrize("name", ["percent", "fleiss", "conger", "ac1", "bp", "alpha", "fleiss, weighted"])
def test_the_standard_error_is_that_of_the_jackknife_in_large_samples(name):
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, size=4000)
    table = np.where(rng.random((4000, 3)) < 0.8, truth[:, None], rng.integers(0, 4, size=(4000, 3))).astype(float)
    table[rng.random(4000) < 0.3, 1] = np.nan
    got = ALL[name](table)
    jackknife = got.jackknife()
    on_log = (math.log(1 - jackknife.low) - math.log(1 - jackknife.high)) / 2 / 1.9605
    assert got.standard_error == pytest.approx(on_log * (1 - got.value), rel=0.01)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no coder rated any unit"),
        ([[None, None]], "no coder rated any unit"),
        ([[1], [2]], "only one coder rated; agreement needs two"),
        ([[1, None], [2, None]], "only one coder rated; agreement needs two"),
        ([[1, None], [None, 2]], "no unit was rated by two coders"),
    ],
)
@pytest.mark.parametrize("name", {**ALL, **OF_TWO})
def test_too_few_ratings_leave_it_undefined_with_a_reason(name, rows, reason):
    got = {**ALL, **OF_TWO}[name](rows)
    assert math.isnan(got.value)
    assert math.isnan(got.standard_error)
    assert got.reason == reason
    for interval in (got.interval, got.linearised(), got.jackknife(), got.bootstrap(draws=10)):
        assert math.isnan(interval.low)
        assert math.isnan(interval.high)
        assert interval.reason == reason


@pytest.mark.parametrize("name", ["fleiss", "conger", "light", "alpha", "cohen", "scott", "alpha, weighted"])
def test_one_value_only_leaves_it_undefined_with_a_reason(name):
    got = {**ALL, **OF_TWO}[name]([[2, 2], [2, 2], [2, 2]])
    assert math.isnan(got.value)
    assert got.reason == "all 6 ratings are the same value (2), so nothing could have disagreed"


def test_one_category_only_leaves_ac1_and_brennan_prediger_undefined():
    for got in (
        gwet_ac1([[2, 2], [2, 2]], categories="observed"),
        brennan_prediger([[2, 2], [2, 2]], weights="identity", categories="observed"),
    ):
        assert math.isnan(got.value)
        assert got.reason == "there is only one category (2); name all that could have been chosen"
    assert gwet_ac1([[2, 2], [2, 2]], categories=(1, 2)).value == 1


def test_a_coder_who_never_used_the_code_agrees_by_chance():
    got = cohen_kappa([[1, 0], [1, 0], [0, 0], [0, 0]], weights="identity")
    assert (got.value, got.reason) == (0, "")


def test_light_is_undefined_if_the_kappa_of_a_pair_is():
    got = light_kappa([[1, 1, None], [2, 2, None], [2, None, 2], [1, None, 2]])
    assert math.isnan(got.value)
    assert got.reason.startswith("the kappa of a pair of coders is undefined")


def test_a_unit_that_one_coder_left_out_counts_against_holsti_only():
    rows = [["a", "a"], ["b", "b"], ["b", None]]
    assert holsti(rows).value == pytest.approx(4 / 5)
    assert percent_agreement(rows, weights="identity").value == 1


def test_cohen_leaves_out_what_one_coder_did_not_rate():
    rows = [[1, 1], [0, 0], [1, 0], [0, 0]]
    assert_same(cohen_kappa(rows, weights="identity"), cohen_kappa([*rows, [1, None]], weights="identity"))


@pytest.mark.parametrize("function", [cohen_kappa, scott_pi])
def test_three_coders_are_sent_to_a_coefficient_for_three(function):
    with pytest.raises(ValueError, match="compares two coders, not 3 — use conger_kappa"):
        function([[1, 1, 1]], weights="identity")


def test_the_number_of_categories_has_no_default_where_it_changes_the_value():
    with pytest.raises(ValueError, match="the number of categories changes"):
        gwet_ac1([[1, 1]], categories=None)


def test_two_coders_are_divided_by_n_and_three_by_n_minus_1():
    two = [[1, 1], [0, 0], [1, 0], [0, 0]]
    assert percent_agreement(two, weights="identity").standard_error == pytest.approx(math.sqrt(0.75 * 0.25 / 4))
    three = [[1, 1, 1], [0, 0, 0], [1, 0, 1], [0, 0, 0]]
    spread = np.var([1, 1, 1 / 3, 1], ddof=1)
    assert percent_agreement(three, weights="identity").standard_error == pytest.approx(math.sqrt(spread / 4))


def test_the_name_tells_the_weights():
    assert cohen_kappa([[1, 2]], weights="linear").name == "Cohen's kappa, linear weights"
    assert gwet_ac1([[1, 2]], categories=(1, 2)).name == "Gwet's AC1"


def test_category_kappas_of_a_value_all_chose_are_undefined():
    got = fleiss_by_category([[1, 1, 1], [1, 1, 1]])
    assert got["kappa"].isna().all()
    assert math.isnan(fleiss_chance_error([[1, 1, 1], [1, 1, 1]]))
    assert fleiss_by_category([[1, None]]).empty or fleiss_by_category([[1, None]])["kappa"].isna().all()
