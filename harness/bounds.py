"""Computed bounds: the tightest one that holds of a claim in time, and the states in which it is attained.

All readings of the stopwatch are in the states that were reached, so one exploration tells the exact bound for the
scenario's ticks: the last reading, or for a least time the first, at which one of the events may happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ccmproof.model.kernel.condition import all_of, at
from ccmproof.properties.property import Verdict, premise
from ccmproof.properties.timing import Bound

from .engines import Exploration, StateSet
from .judge import Asked
from .report import Computed, Judgement


class Bounds:
    """The bounds of all claims in time among those that were asked, with ticks of so many minutes.

    There are none where the search was cut short, and none of a claim that the scenario cannot tell.
    """

    def __init__(self, asked: Sequence[Asked], explored: Exploration, tick: int | None) -> None:
        self.explored = explored
        self.tick = tick or 0
        self.asked = {a.prop.id: a for a in asked if a.prop.bound is not None and not a.prop.untold}
        told = self.asked.items() if explored.complete else ()
        self.found = {name: self._attained(each) for name, each in told}

    def added_to(self, judgements: Sequence[Judgement]) -> list[Judgement]:
        """The judgements with their bounds; where a tick has widened a duration, that is said."""
        return [self._added(each) if each.prop.id in self.found else each for each in judgements]

    def shown(
        self, failing: Sequence[tuple[Asked, StateSet]], judgements: Sequence[Judgement], *, kept: bool
    ) -> list[tuple[Asked, StateSet]]:
        """What runs are looked for: of a claim in time one that attains its bound; with ``kept``, where it holds too.

        Where it fails in environments in which it should hold, the run is in one of these.
        """
        by_id = {a.prop.id: (a, states) for a, states in failing}
        wanted = [
            self._attaining(j, by_id.get(j.prop.id))
            if j.prop.id in self.found and ((kept and j.verdict is Verdict.HOLDS) or j.prop.id in by_id)
            else by_id.get(j.prop.id)
            for j in judgements
        ]
        return [each for each in wanted if each is not None]

    def _attained(self, asked: Asked) -> tuple[Computed, StateSet]:
        bound, explored = asked.prop.bound, self.explored
        assert bound is not None
        happening = explored.where(premise(asked.prop, explored.network))
        found, states = self._first(bound, happening)
        where = None if asked.decided_by is None else explored.where(asked.decided_by)
        if where is not None and where.found:
            promised, _ = self._first(bound, happening & where)
            found = replace(found, promised=promised if promised.reading != found.reading else None)
        return found, states

    def _first(self, bound: Bound, happening: StateSet) -> tuple[Computed, StateSet]:
        """The bound of what happens in these states, and those of them in which it is attained."""
        for reading in _tightest_first(bound, self.tick):
            states = happening & self.explored.where(at(bound.stopwatch.name).is_(reading))
            if states.found:
                return Computed(reading, self.tick, self.explored.environments_of(states).count), states
        return Computed("", self.tick, 0), happening - happening

    def _added(self, judgement: Judgement) -> Judgement:
        bound = judgement.prop.bound
        assert bound is not None
        note = "; ".join(filter(None, (judgement.note, bound.widened(self.tick))))
        return replace(judgement, bound=self.found[judgement.prop.id][0], note=note)

    def _attaining(self, judgement: Judgement, failing: tuple[Asked, StateSet] | None) -> tuple[Asked, StateSet] | None:
        asked, (computed, states) = self.asked[judgement.prop.id], self.found[judgement.prop.id]
        assert asked.prop.bound is not None
        if judgement.surprising and asked.decided_by is not None:
            promised = premise(asked.prop, self.explored.network), asked.decided_by
            computed, states = self._first(asked.prop.bound, self.explored.where(all_of(*promised)))
        if not states.found:
            return failing
        here = at(asked.prop.bound.stopwatch.name).is_(computed.reading)
        return replace(asked, decides=all_of(premise(asked.prop, self.explored.network), here)), states


def _tightest_first(bound: Bound, tick: int) -> tuple[str, ...]:
    readings = bound.stopwatch.readings(tick)
    return readings if bound.least else readings[::-1]
