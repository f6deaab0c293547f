"""Names that people read, in one language or several."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A name by language.

    Parameters
    ----------
    texts
        Pairs of language tag and text, in the order of the file.

    Examples
    --------
    >>> label = Label((("en", "Workers"), ("zh", "工人")))
    >>> label.text("zh"), label.text("fr")
    ('工人', 'Workers')
    """

    texts: tuple[tuple[str, str], ...]

    def text(self, language: str) -> str:
        """The text in `language`, else the first text there is; an empty label gives an empty text."""
        for tag, text in self.texts:
            if tag == language:
                return text
        return self.texts[0][1] if self.texts else ""

    def __str__(self) -> str:
        return self.text("en")
