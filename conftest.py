"""For the examples in docstrings: most begin with the same demo study, which is made once."""

from __future__ import annotations

from functools import lru_cache

import pytest

import bwa_study as bwa

_made_once = lru_cache(maxsize=4)(bwa.demo_study)


@pytest.fixture(autouse=True)
def examples_share_a_study(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give examples the demo study that was made for another; tests make their own."""
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.setattr(bwa, "demo_study", _made_once)
