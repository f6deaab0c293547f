"""Transcripts of every known kind of file as text, each kind by its reader."""

from __future__ import annotations

from collections.abc import Callable

from bwa_study.load.akoma_ntoso import read_akoma_ntoso
from bwa_study.load.caption_files import CAPTION_KINDS, read_captions, read_recognition
from bwa_study.load.confined import confined
from bwa_study.load.docx_text import read_docx
from bwa_study.load.gate import Rejected, Source, decode, refuse_kind
from bwa_study.load.odt_text import read_odt
from bwa_study.load.pdf_text import read_pdf
from bwa_study.load.plain_text import PlainText
from bwa_study.load.rtf_text import read_rtf
from bwa_study.load.turn_tables import read_turn_table
from bwa_study.model.errors import Problem, shown

SPEECH_TABLES = (".csv", ".tsv", ".xlsx", ".ods")
_CONFINED: dict[str, Callable[[Source], PlainText]] = {
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".pdf": read_pdf,
    ".xml": read_akoma_ntoso,
}
KINDS = (".txt", ".md", *_CONFINED, *CAPTION_KINDS, ".json", *SPEECH_TABLES)
"""Endings of the files that can be transcripts."""


def kind_of(name: str) -> str:
    """The ending of a file's name, in lower case, with its dot.

    Examples
    --------
    >>> kind_of("raw/R1.w1.DOCX")
    '.docx'
    """
    return "." + name.rsplit(".", 1)[-1].lower()


def split_part(name: str) -> tuple[str, str]:
    """The file and the interview's id in it, of a name such as ``raw/talks.csv#w-17``; no id where it names none.

    Examples
    --------
    >>> split_part("talks.csv#w-17"), split_part("interview #3.docx")
    (('talks.csv', 'w-17'), ('interview #3.docx', ''))
    """
    file, _, part = name.rpartition("#")
    return (file, part.strip()) if file and kind_of(file) in SPEECH_TABLES else (name, "")


def read_document(source: Source, *, part: str = "", labels: tuple[str, ...] = ()) -> PlainText:
    """The text of a transcript file, with what the file says of speakers and times.

    Parameters
    ----------
    source
        The bytes, with the encoding settled where it is text; its kind is told by the ending of its name.
    part
        In a table of many interviews, the id of the one to read.
    labels
        Speaker labels stated in the study file, for captions.

    Raises
    ------
    Rejected
        If the kind of file is not read, the file is damaged, or it holds no text.
    """
    ending = kind_of(source.name)
    instead = f"save the transcript as {', '.join(KINDS)}"
    refuse_kind(source.name, instead=instead)
    if ending not in KINDS:
        raise Rejected(Problem(source.name, 0, 0, f"'{shown(ending)}' files are not read", instead))
    if ending in SPEECH_TABLES:
        found = read_turn_table(source, part=part)
    elif ending in CAPTION_KINDS:
        found = confined(read_captions, source, labels=labels)
    elif ending in _CONFINED:
        found = confined(_CONFINED[ending], source)
    else:
        found = read_recognition(source) if ending == ".json" else PlainText(decode(source))
    if not found.text.strip():
        raise Rejected(Problem(source.name, 0, 0, "no text", "put the transcript into the file"))
    return found
