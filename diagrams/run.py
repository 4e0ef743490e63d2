"""A run as a sequence: lanes by host, an arrow from the host that decides to each host that the event reaches.

What a host does by itself stands in its lane, steps that follow one another together. Requests say where they go and
what they carry; failures are told apart; the loop of a lasso is framed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.run import Run, Step

from .form import Beside, Item, Kind, Message, Role, Sequence
from .words import stacked, words

ASIDE = ("observer", "")
"""Hosts that are no lane: machines that watch, and what is nowhere."""
WIDTH, LONGEST = 30, 90
"""Characters in a line that stands in one lane, and at most."""
MOST = 6
"""How many steps a host takes by itself in one box."""


@dataclass(frozen=True)
class Carries:
    """What is told of a request that is under way.

    Attributes:
        fields: the fields that are told, each with what it is called.
        under_way: the field that has its first value while there is no request.
        answered: the field that has its first value until there is a reply.
        to: the hosts that requests go to.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    under_way: str = ""
    answered: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Broken:
    """Where a run breaks a property: the number of its last good state, and why, in words."""

    judged: int
    why: tuple[str, ...] = ()


def run_sequence(
    run: Run,
    network: Network,
    title: str,
    carries: Carries | None = None,
    broken: Broken | None = None,
    notes: Iterable[str] = (),
) -> Sequence:
    """The sequence of a run.

    Args:
        network: the one that the run is of; it says who receives an event and whether that refuses.
        notes: what is to be known at the beginning, the environment for one.
    """
    return _Drawing(run, network, carries or Carries()).drawn(title, broken, tuple(notes))


class _Drawing:
    def __init__(self, run: Run, network: Network, carries: Carries) -> None:
        self.run, self.network, self.carries = run, network, carries
        acting = {network.actor[event.controller].host for event in network.events if event.controller}
        self.hosts = {host for host in acting if host not in ASIDE}
        self.items: list[Item] = []
        self.pending: list[str] = []
        self.at = ""

    def drawn(self, title: str, broken: Broken | None, notes: tuple[str, ...]) -> Sequence:
        lanes = self._lanes()
        if notes:
            self.items.append(_across(lanes, notes, Role.QUIET))
        begins: int | None = None
        for number, step in enumerate(self.run.steps, start=1):
            if self.run.loop == number - 1:
                self._flush()
                begins = len(self.items)
            offends = broken is not None and self.run.loop is None and number == broken.judged + 1
            self._step(number, step, offends)
        self._flush()
        before = len(self.items)
        self._end(lanes, broken)
        return Sequence(title, lanes, tuple(self.items), begins, "again and again, for ever", len(self.items) - before)

    def _lanes(self) -> tuple[str, ...]:
        """The hosts that take part, in the order in which they first do."""
        found: dict[str, None] = {}
        for step in self.run.steps:
            found.update(dict.fromkeys((self._who(step), *self._to(step))))
        return tuple(found) or ("nobody",)

    def _who(self, step: Step) -> str:
        return step.host or step.controller

    def _to(self, step: Step) -> list[str]:
        """The other hosts whose actors the event moves, as far as these hosts ever decide anything."""
        moved = [self.network.actor[each].host for each in self.network.event[step.event].receivers
                 if each in step.changed]  # fmt: skip
        return [host for host in dict.fromkeys(moved) if host in self.hosts and host != self._who(step)]

    def _step(self, number: int, step: Step, offends: bool) -> None:
        who, to = self._who(step), self._to(step)
        event = self.network.event[step.event]
        said = f"{number} · {words(step.event)}"
        if not to and not event.refusal and not offends:
            if self.at != who or len(self.pending) == MOST:
                self._flush()
            self.at = who
            self.pending.append(said)
            return
        self._flush()
        kind = Kind.FAILURE if event.refusal else self._kind(number)
        status = f" ({event.status})" if event.status else ""
        label = stacked([said + status, self._carried(number, to) if kind is Kind.REQUEST else ""], WIDTH)
        if not to and not event.refusal:
            self.items.append(Beside(who, who, label, Role.BAD))
            return
        for place, host in enumerate(to or [who]):
            self.items.append(Message(who, host, label if place == 0 else (f"{number} · the same",), kind))

    def _flush(self) -> None:
        if self.pending:
            self.items.append(Beside(self.at, self.at, stacked(self.pending, WIDTH)))
        self.pending = []
        self.at = ""

    def _first(self, name: str) -> str:
        return self.network.actor[name].states[0]

    def _kind(self, number: int) -> Kind:
        """A reply is what happens while there is one, or makes one."""
        answered = self.carries.answered
        if answered not in self.network.actor:
            return Kind.REQUEST
        around = self.run.states[number - 1][answered], self.run.states[number][answered]
        return Kind.REPLY if any(each != self._first(answered) for each in around) else Kind.REQUEST

    def _carried(self, number: int, to: list[str]) -> str:
        """What the request that goes there carries; empty where none does."""
        state, under_way = self.run.states[number], self.carries.under_way
        if not set(to) & set(self.carries.to) or under_way not in state or state[under_way] == self._first(under_way):
            return ""
        return ", ".join(f"{name} {words(state[of])}" for of, name in self.carries.fields.items() if of in state)

    def _end(self, lanes: tuple[str, ...], broken: Broken | None) -> None:
        if broken is None:
            return
        if self.run.loop is not None:
            rests = self.run.loop == len(self.run)
            what = "there it rests, and what is owed never comes" if rests else "what is owed never comes"
            said = [f"owed from step {broken.judged + 1} on; {what}"]
        else:
            number = len(self.run)
            said = [f"{f'step {number}' if number else 'the first state'} breaks it", *broken.why]
        self.items.append(_across(lanes, said, Role.BAD))


def _across(lanes: tuple[str, ...], said: Iterable[str], role: Role) -> Beside:
    """What is to be known over all lanes, in lines as long as there is room for."""
    return Beside(lanes[0], lanes[-1], stacked(said, min(LONGEST, WIDTH * len(lanes))), role)
