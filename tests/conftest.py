from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

import bwa_study as bwa
from small_surveys import SURVEY, write_survey_study

# A shell that runs this in the background has it ignore Ctrl-C, and so would every command that the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("house", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def full_study() -> bwa.Study:
    return bwa.demo_study(seed=1)


@pytest.fixture(scope="session")
def lite_study() -> bwa.Study:
    return bwa.demo_study(seed=1, size="lite")


@pytest.fixture
def survey_study(tmp_path: Path) -> Callable[..., Path]:
    """Write a small study with a survey file, `survey.yaml` and further files."""

    def write(survey: str | bytes, *, yaml: str = SURVEY, more: Mapping[str, str | bytes] | None = None) -> Path:
        return write_survey_study(tmp_path / "study", survey, yaml, more or {})

    return write
