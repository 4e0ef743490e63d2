"""Reading a run that was kept as a file, and finding the scenario that it is of.

A run is believed only once the reference semantics has gone through it again. Its file does not say which scenario it
was found in, nor need that matter: any scenario will do whose network has the run's actors and makes all of its steps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.run import VERSION, Run, check_step, replayed
from ccmproof.model.scenario import Scenario

from .checker import network_of
from .system import System

LARGEST = 64 << 20
"""Bytes; no run is that long, and what is longer is not read."""


@dataclass(frozen=True)
class ReadRun:
    """A run, the network that it is of, and where that comes from; ``unusual``: as of a counterexample."""

    run: Run
    network: Network
    scenario: Scenario
    unusual: Mapping[str, str]


def read_run(path: Path, of: System, scenario: Scenario | None = None) -> ReadRun:
    """The run that a file has.

    Args:
        scenario: whose run it is; by default the first that it can be a run of.

    Raises:
        ModelError: the file cannot be read, has no run or one of another version, or no network makes it; one line.
    """
    data = _data(path)
    why = ""
    for each in [scenario] if scenario else of.scenarios.values():
        try:
            return _of(data, of, each)
        except ModelError as error:
            why = why or str(error).partition("\n")[0]
    whose = scenario.name if scenario else "any scenario here"
    raise ModelError(f"{path}: it is no run of {whose}: {why}")


def _data(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise ModelError(f"{path}: it is no run: it is larger than any")
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}{_beside(path)}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: it is no run: it is no JSON ({error})") from error
    wrong = _wrong(data)
    if wrong:
        raise ModelError(f"{path}: {wrong}")
    return cast("dict[str, Any]", data)


def _beside(path: Path) -> str:
    try:
        return nearest(path.name, sorted(each.name for each in path.parent.glob("*.json")))
    except OSError:
        return ""


def _wrong(data: object) -> str:
    """Why this is no run that can be read; empty where it is one."""
    if not isinstance(data, dict) or "steps" not in data or "version" not in data:
        return "it is no run: `ccmproof check --runs DIR` keeps runs"
    if data["version"] != VERSION:
        return f"it is a run of version {data['version']}, and version {VERSION} is read here"
    for key in ("environment", "initial"):
        if not _is_states(data.get(key)):
            return f"it is no run: {key!r} does not say a state of each actor"
    if not isinstance(data["steps"], list):
        return "it is no run: 'steps' is no list"
    for number, step in enumerate(data["steps"], start=1):
        if not isinstance(step, dict) or not isinstance(step.get("event"), str) or not _is_changes(step.get("changed")):
            return f"it is no run: step {number} does not say its event and what that changed"
    loop, because = data.get("loop"), data.get("because", [])
    if loop is not None and (isinstance(loop, bool) or not isinstance(loop, int)):
        return "it is no run: 'loop' is no number"
    if not isinstance(because, list) or not all(isinstance(each, str) for each in because):
        return "it is no run: 'because' is no list of texts"
    return ""


def _is_states(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_changes(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
        for pair in value.values()
    )


def _of(data: Mapping[str, Any], of: System, scenario: Scenario) -> ReadRun:
    """The run in one scenario, in the environment that it says."""
    model, initial = of.build(scenario), data["initial"]
    if data.get("network") != model.name:
        raise ModelError(f"its network is {data.get('network')!r}, and here it is {model.name!r}")
    asked = [prop for prop in of.sayable_in(scenario) if _watched(prop.at(scenario).observers, initial)]
    watching = {each.name for prop in asked for each in prop.at(scenario).observers}
    _refuse_others(initial, model, watching)
    still = {each.name for each in model.actors if not each.rows}
    settings = {name: value for name, value in data["environment"].items() if name in still}
    network = network_of(scenario, asked, settings, of.build)
    path, events = _path(data, network), [step["event"] for step in data["steps"]]
    run = replace(replayed(network, path, events, loop=data.get("loop")), because=tuple(data.get("because", ())))
    usual = {each.name: each.initial[0] for each in model.actors}
    unusual = {name: value for name, value in run.environment.items() if value != usual.get(name, value)}
    return ReadRun(run, network, scenario, unusual)


def _watched(observers: Any, initial: Mapping[str, str]) -> bool:
    return bool(observers) and all(each.name in initial for each in observers)


def _refuse_others(initial: Mapping[str, str], model: Model, watching: set[str]) -> None:
    """Refuse a run whose actors are others; quickly, for there are many scenarios to look at."""
    there = {each.name: each for each in model.actors}
    for name, state in initial.items():
        if name in watching:
            continue
        if name not in there:
            raise ModelError(f"there is no actor {name!r}{nearest(name, there)}")
        if state not in there[name].states:
            raise ModelError(f"{name} has no state {state!r}{nearest(state, there[name].states)}")
    for name in there:
        if name not in initial:
            raise ModelError(f"the run does not say in which state {name!r} is")


def _path(data: Mapping[str, Any], network: Network) -> list[tuple[str, ...]]:
    """The states of the run, from what each step changed."""
    state = dict(data["initial"])
    found = [network.as_state(state)]
    for number, step in enumerate(data["steps"], start=1):
        check_step(network, number, step["event"], found[-1])
        for name, (before, after) in step["changed"].items():
            if name not in state:
                raise ModelError(f"step {number}: there is no actor {name!r}{nearest(name, state)}")
            if state[name] != before:
                raise ModelError(f"step {number}: {name} is {state[name]!r} there, not {before!r}")
            state[name] = after
        found.append(network.as_state(state))
    return found
