"""One coder's desk: the transcripts she is to code, her own codings, and the check of every change she makes.

The server and the notebook both speak to a desk. It is made for one coder and has no way to name another, so that blind
coding does not hang on what a page leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bwa_study.coding.recode.forms import ChangeForm, CodingForm, read_change
from bwa_study.coding.recode.keeping import Held, Keeping, Kept, RefusedChange, StaleChange
from bwa_study.coding.recode.wire import codebook_values, study_values, transcript_label, transcript_values
from bwa_study.model.codings import Codings
from bwa_study.model.errors import shown
from bwa_study.model.spans import Span
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Role, Transcript


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: a status as in HTTP and plain values."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What one coder may see and do.

    Parameters
    ----------
    study
        Its transcripts, codebook and sites; its codings are not looked at.
    keeping
        Where changes are kept.
    coder
        Her name.
    transcripts
        Ids of the transcripts she is to code, in her order.
    proposals
        Codings of the indicator coder to show her, where the assignment allows it.
    shows_proposals
        Ids of the transcripts whose proposals she may see.
    """

    study: Study
    keeping: Keeping
    coder: str
    transcripts: tuple[str, ...]
    proposals: Codings | None = None
    shows_proposals: frozenset[str] = frozenset()

    def work(self) -> Answer:
        """Her transcripts and how far each is."""
        rows, held = [], self.keeping.all_held(self.coder)
        for id in self.transcripts:
            transcript = self.study.corpus[id]
            state = self.state(transcript, held.get(id, Held()))
            rows.append({"id": id, "label": transcript_label(self.study, transcript), "state": state})
        return Answer(200, {"study": study_values(self.study), "coder": self.coder, "work": rows})

    def state(self, transcript: Transcript, held: Held) -> str:
        """``done`` when every answer is coded or examined, ``begun`` when some are, else ``open``."""
        answers = transcript.respondent_turns
        spans = [(kept.coding.start, kept.coding.end) for kept in held.codings.values()]
        seen = [
            held.examined is None
            or turn.number in held.examined
            or any(start < turn.span.end and turn.span.start < end for start, end in spans)
            for turn in answers
        ]
        return "done" if all(seen) else "begun" if any(seen) else "open"

    def page(self, transcript: str) -> Answer:
        """All that the page of a transcript needs; 404 for one that is not hers."""
        if transcript not in self.transcripts:
            return Answer(404, {"what": f"transcript '{shown(transcript)}' is not one of yours"})
        held = self.keeping.held(self.coder, transcript)
        text = self.study.corpus[transcript]
        return Answer(
            200,
            {
                "study": study_values(self.study),
                "coder": self.coder,
                "transcript": transcript_values(self.study, text),
                "codebook": codebook_values(self.study.codebook),
                "sites": [site.id for site in self.study.sites],
                "codings": [coding_values(kept) for kept in held.codings.values()],
                "proposals": self.proposed(transcript),
                "examined": None if held.examined is None else sorted(held.examined),
                "work": self.work().body["work"],
            },
        )

    def proposed(self, transcript: str) -> list[dict[str, Any]]:
        """The indicators' proposals for a transcript, or none where she may not see them."""
        if self.proposals is None or transcript not in self.shows_proposals:
            return []
        table = self.proposals.table
        here = table[table["transcript"] == transcript]
        return [
            {"id": p.id, "start": p.start, "end": p.end, "quote": p.quote, "code": p.code, "polarity": p.polarity}
            for p in here[["id", "start", "end", "quote", "code", "polarity"]].astype(object).itertuples(index=False)
        ]

    def record(self, body: Any) -> Answer:
        """Keep a change, or say why not: 400 malformed, 404 not hers, 409 not as it stands, 422 no such thing."""
        change, wrong = read_change(body)
        if change is None:
            return Answer(400, {"what": wrong, "kind": "form"})
        refusal = self.fault(change)
        if refusal is not None:
            return refusal
        try:
            number = self.keeping.keep(self.coder, change)
        except StaleChange as fault:
            stored = coding_values(fault.stored) if fault.stored else None
            yours = change.coding.model_dump() if change.coding and change.operation != "remove" else None
            what = "this coding was changed in the meantime" if stored else "this coding was removed in the meantime"
            return Answer(409, {"what": what, "kind": "stale", "yours": yours, "stored": stored})
        except RefusedChange as fault:
            return _none_such(str(fault))
        return Answer(200, {"id": change.id, "version": number})

    def fault(self, change: ChangeForm) -> Answer | None:
        """What does not fit between a change and the study, or None."""
        if change.transcript not in self.transcripts:
            return Answer(404, {"what": f"transcript '{shown(change.transcript)}' is not one of yours"})
        transcript = self.study.corpus[change.transcript]
        if change.digest != transcript.digest:
            what = "the transcript's text is not the one this page shows — load the page again"
            return Answer(409, {"what": what, "kind": "text", "yours": change.digest, "stored": transcript.digest})
        if change.turns is not None:
            unknown = sorted(set(change.turns) - {turn.number for turn in transcript.turns})
            return _none_such(f"there is no turn {unknown[0]}") if unknown else None
        assert change.coding is not None
        return None if change.operation == "remove" else self.coding_fault(change.coding, change, transcript)

    def coding_fault(self, coding: CodingForm, change: ChangeForm, transcript: Transcript) -> Answer | None:
        """What does not fit between a coding and the study, or None."""
        codebook = self.study.codebook
        if change.codebook != codebook.version:
            what = f"the codebook is version {codebook.version} now — load the page again"
            return Answer(409, {"what": what, "kind": "codebook", "yours": change.codebook, "stored": codebook.version})
        stands = transcript.text[coding.start : coding.end]
        if stands != coding.quote:
            what = f"at {coding.start}–{coding.end} the text reads '{shown(stands)}', not '{shown(coding.quote)}'"
            return Answer(409, {"what": what, "kind": "quote", "yours": coding.quote, "text": stands})
        if coding.other_quote not in transcript.other_words(Span(coding.start, coding.end)):
            what = f"the other language of these turns does not say '{shown(coding.other_quote)}' — load the page again"
            return Answer(409, {"what": what, "kind": "quote", "yours": coding.other_quote, "text": stands})
        if coding.code not in codebook:
            return _none_such(f"the codebook has no code '{shown(coding.code)}'")
        sites = [site.id for site in self.study.sites]
        if coding.about and coding.about not in sites:
            return _none_such(f"'{shown(coding.about)}' is no site of the study")
        spoken = [t for t in transcript.turns if t.span.start < coding.end and coding.start < t.span.end]
        if not any(turn.role is Role.RESPONDENT for turn in spoken):
            return _none_such("only answers are coded, and these are not a respondent's words")
        return None


def coding_values(kept: Kept) -> dict[str, Any]:
    """A coding as the page reads it."""
    return {**kept.coding.model_dump(), "version": kept.version}


def _none_such(what: str) -> Answer:
    return Answer(422, {"what": what, "kind": "unknown"})


def desk_order(study: Study, transcripts: Sequence[str] | None = None) -> tuple[str, ...]:
    """Transcripts in a coder's order: those named, or all of the study's.

    Raises
    ------
    UnknownName
        If the study has no such transcript.
    """
    if transcripts is None:
        return tuple(t.id for t in study.corpus)
    return tuple(study.corpus[id].id for id in transcripts)
