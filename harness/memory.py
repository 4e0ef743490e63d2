"""The peak memory of this process, where the system tells it."""

from __future__ import annotations

import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_bytes() -> int | None:
    """The most memory that the process has held so far; ``None`` on a system that does not say (Windows)."""
    if sys.platform == "win32":
        return None
    import resource

    own = _of_this_program()
    if own is not None:
        return own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, the others kibibytes


def _of_this_program() -> int | None:
    """What Linux counts since the program began. What it counts of a process begins with whoever started that, whose
    memory it had for a moment."""
    try:
        lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None
