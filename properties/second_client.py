"""What must hold where two clients share the servers: each is served as itself, and what befalls one spares the other.

Each claim is said of one of the two, and holds of the other in the mirror (:func:`mirrored`): the network is
symmetric, and so a claim and its image have the same verdict wherever what is pinned is the same for both. Where it
is not (in `copied-token` only the second client is in disorder) the image of a claim is another claim.
"""

from __future__ import annotations

from dataclasses import replace

from ccmproof.model.kernel.actor import ActorDef, observer, recv
from ccmproof.model.kernel.condition import In, rewrite
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.symmetry import Swap
from ccmproof.model.workflow.second_client import TWINS

from .attempts import key_is_new, without_new_key
from .property import Promise, Property, Severity
from .requests import MESSAGING_WAITS
from .wording import all_imply, exactly_where

CONCERN = "Two clients"
BOTH = ("two-clients",)
IMAGE = ("copied-image",)
MISUSE = ("copied-token",)

SERVES_PEER = (
    "peer_mp_gives_site_information",
    "peer_mp_serves_client_files",
    "peer_mp_gives_content_locations",
    "peer_mp_sends_content",
    "peer_mp_serves_policy",
)
"""The events by which the management point serves what comes along the second client's line."""
OWN = "peer.request.owner in {peer_device, peer_user}"
OTHERS = "peer.request.owner in {device, user}"

RECORD_MADE = observer(
    "record_of_second",
    states="none made",
    rows=[
        recv("mp_registers_client", "*", "made", "request.claims is peer"),
        recv("peer_mp_registers_client", "*", "made", "peer.request.claims is peer"),
        recv("peer_administrator_deletes_client", "*", "none"),
    ],
    doc="Whether the second one's ClientID has been registered and its record not been deleted since.",
)

REPLY_LOST = observer(
    "a_reply_was_lost",
    states="no yes",
    rows=[recv(event, "*", "yes") for event in ("reply_is_lost", "peer_reply_is_lost")],
    doc="Whether a reply has ever been lost, to either client.",
)

ANSWERS = {
    "mp_registers_client": ("registered", "true"),
    "mp_leaves_registration_pending": ("left pending", "true"),
    "mp_asks_to_resend": ("asked for once more", "true"),
    "mp_rejects_rebinding": (
        "rejected for the ClientID that it names",
        "registration_rebinds is no and (carried_id is client and peer.carried_id is client"
        " or carried_id is peer and peer.carried_id is peer)",
    ),
}
"""What may become of a registration where two devices may carry one ClientID, and in which environments."""

PROPERTIES = (
    Property(
        "N-01o", CONCERN, "What is served in a client's name came with a token that was made for that client",
        "I3.0 I3.7 R4.2 N-01", on=SERVES_PEER,
        then=f"peer.request.claims is peer and {OWN} or peer.request.claims is client and {OTHERS}",
        attempt=f"peer.management_point is holding and peer.request.claims is peer and peer.request.kind is ccm"
        f" and {OTHERS}",
        asked_in=MISUSE, severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-21o", CONCERN, "A client's CCM token is of no use in the hands of another",
        "I3.0 I3.7 SEC-21b", on=SERVES_PEER, then=f"not (peer.request.sender is confused_client and {OTHERS})",
        attempt=f"peer.management_point is holding and peer.request.kind is ccm and {OTHERS}", asked_in=MISUSE,
        expected="fails", reason="it is a bearer token: where no signature is asked for, whoever shows it in its"
        " owner's name is served",
    ),
    Property(
        "SEC-21p", CONCERN, "A client's CCM token brings another no policy of its: those messages are signed",
        "R4.2 SEC-21b", on=("peer_mp_serves_policy",), then=f"not ({OTHERS})",
        attempt=f"peer.management_point is holding and peer.request.endpoint is policy and {OTHERS}",
        asked_in=MISUSE, severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-08o", CONCERN, "CCM_STS gives a client no token of another's, whatever the request names",
        "I3.4 I3.7 D2 SEC-08", on=("peer_sts_issues_token",),
        then="peer.reply.owner in {peer_device, peer_user}"
        " and (peer.reply.names is not client_id or site_record.device is peer)",
        attempt="peer.sts is validating and peer.request.claims is client", asked_in=MISUSE,
        decided_by="entra_tokens_are_copied is no and registration_rebinds is no", severity=Severity.CRITICAL,
    ),
    Property(
        "N-06o", CONCERN, "A ClientID that is one device's is not given to another",
        "R1.3 A40 N-06", on=("peer_mp_registers_client", "peer_mp_leaves_registration_pending"),
        when="peer.request.claims is client and site_record.device is client", then=OTHERS,
        attempt="peer.registration_manager is proving and peer.request.claims is client and site_record.device is"
        " client",
        asked_in=(*IMAGE, *MISUSE), decided_by="registration_rebinds is no", severity=Severity.CRITICAL,
    ),
    Property(
        "N-06d", CONCERN, "A client whose image carries another's ClientID can still be registered, without an"
        " administrator",
        "R1.3 A40 N-06 N-15", promise=Promise.RECOVERABLE,
        when="registration is not not_started and carried_id is peer", then="registration is registered",
        asked_in=IMAGE, expected="fails", reason="the site refuses it for as long as it names that ClientID; with"
        " registrations that rebind it takes the other's place instead",
        decided_by="registration_rebinds is yes or peer.carried_id is client",
    ),
    Property(
        "S-12o", CONCERN, "Of another's record, too, approval 3 and the proof by an Entra token go together",
        "R3.2 S-12a S-12b", then=exactly_where("peer.site_record.approval is 3", "peer.site_record.proof is entra"),
        attempt="peer.site_record.status is registered", asked_in=(*BOTH, *IMAGE, *MISUSE), severity=Severity.CRITICAL,
    ),
    Property(
        "N-15o", CONCERN, "There are never two records of one device",
        "R1.3 A40 N-15", when="site_record.device is peer", then="peer.site_record.device is not peer",
        attempt="peer.registration_manager is proving and site_record.device is peer",
        asked_in=MISUSE, decided_by="conflicting_records is merged",
    ),
    Property(
        "N-15l", CONCERN, "A registration whose reply was lost is asked for again under the same ClientID: one record",
        "R1.3 A24 N-15", when="site_record.device is not nobody", then="peer.site_record.device is nobody or"
        " site_record.device is client and peer.site_record.device is peer"
        " or site_record.device is peer and peer.site_record.device is client",
        attempt="a_reply_was_lost is yes and registration_manager is proving and site_record.status is registered",
        observers=(REPLY_LOST,), asked_in=BOTH,
    ),
    Property(
        "N-15t", CONCERN, "No ClientID is confirmed to two clients, while no administrator deletes records",
        "R1.3 R3.2 A40 N-15", when="assigned_id is client", then="peer.assigned_id is not client",
        attempt="carried_id is client and peer.carried_id is client and peer.registration_manager is proving",
        asked_in=IMAGE, decided_by="registration_rebinds is no",
    ),
    Property(
        "S-19o", CONCERN, "A client keeps of replies only what answers a request of its own",
        "I4.1 T5 S-19", then="(cache.system.life is none or cache.system.owner in {device, user})"
        " and (assigned_id is none or assigned_id is client and carried_id is client"
        " or assigned_id is peer and carried_id is peer)",
        attempt="cmg is returning and peer.cmg is returning", asked_in=BOTH, severity=Severity.CRITICAL,
    ),
    Property(
        "S-16o", CONCERN, "A record says whose it is, as long as there is one",
        "R1.3 A40 S-16", then=" and ".join(
            exactly_where(f"{of}site_record.status is absent", f"{of}site_record.device is nobody")
            for of in ("", f"{TWINS.prefix}.")
        ),
        attempt="site_record.status is registered", asked_in=(*BOTH, *IMAGE, *MISUSE),
    ),
    Property(
        "S-15o", CONCERN, "A message names the ClientID that the site has confirmed to its sender",
        "R4.2 R1.3 S-15", when=MESSAGING_WAITS,
        then="assigned_id is client and request.claims is client or assigned_id is peer and request.claims is peer",
        asked_in=(*BOTH, *IMAGE),
    ),
    Property(
        "S-70o", CONCERN, "A client misuses what is the other's only where it is in disorder",
        "X3 N-01", then=all_imply({
            "disorder is waiting": "in_disorder is yes", "peer.disorder is waiting": "peer.in_disorder is yes",
        }),
        attempt="peer.disorder is waiting", asked_in=(*BOTH, *IMAGE, *MISUSE),
    ),
    Property(
        "S-76o", CONCERN, "A reply is lost only where replies are, or somebody keeps it",
        "A24 S-76", on=("reply_is_lost",),
        then="faults_happen is on or replies_are_lost is on or interception is stolen_key",
        asked_in=(*BOTH, *IMAGE, *MISUSE),
    ),
    Property(
        "S-100o", CONCERN, "After the site has renewed its token-signing key the other client has no token of the"
        " present key either, until one is made",
        "X3", when="peer.key_is_new is yes", then=without_new_key(f"{TWINS.prefix}."),
        observers=(key_is_new(f"{TWINS.prefix}."),), asked_in=BOTH, severity=Severity.CRITICAL,
    ),
    *(
        Property(
            f"E-18{number}", CONCERN, f"A registration is {what} just where two ClientIDs, or one, let it be",
            "R3.2 R1.3 A40", on=(event,), then="true", possible=True, exactly=where, asked_in=IMAGE,
            severity=Severity.MEDIUM,
        )
        for number, (event, (what, where)) in enumerate(ANSWERS.items())
    ),
    Property(
        "L-09o", CONCERN, "After lost replies each of the two can still be registered",
        "R1.2 A24 L-09", promise=Promise.RECOVERABLE, attempt="a_reply_was_lost is yes",
        then="registration is registered", unless="ccmsetup is gave_up or block is set",
        without=("ccmsetup_gives_up", "administrator_blocks_client"),
        observers=(REPLY_LOST,), asked_in=BOTH,
    ),
    Property(
        "SEC-17o", CONCERN, "A client whose own ClientID is not blocked is refused for reasons of its own, though the"
        " other is blocked",
        "X3 A43 SEC-17a", on=("peer_mp_refuses_call", "peer_sts_refuses_blocked_client",
                              "peer_mp_rejects_blocked_client"),
        when="peer.block is not_set",
        then="peer.management_point is holding and not (peer_mp_accepts_ccm_token and peer_mp_knows_signature)",
        attempt="block is set and peer.block is not_set and peer.management_point is holding", asked_in=BOTH,
    ),
    Property(
        "S-14o", CONCERN, "What becomes of one client's record leaves the other's",
        "R3.2 A24 S-14", when="record_of_second is made", then="peer.site_record.status is registered",
        attempt="record_of_second is made and site_record.status is registered", observers=(RECORD_MADE,),
        asked_in=BOTH,
    ),
    Property(
        "R-14", CONCERN, "With one of the two clients blocked the other can be served",
        "R4.2 A43", possible=True, on=("peer_mp_serves_policy",),
        then="block is set and peer.request.sender is peer and peer.request.claims is peer", asked_in=BOTH,
    ),
)  # fmt: skip


def mirrored(prop: Property, network: Network, swap: Swap) -> Property:
    """What the claim says of the other client, its observers too, which keep their names.

    Args:
        network: one that has the observers. It is enough that it is symmetric without them.

    Raises:
        ModelError: the claim names what the network does not have.
    """

    def text(condition: str) -> str:
        if not condition:
            return ""
        found = network.condition(condition)
        return str(swap.condition(rewrite(found, lambda leaf: In(leaf.actor, network.resolve(leaf)))))

    def watching(of: ActorDef) -> ActorDef:
        rows = (replace(row, event=swap.event(row.event), when=text(str(row.when))) for row in of.rows)
        return replace(of, rows=tuple(rows), ignores=tuple(map(swap.event, of.ignores)))

    return replace(
        prop,
        on=tuple(map(swap.event, prop.on)),
        when=text(prop.when),
        then=text(prop.then),
        attempt=text(prop.attempt),
        unless=text(prop.unless),
        without=tuple(map(swap.event, prop.without)),
        decided_by=text(prop.decided_by),
        exactly=text(prop.exactly),
        observers=tuple(map(watching, prop.observers)),
    )
