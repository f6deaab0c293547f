from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bwa_study.analysis.clustered import cluster_robust, wild_cluster_p
from bwa_study.model.errors import UnknownName, WrongCall

# 8 factories, 2 rounds, trained or not: made for this project (CC0). Expected numbers: R clubSandwich; the wild
# bootstrap by enumeration of all 2^8 sign patterns (58 of 256 at least as large).
DID = Path(__file__).parents[1] / "data" / "gold" / "few_clusters_did" / "data.csv"
CHICKS = Path(__file__).parents[1] / "data" / "gold" / "chick_weight" / "data.csv"
TERMS = ("(Intercept)", "trained", "round", "trained:round")
CLUBSANDWICH = {
    ("CR0", 0): (0.098630055098, 2.9411764706, 0.55103496835),
    ("CR0", 1): (0.52046584284, 5.7690420109, 0.073391496007),
    ("CR0", 2): (0.26054074262, 2.9603394281, 0.25124767783),
    ("CR0", 3): (0.46114891284, 5.7736744278, 0.18101421354),
    ("CR1", 0): (0.10543996406, 2.9411764706, 0.57546486069),
    ("CR1", 1): (0.55640139012, 5.7690420109, 0.088885346845),
    ("CR1", 2): (0.27852976976, 2.9603394281, 0.27658726049),
    ("CR1", 3): (0.49298892461, 5.7736744278, 0.20654567971),
    ("CR1S", 0): (0.10897524145, 2.9411764706, 0.58722000785),
    ("CR1S", 1): (0.57505687121, 5.7690420109, 0.097286111101),
    ("CR1S", 2): (0.28786854379, 2.9603394281, 0.2894211426),
    ("CR1S", 3): (0.50951826067, 5.7736744278, 0.21966113696),
}


@pytest.fixture(scope="module")
def did():
    table = pd.read_csv(DID)
    x = np.column_stack([np.ones(len(table)), table["trained"], table["round"], table["trained"] * table["round"]])
    return table["score"].to_numpy(), x, table["factory"].to_numpy()


@pytest.mark.parametrize(("kind", "term"), list(CLUBSANDWICH))
def test_errors_degrees_of_freedom_and_p_are_those_of_clubsandwich(did, kind, term):
    y, x, clusters = did
    found = cluster_robust(y, x, clusters, contrast=np.eye(4)[term], kind=kind)
    assert (found.error, found.df, found.p) == pytest.approx(CLUBSANDWICH[kind, term], rel=1e-9)


def test_the_wild_bootstrap_of_all_sign_patterns(did):
    y, x, clusters = did
    assert wild_cluster_p(y, x, clusters, contrast=[0, 0, 0, 1]) == 58 / 256


def test_cr2_with_clusters_is_that_of_the_published_example():
    # Imbens & Kolesar (2016); dfadjust 1.1, tests of clustervar, "ell specifications": HC2 se 2.460094992.
    i = np.arange(1, 101)
    x = np.column_stack([np.ones(100), np.sin(i), np.sin(i) ** 2])
    clusters = np.repeat([1, 5, 2, 3, 4], [40, 20, 20, 10, 10])
    found = cluster_robust(i.astype(float), x, clusters, contrast=[0, 1, 0])
    assert found.value == pytest.approx(-1.955355241, abs=1e-9)
    assert found.error == pytest.approx(2.460094992, abs=1e-9)
    stata = cluster_robust(i.astype(float), x, clusters, contrast=[0, 1, 0], kind="CR1S")
    assert stata.error == pytest.approx(2.344474843, abs=1e-9)


def test_satterthwaite_degrees_of_freedom_of_the_published_examples():
    # dfadjust 1.1, tests: every observation its own cluster (Bell & McCaffrey), checked there against Stata.
    y = np.concatenate([np.cos(np.arange(10)), np.tan(np.arange(1, 11))])
    x = np.column_stack([np.ones(20), np.concatenate([np.sin(np.arange(1, 11)), np.sin(np.arange(2, 12))])])
    found = [cluster_robust(y, x, range(20), contrast=c) for c in ([1, 0], [0, 1])]
    assert [f.error for f in found] == pytest.approx([0.4227339762, 0.4421048122], abs=1e-9)
    assert [f.df for f in found] == pytest.approx([17.6142349, 12.10389102], abs=1e-7)
    i = np.arange(1, 11)
    x = np.column_stack([np.ones(10), np.sin(i), np.sin(i + 1)])
    found = [cluster_robust(i.astype(float), x, range(10), contrast=np.eye(3)[k]) for k in range(3)]
    assert [f.df for f in found] == pytest.approx([4.94624731, 3.90754737, 4.77265484], abs=1e-8)


@pytest.mark.parametrize(
    ("diet", "value", "error", "df", "p"),
    [(2, 1.77, 1.49, 18.8, 0.2497), (3, 4.58, 1.35, 18.8, 0.0031), (4, 2.87, 1.01, 18.3, 0.0105)],
)
def test_cr2_and_satterthwaite_of_clusters_are_those_of_the_published_example(diet, value, error, df, p):
    # Reference manual of R clubSandwich, coef_test: 50 chicks weighed up to 12 times; see SOURCE.txt beside the data.
    table = pd.read_csv(CHICKS)
    weights = table["weights"].str.split()
    size = weights.str.len()
    y = np.array([float(w) for row in weights for w in row])
    day = np.concatenate([np.array([*range(0, 21, 2), 21])[:n] for n in size])
    of_diet = np.eye(4)[np.repeat(table["diet"].to_numpy() - 1, size)]
    of_diet[:, 0] = 1
    x = np.column_stack([of_diet, of_diet * day[:, None]])
    found = cluster_robust(y, x, np.repeat(table["chick"].to_numpy(), size), contrast=np.eye(8)[3 + diet])
    assert (round(found.value, 2), round(found.error, 2), round(found.df, 1)) == (value, error, df)
    assert round(found.p, 4) == p


@given(st.lists(st.integers(-20, 20), min_size=4, max_size=9).filter(lambda d: len(set(d)) > 1))
def test_a_balanced_change_is_the_paired_t_test_of_the_clusters(differences):
    first = np.arange(len(differences), dtype=float)
    y = np.concatenate([first, first + differences])
    x = np.column_stack([np.ones(len(y)), np.repeat([0, 1], len(first))])
    found = cluster_robust(y, x, np.tile(np.arange(len(first)), 2), contrast=[0, 1])
    paired = stats.ttest_rel(first + differences, first)
    assert (found.value, found.df, found.p) == pytest.approx((np.mean(differences), len(first) - 1, paired.pvalue))


def test_without_clusters_two_means_are_welch_s():
    a, b = np.array([1.0, 4, 2, 5]), np.array([7.0, 1, 9, 8, 3])
    x = np.column_stack([np.repeat([1, 0], [4, 5]), np.repeat([0, 1], [4, 5])])
    found = cluster_robust(np.concatenate([a, b]), x, range(9), contrast=[-1, 1])
    assert found.error == pytest.approx(math.sqrt(a.var(ddof=1) / 4 + b.var(ddof=1) / 5))


def test_clusters_that_do_not_differ_give_no_p():
    x = np.column_stack([np.ones(8), np.tile([0, 1], 4)])
    found = cluster_robust(np.tile([0.0, 1.0], 4), x, np.repeat(range(4), 2), contrast=[0, 1])
    assert found.value == pytest.approx(1)
    assert found.error == pytest.approx(0, abs=1e-12)
    assert math.isnan(found.p)
    assert math.isnan(found.low)


@pytest.mark.parametrize(
    ("y", "design", "clusters", "message"),
    [
        ([1.0, 2], np.ones((3, 1)), [1, 2, 3], "have 2, 3 and 3 rows"),
        ([1.0, 2, 3], np.ones((3, 1)), [1, 1, 1], "needs 2 clusters or more, found 1"),
        ([1.0, 2, 3], np.ones((3, 2)), [1, 2, 3], "the design has 2 columns and rank 1"),
    ],
)
def test_what_cannot_be_fitted_is_refused(y, design, clusters, message):
    with pytest.raises(WrongCall, match=message):
        cluster_robust(y, design, clusters, contrast=np.ones(design.shape[1]))


def test_an_unknown_kind_is_named():
    with pytest.raises(UnknownName, match="unknown kind of error 'CR9'"):
        cluster_robust([1.0, 2], np.ones((2, 1)), [1, 2], contrast=[1], kind="CR9")
