"""Which events leave no line in the logs that are there.

An event whose every pattern belongs to a log that is absent is silent. Where its log is there, only a pattern that is
*always* written makes it heard: versions and log levels differ, and what is not written is not known not to have been.
"""

from __future__ import annotations

from collections.abc import Iterable

from ccmproof.model.kernel.network import Network

from ..pattern import Pattern


def heard(patterns: Iterable[Pattern], present: frozenset[str]) -> frozenset[str]:
    """The events that do not happen without a line in one of the logs that are present.

    An event that is always written where it happens for one component, and that happens for another whose log is not
    there, may leave no line: it is heard only where every log that it is always written to is there.
    """
    always: dict[str, set[str]] = {}
    for pattern in patterns:
        if pattern.always and not pattern.workflow:
            for event in pattern.events:
                always.setdefault(event, set()).update(pattern.logs)
    return frozenset(event for event, logs in always.items() if logs and logs <= present)


def silent(network: Network, patterns: Iterable[Pattern], present: frozenset[str]) -> frozenset[str]:
    """The events that may happen without a line, when these logs are there."""
    return frozenset(event.name for event in network.events) - heard(patterns, present)
