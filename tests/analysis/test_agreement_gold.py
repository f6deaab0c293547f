"""Published and independently computed coefficients; the numbers and their sources are in tests/data/gold."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

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
    light_kappa,
    percent_agreement,
    scott_pi,
)
from bwa_study.analysis.ratings import read_ratings
from bwa_study.analysis.weights import agreement_weights, weights_from_disagreement

DATA = Path(__file__).parents[1] / "data"
FIVE_DECIMALS, THREE_DECIMALS = 5.001e-6, 5.001e-4


def gold(case):
    return json.loads((DATA / "gold" / case / "expected.json").read_text(encoding="utf-8"))


def table(case):
    return pd.read_csv(DATA / "gold" / case / "data.csv")


def from_counts(counts):
    return [(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)]


RATINGS = {
    "rel01_krippendorff2011_missing": lambda t: t.iloc[:, 1:].to_numpy(float),
    "rel02_wikipedia_alpha": lambda t: t.iloc[:, 1:].to_numpy(float),
    "rel04_gwet_raw4raters": lambda t: t.to_numpy(float),
    "rel06_gwet_3x3_abstractors": lambda t: from_counts(t.iloc[:, 1:].to_numpy()),
    "rel08_fleiss1971_diagnoses": lambda t: t.iloc[:, 1:].to_numpy(object),
    "rel10_cohen1968_fleiss_cohen_everitt1969": lambda t: from_counts(t.to_numpy()),
}
BY_NAME = {
    "pa": percent_agreement,
    "gwet": gwet_ac2,
    "fleiss": fleiss_kappa,
    "conger": conger_kappa,
    "bp": brennan_prediger,
    "cohen": cohen_kappa,
    "scott": scott_pi,
}
BLOCKS = [
    (case, block, "identity" if weights == "unweighted" else weights, digits)
    for case, prefix, names, digits in (
        ("rel01_krippendorff2011_missing", "irrCAC_", ("unweighted", "quadratic", "ordinal"), FIVE_DECIMALS),
        ("rel04_gwet_raw4raters", "", ("unweighted", "linear", "quadratic", "ordinal"), FIVE_DECIMALS),
        ("rel06_gwet_3x3_abstractors", "", ("unweighted", "linear", "quadratic"), 1e-9),
        ("rel08_fleiss1971_diagnoses", "irrCAC_", ("unweighted",), FIVE_DECIMALS),
    )
    for weights in names
    for block in (prefix + weights,)
]
FAMILY = [
    pytest.param(case, block, weights, digits, name, id=f"{case[:5]}-{weights}-{name}")
    for case, block, weights, digits in BLOCKS
    for name in gold(case)[block]
]


def ratings_of(case):
    return RATINGS[case](table(case))


def measured_as(name, ratings, weights):
    if name != "kripp":
        return BY_NAME[name](ratings, weights=weights, categories="observed")
    read = read_ratings(ratings, categories="observed")
    return krippendorff_alpha(ratings, level=1 - agreement_weights(read, weights), categories=read.values)


@pytest.mark.parametrize(("case", "block", "weights", "digits", "name"), FAMILY)
def test_value_and_standard_error_are_those_of_irrcac(case, block, weights, digits, name):
    want = gold(case)[block][name]
    got = measured_as(name, ratings_of(case), weights)
    assert got.value == pytest.approx(want["coef"], abs=digits)
    assert got.standard_error == pytest.approx(want["se"], abs=digits)
    assert got.reason == ""


@pytest.mark.parametrize(("case", "block", "weights", "digits", "name"), FAMILY)
def test_the_linearised_interval_is_that_of_irrcac(case, block, weights, digits, name):
    low, high = json.loads(gold(case)[block][name]["ci"].replace("(", "[").replace(")", "]"))
    got = measured_as(name, ratings_of(case), weights).linearised()
    assert (got.low, got.high) == pytest.approx((low, high), abs=THREE_DECIMALS)


@pytest.mark.parametrize(("case", "block", "weights", "digits", "name"), FAMILY)
def test_observed_and_expected_agreement_are_those_of_irrcac(case, block, weights, digits, name):
    want = gold(case)[block][name]
    if "pe" not in want:
        assert case.startswith("rel06")
        return
    got = measured_as(name, ratings_of(case), weights)
    if name == "kripp":
        shrunk = 1 - 1 / got.n_pairable
        assert (1 - shrunk * got.observed, 1 - shrunk * got.expected) == pytest.approx(
            (want["pa"], want["pe"]), abs=1e-9
        )
    else:
        assert (got.observed, got.expected) == pytest.approx((want["pa"], want["pe"]), abs=1e-9)


@pytest.mark.parametrize("case", ["rel01_krippendorff2011_missing", "rel02_wikipedia_alpha"])
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_krippendorffs_at_each_level(case, level):
    want = gold(case)
    got = krippendorff_alpha(ratings_of(case), level=level).value
    assert got == pytest.approx(want["R_irr"][level], abs=1e-9)
    if level in want["published"]:
        assert round(got, 3) == want["published"][level]


def test_alpha_counts_the_pairable_values():
    case = "rel01_krippendorff2011_missing"
    got = krippendorff_alpha(ratings_of(case), level="nominal")
    assert (got.n_pairable, got.n_units, got.n_coders) == (gold(case)["n_pairable"], 11, 4)


def test_fleiss_1971_is_reproduced():
    case = "rel08_fleiss1971_diagnoses"
    published, irr, ratings = gold(case)["published"], gold(case)["R_irr"], ratings_of(case)
    kappa = fleiss_kappa(ratings, weights="identity")
    assert kappa.value == pytest.approx(irr["fleiss"], abs=1e-9)
    assert (round(kappa.value, 3), round(kappa.observed, 4)) == (published["kappa"], published["Pbar"])
    assert kappa.expected == pytest.approx(published["Pe"], abs=2e-4)  # by hand, from rounded shares
    assert conger_kappa(ratings, weights="identity").value == pytest.approx(irr["conger_exact"], abs=1e-9)
    assert light_kappa(ratings).value == pytest.approx(irr["light"], abs=1e-9)
    assert kappa.value / fleiss_chance_error(ratings) == pytest.approx(irr["z"], abs=1e-8)


def test_the_variance_printed_in_1971_is_not_the_one_given():
    case = "rel08_fleiss1971_diagnoses"
    ratings = ratings_of(case)
    kappa = fleiss_kappa(ratings, weights="identity")
    n, r, pe = 30, 6, kappa.expected
    p = np.unique(ratings, return_counts=True)[1] / (n * r)
    variance = 2 / (n * r * (r - 1)) * (pe - (2 * r - 3) * pe**2 + 2 * (r - 2) * (p**3).sum()) / (1 - pe) ** 2
    # The paper works by hand, with shares rounded to three decimals.
    assert variance == pytest.approx(gold(case)["published"]["Var_1971"], abs=3e-6)
    assert fleiss_chance_error(ratings) ** 2 == pytest.approx(0.000594, abs=5e-7)


def test_fleiss_by_category_is_that_of_irr():
    case = "rel08_fleiss1971_diagnoses"
    got = fleiss_by_category(ratings_of(case))
    for row, want in zip(got.to_dict("records"), gold(case)["R_irr"]["detail"], strict=True):
        assert row["category"] == want["_row"]
        assert (round(row["kappa"], 3), round(row["z"], 3)) == (want["Kappa"], want["z"])


def test_cohen_1968_is_reproduced_plain_and_weighted():
    case = "rel10_cohen1968_fleiss_cohen_everitt1969"
    want, ratings = gold(case), ratings_of(case)
    weights = weights_from_disagreement(want["disagreement_weights"])
    plain = cohen_kappa(ratings, weights="identity")
    weighted = cohen_kappa(ratings, weights=weights, categories=(0, 1, 2))
    assert plain.value == pytest.approx(want["R_psych"]["kappa"], abs=1e-9)
    assert plain.standard_error**2 == pytest.approx(want["R_psych"]["var_kappa"], abs=1e-12)
    assert weighted.value == pytest.approx(want["R_psych"]["wkappa"], abs=1e-9)
    assert round(plain.value, 3) == want["published"]["unweighted"]
    assert round(weighted.value, 3) == want["published"]["weighted"]
    assert plain.n_units == want["published"]["n"]


def test_psych_takes_the_normal_quantile_where_this_takes_students_t():
    case = "rel10_cohen1968_fleiss_cohen_everitt1969"
    low, value, high = gold(case)["R_psych"]["confid"][0]
    kappa = cohen_kappa(ratings_of(case), weights="identity")
    z = 1.959963984540054
    assert (value - z * kappa.standard_error, value + z * kappa.standard_error) == pytest.approx((low, high), abs=1e-9)
    assert kappa.interval.low == pytest.approx(low, abs=1e-3)
    assert kappa.interval.low < low < high < kappa.interval.high


@pytest.mark.parametrize("fixture", list(gold("rel14_gwet_fixtures_dkpro")))
def test_ac1_and_ac2_are_those_of_the_dkpro_fixtures(fixture):
    data = table("rel14_gwet_fixtures_dkpro")
    rows = data[data["fixture"] == fixture]
    ratings = rows.loc[rows.index.repeat(rows["count"]), ["rater1", "rater2"]].to_numpy()
    want = gold("rel14_gwet_fixtures_dkpro")[fixture]
    assert len(ratings) == want["n"]
    for case in want["cases"]:
        if case["measure"] == "AC1":
            got = gwet_ac1(ratings, categories=want["categories"])
        else:
            got = gwet_ac2(ratings, weights=case["weights"], categories=want["categories"])
        assert got.value == pytest.approx(case["coefficient"], abs=FIVE_DECIMALS)
        assert (got.observed, got.expected) == pytest.approx((case["pa"], case["pe"]), abs=1e-9)


CHATBOT = json.loads((DATA / "two_coders_chatbot" / "codings.json").read_text(encoding="utf-8"))


def chatbot(code):
    both = np.zeros((500, 2), dtype=int)
    both[CHATBOT[code]["first"], 0] = 1
    both[CHATBOT[code]["second"], 1] = 1
    return both[20:]


@pytest.mark.parametrize("code", [code for code in CHATBOT if code != "Felt prioritized"])
def test_the_kappas_that_two_real_coders_published_are_reproduced(code):
    assert cohen_kappa(chatbot(code), weights="identity").value == pytest.approx(CHATBOT[code]["published"], abs=1e-5)


def test_the_kappa_printed_as_0_is_undefined_with_its_reason():
    got = cohen_kappa(chatbot("Felt prioritized"), weights="identity")
    assert len(CHATBOT) == 62
    assert CHATBOT["Felt prioritized"]["published"] == 0
    assert math.isnan(got.value)
    assert got.reason == "all 960 ratings are the same value (0), so nothing could have disagreed"
    assert got.interval.reason == got.reason


# Artstein, R. & Poesio, M. (2008). Inter-coder agreement for computational linguistics. Computational Linguistics
# 34(4), 555-596: the tables of pages 558 and 568, coefficients to the digits printed.
EXAMPLE_1 = from_counts([[20, 10], [20, 50]])
EXAMPLE_2 = from_counts([[46, 0, 0], [6, 32, 6], [0, 0, 10]])
HALF_FOR_CHECK = [[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]]


def test_artstein_and_poesio_example_1():
    s = brennan_prediger(EXAMPLE_1, weights="identity", categories=(0, 1))
    pi = scott_pi(EXAMPLE_1, weights="identity")
    kappa = cohen_kappa(EXAMPLE_1, weights="identity")
    assert [round(c.value, 3) for c in (s, pi, kappa)] == [0.4, 0.341, 0.348]
    assert [round(c.expected, 3) for c in (s, pi, kappa)] == [0.5, 0.545, 0.54]


def test_artstein_and_poesio_example_2_with_weights():
    kappa = cohen_kappa(EXAMPLE_2, weights=weights_from_disagreement(HALF_FOR_CHECK), categories=(0, 1, 2))
    alpha = krippendorff_alpha(EXAMPLE_2, level=HALF_FOR_CHECK, categories=(0, 1, 2))
    assert (round(1 - kappa.observed, 3), round(1 - kappa.expected, 3), round(kappa.value, 4)) == (0.09, 0.49, 0.8163)
    assert (round(alpha.observed, 3), round(alpha.expected, 4), round(alpha.value, 4)) == (0.09, 0.4879, 0.8156)


def test_prevalence_and_bias_are_those_of_sim_and_wright():
    # Sim, J. & Wright, C. C. (2005). The kappa statistic in reliability studies. Physical Therapy 85, 257-268:
    # 22, 2, 4, 11 patients; kappa .67, prevalence index .28, bias index .05, PABAK .69.
    relevant = from_counts([[11, 4], [2, 22]])
    kappa = cohen_kappa(relevant, weights="identity")
    pabak = brennan_prediger(relevant, weights="identity", categories=(0, 1))
    assert [round(x, 2) for x in (kappa.value, kappa.prevalence_index, kappa.bias_index)] == [0.67, 0.28, 0.05]
    assert round(pabak.value, 2) == 0.69
