"""Places in a text, counted in Unicode code points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open piece of a text: `text[start:end]`, in Unicode code points.

    Spans are ordered by start, then end. An empty span (``start == end``) is allowed; it is falsy, holds
    nothing, and overlaps nothing.

    Parameters
    ----------
    start
        First code point, from 0.
    end
        One past the last code point; never before `start`.

    Raises
    ------
    ValueError
        If ``start`` is negative or ``end < start``.

    Examples
    --------
    >>> Span(0, 5) & Span(3, 9)
    Span(start=3, end=5)
    >>> Span(4, 5) in Span(3, 9)
    True
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end < self.start:
            raise ValueError(f"Span({self.start}, {self.end}): needs 0 <= start <= end")

    def __len__(self) -> int:
        return self.end - self.start

    def __bool__(self) -> bool:
        return self.end > self.start

    def __and__(self, other: Span) -> Span | None:
        """The common part; None where the two share no code point (touching spans share none)."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def __or__(self, other: Span) -> Span:
        """The smallest span that holds both, with what lies between them; an empty span adds nothing."""
        if not self:
            return other
        if not other:
            return self
        return Span(min(self.start, other.start), max(self.end, other.end))

    def __contains__(self, other: Span | int) -> bool:
        """Whether a code point, or a whole non-empty span, lies inside. An empty span is in nothing."""
        if isinstance(other, int):
            return self.start <= other < self.end
        return bool(other) and self.start <= other.start and other.end <= self.end


def merged(spans: list[Span]) -> list[Span]:
    """The same code points as `spans` cover, as sorted spans that neither overlap nor touch.

    Examples
    --------
    >>> merged([Span(5, 8), Span(0, 3), Span(2, 5)])
    [Span(start=0, end=8)]
    """
    out: list[Span] = []
    for span in sorted(s for s in spans if s):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out
