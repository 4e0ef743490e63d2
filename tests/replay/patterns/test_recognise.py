"""Recognising lines: by component, in any form, and what the cheap test of bytes may rule out."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.replay.gathered import gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Facet, Pattern
from ccmproof.harness.replay.patterns import Recogniser, beginnings, recogniser, shipped
from hypothesis import given
from hypothesis import strategies as st

EXAMPLES = [(pattern, example) for pattern in shipped() for example in pattern.examples]


def seen(text: str, log: str = "") -> str:
    found = recogniser().of(Line("a.log", 1, log, text))
    return "" if found is None else found.pattern.id


def test_the_component_tells_whose_step_the_same_words_are() -> None:
    text = "Getting CCM Token from https://gw.example.net/CCM_Proxy_ServerAuth/1/CCM_STS"
    assert [seen(text, log) for log in ("ccmsetup", "ClientIDManagerStartup", "CcmMessaging", "LocationServices")] == [
        "S5.url",
        "R6.url",
        "N1.url",
        "L.token",
    ]


def test_without_a_component_it_is_all_of_them_together() -> None:
    found = recogniser().of(Line("a.txt", 1, "", "Cached encrypted token for 'S-1-5-18'. Will expire at '1/1/2024'"))
    assert found is not None
    assert found.pattern.id == "S9|R6.cached|N1.cached|L.token"
    assert found.pattern.events == (
        "ccmsetup_caches_ccm_token",
        "messaging_caches_new_token",
        "messaging_caches_renewed_token",
    )


def test_a_component_is_known_by_its_other_names_and_in_any_case() -> None:
    assert seen("Issued token", "ccm_sts") == "S8.issued"
    assert seen("Issued token", "CCM_STS.dll") == "S8.issued"
    assert seen("Issued token", "ccmsetup") == ""
    assert seen("Issued token", "a component of another product") == "S8.issued"


def test_a_message_behind_what_was_copied_with_it() -> None:
    assert (
        seen("SMS_CLOUD_PROXYCONNECTOR    Switched to internal URL. Replaced 'a' in 'b' with 'c' and got 'd'") == "S7"
    )
    assert seen("3/18/2024 9:12:40 AM  ccmsetup  4312 (0x10D8)  Failed to get AAD token..") == "F-DEV.failed"
    assert seen("x" * 200 + " Failed to get AAD token..") == ""


def test_the_more_telling_of_two_patterns_is_meant() -> None:
    refused = "[CCMHTTP] ERROR INFO: StatusCode={} StatusText={}"
    assert seen(refused.format(401, "CMGService_Invalid_Token")) == "F-CMG401"
    assert seen(refused.format(401, "Unauthorized")) == "F-HTTP.info"
    assert {seen(refused.format(status, "")) for status in (0, 200, 600)} == {"F-HTTP.none"}
    assert seen("Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0xcaa2000c") == "F-DEV.code.caa2000c"
    assert seen("Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0xd0090016") == "F-DEV.system"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Failed",
        "Getting token from cache",
        "Cached policy for 'S-1-5-18'",
        "Scan failed with error = 0x80072ee2.",
        "Installation succeeded for KB5034441",
        "Issued tokens: 12",
        "CTM job {0A1B2C3D-0000-1111-2222-333344445555} entered phase CCM_DOWNLOADSTATUS_DOWNLOADING_DATA",
    ],
)
def test_other_lines_are_none(text: str) -> None:
    assert seen(text) == ""


def test_words_of_a_command_line_say_more() -> None:
    line = 'Command line: "C:\\Windows\\ccmsetup\\ccmsetup.exe" {} CCMHOSTNAME=gw.example.net SMSSITECODE=XYZ'
    of = recogniser().of
    bare = of(Line("a.log", 1, "ccmsetup", line.format("")))
    options = of(Line("a.log", 1, "ccmsetup", line.format("/NoCRLCheck AADRESOURCEURI=https://ConfigMgrService")))
    bulk = of(Line("a.log", 1, "ccmsetup", line.format("/regtoken:eyJ")))
    assert bare and options and bulk
    assert bare.pattern.holds == "nocrlcheck is no and properties_given is no"
    assert options.pattern.holds == "nocrlcheck is yes and properties_given is yes"
    assert (bare.pattern.workflow, bulk.pattern.workflow) == ("", "bulk token")


def test_what_is_not_there_says_something_where_the_message_is_whole() -> None:
    facets = (Facet("/nocrlcheck", "nocrlcheck is yes", "nocrlcheck is no"),)
    of = Recogniser([Pattern("x", "Command line: {command}", holds="wpj is ok", facets=facets)]).of
    whole = of(Line("a.log", 1, "", "Command line: ccmsetup.exe"))
    cut = of(Line("a.log", 1, "", "Command line: ccmsetup.exe ..."))
    assert whole and cut
    assert whole.pattern.holds == "wpj is ok and nocrlcheck is no"
    assert cut.pattern.holds == "wpj is ok"


def test_a_user_s_pattern_counts_before_a_shipped_one_of_its_words() -> None:
    own = Pattern("own", "Issued token", means="mine")
    of = Recogniser([own]).of
    found = of(Line("a.log", 1, "CCM_STS", "Issued token"))
    assert found is not None and found.pattern is own


TAIL = ']LOG]!><time="09:12:44.107+300" date="03-18-2024" component="x" context="" type="1" thread="4312" file="">'
CHANGES = {
    "as it is": str,
    "in small letters": str.lower,
    "in capitals": str.upper,
    "with more blanks": lambda text: "  " + text.replace(" ", "   "),
    "with typographic quotes": lambda text: text.replace("'", "’"),
    "with entities": lambda text: text.replace("'", "&#39;").replace("<", "&lt;"),
    "marked": lambda text: f"**{text}**",
    "quoted": lambda text: f"> {text}",
}


@pytest.mark.parametrize("how", CHANGES)
def test_the_cheap_test_lets_pass_what_is_recognised(how: str) -> None:
    of = recogniser()
    for pattern, example in EXAMPLES:
        text = CHANGES[how](example)
        log = pattern.logs[0] if pattern.bound else ""
        assert of.of(Line("a.log", 1, log, text)) is not None, (pattern.id, text)
        if "IIS" not in pattern.logs:  # whose log is never in the form of the product's
            assert of.keep(text.encode()), (pattern.id, text)
            assert of.keep((text + TAIL).encode()), (pattern.id, text)
            assert of.may(f"<![LOG[{text}{TAIL}".encode()), (pattern.id, text)
        assert of.may(f"3/18/2024 9:12:40 AM   ccmsetup   4312 (0x10D8)   {text}".encode()), (pattern.id, text)


def test_the_cheap_test_lets_pass_what_is_recognised_behind_a_name() -> None:
    of, there = recogniser(), 0
    for pattern, example in EXAMPLES:
        text = f"MP Reg: {example}"
        seen = of.of(Line("a.log", 1, pattern.logs[0] if pattern.bound else "", text))
        if seen is not None and "IIS" not in pattern.logs:
            there += 1
            assert of.keep((text + TAIL).encode()), (pattern.id, text)
    assert there > 200


@given(st.text(max_size=40), st.sampled_from(EXAMPLES), st.text(max_size=40))
def test_the_cheap_test_lets_pass_what_is_recognised_whatever_stands_around_it(
    before: str, example: tuple[Pattern, str], behind: str
) -> None:
    line = before + example[1] + behind
    if recogniser().of(Line("a.log", 1, "", line)) is not None:
        assert recogniser().may(line.encode("utf-8", "surrogatepass"))


def test_the_cheap_test_rules_out_what_is_of_no_interest() -> None:
    of = recogniser()
    for text in ("CTM job {0A1B} entered phase", "Scan failed with error = 0x80072ee2.", "Failed to get state of job"):
        assert not of.keep((text + TAIL).encode())
        assert not of.may(f"<![LOG[{text}{TAIL}".encode())


def test_the_cheap_test_lets_pass_what_a_site_server_takes_for_an_error() -> None:
    message = b"ERROR: What nobody has seen  $$<CMGService><03-18-2024 14:12:45.020+00><thread=2212 (0x8A4)>"
    assert recogniser().keep(message)
    assert not recogniser().keep(message.replace(b"ERROR: ", b""))


@pytest.mark.parametrize(
    "sentence",
    [
        "The device is not AAD joined, it is hybrid joined.",
        "Client is installed but shows as inactive.",
        "Failed to find content for the package.",
        "No user is logged on when it runs.",
        "The registration is rejected by the MP.",
        "There is no connection to the CMG from that network.",
    ],
)
def test_a_sentence_of_the_poster_s_says_no_cause_and_is_no_step(sentence: str) -> None:
    seen = recogniser().of(Line("post.txt", 1, "", sentence))
    assert seen is None or not (seen.pattern.cause or seen.pattern.events)


@pytest.mark.parametrize(("at", "known"), [("", True), (" ccmsetup 18.03.2024 09:12:40 4312 (0x10D8)", False)])
def test_a_message_that_the_log_of_a_heading_does_not_have_is_of_another(at: str, known: bool, tmp_path: Path) -> None:
    post = tmp_path / "post.txt"
    post.write_text(f"ccmsetup.log:\nGetting AAD info from CMG 'GW.EXAMPLE.NET'\nprose\nTokenType is Device{at}\n")
    (of,) = gathered([post], recogniser()).devices
    assert ("S8.type" in [seen.pattern.id for seen in of.seen]) is known


def test_beginnings_tell_the_messages_of_a_flattened_text() -> None:
    starts = beginnings(shipped())
    assert {"Getting CCM Token from STS server '", "Cached encrypted token for '"} <= set(starts)
    assert min(map(len, starts)) >= 12


@pytest.mark.parametrize(
    "filler", ["[", "Failed to get ", "Getting AAD (", "[CCMHTTP] ERROR: ", "' ", "\u2019", "&lt;"]
)
def test_a_hostile_message_is_nothing_to_it(filler: str) -> None:
    """Of a message of a megabyte only the beginning is compared; whatever it is, it is answered."""
    text = filler * (1_000_000 // len(filler))
    found = recogniser().of(Line("a.log", 1, "", text))
    assert found is None or all(len(value) <= 2_000 for value in found.fields.values())
