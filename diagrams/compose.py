"""Several runs as one: what they share stands once, and where they part there is a fork with a way for each.

Runs are sequences of anything that can be compared. The first of them is the one that the others are told beside. A
run that ends as the first does *arrives*; any other *leaves*: it goes along one of the ways for a while, and then ends.
Each run is one way through what is composed (:func:`way_through`), and there are no other steps in it than theirs.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeAlias, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Shared(Generic[K]):
    """A step of all the runs that come by here."""

    step: K


@dataclass(frozen=True)
class Way(Generic[K]):
    """One of the ways from a fork; with ``ends`` the runs that take it end there.

    ``runs`` are their numbers: in order those that come through, and then in order those that end inside.
    """

    runs: tuple[int, ...]
    parts: tuple[Part[K], ...]
    ends: bool = False


@dataclass(frozen=True)
class Fork(Generic[K]):
    """Where runs part. The ways are in the order of the first runs that come through them.

    All ways come together again behind it, the empty one for runs that pass over it; or else there is a single one,
    which ends, and all other runs pass it by.
    """

    ways: tuple[Way[K], ...]


Part: TypeAlias = Shared[K] | Fork[K]


def composed(runs: Sequence[Sequence[K]]) -> tuple[Part[K], ...]:
    """The parts of all the runs, in order. Runs are numbered as they are given."""
    return _composed(dict(enumerate(map(tuple, runs)))) if runs else ()


def way_through(parts: Sequence[Part[K]], run: int) -> list[K]:
    """The steps of one of the runs: it takes its own way at every fork."""
    found, _ = _walked(parts, run)
    return found


def _walked(parts: Sequence[Part[K]], run: int) -> tuple[list[K], bool]:
    """The steps, and whether the run has ended with them."""
    found: list[K] = []
    for part in parts:
        if isinstance(part, Shared):
            found.append(part.step)
            continue
        for way in part.ways:
            if run in way.runs:
                steps, ended = _walked(way.parts, run)
                found += steps
                if ended or way.ends:
                    return found, True
    return found, False


def _composed(runs: Mapping[int, tuple[K, ...]]) -> tuple[Part[K], ...]:
    """The first of these runs, and all those beside it."""
    last = runs[min(runs)][-1:]
    arriving = {run: steps for run, steps in runs.items() if steps[-1:] == last}
    return _through(arriving, {run: steps for run, steps in runs.items() if run not in arriving})


def _through(arriving: Mapping[int, tuple[K, ...]], leaving: Mapping[int, tuple[K, ...]]) -> tuple[Part[K], ...]:
    """What the arriving runs share, with what lies between; whoever leaves goes along as far as it can."""
    found: list[Part[K]] = []
    at = dict.fromkeys(arriving, 0)
    left = dict(leaving)
    for shared in reduce(common, arriving.values()):
        gaps = {}
        for run, steps in arriving.items():
            end = steps.index(shared, at[run])
            gaps[run], at[run] = steps[at[run] : end], end + 1
        along = {run: gap for run, steps in left.items() if (gap := _along(steps, gaps, shared)) is not None}
        found += _between(gaps | along, {run: steps for run, steps in left.items() if run not in along})
        found.append(Shared(shared))
        left = {run: left[run][len(gap) + 1 :] for run, gap in along.items()}
    found += _between({run: steps[at[run] :] for run, steps in arriving.items()}, left)
    return tuple(found)


def _along(steps: tuple[K, ...], gaps: Mapping[int, tuple[K, ...]], shared: K) -> tuple[K, ...] | None:
    """The gap by which a run comes to the step that is shared, in the same way as another; ``None``: it does not."""
    return next((gap for gap in gaps.values() if steps[: len(gap) + 1] == (*gap, shared)), None)


def _between(gaps: Mapping[int, tuple[K, ...]], leaving: Mapping[int, tuple[K, ...]]) -> list[Part[K]]:
    """What lies between two steps that are shared: those who end here, and then the ways of the others."""
    firsts = {steps[:1] for steps in gaps.values()}
    ending = {run: steps for run, steps in leaving.items() if not steps or steps[:1] not in firsts}
    found: list[Part[K]] = [Fork((Way(tuple(runs), _composed(runs), ends=True),)) for runs in _by_first_step(ending)]
    ways = []
    for runs in _by_first_step(gaps):
        (first,) = {steps[:1] for steps in runs.values()}
        along = {run: steps for run, steps in leaving.items() if first and steps[:1] == first}
        parts = _through(runs, along) if first else ()
        ways.append(Way((*runs, *sorted(along)), parts))
    if len(ways) == 1:
        return [*found, *ways[0].parts]
    return [*found, Fork(tuple(ways))]


def _by_first_step(runs: Mapping[int, tuple[K, ...]]) -> list[dict[int, tuple[K, ...]]]:
    """The runs by the step that they begin with; groups and runs in the order of their numbers."""
    groups: dict[tuple[K, ...], dict[int, tuple[K, ...]]] = {}
    for run in sorted(runs):
        groups.setdefault(runs[run][:1], {})[run] = runs[run]
    return list(groups.values())


def common(one: Sequence[K], other: Sequence[K]) -> tuple[K, ...]:
    """A longest common subsequence of the two; of several the one that comes first in ``one``."""
    length = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(other))):
            both = length[i + 1][j + 1] + 1 if one[i] == other[j] else 0
            length[i][j] = max(both, length[i + 1][j], length[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            found.append(one[i])
            i, j = i + 1, j + 1
        elif length[i][j + 1] >= length[i + 1][j]:
            j += 1
        else:
            i += 1
    return tuple(found)
