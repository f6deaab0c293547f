"""Speaker labels: which words at the head of a line name a speaker, and who is the interviewer."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bwa_study.model.errors import shown
from bwa_study.model.transcripts import Role

INTERVIEWER_LABELS = frozenset(
    [
        "i",
        "int",
        "interviewer",
        "q",
        "question",
        "moderator",
        "mod",
        "facilitator",
        "researcher",
        "iv",
        "问",
        "访谈员",
        "访谈者",
        "采访者",
        "采访人",
        "访员",
        "主持人",
        "研究员",
        "提问",
        "問",
        "訪談員",
        "訪談者",
        "採訪者",
        "採訪人",
        "訪員",
        "訪問員",
        "主持",
        "研究員",
        "提問",
    ]
)
RESPONDENT_LABELS = frozenset(
    [
        "r",
        "resp",
        "respondent",
        "a",
        "answer",
        "p",
        "participant",
        "interviewee",
        "manager",
        "worker",
        "supervisor",
        "operator",
        "representative",
        "owner",
        "答",
        "受访者",
        "受访人",
        "被访者",
        "被访人",
        "回答",
        "经理",
        "厂长",
        "主管",
        "工人",
        "员工",
        "代表",
        "受訪者",
        "受訪人",
        "被訪者",
        "被訪人",
        "經理",
        "廠長",
        "員工",
    ]
)
_NUMBERED = re.compile(r"^(.*?)(?:(?<!\d)[\s\-_.#]+|(?<!\d))0*(\d{1,4})$")
_TOLD_APART = re.compile(r"(?:\d+|[甲乙丙丁戊己庚辛]|(?<=[\u4e00-\u9fff])[a-z]|(?<=[a-z]{2}) [a-z])$")
"""What tells people of one label apart: ``Worker 2``, ``Worker B``, 工人甲, 受访者A."""
_QUALIFIED = re.compile(r"\s*[(（][^()（）]*[)）]\s*\Z")
_GENERIC = re.compile(r"^(?:speaker|spk|说话人|发言人|讲话人|說話人|發言人|講話人) ?\d{1,4}$")
_LETTERS = frozenset("abcdef")
CODE_LIKE = re.compile(r"^[a-z]{1,3}\d{1,4}$")


@lru_cache(maxsize=1 << 12)
def folded_label(label: str) -> str:
    """A label without the differences that make no other person: case, width, spaces, zeros, invisible characters.

    Examples
    --------
    >>> folded_label("ＷＫ０１"), folded_label("wk 1"), folded_label("Worker")
    ('wk1', 'wk1', 'worker')
    """
    visible = "".join(c for c in unicodedata.normalize("NFKC", label) if unicodedata.category(c) != "Cf")
    flat = " ".join(visible.casefold().split()).strip(" *_.-–—")
    numbered = _NUMBERED.match(flat)
    return f"{numbered.group(1)}{numbered.group(2)}" if numbered else flat


def _plain_and_unnumbered(folded: str) -> set[str]:
    return {folded, _TOLD_APART.sub("", folded).strip()}


def _pattern_inside() -> re.Pattern[str]:
    """A short label behind the end of a sentence, or a long one anywhere behind another word; both begin large."""
    usual = sorted(INTERVIEWER_LABELS | RESPONDENT_LABELS, key=len, reverse=True)
    latin = [one.capitalize() for one in usual if one.isascii()]
    long = "|".join(map(re.escape, [one for one in latin if len(one) > 4]))
    short = "|".join(map(re.escape, latin))
    han = "|".join(map(re.escape, [one for one in usual if not one.isascii() and len(one) > 1]))
    return re.compile(
        rf"(?:(?<=[.?!] )|(?<=[.?!]  ))((?:{short}) ?\d{{0,3}}):(?=\s)|(?<=\S )((?:{long}) ?\d{{0,3}}):(?=\s)"
        rf"|(?<=[^\s\[\]】])((?:{han})\d{{0,3}})[:：]"
    )


_INSIDE = _pattern_inside()


@dataclass(frozen=True, slots=True)
class SpeakerRules:
    """Labels stated in the study file (a number may follow them). They come before the usual ones.

    Where some are stated, a label that is neither stated nor usual is text, and is reported if it comes often.
    """

    interviewer: tuple[str, ...] = ()
    respondent: tuple[str, ...] = ()

    @property
    def stated(self) -> bool:
        """Whether the study file names any label."""
        return bool(self.interviewer or self.respondent)

    def role(self, label: str) -> Role | None:
        """The role of a label, or None if it is not known."""
        names = _plain_and_unnumbered(folded_label(label)) if self.stated else set()
        if names & {folded_label(one) for one in self.interviewer}:
            return Role.INTERVIEWER
        if names & {folded_label(one) for one in self.respondent}:
            return Role.RESPONDENT
        return _usual_role(label)


@lru_cache(maxsize=1 << 12)
def _usual_role(label: str) -> Role | None:
    names = _plain_and_unnumbered(folded_label(label))
    names |= _plain_and_unnumbered(folded_label(_QUALIFIED.sub("", label)))
    if names & INTERVIEWER_LABELS:
        return Role.INTERVIEWER
    return Role.RESPONDENT if names & RESPONDENT_LABELS else None


@dataclass(frozen=True, slots=True)
class Speakers:
    """The labels of one transcript: by folded form, the name to show and the role; and what to report."""

    names: dict[str, str]
    roles: dict[str, Role]
    warnings: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def settle_speakers(
    candidates: Iterable[tuple[str, bool]], rules: SpeakerRules, *, declared: frozenset[str] = frozenset()
) -> Speakers:
    """Decide which candidate labels are speakers.

    Parameters
    ----------
    candidates
        Labels found at the head of lines, in order, each with whether it stands out by itself (bold, or with a time and
        a colon).
    rules
        Labels the study file states.
    declared
        Folded labels that the file itself declares as speakers.

    Notes
    -----
    A stated label, a usual one (``I``, ``R1``, ``Manager``, ``访谈员`` …) or one like ``WK01`` is a speaker; so are
    those that programs give (``Speaker 2``, ``说话人1``), one that stands out, and one that comes at least twice. Any
    other is text that happens to have a colon. A number alone is a speaker only if it is stated. Where an unusual label
    stands beside other respondents, it is reported.
    """
    forms: dict[str, Counter[str]] = {}
    marked: Counter[str] = Counter()
    for label, stands_out in candidates:
        forms.setdefault(folded_label(label), Counter())[" ".join(label.split()).rstrip("-–— ")] += 1
        marked[folded_label(label)] += stands_out
    names, roles, warnings, unknown = {}, {}, [], []
    lettered = "b" in forms and forms.keys() <= _LETTERS and not rules.stated  # A and B speak: A is no "answer"
    for folded, variants in forms.items():
        role = None if lettered else rules.role(folded)
        usual = role is not None or (not rules.stated and bool(CODE_LIKE.match(folded)))
        often = not rules.stated and (variants.total() >= 2 or marked[folded] > 0) and not folded.isdecimal()
        if not (usual or often or folded in declared or _GENERIC.match(folded)):
            if len(folded) <= 20 and (not rules.stated or variants.total() >= 3):
                seen = "once" if variants.total() == 1 else f"{variants.total()} times"
                label = shown(next(iter(variants)))
                warnings.append(f"'{label}' stands {seen} like a label at the head of a line and is taken as text")
            continue
        names[folded] = variants.most_common(1)[0][0]
        roles[folded] = role or Role.RESPONDENT
        if not usual:
            unknown.append(names[folded])
        if len(variants) > 1:
            listed = ", ".join(f"'{shown(v)}'" for v in variants)
            warnings.append(
                f"the labels {listed} differ only by case, width, space or zeros and are taken as one speaker"
            )
    if unknown and len(names) > len(unknown) and sum(r is Role.RESPONDENT for r in roles.values()) > 1:
        listed = ", ".join(f"'{shown(one)}'" for one in unknown)
        warnings.append(f"{listed}: not a usual label, taken as a respondent who speaks")
    return Speakers(names, roles, tuple(warnings), tuple(unknown))


def is_program_label(label: str) -> bool:
    """Whether a label is a usual one with a number, or one that programs give.

    Examples
    --------
    >>> is_program_label("Speaker 2"), is_program_label("受访者1"), is_program_label("It is 10")
    (True, True, False)
    """
    return bool(_GENERIC.match(folded_label(label))) or SpeakerRules().role(label) is not None


def labels_inside(text: str, heads: Mapping[int, int]) -> list[str]:
    """Usual labels with a colon that stand inside of lines, where no turn begins, in their order.

    Parameters
    ----------
    text
        The whole transcript.
    heads
        By start of a line that begins with a label, where its words begin; what stands before these is not meant.

    Examples
    --------
    >>> labels_inside("I: How? R1: Fine. I: Why? R1: So.", {0: 3})
    ['R1', 'I', 'R1']
    >>> labels_inside("I: I told the manager: no. She said: yes.", {0: 3})
    []
    """
    out = []
    for found in _INSIDE.finditer(text):
        line = max(text.rfind("\n", 0, found.start()), text.rfind("\r", 0, found.start())) + 1
        if found.start() >= heads.get(line, 0):
            out.append(found[1] or found[2] or found[3])
    return out
