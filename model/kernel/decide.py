"""Can a condition be true at all? Decided by splitting on one actor at a time.

The question is about all combinations of states, reachable or not, whatever is assumed of them: what the lints ask of
guards. A condition is first brought into a form with leaves only (negations pushed down to sets of states); leaves that
must hold narrow their actors, what is then settled vanishes, and where nothing is settled one actor is split into
groups of states that no leaf tells apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from .condition import FALSE, TRUE, And, Condition, In, Named, Not, Or, actors_of, all_of, any_of, leaves, rewrite
from .errors import ModelError, nearest
from .network import Network

Domains: TypeAlias = Mapping[str, Sequence[str]]
"""The states that each actor may be in."""


def satisfiable(where: Network | Domains, condition: Condition) -> dict[str, str] | None:
    """States of the actors that the condition reads in which it is true; ``None`` where there are none.

    Args:
        where: the network that the condition is about, each actor in any of its declared states; or the states of each
            actor, if the condition names no groups.

    Raises:
        ModelError: the condition names what is not there.

    Exponential in the number of actors at worst (the question is NP-complete); quick on guards.
    """
    return Decider(where).satisfiable(condition)


def valid(where: Network | Domains, condition: Condition) -> bool:
    """Is the condition true in all combinations of states? Arguments and errors as for :func:`satisfiable`."""
    return satisfiable(where, ~condition) is None


class Decider:
    """Answers many questions about one network (or one choice of domains), and remembers what it has been asked."""

    def __init__(self, where: Network | Domains) -> None:
        self.network = where if isinstance(where, Network) else None
        domains = {a.name: a.states for a in where.actors} if isinstance(where, Network) else where
        self.domains = {name: tuple(states) for name, states in domains.items()}
        self._settled: dict[tuple[Condition, bool], Condition] = {}
        self._answers: dict[Condition, dict[str, str] | None] = {}

    def satisfiable(self, condition: Condition) -> dict[str, str] | None:
        """As the function of that name."""
        if condition not in self._answers:
            self._answers[condition] = self._answer(condition)
        answer = self._answers[condition]
        return None if answer is None else dict(answer)

    def _answer(self, condition: Condition) -> dict[str, str] | None:
        found = _solve(self.leaves_only(condition, True), {}, self.domains)
        if found is None:
            return None
        read = sorted(actors_of(condition))
        return {name: next(s for s in self.domains[name] if s in found.get(name, (s,))) for name in read}

    def valid(self, condition: Condition) -> bool:
        """As the function of that name."""
        return self.satisfiable(~condition) is None

    def leaves_only(self, condition: Condition, positive: bool) -> Condition:
        """The condition, or its negation, as a tree of ``And`` and ``Or`` over leaves that name states."""
        key = condition, positive
        if key not in self._settled:
            self._settled[key] = self._leaves_only(condition, positive)
        return self._settled[key]

    def _leaves_only(self, condition: Condition, positive: bool) -> Condition:
        match condition:
            case In():
                return self._leaf(condition, positive)
            case Not(part=part):
                return self.leaves_only(part, not positive)
            case Named(body=body):
                return self.leaves_only(body, positive)
            case And(parts=parts) | Or(parts=parts):
                join = all_of if isinstance(condition, And) == positive else any_of
                return join(*(self.leaves_only(part, positive) for part in parts))
        raise TypeError(f"not a condition: {condition!r}")

    def _leaf(self, leaf: In, positive: bool) -> Condition:
        if leaf.actor not in self.domains:
            raise ModelError(f"there is no actor {leaf.actor!r}{nearest(leaf.actor, self.domains)}")
        domain = self.domains[leaf.actor]
        named = self.network.resolve(leaf) if self.network is not None else leaf.names
        unknown = sorted(named.difference(domain)) if self.network is None else []
        if unknown:
            raise ModelError(f"{leaf.actor} has no state {unknown[0]!r}{nearest(unknown[0], domain)}")
        chosen = frozenset(state for state in domain if (state in named) == positive)
        return FALSE if not chosen else TRUE if len(chosen) == len(set(domain)) else In(leaf.actor, chosen)


_Narrowed: TypeAlias = Mapping[str, frozenset[str]]


def _solve(condition: Condition, narrowed: _Narrowed, domains: Domains) -> dict[str, frozenset[str]] | None:
    """For some actors the states that make the condition true, whatever the others are; ``None``: there are none."""
    condition, narrowed = _propagate(condition, narrowed)
    if condition == FALSE:
        return None
    if condition == TRUE:
        return dict(narrowed)
    actor = _busiest(condition)
    told_apart = dict.fromkeys(leaf.names for leaf in leaves(condition) if leaf.actor == actor)
    groups: dict[tuple[bool, ...], list[str]] = {}
    for state in domains[actor]:
        if state in narrowed.get(actor, (state,)):
            groups.setdefault(tuple(state in names for names in told_apart), []).append(state)
    for states in groups.values():
        found = _solve(condition, {**narrowed, actor: frozenset(states)}, domains)
        if found is not None:
            return found
    return None


def _propagate(condition: Condition, narrowed: _Narrowed) -> tuple[Condition, _Narrowed]:
    """What must hold narrows its actor; what that settles is dropped; until nothing changes."""
    while True:
        condition = rewrite(condition, lambda leaf, now=narrowed: _settle(leaf, now))  # type: ignore[misc]
        must = condition.parts if isinstance(condition, And) else (condition,)
        units = [part for part in must if isinstance(part, In)]
        if not units:
            return condition, narrowed
        further = dict(narrowed)
        for unit in units:
            further[unit.actor] = unit.names & further.get(unit.actor, unit.names)  # none left: the leaf is false next
        narrowed = further


def _settle(leaf: In, narrowed: _Narrowed) -> Condition:
    left = narrowed.get(leaf.actor)
    if left is None:
        return leaf
    both = leaf.names & left
    return FALSE if not both else TRUE if both == left else In(leaf.actor, both)


def _busiest(condition: Condition) -> str:
    """The actor with the most leaves, the first of several."""
    count: dict[str, int] = {}
    for leaf in leaves(condition):
        count[leaf.actor] = count.get(leaf.actor, 0) + 1
    return max(count, key=lambda name: count[name])
