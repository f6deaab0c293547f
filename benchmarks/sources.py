"""How long the reading of many Word interviews takes, and whether memory grows with their number.

    python benchmarks/sources.py                    1,000 interviews of 8,000 words
    python benchmarks/sources.py --interviews 100 --words 2000

Each interview is a .docx with a paragraph a turn; they are read as `load_study` reads them, one after the other, in the
confined child, and let go. Printed: seconds, and the memory of both processes after the first tenth and at the end.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import time

import docx

from bwa_study.load.confined import _Child
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


def seconds(pid: int) -> float:
    """Processor time of a process so far; nan where the system does not say."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return float("nan")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--interviews", type=int, default=1000)
    parser.add_argument("--words", type=int, default=8000)
    chosen = parser.parse_args()
    fields = InterviewFields("i", "P", "worker", "R1", (), "en")
    few = [interview(n, chosen.words) for n in range(min(20, chosen.interviews))]
    spent, turns, early, before = 0.0, 0, (0.0, 0.0), time.process_time()
    for n in range(chosen.interviews):
        source = Source(f"{n}.docx", few[n % len(few)], "")
        began = time.perf_counter()
        found = read_transcript(source, fields, SpeakerRules(), ())
        spent += time.perf_counter() - began
        assert found.transcript is not None
        turns += len(found.transcript.turns)
        if n == max(1, chosen.interviews // 10):
            early = (megabytes(os.getpid()), megabytes(_Child.current().process.pid))
    late = (megabytes(os.getpid()), megabytes(_Child.current().process.pid))
    own = time.process_time() - before
    print(f"{chosen.interviews:,} interviews of {chosen.words:,} words, {turns:,} turns: {spent:.1f} s by the clock")
    print(f"processor time: parent {own:.1f} s, child {seconds(_Child.current().process.pid):.1f} s")
    for name, at in (("parent", 0), ("child", 1)):
        print(f"memory of the {name}: {early[at]:.0f} MB after a tenth, {late[at]:.0f} MB at the end")


if __name__ == "__main__":
    main()
