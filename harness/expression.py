"""Expressions: conditions as somebody asks them of a model, whose words may be its events too.

The language is that of guards and properties (:mod:`ccmproof.model.kernel.text`); ``model/EXPRESSIONS.md`` is its page.
An event's name stands for "it may happen there".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from ccmproof.model.kernel.condition import And, Condition, Named, Or
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import readiness
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.text import parse

BARE = "predicate or event"
"""What a bare word may be."""


def expression(text: str, network: Network) -> Condition:
    """The condition that a text says; a word that is no predicate may be an event: it may happen.

    Raises:
        ConditionError: the text is malformed, or names what is not there: where, the nearest name, and of an actor
            without such a state which it has.
    """
    actors = {each.name: [*each.states, *each.groups] for each in network.actors}
    return parse(text, Words(network), actors, bare=BARE)


def sayable(texts: Mapping[str, str], network: Network) -> dict[str, Condition]:
    """Those of the named expressions whose words the network has."""
    found = {}
    for name, text in texts.items():
        try:
            found[name] = expression(text, network)
        except ModelError:
            continue
    return found


class Words(Mapping[str, Condition]):
    """What a word may stand for: a named predicate, or else an event that may happen."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def __getitem__(self, name: str) -> Condition:
        found = self.network.predicates.get(name)
        return readiness(self.network, self.network.event[name]) if found is None else found

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _names(self) -> Mapping[str, None]:
        return dict.fromkeys((*self.network.predicates, *self.network.event))


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """The parts that must all hold."""
    return condition.parts if isinstance(condition, And) else (condition,)


def events_in(part: Condition, network: Network) -> tuple[str, ...]:
    """The events of a part that says nothing but that one of them may happen; of any other part none."""
    among = part.parts if isinstance(part, Or) else (part,)
    names = tuple(each.name for each in among if isinstance(each, Named) and each.name not in network.predicates)
    return names if len(names) == len(among) else ()
