from __future__ import annotations

import io

import pytest
from matplotlib.figure import Figure
from PIL import Image

import bwa_study as bwa
from bwa_study.present.style import GROUP_COLOURS, MARKERS, add_caption, group_colour, group_marker, save
from small_study import write_study


def figure():
    one = Figure(figsize=(2, 1))
    one.add_subplot().plot([0, 1])
    return one


def saved(kind, **options):
    out = io.BytesIO()
    save(figure(), out, kind=kind, title="A title", description="SYNTHETIC DATA. What it shows", **options)
    return out.getvalue()


def test_png_has_300_dots_an_inch_and_says_what_it_is():
    picture = Image.open(io.BytesIO(saved("png")))
    assert picture.info["dpi"][0] == pytest.approx(300, abs=0.1)
    assert picture.text == {
        "Title": "A title",
        "Description": "SYNTHETIC DATA. What it shows",
        "Software": "bwa-study",
    }


def test_svg_says_what_it_is_and_has_no_date():
    svg = saved("svg").decode()
    assert "<dc:title>A title</dc:title>" in svg
    assert "<dc:description>SYNTHETIC DATA. What it shows</dc:description>" in svg
    assert "<dc:date>" not in svg


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_figure_gives_the_same_bytes(kind):
    assert saved(kind) == saved(kind)


def test_the_kind_is_told_by_the_ending(tmp_path):
    save(figure(), str(tmp_path / "f.svg"), title="t", description="d")
    save(figure(), str(tmp_path / "f.png"), title="t", description="d")
    assert b"<svg" in (tmp_path / "f.svg").read_bytes()
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")


def test_groups_differ_in_colour_and_marker(tmp_path):
    study = bwa.load_study(write_study(tmp_path / "study"))
    groups = study.levels("group")
    assert [group_colour(study, g) for g in groups] == list(GROUP_COLOURS[:2])
    assert [group_marker(study, g) for g in groups] == list(MARKERS[:2])


def test_a_caption_is_wrapped_to_its_width():
    axes = figure().axes[0]
    add_caption(axes, ["word " * 40, "second"], width=2)
    lines = axes.texts[0].get_text().split("\n")
    assert max(map(len, lines)) <= 44
    assert lines[-1] == "second"
