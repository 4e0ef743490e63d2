"""Extension: a second client, a whole one, that shares the site with the first. It is called the *peer* here.

It is not written a second time: what the core says of the client is said of the peer too, as its mirror image
(:mod:`ccmproof.model.kernel.mirror`). Each has its device, its user, its tokens, its line to the site, and for each
line the servers have a hand that deals with what comes along it: a server works on many requests at a time, and what it
keeps in mind of one is not what it keeps of another. What is shared is what the servers have beside that: certificates,
keys, settings, the database with a record and a block for each ClientID, the administrator, the connection points'
service, the way to the CRL; and time.

How the two can get at each other:

- A request names a ClientID (`claims`), the sender's own or the other's. `site_record.device` says whose a ClientID is
  in the database: that of the device whose registration took it. Until then it is free.
- A device may have been made from an image that carries the other's ClientID (`carried_id`, A40).
- A client in disorder shows a copy of the other's CCM token, in its own name or in the other's; and its own Entra token
  in the other's name. It signs with its own key, so that what it sends in the other's name is not signed. Whether an
  Entra token can be copied too is a parameter; the document binds it to the device's key (D2).

Readings: CCM_STS names in a token the ClientID that is the device's whom the Entra token proves, whatever the request
names (I3.7). A device that registers under another ClientID than before leaves the old record behind, or the site drops
it (`conflicting_records`).

The swap of the two (:data:`TWINS`) is a symmetry of all that. It does not keep verdicts where one of the two is pinned
otherwise than the other: there the image of an answer is the answer to the image of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ccmproof.model.kernel.actor import (
    Effect,
    Row,
    actor,
    choose,
    clear,
    data,
    parameter,
    put,
    record,
    recv,
    send,
    take,
    unknown,
)
from ccmproof.model.kernel.definition import Item, Model, Predicate
from ccmproof.model.kernel.edit import (
    AddField,
    AddParticipant,
    AddStates,
    DropEffect,
    Edit,
    SetEffect,
    SetGuard,
    SetPredicate,
    SetTraits,
)
from ccmproof.model.kernel.mirror import AddMirror

from .extension import Extension
from .fairness import GOOD_MOMENTS, STRIKES
from .hosts import CLIENT, HANDS, PEER, WIRE
from .timing import Scale
from .unknowns import DEVICE, GATEWAY, SITE_SYSTEMS, TENANT

RETURNS = ("cmg_returns_reply", "mp_answers_directly", "reply_is_lost")
MISUSES = (
    "client_shows_others_token_in_its_own_name",
    "client_shows_others_token_in_the_others_name",
    "client_shows_others_entra_token",
    "client_shows_its_own_token_in_either_name",
)
"""The events by which a client in disorder sends what it should not."""

PARAMETERS = [
    parameter("replies_are_lost", "off on", default="off", cites="A24", doc="Of all faults this one happens"),
    parameter("entra_tokens_are_copied", "no yes", default="no", cites="D2 N-08",
              doc="An Entra token is good on another device than its own"),
    parameter("conflicting_records", "merged kept", default="merged", cites="R1.3 A40 N-15",
              doc="The site drops the record of a device that registers under another ClientID"),
]  # fmt: skip

CARRIED = unknown(
    "carried_id", "client peer", host=CLIENT, cites="R1.3 A40", doc="Whose ClientID the device names when it registers"
)
IN_DISORDER = unknown(
    "in_disorder", "no yes", host=CLIENT, cites="N-01 N-06", doc="The client uses what is the other's"
)
ASSIGNED = data(
    "assigned_id", "none client peer", host=CLIENT, doc="Whose ClientID the site has confirmed to the client"
)

PREDICATES = [
    Predicate("names_this_client",
              "request.claims is client and site_record.device in {nobody, client}"
              " or request.claims is peer and peer.site_record.device is client", "I3.7 A40",
              "The ClientID that the request names is this client's: bound to it, or free and its own"),
    Predicate("names_the_other",
              "request.claims is peer and peer.site_record.device in {nobody, peer}"
              " or request.claims is client and site_record.device is peer", "I3.7 A40"),
    Predicate("proves_this_client",
              "request_bears_entra and request.owner in {device, user}"
              " or not request_bears_entra and request.sender is client", "R1.3 R3.2 A40",
              "What proves a registration is this client's: its Entra token, else its own key"),
    Predicate("proves_the_other", "request_bears_entra and request.owner in {peer_device, peer_user}", "R1.3 R3.2 A40"),
    Predicate("named_record_is_absent",
              "request.claims is client and site_record.status is absent"
              " or request.claims is peer and peer.site_record.status is absent", "R3.2"),
    Predicate("named_record_is_pending",
              "request.claims is client and site_record.status is pending"
              " or request.claims is peer and peer.site_record.status is pending", "R3.2 A24"),
    Predicate("token_is_of_this_client",
              "request.owner in {device, user} and site_record.status is registered and site_record.device is client"
              " or request.owner in {peer_device, peer_user} and site_record.status is registered"
              " and site_record.device is peer"
              " and not (peer.site_record.status is registered and peer.site_record.device is peer)", "I3.7 A4",
              "The device that the Entra token proves is registered under this client's ClientID"),
    Predicate("token_is_of_the_other",
              "request.owner in {peer_device, peer_user} and peer.site_record.status is registered"
              " and peer.site_record.device is peer"
              " or request.owner in {device, user} and peer.site_record.status is registered"
              " and peer.site_record.device is client"
              " and not (site_record.status is registered and site_record.device is client)", "I3.7 A4"),
    Predicate("sender_signs", "request.signed is yes and names_this_client", "R4.2",
              "What comes along this client's line is signed by its key, which is that of the ClientID named"),
]  # fmt: skip


MISUSED = "in_disorder is yes and"
SENT = put("request", sender="confused_client", path="server_auth", token_auth="yes", account="system", via="gateway")
SIGNED = put("request.signed", "yes", when="registration is registered")
UNSIGNED = put("request.signed", "no")

DISORDER = actor(
    "disorder",
    host=CLIENT,
    states="idle waiting",
    rows=[
        send("client_shows_others_token_in_its_own_name", "idle", "waiting",
             f"{MISUSED} peer.cache.system.life is not none",
             SENT, SIGNED, put("request.claims", "client"), choose("request.endpoint", "sts location policy"),
             take("request", "peer.cache.system"), cites="N-01 I3.7"),
        send("client_shows_others_token_in_the_others_name", "idle", "waiting",
             f"{MISUSED} peer.cache.system.life is not none",
             SENT, UNSIGNED, put("request.claims", "peer"), choose("request.endpoint", "sts location policy"),
             take("request", "peer.cache.system"), cites="N-01 I3.7"),
        send("client_shows_others_entra_token", "idle", "waiting",
             f"{MISUSED} entra_tokens_are_copied is yes and peer.wam.device.life is not none",
             SENT, UNSIGNED, put("request.claims", "peer"), choose("request.endpoint", "sts registration"),
             take("request", "peer.wam.device"), cites="N-08 D2"),
        send("client_shows_its_own_token_in_either_name", "idle", "waiting", f"{MISUSED} wam.device.life is not none",
             SENT, UNSIGNED, choose("request.claims", "client peer"), choose("request.endpoint", "sts registration"),
             take("request", "wam.device"), cites="N-06 I3.7"),
        *(recv(event, "waiting", "idle") for event in RETURNS),
    ],
    waits="idle",
    ignores=RETURNS,
    oracle=True,
    doc="What a client in disorder does with what is the other's: it has a copy of the token that the other has now.",
)  # fmt: skip


@dataclass(frozen=True)
class WriteTheNamed(Edit):
    """A registration writes the record of the ClientID that it names, and whose it is now."""

    event: str

    def __str__(self) -> str:
        return f"registration_manager/{self.event}: writes the record that is named"

    def on(self, model: Model) -> Model:
        of = model.actor("registration_manager")
        rows = (self._changed(row) if row.event == self.event else row for row in of.rows)
        return model.with_actor(replace(of, rows=tuple(rows)))

    def _changed(self, row: Row) -> Row:
        old = tuple(each for each in row.effect if each.target.startswith("site_record."))
        rest = tuple(each for each in row.effect if each not in old)
        said = tuple(each for each in old if each.target != "site_record.device")
        bound = (
            *put("site_record.device", "client", when="proves_this_client"),
            *put("site_record.device", "peer", when="proves_the_other"),
            *put("site_record.device", "stranger", when="not proves_this_client and not proves_the_other"),
        )
        return replace(row, effect=(*rest, *_named((*said, *bound)), *self._dropped()))

    @staticmethod
    def _dropped() -> tuple[Effect, ...]:
        """The other record of a device that has registered under this one, where the site keeps one of each."""
        merged = "conflicting_records is merged"
        return (
            *clear("peer.site_record", when=f"{merged} and request.claims is client and (proves_this_client and"
                   " peer.site_record.device is client or proves_the_other and peer.site_record.device is peer)"),
            *clear("site_record", when=f"{merged} and request.claims is peer and (proves_this_client and"
                   " site_record.device is client or proves_the_other and site_record.device is peer)"),
        )  # fmt: skip


def _named(effects: Iterable[Effect]) -> Iterable[Effect]:
    """Each effect on the client's record where the request names that, on the peer's where it names the other."""
    for each in effects:
        when = f"({each.when}) and " if each.when else ""
        yield replace(each, when=f"{when}request.claims is client")
        yield replace(each, target=f"peer.{each.target}", when=f"{when}request.claims is peer")


OWNER = {"device": "peer_device", "user": "peer_user"}
CLIENTS = {"client": "peer"}
IDS = {"client_id": "peer_client_id"}
BEARERS = ("cache.system", "cache.user", "request", "reply", "loot")
"""The records that may hold a CCM token."""

STATES = {
    **{f"{name}.owner": OWNER for name in (*BEARERS, "wam.device", "wam.user")},
    **{f"{name}.names": IDS for name in BEARERS},
    **dict.fromkeys(("request.sender", "request.claims", "reply.assigned", "site_record.device"), CLIENTS),
    **dict.fromkeys(("carried_id", "assigned_id"), CLIENTS),
}
"""The states that name one of the two clients, with the image of each."""

SHARED = frozenset({
    "time", "administrator", "site_server", "connection_point.service", "second_connection_point.service", "crl_path",
    *(each.name for each in (*TENANT, *GATEWAY, *SITE_SYSTEMS) if each.name not in ("user_kind", "user_discovered")),
})  # fmt: skip
"""What there is once. All else that the workflow has is there for each of the two clients."""

TWINS = AddMirror(
    "peer",
    shared=SHARED,
    together=frozenset({"tick", "administrator_renews_signing_key"}),
    hosts={CLIENT: PEER},
    states=STATES,
)
"""The second client as the image of the first; its ``swap`` is the permutation of the two."""

LINE = ("line", "cmg")
"""What a request of a client in disorder takes, and waits for."""


def _claims(actor: str, event: str, by: str) -> SetEffect:
    """The request names the ClientID that the client was given or, before that, carries."""
    return SetEffect(actor, event, "request.claims", (
        *put("request.claims", "client", when=f"{by} is not peer"),
        *put("request.claims", "peer", when=f"{by} is peer"),
    ))  # fmt: skip


MAY_REGISTER = (
    "site_database is up and not registrant_is_a_stranger and not client_is_blocked"
    " and registration_may_name_the_client"
)

NAMES: tuple[Edit, ...] = (
    *(AddStates(f"{name}.owner", tuple(OWNER.values())) for name in (*BEARERS, "wam.device", "wam.user")),
    *(AddStates(f"{name}.names", tuple(IDS.values())) for name in BEARERS),
    AddStates("request.claims", ("peer",)),
    AddField(record("reply", {"assigned": "none client peer"}, host=WIRE, seen_by=HANDS)),
    AddStates("site_record.device", ("peer",)),
    _claims("registration", "registration_sends_request", "carried_id"),
    _claims("registration", "registration_sends_directly", "carried_id"),
    _claims("messaging", "messaging_sends_sts_request", "assigned_id"),
    _claims("messaging", "messaging_sends_message", "assigned_id"),
    SetEffect(
        "registration", "registration_processes_confirmation", "assigned_id", take("assigned_id", "reply.assigned")
    ),
)
"""A request, a token and a record may name either client."""

LOOKS: tuple[Edit, ...] = (
    SetPredicate("mp_owner_is_caller",
                 "names_this_client and request.owner in {device, user}"
                 " or names_the_other and request.owner in {peer_device, peer_user}"
                 " or request.claims is stranger and request.owner is stranger"),
    SetPredicate("client_is_blocked",
                 "request.claims is client and block is set or request.claims is peer and peer.block is set"),
    SetPredicate("mp_knows_signature", "request.endpoint is not policy or sender_signs"),
    SetPredicate("sts_knows_user",
                 "request.kind is entra_device or user_discovered is yes and request.owner is user"
                 " or peer.user_discovered is yes and request.owner is peer_user or request.owner is stranger"),
    SetPredicate("registrant_is_a_stranger",
                 "request.claims is stranger or request_bears_entra and request.owner is stranger"
                 " and named_record_is_absent and registration_rebinds is no"),
    SetPredicate("registration_may_name_the_client",
                 "not registrant_is_a_stranger and (proves_this_client and names_this_client"
                 " or proves_the_other and names_the_other or registration_rebinds is yes or named_record_is_absent)"),
    DropEffect("sts", "sts_creates_token", "reply.owner"),
    SetEffect("sts", "sts_creates_token", "reply.owner", take("reply", "request", "owner")),
    DropEffect("sts", "sts_creates_token", "reply.names"),
    SetEffect("sts", "sts_creates_token", "reply.names", (
        *put("reply.names", "client_id", when="token_is_of_this_client"),
        *put("reply.names", "peer_client_id", when="token_is_of_the_other"),
        *put("reply.names", "provisional", when="not token_is_of_this_client and not token_is_of_the_other"),
    )),
    SetGuard("registration_manager", "mp_registers_client", f"{MAY_REGISTER} and not named_record_is_pending"),
    SetGuard("registration_manager", "mp_leaves_registration_pending",
             f"{MAY_REGISTER} and (named_record_is_absent or named_record_is_pending)"),
    WriteTheNamed("mp_registers_client"),
    WriteTheNamed("mp_leaves_registration_pending"),
    SetEffect("registration_manager", "mp_registers_client", "reply.assigned", (
        *put("reply.assigned", "client", when="request.claims is client"),
        *put("reply.assigned", "peer", when="request.claims is peer"),
    )),
)  # fmt: skip
"""The management point looks at what is named, and at whose it is."""

WAYS: tuple[Edit, ...] = (
    AddParticipant("line", tuple(recv(event, "free", "taken") for event in MISUSES)),
    AddParticipant("cmg", tuple(recv(event, "idle", "holding", cites="I3.1") for event in MISUSES)),
    *(SetTraits(name, more={"holds_up": MISUSES}) for name in LINE),
    SetGuard("cmg", "reply_is_lost", "faults_happen is on or replies_are_lost is on or interception is stolen_key"),
)  # fmt: skip
"""What a client in disorder sends goes along its line like anything else."""


def parts(scale: Scale) -> Item:
    """What each client has here beside what the core gives it."""
    return [PARAMETERS, CARRIED, IN_DISORDER, ASSIGNED, PREDICATES, DISORDER]


SECOND_CLIENT = Extension(
    "second_client",
    "A second client, a whole one, that shares the site",
    parts,
    (*NAMES, *LOOKS, *WAYS, TWINS),
    strikes={
        **dict.fromkeys(MISUSES, "a client in disorder decides it"),
        **{f"{TWINS.prefix}_{event}": why for event, why in STRIKES.items()},
        **{f"{TWINS.prefix}_{event}": "a client in disorder decides it" for event in MISUSES},
    },
    moments={f"{TWINS.prefix}.{name}": good for name, good in GOOD_MOMENTS.items() if name not in SHARED},
)
"""What the peer's steps are taken for (:data:`.fairness.SITUATIONS`) is not told apart in what is fair to it."""

OWN_UNKNOWNS = frozenset(
    {*(each.name for each in DEVICE), "user_kind", "user_discovered", CARRIED.name, IN_DISORDER.name}
)
"""The unknowns that there are for each client."""


def both(pins: Mapping[str, str | tuple[str, ...]]) -> dict[str, str | tuple[str, ...]]:
    """The pins of the client, and of the peer what they are in the mirror."""

    def image(name: str, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        pairs = {**STATES.get(name, {}), **{two: one for one, two in STATES.get(name, {}).items()}}
        return pairs.get(value, value) if isinstance(value, str) else tuple(pairs.get(each, each) for each in value)

    own = {f"{TWINS.prefix}.{name}": image(name, value) for name, value in pins.items() if name in OWN_UNKNOWNS}
    return {**pins, **own}
