"""YAML without surprises: what two readers could read differently is an error, with its place.

PyYAML does the parsing, event by event; this module builds the values, so that it knows the line and column of each,
refuses aliases, tags, duplicate keys and deep nesting, and finds every problem of a file in one go.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from bwa_study.model.errors import Problem, shown

MAX_DEPTH = 32
Path = tuple[str | int, ...]
Mark = Any
"""A `yaml.Mark`: line and column, from 0."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_SURPRISING_BOOL = re.compile(r"(?:y|yes|n|no|on|off)\Z", re.IGNORECASE)
_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][+-]?[0-9]+)?\Z")
_OCTAL = re.compile(r"[+-]?0[0-9_]+\Z")
_SEXAGESIMAL = re.compile(r"[+-]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_ODD_NUMBER = re.compile(
    r"[+-]?(?:0[xob][0-9a-f_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:e[+-]?[0-9]+)?|\.(?:inf|nan))\Z", re.I
)
_NOT_ALLOWED = yaml.reader.Reader.NON_PRINTABLE


@dataclass(slots=True)
class Document:
    """A parsed file: its value, and where each part of it stands (line and column, both from 1).

    `places` are those of the values, `keys` those of the names before them; `written` has the text of every number,
    true, false and null as the file writes it. `complete` is false where the file could not be read to its end; the
    value is then only its beginning.
    """

    value: object = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    complete: bool = False

    def place(self, path: Path) -> tuple[int, int]:
        """The place of `path`, or of the nearest part of it that exists."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def key_place(self, path: Path) -> tuple[int, int]:
        """The place of the name that `path` ends in, or of its value where it has none."""
        return self.keys.get(path) or self.place(path)


def read_yaml(text: str, *, file: str) -> Document:
    """Parse one YAML document.

    Parameters
    ----------
    text
        The decoded file.
    file
        Name for the messages.

    Returns
    -------
    Document
        Mappings are dicts with text keys, sequences lists, scalars str, int, float, bool or None. With problems,
        the value is what could be read.

    Examples
    --------
    >>> document = read_yaml("a: [1, no]", file="x.yaml")
    >>> print(document.problems[0])
    x.yaml:1:8: 'no' is read as false by some programs and as text by others — write "no" for the text, or true / false
    """
    return _Builder(file).build(text)


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not come yet."""

    value: dict[str, object] | list[object]
    path: Path
    key: str | None = None


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.document = Document()
        self.open: list[_Open] = []
        self.refused: set[str] = set()
        self.documents = 0

    def build(self, text: str) -> Document:
        loader: Any = None
        try:
            loader = yaml.SafeLoader(text)
            while loader.check_event():
                if not self.take(loader.get_event()):
                    return self.document
            self.document.complete = True
        except yaml.MarkedYAMLError as fault:
            mark = fault.problem_mark or fault.context_mark
            tab = "found character '\\t'" in str(fault.problem)
            mend = "indent with spaces, not tabs" if tab else "check indentation, quotes and brackets around this place"
            self.problem(mark, f"not YAML: {shown(fault.problem or fault.context)}", mend)
        except yaml.reader.ReaderError as fault:
            line = text.count("\n", 0, fault.position) + 1
            column = fault.position - text.rfind("\n", 0, fault.position)
            what = f"character U+{ord(text[fault.position]):04X} is not allowed in YAML"
            self.document.problems.append(Problem(self.file, line, column, what, "remove it"))
        except (ValueError, OverflowError):
            self.problem(loader.get_mark(), "not YAML: a number here is too large", "check the '\\U…' or '%YAML' here")
        return self.document

    def take(self, event: yaml.Event) -> bool:
        mark = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.problem(
                    mark, "a second document begins here; one document expected", "put it into a file of its own"
                )
                return False
        elif isinstance(event, yaml.AliasEvent):
            self.refuse(mark, "alias", f"'*{shown(event.anchor)}'")
            return self.add(None, mark)
        elif isinstance(event, yaml.ScalarEvent):
            self.check_node(event)
            return self.scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.check_node(event)
            if len(self.open) >= MAX_DEPTH:
                self.problem(mark, f"nesting deeper than {MAX_DEPTH} levels", "flatten the file")
                return False
            fresh: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.add(fresh, mark)
            self.open.append(_Open(fresh, self.last_path))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
        return True

    last_path: Path = ()

    def check_node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor:
            self.refuse(event.start_mark, "anchor", f"'&{shown(event.anchor)}'")
        if event.tag is not None:
            what = f"tag '{shown(event.tag)}' is not allowed"
            self.problem(event.start_mark, what, "remove the tag; values are plain text, numbers, true and false")

    def refuse(self, mark: Mark, kind: str, name: str) -> None:
        if kind not in self.refused:
            self.refused.add(kind)
            self.problem(
                mark, f"{kind} {name}: anchors and aliases are not allowed", "write the text out where it is needed"
            )

    def scalar(self, event: yaml.ScalarEvent) -> bool:
        top = self.open[-1] if self.open else None
        value: object = event.value
        if event.style is None and event.tag is None:
            value = self.resolve(event.value, event.start_mark)
        elif odd := _NOT_ALLOWED.search(event.value):
            what = f"character U+{ord(odd.group()):04X} is not allowed in a text"
            self.problem(event.start_mark, what, "remove it; a sign beyond U+FFFF is written '\\U0001F600' or as it is")
        if top is not None and isinstance(top.value, dict) and top.key is None:
            if not isinstance(value, str):
                what = f"key '{shown(event.value)}' is not text to every program"
                self.problem(event.start_mark, what, f'write it in quotes: "{event.value}"')
            return self.key(top, event)
        self.add(value, event.start_mark)
        if not isinstance(value, str):
            self.document.written[self.last_path] = event.value
        return True

    def key(self, top: _Open, event: yaml.ScalarEvent) -> bool:
        name: str = event.value
        mark: Mark = event.start_mark
        path = (*top.path, name)
        keys = self.document.keys
        if path in keys:
            line = keys[path][0]
            what = f"key '{shown(name)}' is given twice, first in line {line}"
            self.problem(mark, what, "keep one of the two")
        elif name == "<<" and event.style is None:
            self.problem(mark, "merge keys '<<' are not allowed", "write the fields out")
        keys.setdefault(path, (mark.line + 1, mark.column + 1))
        top.key = name
        return True

    def add(self, value: object, mark: Mark) -> bool:
        place = (mark.line + 1, mark.column + 1)
        path: Path = ()
        if not self.open:
            self.document.value = value
        else:
            top = self.open[-1]
            if isinstance(top.value, list):
                path = (*top.path, len(top.value))
                top.value.append(value)
            elif top.key is None:
                self.problem(mark, "a list or mapping is used as a key", "use a plain word as the key")
                top.key, path = f"?{len(top.value)}", (*top.path, "?")
            else:
                path = (*top.path, top.key)
                top.value[top.key] = value
                place = self.document.keys.get(path, place) if value is None or value == "" else place
                top.key = None
        self.document.places[path] = place
        self.last_path = path
        return True

    def resolve(self, text: str, mark: Mark) -> object:
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text) and math.isfinite(float(text)):
            return float(text)
        quoted = f'write "{text}" for the text'
        if _SURPRISING_BOOL.match(text):
            what = f"'{text}' is read as false by some programs and as text by others"
            if text.lower() in {"y", "yes", "on"}:
                what = what.replace("false", "true")
            self.problem(mark, what, f"{quoted}, or true / false")
        elif _OCTAL.match(text):
            decimal = ("-" if text[0] == "-" else "") + (text.lstrip("+-0_").replace("_", "") or "0")
            what = f"'{text}' is read as an octal number by some programs"
            self.problem(mark, what, f"{quoted}, or {decimal} for the number")
        elif _SEXAGESIMAL.match(text):
            self.problem(mark, f"'{text}' is read as a number to base 60 by some programs", quoted)
        elif _ODD_NUMBER.match(text):
            self.problem(mark, f"'{text}' is read as a number by some programs", f"{quoted}, or plain digits")
        return text

    def problem(self, mark: Mark, what: str, mend: str) -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
        self.document.problems.append(Problem(self.file, line, column, what, mend))
