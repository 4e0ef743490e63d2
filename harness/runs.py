"""A run for each claim that fails: the shortest one into the states that refute it, or one without end.

The checker asks for a run of every failing claim, an explanation for a run of every cause of one claim.
"""

from __future__ import annotations

from collections.abc import Sequence

from ccmproof.model.kernel.condition import all_at
from ccmproof.properties.property import Promise

from .counterexample import counterexample, without_end
from .engines import Exploration, Limit, Progress, StateSet
from .judge import Asked
from .promises import Promises
from .report import Counterexample

Refuted = tuple[Asked, StateSet]
"""A claim, and the states that refute it; there are some."""


def counterexamples(
    refuted: Sequence[Refuted],
    promises: Promises,
    progress: Progress | None = None,
    limit: Limit | None = None,
    *,
    everywhere: bool,
) -> list[Counterexample | None]:
    """A run for each of them; ``None`` where that was cut short.

    Args:
        everywhere: the shortest runs of all environments, found in one pass over all of them; else each is the shortest
            of one environment, in as few different ones as may be, where the product has so many moving parts that the
            one pass is too dear. A promise that something must happen is broken by a run without end, which is in one
            environment in any case.
    """
    found: list[Counterexample | None] = [None] * len(refuted)
    endless = [i for i, (a, _) in enumerate(refuted) if a.prop.promise is Promise.EVENTUALLY]
    left = [i for i in range(len(refuted)) if i not in endless]
    explored = promises.explored
    while left:
        targets = {i: refuted[i][1] for i in left}
        if not everywhere:
            targets = _in_one_environment(targets, explored)
        paths = explored.shortest([*targets.values()], progress=progress, limit=limit)
        for i, path in zip(targets, paths, strict=True):
            asked = refuted[i][0]
            found[i] = path and counterexample(
                explored.network, asked.prop, asked.decides, path.states, path.events, everywhere=everywhere
            )
        left = [i for i in left if i not in targets]
    with explored.watched(progress, limit) as watch:
        for i in endless:
            watch.what = f"a run for {refuted[i][0].prop.id}"
            found[i] = None if watch.cut else _without_end(*refuted[i], promises)
    return found


def _in_one_environment(targets: dict[int, StateSet], explored: Exploration) -> dict[int, StateSet]:
    """What of the targets lies in the first environment that the first of them has."""
    first = explored.environments_of(next(iter(targets.values()))).first()
    here = explored.where(all_at(first))
    inside = {i: target & here for i, target in targets.items()}
    return {i: target for i, target in inside.items() if target.found}


def _without_end(asked: Asked, evading: StateSet, promises: Promises) -> Counterexample | None:
    assert asked.owed is not None
    shown = promises.shown(asked.owed, evading)
    if shown is None:
        return None
    return without_end(promises.explored.network, asked.prop.id, asked.owed, shown, promises.counted_on(asked.owed))
