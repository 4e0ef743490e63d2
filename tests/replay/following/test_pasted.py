"""Short texts as they are pasted: what is said of them, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.replay.following.answer import Diagnosis, Verdict
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.gathered import gathered

DEVICE = "Retrieved AAD token for AAD device '8d2b4ff9-1111-4998-9851-b5324303385f'"
USER = "Retrieved AAD token for AAD user 'e8838041-2222-42d5-b9ae-78813910e4cc'"
STS = "Getting CCM Token from STS server 'gw.example.net/CCM_PROXY_MutualAuth/72057594037927941'"
REFUSED = "[CCMHTTP] ERROR INFO: StatusCode=401 StatusText=CMGConnector_Unauthorized"
CLIENT = "GUID:0A1B2C3D-08E7-4B38-B282-7E6954B71139"
SENT = f"[RegTask] - Client is not registered. Sending registration request for {CLIENT} ..."
REGISTERED = f"[RegTask] - Client is registered. Server assigned ClientID is {CLIENT}."
TRANSIENT = "RegTask: Failed to send registration request message. Error: 0x87d00231"


@pytest.fixture
def said(using: Equipment, tmp_path: Path):  # type: ignore[no-untyped-def]  # a function
    def of(*lines: str, name: str = "post.txt", from_start: bool = False) -> Diagnosis:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        [device] = gathered([path], using.recogniser).devices
        return diagnose(device.seen, using, logs=device.logs, doubtful=device.doubtful, from_start=from_start)

    return of


def named(found: Diagnosis) -> list[str]:
    return [each.cause.name for each in found.named]


def passed(found: Diagnosis) -> list[str]:
    return [each.stage.name for each in found.stages if each.by is not None]


def test_lines_that_only_ccmsetup_writes_make_no_installed_client(said) -> None:  # type: ignore[no-untyped-def]
    found = said("Getting AAD info from CMG 'GW.EXAMPLE.NET'", DEVICE, STS, REFUSED)
    assert "is installed" not in passed(found) and "is registered" not in passed(found)
    assert "has an Entra token" in passed(found)
    assert said(DEVICE, STS, REFUSED).where.endswith("the client has an Entra token.")  # though others write these too


def test_who_asks_for_a_ccm_token_need_not_have_an_entra_token(said) -> None:  # type: ignore[no-untyped-def]
    refused = "Failed to get AAD token. Error 0xcaa2000c"
    assert "Conditional Access" in named(said(refused, STS, REFUSED))
    assert "Conditional Access" not in named(said(refused, USER, STS, REFUSED))


WORDS = (
    "Unknown error (Error: D0090016; Source: Unknown)",
    "An attempt was made to reference a token that does not exist. (Error: 800703F0; Source: Windows)",
    "A specified logon session does not exist. (Error: 80070520; Source: Windows)",
)


@pytest.mark.long
@pytest.mark.parametrize("words", WORDS)
def test_an_error_in_words_is_overcome_with_the_token_that_is_had_after_it(said, words: str) -> None:  # type: ignore[no-untyped-def]
    asked = "Getting AAD ({}) token with: ClientId = a, ResourceUrl = https://ConfigMgrService, AccountId = b"
    after = ("Falling back to get user 'S-1-12-1-1-2-3-4' token for system...", asked.format("user"), USER)
    found = said(asked.format("device"), "Failed to get AAD token..", words, *after, name="CcmAad.log")
    assert found.verdict is Verdict.CONFORMS
    assert not found.named


def test_a_device_token_says_nothing_of_users(said) -> None:  # type: ignore[no-untyped-def]
    assert "user not discovered" in named(said(USER, STS, REFUSED))
    assert "user not discovered" not in named(said(DEVICE, STS, REFUSED))
    assert "user not discovered" in named(said(DEVICE, USER, STS, REFUSED))


def test_what_an_older_product_does_not_have_explains_no_log_of_it(said) -> None:  # type: ignore[no-untyped-def]
    def at(year: int) -> list[str]:
        return named(said(f"{TRANSIENT} ClientIDManagerStartup 5/12/{year} 10:01:34 AM 5260 (0x148C)"))

    assert at(2021) == ["user not discovered"]
    assert set(at(2026)) == {"user not discovered", "management point without internet"}


def test_windows_authentication_is_another_workflow_and_no_way_to_approval_3(said) -> None:  # type: ignore[no-untyped-def]
    windows = "Registering client using Windows auth."
    found = said(SENT, windows, f"{REGISTERED} Approval status 1")
    assert (found.verdict, found.workflow, found.exit) == (Verdict.OTHER, "on-premises", 3)
    assert said(f"{REGISTERED} Approval status 1").verdict is Verdict.OTHER
    found = said(SENT, windows, f"{REGISTERED} Approval status 3")
    assert [each.claim for each in found.findings] == ["S-12a"]
    assert not said(SENT, "Registering client using AAD auth.", f"{REGISTERED} Approval status 3").findings


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("Something new failed: AADSTS50155: Device authentication failed", "device disabled"),
        ("Something new failed. Error 0xcaa90014", "user sign-in"),
        ("Something new failed. Error 0xcaa82ee7", "Entra out of reach"),
    ],
)
def test_codes_of_entra_count_in_any_words(said, words: str, cause: str) -> None:  # type: ignore[no-untyped-def]
    found = said("Getting AAD info from CMG 'GW.EXAMPLE.NET'", words)
    assert found.verdict is Verdict.STALLED and cause in named(found)


def test_the_causes_that_are_left_of_a_token_that_is_not_given_are_those_of_tokens(said) -> None:  # type: ignore[no-untyped-def]
    found = said("[RegTask] - Failed to send registration request message. Error: 0x87d00455")
    names = {name for each in found.left for name in each.names}
    assert {"WPJ", "Conditional Access"} <= names and not names & {"content hash", "binding", "certificate name"}
    assert "CcmAad.log" in found.then


def test_who_insists_on_the_beginning_is_told_that_it_is_missing(said) -> None:  # type: ignore[no-untyped-def]
    asks, caches = "Getting AAD info from CMG 'GW'", "Cached encrypted token for 'S-1-5-18'. Will expire at '1/1/2024'"
    assert said("ccmsetup.log", caches).verdict is Verdict.CONFORMS
    found = said("ccmsetup.log", caches, from_start=True)
    assert (found.verdict, found.exit) == (Verdict.DEVIATES, 1)
    assert "do not begin where the workflow does" in found.where and "rolled over" in found.then
    assert said("ccmsetup.log", asks, from_start=True).verdict is Verdict.CONFORMS
    starts = "==========[ ccmsetup started in process 6388 ]=========="
    found = said("ccmsetup.log", starts, asks, from_start=True)  # for the first time, and no other attempt before it
    assert found.verdict is Verdict.CONFORMS and not found.warnings
    refused = "Failed to get AAD token. Error 0xcaa2000c"
    found = said("ccmsetup.log", caches, refused, from_start=True)
    assert found.verdict is Verdict.STALLED and "do not begin" in found.warnings[0].text


RAW = (
    '<![LOG[{text}]LOG]!><time="09:00:0{at}.000-60" date="03-18-2024" '
    'component="{log}" context="" type="{type}" thread="1" file="x.cpp:1">'
)


@pytest.mark.parametrize(
    ("log", "type_", "told"),
    [("ccmsetup", 3, True), ("ccmsetup", 1, False), ("SCClient", 3, False), ("UpdatesDeployment", 3, False)],
)
def test_an_error_in_words_that_are_not_known_is_told_of_ours_alone(said, log: str, type_: int, told: bool) -> None:  # type: ignore[no-untyped-def]
    lines = [
        RAW.format(text="Getting AAD info from CMG 'GW.EXAMPLE.NET'", at=0, log="ccmsetup", type=1),
        RAW.format(text="Something new failed, 0x80072ee2", at=1, log=log, type=type_),
    ]
    found = said(*lines, name="ccmsetup.log")
    assert found.verdict is Verdict.CONFORMS
    assert ("a line that is not known speaks of an error" in found.why) is told
    assert ("0x80072EE2" in found.why) is told


UNANSWERED = "[CCMHTTP] ERROR INFO: StatusCode=<unknown> StatusText="


def test_a_call_without_a_status_is_no_answer_of_the_server(said) -> None:  # type: ignore[no-untyped-def]
    where = said(UNANSWERED).where
    assert "has had no HTTP answer" in where and "the server answers" not in where
    assert "the server answers" in said("[CCMHTTP] ERROR INFO: StatusCode=500 StatusText=Internal Server Error").where


def rows(log: str, *texts: str) -> list[str]:
    return [f"{text}\t{log}\t18.03.2024 09:00:0{at}\t4312 (0x10D8)" for at, text in enumerate(texts)]


EXPIRED = "Certificate [Thumbprint 0A1B2C3D4E5F60718293A4B5C6D7E8F901234567] issued to 'PC0001' has expired."


def test_a_certificate_that_has_expired_is_why_a_registration_fails_where_the_site_says_so(said) -> None:  # type: ignore[no-untyped-def]
    found = said(*rows("MP_RegistrationManager", EXPIRED, "MP Reg: Registration failed."))
    assert [each.cause.name for each in found.named if each.rank == 1] == ["client's own certificate"]
    searches = "Completed searching client certificates based on Certificate Issuers"
    for lines in ((EXPIRED, searches), rows("ClientIDManagerStartup", EXPIRED, searches)):
        assert not said(*lines).named  # the client goes through all that it has


TOKEN = "Return code: 401, Description: PreAuth token validation failed, IDX10223: Lifetime validation failed."


def test_which_token_of_the_site_has_expired_is_told_where_the_command_line_is_there(said) -> None:  # type: ignore[no-untyped-def]
    found = said("CCM_STS.log", TOKEN)
    assert found.verdict is Verdict.OTHER and found.why.startswith("One of two, and these lines cannot tell which")
    assert {"bulk token expired", "site token expired"} == {*named(found)}
    command = 'Command line: "C:\\ccmsetup\\ccmsetup.exe" CCMHOSTNAME=gw.example.net /regtoken:eyJhbG SMSSITECODE=XYZ'
    assert named(said("ccmsetup.log", command, "CCM_STS.log", TOKEN)) == ["bulk token expired"]


def test_what_the_gateway_says_of_its_storage_is_why_content_fails(said) -> None:  # type: ignore[no-untyped-def]
    place = "https://gw.example.net:443/downloadrestservice.svc/getcontentxmlsecure?pid=XYZ00013&cid=XYZ00013"
    client = rows(
        "DataTransferService",
        f"Request to {place} failed with 400",
        "Error sending DAV request. HTTP code 400, status 'Bad Request'",
        "Error retrieving manifest (0x87d0027e).",
    )
    server = "ERROR: Exception processing request. The client and server do not possess a common algorithm"
    assert said(*client).verdict is Verdict.STALLED
    assert named(said(*client, *rows("CMGContentService", server)))[0] == "content TLS"


def test_messages_of_location_services_that_were_run_together_are_told(said) -> None:  # type: ignore[no-untyped-def]
    mp = "GW.EXAMPLE.NET/CCM_Proxy_MutualAuth/72057594037927941"
    texts = (
        "Failed to refresh Site Signing Certificate over HTTP with error 0x87d0027e.",
        f"Failed to send management point list Location Request Message to {mp}",
        f"LSUpdateInternetManagementPoints: Failed to retrieve internet MPs from MP {mp} with error 0x87d00231,",
    )
    found = said(" ".join(texts) + " retaining previous list.")
    assert found.verdict is Verdict.STALLED and len(found.seen) == len(texts)
    assert said(texts[0]).verdict is Verdict.STALLED


def test_a_task_sequence_that_finds_no_content_is_told_as_that(said) -> None:  # type: ignore[no-untyped-def]
    found = said("Setting the authenticator.", "Content location request for XYZ00012:3 failed. (Code 0x80040102)")
    assert (found.verdict, found.workflow) == (Verdict.OTHER, "task sequence")
    assert "no place has a package" in found.where and not found.named
