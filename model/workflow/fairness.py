"""What is fair in the workflow: which outcomes are not put off for ever, and which need never come.

Who works, goes on (weak: one group for each actor that decides something, refusals included). What may turn out well
again and again does so again and again (strong: one group for each event that is no refusal). And no step comes, time
after time, only when the token that it works with has died: each of these events once more for each token, while it is
alive. Without this last kind nothing at all is inevitable here, because time passes between any two steps: a run in
which every reply takes as long as a content token lives gives every client a fair excuse for ever.

What strikes is never owed (:data:`STRIKES`): a fault, a block, a disabled identity, a user who leaves, the patience of
ccmsetup that ends, and whatever an adversary does. Nor is the opposite owed, that it stops; but what mends a fault is.

An extension says of its own events which strike, and what is good in it at a moment (:mod:`.extension`). The model of a
scenario carries what is fair in it, so whoever has the model has its fairness too.

Statements: A13 (tries again), A21 (users come back), A24 (lost replies), A35 (the CRL's way).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ccmproof.model.kernel.condition import Condition, all_of, at
from ccmproof.model.kernel.fairness import Fairness, of_events
from ccmproof.model.kernel.network import Event, Network

from .hosts import ADVERSARY
from .wire import CONFUSED_OFFERS

STRIKES: Mapping[str, str] = {
    "ccmsetup_gives_up": "its patience (/downloadtimeout) may be longer than any outage, or shorter",
    "entra_does_not_answer": "a fault",
    "reply_is_lost": "a fault",
    "cloud_fails": "a fault",
    "crl_traffic_is_blocked": "a fault, or an adversary",
    "connection_point_goes_down": "a fault",
    "second_connection_point_goes_down": "a fault",
    "entra_disables_device": "a decision that is not taken back",
    "entra_disables_user": "a decision that is not taken back",
    "user_signs_out": "a user may stay",
    "administrator_approves_client": "nobody can count on it",
    "administrator_blocks_client": "a decision that is not taken back",
    "administrator_deletes_client": "a decision",
    "administrator_renews_signing_key": "a decision",
    **dict.fromkeys(CONFUSED_OFFERS, "a client may be in order"),
}
"""The core's events that no fairness ever owes, and why. An adversary's are among them too."""

GOOD_MOMENTS: Mapping[str, str] = {
    **{
        f"{name}.life": "live"
        for name in ("wam.device", "wam.user", "cache.system", "cache.user", "request", "reply", "content_token")
    },
    "user_session": "signed_in",
    "crl_path": "open",
    "connection_point.service": "up",
    "second_connection_point.service": "up",
}
"""What may be good or bad at the moment of a step, and does not wait for it: a token lives, a user is there."""


SITUATIONS = ("ccmsetup", "registration", "messaging")
"""The components whose state says what a step is taken for."""
AT_REST = ("idle", "not_started", "installed", "gave_up")
"""Their states in which no step is taken for them."""


@dataclass(frozen=True)
class Fair:
    """What is fair in a model of the workflow, as far as a network has its events.

    Attributes:
        strikes: the events that are never owed, and why.
        moments: the actors that may be in a good or a bad state at the moment of a step, and their good state.
    """

    strikes: Mapping[str, str]
    moments: Mapping[str, str]

    def and_(self, strikes: Mapping[str, str], moments: Mapping[str, str]) -> Fair:
        """The same with further strikes and moments."""
        return Fair({**self.strikes, **strikes}, {**self.moments, **moments})

    def owes(self, network: Network, event: Event) -> bool:
        """Whether the event is owed: it strikes nobody, and no adversary decides it."""
        host = network.actor[event.controller].host if event.controller else ""
        return event.name not in self.strikes and host != ADVERSARY

    def __call__(self, network: Network) -> tuple[Fairness, ...]:
        owed = [event for event in network.events if self.owes(network, event)]
        moments = _conditions(network, self.moments.items())
        situations = _conditions(network, ((name, each) for name in SITUATIONS for each in _busy(network, name)))
        whens = {
            f"{where} and {good}": all_of(here, now)
            for where, here in situations.items()
            for good, now in moments.items()
        }
        return (
            *of_events(network, owed),
            *(
                Fairness(f"{event.name}, while {text}", (event.name,), when=when)
                for event in owed
                if event.name != "tick"
                for text, when in whens.items()
            ),
        )


def _busy(network: Network, name: str) -> tuple[str, ...]:
    """The states of a component in which steps are taken for it."""
    of = network.actor.get(name)
    return tuple(state for state in of.states if state not in AT_REST) if of else ()


def _conditions(network: Network, states: Iterable[tuple[str, str]]) -> dict[str, Condition]:
    """That an actor is in a state, for each that the network has, by what that is in words."""
    return {f"{name} is {state}": at(name).is_(state) for name, state in states if name in network.actor}


FAIR = Fair(STRIKES, GOOD_MOMENTS)
"""What is fair in the core."""
