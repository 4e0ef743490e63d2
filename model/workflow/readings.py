"""Parameters: readings of the document where it is silent or unclear (DOMAIN section 12), and what a scenario switches.

A parameter with a default is pinned to it and can be opened or changed with `--set`; one without is an unknown like any
other. Switches and capabilities are parameters too: off unless the scenario turns them on.
"""

from ccmproof.model.kernel.actor import parameter
from ccmproof.model.kernel.definition import Item

READINGS = [
    parameter("install_prefers", "certificate token", default="certificate", cites="I2.4 A11",
              doc="What ccmsetup prefers with a valid PKI certificate"),
    parameter("bootstrap_knows_site_option", "yes no", default="yes", cites="K2 I1.7",
              doc="Whether ccmsetup minds the site's CRL option before the settings are refreshed. The document calls "
                  "turning the option off a remedy, hence yes"),
    parameter("cp_validates", "yes no", default="yes", cites="X3 A14", doc="The connection point validates tokens"),
    parameter("cp_shows_certificate", "yes no", default="yes", cites="X4 A15",
              doc="The connection point shows its client certificate to the management point"),
    parameter("mp_demands_cp_cert", "always not_for_tokens", default="always", cites="X4 A15",
              doc="When an HTTPS management point demands the connection point's client certificate"),
    parameter("ehttp_takes_user_registration", "no yes", default="no", cites="R2.2 A18",
              doc="Enhanced HTTP takes a registration that a user's token proves"),
    parameter("https_mp_takes_anonymous", "no yes", default="no", cites="R3.2 A36",
              doc="An HTTPS management point takes a registration that nothing proves"),
    parameter("anonymous_fallback", "no yes", default="no", cites="R5 A37",
              doc="A client without token and certificate registers anonymously behind its install-time CCM token"),
    parameter("tenant_match", "onboarded strict", cites="I3.7 A38",
              doc="Whether the management point demands that a user token is of the device's tenant"),
    parameter("use_old_on_failed_renewal", "no yes", cites="T2 A33",
              doc="Where a renewal fails, a token that is still alive is used"),
    parameter("messaging_drops_on_401", "no yes", default="no", cites="T2 A39",
              doc="CcmMessaging drops a token that the site refuses"),
    parameter("ccmsetup_drops_on_401", "yes no", default="yes", cites="I4.2 A10 A39",
              doc="ccmsetup gets a new token when its download is refused"),
    parameter("registration_rebinds", "no yes", default="no", cites="R1.3 A40",
              doc="A registration may take over a ClientID that is another device's"),
    parameter("recheck_after_renewal", "no yes", default="no", cites="T2 A41",
              doc="A renewed token is looked at again before it is used"),
    parameter("sts_checks_block", "yes no", default="yes", cites="I3.4 A43",
              doc="CCM_STS itself refuses a blocked client"),
    parameter("cache_protection", "encrypted plain", default="encrypted", cites="I4.1",
              doc="How the token cache lies on the disk"),
]  # fmt: skip

SWITCHES = [
    parameter("users_come_and_go", "off on", default="off", cites="A21", doc="Users sign out and in again"),
    parameter("entra_disables", "off on", default="off", cites="A20", doc="Entra may disable the device or the user"),
    parameter("administrator_acts", "off on", default="off", cites="R3.2",
              doc="The administrator may approve, block, delete, renew the signing key"),
    parameter("faults_happen", "off on", default="off", cites="A24", doc="What may fail for a while, fails"),
    parameter("adversary", "absent present", default="absent", cites="X3",
              doc="Somebody who means ill, and a confused client"),
]  # fmt: skip

CAPABILITIES = [
    parameter("adversary_account", "none_there other_tenant", default="none_there", cites="A20",
              doc="An account, and tokens, in another tenant"),
    parameter("adversary_key", "none_there cmg_key", default="none_there", cites="X2",
              doc="The private key of the CMG's certificate"),
    parameter("adversary_reads", "nothing as_local_user as_system", default="nothing", cites="I4.1",
              doc="The client's disk"),
    parameter("cmg_compromised", "no yes", default="no", cites="X3", doc="The adversary has the gateway"),
]  # fmt: skip

PARAMETERS: list[Item] = [READINGS, SWITCHES, CAPABILITIES]
