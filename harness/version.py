"""The version of this tool, as its package says it."""

from __future__ import annotations

from functools import cache


@cache
def version() -> str:
    """The installed version; ``0+unknown`` in a source tree that is not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("ccmproof")
    except PackageNotFoundError:
        return "0+unknown"
