"""The flat form of a model: finite-state machines that share events. Everything that explores reads this and no more.

An :class:`Actor` has states, initial states and transitions; an :class:`Event` has participants and a guard of its own;
a :class:`Network` is both, with the combinations of initial states that ``assume`` leaves. What it means for events to
happen stands in :mod:`ccmproof.model.kernel.product`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from .condition import TRUE, Condition, In, leaves, opened
from .errors import ModelError, nearest

if TYPE_CHECKING:
    from transitions import Machine

    from .fairness import Fairnesses


@dataclass(frozen=True)
class Transition:
    """On ``event``, from any state in ``sources``, where ``when`` holds: to ``dest``, or (``None``) to where it is."""

    event: str
    sources: frozenset[str]
    dest: str | None
    when: Condition = TRUE
    cites: tuple[str, ...] = ()

    def target(self, source: str) -> str:
        return source if self.dest is None else self.dest


@dataclass(frozen=True)
class Actor:
    """A finite-state machine: states, one or more initial states, transitions.

    ``data`` says that it is a field or a value that effects write; its states are a type that it may share with others.
    ``groups`` are names for sets of its states. ``host`` is where it lives, and ``seen_by`` who else may read it.
    """

    name: str
    states: tuple[str, ...]
    initial: tuple[str, ...]
    transitions: tuple[Transition, ...] = ()
    host: str = ""
    seen_by: frozenset[str] = frozenset()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cites: tuple[str, ...] = ()
    doc: str = ""
    parameter: bool = False
    data: bool = False

    @property
    def is_unknown(self) -> bool:
        """It never moves: a property of the environment, or a parameter."""
        return not self.transitions

    @cached_property
    def alphabet(self) -> frozenset[str]:
        """The events it takes part in: they happen in it too, or not at all."""
        return frozenset(t.event for t in self.transitions)

    @cached_property
    def by_event(self) -> Mapping[str, tuple[Transition, ...]]:
        rows: dict[str, list[Transition]] = {}
        for transition in self.transitions:
            rows.setdefault(transition.event, []).append(transition)
        return {event: tuple(of) for event, of in rows.items()}

    def resolve(self, names: frozenset[str]) -> frozenset[str]:
        """The states that the names, states or groups, stand for.

        Raises:
            ModelError: a name is neither.
        """
        found: set[str] = set()
        for name in sorted(names):
            if name in self.groups:
                found |= self.groups[name]
            elif name in self.states:
                found.add(name)
            else:
                raise ModelError(f"{self.name} has no state {name!r}{nearest(name, [*self.states, *self.groups])}")
        return frozenset(found)

    def machine(self, initial: str | None = None) -> Machine:
        """This actor as a genuine ``transitions.Machine``; see :mod:`ccmproof.model.kernel.machine`."""
        from .machine import machine

        return machine(self, initial)

    def graph_machine(self, initial: str | None = None, engine: str = "mermaid") -> Machine:
        """This actor as a machine that draws itself; see :func:`ccmproof.model.kernel.machine.graph_machine`."""
        from .machine import graph_machine

        return graph_machine(self, initial, engine=engine)


@dataclass(frozen=True)
class Event:
    """Something that happens in all its participants at once, or not at all.

    ``controller`` is the actor who decides; the other participants receive. ``urgent`` events hold time back while they
    are enabled. ``refusal`` marks an event that says no.
    """

    name: str
    controller: str
    participants: tuple[str, ...]
    guard: Condition = TRUE
    urgent: bool = False
    refusal: bool = False
    status: str = ""
    cites: tuple[str, ...] = ()
    doc: str = ""

    @property
    def receivers(self) -> tuple[str, ...]:
        return tuple(name for name in self.participants if name != self.controller)


State = tuple[str, ...]
"""One state of the product: the state of each actor, in the order of ``network.actors``."""


@dataclass(frozen=True)
class Network:
    """Actors that share events, and what is assumed of their initial states.

    ``fairness`` says which runs count where something must happen; ``None``: every event is owed
    (:func:`~.fairness.fairness_of`).

    Raises:
        ModelError: a name is there twice. (That every name in a condition is there is for :meth:`check`.)
    """

    name: str
    actors: tuple[Actor, ...]
    events: tuple[Event, ...]
    assume: tuple[Condition, ...] = ()
    predicates: Mapping[str, Condition] = field(default_factory=dict)
    fairness: Fairnesses | None = None

    def __post_init__(self) -> None:
        for kind, names in (("actor", [a.name for a in self.actors]), ("event", [e.name for e in self.events])):
            twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
            if twice:
                raise ModelError(f"{self.name}: the {kind} {twice[0]!r} is there twice")

    @cached_property
    def actor(self) -> Mapping[str, Actor]:
        return {a.name: a for a in self.actors}

    @cached_property
    def event(self) -> Mapping[str, Event]:
        return {e.name: e for e in self.events}

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where an actor's state stands in a :data:`State`."""
        return {a.name: i for i, a in enumerate(self.actors)}

    @cached_property
    def unknowns(self) -> tuple[Actor, ...]:
        """The actors that never move. All of them together are the environments."""
        return tuple(a for a in self.actors if a.is_unknown)

    @cached_property
    def moving(self) -> tuple[Actor, ...]:
        return tuple(a for a in self.actors if not a.is_unknown)

    @property
    def combinations(self) -> int:
        """How many environments there would be if ``assume`` excluded none."""
        return prod(len(a.initial) for a in self.unknowns)

    def resolve(self, leaf: In) -> frozenset[str]:
        """The states of ``leaf.actor`` in which the leaf holds.

        Raises:
            ModelError: there is no such actor, or no such state of it.
        """
        actor = self.actor.get(leaf.actor)
        if actor is None:
            raise ModelError(f"there is no actor {leaf.actor!r}{nearest(leaf.actor, self.actor)}")
        return actor.resolve(leaf.names)

    def check(self, condition: Condition) -> Condition:
        """The same condition, once every name in it is known to be there.

        Raises:
            ModelError: as :meth:`resolve`.
        """
        for leaf in leaves(condition):
            self.resolve(leaf)
        return condition

    def condition(self, text: str, words: Mapping[str, str] | None = None) -> Condition:
        """Parse a text about this network, its named predicates included.

        Args:
            words: more names, each said by predicates, actors and the words before it. They do not stand in the
                condition, which an engine could not read then, but what they say.

        Raises:
            ModelError: the text is malformed, or names what is not there, or a word is a predicate's name too.
        """
        from .text import parse

        if not words:
            return self.check(parse(text, self.predicates))
        return self.check(opened(parse(text, self._vocabulary(words))))

    def _vocabulary(self, words: Mapping[str, str]) -> Mapping[str, Condition]:
        """The predicates, and what the words say; read once."""
        from .text import parse

        key = tuple(words.items())
        if key not in self._vocabularies:
            known = dict(self.predicates)
            for word, said in words.items():
                if word in self.predicates:
                    raise ModelError(f"the word {word!r} is a predicate of the model already")
                known[word] = self.check(opened(parse(said, known)))
            self._vocabularies[key] = known
        return self._vocabularies[key]

    @cached_property
    def _vocabularies(self) -> dict[tuple[tuple[str, str], ...], Mapping[str, Condition]]:
        return {}

    def as_dict(self, state: State) -> dict[str, str]:
        return {a.name: s for a, s in zip(self.actors, state, strict=True)}

    def as_state(self, states: Mapping[str, str]) -> State:
        return tuple(states[a.name] for a in self.actors)
