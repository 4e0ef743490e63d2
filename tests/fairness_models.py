"""Two small networks on which the classic errors about fairness give wrong answers.

*The visitor* stands at home, at the gate or in the hall, and is served or not. Being served is one step from the hall
and out of the component {home, gate, hall}; where the opening hours are over the gate cannot be passed. Who judges
fairness on that component, instead of on the cycle that a run stays on, is wrong of it in both directions.

*The two doors* lead from a lobby to the left and to the right, and back. The component of all three places is fair to
both doors, but neither of its short cycles is, and the list of its places is no run.
"""

from __future__ import annotations

from typing import Final

from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from closed_forms import row

_OPEN = at("hours").is_("open")

VISITOR: Final = Network(
    "visitor",
    (
        Actor(
            "visitor",
            ("home", "gate", "hall", "served"),
            ("home",),
            (
                row("come", "home", "gate"),
                row("turn_back", "gate", "home"),
                Transition("enter", frozenset({"gate"}), "hall", _OPEN),
                row("step_out", "hall", "gate"),
                row("serve", "hall", "served"),
            ),
        ),
        Actor("hours", ("open", "over"), ("open", "over")),
    ),
    tuple(Event(name, "visitor", ("visitor",)) for name in ("come", "turn_back", "enter", "step_out", "serve")),
)
"""An actor in four places, in two environments."""
NOT_SERVED: Final = ~at("visitor").is_("served")
RESTLESS: Final = Fairness("the visitor does not stand still", ("come", "turn_back", "step_out"), strong=False)
ENTER: Final = Fairness("the visitor passes the gate", ("enter",))
SERVE: Final = Fairness("the visitor is served", ("serve",))
SERVE_IN_THE_HALL: Final = Fairness("served", ("serve", "come"), when=at("visitor").is_("hall"))
"""The same as :data:`SERVE`: what happens at home does not count."""
WEAK_ENTER: Final = Fairness(ENTER.name, ENTER.events, strong=False)
WEAK_SERVE: Final = Fairness(SERVE.name, SERVE.events, strong=False)

DOORS: Final = Network(
    "two doors",
    (
        Actor(
            "guest",
            ("lobby", "left", "right"),
            ("lobby",),
            (
                row("go_left", "lobby", "left"),
                row("leave_left", "left", "lobby"),
                row("go_right", "lobby", "right"),
                row("leave_right", "right", "lobby"),
            ),
        ),
        Actor("weather", ("dry", "wet"), ("dry", "wet")),
    ),
    tuple(Event(name, "guest", ("guest",)) for name in ("go_left", "leave_left", "go_right", "leave_right")),
)
"""An actor in three places, in two environments that make no difference."""
LEFT: Final = Fairness("the left door", ("go_left", "leave_left"))
RIGHT: Final = Fairness("the right door", ("go_right", "leave_right"))
