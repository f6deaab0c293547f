"""Every notebook runs from a clean kernel and says what its committed outputs say."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def printed(notebook: nbformat.NotebookNode) -> list[str]:
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    return [o.text if o.output_type == "stream" else o.get("data", {}).get("text/plain", "") for o in outputs]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_runs_and_its_outputs_are_current(path: Path):
    import run_notebooks

    committed = nbformat.read(path, as_version=4)

    assert printed(run_notebooks.run(path.with_suffix(".py"))) == printed(committed), "run: make data"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_is_short_and_shows_pictures(path: Path):
    notebook = nbformat.read(path, as_version=4)
    codes = [c for c in notebook.cells if c.cell_type == "code"]

    assert 0 < len(codes) <= 15
    assert sum("image/png" in o.get("data", {}) for c in codes for o in c.outputs) >= 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_is_made_from_its_twin(path: Path):
    import run_notebooks

    committed = nbformat.read(path, as_version=4)
    assert run_notebooks.sources(committed) == run_notebooks.sources(run_notebooks.from_twin(path.with_suffix(".py")))


def test_every_figure_is_followed_by_a_paragraph_that_says_what_it_shows():
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        for n, cell in enumerate(cells):
            if any("image/png" in o.get("data", {}) for o in cell.get("outputs", ())):
                after = cells[n + 1] if n + 1 < len(cells) else None
                assert after is not None, f"{path.name}: nothing follows figure {n}"
                assert after.cell_type == "markdown", f"{path.name}: code follows the figure of cell {n}"
