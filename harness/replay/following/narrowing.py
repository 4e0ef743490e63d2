"""What else speaks for a cause and against it: that nothing else is left, a more particular one, a line that denies it.

Some causes are general: that a management point refuses a token says where, and not why. Where lines speak for a
particular one as directly, or the model leaves nothing else, the general one says nothing more and stands behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ccmproof.model.kernel.environments import Environments

from ..pattern import Seen
from .how import How
from .stages import GOT

if TYPE_CHECKING:
    from .ranking import Grounds

Evidence = dict[str, dict[How, list[Seen]]]
"""By the name of a cause and by how lines speak for it, those lines."""


def certain(grounds: Grounds, calm: Environments | None) -> frozenset[str]:
    """The causes that hold wherever nothing fails for a while and the lines are explained.

    Args:
        calm: the environments that the lines allow there; ``None``: not known.
    """
    if calm is None or calm.is_empty:
        return frozenset()
    return frozenset(name for name, mine in grounds.where.items() if calm <= mine)


def promote(evidence: Evidence, covers: Mapping[str, Sequence[str]], sure: Collection[str]) -> frozenset[str]:
    """Let what a line says of a general cause speak for a particular one that is certain.

    Returns:
        the causes for which it speaks now.
    """
    found = set()
    for general, by in list(evidence.items()):
        for name in covers.get(general, ()) if How.SAID in by else ():
            if name in sure:
                lines = evidence.setdefault(name, {}).setdefault(How.SAID, [])
                lines += [seen for seen in by[How.SAID] if seen not in lines]
                found.add(name)
    return frozenset(found)


def is_covered(
    name: str, how: How, evidence: Evidence, covers: Mapping[str, Sequence[str]], fitting: Collection[str]
) -> bool:
    """Whether lines speak as directly for a particular cause, with which the rest of the log agrees."""
    return any(each in evidence and each in fitting and min(evidence[each]) <= how for each in covers.get(name, ()))


def is_told_apart(name: str, told: Mapping[str, list[tuple[str, ...]]], fitting: Collection[str]) -> bool:
    """Whether lines only say that it is one of several, and others say outright which of them it is.

    Args:
        told: for each cause, of each line that says so, all the causes that it may be.
    """
    mine = told.get(name, ())
    alone = {each for each, those in told.items() if any(len(causes) == 1 for causes in those)} & set(fitting)
    return bool(mine) and all(len(causes) > 1 and not alone.isdisjoint(causes) for causes in mine)


def denied(lines: Sequence[Seen]) -> Mapping[str, Seen]:
    """The causes that a line speaks against, until a line of its log says one of them."""
    found: dict[str, Seen] = {}
    of_users = any(map(_of_user, lines))
    for seen in lines:
        if of_users and seen.pattern.holds in GOT:  # that a device's token is had says nothing of what a user shows
            continue
        for name in seen.pattern.against:
            found[name] = seen
        for name in filter(None, (seen.pattern.cause, *seen.pattern.either)):
            if name in found and found[name].line.log == seen.line.log:
                del found[name]
    return found


def _of_user(seen: Seen) -> bool:
    """Whether a line speaks of a user's token."""
    words = (*seen.pattern.events, *seen.pattern.echoes, seen.pattern.holds)
    return any("user_token" in word or "got_user" in word for word in words)
