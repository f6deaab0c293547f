from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

import bwa_study as bwa
from bwa_study.model.errors import WrongCall
from bwa_study.present.style import figure_style

CODERS = ["simulated-human-A", "simulated-human-B"]


@pytest.fixture(scope="module")
def compared(lite_study):
    return bwa.matrix(lite_study, coders=CODERS)


def labels(axes):
    return [t.get_text() for t in axes.get_yticklabels()]


def limits(axes):
    return [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]


def test_every_theme_and_code_has_a_row_and_the_two_limits_are_drawn(compared):
    result = bwa.reliability(compared)
    (axes,) = result.plot().axes

    assert labels(axes)[:2] == ["Oversight", "Client influence"]
    assert len(labels(axes)) == 31
    assert axes.get_yticklabels()[0].get_fontweight() == "bold"
    assert limits(axes) == [0.8, 0.667]


def test_the_limits_are_those_of_the_rule(compared):
    (axes,) = bwa.reliability(compared, rule="landis_koch1977").plot().axes

    assert limits(axes) == [0.61, 0.41]


def test_by_group_each_has_its_panel_under_its_name(compared):
    figure = bwa.reliability(compared, by=["group"]).plot()

    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Brand staff", "Managers", "Workers"]
    assert len(labels(figure.axes[0])) == 31
    assert set(labels(figure.axes[1])) == {""}


def test_many_panels_show_themes_only(compared):
    figure = bwa.reliability(compared, by=["site"]).plot()

    assert len(figure.axes) == 12
    assert labels(figure.axes[4]) == ["Oversight", "Openness", "Bridges", "Outcomes", "Context"]


def test_an_interval_that_goes_below_0_ends_in_an_arrow_and_the_caption_says_so(compared):
    result = bwa.reliability(compared, by=["group"])
    figure = result.plot()
    arrows = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "<" and len(line.get_xdata())]
    words = [t.get_text() for axes in figure.axes for t in axes.texts]

    assert (result.frame["low"] < 0).sum() == sum(len(line.get_xdata()) for line in arrows)
    assert any(w.startswith("Arrow: the interval goes on below 0.") for w in words)
    assert all(axes.get_xlim()[0] > -0.1 for axes in figure.axes)


def test_one_cell_fits_into_an_axes_and_several_do_not(compared):
    with figure_style(()):
        figure, axes = plt.subplots()
    try:
        assert bwa.reliability(compared).plot(ax=axes) is figure
        with pytest.raises(WrongCall, match="plot_forest draws 3 panels, which do not fit into one axes"):
            bwa.reliability(compared, by=["group"]).plot(ax=axes)
    finally:
        plt.close(figure)
