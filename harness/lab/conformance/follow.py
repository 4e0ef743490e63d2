"""Following a lab in the model: the set of states that are consistent with all that was seen, in one environment.

Nothing is believed of a component but what crosses a wire or lies in a store:

* a *stimulus* (:meth:`Follower.do`) is an event that whoever runs the lab makes, in the states of the belief;
* an *observation* (:meth:`Follower.see`) is one of a few events, whose fields have the values that were seen; what
  happened inside of hosts before it is any of the internal events;
* *evidence* (:meth:`Follower.learn`) is what is true now: a row of a database, an entry of a cache.

The belief is exact because messages are held: when nothing goes on any more but what is held, no internal step is
outstanding that does not belong to a message on its way. So a stimulus needs no closure, and where the sender of a
message decides an event it has happened once the message is on the wire, not when it arrives.

An empty belief is a deviation (:class:`Deviates`); it says what was seen, and of each event that this might have been
what in the model bars it, or which fields differ.

References: Sampath et al., "Diagnosability of discrete-event systems" (1995), for belief sets and silent closures;
Tretmans, "Model based testing with labelled transition systems" (2008), for the relation that is tested, ioco.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeAlias

from ccmproof.model.kernel.barred import barred
from ccmproof.model.kernel.condition import In, false_leaves
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import State
from ccmproof.model.kernel.run import Run, replayed

from ..contract import Work
from .alphabet import QUEUES, RESTS, RETRIES
from .equipment import Equipment, equipment

Facts: TypeAlias = Mapping[str, str | frozenset[str]]
"""For actors of the model, most of them fields of records, the value that was seen, or the values that it may be."""


def values_of(fact: str | frozenset[str]) -> frozenset[str]:
    """The values that something may be by a fact."""
    return fact if isinstance(fact, frozenset) else frozenset({fact})


@dataclass(frozen=True)
class Seen:
    """Something that was seen.

    Attributes:
        what: in words, as a person would say it who has only the wire.
        events: what it may be in the model; empty where it is no event, only evidence.
        before, after: what was seen of the model's state just before the event and just after it.
        holds: a condition that was seen to be true before it, in the model's words.
    """

    what: str
    events: tuple[str, ...] = ()
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)
    holds: str = ""


@dataclass(frozen=True)
class Alternative:
    """One event that an observation might have been, and why it was not: what bars it, or what differs.

    Attributes:
        differs: for fields, the value in the model and what was seen.
    """

    event: str
    barred: tuple[str, ...] = ()
    differs: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.barred:
            return f"{self.event}: not so that {'; '.join(self.barred)}"
        said = "; ".join(f"{name} is {one}, and {other} was seen" for name, (one, other) in self.differs.items())
        return f"{self.event or 'now'}: {said or 'nothing speaks against it alone'}"


@dataclass(frozen=True)
class Deviation:
    """Where a lab has left the model.

    Attributes:
        number: of the step that deviates, from 1.
        broken: the properties that what was seen breaks (:mod:`.judged`), by ID.
        state: the state of the model that comes nearest, overlaid with what was seen.
    """

    number: int
    seen: Seen
    alternatives: tuple[Alternative, ...]
    state: Mapping[str, str]
    broken: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"step {self.number}: {self.seen.what}: the model does not allow it"]
        lines += [f"  {each}" for each in self.alternatives]
        if self.broken:
            lines.append(f"  it breaks {', '.join(self.broken)}")
        return "\n".join(lines)


class Deviates(Exception):
    """What was seen is in no state of the model."""

    def __init__(self, deviation: Deviation) -> None:
        super().__init__(str(deviation))
        self.deviation = deviation


_Layer: TypeAlias = dict[int, tuple[int, tuple[tuple[str, int], ...]]]
"""For each state the one that it comes from, in the layer before, and the steps between them."""


class Follower:
    """The belief about one lab.

    Args:
        environment: a whole one (:meth:`Equipment.environment`).
        settled: stimuli are made only while nothing goes on but what is held. Without that, internal steps that are
            outstanding may come before them.

    Attributes:
        works: what the client is at.
        queued: what these works have still to queue.
        steps: how many stimuli, observations and pieces of evidence there were.
        taken: of each, what it was taken for: the events that fit; ``looked_at``: each itself.
    """

    def __init__(self, environment: Mapping[str, str], using: Equipment | None = None, *, settled: bool = True) -> None:
        self.settled = settled
        self.using = using or equipment()
        self.network, self.compiled = self.using.network, self.using.compiled
        self.environment = dict(environment)
        first = self.compiled.number(self.using.initial(environment))
        self._layers: list[_Layer] = [{first: (first, ())}]
        self.works: frozenset[Work] = frozenset()
        self.queued: frozenset[str] = frozenset()
        self.steps = 0
        self.taken: list[tuple[str, ...]] = []
        self.looked_at: list[Seen] = []

    @property
    def belief(self) -> frozenset[int]:
        """The states in which the model may be, by number."""
        return frozenset(self._layers[-1])

    @property
    def states(self) -> frozenset[State]:
        """The states in which the model may be."""
        return frozenset(self.compiled.states[number] for number in self._layers[-1])

    # -- what whoever runs the lab does

    def begin(self, work: Work) -> None:
        """The client begins a work: with a retry where the attempt before has failed, queueing a message where it can.

        Raises:
            Deviates: never for a client; a work is no observation.
        """
        self.works |= {work}
        for event in RETRIES.get(work, ()):
            if self.allows(event):
                self.do(event)
        for event in QUEUES.get(work, ()):
            if self.allows(event):
                self.do(event)
            else:
                self.queued |= {event}

    def end(self, work: Work) -> None:
        """The client has ended a work: its component is at rest.

        Raises:
            Deviates: it cannot be at rest there.
        """
        self.learn(Seen(f"the work {work.value} is over", holds=RESTS[work]))
        self.works -= {work}
        self.queued -= {*QUEUES.get(work, ())}

    def allows(self, event: str) -> bool:
        """Whether whoever runs the lab may make the event now, wherever in the belief the model is."""
        return all(self.compiled.enabled(event, state) for state in self._layers[-1])

    def might(self, event: str) -> bool:
        """Whether the event may happen in some state of the belief."""
        return any(self.compiled.enabled(event, state) for state in self._layers[-1])

    def do(self, event: str, after: Facts | None = None) -> None:
        """A stimulus is made, with outcomes that agree with ``after``.

        Raises:
            Deviates: the model does not allow it.
        """
        seen = Seen(f"{event} is made", (event,), after=after or {})
        self._go(seen, self._as_it_is() if self.settled else self._closed())

    # -- what is seen

    def see(self, seen: Seen) -> None:
        """An observation, or evidence after internal steps.

        Raises:
            Deviates: the model does not allow it.
        """
        self._go(seen, self._closed())

    def learn(self, seen: Seen) -> None:
        """Evidence: what is true now, after internal steps.

        Raises:
            Deviates: it is true in no state of the belief.
        """
        self._go(Seen(seen.what, (), seen.before, seen.after, seen.holds), self._closed())

    def look(self, facts: Facts, what: str = "what lies in the stores") -> None:
        """What lies in stores while nothing goes on: no internal step is outstanding.

        Raises:
            Deviates: it is so in no state of the belief.
        """
        if facts:
            self._go(Seen(what, before=facts), self._as_it_is() if self.settled else self._closed())

    def expects(self, seen: Seen) -> bool:
        """Whether it might be seen now."""
        return bool(self._next(seen, self._closed()))

    def before(self, seen: Seen) -> Iterable[int]:
        """The states in which it may have been seen: where internal events come first, those that they lead to."""
        return self._closed() if seen.events or seen.holds else self._as_it_is()

    def fits(self, seen: Seen, state: int) -> tuple[tuple[tuple[str, int], ...], int] | None:
        """The internal events by which a state leads to where it fits, each with the state before, and that state; None
        where none do."""
        back = self.compiled.closure(state, self.using.silent(self.works, self.queued))
        fitting = self._next(seen, {each: (each, ()) for each in back})
        if not fitting:
            return None
        way = _way(back, next(iter(fitting.values()))[0])
        states = (state, *(after for _, after in way))
        return tuple(zip((event for event, _ in way), states, strict=False)), states[-1]

    def _as_it_is(self) -> _Layer:
        return {state: (state, ()) for state in self._layers[-1]}

    def _closed(self) -> _Layer:
        """The belief closed under what nobody sees; each state with the way to it."""
        silent = self.using.silent(self.works, self.queued)
        found: _Layer = {}
        for state in self._layers[-1]:
            back = self.compiled.closure(state, silent)
            for after in back:
                if after not in found:
                    found[after] = state, _way(back, after)
        return found

    def _go(self, seen: Seen, closed: _Layer) -> None:
        self.steps += 1
        layer = self._next(seen, closed)
        if not layer:
            raise Deviates(self._deviation(seen, closed))
        last = {way[-1][0] for _, way in layer.values() if way}
        self.taken.append(tuple(event for event in seen.events if event in last))
        self.looked_at.append(seen)
        self._layers.append(layer)

    def _next(self, seen: Seen, closed: _Layer) -> _Layer:
        before, after = self._needs(seen.before), self._needs(seen.after)
        holds = self.compiled.test(self.network.condition(seen.holds)) if seen.holds else None
        found: _Layer = {}
        states = self.compiled.states
        for state, (origin, way) in closed.items():
            if not _fits(states[state], before) or (holds is not None and not holds(states[state])):
                continue
            if not seen.events:
                if _fits(states[state], after):
                    found.setdefault(state, (origin, way))
                continue
            for event in seen.events:
                for outcome in self.compiled.outcomes(event, state):
                    if outcome not in found and _fits(states[outcome], after):
                        found[outcome] = origin, (*way, (event, outcome))
        return found

    def _needs(self, facts: Facts) -> list[tuple[int, frozenset[str]]]:
        return [(self._place(name), values_of(value)) for name, value in facts.items()]

    def _place(self, name: str) -> int:
        if name not in self.network.position:
            raise ModelError(f"there is no actor {name!r}{nearest(name, self.network.position)}")
        return self.network.position[name]

    # -- what has come of it

    def run(self) -> Run:
        """One run of the model that is consistent with all that was seen; the reference semantics has confirmed it."""
        first, ways = self._ways()
        steps = [step for way in ways for step in way]
        path = [self.compiled.states[number] for number in (first, *(after for _, after in steps))]
        return replayed(self.network, path, [event for event, _ in steps])

    def lengths(self) -> tuple[int, ...]:
        """How long :meth:`run` is after each of :attr:`steps`; at the beginning 0."""
        return tuple(accumulate(map(len, self._ways()[1]), initial=0))

    def _ways(self) -> tuple[int, list[tuple[tuple[str, int], ...]]]:
        """Where one run begins, and by which steps it goes from each layer to the next."""
        state = min(self._layers[-1])
        ways = []
        for layer in reversed(self._layers[1:]):
            state, way = layer[state]
            ways.append(way)
        return state, ways[::-1]

    def _deviation(self, seen: Seen, closed: _Layer) -> Deviation:
        from .judged import broken_by

        nearest_state, alternatives = self._alternatives(seen, closed)
        overlaid = {**self.network.as_dict(nearest_state), **_single(seen.before)}
        broken = broken_by(self.using, seen, overlaid)
        return Deviation(self.steps, seen, alternatives, overlaid, broken)

    def _alternatives(self, seen: Seen, closed: _Layer) -> tuple[State, tuple[Alternative, ...]]:
        """For each event that it might have been the state that comes nearest to it, and what is missing there."""
        found: list[tuple[int, State, Alternative]] = []
        for event in seen.events or ("",):
            options = [self._missing(event, seen, self.compiled.states[state]) for state in closed]
            found.append(min(options, key=lambda each: each[0]))
        best = min(found, key=lambda each: each[0])
        return best[1], tuple(alternative for _, _, alternative in found)

    def _missing(self, event: str, seen: Seen, state: State) -> tuple[int, State, Alternative]:
        differs = self._differs(seen.before, state)
        holds: tuple[str, ...] = ()
        if seen.holds:
            holds = false_leaves(self.network.condition(seen.holds), lambda leaf: self._leaf(leaf, state))
        if not event:
            differs |= self._differs(seen.after, state)
            return len(differs) + len(holds), state, Alternative("", holds, differs)
        why = (*holds, *barred(self.network, self.network.event[event], state))
        if why:
            away = self._away(event, state)
            return 1000 * away + 100 * len(why) + len(differs), state, Alternative(event, why, differs)
        ends = [self._differs(seen.after, self.compiled.states[end])
                for end in self.compiled.outcomes(event, self.compiled.number(state))]  # fmt: skip
        least = min(ends, key=len)
        return len(differs) + len(least), state, Alternative(event, (), {**differs, **least})

    def _away(self, event: str, state: State) -> int:
        """How many of its participants are where no row of theirs begins: what is barred by a guard comes nearer."""
        network = self.network
        return sum(
            not any(state[network.position[name]] in row.sources for row in network.actor[name].by_event[event])
            for name in network.event[event].participants
        )

    def _leaf(self, leaf: In, state: State) -> bool:
        return state[self.network.position[leaf.actor]] in self.network.resolve(leaf)

    def _differs(self, facts: Facts, state: State) -> dict[str, tuple[str, str]]:
        found = {}
        for (place, values), name in zip(self._needs(facts), facts, strict=True):
            if state[place] not in values:
                found[name] = state[place], " or ".join(sorted(values))
        return found


def _fits(state: State, needs: Iterable[tuple[int, frozenset[str]]]) -> bool:
    return all(state[place] in values for place, values in needs)


def _way(back: Mapping[int, tuple[int, str] | None], state: int) -> tuple[tuple[str, int], ...]:
    """The steps from where a closure begins to a state of it."""
    steps: list[tuple[str, int]] = []
    here = back[state]
    while here is not None:
        before, event = here
        steps.append((event, state))
        state, here = before, back[before]
    return tuple(reversed(steps))


def _single(facts: Facts) -> dict[str, str]:
    """The facts that say one value."""
    return {name: next(iter(v)) if isinstance(v, frozenset) else v for name, v in facts.items()
            if not isinstance(v, frozenset) or len(v) == 1}  # fmt: skip
