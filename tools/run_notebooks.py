"""Run every notebook from a clean kernel and keep its outputs; with --check, only see that it runs.

Outputs are cleaned of what changes from run to run (execution times, addresses), so that a notebook that says the same
has the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"


def run(path: Path) -> nbformat.NotebookNode:
    """Execute a notebook in its own folder and return it with fresh outputs.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    return notebook


def main() -> None:
    """Run all notebooks, in order of their names."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        notebook = run(path)
        if "--check" not in sys.argv:
            nbformat.write(notebook, path)
        print(f"{path.name}: {sum(c.cell_type == 'code' for c in notebook.cells)} code cells run")


if __name__ == "__main__":
    main()
