from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bwa_study.present.markup import html, latex, markdown
from bwa_study.present.printed import Printed, PrintedRow

TABLE = Printed(
    "Themes & 主题",
    ((("", 1), ("Workers", 2)), (("code", 1), ("R1", 1), ("R2", 1))),
    (PrintedRow(("Talk", "50% (1/2)", "–"), strong=True), PrintedRow(("\u2003a_b <i>", "3", "not asked"))),
    ("SYNTHETIC DATA.", "Method: 100% of $x$."),
    (False, True, True),
)


def one_cell(text: str) -> Printed:
    return Printed("t", ((("h", 1),),), (PrintedRow((text,)),), (), (False,))


def test_markdown_joins_heads_and_escapes_what_would_be_markup():
    assert markdown([TABLE]).splitlines() == [
        "**Themes & 主题**",
        "",
        "| code | Workers · R1 | Workers · R2 |",
        "|---|---:|---:|",
        "| **Talk** | **50% (1/2)** | **–** |",
        "| &emsp;a\\_b &lt;i> | 3 | not asked |",
        "",
        "SYNTHETIC DATA.",
        "",
        "Method: 100% of $x$.",
    ]


@given(st.text(max_size=30))
def test_a_cell_never_breaks_a_markdown_row(text):
    lines = markdown([one_cell(text)]).split("\n")
    assert len(lines) == 6
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", lines[4])) == 2


def test_latex_has_the_rules_of_booktabs_and_escapes_every_sign():
    text = latex([TABLE])
    assert r"\caption{Themes \& 主题}" in text
    assert r"\begin{tabular}{lrr}" in text
    assert " & \\multicolumn{2}{c}{Workers} \\\\\n\\cmidrule(lr){2-3}\ncode & R1 & R2 \\\\\n\\midrule" in text
    assert r"\textbf{Talk} & \textbf{50\% (1/2)} & \textbf{–} \\" in text
    assert r"\quad a\_b \textless{}i\textgreater{} & 3 & not asked \\" in text
    assert r"Method: 100\% of \$x\$.\par" in text


@given(st.text(alphabet='\\{}$&#_%^~<>|"\n\x00\u202ea', max_size=20))
def test_no_text_is_ever_a_latex_command(text):
    body = latex([one_cell(text)]).split("\\midrule\n")[1].split(" \\\\\n\\bottomrule")[0]
    known = r"\\text(?:backslash|asciitilde|asciicircum|less|greater|bar|quotedbl)\{\}|\\[&%$#_{}]"
    assert not set(re.sub(known, "", body)) & set('\\{}$&#_%^~<>|"\x00\u202e')


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def test_html_spans_heads_and_loads_nothing():
    page = html([TABLE], language="zh")
    reader = _Reader()
    reader.feed(page)
    assert ("html", {"lang": "zh"}) in reader.tags
    assert ("th", {"colspan": "2", "scope": "colgroup"}) in reader.tags
    assert {tag for tag, _ in reader.tags} & {"script", "link", "img", "iframe"} == set()
    assert "\u2003a_b <i>" in reader.texts


@given(st.text(min_size=1, max_size=30).filter(lambda t: t.strip() and "\n" not in t and "\r" not in t))
def test_text_in_html_stays_text(text):
    reader = _Reader()
    reader.feed(html([one_cell(text)]))
    assert [tag for tag, _ in reader.tags if tag == "th"] == ["th", "th"]
    assert text.replace("\x00", "\ufffd") in "".join(reader.texts).replace("\x00", "\ufffd")
