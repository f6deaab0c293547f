"""The re-coding page in a notebook, from the same module that the browser loads."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import anywidget
import pandas as pd
import traitlets

from bwa_study.coding.log.log import CodingLog
from bwa_study.coding.recode.desk import Desk
from bwa_study.coding.recode.keeping import Held, MemoryKeeping
from bwa_study.coding.recode.log_keeping import LogKeeping
from bwa_study.model.codings import CODINGS, Codings
from bwa_study.model.errors import WrongCall
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript

_STATIC = files("bwa_study.coding.recode") / "static"


def recode(study: Study, transcript: str, *, coder: str, turn: int = 0, log: CodingLog | None = None) -> Recoding:
    """Code a transcript by keyboard in a notebook.

    Parameters
    ----------
    study
        The study; its own codings are not shown, so the coder is blind to them.
    transcript
        Id of the transcript.
    coder
        Who codes.
    turn
        Number of the turn to start at; 0 for the first that is not coded.
    log
        An open log (``bwa.open_log("data")``) that keeps every coding when it is made. Without one they are in the
        widget only, until the kernel ends; take them with ``.codings``.

    Returns
    -------
    Recoding
        Show it as the last line of a cell. ``.codings`` is what has been coded so far, as a DataFrame.

    Raises
    ------
    UnknownName
        If the study has no such transcript.
    WrongCall
        If `coder` is empty.

    Examples
    --------
    >>> import bwa_study as bwa
    >>> study = bwa.demo_study(seed=1, size="lite")
    >>> page = bwa.recode(study, "R1-F01-W-01", coder="c1")
    >>> len(page.codings)
    0
    """
    if not coder.strip():
        raise WrongCall("recode needs the name of who codes — coder='c1', say")
    text = study.corpus[transcript]
    keeping = MemoryKeeping() if log is None else LogKeeping(log, study.codebook.digest)
    desk = Desk(study, keeping, coder.strip(), (text.id,))
    return Recoding(desk, text, turn)


class Recoding(anywidget.AnyWidget):
    """The page of one transcript as a Jupyter widget; made by `recode`."""

    _esm = (_STATIC / "recode.js").read_text(encoding="utf-8")
    _css = (_STATIC / "recode.css").read_text(encoding="utf-8")
    page = traitlets.Dict().tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)

    def __init__(self, desk: Desk, transcript: Transcript, turn: int = 0) -> None:
        super().__init__(page=dict(desk.page(transcript.id).body), turn=turn)
        self.desk, self.transcript = desk, transcript
        self.on_msg(self._answer)

    def _answer(self, _: Any, content: Any, buffers: Any) -> None:
        event = content.get("event") if isinstance(content, dict) else None
        answer = self.desk.record(event)
        if answer.status == 200:
            self.page = dict(self.desk.page(self.transcript.id).body)  # a cell shown again starts from what stands
        id = event.get("id") if isinstance(event, dict) else None
        self.send({"id": id, "status": answer.status, "body": dict(answer.body)})

    @property
    def codings(self) -> pd.DataFrame:
        """The codings so far, in the order of the text; columns as in `CODINGS`."""
        held = self.desk.keeping.held(self.desk.coder, self.transcript.id)
        return held_codings(held, self.desk, self.transcript).frame

    @property
    def examined(self) -> tuple[int, ...]:
        """Numbers of the turns that are coded or were marked as read, in order."""
        held = self.desk.keeping.held(self.desk.coder, self.transcript.id)
        turns = self.transcript.respondent_turns
        spans = [(k.coding.start, k.coding.end) for k in held.codings.values()]
        return tuple(
            t.number
            for t in turns
            if held.examined is None
            or t.number in held.examined
            or any(start < t.span.end and t.span.start < end for start, end in spans)
        )


def held_codings(held: Held, desk: Desk, transcript: Transcript) -> Codings:
    """What is held of one transcript, as a table of codings."""
    rows = [
        {
            **kept.coding.model_dump(),
            "transcript": transcript.id,
            "coder": desk.coder,
            "coder_kind": "human",
            "status": "accepted",
            "codebook_version": desk.study.codebook.version,
            "text_digest": transcript.digest,
        }
        for kept in sorted(held.codings.values(), key=lambda k: (k.coding.start, k.coding.end))
    ]
    return Codings(pd.DataFrame(rows, columns=[c.name for c in CODINGS.columns])) if rows else Codings.empty()
