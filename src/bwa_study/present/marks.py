"""The mark beside a code in a figure that may be reported in words only, going by how far its coders agree."""

from __future__ import annotations

from collections.abc import Iterable

from bwa_study.analysis.gate import reliability_gate
from bwa_study.model.study import Study

MARK = "†"
_MARKED = ("qualitative", "cannot say")
_MEANING = {
    "en": f"{MARK} report in words, not in numbers: coders agree too little on it, or too little is coded twice.",
    "zh": f"{MARK} 只宜用文字报告，不宜报告数字：编码员间一致性不足，或双重编码的材料太少。",
}


def marked_label(study: Study, code: str, language: str) -> str:
    """The label of a code, with a dagger where its status is ``qualitative`` or ``cannot say``.

    Where nothing was coded twice there are no marks: then nothing is known of any code.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> [marked_label(study, code, "en") for code in ("commercial_incentive", "management_receptiveness")]
    ['Commercial incentive †', 'Management receptiveness']
    """
    label = study.label("code", code, language)
    return f"{label} {MARK}" if reliability_gate(study).status(code) in _MARKED else label


def mark_lines(study: Study, codes: Iterable[str], language: str) -> list[str]:
    """What the dagger means, for the small print; nothing where no code has one."""
    gate = reliability_gate(study)
    found = any(gate.status(code) in _MARKED for code in codes)
    return [_MEANING.get(language, _MEANING["en"])] if found else []
