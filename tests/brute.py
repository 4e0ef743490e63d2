"""Brute force: both designs explored state by state with the reference semantics, and compared one environment a time.

Nothing here knows sets of environments, engines or diagrams: environments are dictionaries, and sets of them are lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from itertools import product as tuples

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.network import Actor, Network, State
from ccmproof.properties.property import Property, attempted, broken

Environment = dict[str, str]
Literals = frozenset[tuple[str, frozenset[str]]]
"""A cause: for each unknown that it speaks of the values that it allows."""


@dataclass(frozen=True)
class Seen:
    """Everything that a network reaches."""

    network: Network

    @cached_property
    def states(self) -> list[State]:
        found = dict.fromkeys(product.initial_states(self.network))
        todo = list(found)
        while todo:
            for _, after in product.successors(self.network, todo.pop()):
                if after not in found:
                    found[after] = None
                    todo.append(after)
        return list(found)

    def environment(self, state: State) -> Environment:
        return {of.name: state[self.network.position[of.name]] for of in self.network.unknowns}

    def of(self, states: Iterable[State]) -> list[Environment]:
        """The environments of the states, each once."""
        return list({tuple(each.items()): each for each in map(self.environment, states)}.values())

    @cached_property
    def environments(self) -> list[Environment]:
        return self.of(product.initial_states(self.network))

    def where(self, condition: Condition) -> list[Environment]:
        """Those in which a state is reached in which the condition holds."""
        return self.of(state for state in self.states if product.holds(self.network, condition, state))

    @cached_property
    def fires(self) -> dict[str, list[Environment]]:
        """For each event the environments in which it happens."""
        return {
            event.name: self.of(state for state in self.states if product.enabled(self.network, event, state))
            for event in self.network.events
        }

    def _happening(self) -> Iterator[tuple[str, State]]:
        for state in self.states:
            for event in self.network.events:
                if product.enabled(self.network, event, state):
                    yield event.name, state

    @cached_property
    def steps(self) -> dict[str, set[tuple[str, str, str]]]:
        """For each actor that acts the steps that it makes."""
        found: dict[str, set[tuple[str, str, str]]] = {of.name: set() for of in self.acting}
        for event, state in self._happening():
            for name in self.network.event[event].participants:
                if name in found:
                    of, here = self.network.actor[name], state[self.network.position[name]]
                    rows = product.offered(self.network, of, event, state)
                    found[name] |= {(here, event, row.target(here)) for row in rows}
        return found

    @property
    def acting(self) -> list[Actor]:
        return [of for of in self.network.moving if not of.data]

    @cached_property
    def entered(self) -> dict[str, set[str]]:
        return {of.name: {state[i] for state in self.states} for i, of in enumerate(self.network.actors)}

    def labels(self, hosts: Iterable[str], fields: Iterable[str]) -> set[tuple[str, ...]]:
        """The labelled steps: each event of these hosts, with what the fields are before it."""
        places = [self.network.position[name] for name in fields if name in self.network.actor]
        return {
            (event, *(state[place] for place in places))
            for event, state in self._happening()
            if self.network.actor[self.network.event[event].controller].host in set(hosts)
        }


@dataclass(frozen=True)
class Pair:
    """The original and the changed design, compared over the unknowns that both have and that are not set apart."""

    before: Seen
    after: Seen
    apart: tuple[str, ...] = ()

    @cached_property
    def shared(self) -> list[Environment]:
        names = [
            of.name
            for of in self.before.network.unknowns
            if of.name not in self.apart and of.name in {each.name for each in self.after.network.unknowns}
        ]
        both = [*self.before.environments, *self.after.environments]
        values = [dict.fromkeys(each[name] for each in both) for name in names]
        every = [dict(zip(names, of, strict=True)) for of in tuples(*values)]
        return self.among(both, every)

    def among(self, chosen: list[Environment], every: list[Environment] | None = None) -> list[Environment]:
        """The shared environments that agree with one of the chosen."""
        spoken = self.shared if every is None else every
        narrow = [{name: each[name] for name in spoken[0]} for each in chosen] if spoken else []
        known = [each for i, each in enumerate(narrow) if each not in narrow[:i]]
        return [each for each in spoken if each in known]

    def sides(
        self, prop: Property
    ) -> tuple[list[Environment], list[Environment], list[Environment], list[Environment]]:
        """Where it failed, was spoken of, fails, is spoken of."""
        found: list[list[Environment]] = []
        for seen in (self.before, self.after):
            met = seen.where(broken(prop, seen.network))
            if prop.possible:
                can = self.among(met)
                own = self.among(seen.environments)
                found += [[each for each in own if each not in can], own]
            else:
                failing = self.among(met)
                tried = self.among(seen.where(attempted(prop, seen.network)))
                found += [failing, [each for each in self.shared if each in tried or each in failing]]
        return found[0], found[1], found[2], found[3]


def primes(bad: list[Environment], allowed: list[Environment], values: Mapping[str, tuple[str, ...]]) -> set[Literals]:
    """Every minimal condition: the largest boxes of values with nothing in them that is allowed and not bad."""
    good = [each for each in allowed if each not in bad]
    subsets = {
        name: [frozenset(some) for some in chain.from_iterable(combinations(of, n) for n in range(1, len(of) + 1))]
        for name, of in values.items()
    }
    boxes = [dict(zip(values, box, strict=True)) for box in tuples(*subsets.values())]

    def within(each: Environment, box: Mapping[str, frozenset[str]]) -> bool:
        return all(each[name] in of for name, of in box.items())

    fit = [box for box in boxes if not any(within(each, box) for each in good)]
    largest = [
        box
        for box in fit
        if any(within(each, box) for each in bad)
        and not any(box != other and all(box[name] <= other[name] for name in box) for other in fit)
    ]
    return {frozenset((name, of) for name, of in box.items() if of != frozenset(values[name])) for box in largest}
