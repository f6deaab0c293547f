from __future__ import annotations

import dataclasses
import math
from functools import partial

import numpy as np
import pytest

from bwa_study.analysis.alpha import krippendorff_alpha
from bwa_study.analysis.coefficients import (
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    holsti,
    light_kappa,
    percent_agreement,
)
from bwa_study.analysis.student import t_quantile
from bwa_study.model.errors import UnknownName

COEFFICIENTS = {
    "percent": partial(percent_agreement, weights="identity"),
    "holsti": holsti,
    "fleiss": partial(fleiss_kappa, weights="identity"),
    "conger": partial(conger_kappa, weights="identity"),
    "light": light_kappa,
    "ac1": partial(gwet_ac1, categories=(0, 1, 2)),
    "alpha": partial(krippendorff_alpha, level="nominal"),
    "ordinal": partial(krippendorff_alpha, level="ordinal"),
}


@pytest.fixture(scope="module")
def coded():
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, size=(10, 12, 1))
    right = rng.random((10, 12, 3)) < rng.uniform(0.5, 1, size=(10, 1, 1))
    table = np.where(right, truth, rng.integers(0, 3, size=(10, 12, 3))).astype(float)
    table[rng.random((10, 12, 3)) < 0.1] = np.nan
    return table.reshape(-1, 3), np.repeat([f"t{i}" for i in range(10)], 12)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_the_jackknife_by_cluster_is_that_of_leaving_rows_out(name, coded):
    table, cluster = coded
    measure = COEFFICIENTS[name]
    whole = measure(table, clusters=cluster)
    g = np.array([math.log(1 - measure(table[cluster != c]).value) for c in np.unique(cluster)])
    half = t_quantile(0.95, 9) * math.sqrt(0.9 * ((g - g.mean()) ** 2).sum())
    at = math.log(1 - whole.value)
    got = whole.jackknife()
    assert (got.low, got.high) == pytest.approx((1 - math.exp(at + half), 1 - math.exp(at - half)), abs=1e-9)
    assert got.method == "jackknife by cluster, t with 9 degrees of freedom, of log(1 - value)"
    assert whole.interval == got


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_the_jackknife_by_unit_is_that_of_leaving_rows_out(name, coded):
    table = coded[0][:30]
    measure = COEFFICIENTS[name]
    whole = measure(table)
    used = whole.n_units if name in ("alpha", "ordinal") else whole.n_rated
    keep = (~np.isnan(table)).sum(axis=1) >= (2 if name in ("alpha", "ordinal") else 1)
    table = table[keep]
    g = np.array([math.log(1 - measure(np.delete(table, i, axis=0)).value) for i in range(len(table))])
    assert len(g) == used
    half = t_quantile(0.95, whole.n_units - 1) * math.sqrt((used - 1) / used * ((g - g.mean()) ** 2).sum())
    at = math.log(1 - whole.value)
    got = whole.jackknife(by="unit")
    assert (got.low, got.high) == pytest.approx((1 - math.exp(at + half), 1 - math.exp(at - half)), abs=1e-9)


@pytest.mark.parametrize("name", COEFFICIENTS)
@pytest.mark.parametrize("by", ["unit", "cluster"])
def test_the_bootstrap_is_that_of_drawing_rows(name, by, coded):
    table, cluster = coded
    measure = COEFFICIENTS[name]
    got = measure(table, clusters=cluster).bootstrap(by=by, draws=2000, seed=3)
    rng = np.random.default_rng(11)
    names = np.unique(cluster)
    values = []
    for _ in range(400):
        if by == "unit":
            rows = rng.integers(0, len(table), len(table))
        else:
            rows = np.concatenate([np.flatnonzero(cluster == c) for c in rng.choice(names, len(names))])
        values.append(measure(table[rows]).value)
    assert (got.low, got.high) == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=0.03)
    assert (got.draws, got.undefined_draws, got.reason) == (2000, 0, "")


def test_the_same_seed_gives_the_same_bootstrap(coded):
    alpha = krippendorff_alpha(coded[0], level="nominal", clusters=coded[1])
    assert alpha.bootstrap(seed=4, draws=200) == alpha.bootstrap(seed=4, draws=200)
    assert alpha.bootstrap(seed=4, draws=200) != alpha.bootstrap(seed=5, draws=200)


def test_intervals_are_by_cluster_where_clusters_are_named_and_wider_then(coded):
    table, cluster = coded
    plain, clustered = (fleiss_kappa(table, weights="identity", clusters=c) for c in (None, cluster))
    assert plain.interval == plain.linearised()
    assert clustered.interval == clustered.jackknife()
    assert clustered.interval.high - clustered.interval.low > plain.interval.high - plain.interval.low
    assert krippendorff_alpha(table, level="nominal").interval.method.startswith("jackknife by unit")


def test_more_confidence_is_a_wider_interval(coded):
    alpha = krippendorff_alpha(coded[0], level="nominal", clusters=coded[1], confidence=0.8)
    assert alpha.interval == alpha.jackknife(confidence=0.8)
    assert alpha.jackknife(confidence=0.99).low < alpha.interval.low
    assert alpha.linearised(confidence=0.99).high > alpha.linearised().high


def test_one_cluster_allows_no_interval_by_cluster():
    kappa = cohen_kappa([[1, 1], [0, 0], [1, 0]], weights="identity", clusters=["t1"] * 3)
    assert kappa.reason == ""
    for interval in (kappa.interval, kappa.bootstrap()):
        assert math.isnan(interval.low)
        assert interval.reason == "there is only one cluster"
    assert kappa.bootstrap(by="unit", draws=50).reason == ""


def test_a_cluster_on_which_all_hangs_is_said():
    alpha = krippendorff_alpha([[0, 0], [0, 0], [1, 1], [1, 0]], level="nominal", clusters=["a", "a", "b", "b"])
    assert not math.isnan(alpha.value)
    assert alpha.interval.reason == (
        "without one of the clusters the coefficient is undefined, so all hangs on that cluster"
    )


def test_where_one_cluster_holds_all_disagreement_the_value_itself_is_taken():
    rows = [[0, 0], [1, 1], [0, 0], [1, 1], [0, 1], [1, 1]]
    alpha = krippendorff_alpha(rows, level="nominal", clusters=["a", "a", "b", "b", "c", "c"])
    assert alpha.interval.method.endswith("of the value (one cluster holds all disagreement)")
    assert alpha.interval.low < alpha.value <= alpha.interval.high <= 1


def test_resamples_without_a_value_are_left_out_and_counted():
    rare = [[1, 1], [1, 0]] + [[0, 0]] * 30
    got = krippendorff_alpha(rare, level="nominal").bootstrap(draws=500)
    assert 0 < got.undefined_draws < 250
    assert not math.isnan(got.low)


def test_mostly_undefined_resamples_allow_no_interval():
    alpha = krippendorff_alpha([[0, 0], [1, 1]], level="nominal", clusters=["a", "b"])
    drawn = [alpha.bootstrap(draws=1, seed=seed) for seed in range(20)]
    lost = [one for one in drawn if one.undefined_draws]
    assert 0 < len(lost) < 20
    assert {one.reason for one in lost} == {"the coefficient is undefined in 1 of 1 resamples"}
    assert all(math.isnan(one.low) and math.isnan(one.high) for one in lost)


def test_a_coefficient_without_a_published_standard_error_says_so(coded):
    got = light_kappa(coded[0])
    assert math.isnan(got.standard_error)
    assert got.linearised().reason == "no standard error is published for it"
    assert got.interval == got.jackknife()


def test_one_unit_gives_a_value_and_no_interval():
    got = percent_agreement([[1, 1, 2]], weights="identity")
    assert got.value == pytest.approx(1 / 3)
    assert math.isnan(got.standard_error)
    assert got.interval.reason == "there is only one unit"


def test_unknown_ways_and_impossible_numbers_are_refused(coded):
    kappa = fleiss_kappa(coded[0], weights="identity")
    with pytest.raises(UnknownName, match="unit"):
        kappa.jackknife(by="cluster")
    with pytest.raises(UnknownName, match="cluster"):
        fleiss_kappa(coded[0], weights="identity", clusters=coded[1]).bootstrap(by="transcript")
    with pytest.raises(ValueError, match="0 draws"):
        kappa.bootstrap(draws=0)
    with pytest.raises(ValueError, match="confidence 95"):
        fleiss_kappa(coded[0], weights="identity", confidence=95)


def test_a_result_is_frozen_and_compares_by_its_numbers(coded):
    one, two = (fleiss_kappa(coded[0], weights="identity") for _ in range(2))
    assert dataclasses.replace(one, prevalence_index=0, bias_index=0) == dataclasses.replace(
        two, prevalence_index=0, bias_index=0
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.value = 1.0


def test_units_with_one_rating_add_no_degree_of_freedom_to_clusters():
    rows = [[0, 0], [1, 1], [0, 1], [1, 1], [1, 0], [0, 0], [1, None], [0, None]]
    kappa = fleiss_kappa(rows, weights="identity", clusters=["a", "a", "b", "b", "c", "c", "d", "e"])
    assert kappa.n_clusters == 3
    assert "2 degrees of freedom" in kappa.interval.method
