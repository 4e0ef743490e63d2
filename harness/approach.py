"""How near a goal can be approached in environments in which it cannot be reached, and what bars the way.

Of a set of environments without the goal, one is taken, and beside it a *healthy* one: of those in which the goal can
be reached, the one in which the fewest unknowns have a value that none of the set has, and then the fewest one that is
not usual (the first of each). The environment that is taken is the one of the set that differs least from the healthy
one. Along the shortest run that reaches the goal in the healthy environment, the *approach* goes to the last state
whose moving part is reachable here too. It is the shortest run to there; what bars the way is why the next event of the
healthy run may not happen, or where it leads instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ccmproof.model.kernel import product
from ccmproof.model.kernel.barred import barred
from ccmproof.model.kernel.closest import changes, closest
from ccmproof.model.kernel.condition import Condition, In, all_at, all_of, false_leaves
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import replayed, step_of

from .counterexample import EngineError, told, told_step, unusual, usual
from .engines import Exploration, Limit, Path, Progress
from .report import Counterexample, Told


@dataclass(frozen=True)
class Approach:
    """The nearest approach to a goal, beside a healthy run that reaches it.

    Attributes:
        shown: the run, in an environment without the goal; nothing is broken in its last state.
        differs: in what the healthy environment is different: for each unknown the value here and there.
        steps: how many steps the healthy run has.
        reached: how many of them lead to a state whose moving part is reached here: the length of that part of the run.
        next: the healthy run's next step, in words; ``None`` where all of it is followed, and the goal itself asks for
            another environment.
        barred: the conditions, in words, that would have to hold here so that it may happen (or of the goal); empty
            where it may.
        elsewhere: where it may happen, but leads elsewhere: for each actor the state after it here and there.
        instead: what may happen here in its place, and not there.
    """

    shown: Counterexample
    differs: Mapping[str, tuple[str, str]]
    steps: int
    reached: int
    next: Told | None
    barred: tuple[str, ...]
    elsewhere: Mapping[str, tuple[str, str]]
    instead: tuple[Told, ...]


def approaches(
    network: Network,
    goal: Condition,
    without: Sequence[Environments],
    explored: Exploration,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Iterator[Approach | None]:
    """The nearest approach in each set of environments, in none of which the goal can be reached.

    ``None`` where no environment has it, so that there is no healthy run, and where a search was cut short.

    Raises:
        EngineError: the reference semantics does not confirm a run.
    """
    can = explored.environments_of(explored.where(goal))
    if can.is_empty or not without:
        yield from (None for _ in without)
        return
    pairs = [_pair(network, each, can) for each in without]
    targets = [explored.where(all_of(all_at(healthy), goal)) for _, healthy in pairs]
    healthy_runs = explored.shortest(targets, progress=progress, limit=limit)
    last = [
        None if path is None else _last(network, path, here, explored)
        for path, (here, _) in zip(healthy_runs, pairs, strict=True)
    ]
    met = [explored.where(all_at(network.as_dict(each[1]))) for each in last if each is not None]
    found = iter(explored.shortest(met, progress=progress, limit=limit) if met else ())
    for path, place, (here, healthy) in zip(healthy_runs, last, pairs, strict=True):
        own = next(found) if place is not None else None
        if path is None or place is None or own is None:
            yield None
        else:
            yield _approach(network, goal, path, place[0], own, changes(here, healthy))


def _pair(network: Network, without: Environments, can: Environments) -> tuple[dict[str, str], dict[str, str]]:
    """The environment of the set that is looked at, and the healthy one beside it."""
    as_usual = usual(network)
    allowed = without.space.occurring(without)

    def strange(name: str, value: str) -> tuple[int, int]:
        return value not in allowed[name], value != as_usual[name]

    healthy = closest(can, strange)
    return closest(without, lambda name, value: (value != healthy[name], value != as_usual[name])), healthy


def _last(network: Network, path: Path, here: Mapping[str, str], explored: Exploration) -> tuple[int, State] | None:
    """The last state of the healthy run that is reached in this environment too: its place, and what it is here."""
    for place in reversed(range(len(path.states))):
        state = network.as_state({**network.as_dict(path.states[place]), **here})
        if state in explored.reached:
            return place, state
    return None


def _approach(
    network: Network,
    goal: Condition,
    healthy: Path,
    reached: int,
    own: Path,
    differs: Mapping[str, tuple[str, str]],
) -> Approach:
    try:
        run = replayed(network, own.states, own.events)
        replayed(network, healthy.states, healthy.events, broken=~goal)
        if product.holds(network, goal, own.states[-1]):
            raise ModelError("it is reached in an environment in which it is said to be out of reach")
    except ModelError as error:
        raise EngineError(f"the approach to a goal: {error}") from error
    shown = Counterexample(run, told(network, run), len(own.events), unusual(network, run))
    found = Approach(shown, differs, len(healthy.events), reached, None, (), {}, ())
    state = own.states[-1]
    if reached == len(healthy.events):
        return replace(found, barred=false_leaves(goal, _leaf(network, state)))
    event, there, after = network.event[healthy.events[reached]], healthy.states[reached], healthy.states[reached + 1]
    outcome = next(product.outcomes(network, event, state), None)
    return replace(
        found,
        next=told_step(network, step_of(network, event.name, there, after)),
        barred=barred(network, event, state),
        elsewhere={} if outcome is None else changes(_moving(network, outcome), _moving(network, after)),
        instead=tuple(_instead(network, state, there)),
    )


def _leaf(network: Network, state: State) -> Callable[[In], bool]:
    return lambda of: state[network.position[of.actor]] in network.resolve(of)


def _moving(network: Network, state: State) -> dict[str, str]:
    return {actor.name: state[network.position[actor.name]] for actor in network.moving}


def _instead(network: Network, state: State, there: State) -> Iterator[Told]:
    """The events that may happen in the one state and not in the other, by the first of their outcomes."""
    for event in network.events:
        for after in product.outcomes(network, event, state):
            if not product.enabled(network, event, there):
                yield told_step(network, step_of(network, event.name, state, after))
            break
