"""Which styles of a document hide their words: the same rule for Word and for OpenDocument."""

from __future__ import annotations

from collections.abc import Mapping


def hidden_styles(own: Mapping[str, bool], parents: Mapping[str, str]) -> frozenset[str]:
    """The styles whose words are not shown, by themselves or by the style they are based on.

    Parameters
    ----------
    own
        Of the styles that say so themselves: whether they hide.
    parents
        By style, the one it is based on; empty where there is none. It may go round in a circle.

    Examples
    --------
    >>> sorted(hidden_styles({"quiet": True, "loud": False}, {"quiet": "", "note": "quiet", "loud": "quiet"}))
    ['note', 'quiet']
    """
    out = set()
    for name in parents:
        seen, here = {""}, name
        while here not in seen and here not in own:
            seen.add(here)
            here = parents.get(here, "")
        if own.get(here, False):
            out.add(name)
    return frozenset(out)
