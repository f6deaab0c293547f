"""The block ``contribution`` of `study.yaml`: the links of a theory of change and what they are tested by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from bwa_study.load.forms import Form, LabelForm, as_label, id_fault
from bwa_study.model.codebook import Codebook
from bwa_study.model.errors import Problem, did_you_mean, shown
from bwa_study.model.labels import Label
from bwa_study.model.theory import TEST_KINDS, Link, LinkTest, Rivals, TheoryOfChange

if TYPE_CHECKING:
    from bwa_study.load.study_file import StudyFile

Add = Callable[[tuple[str | int, ...], str, str], None]


class LinkTestForm(Form):
    kind: str
    codes: dict[str, float]
    informants: list[str]
    rounds: list[str]
    fewest: int = 3


class LinkForm(Form):
    id: str
    claim: LabelForm = {}
    tests: list[LinkTestForm]


class RivalsForm(Form):
    codes: list[str] = []
    rounds: list[str] = []
    share: float = 0.5
    interviews: int = 3


class ContributionForm(Form):
    links: list[LinkForm]
    rivals: RivalsForm = Field(RivalsForm(), description="context codes that could explain the change, too")


def theory_of_change(form: ContributionForm) -> TheoryOfChange:
    """The links of a block that has no fault."""
    return TheoryOfChange(
        tuple(
            Link(
                link.id,
                as_label(link.claim) if link.claim else Label((("en", link.id),)),
                tuple(
                    LinkTest(
                        next(kind for kind in TEST_KINDS if kind == t.kind),
                        tuple(t.codes.items()), tuple(t.informants), tuple(t.rounds), t.fewest,
                    )
                    for t in link.tests
                ),
            )
            for link in form.links
        ),
        Rivals(tuple(form.rivals.codes), tuple(form.rivals.rounds), form.rivals.share, form.rivals.interviews),
    )  # fmt: skip


def theory_faults(form: ContributionForm, groups: list[str], rounds: list[str], add: Add) -> None:
    """Report every fault of the block that the form itself does not see."""
    ids = [link.id for link in form.links]
    for n, link in enumerate(form.links):
        if fault := id_fault(link.id):
            add(("links", n, "id"), f"id {fault}", "use ASCII letters, digits, '_', '-' and '.' only")
        elif link.id in ids[:n]:
            add(("links", n, "id"), f"link '{shown(link.id)}' is given twice", "give each its own id")
        if not link.tests:
            add(("links", n, "tests"), f"link '{shown(link.id)}' has no test", "say what evidence it is put to")
        for k, test in enumerate(link.tests):
            at = ("links", n, "tests", k)
            if test.kind not in TEST_KINDS:
                what = f"unknown test '{shown(test.kind)}'{did_you_mean(test.kind, TEST_KINDS)}"
                add((*at, "kind"), what, f"use {', '.join(TEST_KINDS)}")
            if not test.codes or not all(test.codes.values()):
                add(
                    (*at, "codes"),
                    "a test needs codes with a weight other than 0",
                    "write them, such as {follow_up: 1}",
                )
            _known(test.informants, groups, "informant", (*at, "informants"), add)
            _known(test.rounds, rounds, "round", (*at, "rounds"), add)
            if test.fewest < 1:
                add((*at, "fewest"), f"fewest interviews are {test.fewest}", "write 1 or more")
    _known(form.rivals.rounds, rounds, "round", ("rivals", "rounds"), add, may_be_empty=not form.rivals.codes)
    if not 0 < form.rivals.share <= 1:
        add(("rivals", "share"), f"a share of {form.rivals.share:g} is none", "write a number above 0 and at most 1")


def theory_name_faults(file: StudyFile, codebook: Codebook) -> list[Problem]:
    """Codes that the block names and the codebook does not have."""
    form, out = file.form.contribution, []
    named: list[tuple[tuple[str | int, ...], str]] = []
    for n, link in enumerate(form.links if form else []):
        for k, test in enumerate(link.tests):
            named += [(("links", n, "tests", k, "codes", code), code) for code in test.codes]
    named += [(("rivals", "codes", n), code) for n, code in enumerate(form.rivals.codes if form else [])]
    for path, code in named:
        if code not in codebook:
            line, column = file.document.place(("contribution", *path))
            what = f"unknown code '{shown(code)}'{did_you_mean(code, codebook.ids)}"
            out.append(Problem(file.source.name, line, column, what, "use a code of the codebook"))
    return out


def _known(
    names: Sequence[str], known: Sequence[str], kind: str, at: tuple[str | int, ...], add: Add, *,
    may_be_empty: bool = False,
) -> None:  # fmt: skip
    if not names and not may_be_empty:
        add(at, f"no {kind} is named", f"write some of {', '.join(known)}")
    for n, name in enumerate(names):
        if name not in known:
            what = f"unknown {kind} '{shown(name)}'{did_you_mean(name, known)}"
            add((*at, n), what, f"use {', '.join(known)}")
