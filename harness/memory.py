"""The peak memory of this process, where the system tells it."""

from __future__ import annotations

import sys


def peak_bytes() -> int | None:
    """The most memory that the process has held so far; ``None`` on a system that does not say (Windows)."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, the others kibibytes
