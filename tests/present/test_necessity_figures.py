from __future__ import annotations

import matplotlib.colors
import pandas as pd
import pytest

import bwa_study as bwa
from bwa_study.demo import plan
from bwa_study.model.errors import UnknownName, WrongCall
from bwa_study.present.ceiling_plot import plot_ceilings
from bwa_study.present.robustness_strip import plot_robustness
from bwa_study.present.truth_heatmap import plot_truth_table
from bwa_study.present.two_by_two import IN, plot_two_by_two

PLANTED = pd.DataFrame(
    {
        f.id: {"O": f.oversight[2], "P": f.openness[1], "S": float(f.shock), "E": float(f.endures)}
        for f in plan.FACTORIES
    }
).T


@pytest.fixture(scope="module")
def planted():
    return bwa.cases_from_scores(PLANTED, outcome="E")


def texts(figure):
    return [t.get_text() for axes in figure.axes for t in axes.texts]


def test_every_case_stands_in_its_cell_filled_where_it_has_the_outcome(planted):
    axes = plot_two_by_two(planted, x="O", y="P").axes[0]
    dots = [line for line in axes.lines if len(line.get_xdata()) == 1]
    names = [t.get_text() for t in axes.texts if t.get_text().startswith("F")]
    assert names == list(planted.ids)
    for name, dot in zip(names, dots, strict=True):
        right, up = dot.get_xdata()[0] > 0.5, dot.get_ydata()[0] > 0.5
        assert (float(right), float(up)) == (PLANTED.loc[name, "O"], PLANTED.loc[name, "P"])
        filled = matplotlib.colors.same_color(dot.get_markerfacecolor(), IN)
        assert filled == bool(PLANTED.loc[name, "E"])


def test_empty_cells_say_that_no_case_with_the_outcome_is_there(planted):
    found = texts(plot_two_by_two(planted, x="O", y="P"))
    assert [t for t in found if " of 4\n" in t].count("0 of 4\nwith E here") == 3
    assert "4 of 4\nwith E here" in found


def test_who_cannot_be_classified_is_named_below(planted):
    scores = PLANTED.copy()
    scores.loc["F09", "P"] = None
    found = texts(plot_two_by_two(bwa.cases_from_scores(scores, outcome="E"), x="O", y="P"))
    assert any("Not shown, could not be classified: F09." in t for t in found)
    assert "F09" not in found


def test_each_row_of_the_truth_table_shows_its_verdict(planted):
    found = texts(plot_truth_table(bwa.truth_table(planted, consistency=0.8)))
    assert (found.count("consistent"), found.count("contradiction"), found.count("not consistent")) == (1, 1, 6)
    assert "1/2" in found


def test_ceilings_name_the_cases_they_rest_on_and_the_effect_size():
    data = pd.DataFrame({"x": [0.0, 20, 60, 100], "z": [1.0, 2, 3, 5], "y": [0.0, 40, 80, 100]}, index=list("abcd"))
    result = bwa.nca(data, outcome="y", permutations=100)
    figure = plot_ceilings(result)
    assert len(figure.axes) == 2
    assert {"a", "b", "c", "d"} <= set(texts(figure))
    labels = [t.get_text() for t in figure.axes[0].get_legend().get_texts()]
    effect = result.frame.query("condition == 'x' and ceiling == 'ce_fdh'")["effect"].iloc[0]
    assert labels[0].startswith(f"CE-FDH: d {effect:.2f}, p ")
    assert result.plot(conditions=["x"]).axes[0].get_xlabel() == "x"


def test_strips_show_the_claims_that_hold(full_study):
    cases = bwa.cases(bwa.matrix(full_study, coders=["simulated-human-A"]))
    result = bwa.robustness(cases, ["openness", "shock"], consistency=1, draws=0)
    left = plot_robustness(result).axes[0]
    labels = [t.get_text() for t in left.get_yticklabels()]
    assert labels[0] == "openness"
    assert "shock" not in labels


def test_what_does_not_exist_is_refused(planted, full_study):
    with pytest.raises(UnknownName, match="unknown condition 'X'"):
        plot_two_by_two(planted, x="X")
    data = pd.DataFrame({"x": [0.0, 1, 2, 3], "z": [0.0, 1, 2, 3], "y": [0.0, 1, 2, 3]})
    result = bwa.nca(data, outcome="y", permutations=0)
    with pytest.raises(UnknownName, match="unknown condition 'w'"):
        plot_ceilings(result, conditions=["w"])
    with pytest.raises(WrongCall, match="draws 2 panels"):
        plot_ceilings(result, ax=object())
