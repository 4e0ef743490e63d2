"""The second symbolic engine: binary decision diagrams by the package oxidd. An independent judge, written to be read.

The states of an actor are written in binary, its bits together, the most telling one on top; the moving actors stand
above the unknowns. An event's images are made by constants, participant by participant:

    image(S) = (∃ changed. S ∧ guard) ∧ new values

for each state that the participant may go to (:mod:`.constants`). Nothing is shared with the other symbolic engine but
the order of the actors: neither its diagrams, nor its relations, nor its reduction, nor its saturation.

References: Burch, Clarke, McMillan, Dill, Hwang, "Symbolic model checking: 10^20 states and beyond" (LICS 1990);
Husung, Dubslaff, Hermanns, Köhl, "OxiDD: a safe, concurrent, modular, and performant decision diagram framework in
Rust" (TACAS 2024).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State

from . import Exploration, Path, StateSet
from .budget import CutShort, Limit, Progress, Watch, Watched
from .fair import fair
from .order import Order, completed, flat

try:
    from oxidd.util import DDMemoryError

    from .bits import Bdd, Bits
    from .constants import Images
except ImportError as error:
    raise ModelError(f"the engine 'oxidd' cannot be loaded ({error}): pip install 'ccmproof[oxidd]'") from error


_TOO_LARGE: Final = "the diagrams need more memory than oxidd was given"


@dataclass(frozen=True)
class States:
    """A set of reached states: one diagram."""

    of: Binary
    bdd: Bdd

    @property
    def count(self) -> int:
        return self.of.bits.count(self.bdd)

    @property
    def found(self) -> bool:
        return bool(self.bdd.satisfiable())

    @property
    def is_empty(self) -> bool:
        if not self.found and not self.of.complete:
            raise CutShort(f"no such state was found, but the search is not complete: {self.of.why_incomplete}")
        return not self.found

    def __and__(self, other: object) -> States:
        return States(self.of, self.bdd & self.of.own(other).bdd)

    def __or__(self, other: object) -> States:
        return States(self.of, self.bdd | self.of.own(other).bdd)

    def __sub__(self, other: object) -> States:
        return States(self.of, self.bdd & ~self.of.own(other).bdd)

    def __contains__(self, state: State) -> bool:
        return self.of.bits.contains(self.bdd, state)


class Binary(Watched):
    """What the engine of binary diagrams has found; see :class:`ccmproof.harness.engines.Exploration`."""

    engine = "oxidd"

    def __init__(self, network: Network, order: Order | None, watch: Watch) -> None:
        self.network = network
        self.depth: int | None = None
        self.bits = Bits(network, flat(completed(network, order)))
        self._space = Space.of(network)
        self._events = {event.name: Images(self.bits, event) for event in network.events}
        self._ends: dict[str, Bdd] = {}
        self._most = 0
        start = self._start()
        self.initial = States(self, start)
        self.reached = States(self, self._closed(start, watch))
        self.complete, self.why_incomplete = not watch.cut, watch.why

    def _start(self) -> Bdd:
        found = self.bits.true
        for actor in self.network.actors:
            found &= self.bits.among(actor.name, actor.initial)
        for condition in self.network.assume:
            found &= self.bits.condition(condition)
        return found

    def _closed(self, start: Bdd, watch: Watch) -> Bdd:
        """The start and whatever can be reached from it: event after event, again and again, until none adds a state.

        An event is not fired again on the states that it has already been fired on.
        """
        reached, done = start, dict.fromkeys(self._events, self.bits.false)
        before = None
        try:
            while before != reached and not watch.cut:
                before = reached
                for name, event in self._events.items():
                    self._look(watch)
                    if watch.cut:
                        break
                    fresh = reached & ~done[name]
                    if fresh.satisfiable():
                        done[name] = reached
                        reached |= event.image(fresh)
        except DDMemoryError:
            watch.stop(_TOO_LARGE)
        return reached

    def _look(self, watch: Watch) -> None:
        """Tell how many nodes there are, or were before oxidd last threw some away."""
        self._most = max(self._most, self.bits.nodes)
        watch.look(self._most)

    def own(self, other: object) -> States:
        if not isinstance(other, States) or other.of is not self:
            raise ModelError("sets of states of two explorations do not combine")
        return other

    @cached_property
    def states(self) -> int:
        return self.reached.count

    @cached_property
    def moving_parts(self) -> int:
        return self.bits.count_moving(self.reached.bdd)

    @property
    def environments(self) -> Environments:
        return self.environments_of(self.initial)

    def where(self, condition: Condition) -> States:
        return States(self, self.bits.narrowed(self.reached.bdd, self.network.check(condition)))

    def environments_of(self, states: object) -> Environments:
        return self.bits.environments(self.own(states).bdd, self._space)

    def inside(self, environments: Environments) -> States:
        return States(self, self.reached.bdd & self.bits.inside(self._space.none() | environments))

    def deadlocks(self) -> States:
        stuck = self.reached.bdd
        for event in self._events.values():
            stuck &= ~event.enabled
        return States(self, stuck)

    def can_fire(self, event: str) -> States:
        if event not in self._events:
            raise ModelError(f"there is no event {event!r}{nearest(event, self._events)}")
        return States(self, self.reached.bdd & self._events[event].enabled)

    @cached_property
    def fired(self) -> tuple[str, ...]:
        return tuple(name for name in self._events if self.can_fire(name).found)

    @cached_property
    def entered(self) -> Mapping[str, tuple[str, ...]]:
        return self.occurring(self.reached)

    def occurring(self, states: object) -> Mapping[str, tuple[str, ...]]:
        within = self.own(states).bdd
        return {
            a.name: tuple(s for s in a.states if (within & self.bits.among(a.name, (s,))).satisfiable())
            for a in self.network.actors
        }

    def combinations(self, states: object, actors: Sequence[str]) -> frozenset[tuple[str, ...]]:
        parts: dict[tuple[str, ...], Any] = {(): self.own(states).bdd}
        for name in actors:
            values = self.network.actor[name].states
            parts = {(*of, s): part & self.bits.among(name, (s,)) for of, part in parts.items() for s in values}
            parts = {of: part for of, part in parts.items() if part.satisfiable()}
        return frozenset(parts if self.own(states).bdd.satisfiable() else ())

    def backward(self, states: object, *, within: object | None = None, by: Collection[str] | None = None) -> States:
        inside = self.reached if within is None else self.own(within)
        names = [name for name in self._events if by is None or name in by]
        done = dict.fromkeys(names, self.bits.false)
        found, before = self.own(states).bdd, None
        while before != found:
            before = found
            for name in reversed(names):  # those of a run's end first: what one adds is there for the next
                fresh, done[name] = found & ~done[name], found
                found |= self._before(name, fresh) & inside.bdd
        return States(self, found)

    def forward(self, states: object, *, within: object) -> States:
        inside = self.own(within)
        found = fresh = self.own(states).bdd
        while fresh.satisfiable():
            fresh = self._union(event.image(fresh) for event in self._events.values()) & inside.bdd & ~found
            found |= fresh
        return States(self, found)

    def sharing(self, states: object) -> States:
        return States(self, self.reached.bdd & self.bits.shared(self.own(states).bdd))

    def leading_to(self, states: object, by: Collection[str]) -> States:
        there = self.own(states).bdd
        before = self._union(self._before(name, there) for name in self._events if name in by)
        return States(self, before & self.reached.bdd)

    def _before(self, name: str, states: Bdd) -> Bdd:
        """From where the event may lead into these states: all of it that is reached, and some that is not."""
        if name not in self._ends:
            self._ends[name] = self._events[name].image(self.reached.bdd)
        there = states & self._ends[name]
        return self._events[name].preimage(there) if there.satisfiable() else there

    def fair(self, within: object, fairness: Sequence[Fairness]) -> States:
        return self.own(fair(self, self.own(within), fairness))

    def _union(self, sets: Iterable[Bdd]) -> Bdd:
        found = self.bits.false
        for each in sets:
            found |= each
        return found

    def _rings(self, watch: Watch, start: Bdd, within: Bdd) -> Iterator[Bdd]:
        """Ring after ring, inside ``within``, until one is empty or the watch says stop."""
        ring = seen = start
        number = 0
        while ring.satisfiable() and not watch.cut:
            yield ring
            number += 1
            watch.what = f"ring {number}"
            self._look(watch)
            try:
                ring = self._union(event.image(ring) for event in self._events.values()) & within & ~seen
                seen |= ring
            except DDMemoryError:
                watch.stop(_TOO_LARGE)

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        with self.watched(progress, limit) as watch:
            count = sum(1 for _ in self._rings(watch, self.initial.bdd, self.reached.bdd))
        self.depth = None if watch.cut or not self.complete else count
        return self.depth

    def shortest(
        self,
        targets: Sequence[object],
        *,
        start: object | None = None,
        within: object | None = None,
        progress: Progress | None = None,
        limit: Limit | None = None,
    ) -> list[Path | None]:
        begin = (self.initial if start is None else self.own(start)).bdd
        inside = (self.reached if within is None else self.own(within)).bdd
        wanted = [self.own(target).bdd for target in targets]
        found: list[Path | None] = [None] * len(wanted)
        missing = [i for i, target in enumerate(wanted) if target.satisfiable()]
        former: list[Bdd] = []
        with self.watched(progress, limit) as watch:
            self._look(watch)
            for ring in self._rings(watch, begin, inside) if missing else ():
                for i in missing:
                    if (ring & wanted[i]).satisfiable():
                        found[i] = self._path(former, ring & wanted[i])
                missing = [i for i in missing if found[i] is None]
                if not missing:
                    break
                former.append(ring)
        return found

    def _path(self, former: Sequence[Bdd], last: Bdd) -> Path:
        """The path through the rings to the first state of ``last``."""
        path = Path([self.bits.first(last)], [])
        for ring in reversed(former):
            event, state = self._step_into(path.states[0], ring)
            path.states.insert(0, state)
            path.events.insert(0, event)
        return path

    def _step_into(self, state: State, ring: Bdd) -> tuple[str, State]:
        """The first event that leads from the ring to the state, and the first state from which it does."""
        here = self.bits.single(state)
        for name, event in self._events.items():
            before = event.preimage(here) & ring
            if before.satisfiable():
                return name, self.bits.first(before)
        raise AssertionError("a state of a ring has no predecessor in the one before")


if TYPE_CHECKING:  # the types are what the interface asks for
    _CONFORM: tuple[type[Exploration], type[StateSet]] = (Binary, States)


def explore(
    network: Network,
    *,
    order: Order | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Binary:
    """Explore event by event; ``order`` are the moving actors, the highest level first.

    Raises:
        ModelError: not even the network can be written as diagrams in the memory that oxidd is given.
    """
    watch = Watch(progress, limit)
    try:
        with watch.interruptible():
            return Binary(network, order, watch)
    except DDMemoryError as error:
        raise ModelError(f"{network.name}: {_TOO_LARGE}, before any exploration") from error
