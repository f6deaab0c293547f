from __future__ import annotations

import io

import pytest

import bwa_study as bwa
from bwa_study.model.errors import UnknownName
from bwa_study.present.figures import CannotDraw
from bwa_study.present.study_figures import FIGURES, write_study_figures
from bwa_study.present.style import save
from small_study import SYNTHETIC_STUDY, write_study


@pytest.fixture(scope="module")
def matrix(lite_study):
    return bwa.matrix(lite_study, coders=["simulated-human-A"])


def drawn_texts(figure):
    return [t.get_text() for axes in figure.axes for t in (*axes.texts, axes.title, axes.get_legend() or axes.title)
            if hasattr(t, "get_text")]  # fmt: skip


def test_a_figure_that_cannot_be_drawn_says_why_and_the_others_are_written(tmp_path):
    study = write_study(tmp_path / "study", study=SYNTHETIC_STUDY)
    made = write_study_figures(study, tmp_path / "out", only=["F5", "timeline"], kinds=[".svg"])
    assert made.lines[0] == "F5 diverging: what is said to be there against what is said not to be"
    assert made.lines[1].startswith(
        "F8 timeline: not drawn: a timeline needs sites, and events or the days of the rounds"
    )
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["F5_diverging.svg"]
    text = (tmp_path / "out" / "F5_diverging.svg").read_text(encoding="utf-8")
    assert "SYNTHETIC DATA. F5: what is said to be there" in text


def test_an_unknown_figure_or_kind_is_named_before_anything_is_read(tmp_path):
    with pytest.raises(UnknownName, match="unknown figure 'F99'"):
        write_study_figures(tmp_path, tmp_path / "out", only=["F99"])
    with pytest.raises(UnknownName, match="unknown kind of figure '.gif' — known: .png, .svg, .pdf"):
        write_study_figures(tmp_path, tmp_path / "out", kinds=[".gif"])


def test_names_are_used_once_and_numbers_go_up():
    assert len({f.name for f in FIGURES}) == len(FIGURES)
    assert [f.id for f in FIGURES] == sorted(f.id for f in FIGURES)


def test_bars_are_the_shares_to_the_right_and_to_the_left(matrix):
    result = bwa.frequency(matrix, by=("group",))
    figure = bwa.plot_diverging(result)
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    codes = list(matrix.codes)
    for polarity, sign, at in (("present", 1, 0), ("absent", -1, len(codes))):
        for n, code in enumerate(codes):
            share = result.cell(code, polarity=polarity, group="brand_staff")["share"]
            assert widths[at + n] == pytest.approx(sign * share)


def test_a_cell_that_was_not_asked_says_so(matrix):
    figure = bwa.plot_diverging(bwa.frequency(matrix, by=("group",)))
    assert "not asked" in drawn_texts(figure)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ("group", "round")}, "needs one field to compare, this result is by"),
        ({"by": ("group",), "polarity": ("present",)}, "both polarities are needed"),
    ],
)
def test_a_result_that_does_not_fit_is_refused(matrix, options, message):
    with pytest.raises(CannotDraw, match=message):
        bwa.plot_diverging(bwa.frequency(matrix, **options))


def test_the_timeline_has_a_lane_a_site_and_a_mark_an_event(matrix):
    result = bwa.timeline(matrix, codes=["covid"], counts=["client_visits"])
    (axes,) = result.plot().axes
    assert [t.get_text() for t in axes.get_yticklabels()] == list(result.sites)
    marks = sum(len(c.get_offsets()) for c in axes.collections if c.get_label() in {"training", "covid", "order shock",
                                                                                     "client withdrawal"})  # fmt: skip
    assert marks == (result.frame["kind"] == "event").sum()


def test_the_same_pdf_twice_is_the_same_bytes(matrix):
    figure = bwa.plot_diverging(bwa.frequency(matrix, by=("group",)))
    data = []
    for _ in range(2):
        out = io.BytesIO()
        save(figure, out, kind="pdf", title="t", description="d")
        data.append(out.getvalue())
    assert data[0] == data[1]
    assert data[0].startswith(b"%PDF")
