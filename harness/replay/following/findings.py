"""Findings: claims of the suite that lines decide, for a security review.

Every claim about safety is held against what each line shows (:mod:`.shown`), in three values: what is not shown is
neither so nor not so. A claim is broken where its premise is certain and its conclusion certainly false; so what was
not seen breaks none, and which claims a log can break follows from the suite and the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ccmproof.model.kernel.condition import And, Condition, In, Not, Or, actors_of, opened
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.text import parse
from ccmproof.properties.property import Property
from ccmproof.properties.suite import SUITE

from ...system import shipped as system
from ..pattern import Pattern, Seen
from ..table_file import shipped
from .ground import FULL_SCENARIO, network_of
from .shown import Shown, asks, shown
from .trail import Placed

Known = dict[str, frozenset[str]]
"""By actor the states that it may be in; one that is not there may be in any."""


@dataclass(frozen=True)
class Finding:
    """What a claim forbids, and lines show.

    Attributes:
        claim: the ID of the claim in the suite.
        text: what is found, in a sentence.
    """

    claim: str
    text: str
    lines: tuple[Seen, ...]


class Claims:
    """The claims about safety, and what is shown of the actors of a network."""

    def __init__(self, network: Network, suite: Iterable[Property] = SUITE) -> None:
        self.network = network
        self._safety = [each for each in suite if not (each.possible or each.promise or each.bound)]
        self._read: dict[str, Condition | None] = {}
        self._leaves: dict[In, frozenset[str] | None] = {}
        self._found: dict[tuple[object, ...], tuple[Property, ...]] = {}

    def broken(self, what: Shown) -> tuple[Property, ...]:
        """The claims that cannot be true where this is shown."""
        key = what.holds, what.groups
        if key not in self._found:
            self._found[key] = tuple(self._broken(what))
        return self._found[key]

    def _broken(self, what: Shown) -> Iterator[Property]:
        known = self.known(what.holds)
        groups = [*what.groups, *self._asked_for(known)]
        for prop in self._safety:
            speaks = any(name in prop.then for name in known)
            if (not speaks and prop.then != "false") or (prop.on and not any(map(set(prop.on).issuperset, groups))):
                continue
            then, when = self._condition(prop.then), self._condition(prop.when or "true")
            if self.value(then, known) is False and self.value(when, known) is True:
                yield prop

    def known(self, holds: Iterable[str]) -> Known:
        """What all of these together say of single actors; nothing where they contradict each other."""
        parts = [part for text in holds for part in _parts(opened(self.network.condition(text)))]
        known: Known = {}
        for _ in range(1 + len(parts)):  # one that leaves a choice may tell once the others have
            for part in parts:
                self._learn(part, known)
        return {} if frozenset() in known.values() else known

    def value(self, condition: Condition | None, known: Known) -> bool | None:
        """Whether it is true; ``None``: that is not known, or what it says is not."""
        match condition:
            case None:
                return None
            case In(actor=name):
                states, wanted = known.get(name), self._states(condition)
                if states is None or wanted is None:
                    return None
                return True if states <= wanted else False if states.isdisjoint(wanted) else None
            case Not(part=part):
                value = self.value(part, known)
                return None if value is None else not value
            case And(parts=parts):
                values = {self.value(part, known) for part in parts}
                return False if False in values else None if None in values else True
            case Or(parts=parts):
                values = {self.value(part, known) for part in parts}
                return True if True in values else None if None in values else False
        raise TypeError(f"not a condition: {condition!r}")

    def _learn(self, part: Condition, known: Known) -> None:
        """What one condition says of an actor, in the light of what is known of others."""
        if isinstance(part, Or):
            left = [each for each in part.parts if self.value(each, known) is not False]
            if len(left) == 1:
                for each in _parts(left[0]):
                    self._learn(each, known)
        else:
            names = actors_of(part)
            if len(names) == 1:
                (name,) = names
                may = known.get(name, frozenset(self.network.actor[name].states))
                known[name] = frozenset(s for s in may if self.value(part, {name: frozenset({s})}) is True)

    def _asked_for(self, known: Known) -> Iterator[frozenset[str]]:
        """The events one of which serves the request that is shown, where each endpoint it may have has one."""
        endpoints = known.get("request.endpoint", frozenset())
        if "client" in known.get("request.sender", ()) and endpoints and endpoints <= asks().keys():
            yield frozenset(asks()[each] for each in endpoints)

    def _condition(self, text: str) -> Condition | None:
        """The condition, with every predicate opened; ``None`` where it is said in words of another scenario.

        It may speak of an actor that the network does not have, as an observer: what that is at is not known.
        """
        if text not in self._read:
            try:
                self._read[text] = opened(parse(text, self.network.predicates))
            except ModelError:
                self._read[text] = None
        return self._read[text]

    def _states(self, leaf: In) -> frozenset[str] | None:
        """The states in which it holds; ``None`` where the network has not all that it names."""
        if leaf not in self._leaves:
            actor = self.network.actor.get(leaf.actor)
            there = actor is not None and leaf.names <= {*actor.states, *actor.groups}
            self._leaves[leaf] = self.network.resolve(leaf) if there else None
        return self._leaves[leaf]


def findings(
    lines: Sequence[Seen],
    placed: Sequence[Placed] = (),
    claims: Claims | None = None,
    patterns: Sequence[Pattern] | None = None,
) -> tuple[Finding, ...]:
    """Everything that the lines of one device show and a claim forbids; what is found again and again is found once.

    Args:
        lines: in their order.
        placed: the same lines as they were followed.
        claims: by default those of the suite; ``patterns``: by default those that are shipped.
    """
    found: dict[tuple[str, str], dict[int, Seen]] = {}
    held = claims or of_suite()
    for what in shown(lines, placed, shipped() if patterns is None else patterns):
        known = () if what.without is None else held.broken(what.without)
        for prop in (each for each in held.broken(what) if each not in known):
            found.setdefault((prop.id, f"{prop.claim}; but {what.says}"), {}).update((id(x), x) for x in what.lines)
    return tuple(Finding(claim, text, tuple(of.values())) for (claim, text), of in found.items())


@cache
def of_suite() -> Claims:
    """The claims of the suite, about the model that logs are followed through."""
    return Claims(network_of(FULL_SCENARIO, system()))


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, And) else (condition,)
