from __future__ import annotations

from bwa_study.load.gate import TEXT_KINDS, Source, settle_encoding
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.transcript_files import InterviewFields, ReadTranscript, read_transcript


def read(
    data: bytes | str,
    name: str,
    *,
    language: str = "en",
    part: str = "",
    interviewer: tuple[str, ...] = (),
    respondent: tuple[str, ...] = (),
) -> ReadTranscript:
    """The transcript in a file of that name."""
    source = Source(name, data.encode() if isinstance(data, str) else data, "")
    if name.endswith(TEXT_KINDS):
        source, _ = settle_encoding(source)
    fields = InterviewFields("i1", "P-1", "worker", "R1", (), language, part=part)
    return read_transcript(source, fields, SpeakerRules(interviewer, respondent), ())


def said(found: ReadTranscript) -> list[tuple[float | None, str, str, str]]:
    """Time, speaker, first letter of the role, and words of every turn."""
    assert found.transcript is not None, [str(p) for p in found.problems]
    one = found.transcript
    return [(t.time, t.speaker, t.role.value[0], one.quote(t.span)) for t in one.turns]


def messages(found: ReadTranscript) -> list[str]:
    return [str(p) for p in found.problems]
