"""The program `bwa-study`, also `python -m bwa_study`: it can be interrupted from its first line on.

Only what is needed to be interrupted is loaded before that. What happens to Ctrl-C earlier, while Python itself starts,
is Python's (a shell reports it as 130, too).
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False  # as in `typing`, which takes its time to load
if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
"""Exit code of a command that was interrupted, as shells count it: 128 and the number of SIGINT."""


def main() -> None:
    """Run the command line; Ctrl-C at any moment ends it with one line and exit code 130."""
    watch_interrupts()
    try:
        from bwa_study.cli import main as command

        command()
    except KeyboardInterrupt:
        end_at_once()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the outcome stands; what is left is to take the program down


def watch_interrupts() -> None:
    """Make the first Ctrl-C unwind what runs, so that nothing half-written stays, and the second end it at once.

    An interrupt that Python would only report and forget, because it came inside a callback, ends it at once, too, and
    so does one while a module is loaded: compiled modules print it and go on, or turn it into an error of their own.
    Ending at once is safe: what is written takes its place whole, as when the program is killed.
    """
    seen = False

    def interrupted(number: int, frame: FrameType | None) -> None:
        nonlocal seen
        if seen or _is_loading(frame):
            end_at_once()
        seen = True
        raise KeyboardInterrupt

    def lost(what: sys.UnraisableHookArgs) -> None:
        if issubclass(what.exc_type, KeyboardInterrupt):
            end_at_once()
        sys.__unraisablehook__(what)

    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:  # as set for programs in the background
        sys.unraisablehook = lost
        signal.signal(signal.SIGINT, interrupted)


def _is_loading(frame: FrameType | None) -> bool:
    """Whether a module is being imported at this moment."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def end_at_once() -> None:
    """End the program without another step, but for its locks: the next program need not find out that it is gone."""
    locks = sys.modules.get("bwa_study.load.folder_lock")
    for path in tuple(getattr(locks, "of_this_process", ())):
        try:
            os.unlink(path)
        except OSError:  # not there yet, or no more
            continue
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
