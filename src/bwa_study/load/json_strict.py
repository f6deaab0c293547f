"""JSON without surprises: NaN, keys given twice, numbers no program keeps, and broken characters are errors."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from bwa_study.load.gate import Rejected
from bwa_study.model.errors import Problem, shown

MAX_DEPTH = 64
_MOST_DIGITS = 18
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|-?(?:NaN|Infinity)|-?[0-9][0-9.eE+-]*+', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Fault(Exception):
    def __init__(self, what: str, mend: str, token: str = "") -> None:
        super().__init__(what)
        self.what, self.mend, self.token = what, mend, token


def read_json(text: str, *, file: str) -> Any:
    """The value of a JSON file: dicts, lists, str, int, float, bool, None.

    Parameters
    ----------
    text
        The decoded file.
    file
        Name for the messages.

    Raises
    ------
    Rejected
        If it is not JSON, is nested deeper than 64 levels, or has NaN or Infinity, a key twice, a whole number of more
        than 18 digits, or half of a surrogate pair.

    Examples
    --------
    >>> read_json('{"start": 0.5}', file="a.json")
    {'start': 0.5}
    """
    try:
        value = json.loads(
            text, parse_constant=_constant, parse_int=_whole, parse_float=_float, object_pairs_hook=_mapping
        )
        _check_texts(value)
    except json.JSONDecodeError as fault:
        what = "the file is empty" if not text.strip() else f"not JSON: {fault.msg[:1].lower()}{fault.msg[1:]}"
        mend = "export it again; every bracket and quote must be closed"
        raise Rejected(Problem(file, fault.lineno, fault.colno, what, mend)) from None
    except _Fault as fault:
        line, column = _place(text, fault.token)
        raise Rejected(Problem(file, line, column, fault.what, fault.mend)) from None
    except RecursionError:
        raise Rejected(Problem(file, 0, 0, f"nesting deeper than {MAX_DEPTH} levels", "flatten the file")) from None
    return value


def _place(text: str, token: str) -> tuple[int, int]:
    """Line and column of the first number or constant written so; strings are passed over."""
    for found in _TOKEN.finditer(text) if token else ():
        if found.group() == token:
            return text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
    return 0, 0


def _constant(name: str) -> NoReturn:
    raise _Fault(f"'{name}' is no JSON", "write null where there is no number", name)


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS:
        what = f"whole number of {len(digits.lstrip('-')):,} digits, out of range: '{shown(digits, limit=24)}'"
        raise _Fault(what, "export the file again", digits)
    return int(digits)


def _float(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise _Fault(f"number '{shown(written, limit=24)}' is out of range", "export the file again", written)
    return number


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if key in out:
            raise _Fault(f"key '{shown(key)}' is given twice in one object", "keep one of the two")
        out[key] = value
    return out


def _check_texts(value: Any) -> None:
    open_: list[tuple[Any, int]] = [(value, 1)]
    while open_:
        one, depth = open_.pop()
        if depth > MAX_DEPTH:
            raise _Fault(f"nesting deeper than {MAX_DEPTH} levels", "flatten the file")
        if isinstance(one, str) and (odd := _SURROGATE.search(one)):
            what = f"half of a surrogate pair (U+{ord(odd.group()):04X}) in the text '{shown(one, limit=40)}'"
            raise _Fault(what, "the program that wrote the file cut a character in two; export it again")
        if isinstance(one, dict):
            open_ += [(part, depth + 1) for pair in one.items() for part in pair]
        elif isinstance(one, list):
            open_ += [(part, depth + 1) for part in one]
