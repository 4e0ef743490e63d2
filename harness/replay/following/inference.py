"""What would explain that something failed, where the lines say that it did and not what.

From the states after the last step that a line shows, each refusal that leaves no line in the logs that are there is
tried, and followed through the lines that come after it. A cause explains it where it alone, or it in any case, leads
there by such a refusal. A refusal that is usually written to a log that is there, and is not written, explains nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Pattern
from .equipment import Equipment
from .follow import Followed
from .ground import Ground, TooLarge
from .how import How
from .ranking import Supposed
from .silence import silent
from .trail import Fit, Placed

CONSEQUENCES = frozenset({"ccmsetup_attempt_fails", "registration_attempt_fails", "messaging_renewal_fails"})
"""Refusals that only say that one before them happened."""
BESIDE = frozenset({"no_user_is_signed_in", "entra_app_is_not_known"})
"""Events that are no refusal of anybody's, and bring about a failure all the same."""
NO_FAILURE = frozenset({"PKI path"})
"""Of the table of causes what is a choice and no failure."""
FEW = 6
"""Where more causes than these explain it, none is named."""


def explaining(calm: Followed, using: Equipment, present: frozenset[str], troubles: Collection[int]) -> list[Supposed]:
    """The causes that explain the last failure: only thinkable where each of them would usually have been written.

    Args:
        calm: the lines as they were followed where nothing fails for a while.
        troubles: the lines that speak of it, by identity.
    """
    start, rest = _since_last_step(calm.placed)
    lines = [each for each in rest if id(each.seen) in troubles]
    if start is None or start.after is None or not lines:
        return []
    ground = calm.ground
    quiet = silent(ground.network, using.patterns, present)
    written = _written(using.patterns, present)
    found: dict[How, dict[str, None]] = {How.INFERRED: {}, How.THINKABLE: {}}
    try:
        closed = ground.closed(start.after, quiet)
        for event in ground.network.events:
            fails = (event.refusal and event.name not in CONSEQUENCES) or event.name in BESIDE
            if fails and event.name in quiet:
                states = _through(ground, ground.after(closed, event.name), rest, quiet)
                names = using.grounds.explaining(ground.environments(states))
                how = How.THINKABLE if event.name in written else How.INFERRED
                found[how].update(dict.fromkeys(names))
    except TooLarge:
        return []
    how = How.INFERRED if found[How.INFERRED] else How.THINKABLE
    causes = [name for name in found[how] if name not in NO_FAILURE]
    return [(name, how, lines[-1].seen) for name in causes] if len(causes) <= FEW else []


def _through(ground: Ground, states: int, lines: Iterable[Placed], quiet: frozenset[str]) -> int:
    """To which states these lead through lines that say what holds."""
    for placed in lines:
        if states == EMPTY:
            break
        if placed.fit is Fit.HOLDS:
            states = ground.store.intersection(ground.closed(states, quiet), ground.says(placed.seen.pattern.holds))
    return states


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
