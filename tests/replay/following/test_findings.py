"""Findings: what claims of the suite lines can break, each by a log that does; and what breaks none.

The logs are read and recognised and not followed: what is found has to be in the lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from ccmproof.harness.lab.bugs import BUGS
from ccmproof.harness.lab.conformance.equipment import equipment as of_lab
from ccmproof.harness.lab.story import story
from ccmproof.harness.replay.following.answer import Verdict
from ccmproof.harness.replay.following.diagnosis import ordered
from ccmproof.harness.replay.following.findings import Finding, findings, of_suite
from ccmproof.harness.replay.following.place import places
from ccmproof.harness.replay.following.sentences import Sentences
from ccmproof.harness.replay.following.shown import Shown, entries, sent
from ccmproof.harness.replay.gathered import gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen
from ccmproof.harness.replay.patterns import recogniser
from replay.cases import FOLDER, Case, cases

README = Path(__file__).parents[3] / "README.md"
SYSTEM, USER = "S-1-5-18", "S-1-5-21-1004336348-1177238915-682003330-1104"
STARTUP, MESSAGING, CCMSETUP, CONNECTOR = (
    "ClientIDManagerStartup",
    "CcmMessaging",
    "ccmsetup",
    "SMS_CLOUD_PROXYCONNECTOR",
)


def at(time: str, text: str, day: int = 18) -> str:
    """A line as a client's component writes it."""
    when = f'time="{time}.000+000" date="03-{day}-2024"'
    return f'<![LOG[{text}]LOG]!><{when} component="" context="" type="1" thread="4008" file="">'


def call(path: str, auth: int, by: str = "ccmhttp") -> str:
    where = f"Host=gw.example.net, Path=/CCM_Proxy_{path}"
    return f"{by}: {where}, Port=443, Protocol=https, CcmTokenAuth={auth}, Flags=0x4200, Options=0x1e0"


def cached(sid: str, until: str) -> str:
    return f"Cached encrypted token for '{sid}'. Will expire at '{until}'"


def message(sid: str) -> str:
    return (
        "Sending remote sync message '{B83E90EC-17E0-4A3C-8398-3CA8EA7E9D49}' to host"
        f" 'gw.example.net/CCM_Proxy_MutualAuth/72057594037927941' endpoint 'MP_PolicyManager'. Flags 0x280, sender"
        f" account {sid}"
    )


POLICY = "ServerAuth/72057594037927941/ccm_system_tokenauth/request"
REGISTERED = (
    "[RegTask] - Client is registered. Server assigned ClientID is GUID:0A1B2C3D-08E7-4B38-B282-7E6954B71139. Approval"
    " status 3"
)
REGISTRATION = (
    "Sending remote sync message '{7A1D5006-8D72-4104-B773-83C13458A748}' to host"
    " 'gw.example.net/CCM_Proxy_MutualAuth/72057594037927941' endpoint 'MP_ClientRegistration'. Flags 0x200, sender"
    " account empty"
)
UNTIL = "03/18/2024 17:00:00"
INSTALLED = {CCMSETUP: [at("08:00:00", cached(SYSTEM, "03/18/2024 16:00:00"))],
             STARTUP: [at("09:00:00", REGISTERED), at("09:00:02", cached(SYSTEM, UNTIL))]}  # fmt: skip
"""The logs in which tokens would be cached before messages, and after a new registration."""
DEAD = {**INSTALLED, MESSAGING: [at("09:01:00", message(SYSTEM)), at("09:01:01", call(POLICY, 1)),
                                 at("19:30:00", message(SYSTEM)), at("19:30:01", call(POLICY, 1))]}  # fmt: skip
SWITCHED = (
    "Switched to internal URL. Replaced 'https://GW.EXAMPLE.NET/CCM_Proxy_ServerAuth/AADAuthInfo' in"
    " 'https://GW.EXAMPLE.NET/CCM_Proxy_ServerAuth/AADAuthInfo' with 'https://MP01.CORP.EXAMPLE/AADAuthInfo' and got"
    " 'https:///MP01.CORP.EXAMPLE/AADAuthInfo~~"
)

BREAKING: Mapping[str, tuple[Mapping[str, list[str]], str]] = {
    "N-01": ({MESSAGING: [at("09:00:00", message(SYSTEM)), at("09:00:01", call(POLICY, 0))]},
             "CcmMessaging.log line 2"),
    "S-31": ({CCMSETUP: [at("09:00:00", call("ServerAuth/AADAuthInfo?TenantID=1", 1, "ccmsetup"))]},
             "ccmsetup.log line 1"),
    "S-01w": ({MESSAGING: [at("09:00:00", call("ServerAuth/72057594037927941/CCM_STS", 1))]},
              "CcmMessaging.log line 1"),
    "S-24": ({MESSAGING: [at("09:00:00", call("MutualAuth/72057594037927941/ccm_system/request", 1))]},
             "CcmMessaging.log line 1"),
    "S-02": ({CCMSETUP: [at("09:00:00", cached(SYSTEM, UNTIL)), at("19:30:00", call(POLICY, 1, "ccmsetup"))],
              STARTUP: [at("08:00:00", REGISTERED)], MESSAGING: [at("08:00:00", message(SYSTEM))]},
             "ccmsetup.log line 1, 2"),
    "S-02m": (DEAD, "ClientIDManagerStartup.log line 2; CcmMessaging.log line 4"),
    "S-23": ({CONNECTOR: [at("09:00:00", SWITCHED)]}, "SMS_CLOUD_PROXYCONNECTOR.log line 1"),
    "L-16": ({MESSAGING: [at("09:00:00", cached(USER, UNTIL)),
                          at("09:00:01", f"CCM Token for '{USER}' ({UNTIL}) is already expired or close to expire")]},
             "CcmMessaging.log line 1, 2"),
    "S-12a": ({STARTUP: [at("09:00:00", "Registering client using Windows auth."), at("09:00:01", REGISTERED)]},
              "ClientIDManagerStartup.log line 1, 2"),
}  # fmt: skip
"""For each claim that lines can break a log that does, and the lines that are told."""


def found_in(logs: Mapping[str, list[str]], folder: Path) -> tuple[Finding, ...]:
    for name, lines in logs.items():
        (folder / (name if "." in name else f"{name}.log")).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return found_at(folder)


def found_at(folder: Path) -> tuple[Finding, ...]:
    return tuple(each for of in gathered([folder], recogniser()).devices for each in findings(ordered(of.seen)[0]))


@pytest.mark.parametrize("claim", BREAKING)
def test_a_log_that_breaks_a_claim_is_found_with_its_lines(claim: str, tmp_path: Path) -> None:
    logs, lines = BREAKING[claim]
    (found,) = found_in(logs, tmp_path)
    assert (found.claim, places(found.lines)) == (claim, lines)
    assert "; but " in found.text


def test_what_is_found_where_nothing_has_failed_is_to_be_looked_at(tmp_path: Path) -> None:
    found = found_in(BREAKING["N-01"][0], tmp_path)
    told = Sentences(Verdict.CONFORMS, (), -1, 0, (), (), (), (), found, {})
    assert told.why().startswith("1 finding for a security review: No operational call without CcmTokenAuth")
    assert told.then() == "Have CcmMessaging.log line 2 looked at, though nothing has failed."


def breakable() -> set[str]:
    """The claims that anything breaks which lines may show."""
    requests = entries("request")
    ways = ("/CCM_Proxy_ServerAuth", "/CCM_Proxy_MutualAuth", "")
    paths = dict.fromkeys(each.has for each in requests if each.has not in ways[:2])
    logs = [*sorted({log for each in requests for log in each.logs}), "LocationServices"]
    known = ["", *(each.holds for each in entries("message") if each.holds)]
    times = ["", *(f"cache.{kind}.life in {{none, expired}}" for kind in ("system", "user"))]
    found: set[str] = set()
    pattern = Pattern("", "")
    for way, path, auth, log, more, time in product(ways, paths, "01", logs, known, times):
        seen = Seen(Line("", 1, log, f"{way}{path}"), pattern, {"auth": auth})
        found.update(each.id for each in of_suite().broken(sent(seen, tuple(filter(None, (more, time))))))
    for each in entries("hop"):
        (hop,) = (pattern for pattern in recogniser().patterns if pattern.id in each.patterns)
        shown = Shown((), (each.holds,), (frozenset(hop.events),))
        found.update(claim.id for claim in of_suite().broken(shown))
    return found | {"L-16", "S-12a"}  # what two lines show together says one thing each


def test_each_claim_that_lines_can_break_has_a_log_that_does_and_is_named_in_the_readme() -> None:
    assert breakable() == BREAKING.keys()
    told = re.search(r"Claims that lines alone can break: ([^.]*)\.", README.read_text("utf-8"))
    assert told
    assert set(re.findall(r"`([^`]+)`", told[1])) == BREAKING.keys()


NOTHING: Mapping[str, Mapping[str, list[str]]] = {
    "a registration goes without the CCM token": {
        MESSAGING: [at("09:00:00", REGISTRATION), at("09:00:01", call(POLICY, 0))]
    },
    "the token was masked": {
        MESSAGING: [at("09:00:01", call(POLICY, 0).replace("CcmTokenAuth=0", "CcmTokenAuth=x"))]
    },
    "it lives still": {**DEAD, MESSAGING: [*DEAD[MESSAGING][:2], at("16:59:00", message(SYSTEM)),
                                           at("16:59:01", call(POLICY, 1))]},
    "it was renewed": {**DEAD, MESSAGING: [*DEAD[MESSAGING][:2], at("16:59:00", cached(SYSTEM, "03/19/2024 00:59:00")),
                                           *DEAD[MESSAGING][2:]]},
    "it is another account's message": {**DEAD, MESSAGING: [line.replace(f"account {SYSTEM}", f"account {USER}")
                                                            for line in DEAD[MESSAGING]]},
    "whose message it is, is not known": {**DEAD, MESSAGING: [DEAD[MESSAGING][1], DEAD[MESSAGING][3]]},
    "another thread sends it": {**DEAD, MESSAGING: [*DEAD[MESSAGING][:3],
                                                    DEAD[MESSAGING][3].replace("4008", "4010")]},
    "the log of new tokens is missing": {log: lines for log, lines in DEAD.items() if log != STARTUP},
    "the log of the install is missing": {log: lines for log, lines in DEAD.items() if log != CCMSETUP},
    "the log begins after it was cached": {**DEAD, MESSAGING: DEAD[MESSAGING][2:]},
    "the logs are excerpts": {"post.txt": [*DEAD[CCMSETUP], *DEAD[STARTUP], *DEAD[MESSAGING]]},
    "the site's own token lives for months": {
        **DEAD, STARTUP: [at("09:00:00", REGISTERED), at("09:00:02", cached(SYSTEM, "06/16/2024 09:00:02"))]
    },
    "the clock was put back": {**DEAD, MESSAGING: [*DEAD[MESSAGING][:2], at("03:00:00", message(SYSTEM), 18),
                                                   *DEAD[MESSAGING][2:]]},
    "it says in another zone when it ends": {**DEAD, STARTUP: [at("09:00:00", REGISTERED),
                                                              at("09:00:02", cached(SYSTEM, "03/18/2024 12:00:02"))],
                                             MESSAGING: [*DEAD[MESSAGING][:2], at("15:00:00", message(SYSTEM)),
                                                         at("15:00:01", call(POLICY, 1))]},
    "another workflow's calls": {CCMSETUP: [at("09:00:00", call("ServerAuth/ServiceMetadata", 0, "ccmsetup"))]},
}  # fmt: skip


@pytest.mark.parametrize("why", NOTHING)
def test_nothing_is_found_that_lines_do_not_show(why: str, tmp_path: Path) -> None:
    assert found_in(NOTHING[why], tmp_path) == ()


def test_what_is_found_again_and_again_is_found_once(tmp_path: Path) -> None:
    lines = [line for _ in range(3) for line in (at("09:00:00", message(SYSTEM)), at("09:00:01", call(POLICY, 0)))]
    (found,) = found_in({MESSAGING: lines}, tmp_path)
    assert places(found.lines) == "CcmMessaging.log line 2, 4, 6"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_no_log_of_the_corpus_breaks_a_claim(case: Case) -> None:
    assert found_at(FOLDER / case.name) == ()


@pytest.mark.long
def test_a_client_of_the_lab_that_takes_the_wrong_path_is_found(tmp_path: Path) -> None:
    bug = BUGS["client-takes-the-wrong-path"]
    story(tmp_path, of_lab().environment(dict(bug.shows)), bug.parts)
    assert [each.claim for each in found_at(tmp_path / "logs")] == ["S-24"]


@pytest.mark.long
@pytest.mark.parametrize("change", ["", "pki=valid", "device_app=not_enabled", "join=hybrid direct=yes wpj=absent"])
def test_no_log_of_the_lab_without_a_bug_breaks_a_claim(change: str, tmp_path: Path) -> None:
    story(tmp_path, of_lab().environment(dict(each.split("=") for each in change.split())))
    assert found_at(tmp_path / "logs") == ()
