"""Consent: who withdrew, and whose words may be printed."""

from __future__ import annotations

import pandas as pd

QUOTE_LEVELS = ("none", "anonymous", "full")
"""What a participant allowed: no quote, a quote without a name, a quote with what they chose to be called."""


def without_withdrawn(manifest: pd.DataFrame) -> tuple[pd.DataFrame, frozenset[str]]:
    """The rows with standing consent, and the ids of the others.

    Their transcripts must not be opened, counted or named in any output.

    Parameters
    ----------
    manifest
        Columns interview_id and withdrawn (a date, or empty).
    """
    withdrawn = manifest["withdrawn"] != ""
    return manifest[~withdrawn], frozenset(manifest.loc[withdrawn, "interview_id"])


def may_print(consent_quotes: str) -> bool:
    """Whether the words of an interview may stand in an output. What is not filled in is no.

    Examples
    --------
    >>> may_print("anonymous"), may_print("none"), may_print("")
    (True, False, False)
    """
    return consent_quotes in ("anonymous", "full")
