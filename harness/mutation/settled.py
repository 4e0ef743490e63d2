"""An unknown that is settled otherwise makes no difference where nothing that can be reached depends on its value.

Let two networks each begin an actor that never moves in one state, but not in the same. Say every condition of the new
one for the value that the actor has there: this network never reads the actor, and is the new one but for the value
that stands in all of its states. So it may as well begin that actor as the old network does; and if it then has the
product of the old one (:mod:`.sameness`), the two products are the same but for that value. A property that reads it
may still say otherwise of the two.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ccmproof.model.kernel.condition import FALSE, TRUE, Condition, In, actors_of, rewrite
from ccmproof.model.kernel.network import Actor, Network


def said_as_settled(old: Network, new: Network, read: Collection[str]) -> Network:
    """The new network without the values of unknowns that both settle, and settle otherwise; they begin as in the old.

    Args:
        read: actors that a property reads, or who else looks at the states; their values are left.
    """
    values = {of.name: of.initial[0] for of in new.unknowns if of.name not in read and _is_other(of, old)}
    if not values or any(actors_of(condition) & values.keys() for condition in (*old.assume, *new.assume)):
        return new

    def leaf(each: In) -> Condition:
        if each.actor not in values:
            return each
        return TRUE if values[each.actor] in new.resolve(each) else FALSE

    def said(condition: Condition) -> Condition:
        return rewrite(condition, leaf) if actors_of(condition) & values.keys() else condition

    def begun(of: Actor) -> Actor:
        if of.name in values:
            return replace(of, initial=old.actor[of.name].initial)
        rows = tuple(replace(row, when=said(row.when)) for row in of.transitions)
        return of if rows == of.transitions else replace(of, transitions=rows)

    events = tuple(replace(event, guard=said(event.guard)) for event in new.events)
    return replace(new, actors=tuple(map(begun, new.actors)), events=events)


def _is_other(of: Actor, old: Network) -> bool:
    before = old.actor.get(of.name)
    return (
        before is not None
        and before.is_unknown
        and len(before.initial) == len(of.initial) == 1
        and before.initial != of.initial
    )
