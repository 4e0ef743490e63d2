"""The product's steps, fast: conditions compiled to Python, states numbered, and what leads where kept in mind.

It means what :mod:`ccmproof.model.kernel.product` says, which is small, slow and right; a test holds the two equal.
One network with every unknown open serves all environments, for a state has its environment in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Event, Network, State

Test = Callable[[State], bool]
Back = Mapping[int, tuple[int, str] | None]
"""For each state of a closure the state before it and the event between them; ``None`` for where it begins."""


class Compiled:
    """A network's steps. A state is known by its number.

    Attributes:
        states: by number.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.states: list[State] = []
        self._numbers: dict[State, int] = {}
        self._sets: list[frozenset[str]] = []
        self._predicates: dict[str, tuple[Condition, str]] = {}
        self._space: dict[str, Any] = {"sets": self._sets}
        self._tests: dict[Condition, Test] = {}
        self._events = {event.name: _Event(self, event) for event in network.events}
        self._outcomes: dict[tuple[str, int], tuple[int, ...]] = {}
        self._closures: dict[tuple[int, frozenset[str]], Back] = {}
        self._by_controller = self._index()

    def number(self, state: State) -> int:
        """The number of a state."""
        found = self._numbers.get(state)
        if found is None:
            found = self._numbers[state] = len(self.states)
            self.states.append(state)
        return found

    def test(self, condition: Condition) -> Test:
        """The condition as a function of a state. Equal conditions with different predicates behind them are not mixed
        up: a network has each name once."""
        found = self._tests.get(condition)
        if found is None:
            found = self._tests[condition] = eval(f"lambda s: {self._text(condition)}", self._space)
        return found

    def holds(self, condition: Condition, state: int) -> bool:
        """Is the condition true in the state?"""
        return self.test(condition)(self.states[state])

    def outcomes(self, event: str, state: int) -> tuple[int, ...]:
        """Where the event may end, each once; nowhere where it may not happen.

        Raises:
            ModelError: there is no such event; the nearest name is given.
        """
        key = event, state
        found = self._outcomes.get(key)
        if found is None:
            compiled = self._events.get(event)
            if compiled is None:
                raise ModelError(f"there is no event {event!r}{nearest(event, self._events)}")
            found = self._outcomes[key] = tuple(map(self.number, compiled.outcomes(self.states[state])))
        return found

    def enabled(self, event: str, state: int) -> bool:
        """Whether the event may happen in the state; where it leads is not worked out.

        Raises:
            ModelError: as :meth:`outcomes`.
        """
        if event not in self._events:
            raise ModelError(f"there is no event {event!r}{nearest(event, self._events)}")
        return self._events[event].enabled(self.states[state])

    def steps(self, state: int, events: frozenset[str]) -> Iterator[tuple[str, int]]:
        """Each step by one of these events."""
        here = self.states[state]
        for place, by_state in self._by_controller:
            for event in by_state.get(here[place], ()):
                if event in events:
                    for after in self.outcomes(event, state):
                        yield event, after

    def closure(self, state: int, events: frozenset[str]) -> Back:
        """What the state leads to by these events, itself included, and by which way: a shortest one."""
        key = state, events
        found = self._closures.get(key)
        if found is None:
            back: dict[int, tuple[int, str] | None] = {state: None}
            waiting = [state]
            for before in waiting:
                for event, after in self.steps(before, events):
                    if after not in back:
                        back[after] = before, event
                        waiting.append(after)
            found = self._closures[key] = back
        return found

    def _index(self) -> list[tuple[int, dict[str, list[str]]]]:
        """For each actor that decides something, the events that it may decide in each of its states."""
        found: dict[int, dict[str, list[str]]] = {}
        for event in self.network.events:
            by_state = found.setdefault(self.network.position[event.controller], {})
            rows = self.network.actor[event.controller].by_event[event.name]
            for state in sorted(frozenset().union(*(row.sources for row in rows))):
                by_state.setdefault(state, []).append(event.name)
        return sorted(found.items())

    def _text(self, condition: Condition) -> str:
        """The condition as a Python expression of ``s``."""
        match condition:
            case In(actor=actor):
                states = self.network.resolve(condition)
                place = self.network.position[actor]
                if len(states) == 1:
                    return f"s[{place}] == {next(iter(states))!r}"
                self._sets.append(states)
                return f"s[{place}] in sets[{len(self._sets) - 1}]"
            case Not(part=part):
                return f"not ({self._text(part)})"
            case And(parts=parts):
                return " and ".join(f"({self._text(part)})" for part in parts) or "True"
            case Or(parts=parts):
                return " or ".join(f"({self._text(part)})" for part in parts) or "False"
            case Named(name=name, body=body):
                return f"{self._predicate(name, body)}(s)"
        raise TypeError(f"not a condition: {condition!r}")

    def _predicate(self, name: str, body: Condition) -> str:
        """The name of the function that a predicate has become; where a name has two bodies there are two."""
        known = self._predicates.get(name)
        if known is None or known[0] is not body:
            text = self._text(body)  # which may make functions of its own
            function = f"p{len(self._space)}"
            self._space[function] = eval(f"lambda s: {text}", self._space)
            known = self._predicates[name] = body, function
        return known[1]


class _Event:
    """One event: its guard, and of each participant the rows."""

    def __init__(self, of: Compiled, event: Event) -> None:
        self.guard = of.test(event.guard)
        self.participants = [
            (
                of.network.position[name],
                [(row.sources, row.dest, of.test(row.when)) for row in of.network.actor[name].by_event[event.name]],
            )
            for name in sorted(event.participants, key=lambda name: name != event.controller)
        ]

    def enabled(self, state: State) -> bool:
        return self.guard(state) and all(
            any(state[place] in sources and when(state) for sources, _, when in rows)
            for place, rows in self.participants
        )

    def outcomes(self, state: State) -> Iterable[State]:
        if not self.guard(state):
            return ()
        changes: list[tuple[int, list[str]]] = []
        for place, rows in self.participants:
            here = state[place]
            targets = [
                here if dest is None else dest for sources, dest, when in rows if here in sources and when(state)
            ]
            if not targets:
                return ()
            if targets != [here]:
                changes.append((place, targets))
        found: dict[State, None] = {}
        for chosen in product(*(targets for _, targets in changes)):
            after = list(state)
            for (place, _), target in zip(changes, chosen, strict=True):
                after[place] = target
            found[tuple(after)] = None
        return found
