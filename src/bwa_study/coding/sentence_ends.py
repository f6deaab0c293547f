"""Where sentences end, for a long text at once: the rule of `bwa_study.model.words.sentences` in numpy.

Almost every stop is one mark between plain characters and is settled in bulk; what is left (marks in a row, quotation
marks after them, abbreviations) is asked of the rule's own regular expressions, place by place.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bwa_study.coding.characters import CLOSING, HAN_CHAR, LETTER, LINE_END, SPACE, STOP, CodedText, Codes
from bwa_study.model.words import ABBREVIATION, SENTENCE_END

Places = npt.NDArray[np.int64]
_LONGEST_ABBREVIATION = 6
_LAST_LETTERS = {1: "abcdefghijklmnopqrstuvwxyz", 2: "rst", 3: "s", 4: "ft", 6: "x"}


def _asked_table() -> npt.NDArray[np.bool_]:
    """By length of the last run of letters and by last letter: whether an abbreviation may end so.

    A letter that is not ASCII may fold to one of theirs and is asked too.
    """
    table = np.zeros((_LONGEST_ABBREVIATION + 2, 129), dtype=bool)
    table[1:-1, 128] = True
    for length, letters in _LAST_LETTERS.items():
        table[length, [ord(c) for c in letters + letters.upper()]] = True
    return table


_ASKED = _asked_table()


def sentence_stops(text: str, coded: CodedText) -> Places:
    """One past the last character of every sentence, in order; white space around sentences is not looked at.

    Parameters
    ----------
    text
        Must begin and end with a line end.
    coded
        The same text as numbers.
    """
    codes, flags = coded.codes, coded.flags
    marks = np.flatnonzero((flags & (STOP | LINE_END)) != 0)
    line_end = (flags[marks] & LINE_END) != 0
    line_ends, marks = marks[line_end], marks[~line_end]
    before, after = flags[marks - 1], flags[marks + 1]
    code = codes[marks]
    ascii_stop = (code == ord(".")) | (code == ord("!")) | (code == ord("?"))
    # "!" and "?" beside a Han character; a full stop there takes the same way and is refused by the rule.
    crowded = ((after & (STOP | CLOSING)) | (before & STOP)) != 0
    crowded |= ascii_stop & (((before | after) & HAN_CHAR) != 0)
    plain = marks[~crowded & (~ascii_stop | ((after & SPACE) != 0))] + 1
    stops = np.concatenate([plain, _crowded_stops(text, marks[crowded]), line_ends + 1])
    stops.sort()
    return _without_abbreviations(text, codes, flags, stops)


def _crowded_stops(text: str, marks: Places) -> Places:
    out: list[int] = []
    last = 0
    for mark in marks.tolist():
        if mark >= last and (found := SENTENCE_END.match(text, mark)):
            last = found.end()
            out.append(last)
    return np.array(out, dtype=np.int64)


def _without_abbreviations(text: str, codes: Codes, flags: npt.NDArray[np.uint8], stops: Places) -> Places:
    dotted = stops[codes[stops - 1] == ord(".")]
    dotted = dotted[dotted > _LONGEST_ABBREVIATION + 2]
    run = np.zeros(len(dotted), dtype=np.int64)
    alive = np.ones(len(dotted), dtype=bool)
    for back in range(2, _LONGEST_ABBREVIATION + 3):
        alive &= (flags[dotted - back] & LETTER) != 0
        run += alive
    asked = _ASKED[run, np.minimum(codes[dotted - 2], 128)]
    early = stops[(codes[stops - 1] == ord(".")) & (stops <= _LONGEST_ABBREVIATION + 2)]
    places = np.searchsorted(stops, np.concatenate([early, dotted[asked]]))
    dropped: set[int] = set()
    for place in places.tolist():
        at = place - 1
        while at in dropped:
            at -= 1
        begin = int(stops[at]) if at >= 0 else 0
        stop = int(stops[place])
        if ABBREVIATION.search(text[max(begin, stop - 10) : stop]):
            dropped.add(place)
    return np.delete(stops, sorted(dropped)) if dropped else stops
