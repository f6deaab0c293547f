from __future__ import annotations

import math

import pytest
from scipy.stats import t

from bwa_study.analysis.student import t_quantile


# Fisher, R. A. & Yates, F. (1963). Statistical Tables, table III.
@pytest.mark.parametrize(
    ("confidence", "df", "printed"),
    [(0.95, 1, 12.706), (0.95, 2, 4.303), (0.95, 11, 2.201), (0.99, 29, 2.756), (0.95, 120, 1.980)],
)
def test_the_printed_tables_are_reproduced(confidence, df, printed):
    assert round(t_quantile(confidence, df), 3) == printed


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 10, 59, 60, 999, 1000, 1001, 1002, 100_000])
def test_quantiles_are_those_of_another_program(confidence, df):
    assert t_quantile(confidence, df) == pytest.approx(t.ppf((1 + confidence) / 2, df), rel=1e-11)


def test_one_degree_of_freedom_is_the_cauchy_distribution():
    assert t_quantile(0.5, 1) == pytest.approx(1.0, abs=1e-14)
    assert t_quantile(0.9, 1) == pytest.approx(math.tan(0.45 * math.pi), rel=1e-12)


@pytest.mark.parametrize(("confidence", "df"), [(0, 5), (1, 5), (0.95, 0)])
def test_impossible_arguments_are_refused(confidence, df):
    with pytest.raises(ValueError, match="t_quantile"):
        t_quantile(confidence, df)
