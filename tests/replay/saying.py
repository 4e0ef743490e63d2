"""What the components of a client and a site write while the model makes a run: the opposite of following.

The wording is the document's and that of public posts, written down here apart from the table of patterns, so that a
test of the one is a test of the other. Only what the run does is said; the forms that files have are
:mod:`replay.printing`'s.

One room although it is long: it is a table, with what is written at each event.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from replay.printing import Said

State = Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """Identifiers of one device and its site; all invented."""

    cmg: str = "GW.EXAMPLE.NET"
    role: str = "72057594037927941"
    mp: str = "MP01.CORP.EXAMPLE"
    tenant: str = "3f0c6d3a-52b1-4d4e-8f0b-6a9f1c2e7d10"
    app: str = "5a1f9c52-3a1f-4f0e-9f8a-2d6b7c8e9f10"
    device: str = "8d2b4ff9-1111-4998-9851-b5324303385f"
    user: str = "e8838041-2222-42d5-b9ae-78813910e4cc"
    sid: str = "S-1-5-21-1111111111-2222222222-3333333333-1604"
    client: str = "GUID:0A1B2C3D-08E7-4B38-B282-7E6954B71139"
    site: str = "XYZ"
    zone: int = 0
    """Minutes that the client's clock is ahead of UTC: it writes expiries in its own time."""

    @property
    def mutual(self) -> str:
        return f"{self.cmg}/CCM_Proxy_MutualAuth/{self.role}"

    @property
    def server(self) -> str:
        return f"/CCM_Proxy_ServerAuth/{self.role}"


@dataclass
class Telling:
    """Tells a run, step by step.

    Attributes:
        seed: of the seconds that pass between two lines.
        old: the product is older than 2107: Entra tokens are in ADALOperationProvider.log.
    """

    names: Names = field(default_factory=Names)
    start: datetime = datetime(2024, 3, 18, 8, 0, tzinfo=UTC)
    seed: int = 0
    old: bool = False

    def __post_init__(self) -> None:
        self.now, self._chance, self._refused, self._attempt = self.start, random.Random(self.seed), "", 0

    def step(self, event: str, before: State, after: State) -> list[Said]:
        """What is written of one event."""
        if event == "tick":
            self.now += timedelta(hours=1)
            return []
        if event in REFUSED:
            self._refused = REFUSED[event]
        lines = LINES.get(event)
        return [self._said(log, text) for log, text in (lines(self, before, after) if lines else ())]

    def _said(self, log: str, text: str) -> Said:
        self.now += timedelta(milliseconds=self._chance.randint(5, 900))
        bad = "ailed" in text or "ERROR" in text
        return Said(log, text, self.now, 4312, 3 if bad else 1)

    # -- parts of lines

    def expiry(self) -> str:
        return f"{self.now + timedelta(hours=8, minutes=self.names.zone):%m/%d/%Y %H:%M:%S}"

    def aad(self, state: State) -> str:
        """The log in which whoever asks for an Entra token writes."""
        if state["ccmsetup"] == "getting_entra_token":
            return "ccmsetup"
        return "ADALOperationProvider" if self.old else "CcmAad"

    def asking(self, kind: str) -> str:
        account = "https://login.microsoftonline.com/common/oauth2/token" if kind == "device" else self.names.user
        return (
            f"Getting AAD ({kind}) token with: ClientId = {self.names.app}, ResourceUrl = https://ConfigMgrService,"
            f" AccountId = {account}"
        )

    def calling(self, state: State) -> tuple[str, str]:
        """The log in which the component writes that has something to send, and the address that it calls."""
        n = self.names
        to = CALLS.get(state["ccmsetup"])
        if to is not None:
            path = f"/CCM_Proxy_ServerAuth/AADAuthInfo?TenantID={n.tenant}" if to == "aad" else f"{n.server}/{to}"
            return "ccmsetup", path
        path = (
            f"{n.server}/CCM_STS" if state["messaging"] == "sending_sts" else f"{n.server}/ccm_system_tokenauth/request"
        )
        due = state["messaging"] == "sending_sts" and state["new_token"] == "due"
        return "ClientIDManagerStartup" if due else "CcmMessaging", path

    def failed(self, state: State) -> Iterator[tuple[str, str]]:
        """What a component writes whose call was answered by an error."""
        log, path = self.calling({**state, **{name: SENT.get(value, value) for name, value in state.items()}})
        url = f"https://{self.names.cmg}{path}"
        yield log, f"[CCMHTTP] ERROR: URL={url}, Port=443, Options=224, Code=0, Text=CCM_E_BAD_HTTP_STATUS_CODE"
        yield log, f"[CCMHTTP] ERROR INFO: StatusCode={self._refused[:3]} StatusText={self._refused[4:]}"
        if path.endswith("CCM_STS"):
            yield log, "RetrieveTokenFromStsServerImpl failed with error 0x87d0027e"


Lines = Callable[[Telling, State, State], Iterator[tuple[str, str]]]
CALLS = {
    "asking_aad_info": "aad",
    "sending_sts": "CCM_STS",
    "locating": "ccm_system_tokenauth/request",
    "checking_files": "CCM_Client/ccmsetup.cab",
    "asking_content": "ccm_system_tokenauth/request",
    "downloading_from_mp": "CCM_Client/client.msi",
}
"""What ccmsetup calls, by its state."""
SENT = {
    "waiting_for_aad_info": "asking_aad_info",
    "waiting_for_sts": "sending_sts",
    "waiting_for_site": "locating",
    "waiting_for_files": "checking_files",
    "waiting_for_content": "asking_content",
    "waiting_for_download": "downloading_from_mp",
}
"""In which state the component was that now waits."""
REFUSED = {
    "cmg_withholds_entra_properties": "404 Not Found",
    "cmg_refuses_credential": "401 CMGService_Invalid_Token",
    "cmg_has_no_way_on": "503 CMGService_Service_Unavailable",
    "cp_refuses_credential": "401 CMGConnector_Unauthorized",
    "mp_wants_client_certificate": "403 CMGConnector_Clientcertificaterequired",
    "mp_wants_client_certificate_for_second": "403 CMGConnector_Clientcertificaterequired",
    "mp_binding_is_wrong": "403 CMGConnector_Forbidden",
    "mp_binding_is_wrong_for_second": "403 CMGConnector_Forbidden",
    "sts_crashes": "500 CMGConnector_InternalServerError",
    "sts_cannot_reach_entra": "500 CMGConnector_InternalServerError",
    "sts_finds_database_down": "500 CMGConnector_InternalServerError",
    "mp_has_no_database": "500 CMGConnector_InternalServerError",
    "mp_registration_has_no_database": "500 CMGConnector_InternalServerError",
    "sts_refuses_entra_token": "401 CMGConnector_Unauthorized",
    "sts_does_not_know_user": "401 CMGConnector_Unauthorized",
    "sts_refuses_blocked_client": "401 CMGConnector_Unauthorized",
    "mp_refuses_call": "401 CMGConnector_Unauthorized",
    "mp_rejects_registration": "401 CMGConnector_Unauthorized",
    "mp_rejects_blocked_client": "401 CMGConnector_Unauthorized",
}
"""The status with which a refusal comes back to the client."""


def _asks_the_cmg(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", f"Getting AAD info from CMG '{t.names.cmg}'"


def _connects(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    log, path = t.calling(before)
    bears = "0" if "AADAuthInfo" in path or path.endswith("CCM_STS") else "1"
    agent = "ccmsetup" if log == "ccmsetup" else "ccmhttp"
    if log != "ClientIDManagerStartup" and before["registration"] != "sending":
        yield (
            log,
            (
                f"{agent}: Host={t.names.cmg}, Path={path}, Port=443, Protocol=https, CcmTokenAuth={bears},"
                " Flags=0x4100, Options=0xe0"
            ),
        )
        yield log, "Created connection on port 443"


def _checks_revocation(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    log, _ = t.calling(before)
    if log != "ClientIDManagerStartup" and before["registration"] != "sending":
        yield log, "Enabled SSL revocation check."


def _tls(flag: str) -> Lines:
    def lines(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
        log, path = t.calling(before)
        yield log, "[CCMHTTP] AsyncCallback(): WINHTTP_CALLBACK_STATUS_SECURE_FAILURE Encountered"
        yield log, f"[CCMHTTP]            : WINHTTP_CALLBACK_STATUS_FLAG_{flag} is set"
        yield (
            log,
            (
                f"[CCMHTTP] ERROR: URL=https://{t.names.cmg}{path}, Port=443, Options=63, Code=12175,"
                " Text=ERROR_WINHTTP_SECURE_FAILURE"
            ),
        )

    return lines


def _asks_device(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield t.aad(before), t.asking("device")


def _cached_device(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield from _asks_device(t, before, after)
    yield from _got_device(t, before, after)


def _got_device(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield t.aad(before), f"Retrieved AAD token for AAD device '{t.names.device}'"


def _no_token(status: str, details: str, who: str, code: str, *, asked: bool = False) -> Lines:
    def lines(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
        log, sid = t.aad(before), "S-1-5-18" if who == "device" else t.names.sid
        if asked:
            yield log, t.asking("device")
        if status:
            yield log, f"WAM token request failed. Status {status}, Details '{details}'"
        yield log, "Failed to get AAD token.."
        yield log, f"Failed to get AAD token for '{sid}' from WAM API. Error {code}"

    return lines


def _old_windows(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield from _asks_device(t, before, after)
    yield t.aad(before), "IWebAuthenticationCoreManagerStatics4 not available. Falling back to user token."


def _no_key(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    if before["wpj"] == "unusable":
        yield from _no_token("5", "Keyset does not exist", "device", "0x80090016", asked=True)(t, before, after)


def _asks_user(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    if before["entra_request"] == "device_failed":
        yield t.aad(before), f"Falling back to get user '{t.names.sid}' token for system..."
    yield t.aad(before), t.asking("user")


def _got_user(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield t.aad(before), f"Retrieved AAD token for AAD user '{t.names.user}'"


def _cached_user(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield from _asks_user(t, before, after)
    yield from _got_user(t, before, after)


def _silence(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    who = "device" if before["entra_request"] == "asking_device" else "user"
    yield from _no_token("5", "", who, "0xcaa82ee2")(t, before, after)


def _to_sts(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", f"Getting CCM Token from STS server '{t.names.mutual}'"
    yield "ccmsetup", f"Getting CCM Token from https://{t.names.mutual}/CCM_STS"


def _caches(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", f"Cached encrypted token for 'S-1-5-18'. Will expire at '{t.expiry()}'"


def _attempt_fails(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield (
        "ccmsetup",
        ("Failed to get CCM access token and client doesn't have PKI issued cert to use SSL. Error 0x80070002"),
    )
    yield "ccmsetup", "CcmSetup failed with error code 0x87d00455"


def _locates(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", f"Sending location request to '{t.names.mutual}' with payload '<SiteInformationRequest/>'"
    if before["install_mode"] == "entra":
        yield "ccmsetup", "Appending CCM Token to the header."


def _looks_for_files(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", f"Checking the URL 'https://{t.names.mutual}/CCM_Client/ccmsetup.cab'"


def _asks_content(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", 'Sending message body \'<ContentLocationRequest SchemaVersion="1.00" BGRVersion="1"/>\''


def _reply(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    n, good = t.names, before["reply.status"] == "ok"
    if not good and "waiting" in before["ccmsetup"] + before["messaging"]:
        yield from t.failed(before)
    elif before["ccmsetup"] == "waiting_for_site":
        yield "ccmsetup", "Received message '<SiteInfoReply SchemaVersion=\"1.00\"><SiteInfo/></SiteInfoReply>'"
    elif before["ccmsetup"] == "waiting_for_files":
        yield "ccmsetup", f"Found a valid online MP 'https://{n.mutual}'"
    elif before["ccmsetup"] == "waiting_for_content":
        yield "ccmsetup", f"The location 'https://{n.cmg}/downloadrestservice.svc/getcontentxmlsecure?pid=XYZ00001'"
    elif before["registration"] == "waiting" and before["reply.outcome"] == "pending":
        yield (
            "ClientIDManagerStartup",
            (f"[RegTask] - Client registration is pending. Server assigned ClientID is {n.client}"),
        )
    elif before["registration"] == "waiting" and before["reply.outcome"] == "rejected":
        yield "ClientIDManagerStartup", "[RegTask] - Server rejected registration 3"
    elif before["messaging"] == "waiting_for_reply" and good:
        yield (
            "CcmMessaging",
            (
                "Message '{AD03DEED-D09A-4E63-ADAD-596376FFB0DA}' got reply message"
                " '{46EE3A78-8F6E-425F-BF5C-8460E8E56C33}' to endpoint 'dummy'"
            ),
        )


def _verified(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield (
        "ccmsetup",
        "Installing version 5.00.9122.1000 of the client with product code {1E6F2780-FF66-4BAA-B0FB-E4A154A6A388}",
    )


def _rejected(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield (
        "ccmsetup",
        (
            "File 'C:\\WINDOWS\\ccmsetup\\client.msi' with hash '8A0F' from manifest doesn't match with the file hash"
            " '9B11'"
        ),
    )


def _msi(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", "Running installation package"
    yield "ccmsetup", "  Package:     C:\\WINDOWS\\ccmsetup\\{1E6F2780-FF66-4BAA-B0FB-E4A154A6A388}\\client.msi"


def _installed(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", "Installation succeeded."
    yield "ccmsetup", "CcmSetup is exiting with return code 0"


def _assigned(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ClientIDManagerStartup", "RegEndPoint: Event notification: CCM_RemoteClient_Reassigned"
    yield (
        "ClientIDManagerStartup",
        (f"RegEndPoint: Received notification for site assignment change from '<none>' to '{t.names.site}'."),
    )


def _attempt(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    t._attempt += 1
    log = "ClientIDManagerStartup"
    yield log, f"[RegTask] - Starting registration, attempt {t._attempt}."
    yield log, f"[RegTask] - Client is not registered. Sending registration request for {t.names.client} ..."
    yield log, "Registering client using AAD auth."


def _asks_again(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield (
        "ClientIDManagerStartup",
        (f"[RegTask] - Client registration is pending. Sending confirmation request for {t.names.client} ..."),
    )


def _certificates(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ClientIDManagerStartup", "Begin searching client certificates based on Certificate Issuers"


def _registered(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield (
        "ClientIDManagerStartup",
        (
            f"[RegTask] - Client is registered. Server assigned ClientID is {t.names.client}."
            f" Approval status {before['reply.approval']}"
        ),
    )


def _not_stored(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ClientIDManagerStartup", "SetRegistrationState failed (0x80071770)"


def _sid(t: Telling, state: State) -> str:
    return t.names.sid if state["message.account"] == "user" else "S-1-5-18"


def _queued(account: str) -> Lines:
    def lines(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
        yield (
            "CcmMessaging",
            (
                "Sending remote sync message '{AD03DEED-D09A-4E63-ADAD-596376FFB0DA}' to host"
                f" '{t.names.mutual}' endpoint 'MP_PolicyManager'. Flags 0x280, sender account"
                f" {t.names.sid if account == 'user' else 'S-1-5-18'}"
            ),
        )

    return lines


def _ending(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield (
        "CcmMessaging",
        f"CCM Token for '{_sid(t, before)}' ({t.now:%m/%d/%Y %H:%M:%S}) is already expired or close to expire",
    )


def _renews(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    if before["new_token"] == "due":
        yield "ClientIDManagerStartup", f"Getting CCM Token from STS server '{t.names.mp}'"
        yield "ClientIDManagerStartup", f"Getting CCM Token from https://{t.names.mp}/CCM_STS"
    else:
        yield "CcmMessaging", f"Getting CCM Token from https://{t.names.cmg}{t.names.server}/CCM_STS"


def _new_token(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ClientIDManagerStartup", f"Cached encrypted token for 'S-1-5-18'. Will expire at '{t.expiry()}'"


def _renewed(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "CcmMessaging", f"Cached encrypted token for '{_sid(t, before)}'. Will expire at '{t.expiry()}'"


def _sends(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    if before["registration.approval"] != "2":
        yield "CcmMessaging", "Appending CCM Token to the header."


def _refreshed(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "LocationServices", "Refreshing client operational settings over MP"
    yield "LocationServices", "Refreshed security settings over MP"


def _pki(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield "ccmsetup", "Client selected the PKI Certificate [Thumbprint 1C34A1F0AA1F0AA1] issued to 'PC01.corp.example'"


def _internal(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    if before["request.endpoint"] == "sts":
        url = f"https://{t.names.mutual}/CCM_STS"
        yield (
            "SMS_CLOUD_PROXYCONNECTOR",
            (
                f"Switched to internal URL. Replaced '{url}' in '{url}' with 'https://{t.names.mp}/CCM_STS' and got"
                f" 'https://{t.names.mp}/CCM_STS'"
            ),
        )


def _sts(*texts: str) -> Lines:
    def lines(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
        n = t.names
        of_user = before["request.owner"] == "user"
        user = n.user if of_user else "00000000-0000-0000-0000-000000000000"
        given = {"mp": n.mp, "tenant": n.tenant, "device": n.device, "user": user, "client": n.client}
        given["type"] = "UDA" if of_user else "Device"
        given["sid"] = n.sid if of_user else ""
        for text in texts:
            yield "CCM_STS", text.format(**given)

    return lines


def _registers(t: Telling, before: State, after: State) -> Iterator[tuple[str, str]]:
    yield (
        "MP_RegistrationManager",
        (f"Registering device using AAD auth: DeviceId='{t.names.device}', TenantId='{t.names.tenant}'"),
    )
    yield "MP_RegistrationManager", f"Processing Registration request from Client '{t.names.client}'"


LINES: Mapping[str, Lines] = {
    "ccmsetup_asks_the_cmg": _asks_the_cmg,
    "create_connection": _connects,
    "enable_revocation_check": _checks_revocation,
    "tls_root_is_not_trusted": _tls("INVALID_CA"),
    "tls_name_does_not_match": _tls("CERT_CN_INVALID"),
    "tls_date_is_not_valid": _tls("CERT_DATE_INVALID"),
    "tls_revocation_check_fails": _tls("CERT_REV_FAILED"),
    "ask_for_device_token": _asks_device,
    "wam_serves_cached_device_token": _cached_device,
    "entra_issues_device_token": _got_device,
    "entra_refuses_device_token": _no_token("5", "AAD WAM extension error", "device", "0xd0090016"),
    "windows_lacks_device_token_api": _old_windows,
    "device_key_is_not_there": _no_key,
    "ask_for_user_token": _asks_user,
    "wam_serves_cached_user_token": _cached_user,
    "entra_issues_user_token": _got_user,
    "entra_refuses_user_token": _no_token("3", "Need user interaction to continue.", "user", "0xcaa2000c"),
    "entra_does_not_answer": _silence,
    "ccmsetup_takes_entra_token": _to_sts,
    "ccmsetup_caches_ccm_token": _caches,
    "ccmsetup_attempt_fails": _attempt_fails,
    "ccmsetup_takes_pki_certificate": _pki,
    "ccmsetup_sends_location_request": _locates,
    "ccmsetup_checks_client_files": _looks_for_files,
    "ccmsetup_sends_content_location_request": _asks_content,
    "cmg_returns_reply": _reply,
    "ccmsetup_verifies_content": _verified,
    "ccmsetup_rejects_content": _rejected,
    "ccmsetup_starts_client_msi": _msi,
    "client_msi_finishes": _installed,
    "site_is_assigned": _assigned,
    "registration_starts": _attempt,
    "registration_tries_again": _attempt,
    "registration_asks_again": _asks_again,
    "registration_validates_certificates": _certificates,
    "registration_processes_confirmation": _registered,
    "registration_cannot_be_stored": _not_stored,
    "system_message_is_queued": _queued("system"),
    "user_message_is_queued": _queued("user"),
    "messaging_finds_token_ending": _ending,
    "messaging_takes_entra_token": _renews,
    "messaging_caches_new_token": _new_token,
    "messaging_caches_renewed_token": _renewed,
    "messaging_sends_message": _sends,
    "security_settings_are_refreshed": _refreshed,
    "cp_switches_to_internal_url": _internal,
    "second_cp_switches_to_internal_url": _internal,
    "sts_starts_request": _sts("ProcessRequest - Start", "Incoming request URL: https://{mp}/CCM_STS"),
    "sts_validates_entra_token": _sts(
        "Validated AAD token. TokenType: {type} TenantId: {tenant} UserId: {user} DeviceId: {device}"
        " OnPrem_UserSid: {sid} OnPrem_DeviceSid: ",
        "TokenType is {type}",
    ),
    "sts_creates_token": _sts(
        "Created SCCM token, token type: UDA, hierarchyId: 8ed3174b-1111-41b5-b51c-fb368f0d4003,"
        " userId: {user}, deviceId: {client}"
    ),
    "sts_issues_token": _sts("Issued token", "Return token to client"),
    "sts_crashes": _sts(
        "ProcessRequest - Exception: System.IO.FileLoadException: Could not load file or assembly"
        " 'System.IdentityModel.Tokens.JWT' (Exception from HRESULT: 0x80131040)"
    ),
    "mp_validates_registration_token": _registers,
}
"""What is written of an event; of any other nothing is."""
