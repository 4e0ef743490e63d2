"""Where lines stand, as a diagnosis says it."""

from __future__ import annotations

from collections.abc import Iterable

from ..pattern import Seen


def place(seen: Seen) -> str:
    """Where a line stands: ``ccmsetup.log line 12``."""
    name = seen.line.source.replace("\\", "/").rpartition("/")[2] or seen.line.log
    return f"{name} line {seen.line.number}"


def places(lines: Iterable[Seen]) -> str:
    """Where several lines stand, each source once: ``ccmsetup.log line 12, 14``."""
    found: dict[str, list[str]] = {}
    for seen in lines:
        name, _, number = place(seen).rpartition(" line ")
        found.setdefault(name, []).append(number)
    return "; ".join(f"{name} line {', '.join(dict.fromkeys(numbers))}" for name, numbers in found.items())
