"""Printed tables in another language: heads, values, notes whose words are known; what people said stays as it is."""

from __future__ import annotations

import functools
import inspect
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, ParamSpec

from bwa_study.model.codebook import Codebook
from bwa_study.model.labels import Label
from bwa_study.model.matrix import CodingMatrix
from bwa_study.model.results import Result
from bwa_study.model.study import Study
from bwa_study.model.survey import constructs_of
from bwa_study.model.words import has_han
from bwa_study.present.behind import behind
from bwa_study.present.fonts import INSTALL_A_FONT, families
from bwa_study.present.printed import Printed, PrintedRow
from bwa_study.present.style import SYNTHETIC, captions_are_said, captions_said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")
_ID = re.compile(r"\b[A-Z][A-Z]?\d[\w.-]*(:\d+)?|\b[A-Z]\b")
_WORD = re.compile(r"[A-Za-z]{2,}|[A-Z]\d")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_COUNTED = re.compile(r"(\D+) (\d+)")
_LONG, _FIXED = 160, 20
"""A longer text is first taken as a list, then as a phrase that fixes so many characters: time stays bounded."""
_LISTS = (("; ", "；"), (", ", "，"), (" + ", " + "), ("*", "*"), ("  ", "  "), (": ", "："))
_END = re.compile(r"(?<=\S)(?<!pp)\. (?=\S)(?!(?<=[ (]p\. )\d)")
_TITLE = re.compile(r"([TF]\d+\. )(.+)")


def translated(page: Printed, study: Study, language: str) -> Printed:
    """A table with its title, heads, values and notes in a language.

    Parameters
    ----------
    page
        As `bwa_study.present.printed.printed` makes it.
    study
        Whose labels stand for ids.
    language
        ``zh``; tables are in English already, and any other language leaves them as they are.

    Returns
    -------
    Printed
        A text is put into the other language whole or not at all: what holds one unknown word, such as what somebody
        said or a definition, is left alone.
    """
    if language != "zh":
        return page
    say = Translation.of(study, language)
    return replace(
        page,
        title=say.title(page.title),
        heads=tuple(tuple((say(text), n) for text, n in head) for head in page.heads),
        rows=tuple(PrintedRow(tuple(map(say, row.cells)), row.strong) for row in page.rows),
        notes=tuple(say.sentences(note) for note in page.notes),
    )


def drawn(draw: Callable[[CodingMatrix, str], Figure], matrix: CodingMatrix, language: str) -> Figure:
    """A figure with its captions, titles, axes and legends in a language, where a font can show it; see `translated`.

    Raises
    ------
    BwaError
        What `draw` raises.
    """
    study = matrix.study
    if language != study.language:
        matrix = replace(matrix, study=replace(study, language=language))
    if language != "zh" or families(("中",)) is None:
        return draw(matrix, language)
    say = Translation.of(study, language)
    with captions_said(say.sentences):
        figure = draw(matrix, language)
    _reword(figure, say)
    return figure


def in_language(plot: Callable[P, Figure]) -> Callable[P, Figure]:
    """Makes a function that draws a result put its texts into its option ``language``, the study's by default.

    The result comes first; labels of its study are known if it keeps its codings. Where the function draws into ``ax``,
    other axes of that figure are left alone.
    """

    given = inspect.signature(plot)

    @functools.wraps(plot)
    def worded(*args: P.args, **options: P.kwargs) -> Figure:
        named = given.bind(*args, **options).arguments
        result, language, ax = next(iter(named.values())), named.get("language"), named.get("ax")
        matrix, _ = behind(result) if isinstance(result, Result) else (None, ())
        study = matrix.study if matrix is not None else None
        language = str(language or (study.language if study is not None else "en"))
        if captions_are_said():  # what draws the whole figure puts it into the language
            return plot(*args, **options)
        if language != "zh":
            figure = plot(*args, **options)
            if study is not None and study.language != language:
                _reword(_drawn_into(figure, ax), _relabelling(study, language))
            return figure
        if families(("中",)) is None:
            warnings.warn(INSTALL_A_FONT, stacklevel=2)
            return plot(*args, **options)
        say = Translation.of(study, language)
        with captions_said(say.sentences):
            figure = plot(*args, **options)
        _reword(_drawn_into(figure, ax), say)
        return figure

    return worded


def _drawn_into(figure: Figure, ax: object) -> Figure | Axes:
    from matplotlib.axes import Axes

    return ax if isinstance(ax, Axes) else figure


def _relabelling(study: Study, language: str) -> Callable[[str], str]:
    """Puts the labels of the study that stand in a text, in the study's language, into another one."""
    names = {label.text(study.language): label.text(language) for _, label in _labels(study)}
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    label = re.compile(rf"(?<!\w)(?:{known})(?!\w)" if known else r"(?!)")
    return lambda text: label.sub(lambda found: names[found[0]], text)


def _reword(drawing: Figure | Axes, say: Callable[[str], str]) -> None:
    """Put every text of a figure, or of one of its axes, into another language."""
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from matplotlib.ticker import FixedLocator

    for axes in [drawing] if isinstance(drawing, Axes) else drawing.axes:
        for axis in (axes.xaxis, axes.yaxis):
            labels = [text.get_text() for text in axis.get_ticklabels()]
            if isinstance(axis.get_major_locator(), FixedLocator) and any(say(text) != text for text in labels):
                axis.set_ticklabels([say(text) for text in labels])
    for text in drawing.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(say(text.get_text()))


@dataclass(frozen=True)
class Translation:
    """Words and sentences of one study in another language.

    Parameters
    ----------
    terms
        Whole texts by what they are in English.
    kept
        What is the same in every language, such as names of coders and kinds of sites as the study writes them.
    """

    terms: Mapping[str, str]
    kept: frozenset[str]
    _known: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, study: Study | None, language: str) -> Translation:
        """The words of the library, and the labels of a study where there is one."""
        terms = dict(_book()[0])
        if study is None:
            return cls(terms, frozenset({SYNTHETIC["zh"]}))
        for id, label in _labels(study):
            text = label.text(language)
            for known in (id, id.replace("_", " "), *(t for _, t in label.texts)):
                if known:
                    terms[known] = text
        for group in study.groups:
            for round in study.rounds:
                terms[f"{group.id.replace('_', ' ')} {round.id}"] = f"{group.label.text(language)} {round.id}"
        book = study.codebook
        for known, text in _codebook_words(book, language):
            if known and text:
                terms.setdefault(known, text)
        kinds = {text for site in study.sites for pair in site.attributes for text in pair}
        kept = {SYNTHETIC["zh"], *study.codings.coders, study.id, book.id, f"{book.id} {book.version}", *kinds} - {
            "",
            *terms,
        }
        return cls(terms, frozenset(kept))

    def __call__(self, text: str) -> str:
        """The text in the other language, or as it is if it holds a word that is not known."""
        if text.startswith("(") and text.endswith(")") and ", " in text:
            first, *rest = text[1:-1].split(", ")
            if first in self.terms:
                return f"（{'，'.join(map(self, (first, *rest)))}）"
        if "\n" in text:
            lines = text.split("\n")
            done = has_han(text) and all(map(self._is_neutral, lines))  # such as a round's id above its label
            return text if done else "\n".join(map(self, lines))
        return self._found(text) or self._all_sentences(text) or text

    def _all_sentences(self, text: str) -> str:
        found = [self._found(part) for part in _sentences(text)]
        return "".join(f"{zh}。" for zh in found) if all(found) else ""

    def title(self, text: str) -> str:
        """As a text, with the number of a table or figure before it."""
        number, rest = m.groups() if (m := _TITLE.fullmatch(text)) else ("", text)
        return number + self(rest)

    def sentences(self, text: str) -> str:
        """Sentence by sentence; one that is not known stays in English, and so does a source."""
        if text.startswith("Source: "):
            return f"来源：{text.removeprefix('Source: ')}"
        whole = self._found(text)
        if whole:
            return whole
        parts = _sentences(text)
        found = [self._found(part) for part in parts]
        if not any(found):
            return text
        return "".join(f"{zh}。" if zh else f"{part}. " for zh, part in zip(found, parts, strict=True)).strip()

    def _found(self, text: str) -> str:
        """The text in the other language; empty if it is not known. Parts come again and again: each is tried once."""
        if text not in self._known:
            self._known[text] = ""
            if self._words.issuperset(_LETTERS.findall(text)):
                self._known[text] = self._sought(text)
        return self._known[text]

    def _sought(self, text: str) -> str:
        bare = text.strip()
        if bare in self.terms:
            return text.replace(bare, self.terms[bare]) if bare else text
        if self._is_neutral(bare):
            return text
        if bare.startswith(("~", "not ")) and (inner := self._found(bare.removeprefix("~").removeprefix("not "))):
            return f"非{inner}"
        if bare.endswith(".") and (inner := self._found(bare[:-1])):
            return f"{inner}。"
        if bare.endswith(")") and " (" in bare:
            before, inside = bare[:-1].split(" (", 1)
            if (a := self._found(before)) and (b := self._found(inside)):
                return f"{a}（{b}）"
        if (counted := _COUNTED.fullmatch(bare)) and (inner := self._found(counted[1])):
            return f"{inner} {counted[2]}"
        if len(bare) > _LONG:
            return self._list(bare) or self._phrase(bare, fixed=_FIXED)
        return self._phrase(bare) or self._list(bare)

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word that can be told; a text with another, as people's words have, is not looked at any further."""
        known = " ".join((*self.terms, *self.kept, *(en for _, _, en in _book()[1])))
        return frozenset(_LETTERS.findall(known))

    def _is_neutral(self, text: str) -> bool:
        """Whether there is nothing to translate: numbers, signs, ids, names that are kept, another script."""
        return text in self.kept or not _WORD.search(_ID.sub("", text))

    def _phrase(self, text: str, *, fixed: int = 0) -> str:
        """By the first phrase that fits and all of whose parts are known; it fixes at least so many characters."""
        for pattern, target, en in _book()[1]:
            if len(en) - 2 * en.count("{}") < fixed:
                return ""
            if (found := pattern.fullmatch(text)) and all(parts := [self._found(part) for part in found.groups()]):
                return target.format(*parts)
        return ""

    def _list(self, text: str) -> str:
        for mark, other in _LISTS:
            if mark in text:
                parts = [self._found(part) for part in text.split(mark)]
                if all(parts):
                    return other.join(parts)
        return ""


def _sentences(text: str) -> list[str]:
    """Parts that end in a full stop, without it; the point of a number ends nothing."""
    return _END.split(text.rstrip("."))


def _labels(study: Study) -> Iterator[tuple[str, Label]]:
    """Ids with labels: codes, themes, groups, rounds, conditions; claims of the theory of change are without an id."""
    constructs = constructs_of(study.surveys)
    named: Iterable[Iterable[object]] = (
        constructs, study.codebook, study.codebook.themes, study.groups, study.rounds,
    )  # fmt: skip
    for one in (one for many in named for one in many):
        yield one.id, one.label  # type: ignore[attr-defined]
    if study.necessity is not None:
        for measure in study.necessity.measures:
            if measure.label.texts:
                yield measure.id, measure.label
    if study.theory is not None:
        for link in study.theory.links:
            yield "", link.claim


def _codebook_words(book: Codebook, language: str) -> Iterator[tuple[str, str]]:
    """What the codebook says to coders, with what it says in the other language."""
    for code in book:
        other = dict(code.translations).get(language)
        if other is not None:
            yield from ((getattr(code, name), getattr(other, name)) for name in ("definition", "present", "absent"))
            yield from zip(code.include, other.include, strict=True)
            yield from zip((e.rule for e in code.exclude), other.exclude, strict=True)


@functools.cache
def _book() -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str, str], ...]]:
    """Terms and phrases of ``chinese.yaml``; phrases that fix most come first."""
    import yaml

    book = yaml.safe_load(resources.files("bwa_study.present").joinpath("chinese.yaml").read_text(encoding="utf-8"))
    phrases = sorted(book["phrases"], key=lambda one: -len(one[0].replace("{}", "")))
    compiled = tuple((re.compile("(.+?)".join(map(re.escape, en.split("{}")))), zh, en) for en, zh in phrases)
    return book["terms"], compiled
