from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import bwa_study as bwa

SOURCE = Path(bwa.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
HEAVY = ("matplotlib", "spacy", "sklearn", "pandas.plotting", "jupyter", "xlsxwriter", "docx")


def loaded_by(code):
    """Which heavy packages a fresh interpreter holds after running `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print([m for m in {HEAVY!r} if m in sys.modules])"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def public(tree, inside=""):
    """Public functions, classes and methods of a module, with their names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{inside}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node, f"{inside}{node.name}.")


def is_form(node):
    """A pydantic form of a file: its fields carry their descriptions."""
    return isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Form" for b in node.bases)


@pytest.mark.parametrize("name", bwa.__all__)
def test_every_public_name_resolves_and_says_what_it_is(name):
    value = getattr(bwa, name)
    assert value.__name__ == name
    text = inspect.getdoc(value)
    assert text
    assert not text.startswith(f"{name}("), "only the docstring that dataclasses make by themselves"


def test_the_names_for_type_checkers_are_the_public_ones():
    tree = ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8"))
    (guarded,) = [n for n in tree.body if isinstance(n, ast.If)]
    assert sorted(alias.asname for node in guarded.body for alias in node.names) == list(bwa.__all__)


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'bwa_study' has no attribute 'frequncy'"):
        bwa.frequncy  # noqa: B018


def test_dir_lists_the_public_names():
    assert dir(bwa) == list(bwa.__all__)


def test_the_package_can_be_read_as_a_map():
    assert "study = load_study" in bwa.__doc__
    assert "Silence is not absence" in bwa.__doc__


def test_every_module_and_every_public_function_and_class_has_a_docstring():
    bare = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = path.relative_to(SOURCE).as_posix()
        if not ast.get_docstring(tree):
            bare.append(name)
        bare += [f"{name}: {n}" for n, node in public(tree) if not ast.get_docstring(node) and not is_form(node)]
    assert bare == []


def test_no_module_is_longer_than_400_lines_and_no_function_than_50():
    long = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > 400:
            long.append(path.name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body and node.end_lineno - body[0].lineno + 1 > 50:
                    long.append(f"{path.name}: {node.name}")
    assert long == []


def test_importing_the_package_loads_nothing_heavy_not_even_pandas():
    assert loaded_by("import bwa_study, sys; assert 'pandas' not in sys.modules") == "[]"


def test_help_loads_nothing_heavy():
    code = "from bwa_study.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert loaded_by(code) == "[]"


def test_loading_and_counting_needs_no_drawing_and_no_model_library(tmp_path):
    code = "import bwa_study as bwa\nbwa.load_study, bwa.matrix, bwa.frequency, bwa.apply_codebook"
    assert loaded_by(code).replace("'pandas.plotting'", "") == "[]"
