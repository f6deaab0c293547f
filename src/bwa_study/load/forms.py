"""Checking a parsed YAML document against a declared form, with the place of every fault."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema

from bwa_study.load.yaml_strict import Document, Path
from bwa_study.model.errors import Problem, did_you_mean, shown
from bwa_study.model.labels import Label

FormType = TypeVar("FormType", bound="Form")


class Form(BaseModel):
    """Base of all file forms: unknown fields are errors, and nothing is converted in silence."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _as_label(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


LabelForm = Annotated[
    dict[str, str],
    BeforeValidator(_as_label),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
            "description": "A text, or a text by language: {en: Workers, zh: 工人}",
        }
    ),
]


def as_label(texts: dict[str, str] | None) -> Label:
    """The label of a form's field; an empty label where there is none."""
    return Label(tuple((texts or {}).items()))


def id_fault(id: str) -> str:
    """What is wrong with an id that a file declares; empty where nothing is.

    Examples
    --------
    >>> id_fault("R1"), id_fault(""), id_fault("R 1")
    ('', 'is empty', 'has invisible, non-ASCII or other characters that are not allowed: U+0020 SPACE')
    """
    odd = [c for c in id if not (c.isascii() and (c.isalnum() or c in "._-"))]
    named = ", ".join(dict.fromkeys(f"U+{ord(c):04X} {unicodedata.name(c, 'CONTROL')}" for c in odd[:20]))
    what = f"has invisible, non-ASCII or other characters that are not allowed: {named}" if odd else ""
    return what if id else "is empty"


def check_form(
    form: type[FormType], document: Document, *, file: str, kind: str
) -> tuple[FormType | None, list[Problem]]:
    """Check a document against a form.

    Returns
    -------
    tuple
        The filled form (None if it does not fit) and every problem, each with line and column.
    """
    filled, faults = check_parts(form, document, file=file, kind=kind)
    return filled, [problem for _, problem in faults]


def check_parts(
    form: type[FormType], document: Document, *, file: str, kind: str
) -> tuple[FormType | None, list[tuple[Path, Problem]]]:
    """As `check_form`, each problem with the part of the document it is about."""
    if document.value is None:
        what, mend = f"the {kind} is empty", f"see the example {kind} in the documentation"
        return None, [((), Problem(file, 1, 1, what, mend))]
    if not isinstance(document.value, dict):
        what = f"a mapping (name: value) is expected at the top of a {kind}"
        return None, [((), Problem(file, 1, 1, what, "begin with lines such as 'id: …'"))]
    try:
        return form.model_validate(document.value), []
    except ValidationError as fault:
        errors: list[dict[str, Any]] = [dict(error) for error in fault.errors()]
        return None, [(_part_of(error), _problem(form, document, error, file)) for error in errors]


def _part_of(error: dict[str, Any]) -> Path:
    return tuple(error["loc"])


def _problem(form: type[Form], document: Document, error: dict[str, Any], file: str) -> Problem:
    path = _part_of(error)
    line, column = document.key_place(path) if error["type"] == "extra_forbidden" else document.place(path)
    name = ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
    if error["type"] == "extra_forbidden":
        known = _fields_at(form, path[:-1])
        hint = did_you_mean(str(path[-1]), known)
        return Problem(
            file, line, column, f"unknown field '{shown(path[-1])}'{hint}", f"known here: {', '.join(known)}"
        )
    if error["type"] == "missing":
        return Problem(file, line, column, f"field '{name}' is missing", f"add '{path[-1]}: …' here")
    value, written = error["input"], document.written.get(path)
    found = f"value '{shown(value if written is None else written)}'"
    if isinstance(value, (dict, list)):
        found = f"a {_kind_of(value)}"
    elif not written and value is None:
        found = "nothing"
    return Problem(file, line, column, f"field '{name}', {found}: {_plain(error)}", _mend(error, value, written))


def _kind_of(value: object) -> str:
    return "mapping" if isinstance(value, dict) else "list"


def _plain(error: dict[str, Any]) -> str:
    expected = {
        "string_type": "text is expected",
        "dict_type": "a mapping is expected",
        "model_type": "a mapping is expected",
        "list_type": "a list is expected",
        "tuple_type": "a list is expected",
        "bool_type": "true or false is expected",
        "int_type": "a whole number is expected",
        "float_type": "a number is expected",
    }
    return expected.get(error["type"], str(error["msg"]).lower())


def _mend(error: dict[str, Any], value: object, written: str | None) -> str:
    if error["type"] == "string_type" and isinstance(value, (int, float, bool)):
        return f'write it in quotes: "{written or value}"'
    if error["type"] == "string_type" and value is None:
        return "fill it in, or remove the field"
    return "correct the value; the schema file beside the codebook lists what may stand here"


def _fields_at(form: type[Form], path: Path) -> list[str]:
    """Names of the fields that may stand at `path`, read from the form's JSON schema."""
    schema = _json_schema(form)
    definitions = schema.get("$defs", {})
    node: dict[str, Any] = schema
    for part in path:
        node = _resolved(node, definitions)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            below = node.get("properties", {}).get(part)
            node = below if below is not None else node.get("additionalProperties", {})
    return list(_resolved(node, definitions).get("properties", {}))


@cache
def _json_schema(form: type[Form]) -> dict[str, Any]:
    return form.model_json_schema()


def _resolved(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", []):
        if option.get("type") != "null":
            node = option
            break
    reference = node.get("$ref")
    return definitions[reference.rsplit("/", 1)[1]] if reference else node
