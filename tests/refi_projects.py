"""Small projects in REFI-QDA, written by hand as other programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr


def guid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


TALK = "I: What has changed?\r\nR1: 他们每个月都来 😀, they come back.\r\nI: And then?\r\nR1: Nobody asks us.\r\n"
USERS = f'<Users><User guid="{guid(1)}" name="First Person"/><User guid="{guid(2)}" name="Second Person"/></Users>'
CODES = f"""<CodeBook><Codes>
<Code guid="{guid(10)}" name="Oversight" isCodable="false">
<Code guid="{guid(11)}" name="Follow-up" isCodable="true" color="#FF0000"><Description>They come back.</Description>
<Code guid="{guid(12)}" name="Follow-up (absent)" isCodable="true"/></Code></Code>
<Code guid="{guid(13)}" name="害怕" isCodable="true"/>
</Codes></CodeBook>"""


def coding(number: int, code: int, *, user: int = 1, created: str = "2020-03-04T05:06:07Z", inside: str = "") -> str:
    who = f' creatingUser="{guid(user)}"' if user else ""
    when = f' creationDateTime="{created}"' if created else ""
    return f'<Coding guid="{guid(number)}"{who}{when}><CodeRef targetGUID="{guid(code)}"/>{inside}</Coding>'


def selection(number: int, start: object, end: object, *codings: str, name: str = "", first: str = "") -> str:
    named = f" name={quoteattr(name)}" if name else ""
    at = f'startPosition="{start}" endPosition="{end}"'
    return f'<PlainTextSelection guid="{guid(number)}"{named} {at}>{first}{"".join(codings)}</PlainTextSelection>'


def text_source(number: int, *inside: str, name: str = "R1 worker 1.docx", path: str | None = None) -> str:
    path = f"internal://{guid(number)}.txt" if path is None else path
    told = f' plainTextPath="{path}"' if path else ""
    return f'<TextSource guid="{guid(number)}" name={quoteattr(name)}{told}>{"".join(inside)}</TextSource>'


def project(
    *sources: str, codes: str = CODES, users: str = USERS, before: str = "", after: str = "", origin: str = ""
) -> str:
    told = f' origin="{origin}"' if origin else ""
    listed = f"<Sources>{''.join(sources)}</Sources>" if sources else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project name="Talks" xmlns="urn:QDA-XML:project:1.0"{told}>'
        f"{users}{codes}{before}{listed}{after}</Project>"
    )


def qdpx(path: Path, description: str, texts: Mapping[int, str | bytes] | None = None) -> Path:
    """Write a project with its texts, by the number of their source."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.qde", description)
        for number, text in ({20: TALK} if texts is None else texts).items():
            archive.writestr(f"sources/{guid(number)}.txt", text)
    path.write_bytes(out.getvalue())
    return path
