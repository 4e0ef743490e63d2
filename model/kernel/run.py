"""Runs: a path of the product, from an initial state, step by step; with the loop of a lasso where it has one.

A counterexample, a replayed log, a path that a person walks are all this one object. A run that is shown has been
replayed on the reference semantics (:func:`replayed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import product
from .barred import barred
from .condition import Condition, false_leaves
from .errors import ModelError, nearest
from .network import Network, State

VERSION = 1
"""Of the JSON form. It goes up when a reader of the older form would misread the newer."""


@dataclass(frozen=True)
class Step:
    """One event of a run and what it changed: ``{actor: (before, after)}``."""

    event: str
    controller: str
    host: str
    changed: dict[str, tuple[str, str]]
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """A path of the product.

    Attributes:
        states: one more than there are steps.
        loop: for a lasso, the index of the state to which the last step returns; for a run that comes to rest in its
            last state, the index of that.
        because: the false leaves of the condition that the last state breaks, in words.
    """

    network: str
    environment: dict[str, str]
    steps: tuple[Step, ...]
    states: tuple[dict[str, str], ...]
    loop: int | None = None
    because: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.steps)

    def to_json(self) -> dict[str, Any]:
        """The versioned JSON form, made of plain dictionaries, lists and strings."""
        return {
            "version": VERSION,
            "network": self.network,
            "environment": self.environment,
            "initial": self.states[0],
            "steps": [
                {
                    "event": step.event,
                    "controller": step.controller,
                    "host": step.host,
                    "changed": {actor: list(change) for actor, change in step.changed.items()},
                    "cites": list(step.cites),
                }
                for step in self.steps
            ],
            "loop": self.loop,
            "because": list(self.because),
        }


def replayed(
    network: Network,
    path: Sequence[State],
    events: Sequence[str],
    *,
    broken: Condition | None = None,
    loop: int | None = None,
) -> Run:
    """The run along ``path``, once the reference semantics has confirmed each step of it.

    Args:
        path: the states, one more than ``events``.
        broken: a condition that the last state is said to break.
        loop: the index of the state that equals the last one; the last one's own for a run that comes to rest.

    Raises:
        ModelError: a step, the first state, the loop or the broken condition is not what the semantics says. Then the
            engine that found the path is wrong, and nothing is shown.
    """
    if len(path) != len(events) + 1:
        raise ModelError(f"a run of {len(events)} steps has {len(events) + 1} states, not {len(path)}")
    if not all(product.holds(network, condition, path[0]) for condition in network.assume) or any(
        state not in actor.initial for actor, state in zip(network.actors, path[0], strict=True)
    ):
        raise ModelError("the run does not begin in an initial state")
    steps = []
    for number, (before, name, after) in enumerate(zip(path[:-1], events, path[1:], strict=True), start=1):
        check_step(network, number, name, before)
        if after not in product.outcomes(network, network.event[name], before):
            raise ModelError(f"step {number} of the run, {name}, is not possible there: it leads elsewhere")
        steps.append(step_of(network, name, before, after))
    if loop is not None and not (0 <= loop <= len(events) and path[loop] == path[-1]):
        raise ModelError("the loop of the run does not close")
    because: tuple[str, ...] = ()
    if broken is not None:
        last = path[-1]
        if product.holds(network, broken, last):
            raise ModelError("the run ends in a state that does not break the condition")
        because = false_leaves(broken, lambda leaf: last[network.position[leaf.actor]] in network.resolve(leaf))
    environment = {a.name: path[0][network.position[a.name]] for a in network.unknowns}
    return Run(network.name, environment, tuple(steps), tuple(map(network.as_dict, path)), loop, because)


def check_step(network: Network, number: int, name: str, before: State) -> None:
    """Refuse a step that may not be made in the state.

    Raises:
        ModelError: there is no such event, or it may not happen; it says what is not so.
    """
    event = network.event.get(name)
    if event is None:
        raise ModelError(f"step {number} of the run: there is no event {name!r}{nearest(name, network.event)}")
    missing = "; ".join(barred(network, event, before))
    if missing:
        raise ModelError(f"step {number} of the run, {name}, is not possible there: not so that {missing}")


def step_of(network: Network, name: str, before: State, after: State) -> Step:
    """The step from one state to the next: what changed, and the statements behind the transitions that were taken."""
    event = network.event[name]
    cites: list[str] = [*event.cites]
    for participant in event.participants:
        place = network.position[participant]
        for row in product.offered(network, network.actor[participant], name, before):
            if row.target(before[place]) == after[place]:
                cites.extend(row.cites)
    changed = {a.name: (x, y) for a, x, y in zip(network.actors, before, after, strict=True) if x != y}
    host = network.actor[event.controller].host if event.controller else ""
    return Step(name, event.controller, host, changed, tuple(dict.fromkeys(cites)))
