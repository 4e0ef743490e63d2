"""Extension: the PKI client certificate ages. It is valid when ccmsetup starts, and expires at any time after that.

A client takes a certificate only while it is valid (DOMAIN 3.9), and shows it when a connection is made: one that was
valid then serves until the reply is there. So nobody refuses an expired one; the client has none to show
(CCM_E_NO_CLIENT_PKI_CERT), and what had begun with it ends. A new attempt of ccmsetup or of the registration finds no
valid certificate, and goes the Entra way.

Who is caught is the client that registered with its certificate because it did not know the Entra properties: ccmsetup
had not asked for them (I2.4), and they were not on its command line (with them it registers by Entra, which comes
first: R5). It stays registered, and sends its messages from then on with a CCM token, as every other client does; it
gets one with an Entra token once it knows the properties. That policy brings them (`policy_brings_entra_properties`) is
undocumented, and open.

Not modelled: the renewal of the certificate, and a new registration that a lost certificate might bring about.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import parameter, recv, send
from ccmproof.model.kernel.definition import Item, Predicate
from ccmproof.model.kernel.edit import AddParticipant, AddRow, SetEventGuard, SetGuard, SetPredicate

from .extension import Extension
from .timing import Scale

NO_CERTIFICATE = "0x87D00454"
CALLS = "locating checking_files asking_content downloading_from_mp"
"""The states in which ccmsetup has a request to send that bears the certificate, or a CCM token."""

PROPERTIES_BY_POLICY = parameter(
    "policy_brings_entra_properties", "no yes", cites="I1.2 A11",
    doc="An installed client learns the Entra properties of its site with its policy",
)  # fmt: skip

PREDICATES = [
    Predicate("ccmsetup_lost_certificate", "install_mode is pki and pki is not valid", "I2.4 A11"),
    Predicate("registration_lost_certificate", "registration.proof is certificate and pki is not valid", "R5"),
]


def parts(scale: Scale) -> Item:
    """The parameter and predicates of this extension; the certificate's age is not counted in ticks."""
    return [PROPERTIES_BY_POLICY, PREDICATES]


AGEING = Extension(
    "ageing",
    "The PKI client certificate expires at some time",
    parts,
    (
        AddRow("pki", send("pki_certificate_expires", "valid", "expired", cites="I2.4 L-14")),
        SetEventGuard("pki_certificate_expires", "connection is closed"),
        SetPredicate(
            "ccmsetup_may_call",
            "install_mode is pki and pki is valid or install_mode is not pki and cache.system.life is live",
        ),
        AddRow("ccmsetup", send("ccmsetup_has_no_certificate", CALLS, "attempt_failed",
                                "connection is open and ccmsetup_lost_certificate",
                                cites="I2.4 A13", status=NO_CERTIFICATE)),
        SetGuard("registration", "registration_sends_request",
                 "connection is open and not registration_lost_certificate"),
        AddRow("registration", send("registration_has_no_certificate", "sending", "attempt_failed",
                                    "connection is open and registration_lost_certificate",
                                    cites="R5 A24", status=NO_CERTIFICATE)),
        AddParticipant("connection", tuple(
            recv(event, "open", "closed")
            for event in ("ccmsetup_has_no_certificate", "registration_has_no_certificate")
        )),
        SetPredicate("client_uses_certificate", "registration.approval is 2 and pki is valid"),
        AddRow("entra_properties", recv(
            "cmg_returns_reply", "not_known", "known",
            "ccmsetup is not waiting_for_aad_info and messaging is waiting_for_reply and reply_is_good"
            " and policy_brings_entra_properties is yes", cites="I1.2 A11")),
    ),
    strikes={"pki_certificate_expires": "it may be valid for longer than anything that is looked at"},
)  # fmt: skip
