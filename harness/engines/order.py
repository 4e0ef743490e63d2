"""The order of the moving actors, on which the size of the diagrams depends: given, guessed, or searched for.

A good order keeps together what moves together. Without a stored one, actors are placed so that the events span few
levels (:func:`guessed`); :mod:`.search` finds one that is several times better, and it is stored beside the model.

References: Aloul, Markov, Sakallah, "FORCE: a fast and easy-to-implement variable-ordering heuristic" (GLSVLSI 2003);
Siminiceanu, Ciardo, "New metrics for static variable ordering in decision diagrams" (TACAS 2006).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network

from .reduce import Reads

_ROUNDS = 200
"""Of the force-directed placement; it has settled long before."""


def read(path: Path) -> list[str]:
    """An order that was stored.

    Raises:
        ModelError: the file is not a JSON list of names; it says which file.
    """
    try:
        names = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ModelError(f"{path}: line {error.lineno}, column {error.colno}: {error.msg}") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ModelError(f"{path}: expected a list of actors' names")
    return names


def write(path: Path, order: Sequence[str]) -> None:
    """Store an order: a JSON list of names, one a line."""
    path.write_text(json.dumps(list(order), indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


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


def completed(network: Network, order: Sequence[str] | None) -> list[str]:
    """The order, made to fit the network.

    Names that are none of its moving actors are passed over; an actor that is not named is placed below the one with
    which it shares most ties. Without an order: :func:`guessed`.
    """
    if not order:
        return guessed(network)
    moving = {a.name for a in network.moving}
    found = [name for name in dict.fromkeys(order) if name in moving]
    ties = spans(network)
    for actor in network.moving:
        if actor.name not in found:
            shared = dict.fromkeys(found, 0.0)
            for tie in ties:
                if actor.name in tie:
                    for name in tie:
                        if name in shared:
                            shared[name] += 1 / len(tie)
            at = max(range(len(found)), key=lambda i: shared[found[i]]) + 1 if found else 0
            found.insert(at, actor.name)
    return found
