"""One environment out of many: what a scenario and settings say of a lab, and a lab's run in a scenario of the suite.

A scenario of the suite leaves most unknowns open; a lab is one site and one device. What the scenario settles is so in
the lab too, and of what it leaves open the usual value is taken.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import Run, replayed
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow.readings import SWITCHES

from ..checker import network_of
from ..system import System
from .clock import TICK
from .conformance.equipment import Equipment

TOLD_IN = "hourly"
"""The scenario in which a run of a lab can be looked at: its ticks are a lab's, and all of it is there but who means
ill and what fails for a while."""
_SWITCHES: Mapping[str, str] = {each.name: each.initial[0] for each in SWITCHES}
"""The switches, and how each is where nothing strikes."""
_STRIKES: Mapping[str, str] = {
    "users_come_and_go": "users who come and go",
    "entra_disables": "Entra's disabling of device or user",
    "administrator_acts": "an administrator",
    "faults_happen": "faults",
    "adversary": "an adversary and a client in disorder",
}
"""What each of them lets strike."""
_TICK = int(TICK.total_seconds()) // 60


def environment(using: Equipment, scenario: Scenario | None, settings: Mapping[str, str]) -> dict[str, str]:
    """A whole environment.

    Args:
        scenario: what it settles; None: the healthy site.
        settings: on top of it; each one value.

    Raises:
        ModelError: a setting is of several values, or of what a lab does not have; or the scenario has actors that a
            lab does not have.
    """
    if scenario is not None and scenario.extensions:
        added = ", ".join(scenario.extensions)
        raise ModelError(f"a lab has nothing of what the scenario {scenario.name!r} adds to the model: {added}")
    usual = using.environment()
    settled = {name: _one(values, usual.get(name, "")) for name, values in (scenario.pins if scenario else {}).items()}
    for name, value in settings.items():
        if name in _SWITCHES:
            raise ModelError(f"--set {name}={value}: no switch says what strikes in a lab")
        if value == "*" or "," in value:
            raise ModelError(f"--set {name}={value}: a lab is one site and one device; give one value")
    chosen = {name: value for name, value in settled.items() if name not in _SWITCHES}
    return using.environment({**chosen, **settings})


def unused(scenario: Scenario) -> tuple[str, ...]:
    """What a scenario brings and no run of a lab has, in words: nobody strikes there, and its ticks are hours."""
    struck = [_STRIKES[name] for name, value in scenario.pins.items() if name in _SWITCHES and value != _SWITCHES[name]]
    ticks = [f"ticks of {scenario.tick} minutes"] if scenario.tick not in (None, _TICK) else []
    lives = ["lives that are good at the tick at which they end"] if scenario.closed else []
    durations = ["durations of its own"] if scenario.durations else []
    return (*struck, *ticks, *lives, *durations)


def _one(values: str | tuple[str, ...], usual: str) -> str:
    """Of the values that a scenario leaves open the usual one, if it is among them."""
    if isinstance(values, str):
        return values
    return usual if usual in values else values[0]


def told_in(of: System, run: Run) -> tuple[Network, Run]:
    """A lab's run as one of the scenario :data:`TOLD_IN`, and its network: what other commands draw and walk along.

    Raises:
        ModelError: it is none, since somebody struck in it.
    """
    scenario = of.scenario(TOLD_IN)
    open_to = {each.name: each.initial for each in of.build(scenario).actors}
    readings = {
        name: value
        for name, value in run.environment.items()
        if name not in _SWITCHES and value not in open_to.get(name, (value,))
    }
    network = network_of(scenario, (), readings, of.build)
    path = [_beginning(network, run)]
    for step in run.steps:
        moved = {name: after for name, (_, after) in step.changed.items() if name in network.position}
        path.append(network.as_state({**network.as_dict(path[-1]), **moved}))
    return network, replayed(network, path, [step.event for step in run.steps])


def _beginning(network: Network, run: Run) -> State:
    """Where the run begins, but for the switches, which nothing hangs on here."""
    begins = {each.name: run.states[0].get(each.name, each.initial[0]) for each in network.actors}
    return network.as_state({name: network.actor[name].initial[0] if name in _SWITCHES else state
                             for name, state in begins.items()})  # fmt: skip
