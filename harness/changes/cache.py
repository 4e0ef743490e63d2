"""What the original design gave, kept by the hash of its network and of everything that was asked of it.

A file that is damaged, or that another version of this tool has written, is none: what it would say is found out anew.
Whatever the answer depends on is in the key, the tool's own files included, so that nothing kept can be out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.fairness import fairness_of
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict

from ..keeping import BROKEN, ENDING, folder_for, read, remove, write
from ..report import Computed
from ..system import System
from .behaviour import Behaviour
from .side import Judged, Side

FORM = 1
"""Of the files. It goes up when they are written otherwise."""


@dataclass(frozen=True)
class Kept:
    """A folder of sides, one file each."""

    folder: Path

    def get(self, key: str, network: Network) -> Side | None:
        """The side that was kept under the key; ``None`` where there is none, or none that can be read."""
        try:
            return _side(read(self._path(key)), network)
        except BROKEN:
            return None

    def put(self, key: str, side: Side) -> None:
        """Keep a side that is whole. What cannot be written is not kept, and nothing is lost by it."""
        if side.stopped or side.behaviour is None:
            return
        write(self._path(key), _written(side))

    def clear(self) -> int:
        """Forget everything; how many files there were."""
        return remove(self.folder, "*")

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{ENDING}"


def usual_folder() -> Path:
    """Where the user's caches lie."""
    return folder_for("designs")


def key_of(network: Network, scenario: Scenario, asked: Sequence[Property], system: System) -> str:
    """The hash of the network, of what is asked of it, and of this tool."""
    said = [
        FORM,
        _tool(),
        fingerprint(network),
        [scenario.name, scenario.tick, scenario.closed],
        [repr(prop) for prop in asked],
        [sorted(system.goals.items()), repr(system.alphabet)],
    ]
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


def fingerprint(network: Network) -> str:
    """A hash of everything that a network says, the same in every process."""
    actors = [
        [
            of.name, of.states, of.initial, of.host, sorted(of.seen_by), of.data, of.parameter,
            sorted((name, sorted(states)) for name, states in of.groups.items()),
            [[row.event, sorted(row.sources), row.dest, str(row.when)] for row in of.transitions],
        ]
        for of in network.actors
    ]  # fmt: skip
    events = [
        [each.name, each.controller, each.participants, str(each.guard), each.urgent, each.refusal]
        for each in network.events
    ]
    predicates = sorted((name, str(body)) for name, body in network.predicates.items())
    groups = fairness_of(network)
    moments = {id(each.when): each.when for each in groups}  # of many groups the same
    whens = {number: str(when) for number, when in moments.items()}
    fairness = [[each.name, each.events, whens[id(each.when)], each.strong] for each in groups]
    said = [actors, events, predicates, [str(each) for each in network.assume], fairness]
    return sha256(json.dumps(said).encode()).hexdigest()


@cache
def _tool() -> list[tuple[str, int, int]]:
    """This tool's own files: what was kept by another state of them is none."""
    import ccmproof.harness as harness
    import ccmproof.model as model
    import ccmproof.properties as properties

    roots = [Path(str(each.__file__)).parent for each in (harness, model, properties)]
    files = sorted(path for root in roots for path in root.rglob("*.py"))
    return [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]


class _Nodes:
    """The nodes of several sets of one space, each once."""

    def __init__(self, space: Space) -> None:
        self.space, self.table = space, []  # type: ignore[var-annotated]
        self.number: dict[int, int] = {0: 0, 1: 1}

    def of(self, environments: Environments | None) -> int | None:
        return None if environments is None else self._node(environments.node)

    def _node(self, node: int) -> int:
        if node not in self.number:
            store = self.space.store
            kids = [self._node(kid) for kid in store.kids[node]]
            self.table.append([store.level[node], kids])
            self.number[node] = len(self.table) + 1
        return self.number[node]


def _written(side: Side) -> dict[str, Any]:
    nodes = _Nodes(side.space)
    behaviour = side.behaviour
    assert behaviour is not None
    return {
        "form": FORM,
        "states": side.states,
        "moving_parts": side.moving_parts,
        "judged": {name: _judged(each, nodes) for name, each in side.judged.items()},
        "goals": {name: nodes.of(each) for name, each in side.goals.items()},
        "fires": {name: nodes.of(each) for name, each in behaviour.fires.items()},
        "steps": {name: sorted(each) for name, each in behaviour.steps.items()},
        "labels": sorted(behaviour.labels),
        "entered": {name: sorted(each) for name, each in behaviour.entered.items()},
        "names": side.space.names,
        "values": side.space.values,
        "nodes": nodes.table,
    }


def _judged(judged: Judged, nodes: _Nodes) -> dict[str, Any]:
    bound = None if judged.bound is None else asdict(judged.bound)
    return {
        "verdict": judged.verdict.value,
        "failing": nodes.of(judged.failing),
        "tried": nodes.of(judged.tried),
        "promised": nodes.of(judged.promised),
        "bound": bound,
        "note": judged.note,
    }


def _side(data: Mapping[str, Any], network: Network) -> Side:
    """The side that was written.

    Raises:
        ValueError: it is of another form, or of other unknowns.
    """
    space = Space.of(network)
    if data["form"] != FORM or tuple(data["names"]) != space.names:
        raise ValueError("it is of another form")
    if tuple(map(tuple, data["values"])) != space.values:
        raise ValueError("it is of other unknowns")
    numbers = [0, 1]
    for level, kids in data["nodes"]:
        numbers.append(space.store.node(level, [numbers[kid] for kid in kids]))

    def read(number: int | None) -> Environments | None:
        return None if number is None else Environments(space, numbers[number])

    def known(number: int) -> Environments:
        return Environments(space, numbers[number])

    judged = {
        name: Judged(
            Verdict(each["verdict"]),
            read(each["failing"]),
            known(each["tried"]),
            known(each["promised"]),
            Computed.read(each["bound"]),
            each["note"],
        )
        for name, each in data["judged"].items()
    }
    behaviour = Behaviour(
        {name: known(each) for name, each in data["fires"].items()},
        {name: _tuples(each) for name, each in data["steps"].items()},
        _tuples(data["labels"]),
        {name: frozenset(each) for name, each in data["entered"].items()},
    )
    goals = {name: known(each) for name, each in data["goals"].items()}
    return Side(space, "", judged, behaviour, goals, data["states"], data["moving_parts"])


def _tuples(each: Iterable[Iterable[str]]) -> frozenset[Any]:
    return frozenset(tuple(one) for one in each)
