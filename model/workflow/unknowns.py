"""The unknowns: what a device, a tenant and a site may be like. Each takes any of its values, and never moves.

All of them together are the environments. Names follow DOMAIN sections 12 to 14. What may change during a run (a user
signs in, a revocation list goes offline) is an ordinary actor elsewhere.
"""

from ccmproof.model.kernel.actor import unknown
from ccmproof.model.kernel.definition import Assumption, Item

from .hosts import CLIENT, CLOUD, CMG, CP, DATABASE, ENTRA, ENVIRONMENT, HANDS, MP, SITE, USER

DEVICE = [
    unknown("join", "entra hybrid registered not_joined", host=CLIENT, cites="D1 A34", doc="How the device is joined"),
    unknown("wpj", "ok absent unusable", host=CLIENT, cites="D1 D2 A34 K3", doc="The WPJ certificate and its key"),
    unknown("os", "ok old", host=CLIENT, cites="I2.1", doc="Windows 1803 or later has the API for device tokens"),
    unknown("pki", "none_there valid expired untrusted", host=CLIENT, cites="I2.4", doc="A PKI client certificate"),
    unknown("root", "present missing", host=CLIENT, cites="I1.5 I1.6 K1 X2", doc="The CMG's PKI root in the store"),
    unknown("nocrlcheck", "no yes", host=CLIENT, cites="I1.7 K2 A17", doc="/NoCRLCheck on ccmsetup's command line"),
    unknown("properties_given", "no yes", host=CLIENT, cites="I1.1", doc="AADCLIENTAPPID, AADRESOURCEURI are given"),
    unknown("state_persists", "yes no", host=CLIENT, cites="R3.3", doc="The client can store that it is registered"),
    unknown(
        "direct", "no yes", host=CLIENT, seen_by=HANDS, cites="A7", doc="A path to the management point beside the CMG"
    ),
]

TENANT = [
    unknown(
        "tenant", "onboarded not_onboarded disabled", host=ENTRA, seen_by=SITE, cites="I1.3 A20", doc="The device's"
    ),
    unknown(
        "other_tenant_onboarded", "no yes", host=ENTRA, seen_by=SITE, cites="A20", doc="Another tenant of the site"
    ),
    unknown("device_app", "enabled not_enabled", host=ENTRA, cites="I2.1 I2.2", doc="Server app takes device tokens"),
    unknown("conditional_access", "excluded blocks", host=ENTRA, cites="I2.2", doc="Policies exclude the server app"),
    unknown(
        "user_kind",
        "same_tenant other_tenant nobody",
        host=USER,
        seen_by=(CLIENT, ENTRA),
        cites="I2.2 I2.5 A20 A21",
        doc="Whose account signs in on the device",
    ),
    unknown("user_discovered", "yes no", host=DATABASE, seen_by=(MP,), cites="I3.4 A23", doc="The site knows the user"),
]

GATEWAY = [
    unknown("cmg_certificate", "public pki", host=CMG, seen_by=(CLIENT,), cites="I1.5 I1.6 X2", doc="Who issued it"),
    unknown("cmg_name", "match mismatch", host=CMG, seen_by=(CLIENT,), cites="I1.5", doc="Its name is the service's"),
    unknown(
        "cmg_date", "ok expired", host=CMG, seen_by=(CLIENT,), cites="I1.5", doc="The certificate is within its dates"
    ),
    unknown("cmg_revoked", "no yes", host=CMG, seen_by=(CLIENT,), cites="I1.7 A35", doc="It stands in the CRL in hand"),
    unknown(
        "crl",
        "fresh stale unreachable",
        host=ENVIRONMENT,
        seen_by=(CLIENT,),
        cites="I1.7 K2 A35",
        doc="The revocation list in the client's hand",
    ),
    unknown(
        "site_option", "on off", host=DATABASE, seen_by=(CLIENT,), cites="I1.7 K2 A17", doc="Clients check the CRL"
    ),
]

SITE_SYSTEMS = [
    unknown("mp_mode", "https ehttp http", host=MP, seen_by=SITE, cites="X1 X4 A16", doc="HTTPS, enhanced HTTP, HTTP"),
    unknown("mp_binding", "ok wrong", host=MP, seen_by=(CP,), cites="X4", doc="The certificate on the MP's port 443"),
    unknown("mp_internet", "old yes no", host=MP, cites="A31", doc="From 2603 on the MP needs Entra's metadata"),
    unknown("sts_healthy", "yes no", host=MP, cites="I3.4", doc="CCM_STS runs (no assembly mismatch)"),
    unknown("site_database", "up down", host=DATABASE, seen_by=(MP,), cites="I3.4", doc="The database answers"),
    unknown(
        "approval", "trusted manual all", host=DATABASE, seen_by=(MP,), cites="R3.2 A30", doc="Who is approved unasked"
    ),
    unknown("altauth", "no yes", host=MP, cites="A12", doc="The AltAuth directories of an HTTPS management point"),
    unknown("cp_certificate", "valid absent", host=CP, cites="X4 A15", doc="The connection point's client certificate"),
    unknown("cp_certificate_crl", "reachable unreachable", host=CP, cites="X4", doc="Its CRL, for the MP's IIS"),
    unknown("cp_count", "1 2", host=CP, seen_by=(CMG,), cites="I3.2", doc="Connection points of the CMG"),
    unknown(
        "content_in_cloud",
        "yes no",
        host=CLOUD,
        seen_by=(MP, CLIENT),
        cites="I4.4 I4.5",
        doc="The client's content is in the cloud store",
    ),
    unknown(
        "content_hash", "good bad", host=CLOUD, seen_by=(CLIENT,), cites="I4.3", doc="The content is what was meant"
    ),
]

ASSUMED = [
    Assumption(
        "wpj is absent or join in {entra, hybrid}",
        "a device that is not joined has no WPJ key",
        "D1",
    ),
    Assumption(
        "user_kind is nobody or join in {entra, hybrid}",
        "an Entra user signs in only on a joined device",
        "I2.2",
    ),
    Assumption(
        "cp_certificate is valid or cp_certificate_crl is reachable",
        "there is no revocation list of a certificate that is not there",
        "X4",
    ),
]

UNKNOWNS: list[Item] = [DEVICE, TENANT, GATEWAY, SITE_SYSTEMS, ASSUMED]
