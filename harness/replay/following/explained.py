"""A run of the model that explains the lines: found backwards through the sets of the follower, and replayed.

The lines are followed once more from the beginning of the model; what does not fit there is passed over. Of the last
set one state is taken, in the environment that is most usual; from it one goes back, over the events that lines stand
for and over as few silent ones as possible. The run is shown only once the reference semantics has gone through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccmproof.diagrams.formats import format_by_ending, written
from ccmproof.diagrams.run import Broken
from ccmproof.model.kernel.closest import closest
from ccmproof.model.kernel.diagram import EMPTY
from ccmproof.model.kernel.network import State
from ccmproof.model.kernel.run import Run, replayed

from ...counterexample import unusual, usual
from ...drawing import drawn_run
from ..pattern import Seen
from .answer import Diagnosis, Verdict
from .equipment import Equipment
from .ground import Ground, TooLarge
from .silence import silent
from .trail import ASIDE, Fit

MOST = 200_000
"""So many nodes a closure may cost here: a run is asked for, and is worth a while."""


@dataclass(frozen=True)
class Explained:
    """A run, and the lines that its steps stand for.

    Attributes:
        lines: by the number of a step, from 1, the line that shows it.
        passed_over: how many lines do not fit from the beginning of the model.
    """

    run: Run
    ground: Ground
    lines: Mapping[int, Seen]
    passed_over: int


@dataclass(frozen=True)
class _Layer:
    """One line: the states before it, their closure, those of it in which the line holds, and what comes of them."""

    seen: Seen
    before: int
    closed: int
    there: int
    events: tuple[str, ...]
    after: int


def explanation(diagnosis: Diagnosis, using: Equipment) -> Explained | None:
    """A run that explains most of the lines, without faults where that is possible; ``None``: there is none."""
    ground, _ = using.anew(calm=True)
    layers, over = _layers(diagnosis, using, ground)
    if over:
        full, _ = using.anew(calm=False)
        others, fewer = _layers(diagnosis, using, full)
        if fewer < over:
            ground, layers, over = full, others, fewer
    if not layers:
        return None
    quiet = _quiet(diagnosis, using, ground)
    states, events, lines = _path(ground, layers, quiet)
    run = replayed(ground.network, states, events)
    return Explained(run, ground, lines, over)


def _quiet(diagnosis: Diagnosis, using: Equipment, ground: Ground) -> frozenset[str]:
    return silent(ground.network, using.patterns, frozenset(diagnosis.logs))


def _layers(diagnosis: Diagnosis, using: Equipment, ground: Ground) -> tuple[list[_Layer], int]:
    """The lines that fit one after the other from the beginning, and how many do not."""
    quiet, states, over = _quiet(diagnosis, using, ground), ground.initial, 0
    found: list[_Layer] = []
    for placed in diagnosis.placed:
        pattern = placed.seen.pattern
        if placed.fit in ASIDE or not (pattern.events or pattern.holds):
            continue
        if placed.fit is Fit.BEGINS and pattern.elsewhere and not found:
            continue  # it may stand before everything
        try:
            closed = ground.closed(states, quiet, MOST)
        except TooLarge:
            over += 1
            continue
        there = ground.store.intersection(closed, ground.says(pattern.holds)) if pattern.holds else closed
        after = ground.union(ground.after(there, event) for event in pattern.events) if pattern.events else there
        if after == EMPTY:
            over += 1
            continue
        found.append(_Layer(placed.seen, states, closed, there, pattern.events, after))
        states = after
    return found, over


def _path(
    ground: Ground, layers: Sequence[_Layer], quiet: frozenset[str]
) -> tuple[list[State], list[str], Mapping[int, Seen]]:
    as_usual = usual(ground.network)
    environment = closest(ground.environments(layers[-1].after), lambda name, value: (value != as_usual[name],))
    here = ground.space.store.copied(ground.space.single(environment).node, ground.store, {})
    numbers = _first(ground, ground.store.intersection(layers[-1].after, here))
    states, events, stood = [numbers], [], []
    for layer in reversed(layers):
        if layer.events:
            event, numbers = _before(ground, layer, numbers)
            states.append(numbers)
            events.append(event)
            stood.append((len(events), layer.seen))
        for event, source in list(_silently(ground, layer, numbers, quiet)):
            states.append(source)
            events.append(event)
            numbers = source
    count = len(events)
    lines = {count - back + 1: seen for back, seen in stood}
    return [ground.layout.decoded(each) for each in reversed(states)], events[::-1], lines


def _before(ground: Ground, layer: _Layer, numbers: Sequence[int]) -> tuple[str, list[int]]:
    """An event of the line that leads here, and the state that it leads from."""
    target = ground.store.single(numbers)
    for event in layer.events:
        found = ground.store.intersection(ground.before(target, event), layer.there)
        if found != EMPTY:
            return event, _first(ground, found)
    raise AssertionError("no event of the line leads to a state that one of them led to")


def _silently(
    ground: Ground, layer: _Layer, numbers: Sequence[int], quiet: frozenset[str]
) -> Iterator[tuple[str, list[int]]]:
    """Back to the states before the line, over as few silent events as possible, the last one first."""
    rings = [ground.store.single(numbers)]
    seen = rings[0]
    while ground.store.intersection(rings[-1], layer.before) == EMPTY:
        ring = ground.union(ground.before(rings[-1], name) for name in ground.events if name in quiet)
        ring = ground.store.difference(ground.store.intersection(ring, layer.closed), seen)
        assert ring != EMPTY, "a state of the closure is not reached from where the closure began"
        seen = ground.store.union(seen, ring)
        rings.append(ring)
    # forwards along the rings from a state of the beginning, which fixes the events; told backwards
    numbers = _first(ground, ground.store.intersection(rings[-1], layer.before))
    found = []
    for ring in reversed(rings[:-1]):
        source = ground.store.single(numbers)
        for name in filter(quiet.__contains__, ground.events):
            there = ground.store.intersection(ground.after(source, name), ring)
            if there != EMPTY:
                found.append((name, numbers))
                numbers = _first(ground, there)
                break
    yield from reversed(found)


def _first(ground: Ground, states: int) -> list[int]:
    return ground.layout.first(ground.store, states)


def draw(found: Explained, diagnosis: Diagnosis, using: Equipment, path: Path) -> None:
    """Draw the run as a sequence; what failed is marked.

    Raises:
        ModelError: the file's ending says no format, or it cannot be written.
    """
    from ...console import write_file

    run, network = found.run, found.ground.network
    broken = None
    if diagnosis.verdict in (Verdict.STALLED, Verdict.DEVIATES):
        refusals = [i for i, step in enumerate(run.steps) if network.event[step.event].refusal]
        last = refusals[-1] if refusals else max(len(run) - 1, 0)
        broken = Broken(last, (diagnosis.why,), diagnosis.where)
    title = f"{diagnosis.device or 'device'}: {diagnosis.verdict.value}"
    diagram = drawn_run(using.system, run, network, title, unusual(network, run), broken)
    write_file(path, written(diagram, format_by_ending(path)))
