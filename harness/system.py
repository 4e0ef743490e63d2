"""What is checked: scenarios, the model that each of them builds, and the suite of properties.

The shipped one is loaded when it is needed, so that the command line starts quickly; a test passes one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ccmproof.model.alphabet import Alphabet
from ccmproof.model.kernel.actor import ActorDef
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.picture import Picture
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property
from ccmproof.properties.spare import Spare

if TYPE_CHECKING:
    from .engines import Order

Load = Callable[[], "System"]
"""A function of a module, by whose name any process gives itself the system."""


class Build(Protocol):
    """Builds the model of a scenario; ``settings`` gives parameters and unknowns a value, as text."""

    def __call__(self, scenario: Scenario, settings: Mapping[str, str] = ..., /) -> Model: ...


@dataclass(frozen=True)
class System:
    """Scenarios, the model of each, and what must hold of it; stored orders of the moving actors.

    The first scenario is the one that is meant by default. The suite lists which conjuncts of its premises are spare;
    ``goals`` are what a client is there for, and ``alphabet`` what is told of a step, where two designs are compared;
    ``pictures`` are those of the workflow by name. ``few`` pins a few telling environments; ``survivors`` are the
    edits, by their texts, of which the suite says why it is right that no property notices them; ``void`` says when
    fields of records mean nothing.
    """

    scenarios: Mapping[str, Scenario]
    build: Build
    suite: tuple[Property, ...]
    orders: Mapping[str, Order] = field(default_factory=dict)
    spare: tuple[Spare, ...] = ()
    goals: Mapping[str, str] = field(default_factory=dict)
    alphabet: Alphabet = field(default_factory=Alphabet)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    few: Mapping[str, str] = field(default_factory=dict)
    survivors: Mapping[str, str] = field(default_factory=dict)
    void: Mapping[str, str] = field(default_factory=dict)

    def order_of(self, scenario: Scenario) -> Order | None:
        """The stored order of the moving actors that is good for the scenario; ``None`` where there is none."""
        return self.orders.get(scenario.order)

    @property
    def default(self) -> Scenario:
        return next(iter(self.scenarios.values()))

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name, or the default one for an empty name.

        Raises:
            ModelError: there is none; the nearest name is given.
        """
        if not name:
            return self.default
        if name not in self.scenarios:
            known = ", ".join(self.scenarios)
            raise ModelError(f"there is no scenario {name!r}{nearest(name, self.scenarios)}; there are {known}")
        return self.scenarios[name]

    def select(self, patterns: Iterable[str] = ()) -> tuple[Property, ...]:
        """The properties that the patterns name, in the order of the suite; all of them where there is no pattern.

        A pattern is an ID or has ``*``, ``?`` or ``[…]`` as a shell has them; case does not matter.

        Raises:
            ModelError: the suite is empty, or a pattern matches nothing. Nothing asked is never a pass.
        """
        if not self.suite:
            raise ModelError("there is no property to check: the suite is empty")
        wanted = list(patterns)
        for pattern in wanted:
            if not any(_matches(prop, pattern) for prop in self.suite):
                raise ModelError(self._no_property(pattern))
        return tuple(p for p in self.suite if not wanted or any(_matches(p, pattern) for pattern in wanted))

    def property(self, name: str) -> Property:
        """The one property of that ID; case does not matter.

        Raises:
            ModelError: there is none; the nearest ID is given. Or the name is a pattern; those that match are given.
        """
        for prop in self.suite:
            if prop.id.casefold() == name.casefold():
                return prop
        matching = [prop.id for prop in self.suite if _matches(prop, name)]
        if matching:
            some = ", ".join(matching[:_SOME])
            more = f" and {len(matching) - _SOME} more" if len(matching) > _SOME else ""
            raise ModelError(f"{name!r} is a pattern, and one property is wanted; it matches {some}{more}")
        raise ModelError(self._no_property(name))

    def asked_in(self, scenario: Scenario, chosen: Sequence[Property], *, named: bool) -> tuple[Property, ...]:
        """Those of the chosen properties that are about the scenario; all that can be said in it where the user has
        ``named`` them.

        Raises:
            ModelError: none is. Nothing asked is never a pass.
        """
        asked = tuple(
            p
            for p in self.sayable_in(scenario, chosen)
            if named or scenario.name in p.asked_in or not (p.asked_in or scenario.alone)
        )
        if not asked:
            raise ModelError(self._nothing_asked(scenario, chosen, named=named))
        return asked

    def beneath(self, scenario: Scenario) -> tuple[Property, ...]:
        """The claims of safety that promises and bounds on time rest on: those of every scenario that need nobody who
        watches, so that they can be judged on what is explored for these."""
        return tuple(p for p in self.sayable_in(scenario) if p.kind in "IS" and not p.asked_in)

    def sayable_in(self, scenario: Scenario, chosen: Iterable[Property] | None = None) -> tuple[Property, ...]:
        """Those of the chosen properties, of the whole suite by default, whose words the scenario's model has."""
        among = self.suite if chosen is None else chosen
        return tuple(p for p in among if self.extensions_of(p) <= set(scenario.extensions))

    def extensions_of(self, prop: Property) -> frozenset[str]:
        """The extensions of the model that the property speaks of: what all scenarios that ask it have."""
        asking = [frozenset(self.scenarios[name].extensions) for name in prop.asked_in if name in self.scenarios]
        return frozenset.intersection(*asking) if asking else frozenset()

    def _nothing_asked(self, scenario: Scenario, chosen: Sequence[Property], *, named: bool) -> str:
        if not named or not chosen:
            return f"no property of the suite is asked in the scenario {scenario.name}"
        first = chosen[0]
        needs = ", ".join(sorted(self.extensions_of(first)))
        return (
            f"{first.id} speaks of {needs}, which the scenario {scenario.name} does not have;"
            f" try --scenario {first.asked_in[0]}"
        )

    def _no_property(self, pattern: str) -> str:
        by_folded = {prop.id.casefold(): prop.id for prop in self.suite}
        near = nearest(pattern.casefold().strip("*?"), by_folded)
        for folded, name in by_folded.items():
            near = near.replace(repr(folded), repr(name))
        no = "no property matches" if any(sign in pattern for sign in "*?[") else "there is no property"
        return f"{no} {pattern!r}{near}; `ccmproof list properties` names them all"


_SOME = 6
"""How many matches of a pattern a complaint names."""


def _matches(prop: Property, pattern: str) -> bool:
    return fnmatchcase(prop.id.casefold(), pattern.casefold())


ANY_VALUE = "*"
"""As a setting's value: every value, that is, open like an unknown."""


def configured(build: Build, scenario: Scenario, settings: Mapping[str, str]) -> Model:
    """The model of a scenario with settings: a value, several (``yes,no``), or ``*`` for all of them.

    Raises:
        ModelError: a setting names what is not there, or an actor that moves.
    """
    return with_settings(build(scenario), settings)


def with_settings(model: Model, settings: Mapping[str, str]) -> Model:
    """The model with settings, as :func:`configured` has them.

    Raises:
        ModelError: a setting names what is not there, or an actor that moves.
    """
    return model.configured({name: _values(value, model.actor(name)) for name, value in settings.items()})


def _values(text: str, of: ActorDef) -> list[str]:
    return list(of.states) if text == ANY_VALUE else [each.strip() for each in text.split(",")]


def shipped() -> System:
    """The Entra authentication workflow and its suite."""
    from ccmproof.model.workflow import build
    from ccmproof.model.workflow.goals import GOALS, SITE_STEPS
    from ccmproof.model.workflow.pictures import PICTURES
    from ccmproof.model.workflow.scenarios import FEW, SCENARIOS
    from ccmproof.model.workflow.void import VOID
    from ccmproof.properties.spare import SPARE
    from ccmproof.properties.suite import SUITE
    from ccmproof.properties.survivors import SURVIVORS

    orders = {name: found for name in {each.order for each in SCENARIOS.values()} if (found := stored_order(name))}
    return System(SCENARIOS, build, SUITE, orders, SPARE, GOALS, SITE_STEPS, PICTURES, FEW, SURVIVORS, VOID)


def order_file(name: str = "order") -> Path:
    """Where an order of the workflow's moving actors is stored: beside the model."""
    from ccmproof.model import workflow

    return Path(str(workflow.__file__)).with_name(f"{name}.json")


def stored_order(name: str = "order") -> Order | None:
    """A stored order of the workflow's moving actors, by its name; ``None`` where there is none."""
    from .engines.order import read

    path = order_file(name)
    return tuple(read(path)) if path.is_file() else None


def settings_of(assignments: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` texts as a dictionary.

    Raises:
        ModelError: a text is not of that form, or a name or one of its values is given twice.
    """
    found: dict[str, str] = {}
    for text in assignments:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name or not value:
            raise ModelError(f"--set {text!r}: expected NAME=VALUE")
        if name in found:
            raise ModelError(f"--set {text!r}: {name} is given twice")
        values = [each.strip() for each in value.split(",")]
        for each in values:
            if values.count(each) > 1:
                raise ModelError(f"--set {text!r}: the value {each!r} is given twice")
        found[name] = value
    return found


def observers_of(properties: Iterable[Property]) -> tuple[ActorDef, ...]:
    """The watching machines of all the properties, each once, in order.

    Raises:
        ModelError: two different machines have one name, or two properties have one ID.
    """
    found: dict[str, tuple[ActorDef, str]] = {}
    for prop in properties:
        for watching in prop.observers:
            other, owner = found.setdefault(watching.name, (watching, prop.id))
            if other != watching:
                raise ModelError(
                    f"{prop.id}: its observer {watching.name!r} differs from the one of {owner}; rename one"
                )
    return tuple(watching for watching, _ in found.values())
