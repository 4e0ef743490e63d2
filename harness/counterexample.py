"""From the path that an engine found to the story that is shown: replayed, with the offending event, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import FALSE, TRUE, Condition, In, false_leaves
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import Run, Step, replayed
from ccmproof.properties.property import Property

from .lasso import Cycles, Lasso
from .promises import Owed
from .report import Counterexample, Told

OBSERVER = "observer"
"""The host of machines that watch; nobody tells them anything."""


class EngineError(RuntimeError):
    """An engine said what the reference semantics denies. Nothing that it said can be relied on."""


def counterexample(
    network: Network,
    prop: Property,
    decides: Condition,
    path: Sequence[State],
    events: Sequence[str],
    *,
    everywhere: bool = True,
) -> Counterexample:
    """The run along ``path``, which ends where ``decides`` holds; for a step requirement with the offending event.

    Raises:
        EngineError: the reference semantics does not confirm it.
    """
    judged = len(path) - 1
    if not product.holds(network, decides, path[judged]):
        raise EngineError(f"{prop.id}: the run that was found does not end where the property is broken")
    because = () if prop.possible else _because(network, prop, path[judged])
    whole, names = list(path), list(events)
    if prop.on:
        name, after = _offence(network, prop, path[judged])
        whole.append(after)
        names.append(name)
    try:
        run = replace(replayed(network, whole, names), because=because)
    except ModelError as error:
        raise EngineError(f"{prop.id}: {error}") from error
    return Counterexample(run, told(network, run), judged, unusual(network, run), everywhere)


def without_end(network: Network, name: str, owed: Owed, shown: Lasso, fairness: Sequence[Fairness]) -> Counterexample:
    """The run without end by which a promise is broken, once it has been gone through step by step.

    Args:
        name: of the promise, for complaints.

    Raises:
        EngineError: the reference semantics does not confirm it, the run keeps the promise, or it is not fair.
    """
    if not product.holds(network, owed.when, shown.states[shown.owed]) or (owed.at_first and shown.owed):
        raise EngineError(f"{name}: the run that was found does not come to where the promise is owed")
    if any(product.holds(network, owed.kept, state) for state in shown.states[shown.owed :]):
        raise EngineError(f"{name}: the run that was found keeps the promise")
    left = Cycles(network, fairness).neglected(*shown.cycle)
    if left:
        raise EngineError(f"{name}: the run that was found is not fair: {left[0]}")
    try:
        run = replayed(network, shown.states, shown.events, loop=shown.loop)
    except ModelError as error:
        raise EngineError(f"{name}: {error}") from error
    served = tuple(group.name for group in fairness if set(group.events) & set(shown.cycle[1]) and group.when == TRUE)
    return Counterexample(run, told(network, run), shown.owed, unusual(network, run), everywhere=False, served=served)


def _offence(network: Network, prop: Property, state: State) -> tuple[str, State]:
    """The first event of the requirement that may happen in the state, and its first outcome."""
    for name in prop.on:
        for after in product.outcomes(network, network.event[name], state):
            return name, after
    raise EngineError(f"{prop.id}: none of its events may happen where it is said to be broken")


def _because(network: Network, prop: Property, state: State) -> tuple[str, ...]:
    """What would have to be otherwise: of the conclusion, or of ``when`` where the claim is that it never happens."""

    def leaf(each: In) -> bool:
        return state[network.position[each.actor]] in network.resolve(each)

    wanted = should(prop, network)
    return false_leaves(wanted, leaf) if wanted != FALSE else ()


def should(prop: Property, network: Network) -> Condition:
    """What is not so where a claim is broken: its conclusion, or where that is that it never happens, its premise
    turned round; the condition that is never true where nothing is to be said."""
    conclusion = network.condition(prop.then)
    return conclusion if conclusion != FALSE or not prop.when else ~network.condition(prop.when)


def told(network: Network, run: Run) -> tuple[Told, ...]:
    """Each step in words: who does what, to whom."""
    return tuple(told_step(network, step) for step in run.steps)


def told_step(network: Network, step: Step) -> Told:
    """One step in words. To whom: the hosts of the receivers that it moves, as far as they ever decide anything."""
    acting = {network.actor[event.controller].host for event in network.events if event.controller}
    who = step.host or step.controller
    moved = [network.actor[each].host for each in network.event[step.event].receivers if each in step.changed]
    hosts = dict.fromkeys(host for host in moved if host in acting and host not in (who, OBSERVER))
    return Told(who, in_words(step.event), tuple(hosts))


def in_words(name: str) -> str:
    """The name of an event or actor as words: underscores are spaces."""
    return name.replace("_", " ")


def usual(network: Network) -> dict[str, str]:
    """The environment in which all is as usual: each unknown and parameter has the first value that is open to it."""
    return {actor.name: actor.initial[0] for actor in network.unknowns}


def unusual(network: Network, run: Run) -> dict[str, str]:
    """The unknowns and parameters that have another value than the usual one."""
    return {name: run.environment[name] for name, value in usual(network).items() if run.environment[name] != value}
