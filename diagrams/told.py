"""The steps of a run as they are told in a sequence: who decides, whom it reaches, what it is and what it carries.

They are put below one another in a :class:`Column`. What a host does by itself stands in its lane, steps that follow
one another together. Requests say where they go and what they carry; failures are told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.run import Run, Step

from .form import Beside, Item, Kind, Message, Role
from .words import stacked, words

ASIDE = ("observer", "")
"""Hosts that are no lane: machines that watch, and what is nowhere."""
WIDTH, LONGEST = 30, 90
"""Characters in a line that stands in one lane, and at most."""
_HOLDS = "\N{NO-BREAK SPACE}"
"""A blank at which no line is broken."""
MOST = 6
"""How many steps a host takes by itself in one box."""


@dataclass(frozen=True)
class Carries:
    """What is told of a request that is under way.

    Attributes:
        fields: the fields that are told, each with what it is called.
        under_way: the field that has its first value while there is no request.
        to: the hosts that requests go to.
        brought: actors that are written while a reply is made, and whose host has that only once the reply is there.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    under_way: str = ""
    to: tuple[str, ...] = ()
    brought: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """A step in words.

    Attributes:
        who: the host that decides it.
        to: the other hosts that it reaches.
        said: what it is, with its status.
        carried: of a request, what it carries; else empty.
        cites: what it rests on; empty where that is not told. Steps that rest on different rows can be the same step.
    """

    who: str
    to: tuple[str, ...]
    said: str
    carried: str
    kind: Kind
    cites: tuple[str, ...] = field(default=(), compare=False)

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.who, *self.to)

    @property
    def is_own(self) -> bool:
        """Whether it is something that the host does by itself."""
        return not self.to and self.kind is not Kind.FAILURE


Cited: TypeAlias = Callable[[Step], tuple[str, ...]]
"""What is told of what a step rests on."""


def nothing(step: Step) -> tuple[str, ...]:
    """Nothing of that is told."""
    return ()


def told_steps(run: Run, network: Network, carries: Carries, cited: Cited = nothing) -> list[Told]:
    """Every step of a run in words.

    Args:
        network: the one that the run is of; it says who receives an event and whether that refuses.
        cited: what is told of what a step rests on.
    """
    telling = _Telling(run, network, carries)
    return [telling.step(number, step, cited(step)) for number, step in enumerate(run.steps, start=1)]


class _Telling:
    def __init__(self, run: Run, network: Network, carries: Carries) -> None:
        self.run, self.network, self.carries = run, network, carries
        acting = {network.actor[event.controller].host for event in network.events if event.controller}
        self.hosts = {host for host in acting if host not in ASIDE}
        self.calls: set[tuple[str, str]] = set()

    def step(self, number: int, step: Step, cites: tuple[str, ...]) -> Told:
        who = step.host or step.controller
        to = self._to(step, who)
        event = self.network.event[step.event]
        kind = self._kind(who, to)
        if event.refusal:
            kind = Kind.FAILURE
        status = f" ({event.status})" if event.status else ""
        carried = self._carried(number, to) if kind is Kind.REQUEST else ""
        return Told(who, to, words(step.event) + status, carried, kind, cites)

    def _to(self, step: Step, who: str) -> tuple[str, ...]:
        """The other hosts whose actors the event moves, as far as these hosts ever decide anything."""
        moved = [self.network.actor[each].host for each in self.network.event[step.event].receivers
                 if each in step.changed and each not in self.carries.brought]  # fmt: skip
        return tuple(host for host in dict.fromkeys(moved) if host in self.hosts and host != who)

    def _first(self, name: str) -> str:
        return self.network.actor[name].states[0]

    def _kind(self, who: str, to: tuple[str, ...]) -> Kind:
        """A reply goes to whom has called, and ends the call; whatever else goes from host to host is a call."""
        answered = {host for host in to if (host, who) in self.calls}
        self.calls -= {(host, who) for host in answered}
        self.calls |= {(who, host) for host in to if host not in answered}
        return Kind.REPLY if answered else Kind.REQUEST

    def _carried(self, number: int, to: tuple[str, ...]) -> str:
        """What the request that goes there carries; empty where none does."""
        state, under_way = self.run.states[number], self.carries.under_way
        if not set(to) & set(self.carries.to) or under_way not in state or state[under_way] == self._first(under_way):
            return ""
        return ", ".join(f"{name} {words(state[of])}" for of, name in self.carries.fields.items() if of in state)


def lanes_of(steps: Iterable[Told], first: Iterable[str] = ()) -> tuple[str, ...]:
    """The hosts that take part: those of ``first``, as far as they do, and then in the order in which they first do."""
    there = dict.fromkeys(host for step in steps for host in step.hosts)
    return tuple(dict.fromkeys([*(host for host in first if host in there), *there])) or ("nobody",)


class Column:
    """Items, as steps are put below one another."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._own: list[str] = []
        self._at = ""

    def step(self, number: int, step: Told, *, offends: bool = False) -> None:
        """Put a step below; ``offends``: it breaks what is drawn."""
        said, cited = f"{number} · {step.said}", f"[{' '.join(step.cites)}]" if step.cites else ""
        if step.is_own and not offends:
            self._by_itself(step.who, f"{said} {cited.replace(' ', _HOLDS)}".rstrip())
            return
        label = stacked([said, step.carried, cited], WIDTH)
        if step.is_own:
            self.put(Beside(step.who, step.who, label, Role.BAD))
        for place, host in enumerate(step.to or (() if step.is_own else (step.who,))):
            self.put(Message(step.who, host, label if place == 0 else (f"{number} · the same",), step.kind))

    def put(self, item: Item) -> None:
        """Put something else below."""
        self._flush()
        self._items.append(item)

    @property
    def items(self) -> tuple[Item, ...]:
        """All that was put there."""
        self._flush()
        return tuple(self._items)

    def _by_itself(self, who: str, said: str) -> None:
        if self._at != who or len(self._own) == MOST:
            self._flush()
        self._at = who
        self._own.append(said)

    def _flush(self) -> None:
        if self._own:
            label = tuple(line.replace(_HOLDS, " ") for line in stacked(self._own, WIDTH))
            self._items.append(Beside(self._at, self._at, label))
        self._own, self._at = [], ""


def across(lanes: tuple[str, ...], said: Iterable[str], role: Role) -> Beside:
    """What is to be known over all lanes, in lines as long as there is room for."""
    return Beside(lanes[0], lanes[-1], stacked(said, min(LONGEST, WIDTH * len(lanes))), role)
