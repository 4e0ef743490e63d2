"""Symmetry: whether a network is the same after some of its actors have changed places with others.

A :class:`Swap` is a permutation that undoes itself, as data: pairs of actors, pairs of events, and pairs of states
where an actor's states name one side or the other (the owner of a token). Where a network is its own image under it
(:func:`is_symmetric`) the swap is an automorphism of the product: what is reached, in which environments, by which
runs, is mapped onto itself; so a claim and its image have the same verdict, in environments that are each other's
images (Emerson, Sistla, "Symmetry and model checking", Formal Methods in System Design 9, 1996).

Conditions are compared as they are written, up to order, groups and negation. So what is found symmetric is; two
guards that mean the same and are written otherwise are reported as a difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from .condition import And, Condition, In, Named, Not, Or, rewrite
from .errors import ModelError, nearest
from .network import Actor, Event, Network, State, Transition


@dataclass(frozen=True)
class Swap:
    """What changes places with what. Each pair is said once, in either direction; what is not named stays.

    Attributes:
        actors: pairs of actors.
        events: pairs of events.
        states: for an actor pairs of states; its partner, if it has one, takes the same pairs, and may be the only one
            of the two that has one of the states.
    """

    actors: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def _actors(self) -> Mapping[str, str]:
        return _both_ways(self.actors)

    @cached_property
    def _events(self) -> Mapping[str, str]:
        return _both_ways(self.events)

    @cached_property
    def _states(self) -> Mapping[str, Mapping[str, str]]:
        found = {name: _both_ways(pairs) for name, pairs in self.states.items()}
        return {**{self.actor(name): pairs for name, pairs in found.items()}, **found}

    def actor(self, name: str) -> str:
        """The actor that takes the place of this one."""
        return self._actors.get(name, name)

    def event(self, name: str) -> str:
        """The event that takes the place of this one."""
        return self._events.get(name, name)

    def state(self, actor: str, state: str) -> str:
        """What the state of the actor becomes, in the actor that takes its place."""
        return self._states.get(actor, {}).get(state, state)

    def first(self, actor: str, state: str) -> tuple[str, str]:
        """An actor and its state as they are on the side that the pairs name first."""
        return (self.actor(actor), self.state(actor, state)) if actor in self.actors.values() else (actor, state)

    def first_event(self, name: str) -> str:
        """The event on the side that the pairs name first."""
        return self.event(name) if name in self.events.values() else name

    def condition(self, condition: Condition) -> Condition:
        """What the condition says after the swap. Named predicates are opened; states are meant, not groups."""
        return rewrite(condition, lambda leaf: In(self.actor(leaf.actor), self._of(leaf.actor, leaf.names)))

    def place(self, network: Network, state: State) -> State:
        """A state of the product after the swap."""
        here = network.as_dict(state)
        return network.as_state({self.actor(name): self.state(name, at) for name, at in here.items()})

    def environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """An environment after the swap."""
        return {self.actor(name): self.state(name, value) for name, value in environment.items()}

    def _of(self, actor: str, states: Iterable[str]) -> frozenset[str]:
        return frozenset(self.state(actor, state) for state in states)

    def check(self, network: Network) -> None:
        """Raise where the swap names what the network does not have.

        Raises:
            ModelError: it says what, and the nearest right name.
        """
        for name in self._actors:
            if name not in network.actor:
                raise ModelError(f"swap: there is no actor {name!r}{nearest(name, network.actor)}")
        for name in self._events:
            if name not in network.event:
                raise ModelError(f"swap: there is no event {name!r}{nearest(name, network.event)}")
        for name, pairs in self._states.items():
            sides = [network.actor[each] for each in (name, self.actor(name)) if each in network.actor]
            known = [state for side in sides for state in side.states]
            for state in pairs:
                if state not in known:
                    raise ModelError(f"swap: {name} has no state {state!r}{nearest(state, known)}")


def _both_ways(pairs: Mapping[str, str]) -> dict[str, str]:
    """The permutation of some pairs.

    Raises:
        ModelError: a name is in two pairs.
    """
    found: dict[str, str] = {}
    for one, two in pairs.items():
        for name, partner in ((one, two), (two, one)):
            if found.setdefault(name, partner) != partner:
                raise ModelError(f"swap: {name!r} would change places with {found[name]!r} and with {partner!r}")
    return found


def swapped(network: Network, swap: Swap) -> Network:
    """The image of the network: every actor and event in its partner's place, conditions said of the partners.

    Actors and events stand where their names stand in the network.

    Raises:
        ModelError: the swap names what the network does not have.
    """
    swap.check(network)
    actors = {image.name: image for image in (_actor(network, each, swap) for each in network.actors)}
    events = {image.name: image for image in (_event(network, each, swap) for each in network.events)}
    return replace(
        network,
        actors=tuple(actors[each.name] for each in network.actors),
        events=tuple(events[each.name] for each in network.events),
        assume=tuple(_condition(network, each, swap) for each in network.assume),
    )


def _condition(network: Network, condition: Condition, swap: Swap) -> Condition:
    return swap.condition(rewrite(condition, lambda leaf: In(leaf.actor, network.resolve(leaf))))


def _actor(network: Network, of: Actor, swap: Swap) -> Actor:
    def states(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(swap.state(of.name, name) for name in names)

    rows = tuple(
        Transition(
            swap.event(row.event),
            frozenset(states(row.sources)),
            None if row.dest is None else swap.state(of.name, row.dest),
            _condition(network, row.when, swap),
            row.cites,
        )
        for row in of.transitions
    )
    groups = {name: frozenset(states(group)) for name, group in of.groups.items()}
    return replace(
        of,
        name=swap.actor(of.name),
        states=states(of.states),
        initial=states(of.initial),
        transitions=rows,
        groups=groups,
    )


def _event(network: Network, event: Event, swap: Swap) -> Event:
    return replace(
        event,
        name=swap.event(event.name),
        controller=swap.actor(event.controller),
        participants=tuple(map(swap.actor, event.participants)),
        guard=_condition(network, event.guard, swap),
    )


def asymmetries(network: Network, swap: Swap) -> tuple[str, ...]:
    """What keeps the network from being its own image, one line each, in the order of the network; empty: nothing.

    Raises:
        ModelError: the swap names what the network does not have.
    """
    image = swapped(network, swap)
    found = []
    for mine, theirs in zip(network.actors, image.actors, strict=True):
        for what, one, two in (
            ("states", frozenset(mine.states), frozenset(theirs.states)),
            ("initial states", frozenset(mine.initial), frozenset(theirs.initial)),
        ):
            if one != two:
                found.append(f"{mine.name}: its {what} are not those of {swap.actor(mine.name)}")
        odd = _rows(network, mine) - _rows(image, theirs)
        events = dict.fromkeys(row[0] for row in odd.elements())
        found += [f"{mine.name}/{event}: {swap.actor(mine.name)} does otherwise" for event in sorted(events)]
    for here, there in zip(network.events, image.events, strict=True):
        if _said(network, here) != _said(image, there):
            found.append(f"{here.name}: {swap.event(here.name)} is decided otherwise, or under another guard")
    if _assumed(network) != _assumed(image):
        found.append("what is assumed of the environments is not assumed of their images")
    return tuple(found)


def is_symmetric(network: Network, swap: Swap) -> bool:
    """Whether the network is its own image under the swap, as far as its conditions are written alike.

    Raises:
        ModelError: the swap names what the network does not have.
    """
    return not asymmetries(network, swap)


def _rows(network: Network, of: Actor) -> Counter[tuple[str, frozenset[str], str | None, Hashable]]:
    return Counter((t.event, t.sources, t.dest, _normal(network, t.when)) for t in of.transitions)


def _said(network: Network, event: Event) -> Hashable:
    taking_part = frozenset(event.participants)
    return (event.controller, taking_part, event.urgent, event.refusal, _normal(network, event.guard))


def _assumed(network: Network) -> frozenset[Hashable]:
    return frozenset(_normal(network, each) for each in network.assume)


def _normal(network: Network, condition: Condition) -> Hashable:
    """A form in which conditions are equal that differ in order, in groups or in how a leaf is denied."""
    match condition:
        case In(actor=actor):
            return (actor, network.resolve(condition))
        case Not(part=In(actor=actor) as leaf):
            return (actor, frozenset(network.actor[actor].states) - network.resolve(leaf))
        case Not(part=Named(body=body)):
            return _normal(network, Not(body))
        case Not(part=Not(part=part)) | Named(body=part):
            return _normal(network, part)
        case Not(part=And(parts=parts)):
            return _normal(network, Or(tuple(Not(part) for part in parts)))
        case Not(part=Or(parts=parts)):
            return _normal(network, And(tuple(Not(part) for part in parts)))
        case And(parts=parts) | Or(parts=parts):
            kind = "and" if isinstance(condition, And) else "or"
            return (kind, frozenset(_flat(network, kind, parts)))
    raise TypeError(f"not a condition: {condition!r}")


def _flat(network: Network, kind: str, parts: Iterable[Condition]) -> list[Hashable]:
    found: list[Hashable] = []
    for part in parts:
        normal = _normal(network, part)
        if isinstance(normal, tuple) and normal[0] == kind and isinstance(normal[1], frozenset):
            found.extend(normal[1])
        else:
            found.append(normal)
    return found
