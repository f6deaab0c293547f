"""How the documentation is built: `make docs`. Pages of the reference are made from the package when it is built."""

from __future__ import annotations

import inspect
import shutil
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import bwa_study

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_extensions"))
NOTEBOOKS = HERE.parent / "notebooks"

project = "bwa_study"
author = "The bwa_study developers"
copyright = "the bwa_study developers, MIT"
release = version = metadata.version("bwa-study")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "formulas"]
nb_execution_mode = "off"  # the notebooks are run by their own check, which keeps their outputs
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
exclude_patterns = ["_build"]
suppress_warnings = ["mystnb.unknown_mime_type", "ref.python"]  # attributes of one name in several classes
html_theme = "pydata_sphinx_theme"
html_title = "bwa_study"
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_sidebars = {"**": ["globaltoc.html"]}  # all pages, under the headings of the first page
html_theme_options: dict[str, Any] = {"show_prev_next": False, "navigation_with_keys": False, "navbar_center": []}
html_math_renderer = "formulas"
html_context = {"default_mode": "auto"}
default_role = "code"

ROOMS = {
    "model": "What a study is",
    "load": "Reading files",
    "coding": "Coding",
    "analysis": "Analyses",
    "present": "Tables, figures, pages",
    "protect": "Protecting people",
    "demo": "The demo study",
}


def write_reference(app: object) -> None:
    """A page a room with every public name, and copies of the notebooks."""
    shutil.rmtree(HERE / "api", ignore_errors=True)
    (HERE / "api").mkdir()
    of_room: dict[str, list[str]] = {room: [] for room in ROOMS}
    for name, home in sorted(bwa_study._HOME.items(), key=lambda item: item[0].lower()):
        of_room[home.split(".")[0]].append(name)
    for room, names in of_room.items():
        lines = [f"# {ROOMS[room]}", ""]
        for name in names:
            home = f"bwa_study.{bwa_study._HOME[name]}"
            kind = "autoclass" if inspect.isclass(getattr(bwa_study, name)) else "autofunction"
            lines += [f"## {name}", "", "```{eval-rst}", f".. {kind}:: {home}.{name}"]
            lines += (
                ["   :members:", "   :undoc-members:", "   :exclude-members: __init__"] if kind == "autoclass" else []
            )
            lines += ["```", ""]
        if names:
            (HERE / "api" / f"{room}.md").write_text("\n".join(lines), encoding="utf-8")
    shutil.rmtree(HERE / "notebooks", ignore_errors=True)
    shutil.copytree(NOTEBOOKS, HERE / "notebooks", ignore=shutil.ignore_patterns("*.py", ".ipynb_checkpoints"))
    for copy in (HERE / "notebooks").glob("*.ipynb"):  # links that are right beside docs/ are right in it
        copy.write_text(copy.read_text(encoding="utf-8").replace("](../docs/", "](../"), encoding="utf-8")


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("builder-inited", write_reference)
