"""The short form of `make bench-necessity`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[3] / "benchmarks" / "necessity.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_necessity", BENCH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def world(bench):
    return bench.World()


def test_the_planted_table_is_recovered_from_the_codings_of_several_seeds(bench, world):
    exact, holds = bench.from_codings(world, 10)
    assert exact >= 9
    assert holds >= 9


@pytest.mark.parametrize(
    ("name", "openness", "endures"),
    [("perfect", 0.99, 0.98), (".6 / .95", 0.96, 0.92), (".2 / 1.0", 0.89, 0.69), ("openness: managers", 0.55, 0.98)],
)
def test_recovery_falls_with_coders_quality_as_in_the_design(bench, world, name, openness, endures):
    setting = next(s for s in bench.SETTINGS if s.name == name)
    found = bench.at_code_level(world, setting, 40)
    assert openness <= found[1] <= openness + 0.08
    assert endures <= found[2] <= endures + 0.08


def test_with_managers_as_informants_the_table_is_wrong_and_the_claim_holds_all_the_same(bench, world):
    setting = next(s for s in bench.SETTINGS if s.name == "openness: managers")
    found = bench.at_code_level(world, setting, 40)
    assert found[3] == 0
    assert found[4] > 0.9
