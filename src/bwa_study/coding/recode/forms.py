"""What the page sends: one change a message, checked to the last field."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bwa_study.model.errors import shown

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Uuid = Annotated[str, Field(pattern=_UUID)]
_HIGHEST = 2**31 - 1


class StrictForm(BaseModel):
    """No field that is not asked for, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CodingForm(StrictForm):
    """A coding as the page holds it; offsets are code points of the transcript's text.

    `other_quote` are words of the turn's other language, where those were coded.
    """

    id: Uuid
    start: int = Field(ge=0, le=_HIGHEST)
    end: int = Field(ge=1, le=_HIGHEST)
    quote: str = Field(min_length=1, max_length=40_000)
    code: str = Field(min_length=1, max_length=200)
    polarity: Literal["present", "absent"]
    certainty: Literal[1, 2, 3] | None = None
    evidence: Literal["", "own", "hearsay"] = ""
    time_ref: Literal["", "before", "now", "future"] = ""
    about: str = Field("", max_length=200)
    memo: str = Field("", max_length=4_000)
    other_quote: str = Field("", max_length=40_000)

    @model_validator(mode="after")
    def _spans_something(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}")
        return self


class ChangeForm(StrictForm):
    """One change: a coding added, changed or removed, or turns marked as examined or not."""

    id: Uuid
    operation: Literal["add", "change", "remove", "examine", "unexamine"]
    transcript: str = Field(min_length=1, max_length=400)
    digest: str = Field(max_length=64)
    codebook: str = Field(max_length=100)
    undo: bool = False
    expects: int | None = Field(None, ge=0, le=2**53)
    coding: CodingForm | None = None
    turns: list[Annotated[int, Field(ge=1, le=_HIGHEST)]] | None = Field(None, min_length=1, max_length=20_000)

    @model_validator(mode="after")
    def _holds_what_it_changes(self) -> Self:
        about_turns = self.operation in ("examine", "unexamine")
        if about_turns != (self.turns is not None) or about_turns == (self.coding is not None):
            raise ValueError(f"'{self.operation}' needs {'turns' if about_turns else 'a coding'} and nothing else")
        return self


def read_change(body: Any) -> tuple[ChangeForm | None, str]:
    """The change in a message, or None and what is wrong with it.

    Examples
    --------
    >>> read_change({"operation": "add"})[1].split("; ")[0]
    "field 'id': Field required"
    """
    try:
        return ChangeForm.model_validate(body), ""
    except ValidationError as fault:
        found = [
            f"field '{shown('.'.join(map(str, e['loc'])) or 'message')}': {shown(e['msg'])}" for e in fault.errors()
        ]
        return None, "; ".join(found[:5])
