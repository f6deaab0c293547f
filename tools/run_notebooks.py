"""Make every notebook from its twin and run it from a clean kernel; with --check, see that both are as they should be.

The twin (``notebooks/*.py``, jupytext's percent form) is what is written and reviewed; the notebook is the twin with
its outputs. Outputs are cleaned of what changes from run to run, so that a notebook that says the same has the same
bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LIVE = "application/vnd.jupyter.widget-view+json"


def from_twin(path: Path) -> nbformat.NotebookNode:
    """The notebook of a twin, without outputs; its cells are numbered, so that their ids never change."""
    notebook = jupytext.read(path)
    notebook.metadata = nbformat.NotebookNode(kernelspec=KERNEL)
    for n, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{n:02d}"
        cell.metadata = nbformat.NotebookNode()
    return notebook


def run(path: Path) -> nbformat.NotebookNode:
    """The notebook of a twin, executed in its own folder.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = from_twin(path)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":  # a live page has no output that could be kept
            cell.outputs = [out for out in cell.outputs if LIVE not in out.get("data", {})]
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("language_info", None)
    return notebook


def sources(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Kind and text of every cell."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def main() -> None:
    """Run all notebooks, in order of their names."""
    for twin in sorted(FOLDER.glob("*.py")):
        notebook = run(twin)
        path = twin.with_suffix(".ipynb")
        if "--check" not in sys.argv:
            nbformat.write(notebook, path)
        elif sources(nbformat.read(path, as_version=4)) != sources(notebook):
            sys.exit(f"{path.name} is not made from {twin.name} — run: make data")
        print(f"{path.name}: {sum(c.cell_type == 'code' for c in notebook.cells)} code cells run")


if __name__ == "__main__":
    main()
