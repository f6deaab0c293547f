from __future__ import annotations

import importlib.resources
import sys

import pytest

from bwa_study.present import fonts
from bwa_study.present.fonts import INSTALL_A_FONT, chinese_font, families


@pytest.fixture
def fresh():
    chinese_font.cache_clear()
    yield
    chinese_font.cache_clear()


@pytest.fixture
def no_system_font(monkeypatch, fresh):
    monkeypatch.setattr(fonts, "CHINESE_FONTS", ())


def test_english_needs_no_chinese_font():
    assert families(["Workers", "café", "naïve ½"]) == ["DejaVu Sans"]
    assert families([]) == ["DejaVu Sans"]


def test_chinese_texts_get_a_second_family():
    font = chinese_font()
    assert font is not None
    assert families(["Workers", "工人"]) == ["DejaVu Sans", font]


def test_the_font_of_the_extra_is_found_where_the_system_has_none(no_system_font):
    name = chinese_font()
    assert name is not None
    assert "Noto Sans" in name


def test_without_the_extra_and_without_a_system_font_there_is_none(no_system_font, monkeypatch):
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    assert chinese_font() is None
    assert families(["工人"]) is None
    assert families(["Workers"]) == ["DejaVu Sans"]


def test_an_extra_without_its_font_file_counts_as_missing(no_system_font, monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.resources, "files", lambda _: tmp_path)
    assert chinese_font() is None


def test_the_way_out_names_what_to_install():
    assert "pip install 'bwa-study[zh]'" in INSTALL_A_FONT
    assert "fonts-noto-cjk" in INSTALL_A_FONT
