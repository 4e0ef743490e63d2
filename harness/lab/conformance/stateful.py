"""Labs as a hypothesis state machine: a rule for each of the model's events that a lab can be made to do.

The rules are made from the model (:mod:`.rules`): messages that are let go, time, people, faults, losses, an adversary.
A rule can be taken where its event can be made to happen now; after it the lab goes on of itself for so many choices as
are drawn. Whatever conforms goes on. What does not fails, and hypothesis shrinks it to few events in an environment
that differs in little from the healthy one; it is told as hypothesis' own steps, in the model's words, and as a
sequence diagram. Use it as any stateful test::

    TestLab = lab_machine(parts={"gateway": TheirGateway}).TestCase

It is steered towards what is not covered yet in two ways. Hypothesis is told how much of a run was new
(``hypothesis.target``), and varies those that had most. And in every other run, of whatever may strike only that can be
chosen by which an event would be new, or the outcome of a leaf of the guards that are looked at. *New* is what was not
covered when the class was made, so that a run comes out the same whenever it is repeated, as shrinking needs it;
:func:`searched` makes one class after the other.

Reference: Groce et al., "Swarm testing" (2012): hypothesis leaves rules out of runs, for which reason a lab goes on
without them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, cast

from hypothesis import event as happens
from hypothesis import note, seed, settings, target
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from ..build import Parts
from .alphabet import STIMULI
from .covered import Covered
from .driver import Choice
from .equipment import equipment
from .follow import Deviates
from .machine import ABILITIES, Session, mended, where
from .rules import ARRIVES, Way, events_of, makeable, several, ways

FURTHER = 12
"""So many choices a lab goes on at most after an event."""


def environments(pins: Mapping[str, str] | None = None, most: int = 5) -> st.SearchStrategy[dict[str, str]]:
    """Changes to the healthy environment, few of them, and what an adversary may be able to do; hypothesis shrinks them
    to none."""
    values = [
        (actor.name, value)
        for actor in equipment().network.unknowns
        if len(actor.initial) > 1 and actor.name not in (pins or {})
        for value in actor.initial
    ]
    able = st.lists(st.sampled_from(list(ABILITIES)), unique=True)
    some = st.lists(st.sampled_from(values), max_size=most, unique_by=lambda pair: pair[0])
    return st.tuples(able, some).map(
        lambda drawn: mended({**{name: ABILITIES[name] for name in drawn[0]}, **dict(drawn[1]), **(pins or {})})
    )


class DrivenLab(RuleBasedStateMachine):
    """One lab; :func:`lab_machine` adds the rules of the model's events."""

    parts: ClassVar[Parts]
    covered: ClassVar[Covered]
    before: ClassVar[Covered]
    """What was covered when the class was made."""
    session: Session
    only_new: bool
    _open: Mapping[str, list[Way]] | None = None

    def begin(self, changes: dict[str, str], only_new: bool) -> None:
        """Build it; of what may strike only what is new may be chosen, or all."""
        note(f"in a lab where {where(changes)}")
        self.start(changes, only_new)

    def start(self, changes: Mapping[str, str], only_new: bool) -> None:
        """The same where hypothesis does not run."""
        self.session, self.only_new = Session(changes, self.parts), only_new

    @property
    def open(self) -> Mapping[str, list[Way]]:
        """The events that can be made to happen now, and how each."""
        if self._open is None:
            all_of_them = ways(self.session.driver)
            new = {event: how for event, how in all_of_them.items() if self._may(event)}
            self._open = new or all_of_them
        return self._open

    def _may(self, event: str) -> bool:
        """Whether it may be chosen where only what is new may strike."""
        if not self.only_new or event not in STIMULI or STIMULI[event] == "work":
            return True
        follower = self.session.driver.follower
        return not self.before.has(event, follower.compiled.states[min(follower.belief)])

    @precondition(lambda self: self.session.next_of_itself() is not None)
    @rule()
    def nothing_strikes(self) -> None:
        """The lab goes on by a choice. This rule alone has no arguments, so that it is the first in hypothesis' order:
        whatever is not needed shrinks to it, which is always there."""
        self.make("nothing_strikes", (), 1)

    def make(self, event: str, way: Way, further: int) -> None:
        """Make an event happen, and let the lab go on.

        Raises:
            AssertionError: the lab leaves the model; it tells all of it.
        """
        self._open = None
        happens(event)
        try:
            for choice in way:
                self._do(choice)
            for _ in range(further):
                self._do(self.session.next_of_itself())
        except Deviates as deviates:
            raise AssertionError(self.session.failed(deviates).told()) from deviates

    def _do(self, choice: Choice | None) -> None:
        if choice is not None:
            note(" ".join([f"{choice}:", *events_of(self.session.driver, choice)]))
            self.session.do(choice)

    def teardown(self) -> None:
        """Take note of what was covered, and leave nothing behind."""
        if hasattr(self, "session"):
            try:
                run = Covered(self.covered.network)
                run.add(self.session.driver.follower.run())
                self.covered.merge(run)
                target(float(run.without(self.before).count), label="covered anew")
            finally:
                self.session.close()


def lab_machine(
    parts: Parts | None = None, pins: Mapping[str, str] | None = None, covered: Covered | None = None
) -> type[DrivenLab]:
    """A state machine class for hypothesis, with a rule for each event that a lab can be made to do.

    Args:
        parts: classes that take the places of ours.
        pins: what every environment has.
        covered: takes note of what runs cover; hypothesis is steered to what is not in it now.
    """
    network = equipment().network
    known = covered if covered is not None else Covered(network)
    before = Covered(network)
    before.merge(known)
    rules = {event: _rule(event, how) for event, how in makeable().items()}
    rules[ARRIVES] = _rule(ARRIVES, "a reply arrives for which nobody waits any more")
    begin = initialize(changes=environments(pins), only_new=st.booleans())(DrivenLab.begin)
    of = {"parts": parts or {}, "covered": known, "before": before, "begin": begin, "__module__": __name__}
    return cast(type[DrivenLab], type("Lab", (DrivenLab,), {**rules, **of}))


def _rule(event: str, how: str) -> Callable[..., None]:
    """The rule of an event, which has its name."""

    def made(self: DrivenLab, further: int, data: st.DataObject | None = None) -> None:
        hows = {", ".join(map(str, way)): way for way in self.open[event]}
        chosen = data.draw(st.sampled_from(list(hows)), label="how") if data and len(hows) > 1 else next(iter(hows))
        self.make(event, hows[chosen], further)

    made.__name__ = made.__qualname__ = event
    made.__doc__ = f"{event}: {how}."
    further = st.integers(0, FURTHER)
    of = rule(data=st.data(), further=further) if event in several() else rule(further=further)
    return precondition(lambda self: event in self.open)(of(made))


def searched(
    rounds: int,
    parts: Parts | None = None,
    pins: Mapping[str, str] | None = None,
    how: settings | None = None,
) -> Covered:
    """What hypothesis covers in so many rounds, each steered to what those before have not covered.

    Raises:
        AssertionError: a lab leaves the model, as :meth:`DrivenLab.make`.
    """
    covered = Covered(equipment().network)
    for number in range(rounds):
        run_state_machine_as_test(seed(number)(lab_machine(parts, pins, covered)), settings=how)
    return covered
