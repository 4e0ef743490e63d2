"""What is fair in the workflow: which outcomes are not put off for ever, and which need never come.

Who works, goes on (weak: one group for each actor that decides something, refusals included). What may turn out well
again and again does so again and again (strong: one group for each event that is no refusal). And no step comes, time
after time, only when the token that it works with has died: each of these events once more for each token, while it is
alive. Without this last kind nothing at all is inevitable here, because time passes between any two steps: a run in
which every reply takes as long as a content token lives gives every client a fair excuse for ever.

What strikes is never owed (:data:`STRIKES`): a fault, a block, a disabled identity, a user who leaves, the patience of
ccmsetup that ends, and whatever an adversary does. Nor is the opposite owed, that it stops; but what mends a fault is.

Statements: A13 (tries again), A21 (users come back), A24 (lost replies), A35 (the CRL's way).
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmproof.model.kernel.condition import all_of, at
from ccmproof.model.kernel.fairness import Fairness, of_events
from ccmproof.model.kernel.network import Event, Network

from .hosts import ADVERSARY

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
}
"""The events that no fairness ever owes, and why. An adversary's and a confused client's are among them too."""

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


def strikes(network: Network, event: Event) -> bool:
    """Whether nothing owes the event: it is listed, or an adversary or a confused client decides it."""
    host = network.actor[event.controller].host if event.controller else ""
    return event.name in STRIKES or host == ADVERSARY or event.controller == "confused_client"


SITUATIONS = ("ccmsetup", "registration", "messaging")
"""The components whose state says what a step is taken for."""


def fairness(network: Network) -> tuple[Fairness, ...]:
    """The fairness of the workflow, as far as the network has its events."""
    owed = [event for event in network.events if not strikes(network, event)]
    moments = {f"{name} is {good}": at(name).is_(good) for name, good in GOOD_MOMENTS.items() if name in network.actor}
    situations = {
        f"{name} is {state}": at(name).is_(state)
        for name in SITUATIONS
        if name in network.actor
        for state in network.actor[name].states
        if state not in ("idle", "not_started", "installed", "gave_up")
    }
    return (
        *of_events(network, owed),
        *(
            Fairness(f"{event.name}, while {where} and {good}", (event.name,), when=all_of(here, now))
            for event in owed
            if event.name != "tick"
            for where, here in situations.items()
            for good, now in moments.items()
        ),
    )
