"""The claims that the domain makes about the workflow (DOMAIN section 13), one line each, as data.

Each is a property of the suite, or is owed by a later part of the project, or cannot be said of this model. The suite
has properties beside them: halves of a claim, possibilities, and what the document's other statements ask for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes:
        id: as properties and citations have it.
        kind: the letter of :mod:`.property`: I, S, O, R, L or T.
        due: the part of the project that owes it; empty where the suite has it.
        never: why it cannot be said of this model at all; else empty.
    """

    id: str
    kind: str
    text: str
    due: str = ""
    never: str = ""


_HOPS = (("cmg", "the CMG"), ("cp", "the connection point"), ("mp", "the management point"))


def _at_each_hop(name: str, text: str) -> tuple[Claim, ...]:
    return tuple(Claim(f"{name}.{short}", "S", text.format(hop)) for short, hop in _HOPS)


_ORDER = (
    Claim("S-01", "O", "A request to CCM_STS carries an Entra token that was obtained for it"),
    Claim("S-02", "S", "A request on the Entra path goes out with the sender's own token, alive by the client's clock"),
    Claim("S-03", "S", "Tokens and registrations that are accepted are of the device's tenant"),
    Claim("S-04", "S", "Entra properties are given only for a tenant that is onboarded and enabled"),
    Claim("S-05", "O", "SYSTEM asks for a user's token only after a device token was refused"),
    Claim("S-06", "I", "Without the WPJ key no Entra token is obtained"),
    Claim("S-07", "O", "client.msi is started on the Entra path only with an Entra token of this attempt"),
    Claim("S-08", "I", "With a valid PKI certificate ccmsetup uses no Entra step"),
    Claim("S-09", "O", "client.msi is started only with locations, cab and a good hash"),
    Claim("S-11", "I", "A registration request comes after client.msi has finished"),
    Claim("S-12a", "I", "Approval 3 is given only where an Entra token proved the registration"),
    Claim("S-12b", "I", "A registration that an Entra token proved has approval 3"),
    Claim("S-14", "O", "A registered client has a ClientID; it and the approval change by a registration or an"
          " administrator only"),
    Claim("S-15", "S", "After an Entra registration SYSTEM's token names the ClientID"),
    Claim("S-16", "I", "A client that says it is registered has a record, until that is deleted"),
    Claim("S-16c", "I", "The site has no record of a client that is still trying"),
    Claim("S-18", "S", "The expiry that the client recorded is that of the token, eight hours after its issue"),
    Claim("S-19", "S", "A request carries its sender's entry, and a reply changes its sender's entry only"),
    Claim("S-20", "S", "A cached expiry changes only by a successful reply of CCM_STS"),
    Claim("S-21", "I", "At most one request to CCM_STS is in flight for a SID"),
    Claim("S-22", "S", "The CMG forwards to published endpoints only"),
    Claim("S-23", "S", "The connection point passes on to mapped targets only"),
    Claim("S-24", "S", "A token goes to ServerAuth, a TLS client certificate to MutualAuth"),
    Claim("S-25", "I", "Nothing comes through the CMG to a plain HTTP management point"),
    Claim("S-26", "S", "Enhanced HTTP takes no registration by a user's token unless it is set so"),
    Claim("S-27", "S", "A renewal begins only where the token is expired or close to expiry"),
)  # fmt: skip

_SECURITY = (
    Claim("SEC-01", "S", "Nothing is sent on a connection whose certificate was not good"),
    Claim("SEC-02a", "I", "With revocation checking on and no fresh CRL there is no connection"),
    Claim("SEC-02b", "I", "After the settings refresh the site's option turns revocation checking on"),
    Claim("SEC-03", "I", "A revoked certificate is accepted only with revocation checking off"),
    Claim("SEC-03s", "I", "A revoked certificate is never accepted"),
    Claim("SEC-04", "S", "The CMG forwards nothing without a good credential, but the request for properties"),
    *_at_each_hop("SEC-05a", "A token that {} accepts is of a tenant that is onboarded and enabled"),
    Claim("SEC-05b", "S", "A user's token that is accepted for a device is of the device's tenant"),
    *_at_each_hop("SEC-06", "An Entra token that {} accepts is for the server app"),
    *_at_each_hop("SEC-07", "A token that {} accepts is not expired"),
    Claim("SEC-08", "S", "A CCM token is issued only where the management point validated an Entra token"),
    *_at_each_hop("SEC-09", "A token that {} accepts is signed by its issuer"),
    Claim("SEC-10", "S", "To an HTTPS management point both ends show a certificate that the other validates"),
    Claim("SEC-11", "I", "Without SYSTEM's rights nobody learns a cached token from the disk"),
    Claim("SEC-12", "S", "The client sends its Entra token to CCM_STS and MP_ClientRegistration only"),
    Claim("SEC-13", "I", "Nothing unproven is approved"),
    Claim("SEC-14", "I", "An outsider gets no CCM token and no approved registration"),
    Claim("SEC-15a", "T", "A disabled identity's CCM tokens are dead after 9 h 30 min"),
    Claim("SEC-15b", "T", "A disabled identity is served no content after 17 h 30 min"),
    Claim("SEC-15c", "T", "From the moment of disabling nothing is accepted"),
    Claim("SEC-17a", "S", "A blocked client's operational requests are not served"),
    Claim("SEC-17b", "T", "A blocked client is served no content after 8 h"),
    Claim("SEC-17c", "T", "From the moment of the block no content is served"),
    Claim("SEC-18", "O", "A token gained for one user is never used for another"),
    Claim("SEC-19", "I", "A token gained with a user's under SYSTEM grants a device's rights only",
          never="rights within a token are not modelled; it is an assumption"),
    Claim("SEC-21b", "I", "A stolen CCM token that is alive is of no use"),
    Claim("SEC-22", "O", "Policy is signed by the site, whose certificate came over a good connection"),
    Claim("SEC-23", "T", "A bulk registration token lives 7 days and ends with the registration"),
    Claim("SEC-24", "S", "No registration comes through the CMG without a bearer or a certificate"),
)  # fmt: skip

_LIVENESS = (
    Claim("L-01", "L", "A device that can have a token registers with approval 3 without any user"),
    Claim("L-02", "L", "Without a device token a user's leads to a CCM token"),
    Claim("L-03", "I", "Without device token, user and certificate there is no registration and no CCM token"),
    Claim("L-04", "L", "An attempt that a passing fault ended succeeds later, or stops at the timeout"),
    Claim("L-05", "L", "A pending message of a registered client is served with a live token"),
    Claim("L-07", "L", "A token that dies during a download does not end it for good"),
    Claim("L-08", "L", "A pending registration ends in one of its outcomes"),
    Claim("L-09", "L", "A rejected or failed registration is tried again"),
    Claim("L-10", "L", "Content that the cloud does not give comes from the management point"),
    Claim("L-11", "L", "With one of two connection points down requests are served"),
    Claim("L-12", "L", "A client installed with /NoCRLCheck goes on being served"),
    Claim("L-13", "L", "With the site's option off a client without a CRL goes on being served"),
    Claim("L-14", "L", "A PKI client whose certificate expires recovers by Entra"),
    Claim("L-15", "L", "A tenant that is onboarded later lets the waiting client succeed"),
    Claim("L-16", "S", "A token just issued is not close to expiry"),
    Claim("L-17", "L", "A management point that regains the internet serves again"),
    Claim("L-18", "T", "An outage of Entra shorter than what is left of the token costs nothing"),
    Claim("L-19", "L", "A user who signed out before the registration leads to it at a later logon"),
    Claim("L-20", "R", "A client that is not registered is never stuck"),
    Claim("L-20f", "L", "Every run ends registered, with a certificate, in a failure that can be diagnosed, or tries"
          " on", never="what can be diagnosed is what a log says, and the model has no lines of logs; L-20 is the half"
          " that can be said"),
)  # fmt: skip

_ADDED = (
    Claim("N-01", "S", "What is served came by PKI, or with a live CCM token of the caller's and CcmTokenAuth=1"),
    Claim("N-02", "T", "With a margin that covers flight and skew no checked token is refused"),
    Claim("N-03", "L", "A 401 on a token that seems alive leads to a new one before its expiry"),
    Claim("N-04", "O", "Certificate validation ran before a registration request"),
    Claim("N-05", "L", "Without an Entra token a certificate leads to a registration"),
    Claim("N-06", "S", "The ClientID that a registration names is free or the device's own"),
    Claim("N-07", "S", "Approval 3 rests on an Entra token of this request and device"),
    Claim("N-08", "I", "An Entra token captured on the wire yields nothing"),
    Claim("N-09", "O", "A cached expiry never goes down, late replies included"),
    Claim("N-10", "O", "A token that is issued after the block is never served"),
    Claim("N-11", "O", "The fallback does not stick: the next request asks for the device again"),
    Claim("N-12", "S", "A user's CCM token needs the user in the site database"),
    Claim("N-13", "T", "A disabled tenant is out after 33 h"),
    Claim("N-14", "O", "Tenant, owner and kind of a request's token are the same at every hop"),
    Claim("N-15", "L", "After a lost reply client and site come to agree, on one record"),
    Claim("N-16", "S", "Before its confirmation the installed client sends nothing operational"),
    Claim("N-17", "T", "Content is served only with a content token that is alive"),
    Claim("N-18", "T", "At most two requests to CCM_STS in eight hours for a SID"),
)  # fmt: skip

CLAIMS: dict[str, Claim] = {each.id: each for each in (*_ORDER, *_SECURITY, *_LIVENESS, *_ADDED)}
"""Every claim of the domain's property list by its ID, in that order."""
