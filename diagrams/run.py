"""A run as a sequence: lanes by host, an arrow from the host that decides to each host that the event reaches.

How its steps are told stands in :mod:`.told`. The loop of a lasso is framed; below stands what the run breaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.run import Run

from .form import Frame, Framing, Role, Section, Sequence
from .told import Carries, Column, across, lanes_of, told_steps

AGAIN = "again and again, for ever"
"""Said of the loop of a lasso."""


@dataclass(frozen=True)
class Broken:
    """Where a run breaks a property: the number of its last good state, and why, in words.

    ``said`` is what is said of it instead, where it is no property that is broken there.
    """

    judged: int
    why: tuple[str, ...] = ()
    said: str = ""


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
        network: the one that the run is of.
        notes: what is to be known at the beginning, the environment for one.
    """
    steps = told_steps(run, network, carries or Carries())
    lanes = lanes_of(steps)
    begins = len(steps) if run.loop is None else run.loop
    once, again = Column(), Column()
    notes = tuple(notes)
    if notes:
        once.put(across(lanes, notes, Role.QUIET))
    for number, step in enumerate(steps, start=1):
        offends = broken is not None and run.loop is None and number == broken.judged + 1
        (once if number <= begins else again).step(number, step, offends=offends)
    if again.items:
        once.put(Frame(Framing.LOOP, (Section(AGAIN, again.items),)))
    if broken is not None:
        once.put(across(lanes, _ends(run, broken), Role.BAD))
    return Sequence(title, lanes, once.items)


def _ends(run: Run, broken: Broken) -> list[str]:
    """What the run breaks, and where."""
    if broken.said:
        return [broken.said, *broken.why]
    if run.loop is not None:
        rests = run.loop == len(run)
        what = "there it rests, and what is owed never comes" if rests else "what is owed never comes"
        return [f"owed from step {broken.judged + 1} on; {what}"]
    number = len(run)
    return [f"{f'step {number}' if number else 'the first state'} breaks it", *broken.why]
