"""The door of :mod:`demo` with goals and an alphabet, and design changes of it, small enough to judge by hand."""

from __future__ import annotations

from dataclasses import replace

from ccmproof.harness.changes.change import Change, changed_by
from ccmproof.harness.changes.located import parsed
from ccmproof.harness.changes.validate import validate
from ccmproof.harness.changes.validation import Validation
from ccmproof.harness.system import System
from ccmproof.model.alphabet import Alphabet
from demo import demo

TRUSTING = """\
title = "The porter trusts whoever comes"
rationale = "Checking keys takes time."
cites = "P2"

[[alter.predicate]]
name = "fits"
is = "true"

[[gives_up]]
property = "D-06"
verdict = "vacuous"
reason = "Nobody is refused any more, so nobody asks again."
"""
"""Breaks D-01 with a bad key, makes R-02 possible, and leaves D-06 nothing to speak of."""

LATCH = """\
title = "A latch keeps the alarm silent while somebody is inside"
cites = "B1"
scenarios = ["storm"]

[[alter.transition]]
actor = "bell"
event = "ring"
demands_too = "visitor is not inside"

[[alter.actor]]
name = "visitor"
seen_by_too = ["world"]

[[add.transition]]
actor = "bell"
event = "let_in"
to = "silent"
"""
"""Repairs A-01 in the storm: the bell falls silent when somebody comes in, and does not ring until he leaves."""

NOTHING = """\
title = "Nothing is different"

[[property]]
id = "NEW-1"
claim = "Whoever is inside has been let in"
when = "visitor is inside"
then = "key is good"
"""
"""Changes nothing, and brings a property that holds."""


def door() -> System:
    """The door, with what a visitor is there for and what is told of the porter's steps."""
    goals = {"entry": "visitor is inside", "refusal": "visitor is outside and porter is judging"}
    return replace(demo(), goals=goals, alphabet=Alphabet(("porter",), ("request.shown",)))


def change(text: str, name: str) -> Change:
    """The change that a text says."""
    return changed_by(parsed(text, f"{name}.toml"), name)


def validated(*texts: tuple[str, str], scenario: str = "") -> Validation:
    """The changes, each a name and a text, applied to the door one after the other."""
    system = door()
    asked = [system.scenario(scenario)] if scenario else []
    return validate(system, [change(text, name) for name, text in texts], asked)
