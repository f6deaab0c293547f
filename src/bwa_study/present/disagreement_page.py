"""The disagreements of coders as one page: the words in their turn, both coders' codes, and the rules that decide."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd

from bwa_study.analysis.disagreements import KINDS, Disagreements
from bwa_study.model.study import Study
from bwa_study.present.disagreement_words import disagreement_words
from bwa_study.present.wording import level_label, words

_FILTERS = ("kind", "code", "coders", "group", "round", "language")
RECODE = "http://127.0.0.1:8765"
"""Where `bwa-study recode` serves its page, if nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some words of a turn, and which of two coders coded them for what is disagreed on."""

    text: str
    a: bool
    b: bool


def disagreement_page(result: Disagreements, language: str = "") -> str:
    """The page as one html text; it loads nothing, and its filters are a script of its own.

    Parameters
    ----------
    result
        Of `bwa_study.analysis.disagreements.disagreements`.
    language
        ``en`` or ``zh``; the study's by default, English for any other.

    Notes
    -----
    Every turn has the anchor ``#<transcript>-turn-<number>``. Links lead to ``t/<transcript>#turn-<number>`` beside the
    page, which is where the re-coding page shows that turn.
    """
    from jinja2 import Environment, PackageLoader, select_autoescape

    assert result.matrix is not None
    study = result.matrix.study
    language = language or study.language
    say = {**words(language), **disagreement_words(language)}
    script = (files("bwa_study.present") / "templates" / "disagreements.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("bwa_study.present"), autoescape=select_autoescape(["html", "j2"]), trim_blocks=True
    )
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    table = result.frame
    return environment.get_template("disagreements.html.j2").render(
        lang="zh-CN" if language == "zh" else "en",
        say=say,
        study=study.title.text(language),
        synthetic=study.synthetic,
        coders=result.coders,
        script=script,
        digest=digest,
        filters=[(name, say[name], _options(table, name, study, language, say)) for name in _FILTERS],
        kinds=[(kind, say[kind], say[f"{kind} means"], int((table["kind"] == kind).sum())) for kind in KINDS],
        pairs=[
            (
                study.label("code", a, language),
                study.label("code", b, language),
                n,
                say["no rule"] if r == "no rule" else r,
            )
            for a, b, n, r in result.pairs().itertuples(index=False, name=None)
        ],
        places=[_place(rows, study, language, say) for _, rows in table.groupby("place", sort=False)],
        definitions=[_definition(study, code, language) for code in _codes(table, study)],
        total=len(table),
        notes=result.notes(),
    )


def _codes(table: pd.DataFrame, study: Study) -> list[str]:
    """Codes that are disagreed on, in the order of the codebook."""
    there = {*table["code_a"], *table["code_b"]}
    return [code.id for code in study.codebook if code.id in there]


def _options(table: pd.DataFrame, name: str, study: Study, language: str, say: dict[str, str]) -> list[tuple[str, str]]:
    """Value and text of what one filter offers; nothing where there is one value only."""
    if name == "code":
        options = [(code, study.label("code", code, language)) for code in _codes(table, study)]
    elif name == "coders":
        pairs = dict.fromkeys(zip(table["coder_a"], table["coder_b"], strict=True))
        options = [(f"{a} · {b}", f"{a} · {b}") for a, b in pairs]
    elif name == "kind":
        options = [(kind, say[kind]) for kind in KINDS if (table["kind"] == kind).any()]
    else:
        there = set(table[name])
        options = [(v, level_label(study, name, v, language)) for v in study.levels(name) if v in there]
        options += [(v, v) for v in sorted(there - {v for v, _ in options})]
    return options if len(options) > 1 else []


def _place(rows: pd.DataFrame, study: Study, language: str, say: dict[str, str]) -> dict[str, Any]:
    first = rows.iloc[0]
    facts = [level_label(study, name, first[name], language) for name in ("group", "round")]
    return {
        "id": first["place"],
        "link": f"{RECODE}{first['link']}",
        "about": " · ".join([f"{first['transcript']}, {say['turn']} {first['turn']}", *facts, first["language"]]),
        "asked": first["asked"],
        "tongue": first["language"],
        "unquoted": first["consent_quotes"] not in ("anonymous", "full"),
        "rows": [_row(row, study, language, say) for row in rows.to_dict("records")],
    }


def _row(row: dict[Any, Any], study: Study, language: str, say: dict[str, str]) -> dict[str, Any]:
    codes = [row[side] for side in ("code_a", "code_b") if row[side]]
    rule = say["no rule"] if row["rule"] == "no rule" else row["rule"]
    return {
        "data": {
            "kind": row["kind"],
            "code": " ".join(dict.fromkeys(codes)),
            "coders": f"{row['coder_a']} · {row['coder_b']}",
            **{name: row[name] for name in ("group", "round", "language")},
        },
        "kind": say[row["kind"]],
        "sides": [
            {
                "coder": row[f"coder_{side}"],
                "code": study.label("code", row[f"code_{side}"], language) if row[f"code_{side}"] else say["nothing"],
                "polarity": ", ".join(say[one] for one in row[f"polarity_{side}"].split(";") if one),
                "also": _others(row[f"all_{side}"], row[f"code_{side}"], study, language),
                "side": side,
            }
            for side in ("a", "b")
        ],
        "pieces": pieces(row["said"], row["words_a"].split(" … "), row["words_b"].split(" … ")),
        "rule": rule,
        "rule_head": say["rule"] if row["kind"] == "confused" else say["definition"],
    }


def _others(every: str, code: str, study: Study, language: str) -> str:
    others = [one for one in every.split("; ") if one and one != code]
    return ", ".join(study.label("code", one, language) for one in others)


def pieces(said: str, words_a: Sequence[str], words_b: Sequence[str]) -> list[_Piece]:
    """A turn cut where the coded words of either coder begin or end.

    Examples
    --------
    >>> [(p.text, p.a, p.b) for p in pieces("They came back today.", ["They came back"], ["back today"])]
    [('They came ', True, False), ('back', True, True), (' today', False, True), ('.', False, False)]
    """
    spans = [_found(said, list_of) for list_of in (words_a, words_b)]
    edges = sorted({0, len(said), *(edge for side in spans for span in side for edge in span)})
    out = []
    for start, end in itertools.pairwise(edges):
        a, b = (any(s <= start and end <= e for s, e in side) for side in spans)
        out.append(_Piece(said[start:end], a, b))
    return out


def _found(said: str, parts: Sequence[str]) -> list[tuple[int, int]]:
    return [(at, at + len(part)) for part in parts if part and (at := said.find(part)) >= 0]


def _definition(study: Study, code: str, language: str) -> dict[str, Any]:
    one = study.codebook[code]
    words = one.words(language)
    return {
        "id": code,
        "label": study.label("code", code, language),
        "definition": words.definition,
        "present": words.present,
        "absent": words.absent,
        "include": words.include,
        "exclude": [
            (rule, study.label("code", e.see, language)) for rule, e in zip(words.exclude, one.exclude, strict=True)
        ],
    }
