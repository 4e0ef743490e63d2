"""Extension: policy is signed, and the certificate that verifies the signature is trusted on first use.

A client that was installed from the internet has neither the site server's signing certificate nor the trusted root
key, unless they were given on its command line (`signing_certificate_given`); it takes the certificate that the first
management point shows it, and only TLS to the CMG protects that (DOMAIN 8). Here it comes with the site information,
the first answer that ccmsetup has from a management point. Policy is accepted where the key that signed it is the one
that the client trusts; what is not accepted is a refusal of its own.

Whoever ends the TLS connection in the CMG's place, or has the gateway, may exchange the key in what comes back: the
certificate in the site information, or the signature below a policy that he has changed. The capability is enough for
that (`adversary_key`, `cmg_compromised`); what else an adversary does needs him to be `present`, and is not needed
here. What the policy says, the trusted root key by itself, and the renewal of the signing certificate are not modelled.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import actor, parameter, put, record, recv, send
from ccmproof.model.kernel.definition import Item, Predicate
from ccmproof.model.kernel.edit import AddField, SetEffect

from .extension import Extension
from .hosts import ADVERSARY, CLIENT, HANDS, WIRE
from .timing import Scale

GIVEN = parameter(
    "signing_certificate_given", "no yes", default="no", cites="I1.1",
    doc="The site server's signing certificate is on ccmsetup's command line (SMSSIGNCERT)",
)  # fmt: skip

SIGNED = record(
    "reply",
    {"signing_key": "none site forger"},
    host=WIRE,
    seen_by=HANDS,
    doc="Whose signing certificate the reply brings, or whose key has signed the policy that it brings",
)

PREDICATES = [
    Predicate(
        "replies_can_be_changed",
        "interception is not none_there or adversary_key is cmg_key or cmg_compromised is yes",
        "X2",
        "Somebody ends the connection in the CMG's place, or could with its key, or has the CMG",
    ),
    Predicate("brings_site_information", "ccmsetup is waiting_for_site and reply_is_good", "I4.2"),
    Predicate("brings_policy", "messaging is waiting_for_reply and reply_is_good", "T4"),
    Predicate(
        "nothing_is_trusted_yet", "signing_certificate_given is no and signing_certificate is none_there", "I1.1"
    ),
    Predicate(
        "policy_signature_good",
        "policy is signed_by_site and (signing_certificate_given is yes or signing_certificate is of_site)"
        " or policy is signed_by_forger and signing_certificate_given is no and signing_certificate is of_forger",
        "T4",
        "The key that signed the policy is the one that the client trusts",
    ),
]

SIGNING_CERTIFICATE = actor(
    "signing_certificate",
    host=CLIENT,
    states="none_there of_site of_forger",
    rows=[
        recv("cmg_returns_reply", "none_there", f"of_{who}",
             f"nothing_is_trusted_yet and brings_site_information and reply.signing_key is {who}", cites="I4.2")
        for who in ("site", "forger")
    ],
    ignores="cmg_returns_reply",
    doc="The certificate by which the client verifies policy: the first that it was shown, if none was given.",
)  # fmt: skip

POLICY = actor(
    "policy",
    host=CLIENT,
    states="none_there signed_by_site signed_by_forger",
    rows=[
        *(recv("cmg_returns_reply", "*", f"signed_by_{who}", f"brings_policy and reply.signing_key is {who}",
               cites="T4")
          for who in ("site", "forger")),
        send("client_accepts_policy", "signed_by_site signed_by_forger", "none_there", "policy_signature_good",
             cites="T4"),
        send("client_rejects_policy", "signed_by_site signed_by_forger", "none_there", "not policy_signature_good",
             cites="T4", status="the policy's signature is not good"),
    ],
    ignores="cmg_returns_reply",
    doc="Policy that has arrived and is being verified.",
)  # fmt: skip

TAMPERING = actor(
    "tampering",
    host=ADVERSARY,
    states="watching",
    rows=[
        send("adversary_exchanges_signing_key", "watching", "watching",
             "replies_can_be_changed and cmg is returning and request.sender is client and reply.signing_key is site",
             put("reply.signing_key", "forger"), cites="X2"),
    ],
    waits="watching",
    oracle=True,
    doc="What the adversary does to replies that he can change: his certificate, his signature.",
)  # fmt: skip


def parts(scale: Scale) -> Item:
    """The actors of this extension; time does not matter to them."""
    return [GIVEN, PREDICATES, SIGNING_CERTIFICATE, POLICY, TAMPERING]


POLICY_SIGNING = Extension(
    "policy_signing",
    "Policy is signed, and the signing certificate is trusted on first use",
    parts,
    (
        AddField(SIGNED),
        *(
            SetEffect("management_point", event, "reply.signing_key", put("reply.signing_key", "site"))
            for event in ("mp_gives_site_information", "mp_serves_policy")
        ),
    ),
)
