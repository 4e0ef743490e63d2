"""What the seed document says, statement by statement, in our words; and the questions that it leaves, as data.

Everything in the model and the suite cites these IDs: D, I, R, T, X statements, K common issues, G pictures, L logs, A
questions of reading. A property's own ID (with a dash) may be cited too. What each kind of statement needs, and what of
it a later part owes, stands in :mod:`.owed`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        kind: ``must`` (some property must answer for it), ``state``, ``transition``, ``diagnosis``, ``picture``,
            ``log``, or ``question`` (how the document is to be read).
    """

    id: str
    kind: str
    text: str


_DOCUMENT = (
    ("D1", "state", "A device that joins an Entra tenant gets a workplace-join (WPJ) certificate."),
    ("D2", "must", "Without the WPJ certificate the client cannot request Entra tokens."),
    ("D3", "must", "Without an Entra token the client cannot use the CCM_STS channel."),
    (
        "I1.1",
        "state",
        "ccmsetup is started with CCMHOSTNAME (CMG host and MutualAuth path) and SMSSITECODE; the Entra "
        "properties AADCLIENTAPPID and AADRESOURCEURI may be given and are not required.",
    ),
    (
        "I1.2",
        "transition",
        "When they are not given, ccmsetup asks the CMG for them (AADAuthInfo), naming the device's TenantID.",
    ),
    (
        "I1.3",
        "must",
        "If the tenant is not onboarded, the CMG withholds them, and ccmsetup's attempt cannot go on along "
        "the Entra path.",
    ),
    ("I1.4", "must", "That request goes to the ServerAuth path over HTTPS port 443 with CcmTokenAuth=0."),
    (
        "I1.5",
        "must",
        "The client validates the CMG's server authentication certificate during ccmsetup: its root CA must"
        " be available to the client.",
    ),
    (
        "I1.6",
        "state",
        "With a PKI certificate whose root is not published, the root must be in the device's root store.",
    ),
    (
        "I1.7",
        "must",
        "SSL revocation checking is on; if the CRL is not published on the internet, /nocrlcheck lets ccmsetup go on.",
    ),
    (
        "I1.8",
        "transition",
        'The connection is made first and revocation checking enabled on it after ("Created connection", '
        '"Enabled SSL revocation check"); with /nocrlcheck the second does not happen.',
    ),
    (
        "I2.0",
        "must",
        "No Entra token is requested before client ID and resource URI are known; the request uses exactly those.",
    ),
    (
        "I2.1",
        "must",
        "On an Entra-joined device ccmsetup first asks for a device token through the ADALOperation provider (WAM).",
    ),
    ("I2.2", "must", "If the device token request fails, ccmsetup falls back to a user token."),
    (
        "I2.3",
        "must",
        "With neither a device nor a user token, ccmsetup's attempt does not continue along the Entra path.",
    ),
    (
        "I2.4",
        "must",
        "With a valid PKI client authentication certificate, ccmsetup always prefers it: it installs as a "
        "PKI client and does not use Entra authentication.",
    ),
    (
        "I2.5",
        "must",
        "The user token is fetched by SYSTEM for a named user SID; the CCM token gained with it is cached "
        "under SYSTEM's SID, S-1-5-18.",
    ),
    (
        "I3.0",
        "must",
        "The Entra token is used to request the CCM token; operational communication carries the CCM token "
        "(CcmTokenAuth=1).",
    ),
    ("I3.1", "transition", "The client sends the CCM token request to the CMG (…/CCM_STS)."),
    ("I3.2", "transition", "The CMG forwards it to the CMG connection point."),
    ("I3.3", "transition", "The connection point rewrites the CMG's URL to the management point's internal URL."),
    (
        "I3.4",
        "must",
        "The management point's CCM_STS validates the Entra token, checks the site database, creates and "
        "issues the CCM token and returns it, in that order.",
    ),
    (
        "I3.5",
        "state",
        "The client names the management point in the MutualAuth form; requests with a token go to "
        "ServerAuth (the CMG's log shows SERVERAUTH).",
    ),
    ("I3.6", "must", "The CCM token carries token type, hierarchy, user and device identity."),
    (
        "I3.7",
        "must",
        "One identity runs through: the user for whom the token was retrieved is the user whom CCM_STS "
        "validates, and the SID that fallback names is that user's; the device CCM_STS validates is the "
        "device that registers.",
    ),
    (
        "I4.1",
        "must",
        "The client caches the CCM token, encrypted, per security identifier (SYSTEM is S-1-5-18), with its expiry.",
    ),
    ("I4.2", "must", "It uses the cached token for the location request (CcmTokenAuth=1) and gets site information."),
    (
        "I4.2b",
        "transition",
        "It checks ccmsetup.cab at CCM_Client, token in the header, and takes the management point as valid"
        " and online.",
    ),
    ("I4.2c", "transition", "It asks for content locations and gets them."),
    ("I4.3", "must", "client.msi is started once the content is downloaded."),
    ("I4.4", "transition", "If the content comes from a content-enabled CMG, it is downloaded from cloud storage."),
    (
        "I4.5",
        "transition",
        "If the latest client version is not in the cloud, it is downloaded from the management point by a "
        "request through the CMG.",
    ),
    ("R1.1", "must", "Registration starts once ccmsetup has installed the client."),
    ("R1.2", "transition", "It is tried in numbered attempts, on notification of the site assignment."),
    (
        "R1.3",
        "state",
        "The request names a ClientID already; the one the server assigns is the same in the document's walk.",
    ),
    ("R1.4", "must", "The assigned site is the one of SMSSITECODE."),
    ("R2.1", "must", "The client requests a new Entra token to register."),
    ("R2.2", "must", "It prefers a device token, and falls back to a user token."),
    (
        "R3.1",
        "transition",
        "The registration message goes to the MP_ClientRegistration endpoint; the CMG forwards it to the "
        "management point.",
    ),
    (
        "R3.2",
        "must",
        "On success the client is told that it is registered, with Approval status 3, which is what Entra-"
        "based registration gives, and a server-assigned ClientID.",
    ),
    ("R3.3", "must", "The client processes the confirmation before it asks for the new CCM token."),
    ("R4.0", "must", "Once the registration is confirmed, the client requests and caches a new CCM token."),
    (
        "R4.1",
        "transition",
        "That request again runs CMG → connection point → management point → site database, and the token "
        "returns the same way (the client's log names the management point itself; the heading says that "
        "the CMG forwards: through the CMG is the default).",
    ),
    ("R4.2", "must", "The rest of client-to-site communication uses that token."),
    (
        "R5",
        "must",
        "Certificate validation always runs during registration, as the fallback if Entra authentication "
        "does not succeed.",
    ),
    ("T1", "must", "A CCM token lives for eight hours."),
    (
        "T2",
        "must",
        "When the client finds the token expired or close to expiry, it sends a new CCM token request, "
        "which presents an Entra token, before the message.",
    ),
    ("T3", "transition", "The CcmMessaging component does this when it has a message to send."),
    (
        "T4",
        "must",
        "The message then goes out with CcmTokenAuth=1 and the new token in the header, and gets its reply.",
    ),
    ("T5", "must", "The renewed token replaces the entry of the sender's SID; the reply belongs to the message."),
    (
        "X1",
        "must",
        "Client, CMG, connection point and management point communicate over HTTPS; with enhanced HTTP the "
        "management point may be configured for HTTP.",
    ),
    (
        "X2",
        "must",
        "The client verifies the CMG's server certificate: PKI, by the root in its local store; third "
        "party, by a root that is published.",
    ),
    (
        "X3",
        "must",
        "CMG, connection point and management point validate Entra and CCM tokens (each a parameter of its "
        "own; the default is on at all three).",
    ),
    (
        "X4",
        "must",
        "Between connection point and management point both ends are secured: the connection point shows a "
        "client authentication certificate; the management point a PKI certificate (HTTPS) or a self-signed"
        " one (enhanced HTTP).",
    ),
    (
        "G1",
        "picture",
        "Workflow diagram of CcmSetup with Microsoft Entra authentication (a sequence diagram of I1 to I4)",
    ),
    ("G2", "picture", "Workflow diagram of client registration with Microsoft Entra authentication (R1 to R4)"),
    ("K1", "diagnosis", "The root CA is not present on the client."),
    (
        "K2",
        "diagnosis",
        "The CRL check is on and the CRL is not published: publish it, use /NoCRLCheck, or turn off the site option.",
    ),
    ("K3", "diagnosis", "The WPJ certificate is not found: check the join state."),
    ("L1", "log", "ccmsetup.log, on the client."),
    ("L2", "log", "ADALOperationProvider.log (CcmAad.log from version 2107), on the client."),
    ("L3", "log", "ClientIDManagerStartup.log, on the client."),
    ("L4", "log", "CcmMessaging.log, on the client."),
    ("L5", "log", "CMGService.log, of the CMG; copied to the site server's logs folder every five minutes."),
    ("L6", "log", "SMS_CLOUD_PROXYCONNECTOR.log (verbose), on the connection point."),
    ("L7", "log", "CCM_STS.log, on the management point."),
    ("L8", "log", "MP_RegistrationManager.log, on the management point."),
)

_QUESTIONS = (
    ("A1", "Three different TenantIds (9aaf466a…, 2ca9a796…, c8c82542…)"),
    ("A2", "MutualAuth in names, SERVERAUTH in requests"),
    ("A3", "ids …37981 and …37995 in one install (STS, CCM_Client); 72186325152220500"),
    ("A4", "deviceId GUID:13E80CEF… vs ClientID GUID:C66EE0FD… also after registration"),
    ("A5", "S-1-5-8-… vs S-1-5-21-…"),
    ("A6", "ClientId ends …944bd8b / …944bd8; AccountId differs"),
    ("A7", "Registration step 4: STS server 'MP.MYCORP.COM' yet text says CMG forwards"),
    ("A8", '"close to expire"'),
    ("A9", "renewal needs old token?"),
    ("A10", "token expires mid-download"),
    ("A11", '"always prefers the certificate" vs note "certificate validation always runs … fallback"'),
    ("A12", "can registration finish without Entra?"),
    ("A13", '"doesn\'t continue"'),
    ("A14", "does the connection point validate tokens?"),
    ("A15", "does the connection point show a client certificate?"),
    ("A16", "everything over HTTPS"),
    ("A17", '/NoCRLCheck "alternative"'),
    ("A18", "user token with E-HTTP"),
    ("A19", "TokenType UDA"),
    ("A20", "user vs device tenant may differ?"),
    ("A21", "which signed-in user?"),
    ("A22", "SYSTEM cache entry after user fallback"),
    ("A23", '"verifies user token in site database" also for device tokens'),
    ("A24", "single success trace, no timings/retries"),
    ("A25", 'Entra token at registration is "new"'),
    ("A26", "registration request: CCM token or Entra token on the wire?"),
    ("A27", "Flags=…, Options=…"),
    ("A28", "content token 8 h vs 24 h"),
    ("A29", '401 for "30 days" vs 90-day site token'),
    ("A30", "approval 3 not in public enums"),
    ("A31", "MP offline allowed?"),
    ("A32", "Is AADAuthInfo an information leak?"),
    ("A33", "renewal fails while the old token still lives"),
    ("A34", '"WPJ certificate isn\'t found"'),
    ("A35", "CRL reachable or not"),
    ("A36", "HTTPS MP and anonymous registration"),
    ("A37", "Entra out at registration, no PKI certificate"),
    ("A38", "tenant of the user token against the device's tenant"),
    ("A39", "a 401 on a token that the client thinks alive"),
    ("A40", "registration names a GUID that another device owns"),
    ("A41", "is check-and-send atomic; is the token looked at again after a renewal?"),
    ("A42", "clock tolerance of the validators"),
    ("A43", "does STS itself refuse a blocked client?"),
)

STATEMENTS: dict[str, Statement] = {
    **{key: Statement(key, kind, text) for key, kind, text in _DOCUMENT},
    **{key: Statement(key, "question", text) for key, text in _QUESTIONS},
}
"""Every statement by its ID, in the document's order; the questions after."""
