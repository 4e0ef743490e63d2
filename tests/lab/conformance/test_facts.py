"""What is read from messages: tokens by their own signatures, requests and replies as fields of the model's records."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.lab.build import Lab
from ccmproof.harness.lab.clock import TICK
from ccmproof.harness.lab.conformance import facts
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.conformance.facts import Known
from ccmproof.harness.lab.conformance.offers import FORGERIES, STRANGER_ID, Offer, Tokens, message
from ccmproof.harness.lab.conformance.reader import Reader
from ccmproof.harness.lab.conformance.stores import known_of
from ccmproof.harness.lab.network import Crossing, Kind, Reason
from ccmproof.harness.lab.tokens import issue


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path, equipment().environment())
    yield made
    made.database.close()


@pytest.fixture
def known(lab: Lab) -> Known:
    """With Entra's keys read, as a lab's driver does."""
    known = known_of(lab)
    lab.entra.start()
    asyncio.run(known.published.begin())
    return known


def fields(known: Known, text: str) -> dict[str, str]:
    return {name.removeprefix("request."): value for name, value in facts.token(text, "request", known).items()}


def test_a_good_token_of_the_device(lab: Lab, known: Known) -> None:
    """By Entra's key, for the site, with what is left of its life in ticks."""
    tokens = Tokens(lab, known.published)
    text = tokens.of_entra(tokens.entra_claims(), 2)
    good = {"kind": "entra_device", "tenant": "own", "audience": "site", "owner": "device", "signer": "entra"}
    assert fields(known, text) == {**good, "life": "left_2"}
    lab.tick()
    assert fields(known, text) == {**good, "life": "left_1"}
    lab.tick()
    assert fields(known, text) == {**good, "life": "expired"}


def test_a_foreign_token_and_one_for_others(lab: Lab, known: Known) -> None:
    """Whose it is, and for whom."""
    tokens = Tokens(lab, known.published)
    foreign, other = fields(known, tokens.foreign()), fields(known, tokens.for_other_audience())
    assert (foreign["tenant"], foreign["owner"], foreign["signer"]) == ("other", "stranger", "entra")
    assert (other["audience"], other["owner"], other["tenant"]) == ("other", "user", "own")


@pytest.mark.parametrize("way", FORGERIES)
def test_every_forgery_is_seen_to_be_one(lab: Lab, known: Known, way: str) -> None:
    """Whatever its header says, nobody who may sign has signed it."""
    tokens = Tokens(lab, known.published)
    tokens.forgery = way
    for claims in (tokens.entra_claims(), tokens.ccm_claims()):
        assert fields(known, tokens.forged(claims))["signer"] == "forger"


def test_a_ccm_token_and_the_key_that_was_renewed(lab: Lab, known: Known) -> None:
    """Signed by the site's key, then by its former one; it names a ClientID or none."""
    tokens = Tokens(lab, known.published)
    text = issue(lab.site.signing_key, tokens.ccm_claims(), 8 * TICK, lab.world.clock.now())
    seen = fields(known, text)
    assert seen == {"kind": "ccm", "tenant": "own", "audience": "site", "owner": "device", "signer": "site",
                    "life": "left_8", "names": "client_id"}  # fmt: skip
    lab.administrator_renews_signing_key()
    assert fields(known, text)["signer"] == "retired"
    unnamed = issue(lab.site.signing_key, {**tokens.ccm_claims(), "clientId": ""}, TICK, lab.world.clock.now())
    assert fields(known, unnamed)["names"] == "provisional"


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30", "W10.W10.W10"])
def test_what_is_no_token_is_something_else(known: Known, text: str) -> None:
    """And never an error."""
    assert fields(known, text) == {"kind": facts.ELSE}


def _request(lab: Lab, offer: Offer) -> Crossing:
    sent = message(lab, offer, direct=False)
    headers = {name.lower(): value for name, value in sent.headers.items()}
    names = lab.names
    return Crossing(Kind.request, names.client, names.cmg, True, sent.method, sent.path, headers, sent.body)


def test_a_request_is_read(lab: Lab, known: Known) -> None:
    """Endpoint, path, CcmTokenAuth, whose message it says it is."""
    crossing = _request(lab, Offer("", "sts", "no", "stranger"))
    assert facts.request(crossing, known) == {
        "request.endpoint": "sts", "request.via": "gateway", "request.token_auth": "no",
        "request.path": "server_auth", "request.claims": "stranger", "request.account": "system",
        "request.kind": "none",
    }  # fmt: skip
    assert STRANGER_ID.encode() in crossing.body


def test_a_certificate_counts_where_the_gateway_has_seen_it(lab: Lab, known: Known) -> None:
    """Shown in the handshake, or handed on by the gateway."""
    crossing = _request(lab, Offer("", "location", "no", "client", mutual=True))
    shown = (lab.authorities.clients.certificate,)
    assert facts.request(replace(crossing, shown=shown), known)["request.kind"] == "certificate"
    handed = replace(crossing, headers={**crossing.headers, "x-cmg-client-certificate": "…"})
    assert facts.request(handed, known)["request.kind"] == "certificate"
    assert facts.request(crossing, known)["request.path"] == "mutual_auth"


def test_a_policy_request_is_signed_by_the_clients_own_key(lab: Lab, known: Known) -> None:
    """And by no other."""
    import base64

    crossing = _request(lab, Offer("", "policy", "yes", "client"))
    assert facts.request(crossing, known)["request.signed"] == "no"
    signature = base64.b64encode(lab.client.device.sign(crossing.body)).decode()
    signed = replace(crossing, headers={**crossing.headers, "ccmsignature": signature})
    assert facts.request(signed, known)["request.signed"] == "yes"
    assert facts.request(replace(signed, body=crossing.body + b" "), known)["request.signed"] == "no"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"Status": 0, "Approval": 3}, {"status": "ok", "outcome": "success", "approval": "3"}),
        (200, {"Status": 1}, {"status": "ok", "outcome": "pending"}),
        (401, {"Status": 3}, {"status": "401", "outcome": "rejected"}),
        (401, {}, {"status": "401", "outcome": "none"}),
        (200, {"Status": 9}, {"status": "ok", "outcome": facts.ELSE}),
        (418, {}, {"status": "418", "outcome": "none"}),
    ],
)
def test_replies_to_registrations(known: Known, status: int, body: dict[str, Any], expected: dict[str, str]) -> None:
    """Status, outcome, approval; what the model does not have is told as it is."""
    crossing = Crossing(Kind.reply, "a", "b", status=status, body=json.dumps(body).encode())
    wanted = {f"reply.{name}": value for name, value in {"kind": "none", **expected}.items()}
    assert facts.reply(crossing, "registration", known) == wanted


def test_connections_of_the_client_are_read_by_their_reasons(known: Known) -> None:
    """And one that the CMG refuses is nothing that the model has."""
    reader, names = Reader(known), known.names
    opened = reader.read(Crossing(Kind.opened, names.client, names.cmg))
    assert opened is not None
    assert opened.events == ("tls_succeeds",)
    refused = Crossing(Kind.refused, names.client, names.cmg, reason=Reason.revocation, by=names.client)
    seen = reader.read(refused)
    assert seen is not None
    assert seen.events == ("tls_revocation_check_fails",)
    other = reader.read(replace(refused, by=names.cmg))
    assert other is not None
    assert other.holds == "false"


def test_what_the_model_does_not_speak_of_is_passed_over(known: Known) -> None:
    """Keys and revocation lists that servers read."""
    reader, names = Reader(known), known.names
    assert reader.read(Crossing(Kind.request, names.cmg, names.entra, method="GET", path="/x/discovery/keys")) is None
    assert reader.read(Crossing(Kind.request, names.client, names.crl, method="GET", path="/Public Root.crl")) is None
