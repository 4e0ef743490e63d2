"""What all labs share: the network that they are followed in, its steps, and the claims that are judged.

One network serves all environments: each unknown is open in it, each reading of the document, and each switch is on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache

from ccmproof.harness.checker import network_of
from ccmproof.harness.system import shipped
from ccmproof.model.kernel import product
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow import build
from ccmproof.model.workflow.readings import SWITCHES
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.properties.property import Property

from ..clock import TICK
from ..contract import Work
from .alphabet import silent
from .compiled import Compiled

SCENARIO = Scenario(
    "lab",
    "What a lab may be: every environment and reading; all that may strike, strikes",
    tick=TICK // timedelta(minutes=1),
)

MOST_STATES = 50_000
"""So many states are kept in mind, at some 2,000 bytes each."""


class Equipment:
    """What following needs and all labs share: the network with the machines that watch, its steps, the properties."""

    def __init__(self, properties: Iterable[Property], model: Model) -> None:
        self.properties = tuple(properties)
        self.network = network_of(SCENARIO, self.properties, {}, lambda scenario, settings=None: model)
        self._compiled = Compiled(self.network)
        self._silent: dict[tuple[frozenset[Work], frozenset[str]], frozenset[str]] = {}

    @property
    def compiled(self) -> Compiled:
        """The network's steps. They are begun anew where too much is kept in mind; who has the old ones keeps them."""
        if len(self._compiled.states) > MOST_STATES:
            self._compiled = Compiled(self.network)
        return self._compiled

    def silent(self, works: frozenset[Work], queued: frozenset[str]) -> frozenset[str]:
        """The events that nobody sees while these works go on and this may still be queued by them."""
        key = works, queued
        found = self._silent.get(key)
        if found is None:
            found = self._silent[key] = silent(self.network, works) | queued
        return found

    def environment(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        """A whole environment: the healthy one with the default readings, but for these changes.

        Raises:
            ModelError: a change names what is no unknown or no value of it, or the model assumes that it cannot be.
        """
        defaults = {a.name: a.initial[0] for a in build(SCENARIO).actors if not a.rows}
        known = {a.name: a for a in self.network.unknowns}
        usual = {**defaults, **HEALTHY}
        found = {name: of.initial[0] if len(of.initial) == 1 else usual[name] for name, of in known.items()}
        for name, value in (changes or {}).items():
            if name not in known:
                raise ModelError(f"there is no unknown {name!r}{nearest(name, known)}")
            if value not in known[name].initial:
                raise ModelError(f"{name} is never {value!r} in a lab{nearest(value, known[name].initial)}")
            found[name] = value
        state = self.initial(found)
        for condition in self.network.assume:
            if not product.holds(self.network, condition, state):
                raise ModelError(f"the model assumes that {condition}")
        return found

    def initial(self, environment: Mapping[str, str]) -> State:
        """Where the model begins in an environment."""
        return tuple(environment.get(a.name, a.initial[0]) for a in self.network.actors)


def lab_model() -> Model:
    """The model of a lab: each unknown and each reading open, each switch on."""
    model = build(SCENARIO)
    switches = {each.name for each in SWITCHES}
    still = {a.name: a.states for a in model.actors if not a.rows and (a.parameter or len(a.initial) > 1)}
    opened: dict[str, Iterable[str]] = {name: states for name, states in still.items() if name not in switches}
    return model.pinned({**opened, **dict.fromkeys(switches & {"adversary"}, ("present",)),
                         **dict.fromkeys(switches - {"adversary"}, ("on",))})  # fmt: skip


@cache
def equipment() -> Equipment:
    """The shipped model's, with all claims that a step or a state decides."""
    of = shipped()
    said = [prop.at(SCENARIO) for prop in of.sayable_in(SCENARIO)]
    decided = [prop for prop in said if not prop.untold and prop.promise is None and not prop.possible]
    return Equipment(decided, lab_model())


def lab_network() -> Network:
    """The network that labs are followed in."""
    return equipment().network
