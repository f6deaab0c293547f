"""Projects and codebooks in the exchange format REFI-QDA (.qdpx, .qde, .qdc), as other programs write them."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from bwa_study.load.archives import check_archive
from bwa_study.load.confined import confined
from bwa_study.load.gate import MAX_BYTES, MAX_MEMBERS, Rejected, Source, read_source
from bwa_study.load.refi_qda_xml import Texts, project_of
from bwa_study.model.errors import Problem, ProjectError, shown
from bwa_study.model.qda_project import QdaProject

PROJECT_KINDS = (".qdpx", ".qde", ".qdc")
"""Endings of a whole project, of its description without the sources, and of a codebook."""
MAX_PROJECT = 4_000_000_000
"""Bytes a project file may have, with its recordings and pictures."""
_MEND = "export it anew in the program it comes from"


def read_refi_qda(path: str | Path) -> QdaProject:
    """Read a project of another program, or its codebook, in the exchange format REFI-QDA.

    Parameters
    ----------
    path
        A ``.qdpx`` (project), ``.qde`` (its description without the texts) or ``.qdc`` (codebook) file.

    Returns
    -------
    QdaProject
        Users, codes, sources with their text and coded passages, cases; `left` counts what else the file has. Places
        are in Unicode code points, whatever the program counted in. Real names of people are in it.

    Raises
    ------
    ProjectError
        With everything that is wrong: a file that is none, a DTD, a text outside of the project, one uuid for two
        things. A passage that does not stand in its text, or a coding of a code that does not exist, is a warning in
        `problems`, and left out.

    References
    ----------
    REFI (2019). QDA-XML 1.0, Project.xsd; and The REFI-QDA Standard 1.5, sections 5 (schemas), 8 (sources), 10
    (selections: code points from 0).

    Examples
    --------
    >>> import tempfile
    >>> code = '<Code guid="4f0a3d6e-0000-4000-8000-000000000001" name="Trust" isCodable="true"/>'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "codes.qdc")
    ...     _ = file.write_text(f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{code}</Codes></CodeBook>')
    ...     project = read_refi_qda(file)
    >>> [one.name for one in project.codes], project.codings
    (['Trust'], 0)
    """
    path = Path(path)
    try:
        if path.suffix.lower() == ".qdpx" and path.is_file() and (size := path.stat().st_size) > MAX_BYTES:
            if size > MAX_PROJECT:
                what = f"it has {size:,} bytes, and a project may have {MAX_PROJECT:,}"
                mend = "export it without its recordings and pictures, or in parts"
                raise Rejected(Problem(str(path), 0, 0, what, mend))
            return confined(read_large_project, Source(str(path), b"", ""))
        source = read_source(path)
        if not source.name.lower().endswith(PROJECT_KINDS):
            what = "this is no project or codebook in REFI-QDA"
            raise Rejected(Problem(source.name, 0, 0, what, f"give a file that ends in {', '.join(PROJECT_KINDS)}"))
        return confined(read_project, source)
    except Rejected as fault:
        raise ProjectError([fault.problem]) from None


def read_large_project(source: Source) -> QdaProject:
    """As `read_refi_qda`, of a file that is too large to be read whole; `source` has its path and no bytes.

    Most of it is recordings and pictures, which are not inflated. Their names are checked as those of any member.
    """
    small = io.BytesIO()
    left = MAX_BYTES
    try:
        with zipfile.ZipFile(source.name) as archive, zipfile.ZipFile(small, "w") as kept:
            for member in archive.infolist()[: MAX_MEMBERS + 1]:
                data = b""
                if member.filename.lower().endswith((".qde", ".txt")):
                    with archive.open(member) as stream:
                        data = stream.read(left + 1)
                    left -= len(data)
                if left < 0:
                    what = f"its description and texts have more than {MAX_BYTES:,} bytes"
                    raise Rejected(Problem(source.name, 0, 0, what, "export it in parts"))
                same = zipfile.ZipInfo(member.filename)
                same.external_attr = member.external_attr
                kept.writestr(same, data)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error) as fault:
        raise Rejected(Problem(source.name, 0, 0, f"not a complete .qdpx ({shown(fault)})", _MEND)) from None
    return read_project(replace(source, data=small.getvalue()))


def read_project(source: Source) -> QdaProject:
    """As `read_refi_qda`, from the bytes; call it with `confined`."""
    if not source.name.lower().endswith(".qdpx"):
        return project_of(source, Texts(source.name))
    check_archive(source, kind=".qdpx", strict=True)
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            texts = Texts(source.name, archive)
            member = _description(source.name, archive.namelist())
            return project_of(Source(source.name, archive.read(member), source.digest), texts)
    except (zipfile.BadZipFile, OSError, ValueError, LookupError) as fault:
        raise Rejected(Problem(source.name, 0, 0, f"not a complete .qdpx ({shown(fault)})", _MEND)) from None


def _description(file: str, names: list[str]) -> str:
    """The member that describes the project: ``project.qde``, or the only one of that kind, as ATLAS.ti names it."""
    described = [name for name in names if name.lower().endswith(".qde") and "/" not in name]
    standard = [name for name in described if name.lower() == "project.qde"]
    found = standard or described
    if len(found) == 1:
        return found[0]
    what = "it is not a REFI-QDA project: there is no 'project.qde' in it"
    if found:
        what = f"it describes {len(found)} projects ({', '.join(map(shown, found[:4]))})"
    raise Rejected(Problem(file, 0, 0, what, _MEND))
