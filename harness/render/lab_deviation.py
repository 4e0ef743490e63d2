"""Where a lab has left the model: the one way in which it is told, whichever command tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccmproof.harness.lab.conformance.follow import Deviation

from .validation_parts import Listing, Part, Says


def deviated(left: Deviation, broken: Sequence[str] = (), *, numbered: bool = True) -> Iterator[Part]:
    """What was seen at last, of each event that it might have been why it was not, and the claims that it breaks.

    Args:
        broken: where more is known than by what was seen itself, all of them.
        numbered: with the number of what was seen, from the beginning; not on a page that numbers a run's steps.
    """
    at = f"step {left.number}: " if numbered else ""
    if left.seen.holds == "false":  # a component failed, whatever the model may be in
        yield Says(f"{at}{left.seen.what}; the model has no such step")
    else:
        yield Listing(f"{at}{left.seen.what}; the model does not allow it:", tuple(map(str, left.alternatives)))
    claims = tuple(broken) or left.broken
    if claims:
        yield Says(f"breaks {', '.join(claims)}")
