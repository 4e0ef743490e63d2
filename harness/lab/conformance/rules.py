"""What each of the model's events is in a lab that is driven: by which choices it is made to happen, and when.

Nothing is listed here; it follows from the model and from :mod:`.alphabet`. An event is made

* where it is a message, by letting it go on its way (of an offer that was sent, the way is this event);
* where it is a loss, by losing what is held, or by letting it come too late;
* where it is time's, people's, Entra's, a fault's or an adversary's, by letting it strike;
* where a client begins a work with it, by telling it to do that work; what comes later in a work is no choice;
* where the site may decide on a registration, by letting it decide so, the next time that it is asked.

What else happens inside of hosts follows, and is nobody's choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from ccmproof.model.kernel.condition import leaves
from ccmproof.model.kernel.network import Network
from ccmproof.model.workflow.wire import OFFER_GOES, OFFERS

from ..contract import Work
from .alphabet import COMPONENTS, INTERNAL, OBSERVED, QUEUES, RESTS, RETRIES, STIMULI
from .driver import LOSSES, OUTCOMES, PATIENCE, Choice, Driver
from .equipment import lab_network

Way = tuple[Choice, ...]
"""Choices that make an event together: what is drawn for it first."""
ARRIVES = "late_reply_arrives"
"""No event of the model: nothing may come of a reply for which nobody waits any more (T5)."""
ASKS = ("ask_for_device_token", "ask_for_user_token")
"""With these goes how long Entra's token will live."""
FORGED = ("adversary_offers_forged_entra_token", "adversary_offers_forged_ccm_token")
"""With these goes how it is forged."""


@cache
def makeable() -> Mapping[str, str]:
    """The events that a lab can be made to do, in the model's order, and of each how, in words."""
    network = lab_network()
    how = {
        **{event: f"{said} goes on its way" for event, said in OBSERVED.items()},
        **dict.fromkeys(STIMULI, "it happens"),
        **dict.fromkeys(LOSSES.values(), "what is held is lost, or comes too late"),
        **dict.fromkeys(OFFER_GOES, "somebody else's request goes this way"),
        **dict.fromkeys(beginners(), "the client begins a work with it"),
        **dict.fromkeys(OUTCOMES.values(), "the site will decide so on the next registration that it does not reject"),
        "ccmsetup_gives_up": "the next attempt is the last",
    }
    return {event.name: how[event.name] for event in network.events if event.name in how}


@cache
def beginnings(work: Work) -> tuple[str, ...]:
    """The events with which a client may begin a work: retries, what it queues, and what its components do from where
    they are at rest, or at the very beginning."""
    network = lab_network()
    rest = leaves(network.condition(RESTS[work]))
    found = [*RETRIES.get(work, ()), *QUEUES.get(work, ())]
    for name in sorted(COMPONENTS[work]):
        actor = network.actor[name]
        still = frozenset(actor.initial).union(*(network.resolve(leaf) for leaf in rest if leaf.actor == name))
        found += [row.event for row in actor.transitions if row.sources & still and _decides(network, row.event, name)]
    return tuple(dict.fromkeys(found))


def beginners() -> frozenset[str]:
    """The events with which some work may begin."""
    return frozenset(event for work in Work for event in beginnings(work))


def several() -> frozenset[str]:
    """The events that may be made in several ways, where only one of them is there to be made."""
    of_works = Counter(event for work in Work for event in beginnings(work))
    twice = (event for event, often in of_works.items() if often > 1)
    return frozenset({*ASKS, *OFFERS, *LOSSES.values(), *twice})


def _decides(network: Network, event: str, actor: str) -> bool:
    return event in INTERNAL and network.event[event].controller == actor


def ways(driver: Driver) -> dict[str, list[Way]]:
    """What can be made to happen now, and how: in several ways where there is a choice left in it."""
    choices = driver.enabled()
    drawn = [choice for choice in choices if choice.what == "draw"]
    found: dict[str, list[Way]] = {}
    for choice in choices:
        for event in events_of(driver, choice):
            found.setdefault(event, []).extend(_drawn_for(event, choice, drawn))
    return found


def events_of(driver: Driver, choice: Choice) -> tuple[str, ...]:
    """The events that a choice makes; none where it is something drawn for another one."""
    name = choice.name
    if choice.what == "go":
        return driver.held[name].means
    if choice.what in ("lose", "late"):
        return (LOSSES[driver.held[name].means[0]],)
    if choice.what == "work":
        return tuple(_begun(driver, Work[name]))
    if choice.what == "draw":
        what, _, value = name.partition(" ")
        return (OUTCOMES[value],) if what == "outcome" else ("ccmsetup_gives_up",) if name == PATIENCE else ()
    return (ARRIVES,) if choice.what == "arrive" else (name,)


def _begun(driver: Driver, work: Work) -> Iterator[str]:
    """With what the client would begin a work now: a retry before a message, and that before what it does of itself."""
    follower = driver.follower
    for stimuli in (RETRIES.get(work, ()), QUEUES.get(work, ())):
        made = [event for event in stimuli if follower.allows(event)]
        if made:
            yield from made
            return
    yield from (event for event in beginnings(work) if event in INTERNAL and follower.might(event))


def _drawn_for(event: str, choice: Choice, drawn: list[Choice]) -> Iterator[Way]:
    """The choice alone, and with each thing that may be drawn for it."""
    yield (choice,)
    what = "life" if event in ASKS else "forgery" if event in FORGED else ""
    if what and choice.what in ("go", "offer"):
        yield from ((draw, choice) for draw in drawn if draw.name.startswith(what))
