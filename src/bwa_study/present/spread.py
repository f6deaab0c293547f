"""Placing labels side by side without covering each other."""

from __future__ import annotations


def spread(values: list[float], gap: float = 0.052) -> list[float]:
    """The values moved apart by at least `gap` so that labels do not cover each other; crowds stay where they are.

    Parameters
    ----------
    values
        Wanted places, between 0 and 1.
    gap
        Least distance between two.

    Examples
    --------
    >>> [round(v, 3) for v in spread([0.5, 0.5, 0.1], gap=0.1)]
    [0.45, 0.55, 0.1]
    """
    crowds: list[list[int]] = []
    for i in sorted(range(len(values)), key=lambda i: values[i]):
        crowds.append([i])
        while len(crowds) > 1 and _top(values, crowds[-2], gap) + gap > 2 * _middle(values, crowds[-1], gap) - _top(
            values, crowds[-1], gap
        ):
            crowds[-2:] = [crowds[-2] + crowds[-1]]
    out = list(values)
    for crowd in crowds:
        bottom = 2 * _middle(values, crowd, gap) - _top(values, crowd, gap)
        for n, i in enumerate(crowd):
            out[i] = bottom + n * gap
    return out


def _middle(values: list[float], crowd: list[int], gap: float) -> float:
    half = gap * (len(crowd) - 1) / 2
    return min(max(sum(values[i] for i in crowd) / len(crowd), half), 1.0 - half)


def _top(values: list[float], crowd: list[int], gap: float) -> float:
    return _middle(values, crowd, gap) + gap * (len(crowd) - 1) / 2
