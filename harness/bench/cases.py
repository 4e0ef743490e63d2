"""What is explored, and by whom: a demo that grows with a number, and scenarios of the shipped workflow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ccmproof.model.kernel.network import Actor, Event, Network, Transition

from ..engines import Order

EVERYBODY: Final = ("plain", "numba", "oxidd", "dicts", "networkx")
"""Who competes: engines by their names, and ``dicts``, the plain search."""
SYMBOLIC: Final = ("plain", "numba", "oxidd")
"""Those that need not name every state."""
_LOCK = re.compile(r"lock-([1-9]\d*)")


@dataclass(frozen=True)
class Case:
    """A network by its name, and who tries."""

    name: str
    contestants: tuple[str, ...] = EVERYBODY


QUICK: Final = (Case("lock-6"), Case("lock-40", SYMBOLIC))
USUAL: Final = (
    Case("lock-8"),
    Case("lock-100", SYMBOLIC),
    Case("document"),
    Case("any-environment", SYMBOLIC),
)


def built(case: str) -> tuple[Network, Order | None]:
    """The network of a case, and the order of its moving actors where one is stored.

    ``lock-N`` is the demo for N clients; any other name is a scenario, with the observers of what is asked in it.

    Raises:
        ModelError: there is no such scenario; the nearest name is given.
    """
    demo = _LOCK.fullmatch(case)
    if demo:
        return lock(int(demo[1])), None
    from ..checker import network_of
    from ..system import shipped

    of = shipped()
    scenario = of.scenario(case)
    return network_of(scenario, of.asked_in(scenario, of.suite, named=False), {}, of.build), of.order_of(scenario)


def promised(case: str) -> int | None:
    """How many states a formula says that the case has: ``3^N + N 3^(N - 1)`` for the demo."""
    demo = _LOCK.fullmatch(case)
    if not demo:
        return None
    clients = int(demo[1])
    return 3**clients + clients * 3 ** (clients - 1)  # type: ignore[no-any-return]  # the exponents are not negative


def lock(clients: int) -> Network:
    """Clients that think, want, wait, and hold the one lock by turns."""
    actors, events, held = [], [], []
    for i in range(clients):
        names = [f"{what}_{i}" for what in ("want", "wait", "take", "free")]
        cycle = ("thinking", "wanting", "waiting", "holding", "thinking")
        rows = [Transition(names[k], frozenset({cycle[k]}), cycle[k + 1]) for k in range(4)]
        actors.append(Actor(f"client_{i}", cycle[:4], cycle[:1], tuple(rows)))
        held += [Transition(names[2], frozenset({"free"}), "held"), Transition(names[3], frozenset({"held"}), "free")]
        sharing = dict.fromkeys(names[2:], ("lock",))
        events += [Event(name, f"client_{i}", (f"client_{i}", *sharing.get(name, ()))) for name in names]
    return Network(f"lock-{clients}", (Actor("lock", ("free", "held"), ("free",), tuple(held)), *actors), tuple(events))
