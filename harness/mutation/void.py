"""What is left in a field that means nothing makes no difference: which fields that are, and where.

A field may be declared to mean nothing while one other actor is in certain states. Let two networks differ in nothing
but what such fields come to hold by events after which they mean nothing, or hold to begin with. If nobody reads them
while they mean nothing (:func:`readers`), every run of one is a run of the other but for what stands in them: the same
events may happen in both and lead every other actor to the same states, and whatever gives the field a meaning writes
it in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ccmproof.model.kernel.condition import FALSE, TRUE, Condition, In, all_of, any_of, leaves, opened, rewrite
from ccmproof.model.kernel.network import Network

from ..engines import Exploration


@dataclass(frozen=True)
class Void:
    """The fields of one network that mean nothing at times, each with the actor and states that say when."""

    when: Mapping[str, In]

    @classmethod
    def of(cls, network: Network, said: Mapping[str, str]) -> Void:
        """What is said by patterns, of the fields that the network has.

        Raises:
            ModelError: it names what the network does not have.
        """
        found: dict[str, In] = {}
        for pattern, text in said.items():
            names = [of.name for of in network.moving if of.data and fnmatchcase(of.name, pattern)]
            if not names:
                continue
            literal = network.condition(text)
            assert isinstance(literal, In), f"{text}: one actor in some of its states is meant"
            found |= {name: In(literal.actor, network.resolve(literal)) for name in names if name != literal.actor}
        return cls(found)

    def begins_void(self, network: Network, name: str) -> bool:
        """Whether the field means nothing to begin with."""
        literal = self.when.get(name)
        return literal is not None and set(network.actor[literal.actor].initial) <= literal.names

    def matters(self, networks: tuple[Network, Network], name: str, event: str) -> Condition:
        """Where the field may mean something after the event, in either of two networks."""
        literal = self.when.get(name)
        if literal is None:
            return TRUE
        return any_of(*(_ends_outside(network, literal, event) for network in networks))


NOTHING = Void({})
"""Every field always means something."""


def _ends_outside(network: Network, literal: In, event: str) -> Condition:
    """Where the event may leave the actor in none of the states."""
    of = network.actor[literal.actor]
    if event not in of.by_event:
        return ~literal
    ways = [
        all_of(In(of.name, frozenset({source})), opened(row.when))
        for row in of.by_event[event]
        for source in row.sources
        if row.target(source) not in literal.names
    ]
    return any_of(*ways)


def readers(explored: Exploration, void: Void) -> Iterator[str]:
    """Who reads a field while it means nothing, as ``event: actor reads field``; there should be nobody.

    A condition reads a field where its truth depends on the field's value. What a condition decides is whether an
    event may happen, and where an actor comes to; the latter is nothing where that actor itself means nothing then.
    """
    network = explored.network
    for event in network.events:
        asked: list[tuple[str, Condition, Condition]] = [(event.name, opened(event.guard), TRUE)]
        for name in event.participants:
            rows = network.actor[name].by_event[event.name]
            sources = [In(name, row.sources) for row in rows]
            may = any_of(*(all_of(source, opened(row.when)) for source, row in zip(sources, rows, strict=True)))
            asked.append((name, may, TRUE))
            after = void.matters((network, network), name, event.name)
            asked += [
                (name, opened(row.when), all_of(after, source)) for source, row in zip(sources, rows, strict=True)
            ]
        happens = all_of(*(condition for _, condition, matters in asked if matters == TRUE))
        told: set[str] = set()
        for name, condition, matters in asked:
            for field in sorted({leaf.actor for leaf in leaves(condition)} & void.when.keys()):
                others = _without(happens, field)
                where = all_of(void.when[field], _depends(condition, field, network), matters, others)
                text = f"{event.name}: {name} reads {field}"
                if field != name and text not in told and explored.where(where).found:
                    told.add(text)
                    yield text


def _without(condition: Condition, field: str) -> Condition:
    """What of a conjunction does not speak of the field: a weaker condition, with any value of it."""
    parts = getattr(condition, "parts", (condition,))
    return all_of(*(part for part in parts if field not in {leaf.actor for leaf in leaves(part)}))


def _depends(condition: Condition, field: str, network: Network) -> Condition:
    """Where the condition's truth depends on the field's value."""
    values = [_given(condition, field, state, network) for state in network.actor[field].states]
    return all_of(any_of(*values), ~all_of(*values))


def _given(condition: Condition, field: str, state: str, network: Network) -> Condition:
    """The condition with the field in one state."""

    def leaf(each: In) -> Condition:
        if each.actor != field:
            return each
        return TRUE if state in network.resolve(each) else FALSE

    return rewrite(condition, leaf)
