from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bwa_study.analysis.gee import gee_fit
from bwa_study.model.errors import UnknownName

OHIO = Path(__file__).parents[1] / "data" / "gold" / "gee_ohio" / "data.csv"
GEEPACK = {
    "independence": ([-1.9008425685, -0.14125312951, 0.31395399172, 0.070844103839],
                     [0.11907678849, 0.058214179881, 0.18783852646, 0.088294685595]),
    "exchangeable": ([-1.9004952912, -0.14123591523, 0.31382582971, 0.070831842635],
                     [0.11908697816, 0.058200889518, 0.1878418139, 0.088278857503]),
    "ar1": ([-1.9253758476, -0.14789548477, 0.28798983325, 0.08375877104],
            [0.1207875885, 0.059895135729, 0.19156421035, 0.091783716099]),
}  # fmt: skip


@pytest.mark.parametrize("structure", list(GEEPACK))
def test_gee_is_that_of_geepack(structure):
    # R geepack 1.3.9, geeglm, scale fixed: ohio data of Fitzmaurice & Laird (1993).
    table = pd.read_csv(OHIO)
    age, smoke = table["age"].to_numpy(float), table["smoke"].to_numpy(float)
    design = np.column_stack([np.ones(len(table)), age, smoke, age * smoke])
    fitted = gee_fit(table["resp"].to_numpy(float), design, table["id"].to_numpy(), errors="robust",
                     structure=structure)  # fmt: skip
    assert fitted is not None
    beta, covariance = fitted
    assert beta == pytest.approx(GEEPACK[structure][0], rel=1e-4)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(GEEPACK[structure][1], rel=1e-4)


def test_neighbours_who_are_unlike_have_no_autocorrelation():
    y = np.array([0.0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1])
    ar1, alone = (
        gee_fit(y, np.ones((16, 1)), np.repeat(np.arange(4), 4), structure=s) for s in ("ar1", "independence")
    )
    assert ar1[0] == pytest.approx(alone[0])


def test_clusters_that_do_not_differ_have_no_covariance():
    alike = np.tile([0.0, 1.0], 4)
    found = gee_fit(alike, np.ones((8, 1)), np.repeat(np.arange(4), 2))
    assert found is None or found[1] == pytest.approx(0, abs=1e-12)


def test_an_unknown_structure_is_named():
    with pytest.raises(UnknownName, match="unknown structure 'toeplitz'"):
        gee_fit(np.zeros(2), np.ones((2, 1)), np.arange(2), structure="toeplitz")
