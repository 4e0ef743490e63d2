"""What is somebody's is masked, the same value alike, and what is public stays."""

from __future__ import annotations

import base64
import re

import pytest
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.reading import Redactor
from hypothesis import example, given
from hypothesis import strategies as st
from replay.printing import INSTALL

GUID = "0b7c8ab3-9ea1-4ffa-b2b9-8ffdd944bd8b"
SID = "S-1-5-21-1234567890-123456789-1234567890-1604"
JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"token {JWT} end", "token <token-1> end"),
        (f"Authorization: Bearer {JWT}", "Authorization: Bearer <token-1>"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: <token-1>"),
        ("/regtoken:AbCdEf123456 /mp:x", "/regtoken:<token-1> /mp:x"),
        (f"Cached encrypted token for '{SID}'", "Cached encrypted token for '<sid-1>'"),
        ("Cached encrypted token for 'S-1-5-18'", "Cached encrypted token for 'S-1-5-18'"),
        (f"ClientId = {GUID}, x", "ClientId = <guid-1>, x"),
        (f"GUID:{GUID.upper()} and {{{GUID}}}", "GUID:<guid-1> and {<guid-1>}"),
        ("of 00000000-0000-0000-0000-000000000000", "of 00000000-0000-0000-0000-000000000000"),
        ("ClientId = 0b7c8ab3-9ea1-4ffa-b2b9-8ffdd944bd8", "ClientId = <guid-1>"),
        ("user alice.b@contoso.example signed in", "user <mail-1> signed in"),
        (r"C:\Users\alice\AppData\x.log", r"C:\Users\<user-1>\AppData\x.log"),
        (r"as CONTOSO\john.doe now", r"as <domain-1>\<user-1> now"),
        (
            r"as NT AUTHORITY\SYSTEM in C:\Windows\ccmsetup\client.msi",
            r"as NT AUTHORITY\SYSTEM in C:\Windows\ccmsetup\client.msi",
        ),
        (r"(..\Token.cpp,531) root\ccm SOFTWARE\Microsoft\CCM", r"(..\Token.cpp,531) root\ccm SOFTWARE\Microsoft\CCM"),
        ("Host=gw.contoso.example, Path=/CCM_Proxy_ServerAuth/1", "Host=<host-1>, Path=/CCM_Proxy_ServerAuth/1"),
        ("'https://MP01/SMS_MP' and 'https://mp01/x'", "'https://<host-1>/SMS_MP' and 'https://<host-1>/x'"),
        ("https://contosocmg.cloudapp.net/x", "https://<host-1>.cloudapp.net/x"),
        ("contoso.onmicrosoft.com", "<tenant-1>.onmicrosoft.com"),
        (
            "https://login.microsoftonline.com/common/oauth2/token",
            "https://login.microsoftonline.com/common/oauth2/token",
        ),
        ("https://ConfigMgrService", "https://ConfigMgrService"),
        ("Error 0x87d00455, Code=12175, D0090016", "Error 0x87d00455, Code=12175, D0090016"),
        ("Installing version 5.00.8968.1000 on 10.0.0.17", "Installing version 5.00.8968.1000 on <address-1>"),
        ("System.Net.WebException: it failed.Please retry", "System.Net.WebException: it failed.Please retry"),
        ("issued to 'CN=PC0815, OU=Berlin'", "issued to 'CN=<name-1>, OU=<name-2>'"),
        ("issuer CN=SMS Issuing, CN=pc.contoso.example", "issuer CN=SMS Issuing, CN=<host-1>"),
        ("PASSWORD=hunter2; x", "PASSWORD=<token-1>; x"),
        ("and c2lnbmF0dXJl-LXNpZ25hdHVyZQ_0123456789abcdefABCDEF", "and <token-1>"),
        (
            "https://gw.example.net/CCM_Proxy_ServerAuth/72057594037927941/ccm_system_tokenauth/request",
            "https://<host-1>/CCM_Proxy_ServerAuth/72057594037927941/ccm_system_tokenauth/request",
        ),
        ("Tenant Name: Contoso Ltd", "Tenant Name: <tenant-1>"),
        ("thumbprint " + "AB" * 20, "thumbprint <token-1>"),
        ("CCM_STS.log ccmsetup.cab MP_ClientRegistration", "CCM_STS.log ccmsetup.cab MP_ClientRegistration"),
    ],
)
def test_what_is_masked_and_what_stays(text: str, masked: str) -> None:
    assert Redactor().text(text) == masked


def test_a_value_has_one_mask_in_all_of_an_output() -> None:
    masks = Redactor()
    first = masks.line(Line("fleet/pc1/CCM/Logs/ccmsetup.log", 1, "ccmsetup", f"a {SID} {GUID}", device="pc1"))
    again = masks.line(Line("fleet/pc1/CCM/Logs/CcmMessaging.log", 1, "CcmMessaging", f"{SID.lower()}", device="pc1"))
    assert first.text.split()[1] == again.text
    assert first.device == again.device == "<device-1>"
    assert first.source == "<folder-1>/<folder-2>/CCM/Logs/ccmsetup.log"
    assert again.source == "<folder-1>/<folder-2>/CCM/Logs/CcmMessaging.log"


@given(
    secret=st.binary(min_size=30, max_size=300),
    before=st.sampled_from(["", "token: ", "'", "x=", "Appending CCM Token to the header: Bearer "]),
    form=st.sampled_from(["jwt", "base64"]),
)
@example(secret=bytes(30), before="", form="base64")
@example(secret=bytes(300), before="", form="base64")
def test_no_long_secret_is_left(secret: bytes, before: str, form: str) -> None:
    token = base64.b64encode(secret + b"0123456789").decode()
    if form == "jwt":
        token = "eyJ" + base64.urlsafe_b64encode(secret).decode().rstrip("=")
    shown = Redactor().text(before + token)
    assert token not in shown and not any(part in shown for part in re.findall(r"\w{20}", token))


@given(st.lists(st.sampled_from([text for _, text in INSTALL]), max_size=5))
def test_masking_twice_changes_nothing_more(texts: list[str]) -> None:
    text = " ".join(texts)
    masks = Redactor()
    once = masks.text(text)
    assert masks.text(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "a@",
        "eyJ",
        "S-1-5-21-1",
        "0b7c8ab3-9ea1-",
        "Host = ",
        "//",
        "\\\\",
        "A" * 39 + " ",
        "user:",
        "1.2.3.",
        "Bearer ",
        "a\\",
    ],
)
def test_pathological_text_is_masked_in_one_pass(piece: str) -> None:
    """Were one of the expressions worse than linear, this would not come to an end."""
    assert Redactor().text(piece * (2_000_000 // len(piece)))
