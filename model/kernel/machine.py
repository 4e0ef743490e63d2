"""Actors as genuine ``transitions`` machines, and a driver that fires steps of the product on all of them.

A ``transitions.Machine`` begins in one state and fires the first row that matches. Where an actor has several initial
states, or several rows that may be taken, whoever drives it decides and tells the machine: the initial state when the
machine is made, the row with ``model.trigger(event, row=index)``, counted among ``actor.transitions``.

A machine by itself does not know the other actors that its guards read. It asks ``holds``; :class:`Driver` gives it the
state before the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from itertools import product
from typing import Any, Final, TypeAlias, cast

from transitions import Machine

from .condition import Condition, evaluate
from .errors import ModelError, nearest
from .network import Actor, Event, Network, State, Transition

Holds: TypeAlias = Callable[[Condition], bool]
"""Is the condition true in the product's present state?"""
GRAPH_ENGINES: Final = ("mermaid", "pygraphviz")
"""By what a machine draws itself."""


class Participant:
    """What a machine moves: one actor in one state. ``transitions`` adds ``trigger``, ``may_trigger`` and the rest."""

    state: str
    trigger: Callable[..., bool]
    may_trigger: Callable[..., bool]
    get_graph: Callable[..., Any]
    """Only where the machine is one that draws itself (:func:`graph_machine`)."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor


class _Applies:
    """The condition of one row, as a callback: it is the row that was asked for, if any was, and its guard holds."""

    def __init__(self, index: int, row: Transition, holds: Holds | None) -> None:
        self.index, self.row, self.holds = index, row, holds
        self.__name__ = str(row.when)  # what transitions' diagrams show beside the event

    def __call__(self, row: int | None = None) -> bool:
        return (row is None or row == self.index) and (self.holds is None or self.holds(self.row.when))


def machine(
    actor: Actor, initial: str | None = None, holds: Holds | None = None, kind: type[Machine] = Machine, **more: Any
) -> Machine:
    """The actor as a ``transitions.Machine``: its states, and a row for each transition and source.

    Args:
        initial: the state that it begins in; the first initial state where none is said.
        holds: how a guard is judged. Without it guards are shown but not judged: any row may fire, the first one does
            unless ``row`` says otherwise.
        kind: the class of the machine, one of those that ``transitions`` offers; ``more`` is for that class.

    Raises:
        ModelError: the actor has no state ``initial``.
    """
    start = actor.initial[0] if initial is None else initial
    if start not in actor.states:
        raise ModelError(f"{actor.name} has no state {start!r}{nearest(start, actor.states)}")
    rows: list[dict[str, Any]] = [
        {
            "trigger": row.event,
            "source": source,
            "dest": row.target(source),
            "conditions": [_Applies(index, row, holds)],
        }
        for index, row in enumerate(actor.transitions)
        for source in actor.states
        if source in row.sources
    ]
    return kind(
        model=Participant(actor),
        states=list(actor.states),
        transitions=rows,
        initial=start,
        auto_transitions=False,
        name=actor.name,
        **more,
    )


def graph_machine(
    actor: Actor, initial: str | None = None, holds: Holds | None = None, engine: str = "mermaid"
) -> Machine:
    """The same as a ``transitions`` ``GraphMachine``: it draws itself, the state that it is in and its last step lit.

    ``model.get_graph()`` is the drawing as it is now, ``get_graph(show_roi=True)`` only what may come next. Its
    ``draw(None)`` is Mermaid; with ``engine="pygraphviz"`` (the extra ``diagrams``) ``draw(FILE, prog="dot")`` makes a
    picture. Guards and citations are not in it: :mod:`ccmproof.diagrams.actor` draws those.

    Raises:
        ModelError: the actor has no state ``initial``, there is no such engine, or its package is not there.
    """
    from transitions.extensions import GraphMachine

    if engine not in GRAPH_ENGINES:
        raise ModelError(f"there is no engine {engine!r}{nearest(engine, GRAPH_ENGINES)} for drawing a machine")
    if engine != "mermaid" and find_spec(engine) is None:
        raise ModelError(f"{engine} is not there: pip install 'ccmproof[diagrams]', or take the engine 'mermaid'")
    return machine(actor, initial, holds, GraphMachine, graph_engine=engine, title=actor.name)


class Driver:
    """The machines of all actors of a network, moved together.

    It knows what may happen only from the machines, so that it can be compared with :mod:`.product`.
    """

    def __init__(self, network: Network, start: State | Mapping[str, str]) -> None:
        """Make the machines, each in its state of ``start``.

        Raises:
            ModelError: ``start`` is not a state of the network.
        """
        self.network = network
        self._before: State = _as_state(network, start)
        self.machines: dict[str, Machine] = {
            actor.name: machine(actor, state, self.holds)
            for actor, state in zip(network.actors, self._before, strict=True)
        }
        self.models: dict[str, Participant] = {
            name: cast(Participant, made.model) for name, made in self.machines.items()
        }

    @property
    def state(self) -> State:
        """The states that the machines are in."""
        return tuple(model.state for model in self.models.values())

    def start(self, start: State | Mapping[str, str]) -> None:
        """Put the machines into another state, without a step.

        Raises:
            ModelError: as when it was made.
        """
        self._before = _as_state(self.network, start)
        for name, state in zip(self.machines, self._before, strict=True):
            self.machines[name].set_state(state)

    def holds(self, condition: Condition) -> bool:
        """Is the condition true in the state before the step? All guards of a step read this one."""
        network = self.network
        return evaluate(condition, lambda leaf: self._before[network.position[leaf.actor]] in network.resolve(leaf))

    def offered(self, event: str, actor: str) -> list[int]:
        """The rows of the actor that its machine would take for the event, by their place in ``actor.transitions``.

        Read from the machine: its rows for the event from where it is, and what their conditions say. (To ask
        ``may_trigger`` row by row is the same, and far slower.)
        """
        made, model = self.machines[actor], self.models[actor]
        conditions = [row.conditions[0].func for row in made.events[event].transitions.get(model.state, ())]
        return [each.index for each in conditions if isinstance(each, _Applies) and each()]

    def choices(self, event: str) -> Iterator[dict[str, int]]:
        """Each way in which the event may happen: the row that each participant takes.

        Raises:
            ModelError: there is no such event.
        """
        of = self._event(event)
        if not self.holds(of.guard):
            return
        offers: list[list[int]] = []
        for name in of.participants:
            offers.append(self.offered(event, name))
            if not offers[-1]:
                return
        for rows in product(*offers):
            yield dict(zip(of.participants, rows, strict=True))

    def after(self, rows: Mapping[str, int]) -> State:
        """The state in which a choice of rows ends."""
        network = self.network
        return tuple(
            network.actor[name].transitions[rows[name]].target(state) if name in rows else state
            for name, state in zip(network.position, self._before, strict=True)
        )

    def fire(self, event: str, after: State | None = None) -> State:
        """Let the event happen, and give the state in which the machines are then.

        Args:
            after: which outcome; the first one where none is said.

        Raises:
            ModelError: the event may not happen there, or not with that outcome. Then nothing has moved.
        """
        rows = next((rows for rows in self.choices(event) if after is None or self.after(rows) == after), None)
        if rows is None:
            raise ModelError(f"{event} may not happen here{'' if after is None else ' with that outcome'}")
        for name, row in rows.items():
            if not self.models[name].trigger(event, row=row):
                raise ModelError(f"{event}: the machine of {name} did not take its row {row}")
        self._before = self.state
        return self._before

    def _event(self, name: str) -> Event:
        if name not in self.network.event:
            raise ModelError(f"there is no event {name!r}{nearest(name, self.network.event)}")
        return self.network.event[name]


def _as_state(network: Network, start: State | Mapping[str, str]) -> State:
    state = network.as_state(start) if isinstance(start, Mapping) else tuple(start)
    if len(state) != len(network.actors):
        raise ModelError(f"a state of {network.name} has {len(network.actors)} parts, not {len(state)}")
    for actor, here in zip(network.actors, state, strict=True):
        if here not in actor.states:
            raise ModelError(f"{actor.name} has no state {here!r}{nearest(here, actor.states)}")
    return state
