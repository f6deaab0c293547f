"""Text as YAML reads it back, for drafts that are written for people to fill in."""

from __future__ import annotations

import re

_NOT_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
NO_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that some programs read as true, false or nothing, in small letters."""


def yaml_text(text: str) -> str:
    """Text as a YAML value: as it stands where every program reads that as the same text, else in quotes.

    Examples
    --------
    >>> yaml_text("brand_staff"), yaml_text("no"), yaml_text("2021")
    ('brand_staff', '"no"', '"2021"')
    """
    return text if _BARE.fullmatch(text) and text.lower() not in NO_TEXT else quoted(text)


def quoted(text: str) -> str:
    """Text as a double-quoted YAML value; a character that YAML has no place for is U+FFFD.

    Examples
    --------
    >>> print(quoted('say "no"\\n后退'))
    "say \\"no\\"\\n后退"
    """
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    text = _NOT_YAML.sub("\ufffd", text)
    return '"' + "".join(named.get(c) or (c if c == " " or c.isprintable() else _escaped(c)) for c in text) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
