"""The text layer of a PDF, its lines joined to paragraphs again."""

from __future__ import annotations

import re
from collections import Counter

from bwa_study.load.gate import Rejected, Source
from bwa_study.load.plain_text import PlainText
from bwa_study.load.turns import is_head
from bwa_study.model.errors import Problem, shown
from bwa_study.model.words import count_han, has_han

MAX_PAGES = 2_000
_PAGE_NUMBER = re.compile(r"\W*(?:page|seite|第)?\s*\d{1,4}\s*(?:(?:/|of|von|共)\s*\d{1,4})?\s*页?\W*", re.IGNORECASE)
_EDGE = 3
_MOSTLY = 2 / 3
_FULL = 0.75
_NO_TEXT_SHARE = 5


def read_pdf(source: Source) -> PlainText:
    """The text of a .pdf file; call it with `confined`. Numbers of pages and lines, and what heads every page,
    are left out.

    Raises
    ------
    Rejected
        If it is damaged, needs a password, or is a scan without a text layer.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source.data)
        if len(document) > MAX_PAGES:
            what = f"it has {len(document):,} pages"
            raise Rejected(Problem(source.name, 0, 0, what, f"split it into files of up to {MAX_PAGES:,} pages"))
        pages = [_page_lines(document[n].get_textpage().get_text_range()) for n in range(len(document))]
    except pypdfium2.PdfiumError as fault:
        locked = "password" in str(fault).lower()
        what = "it is encrypted" if locked else f"not a complete .pdf ({shown(fault)})"
        mend = "save it without a password" if locked else "export it again"
        raise Rejected(Problem(source.name, 0, 0, what, mend)) from None
    empty = [n for n, lines in enumerate(pages, start=1) if sum(map(len, lines)) < _NO_TEXT_SHARE]
    if len(empty) == len(pages):
        what = f"no text layer on its {len(pages)} page{'s' if len(pages) > 1 else ''}: it is a scan"
        mend = "have the text recognised (OCR) and give that, or type it"
        raise Rejected(Problem(source.name, 0, 0, what, mend))
    pages, left = _without_edges(pages)
    notes = (f"no text on page {', '.join(map(str, empty[:10]))}{' …' if len(empty) > 10 else ''}",) if empty else ()
    return PlainText(_paragraphs(pages), left_out=left, notes=notes)


def _page_lines(text: str) -> list[str]:
    text = re.sub("[\ufffe\uffff\x00\ud800-\udfff]", "", text)
    return [line.rstrip() for line in re.split(r"\r\n|[\r\n]", text)]


def _without_edges(pages: list[list[str]]) -> tuple[list[list[str]], tuple[str, ...]]:
    """Pages without their numbers and without lines that stand at the same edge of most pages."""
    out = [list(lines) for lines in pages]
    gone = 0
    heads: dict[str, None] = {}
    for at in (0, -1):
        running = _running(pages, at)
        for kept in out:
            while kept and not kept[at].strip():
                kept.pop(at)
            while kept and (_PAGE_NUMBER.fullmatch(kept[at].strip()) or _numberless(kept[at].strip()) in running):
                line = kept.pop(at).strip()
                gone += 1
                if not _PAGE_NUMBER.fullmatch(line):
                    heads.setdefault(running[_numberless(line)])
    seen = [f"'{shown(one, limit=40)}'" for one in list(heads)[:3]]
    such = f", such as {', '.join(seen)}" if seen else ""
    return out, (f"numbers of pages and lines, and running heads left out ({gone}){such}",) if gone else ()


def _running(pages: list[list[str]], at: int) -> dict[str, str]:
    """Lines that stand at the top (``at`` 0) or the bottom of most pages and seldom elsewhere, and are not speech."""
    edges: Counter[str] = Counter()
    first: dict[str, str] = {}
    for lines in pages:
        filled = [line.strip() for line in lines if line.strip()]
        for line in filled[:_EDGE] if at == 0 else filled[-_EDGE:]:
            if not is_head(line):
                first.setdefault(_numberless(line), line)
        edges.update({_numberless(line) for line in (filled[:_EDGE] if at == 0 else filled[-_EDGE:])})
    least = 2 if len(pages) == 2 else max(3, len(pages) / 2)
    everywhere = Counter(_numberless(line.strip()) for lines in pages for line in lines)
    return {line: words for line, words in first.items() if edges[line] >= max(least, _MOSTLY * everywhere[line])}


def _numberless(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _paragraphs(pages: list[list[str]]) -> str:
    """Lines that the page broke in the middle of a sentence are one line again; those that begin with a label stay."""
    widths = sorted(len(line) + count_han(line) for lines in pages for line in lines if line.strip())
    full = _FULL * widths[int(0.95 * (len(widths) - 1))] if widths else 0
    out: list[str] = []
    was_full = False
    for line in (line for lines in pages for line in lines):
        if was_full and line.strip() and not is_head(line):
            gap = "" if has_han(out[-1][-1:]) or has_han(line.lstrip()[:1]) else " "
            out[-1] += gap + line.lstrip()
        else:
            out.append(line)
        was_full = len(line) + count_han(line) >= full and bool(line.strip())
    return "\n".join(out)
