"""Rich text (.rtf) as text."""

from __future__ import annotations

import re

from bwa_study.load.gate import Rejected, Source
from bwa_study.load.plain_text import PlainText
from bwa_study.model.errors import Problem, shown

_GONE = re.compile(r"\{[^{}]{0,20000}?\\(v|deleted)(?![a-z0-9])[^{}]{0,20000}\}")
_NAMES = {"v": "hidden text", "deleted": "tracked deletions"}


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
    marked = source.data.decode("latin-1")
    gone = [found[1] for found in _GONE.finditer(marked)]
    try:
        text = str(rtf.rtf_to_text(_GONE.sub("", marked), errors="replace"))  # type: ignore[no-untyped-call]
    except (LookupError, ValueError, TypeError, OverflowError) as fault:
        raise Rejected(Problem(source.name, 0, 0, f"not a complete .rtf ({shown(fault)})", mend)) from None
    text = re.sub("[\ud800-\udfff]", "\ufffd", text.replace("|\n", "\n"))
    left = tuple(f"{_NAMES[one]} left out ({gone.count(one)})" for one in _NAMES if one in gone)
    return PlainText("\n".join(line.replace("|", "\t") for line in text.split("\n")), left_out=left)
