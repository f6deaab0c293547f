from __future__ import annotations

import io
import warnings

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import bwa_study as bwa
from bwa_study.model.errors import UnknownName
from bwa_study.present import fonts
from bwa_study.present.figures import CannotDraw, most_changed
from bwa_study.present.run import coded_matrix
from bwa_study.present.style import GROUP_COLOURS, save
from small_study import CODEBOOK, INTERVIEWS, STUDY, SYNTHETIC_STUDY, write_study


def coded(folder, **changes):
    return coded_matrix(bwa.load_study(write_study(folder / "study", **changes)))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return coded(tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module")
def result(small):
    return bwa.frequency(small)


def texts(figure):
    return [t.get_text() for t in figure.findobj(matplotlib.text.Text) if t.get_text()]


def ticks(axes, which):
    return [t.get_text() for t in getattr(axes, f"get_{which}ticklabels")()]


def drawn(figure):
    out = io.BytesIO()
    save(figure, out, kind="svg", title="t", description="d")
    return out.getvalue()


def test_every_plot_gives_a_figure(result, small):
    figures = [
        bwa.plot_heatmap(result),
        bwa.plot_slope(result),
        bwa.plot_dots(bwa.frequency(small, by=("group",))),
        result.plot(),
        bwa.frequency(small, by=("round",)).plot(),
    ]
    assert [isinstance(f, Figure) for f in figures] == [True] * 5


def test_the_heat_map_has_codes_down_and_rounds_across_in_declared_order(result):
    axes = bwa.plot_heatmap(result).axes[0]
    assert ticks(axes, "y") == ["Listening", "Fear", "Visits"]
    assert [t.split("\n")[0] for t in ticks(axes, "x")] == ["Start", "End", "Start", "End"]
    assert [t.split("\n")[1] for t in ticks(axes, "x")] == ["n=2", "n=3", "n=0", "n=1"]
    names = [t for t in texts(axes.figure) if t in ("Workers", "Managers")]
    assert names == ["Workers", "Managers"]


def test_a_cell_without_a_number_is_hatched_and_says_why(result):
    axes = bwa.plot_heatmap(result).axes[0]
    hatched = {
        (round(p.get_x() + 0.5), round(p.get_y() + 0.5))
        for p in axes.patches
        if isinstance(p, Rectangle) and p.get_hatch()
    }
    assert hatched == {(0, 2), (2, 0), (2, 1), (2, 2)}
    by_place = {tuple(map(round, t.get_position())): t.get_text() for t in axes.texts}
    assert by_place[0, 2] == "not asked"
    assert by_place[2, 0] == "not visited"
    assert (by_place[1, 0], by_place[0, 0], by_place[1, 2]) == ("100", "0", "33")


def test_the_heat_map_of_absence_shows_absence(result):
    axes = bwa.plot_heatmap(result, polarity="absent").axes[0]
    assert {tuple(map(round, t.get_position())): t.get_text() for t in axes.texts}[0, 0] == "50"
    assert "said to be absent" in axes.get_title(loc="left")


def test_slopes_have_a_panel_a_group_and_rounds_in_order(result):
    panels = bwa.plot_slope(result).axes
    assert [p.get_title() for p in panels] == ["Workers", "Managers"]
    assert ticks(panels[0], "x") == ["Start\nn=2", "End\nn=3"]
    assert panels[0].get_ylabel() == "Share of interviews"


def test_slopes_go_through_the_shares(result):
    panel = bwa.plot_slope(result, codes=["listening"]).axes[0]
    (line,) = [line for line in panel.lines if len(line.get_ydata()) == 2 and line.get_marker() == "o"]
    assert list(line.get_ydata()) == [0.0, 1.0]
    assert [t for t in texts(panel.figure) if t in ("Listening", "Fear")] == ["Listening", "Listening"]


def test_the_axis_says_what_was_counted(small):
    figure = bwa.plot_slope(bwa.frequency(small, count="words"))
    assert figure.axes[0].get_ylabel() == "Share of words"


def test_codes_that_move_most_come_first(result):
    rows = result.select(polarity="present", level="code")
    assert most_changed(rows, ("worker", "manager"), ("start", "end")) == ["listening", "fear", "visits"]
    assert most_changed(rows, ("worker", "manager"), ("start", "end"), most=1) == ["listening"]


def test_nothing_moves_where_nothing_is_known(result):
    rows = result.select(polarity="present", level="code")
    assert most_changed(rows.assign(share=float("nan")), ("worker", "manager"), ("start", "end")) == []


def test_one_round_has_no_slope_and_the_way_out_is_named(tmp_path):
    study = STUDY[: STUDY.index("  - {id: end")]
    interviews = tuple(row for row in INTERVIEWS if row[3] == "start")
    result = bwa.frequency(coded(tmp_path, study=study, interviews=interviews))
    with pytest.raises(CannotDraw, match="needs at least 2 rounds, this study has 1 — plot_dots compares the groups"):
        bwa.plot_slope(result)


def test_a_slope_of_other_fields_says_what_it_needs(small):
    with pytest.raises(CannotDraw, match=r'needs by=\("group", "round"\), this result is by \(\'group\',\)'):
        bwa.plot_slope(bwa.frequency(small, by=("group",)))


def test_dots_of_two_fields_and_a_figure_of_none_are_refused(result, small):
    with pytest.raises(CannotDraw, match="a dot chart needs one field to compare"):
        bwa.plot_dots(result)
    with pytest.raises(CannotDraw, match="count by at least one field"):
        bwa.plot_heatmap(bwa.frequency(small, by=()))


def test_a_polarity_that_was_not_counted_is_refused_with_the_way_out(result):
    with pytest.raises(
        CannotDraw, match=r"holds no 'mentioned' — ask for it with frequency\(..., polarity=\('mentioned',\)\)"
    ):
        bwa.plot_heatmap(result, polarity="mentioned")


def test_an_unknown_code_is_refused_with_the_nearest(result):
    with pytest.raises(UnknownName, match="unknown code 'listning', did you mean 'listening'"):
        bwa.plot_slope(result, codes=["listning"])


def test_dots_have_a_line_a_code_and_a_legend_with_n(small):
    axes = bwa.plot_dots(bwa.frequency(small, by=("group",))).axes[0]
    assert ticks(axes, "y") == ["Listening", "Fear", "Visits"]
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["Workers (n=5)", "Managers (n=1)"]


def test_a_group_has_the_same_colour_in_every_figure(result, small):
    panel = bwa.plot_slope(result).axes[1]
    assert panel.title.get_color() == GROUP_COLOURS[1]
    dots = bwa.plot_dots(bwa.frequency(small, by=("group",))).axes[0]
    assert dots.containers[1].lines[0].get_color() == GROUP_COLOURS[1]


def test_a_value_that_was_not_filled_in_is_called_so(tmp_path):
    interviews = tuple((*row[:-1], "A" if row[2] == "worker" else "", row[-1]) for row in INTERVIEWS)
    result = bwa.frequency(coded(tmp_path, interviews=interviews, more=("line",)), by=("line",))
    legend = bwa.plot_dots(result).axes[0].get_legend()
    assert [t.get_text() for t in legend.get_texts()] == ["A (n=5)", "(not given) (n=1)"]


def test_drawing_into_given_axes_uses_them(result, small):
    figure = Figure()
    axes = figure.add_subplot()
    assert bwa.plot_heatmap(result, ax=axes) is figure
    assert ticks(axes, "y") == ["Listening", "Fear", "Visits"]
    two = Figure()
    panels = list(two.subplots(1, 2))
    assert bwa.plot_slope(result, ax=panels) is two
    assert [p.get_title() for p in panels] == ["Workers", "Managers"]


def test_every_figure_of_synthetic_data_says_so_also_in_given_axes(tmp_path):
    synthetic = coded(tmp_path, study=SYNTHETIC_STUDY)
    by_round, by_group = bwa.frequency(synthetic), bwa.frequency(synthetic, by=("group",))
    figures = [bwa.plot_heatmap(by_round), bwa.plot_slope(by_round), bwa.plot_dots(by_group)]
    figures += [bwa.plot_heatmap(by_round, ax=Figure().add_subplot())]
    figures += [bwa.plot_slope(by_round, ax=list(Figure().subplots(1, 2)))]
    figures += [bwa.plot_dots(by_group, ax=Figure().add_subplot())]
    assert [any("SYNTHETIC" in t for t in texts(f)) for f in figures] == [True] * 6


def test_a_figure_of_real_data_does_not_say_synthetic(result):
    assert not any("SYNTHETIC" in t for t in texts(bwa.plot_heatmap(result)))


@pytest.mark.parametrize("kind", ["heatmap", "slope", "dots"])
def test_chinese_labels_are_drawn_with_every_glyph(small, result, kind):
    draw = {
        "heatmap": lambda: bwa.plot_heatmap(result, language="zh"),
        "slope": lambda: bwa.plot_slope(result, language="zh"),
        "dots": lambda: bwa.plot_dots(bwa.frequency(small, by=("group",)), language="zh"),
    }
    assert fonts.chinese_font() is not None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw[kind]()
        svg = drawn(figure)
    assert any("倾听" in t for t in texts(figure))
    assert b"<svg" in svg


def test_chinese_in_the_small_print_and_in_levels_without_labels_has_glyphs_too(tmp_path):
    interviews = tuple((*row[:-1], "东区", row[-1]) for row in INTERVIEWS)
    result = bwa.frequency(coded(tmp_path, interviews=interviews, more=("region",)), by=("region",))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = [bwa.plot_dots(result), bwa.plot_heatmap(result)]
        pictures = [drawn(figure) for figure in figures]
    assert all(any("东区" in text for text in texts(figure)) for figure in figures)
    assert all(b"<svg" in picture for picture in pictures)


def test_without_a_font_labels_are_english_and_the_warning_says_what_to_install(result, monkeypatch):
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    with pytest.warns(UserWarning, match=r"no font with Chinese characters .* pip install 'bwa-study\[zh\]'"):
        figure = bwa.plot_heatmap(result, language="zh")
    assert ticks(figure.axes[0], "y") == ["Listening", "Fear", "Visits"]
    drawn(figure)


def test_labels_with_dollar_signs_are_no_formulas(tmp_path):
    codebook = CODEBOOK.replace("en: Listening", 'en: "$5 to $10"').replace("en: Fear", r"en: '$\frac$'")
    figure = bwa.plot_heatmap(bwa.frequency(coded(tmp_path, codebook=codebook)))
    assert ticks(figure.axes[0], "y")[:2] == ["$5 to $10", r"$\frac$"]
    assert b"<svg" in drawn(figure)


def test_the_same_result_draws_the_same_bytes(result):
    assert drawn(bwa.plot_slope(result)) == drawn(bwa.plot_slope(result))


def test_drawing_leaves_the_settings_of_the_user_alone(result):
    before = dict(matplotlib.rcParams)
    drawn(bwa.plot_heatmap(result))
    assert dict(matplotlib.rcParams) == before
