"""Records of speech in Akoma Ntoso (.xml): debates, meetings and interviews as archives publish them."""

from __future__ import annotations

from typing import Any

from bwa_study.load.gate import Rejected, Source
from bwa_study.load.plain_text import Line, PlainText, joined, merged
from bwa_study.model.errors import Problem, shown

_SPEECH = frozenset({"speech", "question", "answer"})


def read_akoma_ntoso(source: Source) -> PlainText:
    """The speeches of an Akoma Ntoso record with their speakers; call it with `confined`.

    Raises
    ------
    Rejected
        If it is not XML, declares a DTD, or has no speech.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(source.data, forbid_dtd=True)
    except DefusedXmlException:
        raise Rejected(Problem(source.name, 0, 0, "it declares a DTD", "export it without one")) from None
    except (ParseError, ValueError, LookupError) as fault:
        raise Rejected(Problem(source.name, 0, 0, f"not XML ({shown(fault)})", "export it again")) from None
    if _tag(root) != "akomaNtoso":
        what = f"XML of another kind ('{shown(_tag(root))}')"
        mend = "records in Akoma Ntoso are read; save others as text or Word"
        raise Rejected(Problem(source.name, 0, 0, what, mend))
    names = {one.get("id", ""): one.get("showAs", "") for one in root.iter() if _tag(one) == "TLCPerson"}
    lines, remarks = [], 0
    for speech in root.iter():
        if _tag(speech) in _SPEECH:
            by = speech.get("by", "").removeprefix("#")
            said = [_words(one) for one in speech.iter() if _tag(one) == "p"]
            lines.append(Line("\n".join(filter(None, said)), names.get(by) or by or "?"))
        elif _tag(speech) in ("narrative", "scene", "summary"):
            remarks += 1
    spoken = merged(lines)
    if not spoken:
        what = "no speech in it"
        raise Rejected(Problem(source.name, 0, 0, what, "give a record with <speech> elements"))
    return joined(spoken, left_out=(f"remarks on the scene left out ({remarks})",) if remarks else (), settled=True)


def _tag(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
