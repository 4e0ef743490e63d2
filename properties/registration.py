"""What must hold of the registration: its order, what proves it, the approval that it gives."""

from ccmproof.model.kernel.actor import observer, recv

from .property import WORKING_CLIENT, Property, Severity
from .tokens import RECORD_DELETED
from .wording import exactly_where

CONCERN = "Registration"
SENDS = ("registration_sends_request", "registration_sends_directly")
ACCEPTED = ("mp_registers_client", "mp_leaves_registration_pending")

CERTIFICATES_VALIDATED = observer(
    "certificates_validated",
    states="not_yet yes",
    rows=[
        recv("registration_validates_certificates", "*", "yes"),
        *(recv(event, "*", "not_yet") for event in (*SENDS, "registration_starts", "registration_tries_again")),
    ],
    doc="Whether certificate validation has run in the present attempt.",
)

APPROVED_BY_HAND = observer(
    "approved_by_hand",
    states="no yes",
    rows=[recv("administrator_approves_client", "*", "yes"), recv("mp_registers_client", "*", "no")],
    doc="Whether an administrator has approved the client since it registered.",
)

CONFIRMED_APPROVAL = observer(
    "confirmed_approval",
    states="none 0 1 2 3",
    rows=[recv("registration_processes_confirmation", "*", status, f"reply.approval is {status}") for status in "0123"],
    doc="The approval status of the confirmation that the client processed last.",
)

GIVES_APPROVAL = {
    "3": "registration_manager is proven_by_entra",
    "2": "registration_manager is proven_by_certificate",
    "1": "registration_manager is proven_by_altauth"
    " or registration_manager is proven_by_windows and approval is not manual"
    " or registration_manager is proven_by_nothing and approval is all",
    "0": "registration_manager is proven_by_windows and approval is manual"
    " or registration_manager is proven_by_nothing and approval is not all",
}
"""The approval status that a registration gives, and by what proof."""

RECORDED_APPROVAL = observer(
    "recorded_approval",
    states="none 0 1 2 3",
    rows=[
        *(recv(event, "*", status, when) for event in ACCEPTED for status, when in GIVES_APPROVAL.items()),
        recv("administrator_approves_client", "*", "1"),
        recv("administrator_deletes_client", "*", "none"),
    ],
    doc="The approval status that the client's last registration gave it, or since then an administrator.",
)


STRANGERS_APPROVAL = observer(
    "strangers_approval",
    states="none 0 1 2 3",
    rows=[recv("mp_registers_stranger", "*", status, when) for status, when in GIVES_APPROVAL.items()],
    doc="The approval status that the last registration of a stranger gave him.",
)


def _same(field: str, observer: str) -> str:
    return " or ".join(f"{field} is {status} and {observer} is {status}" for status in ("none", *"0123"))


PROOFS = {
    "mp_takes_registration_certificate": ("A certificate is a proof on the MutualAuth path of an HTTPS site", "R5 I2.4",
        "request.kind is certificate and request.path is mutual_auth and mp_mode is https"),
    "mp_takes_windows_proof": ("Windows proves a registration on a path that is not the CMG's", "R3.2 A12",
        "request.kind is windows and request.via is direct"),
    "mp_takes_altauth_proof": ("AltAuth proves what nothing else does, to an HTTPS site that has it, on a path of its"
        " own", "R3.2 A12",
        "request.kind is none and request.via is direct and mp_mode is https and altauth is yes"),
    "mp_takes_no_proof": ("Without a proof, or behind a bearer that is none, nobody is taken by an HTTPS site", "R3.2"
        " A26 A36", "request.kind in {none, ccm} and (mp_mode is not https or https_mp_takes_anonymous is yes)"),
    "registration_falls_back_to_windows": ("A client lets Windows prove it where it is hybrid joined and has a path of"
        " its own", "R3.2 A12", "join is hybrid and direct is yes"),
    "registration_falls_back_to_anonymous": ("It registers without proof only behind a CCM token that is alive"
        " by its clock", "A26 A37", "anonymous_fallback is yes and cache.system.life is live"),
    "registration_falls_back_to_certificate": ("It registers with a certificate that is valid", "R5", "pki is valid"),
    "registration_attempt_fails": ("It goes without only where it has nothing to prove it by", "R2.2 R5 A12 A37",
        "entra_request is denied and pki is not valid and not (join is hybrid and direct is yes)"
        " and not (anonymous_fallback is yes and cache.system.life is live)"),
    "site_is_assigned": ("The site is assigned to a client that is installed", "R1.1 R1.2 R1.4",
        "ccmsetup is installed"),
    "security_settings_are_refreshed": ("Settings are refreshed of a client that is installed", "A17",
        "ccmsetup is installed"),
}  # fmt: skip
"""What must be so for a proof to be taken, or offered, and for what an installation is followed by."""

PROPERTIES = (
    *(
        Property(f"S-43.{letter}", CONCERN, claim, cites, on=(event,), then=then)
        for letter, (event, (claim, cites, then)) in zip("abcdefghij", PROOFS.items(), strict=True)
    ),
    Property(
        "N-04", CONCERN, "A registration request is sent only if certificate validation ran in this attempt",
        "R5 N-04", on=SENDS, then="certificates_validated is yes", observers=(CERTIFICATES_VALIDATED,),
    ),
    Property(
        "S-41", CONCERN, "A registration request is sent only once the site of SMSSITECODE has been assigned",
        "R1.2 R1.4", on=SENDS, then="site_assignment is as_commanded", severity=Severity.MEDIUM,
    ),
    Property(
        "S-41a", CONCERN, "Only a client that is installed is assigned to a site",
        "R1.1 R1.2 R1.4", when="site_assignment is as_commanded", then="ccmsetup is installed",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-38", CONCERN, "A client with an Entra token at hand registers with it, and with nothing less",
        "R2.1 R2.2", on=("registration_falls_back_to_certificate", "registration_falls_back_to_windows",
                         "registration_falls_back_to_anonymous"),
        then="entra_request is denied", attempt="registration is getting_entra_token",
    ),
    Property(
        "S-12a", CONCERN, "Approval 3 is given only to a registration that an Entra token proved",
        "R3.2 S-12a", when="site_record.approval is 3", then="site_record.proof is entra",
        attempt="registration_manager is not idle", severity=Severity.CRITICAL,
    ),
    Property(
        "S-12b", CONCERN, "A registration that an Entra token proved has approval 3",
        "R3.2 S-12b", when="site_record.proof is entra", then="site_record.approval is 3",
    ),
    Property(
        "N-07", CONCERN, "Approval 3 rests on an Entra token of this request, for the site, of the device"
        " that registers",
        "R3.2 I3.7 N-07", on=ACCEPTED, when="registration_manager is proven_by_entra",
        then="request_bears_entra and request.signer is entra and request.audience is site and request.owner"
        " in {device, user}",
        attempt="registration_manager is proving", severity=Severity.CRITICAL,
        decided_by="registration_rebinds is no",
    ),
    Property(
        "S-14", CONCERN, "A registered client has a ClientID and an approval status",
        "R1.3 R3.2 S-14", when="registration is registered",
        then="registration.client_id is assigned and registration.approval is not none",
    ),
    Property(
        "S-14c", CONCERN, "What the client has as its ClientID and approval changes by a confirmed registration only",
        "R1.3 R3.2 R3.3 S-14",
        then=f"({_same('registration.approval', 'confirmed_approval')})"
        " and (registration.client_id is assigned and confirmed_approval is not none"
        " or registration.client_id is none and confirmed_approval is none)",
        attempt="registration is registered", observers=(CONFIRMED_APPROVAL,),
    ),
    Property(
        "S-14r", CONCERN, "The approval in the client's record changes by a registration or an administrator only",
        "R3.2 S-14", then=_same("site_record.approval", "recorded_approval"),
        attempt="site_record.status is not absent", observers=(RECORDED_APPROVAL,),
    ),
    Property(
        "S-14s", CONCERN, "The approval in a stranger's record is what his registration gave him",
        "R3.2 A36", then=_same("rogue_record.approval", "strangers_approval"),
        attempt="strangers_approval is not none", observers=(STRANGERS_APPROVAL,), asked_in=("adversary",),
    ),
    Property(
        "S-16", CONCERN, "Where the client says that it is registered the site has"
        " the record, until somebody deletes it",
        "R3.2 R3.3 S-16", when="registration is registered",
        then="site_record.status is registered or record_deleted is yes", observers=(RECORD_DELETED,),
    ),
    Property(
        "S-16c", CONCERN, "No phantom registration: the site has the record and the client waits to try again",
        "R3.3 S-16c", when="site_record.status is registered", then="registration is not attempt_failed",
        expected="fails",
        reason="a client that cannot store its registration, whose reply was lost,"
        " or whose pending registration was confirmed"
        " while its next request failed, does not know of it", but={"adversary": "holds"}, severity=Severity.MEDIUM,
    ),
    Property(
        "S-26", CONCERN, "Enhanced HTTP takes no registration by a user's token",
        "R2.2 A18 S-26", on=("mp_validates_registration_token",), when="request.kind is entra_user",
        then="mp_mode is https or ehttp_takes_user_registration is yes",
        attempt="registration_manager is proving and request.kind is entra_user",
    ),
    Property(
        "N-16", CONCERN, "An installed client whose registration is not confirmed sends no operational message",
        "R3.2 R4.2 N-16", on=("messaging_sends_message",), then="registration is registered",
        attempt="registration is not not_started",
    ),
    Property(
        "SEC-13", CONCERN, "A registration that nothing proved is not approved, unless an administrator does it",
        "R3.2 SEC-13", when="site_record.proof is nothing",
        then="site_record.approval is 0 or approved_by_hand is yes", observers=(APPROVED_BY_HAND,),
        asked_in=("adversary", "thief"), decided_by="approval is not all", severity=Severity.CRITICAL,
    ),
    Property(
        "N-06", CONCERN, "Nobody takes over the ClientID of a registered client without its proof",
        "R1.3 A40 N-06", on=ACCEPTED, when="request.sender is adversary and site_record.device is client",
        then="request_bears_entra and request.owner in {device, user} and request.signer is entra",
        attempt="registration_manager is proving and request.sender is adversary and site_record.device is client",
        asked_in=("thief", "squatter"), decided_by="registration_rebinds is no", severity=Severity.CRITICAL,
    ),
    Property(
        "N-06s", CONCERN, "Nor does a client, without its proof, what a stranger has registered",
        "R1.3 A40 N-06", on=ACCEPTED, when="request.sender is client and site_record.device is stranger",
        then="request_bears_entra and request.owner in {device, user} and request.signer is entra"
        " or request.kind in {certificate, windows}",
        attempt="registration_manager is proving and request.sender is client and site_record.device is stranger",
        asked_in=("squatter",), decided_by="registration_rebinds is no", severity=Severity.CRITICAL,
    ),
    Property(
        "S-16d", CONCERN, "The site says of a record whose it is, as long as there is one",
        "R1.3 A40 S-16", then=exactly_where("site_record.status is absent", "site_record.device is nobody"),
        attempt="site_record.status is registered",
    ),
    Property(
        "R-41", CONCERN, "A client with its proof can take back what a stranger has registered without one",
        "R1.3 R3.2 A40", possible=True, on=("mp_registers_client",), asked_in=("squatter",),
        then="request.sender is client and site_record.device is stranger and registration_manager is proven_by_entra",
    ),
    Property(
        "R-42", CONCERN, "A stranger can register again what he has registered",
        "R1.3 A40 N-06", possible=True, on=("mp_registers_client",), asked_in=("squatter",), severity=Severity.MEDIUM,
        then="request.sender is adversary and site_record.device is stranger",
    ),
    Property(
        "R-07", CONCERN, "The client can be registered with approval 3",
        "R3.2", possible=True, asked_in=WORKING_CLIENT, then="registration.approval is 3",
    ),
    Property(
        "R-08", CONCERN, "The client can be registered with approval 3 by a user's token",
        "R2.2 R3.2", possible=True, asked_in=WORKING_CLIENT, on=("mp_registers_client",),
        then="registration_manager is proven_by_entra and request.kind is entra_user and request.sender is client",
    ),
    Property(
        "R-09", CONCERN, "A client with a certificate and no Entra token can be registered, with approval 2",
        "R5", possible=True, asked_in=WORKING_CLIENT, then="registration.approval is 2",
    ),
    Property(
        "R-43", CONCERN, "A client with neither token nor certificate can be registered by Windows's proof, with"
        " approval 1",
        "R3.2 R3.3 A7 A12", possible=True, asked_in=("faults", "hourly"),
        then="registration is registered and registration.approval is 1 and registration.proof is windows",
    ),
)  # fmt: skip
