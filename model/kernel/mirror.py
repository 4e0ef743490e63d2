"""A model once more beside itself: everything that is not shared is there twice, the second the image of the first.

So a second client is not written a second time: what the model says of the first one is said of the second, with names
exchanged, and an edit of the text is an edit of both. What the first says of the second beforehand (a token's owner may
be the other's) becomes what the second says of the first. The network that comes out is symmetric (:mod:`.symmetry`)
as long as what is pinned is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .actor import ActorDef, Effect, Guard, Otherwise, Row
from .condition import TRUE, And, Condition, In, Named, Not, Or, all_of, any_of, leaves
from .definition import Assumption, EventDef, Model, Predicate
from .edit_rows import Edit, tree_of
from .errors import ModelError, nearest
from .network import Network
from .symmetry import Swap


@dataclass(frozen=True)
class AddMirror(Edit):
    """What is not shared is there a second time.

    Attributes:
        prefix: of the second one's names: ``peer.ccmsetup``, ``peer_ccmsetup_starts``.
        shared: the actors that are there once. Parameters always are. Where a shared actor has a row for an event of
            the first one's, it has the image of the row for the image of the event.
        together: the events that happen to both at once. A row that sends one of them writes both.
        hosts: the hosts that are another place for the second one; what is shared, both may see.
        states: for an actor that is not shared the pairs of states that name one side or the other.
    """

    prefix: str
    shared: frozenset[str]
    together: frozenset[str] = frozenset()
    hosts: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"once more, as {self.prefix}"

    def on(self, model: Model) -> Model:
        known = {of.name for of in model.actors}
        for name in sorted({*self.shared, *self.states} - known):
            raise ModelError(f"there is no actor {name!r}{nearest(name, known)}")
        return _Mirror(self, model).model()

    def swap(self, network: Network) -> Swap:
        """The swap under which a network with this mirror is symmetric: the second one's names beside the first's."""
        actors = {name: f"{self.prefix}.{name}" for name in network.actor if f"{self.prefix}.{name}" in network.actor}
        events = {name: f"{self.prefix}_{name}" for name in network.event if f"{self.prefix}_{name}" in network.event}
        return Swap(actors, events, self.states)


class _Mirror:
    """One model on its way to being there twice."""

    def __init__(self, edit: AddMirror, model: Model) -> None:
        self.edit, self.before = edit, model
        own = [of for of in model.actors if of.name not in edit.shared and not of.parameter]
        self.actors = {of.name: f"{edit.prefix}.{of.name}" for of in own}
        records = dict.fromkeys(of.record for of in own if of.record)
        self.targets = {**{name: f"{edit.prefix}.{name}" for name in records}, **self.actors}
        self.predicates = self._own_predicates()
        self.swap = Swap(self.actors, {}, edit.states)
        self.events = {name: f"{edit.prefix}_{name}" for name in self._own_events()}

    def model(self) -> Model:
        before, own = self.before, self.actors
        there = [self._shared(of) if of.name not in own else of for of in before.actors]
        return replace(
            before,
            actors=(*there, *(self._actor(of) for of in before.actors if of.name in own)),
            predicates=(*before.predicates, *map(self._predicate, self._own(before.predicates))),
            events=(*before.events, *(self._note(note) for note in before.events if note.name in self.events)),
            assumptions=(*before.assumptions, *self._assumptions()),
        )

    def _own(self, predicates: Iterable[Predicate]) -> list[Predicate]:
        return [each for each in predicates if each.name in self.predicates]

    def _tree(self, guard: Guard) -> Condition:
        return TRUE if isinstance(guard, Otherwise) else tree_of(guard, self.before)

    def _own_predicates(self) -> dict[str, str]:
        """The predicates that read what is not shared, by themselves or through others."""
        trees = {each.name: self._tree(each.text) for each in self.before.predicates}
        found: dict[str, str] = {}
        for _ in trees:
            new = [name for name, tree in trees.items() if name not in found and self._reads(tree, found)]
            if not new:
                break
            found.update((name, f"{self.edit.prefix}_{name}") for name in new)
        return found

    def _reads(self, tree: Condition, predicates: Mapping[str, str]) -> bool:
        """Whether the condition reads what is not shared, on either side."""
        sides = {*self.actors, *self.actors.values()}
        return bool(_names(tree) & predicates.keys()) or any(leaf.actor in sides for leaf in leaves(tree))

    def _own_events(self) -> list[str]:
        """The events that some actor that is not shared takes part in, or whose row reads or writes one."""
        found: dict[str, None] = {}
        for of in self.before.actors:
            mine = of.name in self.actors
            for row in of.rows:
                if mine or self._touches(row):
                    found.setdefault(row.event)
            if mine:
                found.update(dict.fromkeys((*of.ignores, *of.holds_up)))
        return [name for name in found if name not in self.edit.together]

    def _touches(self, row: Row) -> bool:
        guards = (row.when, *(effect.when for effect in row.effect))
        written = any(effect.target in self.targets for effect in row.effect)
        return written or any(self._reads(self._tree(guard), self.predicates) for guard in guards)

    def _guard(self, guard: Guard) -> Guard:
        """The guard as the second one reads it, as text."""
        if isinstance(guard, Otherwise):
            return guard
        tree = self._condition(self._tree(guard))
        return "" if tree == TRUE else str(tree)

    def _condition(self, condition: Condition) -> Condition:
        match condition:
            case In(actor=actor, names=names):
                states = frozenset(self.swap.state(actor, name) for name in names)
                return In(self.swap.actor(actor), states)
            case Named(name=name, body=body):
                return Named(self.predicates.get(name, name), body)
            case Not(part=part):
                return ~self._condition(part)
            case And(parts=parts):
                return all_of(*map(self._condition, parts))
            case Or(parts=parts):
                return any_of(*map(self._condition, parts))
        raise TypeError(f"not a condition: {condition!r}")

    def _target(self, name: str) -> str:
        """The other side's record or actor of that name."""
        back = {image: own for own, image in self.targets.items()}
        return self.targets.get(name, back.get(name, name))

    def _effect(self, effect: Effect) -> Effect:
        return replace(
            effect,
            target=self._target(effect.target),
            values=tuple(self.swap.state(effect.target, value) for value in effect.values),
            source=None if effect.source is None else self._target(effect.source),
            when=self._guard(effect.when),
        )

    def _row(self, row: Row, states: Mapping[str, str]) -> Row:
        return replace(
            row,
            event=self.events.get(row.event, row.event),
            source=tuple(states.get(name, name) for name in row.source),
            dest=states.get(row.dest, row.dest),
            when=self._guard(row.when),
            effect=tuple(map(self._effect, row.effect)),
        )

    def _actor(self, of: ActorDef) -> ActorDef:
        """The second one's."""
        states = {state: self.swap.state(of.name, state) for state in of.states}

        def named(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(states.get(name, name) for name in names)

        return replace(
            of,
            name=self.actors[of.name],
            host=self.edit.hosts.get(of.host, of.host),
            states=named(of.states),
            initial=named(of.initial),
            rows=tuple(self._row(row, states) for row in of.rows),
            groups={name: named(group) for name, group in of.groups.items()},
            seen_by=tuple(self.edit.hosts.get(host, host) for host in of.seen_by),
            ignores=self._events(of.ignores),
            holds_up=self._events(of.holds_up),
            waits=named(of.waits),
            frozen=named(of.frozen),
            record=self.targets[of.record] if of.record else "",
        )

    def _events(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.events.get(name, name) for name in names)

    def _shared(self, of: ActorDef) -> ActorDef:
        """An actor that is there once, as it deals with both."""
        rows: list[Row] = []
        for row in of.rows:
            if row.event in self.edit.together:
                more = tuple(effect for effect in map(self._effect, row.effect) if effect not in row.effect)
                rows.append(replace(row, effect=row.effect + more))
            elif row.event in self.events:
                rows += [row, self._row(row, {})]
            else:
                rows.append(row)
        hosts = (self.edit.hosts[host] for host in (of.host, *of.seen_by) if host in self.edit.hosts)
        return replace(
            of,
            rows=tuple(rows),
            seen_by=tuple(dict.fromkeys((*of.seen_by, *hosts))),
            ignores=tuple(dict.fromkeys((*of.ignores, *self._events(of.ignores)))),
            holds_up=tuple(dict.fromkeys((*of.holds_up, *self._events(of.holds_up)))),
        )

    def _predicate(self, each: Predicate) -> Predicate:
        return replace(each, name=self.predicates[each.name], text=self._guard(each.text) or "true")

    def _note(self, note: EventDef) -> EventDef:
        return replace(note, name=self.events[note.name], guard=self._guard(note.guard))

    def _assumptions(self) -> list[Assumption]:
        return [
            replace(each, text=self._guard(each.text))
            for each in self.before.assumptions
            if self._reads(self._tree(each.text), self.predicates)
        ]


def _names(condition: Condition) -> frozenset[str]:
    """The predicates that stand in the condition itself."""
    match condition:
        case Named(name=name):
            return frozenset({name})
        case Not(part=part):
            return _names(part)
        case And(parts=parts) | Or(parts=parts):
            return frozenset().union(*map(_names, parts))
    return frozenset()
