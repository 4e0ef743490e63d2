"""What would explain that something failed, where the lines say that it did and not what.

From the states after the last step that a line shows, each refusal that leaves no line in the logs that are there is
tried, and followed through the lines that come after it. A cause explains it where it alone, or it in any case, leads
there by such a refusal. A refusal that is usually written to a log that is there, and is not written, explains nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Pattern, Seen
from .equipment import Equipment
from .follow import Fit, Followed, Placed
from .ground import TooLarge
from .silence import silent

CONSEQUENCES = frozenset({"ccmsetup_attempt_fails", "registration_attempt_fails", "messaging_renewal_fails"})
"""Refusals that only say that one before them happened."""
BESIDE = frozenset({"no_user_is_signed_in", "entra_app_is_not_known"})
"""Events that are no refusal of anybody's, and bring about a failure all the same."""
NO_FAILURE = frozenset({"PKI path"})
"""Of the table of causes what is a choice and no failure."""
FEW = 6
"""Where more causes than these explain it, none is named."""


def explaining(
    calm: Followed, using: Equipment, present: frozenset[str], troubles: Collection[int]
) -> tuple[tuple[str, ...], Seen | None, bool]:
    """The causes that explain the last failure, the line that says that something failed, and whether they are sure:
    not so where each of them would usually have been written.

    Args:
        calm: the lines as they were followed where nothing fails for a while.
        troubles: the lines that speak of it, by identity.
    """
    start, rest = _since_last_step(calm.placed)
    lines = [each for each in rest if id(each.seen) in troubles]
    if start is None or start.after is None or not lines:
        return (), None, False
    ground, grounds = calm.ground, using.grounds
    quiet = silent(ground.network, using.patterns, present)
    written = _written(using.patterns, present)
    found: dict[bool, dict[str, None]] = {True: {}, False: {}}
    try:
        closed = ground.closed(start.after, quiet)
        for event in ground.network.events:
            fails = (event.refusal and event.name not in CONSEQUENCES) or event.name in BESIDE
            if fails and event.name in quiet:
                states = ground.after(closed, event.name)
                for placed in rest:
                    if states == EMPTY:
                        break
                    if placed.fit is Fit.HOLDS:
                        states = ground.store.intersection(
                            ground.closed(states, quiet), ground.says(placed.seen.pattern.holds)
                        )
                if states != EMPTY:
                    names = grounds.explaining(ground.environments(states))
                    found[event.name not in written].update(dict.fromkeys(names))
    except TooLarge:
        return (), None, False
    sure = bool(found[True])
    causes = tuple(name for name in found[sure] if name not in NO_FAILURE)
    return (causes if len(causes) <= FEW else ()), lines[-1].seen, sure


def _since_last_step(placed: Sequence[Placed]) -> tuple[Placed | None, Sequence[Placed]]:
    for number in reversed(range(len(placed))):
        if placed[number].events and placed[number].fit is not Fit.ELSEWHERE:
            return placed[number], placed[number + 1 :]
    return None, placed


def _written(patterns: Iterable[Pattern], present: frozenset[str]) -> frozenset[str]:
    """The events that are usually written to one of these logs: some line stands for this one and for no other."""
    there = [p for p in patterns if not p.workflow and (not p.logs or not present.isdisjoint(p.logs))]
    return frozenset(
        event for pattern in there if len({_twin(each) for each in pattern.events}) == 1 for event in pattern.events
    ) | _asked(there, present)


def _twin(event: str) -> str:
    """What an event of the second connection point is called at the first."""
    return event.removeprefix("second_").removesuffix("_for_second").removesuffix("_to_second")


def _asked(patterns: Iterable[Pattern], present: frozenset[str]) -> frozenset[str]:
    """Those of what a requester of an Entra token comes to: that it asks is written, and mostly what it is answered."""
    there = {event for pattern in patterns if not present.isdisjoint(pattern.logs) for event in pattern.events}
    return frozenset(
        {
            "windows_lacks_device_token_api",
            "device_key_is_not_there",
            "entra_refuses_device_token",
            "entra_refuses_user_token",
        }
        & there
    )
