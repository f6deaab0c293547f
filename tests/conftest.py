from __future__ import annotations

import pytest
from hypothesis import settings

import bwa_study as bwa

settings.register_profile("house", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def full_study() -> bwa.Study:
    return bwa.demo_study(seed=1)


@pytest.fixture(scope="session")
def lite_study() -> bwa.Study:
    return bwa.demo_study(seed=1, size="lite")
