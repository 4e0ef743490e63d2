"""What the page says so that a reader who has never seen the tool knows what to do with it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from ccmproof.harness.render.replay import Shown, html, markdown, text
from ccmproof.harness.render.replay_json import render
from ccmproof.harness.replay.following.answer import Diagnosis
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.gathered import Gathered, gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Seen
from jsonschema import Draft202012Validator

CORPUS = Path(__file__).parent.parent / "corpus"
BEGAN = datetime.fromisoformat("2024-03-18T09:00:00+00:00")
CLIENT = (
    ("ccmsetup", "Getting AAD info from CMG 'GW.EXAMPLE.NET'"),
    ("ccmsetup", "Getting AAD (device) token with: ClientId = x, ResourceUrl = y, AccountId = z"),
    ("ccmsetup", "Getting CCM Token from STS server 'GW.EXAMPLE.NET/CCM_Proxy_MutualAuth/9'"),
    ("ccmsetup", "[CCMHTTP] ERROR INFO: StatusCode=500 StatusText=CMGConnector_InternalServerError"),
)
CRASH = "ProcessRequest - Exception: System.IO.FileLoadException: Could not load file or assembly (0x80131040)"


def of_corpus(name: str, using: Equipment) -> Shown:
    (of,) = gathered([CORPUS / name], using.recogniser).devices
    return Shown([(diagnose(of.seen, using, logs=of.logs, device=of.device), of)])


def with_site(using: Equipment, crash: str) -> tuple[Diagnosis, Shown]:
    """The client's lines, and a line of the site in their time."""
    lines = [
        Line(f"{log}.log", n, log, said, BEGAN + timedelta(seconds=n))
        for n, (log, said) in enumerate((*CLIENT, ("CCM_STS", crash)), start=1)
    ]
    seen: list[Seen] = list(using.recogniser.all(lines))
    assert len(seen) == len(lines)
    found = diagnose(seen, using, logs=["ccmsetup", "CCM_STS"])
    return found, Shown([(found, Gathered("", seen))])


@pytest.mark.long
def test_a_cause_that_rests_on_lines_that_name_no_device_is_told_with_it(using: Equipment) -> None:
    found, shown = with_site(using, CRASH)
    assert [each.cause.name for each in found.named if each.rank == 1] == ["STS crashed"]
    said = "hat says so is a line of the site that names no device: it may be about another one"
    assert found.why.endswith(f" W{said}.")
    for page in (text(shown), markdown(shown), html(shown)):
        assert f"w{said}" in " ".join(page.split())
    assert "name no device. They are taken to be about this one because all of them fit" in markdown(shown)
    data = json.loads(render(shown))
    schema = json.loads((resources.files("ccmproof.harness") / "schema" / "replay-1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(data)
    (device,) = data["devices"]
    assert device["causes"][0]["nameless"] is True
    assert device["site"] == {"lines": 1, "followed": 1, "nameless": 1}


@pytest.mark.long
def test_lines_that_fail_are_quoted_once_and_what_only_frames_them_is_left_out(using: Equipment) -> None:
    page = markdown(of_corpus("crl-not-published", using))
    assert page.count("“\\[CCMHTTP\\] : \\*lpvStatusInformation is 0x1”") == 1
    assert "dashes around" not in page
    assert "the length of the value" not in page
    assert "lines that only frame others (dashes, lengths) are not shown" in page


@pytest.mark.long
def test_codes_are_told_with_their_meaning(using: Equipment) -> None:
    page = text(of_corpus("binding", using), width=120)
    assert " 0x87D0027E  CCM_E_BAD_HTTP_STATUS_CODE: the server answered with an HTTP error: see StatusCode" in page
    assert "CMGConnector_Forbidden: the management point's binding is wrong (ccmsetup.log line 11)" in page
