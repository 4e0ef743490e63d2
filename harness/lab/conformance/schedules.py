"""Purposeful schedules: what is worth doing in a lab if one looks for bugs, the same for all of them.

A schedule is an environment and a list of words, which are tried in their order; what cannot be done is left out:

* a work of the client's, done to its end with each message let go as it comes;
* a stimulus, or ``draw``, as the driver knows them; ``tick 8`` is eight of them;
* ``at EVENT: WORD, WORD``: the next time that a message of the client's which is this event is held, these are done
  before it is let go, or ``lose`` or ``late`` with it;
* ``trial NAME``: somebody takes the place of a server, or of a connection point (:mod:`.trials`);
* ``offers EVENT``: every request that can be made of this kind of offer, one after the other, each to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .driver import Choice, Driver
from .equipment import Equipment
from .mischief import CLIENT
from .offers import FORGERIES

WORKS = ("INSTALL", "REFRESH_SETTINGS", "REGISTER", "MESSAGE_SYSTEM", "MESSAGE_USER")
MOST = 1500
"""So many choices no schedule takes of a lab that conforms."""


@dataclass(frozen=True)
class Schedule:
    """Something worth doing.

    Attributes:
        words: what, in their order.
        environment: changes to the healthy one.
    """

    name: str
    words: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def fits(self, using: Equipment, shows: Mapping[str, str]) -> bool:
        """Its environment is one in which that can be seen."""
        environment = using.environment(self.environment)
        return all(environment[name] == value for name, value in shows.items())


class Player:
    """Plays a schedule in a lab that is driven."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._armed: dict[str, list[str]] = {}

    async def play(self, schedule: Schedule) -> None:
        """All of it.

        Raises:
            Deviates: the model does not allow what came of something.
        """
        for word in schedule.words:
            await self._word(word)

    async def _word(self, word: str) -> None:
        first, _, rest = word.partition(" ")
        if first in WORKS:
            await self._try(Choice("work", first))
            await self._let_all_go(CLIENT)
        elif first == "at":
            event, _, actions = rest.partition(": ")
            self._armed[event] = actions.split(", ")
        elif first == "offers":
            await self._offers(rest)
        elif first in ("draw", "lose", "late", "trial"):
            await self._try(Choice(first, rest or CLIENT))
        elif first == "arrive":
            await self._try(Choice(first, CLIENT))
        else:
            for _ in range(int(rest or 1)):
                await self._try(Choice("stimulus", first))

    async def _try(self, choice: Choice) -> None:
        if len(self._driver.done) < MOST and self._driver.may(choice):
            await self._driver.do(choice)

    async def _let_all_go(self, sender: str) -> None:
        while sender in self._driver.held and len(self._driver.done) < MOST:
            held = self._driver.held[sender]
            event = held.seen.events[0] if held.seen.events else ""
            for word in self._armed.pop(event, ()) if sender == CLIENT else ():
                await self._word(word)
            if self._driver.held.get(sender) is held:
                await self._driver.do(Choice("go", sender))

    async def _offers(self, kind: str) -> None:
        """Each offer of a kind; one that is forged in every way, where it is asked for first."""
        for forgery in FORGERIES if "forged" in kind else ("",):
            await self._try(Choice("draw", f"forgery {forgery}"))
            for choice in self._driver.enabled():
                if choice.what != "offer" or choice.name != kind:
                    continue
                if forgery in ("", FORGERIES[0]) or choice.offer[0] in ("sts", "location"):
                    await self._try(choice)
                    for sender in tuple(self._driver.held):
                        await self._let_all_go(sender)


REGISTERED = ("INSTALL", "REFRESH_SETTINGS", "REGISTER", "MESSAGE_SYSTEM")
STORY = (*REGISTERED, "MESSAGE_SYSTEM", "MESSAGE_USER", "tick 7", "MESSAGE_SYSTEM", "tick 8", "MESSAGE_SYSTEM",
         "MESSAGE_USER")  # fmt: skip
FAILING = ("INSTALL", "tick 2", "INSTALL", "REGISTER", "MESSAGE_SYSTEM", "tick 2", "INSTALL", "tick", "INSTALL")
BY_USER = {"device_app": "not_enabled"}
OF_OTHER_TENANT = {**BY_USER, "user_kind": "other_tenant"}
ABLE = {"adversary_account": "other_tenant", "adversary_reads": "as_system", "cmg_compromised": "yes", "direct": "yes"}
ONBOARDED = {"other_tenant_onboarded": "yes"}
UNVALIDATED = {"cp_validates": "no"}


def _stories() -> Iterator[Schedule]:
    """What comes of it in sites, devices and users of several kinds, with nobody striking."""
    kinds: Mapping[str, Mapping[str, str]] = {
        "a healthy site": {},
        "a user's token": BY_USER,
        "a user whom the site does not know": {**BY_USER, "user_discovered": "no"},
        "a user of another tenant": {**OF_OTHER_TENANT, **ONBOARDED},
        "a user of another tenant, who is let in": {**OF_OTHER_TENANT, **ONBOARDED, "tenant_match": "onboarded"},
        "a PKI certificate": {"pki": "valid"},
        "content on the management point": {"content_in_cloud": "no"},
        "enhanced HTTP": {"mp_mode": "ehttp"},
        "enhanced HTTP and a user's token": {"mp_mode": "ehttp", **BY_USER},
        "two connection points": {"cp_count": "2"},
        "a site that does not check lists": {"site_option": "off", "crl": "stale"},
    }
    for name, changes in kinds.items():
        yield Schedule(f"story of {name}", STORY, changes)


def _failures() -> Iterator[Schedule]:
    """The same where something is amiss from the beginning."""
    amiss: Mapping[str, Mapping[str, str]] = {
        "no key to ask Entra with": {"wpj": "absent"},
        "a policy against the user": {**BY_USER, "conditional_access": "blocks"},
        "a user of a strange tenant": OF_OTHER_TENANT,
        "a tenant that is not onboarded": {"tenant": "not_onboarded"},
        "a tenant that is disabled": {"tenant": "disabled"},
        "bad content": {"content_hash": "bad"},
        "a stale list": {"crl": "stale"},
        "no list": {"crl": "unreachable"},
        "a revoked certificate": {"cmg_revoked": "yes"},
        "a certificate of nobody's": {"cmg_certificate": "pki", "root": "missing"},
        "a certificate of another name": {"cmg_name": "mismatch"},
        "an expired certificate": {"cmg_date": "expired"},
        "a wrong binding": {"mp_binding": "wrong"},
        "no certificate of the connection point": {"cp_certificate": "absent"},
        "no list for the connection point's certificate": {"cp_certificate_crl": "unreachable"},
        "plain HTTP": {"mp_mode": "http"},
        "no database": {"site_database": "down"},
        "a state that cannot be stored": {"state_persists": "no"},
    }
    for name, changes in amiss.items():
        yield Schedule(f"attempts with {name}", FAILING, changes)


def _slow() -> Iterator[Schedule]:
    """Time passes while a message is held, so that what it carries dies on the way."""
    for event in ("ccmsetup_sends_sts_request", "cmg_forwards_request", "cp_sends_to_mp", "cmg_returns_reply"):
        yield Schedule(f"Entra's token dies at {event}", (f"at {event}: tick 2", "INSTALL", *REGISTERED))
        later = ("INSTALL", f"at {event}: tick 8", "REGISTER", "INSTALL", "REGISTER", "MESSAGE_SYSTEM")
        yield Schedule(f"it dies at {event} of the registration", later)
    for event in ("messaging_sends_message", "cmg_forwards_request", "cp_sends_to_mp"):
        words = (*REGISTERED, f"at {event}: tick 8", "MESSAGE_SYSTEM", "MESSAGE_SYSTEM")
        yield Schedule(f"the site's token dies at {event}", words)
    arming = "at ccmsetup_sends_sts_request: at tls_succeeds: tick 9"
    yield Schedule("the site's token dies as ccmsetup connects", (arming, *REGISTERED))
    yield Schedule("it dies at its request", ("at ccmsetup_sends_location_request: tick 8", *REGISTERED))
    yield Schedule("the content token dies", ("at ccmsetup_downloads_from_cloud: tick 8", *REGISTERED))
    yield Schedule("an hour passes after the install", ("draw life 1", "INSTALL", "tick 2", *REGISTERED[1:]))


def _people() -> Iterator[Schedule]:
    """Entra, the administrator, the site and the user do something in the midst of it."""
    disabled = ("entra_disables_device", "entra_disables_user", "tick 2")
    after = ("MESSAGE_SYSTEM", "MESSAGE_USER", "tick 6", "MESSAGE_SYSTEM", "tick 2", "MESSAGE_SYSTEM", "MESSAGE_USER")
    yield Schedule("disabled after the install", ("INSTALL", *disabled, "REGISTER", "REGISTER", "MESSAGE_SYSTEM"))
    yield Schedule("disabled, on the domain's network", ("INSTALL", *disabled, "REGISTER", "MESSAGE_SYSTEM"),
                   {"join": "hybrid", "direct": "yes"})  # fmt: skip
    yield Schedule("disabled after the registration", (*REGISTERED, *disabled, *after))
    yield Schedule("the user is disabled", ("INSTALL", "entra_disables_user", "tick 3", "REGISTER"), BY_USER)
    yield Schedule("the user signs out", ("INSTALL", "user_signs_out", "tick 3", "REGISTER", "user_signs_in",
                                          "REGISTER", "MESSAGE_USER"), BY_USER)  # fmt: skip
    yield Schedule("the signing key is renewed", (*REGISTERED, "administrator_renews_signing_key", *after))
    yield Schedule("the client is blocked", (*REGISTERED, "administrator_blocks_client", *after))
    yield Schedule("the client is deleted", (*REGISTERED, "administrator_deletes_client", *after))
    pending = ("INSTALL", "draw outcome pending", "REGISTER", "MESSAGE_SYSTEM")
    yield Schedule("pending", (*pending, "REGISTER", "site_confirms_registration", "REGISTER", "MESSAGE_SYSTEM"))
    confirmed = (*pending, "site_confirms_registration", "administrator_blocks_client", "REGISTER", "MESSAGE_SYSTEM")
    yield Schedule("confirmed, and blocked at once", confirmed)
    yield Schedule("blocked before it is stored", (
        "INSTALL", "REGISTER", "administrator_blocks_client", "REGISTER"), {"state_persists": "no"})  # fmt: skip
    yield Schedule("to be sent again", ("INSTALL", "draw outcome resend", "REGISTER", *REGISTERED[2:]))


def _faults() -> Iterator[Schedule]:
    """What may fail for a while, fails."""
    for nth, loss in enumerate(("lose", "late"), start=1):
        first = ("INSTALL", "REGISTER", f"at cmg_returns_reply: {loss}", "MESSAGE_SYSTEM", "tick", "MESSAGE_SYSTEM")
        yield Schedule(f"a reply is {'lost' if nth == 1 else 'late'}", (*first, "arrive", "MESSAGE_SYSTEM"))
    yield Schedule("the reply to a registration is late", (
        "INSTALL", "at cmg_returns_reply: late", "REGISTER", "arrive", "REGISTER", "MESSAGE_SYSTEM"))  # fmt: skip
    yield Schedule("the cloud fails", ("at ccmsetup_downloads_from_cloud: lose", *REGISTERED))
    yield Schedule("Entra does not answer", ("at ask_for_device_token: lose", "INSTALL", "INSTALL", "REGISTER"))
    yield Schedule("a connection point goes down", (
        "INSTALL", "connection_point_goes_down", "REGISTER", "connection_point_comes_back", *REGISTERED[2:]),
        {"cp_count": "2"})  # fmt: skip
    blocked = ("crl_traffic_is_blocked", "MESSAGE_SYSTEM", "crl_traffic_passes_again", "MESSAGE_SYSTEM")
    yield Schedule("lists cannot be fetched any more", (*REGISTERED, *blocked), {"nocrlcheck": "yes"})
    yield Schedule("somebody stands between", (
        "adversary_shows_wrong_certificate", "INSTALL", "adversary_stops_intercepting", *REGISTERED))  # fmt: skip


def _offers() -> Iterator[Schedule]:
    """An adversary's requests, and those of a client in disorder."""
    kinds = ("no_token", "foreign_token", "token_for_other_audience", "forged_entra_token", "forged_ccm_token",
             "expired_entra_token", "expired_ccm_token")  # fmt: skip
    for kind in kinds:
        words = (f"offers adversary_offers_{kind}",)
        yield Schedule(f"an adversary with {kind}", words, {"direct": "yes"} if "foreign" not in kind else ABLE)
        yield Schedule(f"the same past the gateway, {kind}", words, ABLE)
        yield Schedule(f"the same to the management point, {kind}", words, {**ABLE, **UNVALIDATED})
    loot = ("offers adversary_offers_foreign_token", "offers adversary_replays_loot")
    yield Schedule("an adversary with loot", loot, {**ABLE, **ONBOARDED})
    yield Schedule("an adversary beside a client", (*REGISTERED, *loot), {**ABLE, **ONBOARDED})
    yield Schedule("an adversary without proof", (*REGISTERED, "offers adversary_offers_no_token"),
                   {"direct": "yes", "mp_mode": "ehttp"})  # fmt: skip
    yield Schedule("an adversary with the client's token", (*REGISTERED[:3], "adversary_reads_cache", loot[1]), ABLE)
    for kind in ("no_token", "entra_token"):
        yield Schedule(f"a client in disorder with {kind}", ("INSTALL", f"offers confused_client_offers_{kind}"))
    yield Schedule("a client in disorder on the wrong path", ("INSTALL", "offers confused_client_takes_the_wrong_path"))
    yield Schedule("a client in disorder with a dead token", (
        "INSTALL", "tick 9", "offers confused_client_offers_dead_token"))  # fmt: skip


def _strangers() -> Iterator[Schedule]:
    """Somebody takes a place that is not his."""
    tried = {
        "offers the gateway a channel": "channel_of_nobody",
        "does so in the connection point's name": "channel_by_name",
        "answers the connection point for the gateway": "gateway_of_nobody",
        "answers the client for Entra": "entra_of_nobody",
        "answers the client for the cloud's store": "store_of_nobody",
        "does so with a certificate of another name": "store_of_another_name",
    }
    for name, trial in tried.items():
        yield Schedule(f"somebody {name}", (f"trial {trial}", *REGISTERED))
    forged = ("draw forgery of_unknown_key", "offers adversary_offers_forged_entra_token")
    yield Schedule("somebody answers the site for Entra", ("INSTALL", "trial entra_of_nobody", *forged), ABLE)


SCHEDULES: tuple[Schedule, ...] = (
    *_stories(), *_failures(), *_slow(), *_people(), *_faults(), *_offers(), *_strangers(),
)  # fmt: skip
"""All of them, in the order in which they are tried."""
