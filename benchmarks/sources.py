"""How long the reading of many Word interviews takes, and whether memory grows with their number.

    python benchmarks/sources.py                    1,000 interviews of 8,000 words
    python benchmarks/sources.py --interviews 100 --words 2000

Each interview is a .docx with a paragraph a turn; they are read as `load_study` reads them, one after the other, in the
confined children, and let go. Printed: seconds, and the most memory of both processes in the first and the last tenth.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import time

import docx

from bwa_study.load.confined import _Child, _end_child
from bwa_study.load.gate import Source
from bwa_study.load.speakers import SpeakerRules
from bwa_study.load.transcript_files import InterviewFields, read_transcript

WORDS = ("they", "come", "back", "every", "month", "and", "ask", "us", "what", "we", "think")
TURN = 80


def interview(number: int, words: int) -> bytes:
    """A .docx of about so many words, no two alike."""
    dice = random.Random(number)
    document = docx.Document()
    for turn in range(words // TURN):
        label = "I" if turn % 2 == 0 else "R1"
        document.add_paragraph(f"{label}: " + " ".join(dice.choices(WORDS, k=TURN)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def megabytes(pid: int) -> float:
    """Resident memory of a process; nan where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return float("nan")


def _processor_time() -> float:
    """Seconds of this process and of children that have ended."""
    whole = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in whole)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--interviews", type=int, default=1000)
    parser.add_argument("--words", type=int, default=8000)
    chosen = parser.parse_args()
    fields = InterviewFields("i", "P", "worker", "R1", (), "en")
    few = [interview(n, chosen.words) for n in range(min(20, chosen.interviews))]
    spent, turns, tenth, before = 0.0, 0, max(1, chosen.interviews // 10), _processor_time()
    most = {"first": [0.0, 0.0], "last": [0.0, 0.0]}
    for n in range(chosen.interviews):
        source = Source(f"{n}.docx", few[n % len(few)], "")
        began = time.perf_counter()
        found = read_transcript(source, fields, SpeakerRules(), ())
        spent += time.perf_counter() - began
        assert found.transcript is not None
        turns += len(found.transcript.turns)
        child = _Child._one
        for name, here in (("first", n < tenth), ("last", n >= chosen.interviews - tenth)):
            if here and child is not None:
                now = (megabytes(os.getpid()), megabytes(child.process.pid))
                most[name] = [max(pair) for pair in zip(most[name], now, strict=True)]
    _end_child()
    print(f"{chosen.interviews:,} interviews of {chosen.words:,} words, {turns:,} turns: {spent:.1f} s by the clock")
    print(f"processor time of all processes {_processor_time() - before:.1f} s")
    for name, at in (("parent", 0), ("child", 1)):
        first, last = most["first"][at], most["last"][at]
        print(f"memory of the {name}: {first:.0f} MB in the first tenth, {last:.0f} MB in the last")


if __name__ == "__main__":
    main()
