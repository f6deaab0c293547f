"""A study as a project of other programs (REFI-QDA, .qdpx), or its codebook alone (.qdc)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd

from bwa_study.coding.log.exchange import coding_uuid
from bwa_study.coding.log.projects import Names
from bwa_study.load.protected import refuse_inputs
from bwa_study.load.refi_qda_places import Counting, breaks_as_one
from bwa_study.load.study import Progress, load_study
from bwa_study.load.study_file import load_study_file
from bwa_study.model.codebook import Code
from bwa_study.model.errors import UnknownName
from bwa_study.model.study import Study
from bwa_study.model.transcripts import Transcript
from bwa_study.present.project_codebook import ABSENT, OURS, id_line
from bwa_study.present.project_names import SYNTHETIC, VARIABLES, guids, own_guid, own_names, people, read_names
from bwa_study.present.style import GROUP_COLOURS
from bwa_study.present.tables import write_bytes
from bwa_study.protect.consent import may_print

KINDS = (".qdpx", ".qdc")
_PROJECT = "urn:QDA-XML:project:1.0"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_NAME_LENGTH = 100
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_CARRIED = ("evidence", "time_ref", "about", "certainty")


def write_refi_qda(path: str | Path, out: str | Path, *, progress: Progress | None = None) -> str:
    """Write a study as a project for NVivo, MAXQDA, ATLAS.ti, QualCoder and others, or its codebook alone.

    Parameters
    ----------
    path
        The study folder.
    out
        A ``.qdpx`` file: codebook, transcripts, participants, and the codings of people. Or a ``.qdc`` file: the
        codebook. The same study gives the same bytes.
    progress
        Called as the transcripts are read, with how many are done and how many there are.

    Returns
    -------
    str
        What was written and what has no place in such a file.

    Raises
    ------
    ProblemsFound
        If the study has errors.
    UnknownName
        If `out` ends in something else.
    """
    out = Path(out)
    if out.suffix not in KINDS:
        raise UnknownName("kind of project file", out.suffix, KINDS)
    study = load_study(path, progress=progress)
    refuse_inputs(study, path, [out])
    names = own_names(study, read_names(load_study_file(path).folder))
    if out.suffix == ".qdc":
        write_bytes(out, codebook_bytes(study, names))
        return f"{out}: {len(study.codebook)} codes, each also as '…{ABSENT}'"
    writer = _Writer(study, names)
    write_bytes(out, writer.archive())
    return f"{out}: {writer.told()}"


def project_bytes(study: Study, names: Names | None = None) -> bytes:
    """A study as the bytes of a ``.qdpx`` file; see `write_refi_qda`."""
    return _Writer(study, names or own_names(study, Names())).archive()


def codebook_bytes(study: Study, names: Names | None = None) -> bytes:
    """A study's codebook as the bytes of a ``.qdc`` file; see `write_refi_qda`."""
    root = ET.Element("CodeBook", {"xmlns": _CODEBOOK, "origin": _origin()})
    _Writer(study, names or own_names(study, Names())).add_codes(root)
    return _xml(root)


def _origin() -> str:
    return f"{OURS} {metadata.version('bwa-study')}"


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _clean(text: str) -> str:
    """Text without the characters that XML has no place for."""
    return _NOT_XML.sub("\ufffd", text)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})
    if text:
        element.text = _clean(text)
    return element


class _Writer:
    def __init__(self, study: Study, names: Names) -> None:
        self.study = study
        self.codes, self.sources = guids(names.codes), guids(names.interviews)
        self.users = guids(names.coders)
        table = study.codings.table
        standing = (table["coder_kind"] == "human") & table["status"].isin(["accepted", "adjudicated"])
        self.codings = table[standing].sort_values(["transcript", "start", "end", "coder", "code", "polarity", "id"])
        self.notes: list[tuple[str, str]] = []
        self.written = 0

    def guid(self, kind: str, id: str) -> str:
        return own_guid(self.study, kind, id)

    def archive(self) -> bytes:
        """The whole file: fixed times, so that equal studies give equal bytes."""
        members = {"project.qde": _xml(self.project())}
        for transcript in self.study.corpus:
            text = transcript.text.replace("\r\n", "\n")
            members[f"sources/{self.sources[transcript.id]}.txt"] = text.encode("utf-8")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in members.items():
                member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                archive.writestr(member, data)
        return out.getvalue()

    def told(self) -> str:
        coders = len(people(self.study))
        codes, interviews = len(self.study.codebook), len(self.study.corpus)
        parts = [f"{codes} codes, {interviews} transcripts, {self.written} codings of {coders} people"]
        if left := len(self.codings) - self.written:
            parts.append(f"{left} codings of half a line break are left out")
        said = self.codings[list(_NOT_CARRIED)].astype("string").fillna("")
        if lost := int((said != "").any(axis=1).sum()):
            parts.append(f"of {lost} codings evidence, time, site or certainty have no place in it")
        if paired := sum(t.paired is not None for t in self.study.corpus):
            parts.append(f"the other language of {paired} interviews is not in it")
        unquotable = sum(not may_print(t.consent_quotes) for t in self.study.corpus)
        parts.append(f"it holds whole transcripts ({unquotable} must not be quoted): keep it where the study is kept")
        return "; ".join(parts)

    def project(self) -> ET.Element:
        root = ET.Element("Project", {"xmlns": _PROJECT, "name": _clean(self.study.id), "origin": _origin()})
        users = _add(root, "Users") if people(self.study) else None
        for coder in people(self.study):
            assert users is not None
            _add(users, "User", guid=self.users[coder], name=coder)
        self.add_codes(_add(root, "CodeBook"))
        variables = _add(root, "Variables")
        for name in VARIABLES:
            _add(variables, "Variable", guid=self.guid("variable", name), name=name, typeOfVariable="Text")
        if len(self.study.corpus):
            self.add_cases(_add(root, "Cases"))
            self.add_sources(_add(root, "Sources"))
        if self.notes:
            notes = _add(root, "Notes")
            for guid, memo in self.notes:
                _add(_add(notes, "Note", guid=guid), "PlainTextContent", memo)
        if self.study.synthetic:
            _add(root, "Description", SYNTHETIC)
        return root

    def add_codes(self, book: ET.Element) -> None:
        """Themes as folders, codes under them or under their parent, and under each code its other polarity."""
        codes = _add(book, "Codes")
        above: dict[str, ET.Element] = {}
        for number, theme in enumerate(self.study.codebook.themes):
            name = theme.label.text(self.study.language) or theme.id
            above[theme.id] = self.add_code(
                codes, self.guid("theme", theme.id), name, theme.definition + id_line(theme.id), number, codable=False
            )
        waiting = list(self.study.codebook)
        made: dict[str, ET.Element] = {}
        while waiting:
            left = []
            for code in waiting:
                if code.parent and code.parent not in made:
                    left.append(code)
                    continue
                holder = made[code.parent] if code.parent else above.get(code.theme, codes)
                made[code.id] = self.add_both(holder, code)
            waiting = left

    def add_both(self, holder: ET.Element, code: Code) -> ET.Element:
        themes = [theme.id for theme in self.study.codebook.themes]
        number = themes.index(code.theme) if code.theme in themes else len(themes)
        name = code.label.text(self.study.language) or code.id
        if any(sibling.get("name") == _clean(name) for sibling in holder):
            name = f"{name} [{code.id}]"
        element = self.add_code(holder, self.codes[code.id, "present"], name, _described(code), number)
        self.add_code(element, self.codes[code.id, "absent"], name + ABSENT, code.absent, number)
        return element

    def add_code(
        self, holder: ET.Element, guid: str, name: str, description: str, number: int, *, codable: bool = True
    ) -> ET.Element:
        color = GROUP_COLOURS[number % len(GROUP_COLOURS)]
        element = _add(holder, "Code", guid=guid, name=name, isCodable=str(codable).lower(), color=color)
        if description:
            _add(element, "Description", description)
        return element

    def add_values(self, element: ET.Element, values: Iterable[tuple[str, str]]) -> None:
        for name, value in values:
            if value:
                holder = _add(element, "VariableValue")
                _add(holder, "VariableRef", targetGUID=self.guid("variable", name))
                _add(holder, "TextValue", value)

    def add_cases(self, cases: ET.Element) -> None:
        """A participant is a case with her group and her interviews."""
        interviews: dict[str, list[Transcript]] = {}
        for transcript in self.study.corpus:
            interviews.setdefault(transcript.participant, []).append(transcript)
        for participant, of in interviews.items():
            case = _add(cases, "Case", guid=self.guid("case", participant), name=participant)
            self.add_values(case, [("group", of[0].group)])
            for transcript in of:
                _add(case, "SourceRef", targetGUID=self.sources[transcript.id])

    def add_sources(self, sources: ET.Element) -> None:
        by_transcript = dict(list(self.codings.groupby("transcript", sort=False)))
        for transcript in self.study.corpus:
            guid = self.sources[transcript.id]
            source = _add(sources, "TextSource", guid=guid, name=transcript.id, plainTextPath=f"internal://{guid}.txt")
            if transcript.id in by_transcript:
                counting = breaks_as_one(transcript.text)
                for _, rows in by_transcript[transcript.id].groupby(["start", "end"], sort=True):
                    self.add_selection(source, transcript, counting, rows)
            sites = ";".join(transcript.sites)
            self.add_values(
                source,
                zip(VARIABLES, (transcript.group, transcript.round, sites, transcript.language), strict=True),
            )

    def add_selection(self, source: ET.Element, transcript: Transcript, counting: Counting, rows: pd.DataFrame) -> None:
        """A passage with its codings. Line ends are single there, so that no program can count them otherwise."""
        at = int(rows["start"].iloc[0]), int(rows["end"].iloc[0])
        start, end = (counting.position(place) for place in at)
        if start == end:
            return
        words = " ".join(transcript.text[at[0] : at[1]].split())
        name = words if len(words) <= _NAME_LENGTH else words[: _NAME_LENGTH - 1] + "…"
        guid = self.guid("selection", f"{transcript.id} {at[0]} {at[1]}")
        holder = _add(
            source, "PlainTextSelection", guid=guid, name=name, startPosition=str(start), endPosition=str(end)
        )
        for row in rows.to_dict("records"):
            self.written += 1
            id = coding_uuid(str(row["id"]))
            when = {"creationDateTime": f"{row['date']}T00:00:00Z"} if row["date"] else {}
            coding = _add(holder, "Coding", guid=id, creatingUser=self.users[str(row["coder"])], **when)
            _add(coding, "CodeRef", targetGUID=self.codes[str(row["code"]), str(row["polarity"])])
            if memo := str(row["memo"] or ""):
                note = self.guid("note", id)
                self.notes.append((note, memo))
                _add(coding, "NoteRef", targetGUID=note)


def _described(code: Code) -> str:
    """What a coder has to know of a code, and its id in the last line."""

    def parts() -> Iterator[str]:
        yield code.definition
        yield from (f"Include: {rule}" for rule in code.include)
        yield from (f"Not when: {one.rule} (then {one.see})" for one in code.exclude)

    return "\n".join(filter(None, parts())) + id_line(code.id)
