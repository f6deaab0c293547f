"""Rich text (.rtf) as text: paragraphs and tables in order, without notes, comments and what is hidden."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bwa_study.load.gate import Rejected, Source
from bwa_study.load.plain_text import Line, PlainText, joined
from bwa_study.load.speaker_tables import table_lines
from bwa_study.model.errors import Problem, shown

_TOKEN = re.compile(r"\\([a-z]+)(-?\d*) ?|\\'[0-9a-fA-F]{2}|\\[^a-z]|[{}]|[^\\{}]+", re.DOTALL)
_ASIDE = re.compile(r"\\(footnote|annotation)(?![a-z0-9])")
_NAMES = {"v": "hidden text", "deleted": "tracked deletions", "footnote": "footnotes", "annotation": "comments"}
_BAR, _ROW_BEGINS, _ROW_ENDS = "\x01", "\x03", "\x04"
_PLAIN_BAR = re.compile(r"(?<![\\\x80-\xff])\|")
_ROW = re.compile(f"{_ROW_BEGINS}([^{_ROW_ENDS}]*){_ROW_ENDS}\n?")


def read_rtf(source: Source) -> PlainText:
    """The text of an .rtf file; call it with `confined`.

    Raises
    ------
    Rejected
        If it does not begin as RTF, or has no text.
    """
    import striprtf.striprtf as rtf

    mend = "open it in its program and save it as .rtf or .docx again"
    if not source.data.lstrip().startswith(b"{\\rtf"):
        raise Rejected(Problem(source.name, 1, 0, "not an .rtf file", mend))
    marked = re.sub(f"[{_BAR}{_ROW_BEGINS}{_ROW_ENDS}]", "", source.data.decode("latin-1"))
    seen, gone = _visible(marked)
    gone += _ASIDE.findall(seen)
    try:
        text = str(rtf.rtf_to_text(_with_rows_marked(seen), errors="replace"))  # type: ignore[no-untyped-call]
    except (LookupError, ValueError, TypeError, OverflowError) as fault:
        raise Rejected(Problem(source.name, 0, 0, f"not a complete .rtf ({shown(fault)})", mend)) from None
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    left = Counter({_NAMES[one]: gone.count(one) for one in _NAMES})
    lines = list(_lines(text, left))
    return joined(lines, left_out=tuple(f"{name} left out ({n})" for name, n in left.items() if n))


def _visible(marked: str) -> tuple[str, list[str]]:
    """The file without its hidden and deleted words, and which of the two each run of them was."""
    if not re.search(r"\\(?:v|deleted)(?![a-z])", marked):
        return marked, []
    out: list[str] = []
    gone: list[str] = []
    outer: list[str] = []
    hidden = told = ""
    for found in _TOKEN.finditer(marked):
        word, number = found[1] or "", found[2]
        if word in ("v", "deleted") and number != "0":
            hidden = word
        elif word == "plain" or word == hidden:
            hidden = told = ""
        elif found[0] == "{":
            outer.append(hidden)
        elif found[0] == "}":
            hidden = outer.pop() if outer else ""
            told = hidden
        elif hidden and (not word or word == "u"):
            gone += [hidden] if told != hidden else []
            told = hidden
            continue
        if word not in ("v", "deleted"):
            out.append(found[0])
    return "".join(out), gone


def _with_rows_marked(marked: str) -> str:
    """The file with signs where a row of a table begins and ends; its own bars are no ends of cells."""
    marked = _PLAIN_BAR.sub(_BAR, marked)
    marked = re.sub(r"\\trowd(?![a-z])", lambda found: _ROW_BEGINS + found[0], marked)
    return re.sub(r"\\row(?![a-z])", lambda found: _ROW_ENDS + found[0], marked)


def _lines(text: str, left: Counter[str]) -> Iterator[Line]:
    rows: list[list[list[Line]]] = []
    at = 0
    for found in _ROW.finditer(text):
        between = text[at : found.start()]
        if between.strip() and rows:
            yield from table_lines(rows, left)
            rows = []
        if between.strip() or (at == 0 and between):
            yield from map(Line, _plain(between).removesuffix("\n").split("\n"))
        cells = found[1].replace(_ROW_BEGINS, "").split("|")
        rows.append([[Line(_plain(cell).strip("\n"))] for cell in cells[:-1] or cells])
        at = found.end()
    yield from table_lines(rows, left)
    if at == 0 or text[at:].strip():
        yield from map(Line, _plain(text[at:]).split("\n"))


def _plain(text: str) -> str:
    text = text.replace("|", "\t").replace(_BAR, "|")
    return text.replace(_ROW_BEGINS, "").replace(_ROW_ENDS, "")
