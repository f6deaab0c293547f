"""Printed tables as Markdown, LaTeX and HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bwa_study.model.errors import shown
from bwa_study.present.printed import Printed, PrintedRow

_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}",
}  # fmt: skip
_STYLE = """\
body{font:14px/1.45 system-ui,"Noto Sans SC","Microsoft YaHei",sans-serif;margin:2rem;color:#222;background:#fff}
table{border-collapse:collapse;margin:.5rem 0 1rem}caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{padding:.2rem .6rem;text-align:left;vertical-align:top}thead th{border-bottom:1px solid #444}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}tr.strong{background:#eee;font-weight:600}
.notes{color:#555;font-size:12px;max-width:60rem}div.wide{overflow-x:auto}
@media print{body{margin:0}thead{display:table-header-group}tr{break-inside:avoid}div.wide{overflow:visible}}
@media (prefers-color-scheme:dark){body{background:#181a1b;color:#ddd}.notes{color:#aaa}
tr.strong{background:#2a2d2f}}"""


def markdown(tables: Sequence[Printed]) -> str:
    """Pipe tables, which GitHub, Quarto and pandoc read; heads that span columns are joined into one line.

    Examples
    --------
    >>> from bwa_study.present.printed import Printed, PrintedRow
    >>> one = Printed("Codes", ((("code", 1), ("n", 1)),), (PrintedRow(("a|b", "3")),), ("Synthetic.",), (False, True))
    >>> print(markdown([one]))
    **Codes**
    <BLANKLINE>
    | code | n |
    |---|---:|
    | a\\|b | 3 |
    <BLANKLINE>
    Synthetic.
    <BLANKLINE>
    """
    parts = []
    for table in tables:
        lines = [f"**{_md(table.title)}**", "", _md_row(_joined_heads(table))]
        lines.append("|" + "|".join("---:" if n else "---" for n in table.numeric) + "|")
        for row in table.rows:
            lines.append(_md_row([f"**{c.strip()}**" if row.strong and c.strip() else c for c in map(_md, row.cells)]))
        parts.append("\n".join([*lines, "", *(f"{_md(note)}\n" for note in table.notes)]))
    return "\n".join(parts)


def _joined_heads(table: Printed) -> list[str]:
    columns: list[list[str]] = [[] for _ in range(table.columns)]
    for head in table.heads:
        at = 0
        for text, width in head:
            for column in columns[at : at + width]:
                if text:
                    column.append(_md(text))
            at += width
    return [" · ".join(texts) for texts in columns]


def _md(text: str) -> str:
    plain = " ".join(text.replace("\u2003", "&emsp;").splitlines()) if text else ""
    for sign in ("\\", "|", "*", "_", "`", "<", "["):
        plain = plain.replace(sign, "&lt;" if sign == "<" else f"\\{sign}")
    return plain


def _md_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def latex(tables: Sequence[Printed]) -> str:
    r"""Tables with the rules of `booktabs`, to be included with ``\input``; notes stand under each.

    The document needs ``\usepackage{booktabs}``, and ``xeCJK`` (or ``ctex``) where labels are Chinese. Text is escaped,
    so none of it is ever a command.
    """
    parts = ["% needs \\usepackage{booktabs}; with Chinese labels \\usepackage{xeCJK} and xelatex"]
    for table in tables:
        parts += [r"\begin{table}[htbp]", r"\centering\small", rf"\caption{{{_tex(table.title)}}}"]
        parts.append(rf"\begin{{tabular}}{{{''.join('r' if n else 'l' for n in table.numeric)}}}")
        parts.append(r"\toprule")
        for head in table.heads:
            parts += _tex_head(head)
        parts.append(r"\midrule")
        for row in table.rows:
            cells = [rf"\textbf{{{c}}}" if row.strong and c else c for c in map(_tex, row.cells)]
            parts.append(" & ".join(cells) + r" \\")
        parts += [r"\bottomrule", r"\end{tabular}", "", r"\begin{minipage}{\linewidth}\footnotesize"]
        parts += [rf"{_tex(note)}\par" for note in table.notes]
        parts += [r"\end{minipage}", r"\end{table}", ""]
    return "\n".join(parts)


def _tex_head(head: Sequence[tuple[str, int]]) -> list[str]:
    cells, rules, at = [], [], 1
    for text, width in head:
        cells.append(rf"\multicolumn{{{width}}}{{c}}{{{_tex(text)}}}" if width > 1 else _tex(text))
        if width > 1 and text:
            rules.append(rf"\cmidrule(lr){{{at}-{at + width - 1}}}")
        at += width
    return [" & ".join(cells) + r" \\", *([" ".join(rules)] if rules else [])]


def _tex(text: str) -> str:
    return r"\quad ".join(_escaped(part) for part in " ".join(text.splitlines()).split("\u2003"))


def _escaped(text: str) -> str:
    return "".join(_LATEX.get(c, c) for c in shown(text, limit=len(text) + 1))


def html(tables: Sequence[Printed], *, language: str = "en") -> str:
    """One page without scripts that loads nothing, readable on paper too."""
    title = escape(tables[0].title) if tables else ""
    body = "".join(html_table(table) for table in tables)
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def html_table(table: Printed) -> str:
    """A ``table`` element with its caption, and its notes in a ``div`` after it."""
    heads = "".join(f"<tr>{head_cells(head, table)}</tr>" for head in table.heads)
    rows = "".join(html_row(row, table) for row in table.rows)
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return (
        f'<div class="wide"><table><caption>{escape(table.title)}</caption><thead>{heads}</thead>'
        f'<tbody>{rows}</tbody></table></div><div class="notes">{notes}</div>'
    )


def head_cells(head: Sequence[tuple[str, int]], table: Printed) -> str:
    """The cells of one row of heads."""
    out, at = "", 0
    for text, width in head:
        kind = ' class="n"' if table.numeric[at] and width == 1 else ""
        over = f' colspan="{width}" scope="colgroup"' if width > 1 else ' scope="col"'
        out += f"<th{over}{kind}>{escape(text)}</th>" if text else f"<td{over.split(' scope')[0]}></td>"
        at += width
    return out


def html_row(row: PrintedRow, table: Printed) -> str:
    """A row of the body; its first cell heads it."""
    cells = ""
    for n, (text, numeric) in enumerate(zip(row.cells, table.numeric, strict=True)):
        words = escape(text).replace("\n", "<br>")
        kind = ' class="n"' if numeric else ""
        cells += f'<th scope="row"{kind}>{words}</th>' if n == 0 else f"<td{kind}>{words}</td>"
    look = ' class="strong"' if row.strong else ""
    return f"<tr{look}>{cells}</tr>"
