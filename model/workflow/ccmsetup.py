"""ccmsetup: installs the client from the internet through the CMG (document, Client installation, 1 to 4).

With a valid PKI certificate it goes that way at once and uses no Entra step (I2.4). Else it needs the Entra
properties, from its command line or from the CMG (I1.1, I1.2), an Entra token (I2), a CCM token from CCM_STS (I3),
which it caches for SYSTEM (I4.1) and appends to every request from there on: site information, ccmsetup.cab, content
locations, and the content itself where it is not in the cloud (I4.2 to I4.5). Only content whose hash is good is
installed.

What fails ends the attempt, not ccmsetup: it tries again later (A13), until it gives up (/downloadtimeout). That time
is not counted here: any failed attempt may be the last.
"""

from ccmproof.model.kernel.actor import Effect, actor, clear, put, recv, send, take
from ccmproof.model.kernel.definition import Item, Predicate

from .hosts import CLIENT, CLOUD
from .transport import TLS_FAILURES

PREDICATES = [
    Predicate("device_has_tenant", "join in {entra, hybrid}", "I1.2 D1", "Only a joined device can name its tenant"),
    Predicate("ccmsetup_takes_certificate", "pki is valid and install_prefers is certificate", "I2.4 A11"),
    Predicate(
        "ccmsetup_may_call",
        "install_mode is pki or cache.system.life is live",
        "I3.0 I4.2",
        "It is a PKI client, or SYSTEM's CCM token is alive by the client's clock",
    ),
    Predicate("ccmsetup_token_is_dead", "install_mode is entra and cache.system.life is not live", "I4.2"),
    Predicate("reply_is_good", "reply.status is ok", "I4.2"),
]  # fmt: skip

ENTRA_PROPERTIES = actor(
    "entra_properties",
    host=CLIENT,
    states="not_known known",
    rows=[
        recv(
            "cmg_returns_reply",
            "not_known",
            "known",
            "ccmsetup is waiting_for_aad_info and reply_is_good",
            cites="I1.2",
        ),
    ],
    ignores="cmg_returns_reply",
    doc="AADCLIENTAPPID and AADRESOURCEURI as the CMG has given them.",
)

INSTALL_MODE = actor(
    "install_mode",
    host=CLIENT,
    states="undecided entra pki",
    rows=[
        recv("ccmsetup_takes_pki_certificate", "*", "pki", cites="I2.4"),
        recv("ccmsetup_uses_certificate_instead", "*", "pki", cites="I2.4 A11"),
        recv("ccmsetup_asks_the_cmg", "*", "entra", cites="I1.2"),
        recv("ccmsetup_has_entra_properties", "*", "entra", cites="I1.1"),
    ],
    doc="Whether the client is being installed as a PKI client or with Entra authentication.",
)


def call(endpoint: str) -> list[tuple[Effect, ...]]:
    """A request of ccmsetup's own: with SYSTEM's CCM token on ServerAuth, or with the certificate on MutualAuth."""
    entra, pki = "install_mode is entra", "install_mode is pki"
    return [
        put("request", sender="client", claims="client", endpoint=endpoint, via="gateway", signed="no"),
        put("request", account="system", path="server_auth", token_auth="yes", when=entra),
        take("request", "cache.system", when=entra),
        put("request", account="system", path="mutual_auth", token_auth="no", kind="certificate", when=pki),
    ]


WAITING = {
    "waiting_for_aad_info": ("getting_entra_token", "I1.2"),
    "waiting_for_site": ("checking_files", "I4.2"),
    "waiting_for_files": ("asking_content", "I4.2b"),
}
"""Where a good reply leads, for the requests whose reply is nothing but good, and what that rests on."""

TO_SEND = "asking_aad_info sending_sts locating checking_files asking_content downloading_from_mp"
ALL_WAITING = (*WAITING, "waiting_for_sts", "waiting_for_content", "waiting_for_download")

CCMSETUP = actor(
    "ccmsetup",
    host=CLIENT,
    states="started asking_aad_info waiting_for_aad_info getting_entra_token sending_sts waiting_for_sts"
    " holding_ccm_token locating waiting_for_site checking_files waiting_for_files asking_content"
    " waiting_for_content choosing_source downloading_from_cloud downloading_from_mp"
    " waiting_for_download downloaded verified installing installed attempt_failed gave_up",
    rows=[
        send("ccmsetup_takes_pki_certificate", "started", "locating", "ccmsetup_takes_certificate", cites="I2.4"),
        send("ccmsetup_finds_no_tenant", "started", "attempt_failed",
             "not ccmsetup_takes_certificate and not entra_app_is_known and not device_has_tenant",
             cites="I1.2 D1 K3", status="not joined"),
        send("ccmsetup_asks_the_cmg", "started", "asking_aad_info",
             "not ccmsetup_takes_certificate and not entra_app_is_known and device_has_tenant", cites="I1.1 I1.2"),
        send("ccmsetup_has_entra_properties", "started", "getting_entra_token",
             "not ccmsetup_takes_certificate and entra_app_is_known", cites="I1.1 I2.0"),
        send("ccmsetup_sends_aad_info_request", "asking_aad_info", "waiting_for_aad_info", "connection is open",
             put("request", sender="client", claims="client", endpoint="aad_info", path="server_auth", token_auth="no",
                 via="gateway", tenant="own", signed="no"), cites="I1.2 I1.4"),
        send("ccmsetup_takes_entra_token", "getting_entra_token", "sending_sts", "entra_token_got", cites="I2.1 I2.2"),
        send("ccmsetup_uses_certificate_instead", "getting_entra_token", "locating",
             "entra_request is denied and pki is valid", cites="I2.4 A11"),
        send("ccmsetup_attempt_fails", "getting_entra_token", "attempt_failed",
             "entra_request is denied and pki is not valid", cites="I2.3 D3", status="0x87D00455"),
        send("ccmsetup_sends_sts_request", "sending_sts", "waiting_for_sts", "connection is open",
             put("request", sender="client", claims="client", account="system", endpoint="sts", path="server_auth",
                 token_auth="no", via="gateway", signed="no"),
             take("request", "wam.device", when="entra_request is got_device"),
             take("request", "wam.user", when="entra_request is got_user"), cites="I3.0 I3.1 I3.5"),
        send("ccmsetup_caches_ccm_token", "holding_ccm_token", "locating", "",
             take("cache.system", "reply"), clear("reply"), cites="I4.1 I2.5"),
        send("ccmsetup_sends_location_request", "locating", "waiting_for_site",
             "connection is open and ccmsetup_may_call", *call("location"), cites="I4.2 I3.0"),
        send("ccmsetup_checks_client_files", "checking_files", "waiting_for_files",
             "connection is open and ccmsetup_may_call", *call("client_files"), cites="I4.2b I3.0"),
        send("ccmsetup_sends_content_location_request", "asking_content", "waiting_for_content",
             "connection is open and ccmsetup_may_call", *call("content_location"), cites="I4.2c I3.0"),
        send("ccmsetup_sends_download_request", "downloading_from_mp", "waiting_for_download",
             "connection is open and ccmsetup_may_call", *call("download"), cites="I4.5 I3.0"),
        send("ccmsetup_finds_token_dead", "locating checking_files asking_content downloading_from_mp",
             "getting_entra_token", "connection is open and ccmsetup_token_is_dead", cites="I4.2 T2 A10"),
        send("ccmsetup_downloads_from_cloud", "choosing_source", "downloading_from_cloud", "content_in_cloud is yes",
             cites="I4.4"),
        send("ccmsetup_downloads_from_mp", "choosing_source", "downloading_from_mp", "content_in_cloud is no",
             cites="I4.5"),
        recv("cloud_serves_content", "downloading_from_cloud", "downloaded", cites="I4.4"),
        recv("cloud_refuses_content_token", "downloading_from_cloud", "asking_content", cites="I4.4 A28"),
        recv("cloud_fails", "downloading_from_cloud", "downloading_from_mp", cites="I4.5"),
        send("ccmsetup_verifies_content", "downloaded", "verified", "content_hash is good", clear("content_token"),
             cites="I4.3"),
        send("ccmsetup_rejects_content", "downloaded", "attempt_failed", "content_hash is bad", clear("content_token"),
             cites="I4.3", status="return code 10"),
        send("ccmsetup_starts_client_msi", "verified", "installing", "", cites="I4.3"),
        send("client_msi_finishes", "installing", "installed", "", cites="I4.3 R1.1"),
        send("ccmsetup_tries_again", "attempt_failed", "started", "", cites="I1.3 I2.3 A13"),
        send("ccmsetup_gives_up", "attempt_failed", "gave_up", "", cites="I2.3 A13"),
        *(recv("cmg_returns_reply", state, then, "reply_is_good", cites=cites)
          for state, (then, cites) in WAITING.items()),
        recv("cmg_returns_reply", "waiting_for_sts", "holding_ccm_token", "reply_is_good", cites="I3.4"),
        recv("cmg_returns_reply", "waiting_for_content", "choosing_source", "reply_is_good", cites="I4.2c"),
        recv("cmg_returns_reply", "waiting_for_download", "downloaded", "reply_is_good", cites="I4.5"),
        recv("cmg_returns_reply", "waiting_for_download", "getting_entra_token",
             "reply.status is 401 and install_mode is entra and ccmsetup_drops_on_401 is yes", cites="A10 A39"),
        recv("cmg_returns_reply", "waiting_for_download", "attempt_failed",
             "not reply_is_good and not (reply.status is 401 and install_mode is entra and ccmsetup_drops_on_401"
             " is yes)",
             cites="A13"),
        recv("cmg_returns_reply", (*WAITING, "waiting_for_sts", "waiting_for_content"), "attempt_failed",
             "not reply_is_good", cites="I1.3 I2.3 A13"),
        recv("reply_is_lost", ALL_WAITING, "attempt_failed", cites="A24"),
        *(recv(failure, TO_SEND, "attempt_failed", cites="I1.5 I1.7 K1 K2") for failure in TLS_FAILURES),
    ],
    waits="getting_entra_token asking_aad_info sending_sts locating checking_files asking_content downloading_from_mp",
    ignores=("cmg_returns_reply", "reply_is_lost", *TLS_FAILURES, "cloud_serves_content", "cloud_refuses_content_token",
             "cloud_fails"),
    doc="The installer.",
)  # fmt: skip

CLOUD_STORE = actor(
    "cloud_store",
    host=CLOUD,
    states="idle asked",
    rows=[
        recv("ccmsetup_downloads_from_cloud", "idle", "asked", cites="I4.4"),
        send("cloud_serves_content", "asked", "idle", "content_token.life is live", cites="I4.4"),
        send(
            "cloud_refuses_content_token",
            "asked",
            "idle",
            "content_token.life is not live",
            cites="I4.4 A28",
            status="403",
        ),
        send("cloud_fails", "asked", "idle", "faults_happen is on", cites="I4.5", status="no answer"),
    ],
    holds_up="ccmsetup_downloads_from_cloud",
    doc="The content-enabled CMG's storage. It looks at the content token and at nothing else.",
)

CCMSETUP_PARTS: list[Item] = [PREDICATES, ENTRA_PROPERTIES, INSTALL_MODE, CCMSETUP, CLOUD_STORE]
