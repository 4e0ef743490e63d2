"""Lines of several hosts followed together: every order that their windows allow, at once.

Clocks of two hosts differ by minutes, so that which of two lines came first is mostly open. No order is guessed. A
*cut* says how many lines of each log have been read; from a cut the next line of each log may be read that none of the
others has to precede. Ways that come to the same cut are joined there, whatever the order in which they came: as many
sets are carried along as there are cuts, and not as there are orders. The lines of one log keep theirs.

A line of the site may be about another device: that it is about this one is assumed for all of them together, or for
those that bear a name of it, and only where one of the cheapest readings of the client's own lines then explains each
of them somewhere in its window. Else they are evidence, and not followed.

References: Mattern, "Virtual time and global states of distributed systems" (1989), for cuts and their lattice; Cooper
and Marzullo, "Consistent detection of global predicates" (1991), for walking it level by level.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Seen
from ..reading.clocks import SKEW
from ..reading.pairs import paired
from ..reading.timeline import Entry, Timeline
from .ages import Ages
from .asked import Asked, asked
from .binding import guid
from .follow import Followed, Follower, Way, ended
from .ground import TooLarge
from .trail import Fit, Placed, Point

MOST_CUTS = 2_000
"""So many cuts of one level are held; where there are more it is too much."""
MOST_READ = 12_000
"""So many lines are read in all, each at each cut, where there are several."""
MOST_LINES = 1_000
"""Of so many lines of a site most are about other devices."""
REPORTED = timedelta(minutes=5)
"""What happens at one host is said at another within so long."""

Cut = tuple[int, ...]


@dataclass(frozen=True)
class Chain:
    """The lines of one host, or of one log of a site, in their order.

    Attributes:
        needs: for each line, of each chain, how many lines have to be read before it.
    """

    lines: Sequence[Asked]
    needs: Sequence[Cut]


def follow_together(follower: Follower, chains: Sequence[Chain], most: int) -> list[Way]:
    """The ways on which all lines are read, those that assume least first; none where no order allows any.

    Args:
        most: what the best way may cost.

    Raises:
        TooLarge: there are too many orders.
    """
    level: dict[Cut, list[Way]] = {(0,) * len(chains): follower.first}
    read = 0
    for _ in range(sum(len(chain.lines) for chain in chains)):
        found: dict[Cut, list[Way]] = {}
        for cut, ways in level.items():
            for at in _next(chains, cut):
                to = (*cut[:at], cut[at] + 1, *cut[at + 1 :])
                found.setdefault(to, []).extend(follower.read(ways, chains[at].lines[cut[at]]))
                read += len(level) > 1
        level = {cut: ways for cut, several in found.items() if (ways := _kept(follower, several, most))}
        if len(level) > MOST_CUTS or read > MOST_READ:
            raise TooLarge
    return next(iter(level.values()), [])


def _kept(follower: Follower, several: Iterable[Way], most: int) -> list[Way]:
    """The ways at one cut, joined where they cost the same; without those that cost too much."""
    found: dict[tuple[int, bool], Way] = {}
    for way in several:
        if way.cost <= most:
            key = way.cost, way.states is None
            found[key] = follower.joined(found[key], way) if key in found else way
    return sorted(found.values(), key=lambda way: way.cost)


def _next(chains: Sequence[Chain], cut: Cut) -> Iterator[int]:
    """The chains whose next line none of another has to precede."""
    waiting = [at for at, chain in enumerate(chains) if cut[at] < len(chain.lines)]
    free = [
        at for at in waiting if all(need <= there for need, there in zip(chains[at].needs[cut[at]], cut, strict=True))
    ]
    yield from free or waiting  # what the names of lines say and what their times say may contradict each other


# -- the chains of several hosts


def chains_of(several: Sequence[Sequence[Asked]], time: Timeline) -> list[Chain]:
    """The lines of several hosts, each in its order, with what has to be read before each."""
    entry = {id(each.line): each for each in time.entries}
    entries = [[entry[id(each.seen.line)] for each in lines] for lines in several]
    return [Chain(_said_elsewhere(at, several, entries), _needs(time, entries, at)) for at, lines in enumerate(several)]


def by_log(lines: Iterable[Seen], time: Timeline) -> list[list[Seen]]:
    """The lines of each log of a site in their order."""
    entry = {id(each.line): each for each in time.entries}
    logs: dict[int, list[Seen]] = {}
    for seen in sorted(lines, key=lambda each: entry[id(each.line)].index):
        logs.setdefault(entry[id(seen.line)].chain, []).append(seen)
    return list(logs.values())


def _needs(time: Timeline, entries: Sequence[Sequence[Entry]], at: int) -> list[Cut]:
    """For each line of a chain how many of each chain have to be read before it."""
    marked = [_by_mark(chain) for chain in entries]
    least = [0] * len(entries)
    found = []
    for place, entry in enumerate(entries[at]):
        for other, chain in enumerate(entries):
            if other == at:
                least[at] = place
                continue
            while least[other] < len(chain) and not time.may_precede(entry, chain[least[other]]):
                least[other] += 1
            for number in marked[other].get(entry.mark.key, ()) if entry.mark else ():
                if not time.may_precede(entry, chain[number]):
                    least[other] = max(least[other], number + 1)
        found.append(tuple(least))
    return found


def _by_mark(chain: Sequence[Entry]) -> Mapping[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for number, entry in enumerate(chain):
        if entry.mark is not None:
            found.setdefault(entry.mark.key, []).append(number)
    return found


def _said_elsewhere(at: int, several: Sequence[Sequence[Asked]], entries: Sequence[Sequence[Entry]]) -> list[Asked]:
    """The lines of a chain; one may say again what another host has said of the same event, or is about to say."""
    others: dict[str, list[Entry]] = {}
    for chain, places in zip([*several[:at], *several[at + 1 :]], [*entries[:at], *entries[at + 1 :]], strict=True):
        for each, entry in zip(chain, places, strict=True):
            for event in each.seen.pattern.events:
                others.setdefault(event, []).append(entry)
    late = REPORTED.total_seconds()
    return [
        replace(each, repeats=True)
        if any(
            entry.earliest <= here.latest and here.earliest <= entry.latest + late
            for event in each.seen.pattern.events
            for entry in others.get(event, ())
        )
        else each
        for each, here in zip(several[at], entries[at], strict=True)
    ]


# -- which of the site's lines may be this device's


def candidates(own: Sequence[Seen], site: Sequence[Seen], time: Timeline) -> Iterator[tuple[list[Seen], bool]]:
    """Which of the site's lines are taken to be this device's, in the order in which that is tried.

    Where a line bears the name of another client the site serves several, and only what bears this one's is its. Each
    with whether it is tried only where what stands before it is too much.
    """
    there = [seen for seen in _watched(own, site, time) if seen.pattern.events or seen.pattern.holds]
    ours, named = names(own), [(seen, names([seen])) for seen in there]
    bound = [seen for seen, names in named if not names.isdisjoint(ours)]
    told = any(kind == "client" for kind, _ in ours)
    if not (told and any(names.isdisjoint(ours) and any(kind == "client" for kind, _ in names) for _, names in named)):
        yield there, False
        yield [seen for seen in there if seen.pattern.cause or seen.pattern.failure or seen in bound], True
    yield bound, False


def _watched(own: Sequence[Seen], site: Sequence[Seen], time: Timeline) -> list[Seen]:
    """Those that may have been written while the client's lines were, or soon after: else nobody watched it."""
    entry = {id(each.line): each for each in time.entries}
    begins = min(entry[id(seen.line)].earliest for seen in own)
    ends = max(entry[id(seen.line)].latest for seen in own) + SKEW.total_seconds()
    return [
        seen
        for seen in site
        if not seen.pattern.workflow and entry[id(seen.line)].earliest <= ends and entry[id(seen.line)].latest >= begins
    ]


def nameless(own: Sequence[Seen], site: Sequence[Seen]) -> frozenset[int]:
    """Those lines of the site, by identity, that bear no name that the client's lines bear."""
    ours = names(own)
    return frozenset(id(seen) for seen in site if names([seen]).isdisjoint(ours))


def names(lines: Iterable[Seen]) -> set[tuple[str, Hashable]]:
    """By what a message or a client is called in them."""
    found: set[tuple[str, Hashable]] = set()
    for seen in lines:
        mark = paired(seen.line)
        if mark is not None:
            found.add(("mark", mark.key))
        client = "" if "client" in seen.masked else guid(seen.fields.get("client", ""))
        if client:
            found.add(("client", client))
    return found


def with_site(
    follower: Callable[[], Follower],
    own: Sequence[Seen],
    site: Sequence[Seen],
    time: Timeline,
    heard: frozenset[str],
    alone: Followed,
) -> Followed | None:
    """The client's lines with those of the site that its run explains; ``None``: with none, or it is too much.

    Args:
        follower: a new one.
        heard: the events that leave a line, for what time says of tokens.
        alone: the client's lines as they were followed by themselves. What it takes for possible at a higher cost
            stays so: dearer ways are not followed here.
    """
    too_large, tried = False, []
    for lines, only_then in candidates(own, site, time):
        if not 0 < len(lines) <= MOST_LINES or lines in tried or (only_then and not too_large):
            continue
        tried.append(lines)
        logs = [[replace(each, bound=True) for each in asked(log)] for log in by_log(lines, time)]
        try:
            found = _all_orders(follower(), chains_of([asked(own, Ages(heard)), *logs], time), alone.cost)
        except TooLarge:
            too_large = True
            continue
        if found is not None:
            store = found.ground.store
            dearer = store.difference(alone.possible, alone.likely)
            possible = store.union(store.intersection(found.possible, alone.likely), dearer)
            return replace(found, possible=possible, states=_of_both(found, alone), cut=alone.cut)
    return None


def _of_both(found: Followed, alone: Followed) -> int | None:
    """Where the model may be by all lines and by the client's alone: where something is too much, each says more."""
    if found.states is None or alone.states is None:
        return found.states or alone.states
    return found.ground.store.intersection(found.states, alone.states) or found.states


def without_client(
    follower: Callable[[], Follower], site: Sequence[Seen], time: Timeline, alone: Followed
) -> Followed | None:
    """The lines of a site alone, in every order that their windows allow; ``None``: it is too much.

    Args:
        alone: the lines as they were followed in one order, which is but a guess.
    """
    logs = by_log(site, time) if len(site) <= MOST_LINES else []
    try:
        return _all_orders(follower(), chains_of(list(map(asked, logs)), time), alone.cost) if len(logs) > 1 else None
    except TooLarge:
        return None


def _all_orders(follower: Follower, chains: Sequence[Chain], most: int) -> Followed | None:
    ways = follow_together(follower, chains, most)
    if not ways:
        return None
    found = ended(follower, ways)
    return replace(found, placed=_in_any_order(follower, found))


def _in_any_order(follower: Follower, found: Followed) -> tuple[Placed, ...]:
    """The lines in one of the orders, each with the states before and after it in all of them.

    It is one in which as many lines as possible are placed: a line of the site may also have been written before the
    client's first line or after its last one, where nothing is known.
    """
    union = follower.ground.store.union
    points = _points(found.point)
    before: dict[int, int | None] = {}
    after: dict[int, int | None] = {}
    told: dict[Point | None, tuple[int, tuple[Placed, Point | None] | None]] = {None: (0, None)}
    for point in points:
        for placed, _ in point.steps:
            line = id(placed.seen)
            for sets, new in ((before, placed.before), (after, placed.after)):
                old = sets.get(line, EMPTY)
                sets[line] = None if old is None or new is None else union(old, new)
        told[point] = max(
            ((told[earlier][0] + (placed.fit is not Fit.SAID), (placed, earlier)) for placed, earlier in point.steps),
            key=lambda each: each[0],
        )
    lines = []
    here: Point | None = found.point
    while (step := told[here][1]) is not None:
        placed, here = step
        lines.append(replace(placed, before=before[id(placed.seen)], after=after[id(placed.seen)]))
    return tuple(reversed(lines))


def _points(last: Point | None) -> list[Point]:
    """All points over which ways lead to one, the first ones first."""
    found: dict[Point, None] = {}
    waiting = [last]
    while waiting:
        point = waiting.pop()
        if point is not None and point not in found:
            found[point] = None
            waiting += [earlier for _, earlier in point.steps]
    return sorted(found, key=lambda point: point.depth)
