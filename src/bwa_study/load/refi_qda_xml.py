"""The XML of a REFI-QDA project: users, codes, sources with their selections and codings, cases, notes."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bwa_study.load.gate import Rejected, Source, decode
from bwa_study.load.refi_qda_places import counting_of
from bwa_study.model.errors import Problem, ProjectError, Severity, shown
from bwa_study.model.qda_project import (
    QdaCase,
    QdaCode,
    QdaCoding,
    QdaProject,
    QdaSelection,
    QdaSource,
    QdaUser,
)

_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?\Z")
_NUMBER = re.compile(r"\s*-?[0-9]{1,12}\s*\Z")
_DEEPEST = 40
_AGAIN = "export the project anew in its program"
_SOURCES = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
_AREAS = {
    "PDFSelection": "areas of PDF pages",
    "PictureSelection": "areas of pictures",
    "AudioSelection": "passages of sound",
    "VideoSelection": "passages of video",
}
_COUNTED = {"Sets": "sets", "Links": "links", "Graphs": "graphs"}


class Texts:
    """The texts of a project: members of its archive, each decoded once; none where there is no archive."""

    def __init__(self, file: str, archive: zipfile.ZipFile | None = None) -> None:
        self.file, self.archive = file, archive
        self.members = {name.lower(): name for name in archive.namelist()} if archive else {}

    def read(self, path: str) -> tuple[str | None, str]:
        """The text of a path such as ``internal://….txt``, or None and why there is none.

        Raises
        ------
        Rejected
            If the path leads out of the project.
        """
        scheme, _, rest = path.rpartition("://")
        name = rest.removeprefix("/")
        if scheme not in ("internal", ""):  # some programs give the bare name of the member
            what = f"external source '{shown(path)}' not allowed"
            raise Rejected(Problem(self.file, 0, 0, what, "export the project with its texts inside"))
        if name.startswith("/") or ".." in name or "\\" in name or ":" in name:
            what = f"the path '{shown(path)}' leads out of the project"
            raise Rejected(Problem(self.file, 0, 0, what, "do not use this file; ask where it comes from"))
        member = self.members.get(f"sources/{name.lower().removeprefix('sources/')}")
        if member is None or self.archive is None:
            return None, f"its text '{shown(name)}' is not in the file"
        try:
            return decode(Source(member, self.archive.read(member), "")), ""
        except Rejected as fault:
            return None, f"its text '{shown(name)}' cannot be read ({fault.problem.what})"


def project_of(source: Source, texts: Texts) -> QdaProject:
    """The project that an XML description tells.

    Raises
    ------
    Rejected
        If it is not XML, declares a DTD, or describes something else.
    ProjectError
        With everything that is wrong in it.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(source.data, forbid_dtd=True)
    except DefusedXmlException:
        raise Rejected(Problem(source.name, 0, 0, "it declares a DTD, which is not allowed", _AGAIN)) from None
    except (ParseError, ValueError, LookupError) as fault:
        raise Rejected(Problem(source.name, 0, 0, f"not XML ({shown(fault)})", _AGAIN)) from None
    if tag(root) not in ("Project", "CodeBook"):
        what = f"it is not a REFI-QDA project, but '{shown(tag(root))}'"
        raise Rejected(Problem(source.name, 0, 0, what, "give a project (.qdpx, .qde) or codebook (.qdc)"))
    return _Reader(source.name, texts).project(root)


def tag(element: Any) -> str:
    """Name of an element without its name space."""
    return str(element.tag).rsplit("}", 1)[-1]


def _children(element: Any, *names: str) -> Iterator[Any]:
    return (child for child in element if tag(child) in names)


def _below(element: Any, name: str) -> Iterator[Any]:
    """The children of the children of that name: ``Users`` gives each ``User``."""
    return (one for group in _children(element, name) for one in group)


def _words(element: Any, name: str) -> str:
    return next((child.text or "" for child in _children(element, name)), "").strip()


def _plain_guid(text: str | None) -> str:
    found = _GUID.match((text or "").strip().lower())
    return found[1] if found else ""


class _Reader:
    def __init__(self, file: str, texts: Texts) -> None:
        self.file, self.texts = file, texts
        self.found: list[Problem] = []
        self.kinds: dict[str, str] = {}
        self.left: Counter[str] = Counter()
        self.notes: dict[str, str] = {}
        self.used_notes: set[str] = set()
        self.linked: dict[str, list[str]] = {}
        self.codes: set[str] = set()
        self.users: set[str] = set()
        self.cases: set[str] = set()
        self.origin = ""

    def add(self, what: str, mend: str = _AGAIN, severity: Severity = "error") -> None:
        self.found.append(Problem(self.file, 0, 0, what, mend, severity))

    def guid(self, element: Any, kind: str) -> str:
        """The uuid of an element, noted as taken."""
        guid = _plain_guid(element.get("guid"))
        if not guid:
            self.add(f"{kind} '{shown(element.get('name', ''))}': '{shown(element.get('guid', ''))}' is no guid")
        elif guid in self.kinds:
            self.add(f"guid {guid} is given twice, to a {self.kinds[guid]} and to a {kind}")
        else:
            self.kinds[guid] = kind
        return guid

    def project(self, root: Any) -> QdaProject:
        self.origin = root.get("origin", "")
        users = tuple(QdaUser(self.guid(one, "user"), one.get("name") or "") for one in _below(root, "Users"))
        self.read_notes(root)
        book = [root] if tag(root) == "CodeBook" else list(_children(root, "CodeBook"))
        codes = tuple(code for one in book for code in self.codes_of(one))
        self.users, self.codes = {user.guid for user in users}, {code.guid for code in codes}
        self.cases = {_plain_guid(one.get("guid")) for one in _below(root, "Cases")}
        variables = {_plain_guid(one.get("guid")): one.get("name") or "" for one in _below(root, "Variables")}
        sources = self.sources_of(root, variables)
        cases = tuple(self.case(one, variables) for one in _below(root, "Cases"))
        for name, kind in _COUNTED.items():
            self.left[kind] += sum(1 for _ in _below(root, name))
        self.left["notes"] += len(set(self.notes) - self.used_notes)
        if any(problem.severity == "error" for problem in self.found):
            raise ProjectError([problem for problem in self.found if problem.severity == "error"])
        left = tuple((kind, n) for kind, n in self.left.items() if n)
        return QdaProject(
            root.get("name") or "", self.origin, users, codes, sources, cases, left, tuple(self.found),
            _words(root, "Description"),
        )  # fmt: skip

    def codes_of(self, book: Any) -> list[QdaCode]:
        out: list[QdaCode] = []
        waiting = [(one, "", 1) for one in reversed(list(_below(book, "Codes")))]
        while waiting:
            one, parent, depth = waiting.pop()
            if tag(one) != "Code":
                continue
            guid, name = self.guid(one, "code"), (one.get("name") or "").strip()
            if not name:
                self.add(f"code {guid} has no name", "give it one in its program, and export the project anew")
            if depth > _DEEPEST:
                self.add(f"code {guid} stands deeper than {_DEEPEST} levels", "make the tree of codes flatter")
                continue
            codable = (one.get("isCodable") or "true").strip().lower() not in ("false", "0")
            color = one.get("color") or ""
            said = "\n".join(part for part in [_words(one, "Description"), *self.noted(one)] if part)
            out.append(QdaCode(guid, name, said, color, codable, parent))
            below = [(child, guid, depth + 1) for child in _children(one, "Code")]
            waiting += reversed(below)
        return out

    def read_notes(self, root: Any) -> None:
        for note in _below(root, "Notes"):
            text = _words(note, "PlainTextContent")
            if not text and note.get("plainTextPath"):
                text = (self.text(note.get("plainTextPath"), f"note {note.get('guid')}")[0] or "").strip()
            parts = [_words(note, "Description"), text]
            self.notes[_plain_guid(note.get("guid"))] = "\n".join(part for part in parts if part)
        for link in _below(root, "Links"):
            note, target = _plain_guid(link.get("originGUID")), _plain_guid(link.get("targetGUID"))
            if note in self.notes:
                self.linked.setdefault(target, []).append(note)

    def text(self, path: str, where: str) -> tuple[str | None, str]:
        try:
            return self.texts.read(path)
        except Rejected as fault:
            self.add(f"{shown(where)}: {fault.problem.what}", fault.problem.mend)
            return None, fault.problem.what

    def values(self, element: Any, variables: dict[str, str]) -> tuple[tuple[str, str], ...]:
        out = []
        for value in _children(element, "VariableValue"):
            name = next(
                (variables.get(_plain_guid(c.get("targetGUID")), "") for c in _children(value, "VariableRef")), ""
            )
            said = next((c.text or "" for c in value if tag(c) != "VariableRef"), "").strip()
            if name and said:
                out.append((name, said))
        return tuple(out)

    def case(self, element: Any, variables: dict[str, str]) -> QdaCase:
        targets = tuple(_plain_guid(one.get("targetGUID")) for one in _children(element, "SourceRef"))
        guid, name = _plain_guid(element.get("guid")), element.get("name") or ""
        self.left["passages given to cases"] += sum(1 for _ in _children(element, "SelectionRef"))
        self.left["codes given to cases"] += sum(1 for _ in _children(element, "CodeRef"))
        self.left["descriptions of cases"] += bool(_words(element, "Description"))
        return QdaCase(guid, name, targets, self.values(element, variables))

    def sources_of(self, root: Any, variables: dict[str, str]) -> tuple[QdaSource, ...]:
        """The sources; a transcript of a recording is one of its own, unless it is the text of another source."""
        elements = [one for one in _below(root, "Sources") if tag(one) in _SOURCES]
        told = [self.source(one, variables) for one in elements]
        paths = {one.get("plainTextPath", "").lower() for one in elements if tag(one) == "TextSource"}
        for one in elements:
            for transcript in _children(one, "Transcript"):
                self.left["time marks of transcripts"] += sum(1 for _ in _children(transcript, "SyncPoint"))
                if (transcript.get("plainTextPath") or "-").lower() in paths:
                    again = sum(1 for s in _children(transcript, "TranscriptSelection") for _ in _children(s, "Coding"))
                    self.left["codings of a transcript that is also a document"] += again
                    continue
                told.append(self.text_source(transcript, transcript, "text", self.values(one, variables)))
        return tuple(told)

    def source(self, element: Any, variables: dict[str, str]) -> QdaSource:
        kind = _SOURCES[tag(element)]
        for area in _children(element, *_AREAS):
            self.count_area(area, element)
        self.left["codings of whole sources"] += sum(1 for _ in _children(element, "Coding"))
        self.left["descriptions of sources"] += bool(_words(element, "Description"))
        self.left["texts about pictures"] += sum(1 for _ in _children(element, "TextDescription"))
        values = self.values(element, variables)
        holder = element if kind == "text" else next(_children(element, "Representation"), None)
        if kind in ("text", "pdf") and holder is not None:
            return self.text_source(element, holder, kind, values)
        guid = self.guid(element, "source")
        why = "it has no plain text" if kind == "pdf" else f"{kind} is not read"
        return QdaSource(guid, element.get("name") or "", kind, None, why, variables=values)

    def count_area(self, area: Any, source: Any) -> None:
        """A selection that is no text. In a PDF, one that its text has too (under the same guid) is nothing more."""
        texts = (s for r in _children(source, "Representation") for s in _children(r, "PlainTextSelection"))
        n = sum(1 for _ in _children(area, "Coding"))
        if area.get("guid") in {one.get("guid") for one in texts}:
            self.left["codings of areas of PDF pages that their words have too"] += n
            return
        self.left[_AREAS[tag(area)]] += 1
        self.left[f"codings of {_AREAS[tag(area)]}"] += n

    def text_source(self, element: Any, holder: Any, kind: str, values: tuple[tuple[str, str], ...]) -> QdaSource:
        """A source whose text and selections `holder` has."""
        guid = self.guid(element, "source")
        name = element.get("name") or (holder.get("plainTextPath") or "").rpartition("/")[2]
        content = next(_children(holder, "PlainTextContent"), None)
        if holder.get("plainTextPath"):
            text, why = self.text(holder.get("plainTextPath"), f"source {guid} ('{name}')")
        elif content is not None:
            text, why = content.text or "", ""
        else:
            text, why = None, "it has no plain text"
        if text is not None and not text.strip():
            text, why = None, "its text is empty"
        selections = list(_children(holder, "PlainTextSelection", "TranscriptSelection"))
        named = [(one, at) for one in selections if (at := self.place(one, holder))]
        if text is None:
            unplaced = sum(1 for one, _ in named for _ in _children(one, "Coding"))
            for one, _ in named:
                self.codings(one, self.guid(one, "selection"))
            return QdaSource(guid, name, kind, None, why, variables=values, unplaced=unplaced)
        counting = counting_of(text, [(*at, one.get("name") or "") for one, at in named], origin=self.origin)
        if counting.name != "code points":
            what = f"source {guid} ('{shown(name)}'): its positions count {counting.name}"
            self.add(what, "they were turned into places of the text; look at some of its codings", "warning")
        placed = []
        for one, (start, end) in named:
            span = (counting.offset(start), counting.offset(end))
            if selection := self.selection(one, (start, end), span, len(text)):
                placed.append(selection)
        return QdaSource(guid, name, kind, text, "", tuple(placed), values)

    def place(self, selection: Any, holder: Any) -> tuple[int, int] | None:
        """Start and end as the program counts them."""
        if tag(selection) == "TranscriptSelection":
            points = {p.get("guid"): p.get("position") or "" for p in _children(holder, "SyncPoint")}
            both = [points.get(selection.get(name), "") for name in ("fromSyncPoint", "toSyncPoint")]
        else:
            both = [selection.get(name) or "" for name in ("startPosition", "endPosition")]
        if all(_NUMBER.match(one) for one in both):
            return int(both[0]), int(both[1])
        self.guid(selection, "selection")
        self.misplaced(selection, f"its positions '{shown(both[0])}' and '{shown(both[1])}' are no numbers")
        return None

    def misplaced(self, selection: Any, what: str) -> None:
        n = sum(1 for _ in _children(selection, "Coding"))
        self.left["selections that stand nowhere in their text"] += 1
        self.left["codings of selections that stand nowhere in their text"] += n
        where = f"selection {_plain_guid(selection.get('guid'))}"
        self.add(f"{where}: {what}", f"it is left out, with its {n} codings; code this passage again", "warning")

    def selection(self, one: Any, at: tuple[int, int], span: tuple[int, int], length: int) -> QdaSelection | None:
        guid = self.guid(one, "selection")
        if not 0 <= at[0] < at[1] or not span[0] < span[1] <= length:
            self.misplaced(one, f"it reaches from {at[0]} to {at[1]}, and the text has {length:,} characters")
            return None
        codings = self.codings(one, guid)
        self.left["selections without a code"] += not any(True for _ in _children(one, "Coding"))
        return QdaSelection(guid, *span, codings) if codings else None

    def codings(self, selection: Any, of: str) -> tuple[QdaCoding, ...]:
        memo = [_words(selection, "Description"), *self.noted(selection)]
        out = []
        for one in _children(selection, "Coding"):
            target = next((_plain_guid(c.get("targetGUID")) for c in _children(one, "CodeRef")), "")
            if target not in self.codes and (target in self.cases or _plain_guid(one.get("guid")) in self.cases):
                self.left["passages given to cases"] += 1
                continue
            guid = self.guid(one, "coding")
            if target not in self.codes:
                self.left["codings of codes that do not exist"] += 1
                what = f"coding {guid} of selection {of}: there is no code '{shown(target)}'"
                self.add(what, "it is left out; code this passage again", "warning")
                continue
            user = _plain_guid(one.get("creatingUser") or selection.get("creatingUser"))
            created = one.get("creationDateTime") or selection.get("creationDateTime") or ""
            said = "\n".join(part for part in [*memo, *self.noted(one)] if part)
            out.append(QdaCoding(guid, target, user, created, said))
        return tuple(out)

    def noted(self, element: Any) -> list[str]:
        refs = [_plain_guid(one.get("targetGUID")) for one in _children(element, "NoteRef")]
        refs += self.linked.get(_plain_guid(element.get("guid")), [])
        self.used_notes |= {ref for ref in refs if ref in self.notes}
        return [self.notes[ref] for ref in refs if self.notes.get(ref)]
