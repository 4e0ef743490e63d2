"""The order of the moving actors, on which the size of the diagrams depends: given, guessed, or searched for.

A good order keeps together what moves together. Without a stored one, actors are placed so that the events span few
levels (:func:`guessed`); :mod:`.search` finds one that is several times better, and it is stored beside the model.

Several actors may share a level, as the fields of a record that is always copied whole: its values are then the tuples
of their states that may occur (:mod:`.tuples`). That pays where the fields are entangled with what lies between them.

References: Aloul, Markov, Sakallah, "FORCE: a fast and easy-to-implement variable-ordering heuristic" (GLSVLSI 2003);
Siminiceanu, Ciardo, "New metrics for static variable ordering in decision diagrams" (TACAS 2006).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network

from .reduce import Reads

Order: TypeAlias = Sequence[str | tuple[str, ...]]
"""The levels of the moving actors, the highest first: each an actor's name, or the names of those that share it."""
_ROUNDS = 200
"""Of the force-directed placement; it has settled long before."""


def sharing(level: str | tuple[str, ...]) -> tuple[str, ...]:
    """The actors of a level."""
    return (level,) if isinstance(level, str) else level


def flat(order: Order) -> list[str]:
    """The actors of all levels, for an engine that gives each its own."""
    return [name for level in order for name in sharing(level)]


def read(path: Path) -> list[str | tuple[str, ...]]:
    """An order that was stored.

    Raises:
        ModelError: the file is not a JSON list of names and lists of names; it says which file.
    """
    try:
        levels = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ModelError(f"{path}: line {error.lineno}, column {error.colno}: {error.msg}") from error
    if not isinstance(levels, list):
        raise ModelError(f"{path}: expected a list of actors' names, or of lists of those that share a level")
    for level in levels:
        names = level if isinstance(level, list) else [level]
        if not names or not all(isinstance(name, str) for name in names):
            raise ModelError(f"{path}: {json.dumps(level, ensure_ascii=False)} is neither a name nor a list of names")
    return [tuple(level) if isinstance(level, list) else level for level in levels]


def written(order: Order) -> str:
    """An order as it is stored: a JSON list, one level a line."""
    return "[\n " + ",\n ".join(json.dumps(level, ensure_ascii=False) for level in order) + "\n]\n"


def write(path: Path, order: Order) -> None:
    """Store an order."""
    path.write_text(written(order), encoding="utf-8", newline="\n")


def spans(network: Network) -> list[tuple[str, ...]]:
    """What belongs together: for each event, and for each participant's part of it, the moving actors that it concerns.

    A part that reads one actor and moves another (a field that is copied) is a tie of its own: copies whose ends lie
    far apart make the relation grow with the product of what lies between.
    """
    reads = Reads()
    moving = {a.name for a in network.moving}
    ties: dict[tuple[str, ...], None] = {}
    for event in network.events:
        whole = set(event.participants) | set(reads(event.guard))
        for name in event.participants:
            own = {name}
            for row in network.actor[name].by_event.get(event.name, ()):
                own |= reads(row.when)
            whole |= own
            ties.setdefault(tuple(sorted(own & moving)))
        ties.setdefault(tuple(sorted(whole & moving)))
    return [tie for tie in ties if len(tie) > 1]


def guessed(network: Network) -> list[str]:
    """An order of the moving actors in which the ties of :func:`spans` are short. Deterministic."""
    ties = spans(network)
    best = [a.name for a in network.moving]
    place = {name: i for i, name in enumerate(best)}
    mine: dict[str, list[tuple[str, ...]]] = {name: [] for name in best}
    for tie in ties:
        for name in tie:
            mine[name].append(tie)
    least = _length(ties, place)
    order = best
    for _ in range(_ROUNDS):
        centre = {tie: sum(place[name] for name in tie) / len(tie) for tie in ties}
        pull = {
            name: sum(centre[tie] / len(tie) for tie in of) / sum(1 / len(tie) for tie in of) if of else place[name]
            for name, of in mine.items()
        }
        moved = sorted(order, key=lambda name: (pull[name], place[name]))
        if moved == order:
            break
        order = moved
        place = {name: i for i, name in enumerate(order)}
        length = _length(ties, place)
        if length < least:
            best, least = order, length
    return best


def _length(ties: Sequence[tuple[str, ...]], place: dict[str, int]) -> float:
    """The sum of the spans; a tie of many counts less for each of them."""
    return sum((max(at) - min(at)) / len(tie) for tie in ties for at in ([place[name] for name in tie],))


def completed(network: Network, order: Order | None) -> list[str | tuple[str, ...]]:
    """The order, made to fit the network.

    Names that are none of its moving actors are passed over, also within a level; an actor that is not named has a
    level of its own, below the one with which it shares most ties. Without an order: :func:`guessed`.
    """
    if not order:
        return [*guessed(network)]
    left = dict.fromkeys(a.name for a in network.moving)
    found: list[str | tuple[str, ...]] = []
    for level in order:
        names = tuple(name for name in dict.fromkeys(sharing(level)) if name in left)
        for name in names:
            del left[name]
        if names:
            found.append(names if len(names) > 1 else names[0])
    ties = spans(network)
    for missing in left:
        shared = dict.fromkeys(flat(found), 0.0)
        for tie in ties:
            if missing in tie:
                for name in tie:
                    if name in shared:
                        shared[name] += 1 / len(tie)
        found.insert(_most_tied(found, shared) + 1 if found else 0, missing)
    return found


def _most_tied(order: Order, shared: dict[str, float]) -> int:
    """The place of the first level whose actors share most."""
    weights = [sum(shared[name] for name in sharing(level)) for level in order]
    return weights.index(max(weights))
