"""The README and the pages of docs/ say what the program does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bwa_study.load.codebook import parse_codebook
from bwa_study.load.manifest import INTERVIEWS
from bwa_study.load.study_file import load_study_file
from bwa_study.model.codings import CODINGS

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("code", blocks("README.md", "python"))
def test_the_readme_s_python_runs(code: str, project: Path):
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "denominator" in done.stdout


@pytest.mark.slow
def test_the_readme_s_commands_run(project: Path):
    lines = [line for block in blocks("README.md", "sh") for line in block.splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line.startswith(".venv/bin/bwa-study ")]

    assert len(commands) > 5
    for _, *arguments in commands:
        call = [sys.executable, "-m", "bwa_study", *arguments]
        done = subprocess.run(call, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (arguments, done.stderr)
    assert {p.name for p in (project / "outputs").iterdir()} >= {"index.html", "themes.xlsx", "proposals.csv"}


@pytest.mark.parametrize("text", blocks("docs/codebook.md", "yaml"))
def test_the_codebooks_shown_are_right_but_for_codes_left_out(text: str):
    assert [c.id for c in parse_codebook(text, file="docs/codebook.md")] == ["follow_up"]


def test_the_study_file_shown_is_right(tmp_path: Path):
    text, *_ = blocks("docs/study_folder.md", "yaml")
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")

    assert [g.id for g in load_study_file(tmp_path).groups] == ["brand_staff", "manager", "worker"]


def test_every_column_of_the_manifest_and_of_codings_is_documented():
    page = (ROOT / "docs" / "study_folder.md").read_text(encoding="utf-8")

    missing = [c.name for s in (INTERVIEWS, CODINGS) for c in s.columns if not re.search(rf"\b{c.name}\b", page)]

    assert missing == []


def test_the_page_of_commands_is_what_the_program_prints():
    import refresh

    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == refresh.commands_page(), "run: make data"


def test_the_measured_page_is_what_is_measured():
    import refresh

    assert (ROOT / "docs" / "measured.md").read_text(encoding="utf-8") == refresh.measured_page(), "run: make data"


def test_links_between_pages_lead_somewhere():
    made = ("_build", "api", "notebooks")
    pages = [p for p in (ROOT / "docs").rglob("*.md") if p.relative_to(ROOT / "docs").parts[0] not in made]
    broken = []
    for page in [ROOT / "README.md", *sorted(pages), *sorted((ROOT / "notebooks").glob("*.py"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            if page.suffix == ".md" or target.startswith("../docs/"):
                broken += [f"{page.name}: {target}"] if not (page.parent / target).exists() else []

    assert broken == []


def test_the_report_file_shown_is_right():
    from bwa_study.load.gate import Source
    from bwa_study.load.report_file import parse_report_texts

    (text,) = (block for block in blocks("docs/study_folder.md", "yaml") if block.startswith("summary:"))
    texts = parse_report_texts(Source("report.yaml", text.encode("utf-8"), ""))
    assert [c.criterion for c in texts.criteria] == ["sustainability"]


def test_every_analysis_has_its_row_on_the_page_of_methods():
    import inspect

    import bwa_study as bwa

    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    analyses = [
        n for n, home in bwa._HOME.items() if home.startswith("analysis") and inspect.isfunction(getattr(bwa, n))
    ]

    assert len(analyses) > 70
    assert [n for n in analyses if not re.search(rf"`{n}(\(.*?\))?`", page)] == []


def test_every_row_of_the_page_of_methods_has_a_source_and_a_check():
    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in page.splitlines() if line.startswith("| ")]

    assert {len(row) for row in rows} == {5}
    assert [row[0] for row in rows if any(not cell.strip() for cell in row[:4])] == []


def test_the_page_of_methods_names_what_exists():
    import bwa_study as bwa

    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    first = "".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    names = re.findall(r"`([a-z][a-z0-9_]+)(?:\(.*?\))?`", first)

    assert [n for n in names if n not in bwa._HOME] == []


def test_the_page_of_the_twelve_questions_is_the_report_s_order():
    from bwa_study.present.questions import QUESTIONS
    from bwa_study.present.study_figures import FIGURES
    from bwa_study.present.study_tables import TABLES

    page = (ROOT / "docs" / "explanation" / "twelve_questions.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if re.match(r"\| \d", line)]
    tables, figures = ({kind.name: kind.id for kind in kinds} for kinds in (TABLES, FIGURES))

    assert [(int(n), asked) for n, asked, *_ in rows] == [(q.number, q.ask.text("en")) for q in QUESTIONS]
    for question, row in zip(QUESTIONS, rows, strict=True):
        ids = [*(tables[name] for name in question.tables), *(figures[name] for name in question.figures)]
        assert not ids or row[2] == ", ".join(dict.fromkeys(ids)), question.number


def test_every_question_is_asked_in_the_notebook_that_is_named():
    page = (ROOT / "docs" / "explanation" / "twelve_questions.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if re.match(r"\| \d", line)]
    for number, *_, notebook in rows:
        (path,) = (ROOT / "notebooks").glob(f"0{notebook}_*.py")
        text = path.read_text(encoding="utf-8")
        spans = [range(int(a), int(b or a) + 1) for a, b in re.findall(r"Questions? (\d+)(?: to (\d+))?", text)]
        assert any(int(number) in span for span in spans), (number, path.name)


def formulas() -> list[str]:
    """Every formula of the pages and of docstrings, inline and in blocks."""
    found = []
    for page in (ROOT / "docs").rglob("*.md"):
        if page.relative_to(ROOT / "docs").parts[0] not in ("_build", "api", "notebooks"):
            text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
            found += re.findall(r"\$([^$\n]+)\$", text)
    for module in (ROOT / "src").rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        found += re.findall(r":math:`([^`]+)`", text)
        blocks = re.findall(r"^( *)\.\. math::((?:.*\n)(?:(?:\1 +\S.*)?\n)*)", text, re.M)
        found += [block for _, block in blocks if block.strip()]
    return found


def test_every_formula_can_be_drawn_without_anything_from_elsewhere():
    sys.path.insert(0, str(ROOT / "docs" / "_extensions"))
    from formulas import plain
    from matplotlib.mathtext import MathTextParser

    read = MathTextParser("path").parse
    assert len(formulas()) > 100
    for formula in formulas():
        read(f"${plain(formula)}$")
