"""What must hold while ccmsetup installs the client: order, fallback, the PKI preference, verified content."""

from ccmproof.model.kernel.actor import observer, recv
from ccmproof.model.workflow.entra import LET_GO, OBTAINS_ENTRA, SENT_WITH_ENTRA

from .property import WORKING_CLIENT, Property, Severity

CONCERN = "Installation"

DEVICE_TOKEN_FAILED = observer(
    "device_token_failed",
    states="not_yet yes",
    rows=[
        recv("entra_refuses_device_token", "*", "yes"),
        recv("windows_lacks_device_token_api", "*", "yes"),
        recv("entra_does_not_answer", "*", "yes", "entra_request is asking_device"),
        *(recv(event, "*", "not_yet") for event in (*SENT_WITH_ENTRA, *LET_GO, "entra_issues_device_token")),
    ],
    doc="Whether, in the acquisition that is under way, a request for a device token has failed.",
)

ENTRA_TOKEN_IN_ATTEMPT = observer(
    "entra_token_in_attempt",
    states="none_got got",
    rows=[
        *(recv(event, "*", "got", "ccmsetup is getting_entra_token") for event in OBTAINS_ENTRA),
        recv("ccmsetup_tries_again", "*", "none_got"),
    ],
    doc="Whether ccmsetup has obtained an Entra token in its present attempt.",
)

CONTENT_IS_JUDGED = observer(
    "content_is_judged",
    states="no yes",
    rows=[
        *(recv(event, "no", "yes") for event in ("ccmsetup_verifies_content", "ccmsetup_rejects_content")),
        recv("mp_gives_content_locations", "yes", "no"),
    ],
    doc="Whether the hash of the content was looked at, and no content token was given since.",
)
CONTENT_TOKEN_GIVEN = observer(
    "content_token_given",
    states="no yes",
    rows=[recv("mp_gives_content_locations", "no", "yes", "request.sender is client")],
    doc="Whether the site has ever given the client content locations, and with them a content token.",
)
INSTALL_PROGRESS = observer(
    "install_progress",
    states="nothing files_seen locations_had content_had content_checked",
    rows=[
        recv("cmg_returns_reply", "*", "files_seen", "ccmsetup is waiting_for_files and reply.status is ok"),
        recv(
            "cmg_returns_reply", "files_seen", "locations_had", "ccmsetup is waiting_for_content and reply.status is ok"
        ),
        recv(
            "cmg_returns_reply",
            "locations_had",
            "content_had",
            "ccmsetup is waiting_for_download and reply.status is ok",
        ),
        recv("cloud_serves_content", "locations_had", "content_had"),
        recv("ccmsetup_verifies_content", "content_had", "content_checked", "content_hash is good"),
        recv("ccmsetup_tries_again", "*", "nothing"),
    ],
    doc="How far ccmsetup has come in its present attempt: each stage only after the one before it.",
)

PROPERTIES = (
    Property(
        "S-04", CONCERN, "The CMG gives the Entra properties only for a tenant that is onboarded and enabled",
        "I1.3 S-04", on=("cmg_gives_entra_properties",),
        then="request.tenant is own and tenant is onboarded or request.tenant is other and other_tenant_onboarded"
        " is yes",
        attempt="cmg is holding and request.endpoint is aad_info",
    ),
    Property(
        "S-31", CONCERN, "The request for the Entra properties goes to ServerAuth without a token (CcmTokenAuth=0)",
        "I1.2 I1.4", when="request.sender is client and request.endpoint is aad_info",
        then="request.path is server_auth and request.token_auth is no and request.kind is none",
        attempt="cmg is holding and request.sender is client and request.endpoint is aad_info",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-32", CONCERN, "No Entra token is asked for before the client ID and the resource are known",
        "I2.0", on=("ask_for_device_token", "ask_for_user_token"),
        then="properties_given is yes or entra_properties is known", attempt="entra_token_is_wanted",
    ),
    Property(
        "S-05", CONCERN, "SYSTEM asks for a user's token only after the request for a device token has failed",
        "I2.1 I2.2 R2.2 S-05", on=("ask_for_user_token", "wam_serves_cached_user_token"), when="not for_the_user",
        then="device_token_failed is yes", observers=(DEVICE_TOKEN_FAILED,),
    ),
    Property(
        "S-06", CONCERN, "Without the WPJ certificate and its key: no Entra token, and no request to CCM_STS",
        "D2 D3 K3 S-06", when="wpj is not ok",
        then="wam.device.life is none and wam.user.life is none and not (request.sender is client"
        " and request.endpoint is sts)",
        severity=Severity.CRITICAL,
    ),
    Property(
        "S-07", CONCERN, "client.msi is started on the Entra path only if this attempt obtained an Entra token",
        "I2.3 S-07", on=("ccmsetup_starts_client_msi",), when="install_mode is entra",
        then="entra_token_in_attempt is got", attempt="install_mode is entra", observers=(ENTRA_TOKEN_IN_ATTEMPT,),
    ),
    Property(
        "S-08", CONCERN, "With a valid PKI certificate ccmsetup uses no Entra step",
        "I2.4 A11 S-08", when="pki is valid",
        then="install_mode is not entra and ccmsetup not"
        " in {asking_aad_info, waiting_for_aad_info, getting_entra_token,"
        " sending_sts, waiting_for_sts, holding_ccm_token}",
        decided_by="install_prefers is certificate",
    ),
    Property(
        "L-03", CONCERN, "With no device token to be had, no user and no certificate: no CCM token and no registration",
        "I2.3 D3 L-03",
        when="user_kind is nobody and pki is not valid"
        " and (wpj is not ok or os is old or device_app is not_enabled)",
        then="cache.system.life is none and cache.user.life is none and registration is not_started",
        severity=Severity.CRITICAL,
    ),
    Property(
        "S-09", CONCERN, "client.msi is started only after cab and content locations were had and the hash was good",
        "I4.2 I4.3 S-09", on=("ccmsetup_starts_client_msi",), then="install_progress is content_checked",
        observers=(INSTALL_PROGRESS,), severity=Severity.CRITICAL,
    ),
    Property(
        "S-09h", CONCERN, "Content whose hash is bad is never installed",
        "I4.3 S-09", when="content_hash is bad", then="ccmsetup not in {verified, installing, installed}",
        severity=Severity.CRITICAL,
    ),
    Property(
        "N-17", CONCERN, "The cloud serves content only while the content token is alive",
        "I4.4 A28 N-17", on=("cloud_serves_content",), then="content_token.life is live",
        attempt="cloud_store is asked", severity=Severity.CRITICAL,
    ),
    Property(
        "S-63g", CONCERN, "The client has a content token only once the site has given it one",
        "I4.2c I4.4 A28", when="content_token.life is not none", then="content_token_given is yes",
        observers=(CONTENT_TOKEN_GIVEN,), severity=Severity.MEDIUM,
        asked_in=("document", "any-environment", "readings", "ageing", "later", "faults"),
    ),
    Property(
        "S-63j", CONCERN, "Once ccmsetup has looked at the content's hash it keeps no content token, good or bad",
        "I4.3 I4.4 A28", when="content_is_judged is yes", then="content_token.life is none",
        observers=(CONTENT_IS_JUDGED,), severity=Severity.MEDIUM,
    ),
    Property(
        "S-11", CONCERN, "Registration begins only once client.msi has finished",
        "R1.1 S-11", when="ccmsetup is not installed", then="registration is not_started",
    ),
    Property(
        "R-01", CONCERN, "The client can be installed with a device token and content from the cloud",
        "I2.1 I4.4", possible=True, asked_in=WORKING_CLIENT, on=("ccmsetup_starts_client_msi",),
        then="install_mode is entra and cache.system.owner is device and content_in_cloud is yes",
    ),
    Property(
        "R-02", CONCERN, "The client can be installed with a user's token, cached for SYSTEM",
        "I2.2 I2.5", possible=True, asked_in=WORKING_CLIENT, on=("ccmsetup_starts_client_msi",),
        then="install_mode is entra and cache.system.owner is user",
    ),
    Property(
        "R-03", CONCERN, "The content can come from the management point through the CMG",
        "I4.5", possible=True, asked_in=WORKING_CLIENT, on=("ccmsetup_starts_client_msi",),
        then="content_in_cloud is no",
    ),
    Property(
        "R-04", CONCERN, "The client can be installed as a PKI client",
        "I2.4", possible=True, asked_in=WORKING_CLIENT, on=("ccmsetup_starts_client_msi",), then="install_mode is pki",
    ),
)  # fmt: skip
