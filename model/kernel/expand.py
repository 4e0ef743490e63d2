"""From the layer that people write to the flat network that means something: rows, ``otherwise``, effects, time.

Nothing is decided here that is not said by the model; what is unsaid or contradictory is found by :mod:`.lint`.

It is one room because it is one thing: what a row, an effect or an ``otherwise`` becomes is asked of the same expansion
by the network, by the lints, and by the expansion of an edit beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from .actor import ANY, STAY, ActorDef, Effect, Guard, Otherwise, Row
from .condition import FALSE, TRUE, And, Condition, In, Named, Not, Or, all_of, any_of
from .definition import Model
from .errors import ConditionError, ModelError, nearest
from .network import Actor, Event, Network, Transition
from .text import parse


def expand(model: Model, beside: Expansion | None = None) -> Network:
    """The flat network that the model stands for.

    Args:
        beside: of a model that differs from this one in little, an edit perhaps; what both have is not expanded again.

    Raises:
        ModelError: a text does not parse, or names what is not there; it says in which actor and row.
    """
    return Expansion(model, beside).network()


@dataclass(frozen=True)
class Write:
    """One effect on one field: where ``when`` holds, the field takes one of ``values``, or what ``source`` has."""

    when: Condition
    values: tuple[str, ...]
    source: str | None
    cites: tuple[str, ...]


class _Opening(Mapping[str, Condition]):
    """The predicates as a text meets them: each is opened when it is named, so that their order does not matter."""

    def __init__(self, expansion: Expansion, within: tuple[str, ...]) -> None:
        self.expansion, self.within = expansion, within

    def __getitem__(self, name: str) -> Condition:
        if name not in self.expansion.texts:
            raise KeyError(name)
        return self.expansion.predicate(name, self.within)

    def __contains__(self, name: object) -> bool:
        return name in self.expansion.texts

    def __iter__(self) -> Iterator[str]:
        return iter(self.expansion.texts)

    def __len__(self) -> int:
        return len(self.expansion.texts)


class Expansion:
    """One model on its way to its network; :mod:`.lint` asks it what a row's guard and an effect's writes are.

    What an actor becomes follows from its own rows, from what others write to it, and from what words mean: where all
    of that is the same in an expansion ``beside`` this one, the actor is the very one that was made there.
    """

    def __init__(self, model: Model, beside: Expansion | None = None) -> None:
        self.model = model
        self.defs: Mapping[str, ActorDef] = {a.name: a for a in model.actors}
        self.texts = {p.name: p for p in model.predicates}
        self.beside = beside if beside is not None and _same_words(model, beside.model) else None
        self._predicates: dict[str, Condition] = {} if self.beside is None else dict(self.beside._predicates)
        self._parsed: dict[str, Condition] = {} if self.beside is None else dict(self.beside._parsed)
        for name in self.texts:
            self.predicate(name, ())

    def predicate(self, name: str, within: tuple[str, ...]) -> Condition:
        """The body of a named predicate; those that it names are opened first."""
        if name in within:
            raise ModelError(f"predicate {name}: it is defined by itself, through {' → '.join((*within, name))}")
        if name not in self._predicates:
            self._predicates[name] = self.guard(self.texts[name].text, f"predicate {name}", (*within, name))
        return self._predicates[name]

    def guard(self, guard: Guard, place: str, within: tuple[str, ...] = ()) -> Condition:
        """The condition that a guard is; ``within`` are the predicates that are being opened."""
        if isinstance(guard, Otherwise):
            raise ModelError(f"{place}: otherwise has no meaning here")
        if isinstance(guard, Condition):
            return _bound(guard, _Opening(self, within))
        if not guard:
            return TRUE
        if guard not in self._parsed:
            try:
                self._parsed[guard] = parse(guard, _Opening(self, within))
            except ConditionError as error:
                raise ModelError(f"{place}: {error}") from error
        return self._parsed[guard]

    def sources(self, of: ActorDef, row: Row) -> frozenset[str]:
        if row.source == (ANY,):
            return frozenset(of.states)
        found: set[str] = set()
        for name in row.source:
            if name in of.groups:
                found.update(of.groups[name])
            else:
                found.add(name)
        return frozenset(found)

    def when(self, of: ActorDef, row: Row) -> Condition:
        """The row's guard, with ``otherwise`` spelled out."""
        place = f"{of.name}/{row.event}"
        if not isinstance(row.when, Otherwise):
            return self.guard(row.when, place)
        here = self.sources(of, row)
        rivals = [
            other
            for other in of.rows
            if other is not row
            and not isinstance(other.when, Otherwise)
            and other.sends == row.sends
            and (row.sends or other.event == row.event)
            and self.sources(of, other) & here
        ]
        claims = []
        for other in rivals:
            shared = self.sources(of, other) & here
            claim = self.guard(other.when, place)
            claims.append(claim if shared == here else all_of(In(of.name, shared), claim))
        return ~any_of(*claims)

    @cached_property
    def writes(self) -> Mapping[tuple[str, str], list[Write]]:
        """For each event and each field that it touches, what is written, in the order of the model."""
        found: dict[tuple[str, str], list[Write]] = {}
        for of in self.model.actors:
            for key, write in self.written_by[of.name]:
                found.setdefault(key, []).append(write)
        return found

    @cached_property
    def written_by(self) -> Mapping[str, list[tuple[tuple[str, str], Write]]]:
        """For each actor what its rows write: the event and the field, and what."""
        return {
            of.name: self.beside.written_by[of.name]
            if self.beside is not None and self.shares(of)
            else [
                ((row.event, name), write)
                for row in of.rows
                for effect in row.effect
                for name, write in self.writes_of(of, row, effect)
            ]
            for of in self.model.actors
        }

    @cached_property
    def written_to(self) -> Mapping[str, list[tuple[str, list[Write]]]]:
        """For each actor what is written to it: by which events, and what."""
        found: dict[str, list[tuple[str, list[Write]]]] = {}
        for (event, name), writes in self.writes.items():
            found.setdefault(name, []).append((event, writes))
        return found

    def shares(self, of: ActorDef) -> bool:
        """Whether the expansion beside this one has the very actor."""
        return self.beside is not None and self.beside.defs.get(of.name) is of

    def writes_of(self, of: ActorDef, row: Row, effect: Effect) -> list[tuple[str, Write]]:
        place = f"{of.name}/{row.event}"
        # Where no other row can have been taken the event alone says that this one was.
        alone = sum(other.event == row.event for other in of.rows) == 1 and row.event not in of.ignores
        taken = TRUE if alone else all_of(In(of.name, self.sources(of, row)), self.when(of, row))
        when = all_of(taken, self.guard(effect.when, place))
        cites = tuple(row.cites.split())
        return [(name, Write(when, values, source, cites)) for name, values, source in self.fields_of(effect, place)]

    def fields_of(self, effect: Effect, place: str) -> list[tuple[str, tuple[str, ...], str | None]]:
        """``(field, values, source)`` for each field that an effect touches."""
        targets = self.record(effect.target)
        of_records = effect.source is not None and bool(self.record(effect.source))
        if effect.target in self.defs and not (targets and of_records):
            if effect.source is not None:
                self.known(effect.source, place)
                return [(effect.target, (), effect.source)]
            return [(effect.target, effect.values or self.blank(effect.target), None)]
        if not targets:
            raise ModelError(f"{place}: no record or field {effect.target!r}{nearest(effect.target, self.targets)}")
        shared = self.record(effect.source) if effect.source is not None else targets
        if not shared:
            raise ModelError(f"{place}: no record {effect.source!r}{nearest(str(effect.source), self.targets)}")
        wanted = effect.only or tuple(key for key in targets if key in shared)
        for key in wanted:
            if key not in targets or key not in shared:
                missing = effect.target if key not in targets else effect.source
                raise ModelError(f"{place}: {missing} has no field {key!r}{nearest(key, shared)}")
        if effect.source is None:
            return [(targets[key], self.blank(targets[key]), None) for key in wanted]
        return [(targets[key], (), shared[key]) for key in wanted]

    def blank(self, name: str) -> tuple[str, ...]:
        """What ``clear`` returns it to. A field that a scenario pins to another value still clears to its first."""
        of = self.defs[name]
        return of.states[:1] if of.record else of.initial[:1]

    def record(self, name: str) -> dict[str, str]:
        """The fields of a record: the short name and the actor's name."""
        return {a.name.removeprefix(f"{name}."): a.name for a in self.model.actors if a.record == name}

    @cached_property
    def targets(self) -> list[str]:
        return sorted({*self.defs, *(a.record for a in self.model.actors if a.record)})

    def known(self, name: str, place: str) -> None:
        if name not in self.defs:
            raise ModelError(f"{place}: there is no actor {name!r}{nearest(name, self.defs)}")

    def written(self, of: ActorDef, event: str, writes: list[Write]) -> list[Transition]:
        """The transitions of a field for one event that writes it."""
        anywhere = frozenset(of.states)
        made: list[Transition] = []
        for write in writes:
            if write.source is None:
                made += [self.move(of, event, anywhere, value, write.when, write.cites) for value in write.values]
                continue
            for value in self.defs[write.source].states:
                same = all_of(write.when, In(write.source, frozenset({value})))
                if value in of.states:
                    made.append(Transition(event, anywhere, value, same, write.cites))
                else:
                    raise ModelError(f"{of.name}/{event}: it has no state {value!r}, which {write.source} may bring")
        rest = ~any_of(*(write.when for write in writes))
        if rest != FALSE:
            made.append(Transition(event, anywhere, None, rest))
        return made

    def move(
        self, of: ActorDef, event: str, sources: frozenset[str], dest: str, when: Condition, cites: tuple[str, ...]
    ) -> Transition:
        for state in (*sorted(sources), dest):
            if state not in of.states and state != STAY:
                raise ModelError(
                    f"{of.name}/{event}: there is no state {state!r}{nearest(state, [*of.states, *of.groups])}"
                )
        return Transition(event, sources, None if dest == STAY else dest, when, cites)

    def transitions(self, of: ActorDef) -> tuple[Transition, ...]:
        made = [
            self.move(of, row.event, self.sources(of, row), row.dest, self.when(of, row), tuple(row.cites.split()))
            for row in of.rows
        ]
        for event in of.ignores:
            rows = [t for t in made if t.event == event]
            by_state: dict[Condition, set[str]] = {}
            for state in of.states:
                gap = ~any_of(*(t.when for t in rows if state in t.sources))
                if gap != FALSE:
                    by_state.setdefault(gap, set()).add(state)
            made += [Transition(event, frozenset(states), None, gap) for gap, states in by_state.items()]
        for event, writes in self.written_to.get(of.name, ()):
            made += self.written(of, event, writes)
        return tuple(made)

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """Each actor as it is in the network."""
        return tuple(self._as_beside(of) or self.flat(of) for of in self.model.actors)

    @cached_property
    def actor(self) -> Mapping[str, Actor]:
        """The same by name."""
        return {of.name: of for of in self.actors}

    def _as_beside(self, of: ActorDef) -> Actor | None:
        """The actor of the expansion beside this one, if it must be the same."""
        if self.beside is None or not self.shares(of):
            return None
        alike = self.written_to.get(of.name) == self.beside.written_to.get(of.name)
        return self.beside.actor[of.name] if alike else None

    def network(self) -> Network:
        """The network that the model stands for.

        Raises:
            ModelError: as :func:`expand`.
        """
        return self._network

    @cached_property
    def _network(self) -> Network:
        actors = self.actors
        events = tuple(self.events(actors))
        assume = tuple(self.guard(a.text, f"assumption {a.doc!r}") for a in self.model.assumptions)
        network = Network(self.model.name, actors, events, assume, dict(self._predicates), self.model.fairness)
        self.check_names(network)
        return _with_urgency(network, self.model.tick)

    def flat(self, of: ActorDef) -> Actor:
        return Actor(
            of.name,
            of.states,
            of.initial,
            self.transitions(of),
            of.host,
            frozenset(of.seen_by),
            {name: frozenset(states) for name, states in of.groups.items()},
            tuple(of.cites.split()),
            of.doc,
            of.parameter,
            bool(of.record) or not of.rows,
        )

    def events(self, actors: tuple[Actor, ...]) -> list[Event]:
        said = {e.name: e for e in self.model.events}
        sent: dict[str, list[tuple[ActorDef, Row]]] = {}
        names: dict[str, None] = {}
        for of in self.model.actors:
            for row in of.rows:
                names.setdefault(row.event)
                if row.sends:
                    sent.setdefault(row.event, []).append((of, row))
        made = []
        for name in names:
            by = sent.get(name, [])
            note = said.get(name)
            made.append(
                Event(
                    name,
                    by[0][0].name if by else "",
                    tuple(a.name for a in actors if name in a.alphabet),
                    self.guard(note.guard, f"event {name}") if note else TRUE,
                    any(row.urgent for _, row in by),
                    any(row.status for _, row in by),
                    next((row.status for _, row in by if row.status), ""),
                    tuple(note.cites.split()) if note else (),
                    note.doc if note else "",
                )
            )
        return made

    def check_names(self, network: Network) -> None:
        """Every name in every condition is there; an error says in which actor and event it is not."""
        if self.beside is None:
            for name, body in network.predicates.items():
                self.named(network, body, f"predicate {name}")
        for actor in network.actors:
            if self.beside is not None and self.beside.actor.get(actor.name) is actor:
                continue
            for row in actor.transitions:
                self.named(network, row.when, f"{actor.name}/{row.event}")
        known = {} if self.beside is None else self.beside.network().event
        for event in network.events:
            if event.name not in known or known[event.name].guard is not event.guard:
                self.named(network, event.guard, f"event {event.name}")
        for condition in network.assume:
            self.named(network, condition, "assumption")

    @staticmethod
    def named(network: Network, condition: Condition, place: str) -> None:
        if isinstance(condition, Named):
            return  # its body has been looked at under its own name
        try:
            network.check(condition)
        except ModelError as error:
            raise ModelError(f"{place}: {error}") from error


def _same_words(one: Model, two: Model) -> bool:
    """Whether what a text says in one model it says in the other: the same actors with the same states, and the same
    predicates."""

    def shape(model: Model) -> list[tuple[object, ...]]:
        return [(of.name, of.states, of.groups, of.record, of.initial) for of in model.actors]

    return one.predicates == two.predicates and shape(one) == shape(two)


def _bound(condition: Condition, predicates: Mapping[str, Condition]) -> Condition:
    """The same condition with its predicates as the model has them now, whatever they were when it was built."""
    match condition:
        case Named(name=name) if name in predicates:
            return Named(name, predicates[name])
        case Not(part=part):
            return Not(_bound(part, predicates))
        case And(parts=parts):
            return And(tuple(_bound(part, predicates) for part in parts))
        case Or(parts=parts):
            return Or(tuple(_bound(part, predicates) for part in parts))
    return condition


def readiness(network: Network, event: Event) -> Condition:
    """The condition under which the event may happen: its guard, and of each participant some row that applies."""
    parts = [event.guard]
    for name in event.participants:
        actor = network.actor[name]
        everywhere = frozenset(actor.states)
        rows = actor.by_event[event.name]
        claims = [t.when if t.sources == everywhere else all_of(In(name, t.sources), t.when) for t in rows]
        parts.append(any_of(*claims))
    return all_of(*parts)


def _with_urgency(network: Network, tick: str) -> Network:
    """Time waits while an urgent event may happen."""
    urgent = [event for event in network.events if event.urgent]
    if not urgent or tick not in network.event:
        return network
    held = all_of(*(~readiness(network, event) for event in urgent))
    events = tuple(
        replace(event, guard=all_of(event.guard, held)) if event.name == tick else event for event in network.events
    )
    return replace(network, events=events)
