"""Engines: siblings that explore the product of a network completely, behind one small interface.

``explore`` returns an :class:`Exploration`; questions to it are answered by sets of reached states
(:class:`StateSet`), by sets of environments and by paths. All engines give the same answers, paths included: a shortest
path is always the one whose last state comes first in the order of the network's lists, reached backwards through the
first event, and among its predecessors the first state.

A new engine is a module with a function ``explore`` and one line in :data:`ENGINES`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple, Protocol, cast

from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State

from .budget import FEW_PARTS, CutShort, Limit, Progress, Watch
from .order import Order

__all__ = [
    "DEFAULT",
    "ENGINES",
    "FEW_PARTS",
    "SMALL_SCENARIO",
    "CutShort",
    "Exploration",
    "Limit",
    "Order",
    "Path",
    "Progress",
    "StateSet",
    "Watch",
    "chosen",
    "explore",
]

ENGINES: Final[Mapping[str, str]] = {
    "plain": "symbolic",
    "numba": "compiled",
    "reference": "reference",
    "networkx": "graph",
    "oxidd": "bdd",
}
"""The engines by name, and the module of each. Imported when used: some need extras."""
DEFAULT: Final = "symbolic"
"""The name of the one of the two symbolic twins that is the faster one here."""
SMALL_SCENARIO: Final[Mapping[str, str]] = {"networkx": "document"}
"""The scenario that an engine is asked where none is named, for those that cannot hold every environment at once."""


class Path(NamedTuple):
    """A way through the product: ``states`` is one longer than ``events``."""

    states: list[State]
    events: list[str]


class StateSet(Protocol):
    """Some of the states that an exploration has reached. Immutable; only sets of one exploration combine."""

    @property
    def count(self) -> int:
        """How many states it has, exactly."""

    @property
    def found(self) -> bool:
        """Does it have any? ``True`` is always right; ``False`` says nothing where the search was cut short."""

    @property
    def is_empty(self) -> bool:
        """Is there no such state at all?

        Raises:
            CutShort: none was found, but the search was cut short: it cannot be said.
        """

    def __and__(self: StateSet, other: StateSet) -> StateSet: ...
    def __or__(self: StateSet, other: StateSet) -> StateSet: ...
    def __sub__(self: StateSet, other: StateSet) -> StateSet: ...
    def __contains__(self, state: State) -> bool: ...


class Exploration(Protocol):
    """What a search has found. Where ``complete`` is false all of it is true, but there may be more."""

    @property
    def network(self) -> Network: ...

    @property
    def engine(self) -> str:
        """The engine's name."""

    @property
    def complete(self) -> bool:
        """Has every reachable state been found?"""

    @property
    def why_incomplete(self) -> str:
        """Why the search was cut short; empty where it is complete."""

    @property
    def states(self) -> int:
        """How many states were found, exactly."""

    @property
    def moving_parts(self) -> int:
        """How many different combinations of states of the moving actors were found."""

    @property
    def environments(self) -> Environments:
        """The environments in which the network can begin."""

    @property
    def reached(self) -> StateSet:
        """All states that were found."""

    @property
    def initial(self) -> StateSet:
        """The states in which the product may begin."""

    def where(self, condition: Condition) -> StateSet:
        """The reached states in which the condition holds.

        Raises:
            ModelError: the condition names what the network does not have.
        """

    def environments_of(self, states: StateSet) -> Environments:
        """The environments of these states: those in which one of them can be reached."""

    def inside(self, environments: Environments) -> StateSet:
        """The reached states in these environments.

        Raises:
            ModelError: they are of a network with other unknowns.
        """

    def deadlocks(self) -> StateSet:
        """The reached states in which no event may happen."""

    def backward(
        self, states: StateSet, *, within: StateSet | None = None, by: Collection[str] | None = None
    ) -> StateSet:
        """The reached states from which one of these can be reached, these included.

        Args:
            within: only ways that do not leave this set, which has ``states`` in it.
            by: only ways by these events.
        """

    def forward(self, states: StateSet, *, within: StateSet) -> StateSet:
        """What can be reached from these states without leaving the set, which has them in it; these included."""

    def sharing(self, states: StateSet) -> StateSet:
        """All reached states in the environments in which one of these lies."""

    def leading_to(self, states: StateSet, by: Collection[str]) -> StateSet:
        """The reached states from which one of the events leads to one of these."""

    def fair(self, within: StateSet, fairness: Sequence[Fairness]) -> StateSet:
        """The states of ``within`` from which some fair run stays in it for ever.

        A run may also come to rest, where no group of the fairness may happen; see
        :mod:`ccmproof.model.kernel.fairness`. It means nothing of a search that was cut short.
        """

    def can_fire(self, event: str) -> StateSet:
        """The reached states in which the event may happen."""

    def watched(self, progress: Progress | None = None, limit: Limit | None = None) -> AbstractContextManager[Watch]:
        """Within it, what is asked may be cut short, by the limit or Ctrl-C; answers are worthless once it was.

        A question that has a limit of its own, or none, is watched so too; within another watch it is that one's.
        """

    @property
    def fired(self) -> tuple[str, ...]:
        """The events that happen in some reached state, in the network's order."""

    @property
    def entered(self) -> Mapping[str, tuple[str, ...]]:
        """For each actor the states that it is in, in some reached state, in the actor's order."""

    def occurring(self, states: StateSet) -> Mapping[str, tuple[str, ...]]:
        """The same in some of these states."""

    def combinations(self, states: StateSet, actors: Sequence[str]) -> frozenset[tuple[str, ...]]:
        """The combinations of states that these actors are in, in some of these states."""

    def shortest(
        self,
        targets: Sequence[StateSet],
        *,
        start: StateSet | None = None,
        within: StateSet | None = None,
        progress: Progress | None = None,
        limit: Limit | None = None,
    ) -> list[Path | None]:
        """For each set a shortest path from an initial state into it; all of them in one pass over the rings.

        Args:
            start: where paths begin, if not in the initial states.
            within: only paths that do not leave this set, which has ``start`` in it.

        ``None`` for a set without states; and for one that the pass did not come to before ``limit`` or Ctrl-C cut it
        short, which is the case exactly where the set has states.
        """

    @property
    def depth(self) -> int | None:
        """The number of rings, the initial one included, once :meth:`measure_depth` has counted them."""

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        """Count the rings: breadth first, until nothing is new. ``None`` where it was cut short."""


class _Engine(Protocol):
    def explore(
        self, network: Network, *, order: Order | None, progress: Progress | None, limit: Limit | None
    ) -> Exploration: ...


def chosen(engine: str) -> str:
    """The engine that is meant by a name: by :data:`DEFAULT` the compiled twin where numba is installed.

    Raises:
        ModelError: there is no such engine.
    """
    if engine == DEFAULT:
        return "numba" if find_spec("numba") else "plain"
    if engine not in ENGINES:
        known = (DEFAULT, *ENGINES)
        raise ModelError(f"there is no engine {engine!r}{nearest(engine, known)}; there are: {', '.join(known)}")
    return engine


def explore(
    network: Network,
    *,
    engine: str = DEFAULT,
    order: Order | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Exploration:
    """Explore the product of the network in all its environments.

    Args:
        engine: one of :data:`ENGINES`, or :data:`DEFAULT`.
        order: the levels of the moving actors, the highest first, for an engine that works with one. Names that the
            network does not have are passed over; actors that are not named are placed beside those they share most
            with.
        progress: called now and then.
        limit: where to stop. A search that was cut short, by it or by Ctrl-C, is not ``complete``.

    Raises:
        ModelError: there is no such engine, or an actor has no initial state.
    """
    engine = chosen(engine)
    for actor in network.actors:
        if not actor.initial:
            raise ModelError(f"{actor.name} has no initial state, so there is nothing to explore")
    module = cast(_Engine, import_module(f".{ENGINES[engine]}", __name__))
    return module.explore(network, order=order, progress=progress, limit=limit)
