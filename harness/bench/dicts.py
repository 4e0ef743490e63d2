"""The program that one writes first: breadth-first search over a set of states, with dictionaries for the rows.

It is meant to be honest: conditions are compiled to closures, and an event's rows are found by where each participant
is. What it does not have is any idea.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product as combinations
from typing import NamedTuple, TypeAlias

from ccmproof.model.kernel.condition import TRUE, And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.network import Network, State

from ..engines.budget import Watch

Test: TypeAlias = Callable[[State], bool]


class Move(NamedTuple):
    """An event: its guard, and for each participant its place and, for each state there, the rows (when, after)."""

    guard: Test | None
    parts: tuple[tuple[int, dict[str, list[tuple[Test | None, str]]]], ...]


def search(network: Network, watch: Watch) -> int:
    """How many states are reachable; where the watch says stop, how many were found until then."""
    moves = _moves(network)
    found: set[State] = set()
    waiting: list[State] = []
    for state in _initial(network):
        found.add(state)
        waiting.append(state)
        if not len(found) & 1023:
            watch.look(len(found))
        if watch.cut:
            return len(found)
    for number, state in enumerate(waiting):
        if not number & 1023:
            watch.look(len(found))
        if watch.cut:
            break
        for move in moves:
            for after in _after(move, state):
                if after not in found:
                    found.add(after)
                    waiting.append(after)
    return len(found)


def _initial(network: Network) -> Iterator[State]:
    assumed = [_compiled(network, condition) for condition in network.assume]
    for state in combinations(*(actor.initial for actor in network.actors)):
        if all(holds(state) for holds in assumed):
            yield state


def _after(move: Move, state: State) -> Iterator[State]:
    choices = []
    for place, rows in move.parts:
        offered = [dest for when, dest in rows.get(state[place], ()) if when is None or when(state)]
        if not offered:
            return
        choices.append(offered)
    if move.guard is not None and not move.guard(state):
        return
    for chosen in combinations(*choices):
        after = list(state)
        for (place, _), dest in zip(move.parts, chosen, strict=True):
            after[place] = dest
        yield tuple(after)


def _moves(network: Network) -> list[Move]:
    found = []
    for event in network.events:
        parts = []
        for name in event.participants:
            rows: dict[str, list[tuple[Test | None, str]]] = {}
            for row in network.actor[name].by_event.get(event.name, ()):
                when = None if row.when == TRUE else _compiled(network, row.when)
                for source in row.sources:
                    rows.setdefault(source, []).append((when, row.target(source)))
            parts.append((network.position[name], rows))
        guard = None if event.guard == TRUE else _compiled(network, event.guard)
        found.append(Move(guard, tuple(parts)))
    return found


def _compiled(network: Network, condition: Condition) -> Test:
    match condition:
        case In(actor=actor):
            place, wanted = network.position[actor], network.resolve(condition)
            return lambda state: state[place] in wanted
        case Not(part=part):
            holds = _compiled(network, part)
            return lambda state: not holds(state)
        case Named(body=body):
            return _compiled(network, body)
        case And(parts=parts):
            tests = [_compiled(network, each) for each in parts]
            return lambda state: all(test(state) for test in tests)
        case Or(parts=parts):
            tests = [_compiled(network, each) for each in parts]
            return lambda state: any(test(state) for test in tests)
    raise TypeError(f"not a condition: {condition!r}")
