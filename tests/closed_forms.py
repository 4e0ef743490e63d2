"""Networks whose reachable states a formula counts."""

from __future__ import annotations

from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.network import Actor, Event, Network, Transition


def row(event: str, source: str, dest: str) -> Transition:
    return Transition(event, frozenset({source}), dest)


def mutex(processes: int) -> Network:
    """Processes that think, want, wait and enter one at a time: three states outside the critical one."""
    everyone = range(processes)
    lock_rows = [r for i in everyone for r in (row(f"enter{i}", "free", "held"), row(f"leave{i}", "held", "free"))]
    actors = [Actor("lock", ("free", "held"), ("free",), tuple(lock_rows))]
    events = []
    for i in everyone:
        rows = (
            row(f"want{i}", "thinking", "wanting"),
            row(f"wait{i}", "wanting", "waiting"),
            row(f"enter{i}", "waiting", "critical"),
            row(f"leave{i}", "critical", "thinking"),
        )
        actors.append(Actor(f"p{i}", ("thinking", "wanting", "waiting", "critical"), ("thinking",), rows))
        events += [Event(f"{name}{i}", f"p{i}", (f"p{i}",)) for name in ("want", "wait")]
        events += [Event(f"{name}{i}", f"p{i}", ("lock", f"p{i}")) for name in ("enter", "leave")]
    return Network("mutex", tuple(actors), tuple(events))


def copying(fields: int, values: int) -> Network:
    """A record of unknown contents, copied at once into another."""
    states = tuple(f"v{i}" for i in range(values))
    actors, names = [], []
    for i in range(fields):
        rows = tuple(Transition("copy", frozenset(states), value, at(f"source{i}").is_(value)) for value in states)
        actors += [Actor(f"source{i}", states, states), Actor(f"target{i}", states, states[:1], rows)]
        names.append(f"target{i}")
    return Network("copying", tuple(actors), (Event("copy", "target0", tuple(names)),))
