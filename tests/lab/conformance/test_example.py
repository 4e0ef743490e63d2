"""A client that has nothing of ours: the worked example conforms; a careless one is found out, and so is a liar."""

from __future__ import annotations

import ast
import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.cli import app, system
from ccmproof.harness.lab import contract, example
from ccmproof.harness.lab.asked import Fails
from ccmproof.harness.lab.client import Client
from ccmproof.harness.lab.conformance.adapter import OFFERS, judged_by
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.machine import Session
from ccmproof.harness.lab.contract import AnyClient, Observation, Registered, StoredToken, Work
from ccmproof.harness.lab.example.careless import CarelessClient
from ccmproof.harness.lab.example.client import ExampleClient
from ccmproof.harness.lab.example.entra import EntraTokens
from ccmproof.harness.lab.example.wires import Wires
from ccmproof.harness.lab.story import story
from ccmproof.harness.lab.world import SYSTEM
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner, Result

EXAMPLE, CONTRACT = Path(str(example.__file__)).parent, Path(str(contract.__file__)).parent
GO = Choice("go", "client")
WORKS = ("INSTALL", "REGISTER", "MESSAGE_SYSTEM", "REFRESH_SETTINGS", "MESSAGE_SYSTEM")


def lab_test(adapter: str, *words: str) -> Result:
    words = ("lab", "test", "--adapter", f"ccmproof.harness.lab.example.{adapter}", "-q", "--json", *words)
    return CliRunner().invoke(app, words, obj=system)


def worked(client: type[AnyClient], **changes: str) -> str:
    """What is told of a client that does its works, as far as they are due, and sends again eight hours later; nothing
    where it conforms."""
    from ccmproof.harness.lab.conformance.follow import Deviates

    session = Session(changes, {"client": client})
    try:
        for word in (*WORKS, *["tick"] * 8, "MESSAGE_SYSTEM"):
            choice = Choice("stimulus" if word == "tick" else "work", word)
            if not session.may(choice):
                continue
            session.do(choice)
            while session.driver.held:
                session.do(GO)
    except Deviates as deviates:
        return str(deviates)
    finally:
        session.close()
    return ""


# -- the example


def test_the_example_and_the_contract_have_nothing_of_our_client() -> None:
    imported = set()
    entra = {"own_entra.py", "unpublished.py"}
    for path in (*(each for each in EXAMPLE.glob("*.py") if each.name not in entra), *CONTRACT.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(f"{'.' * node.level}{node.module or ''}")
    ours = {name for name in imported if name.startswith(("ccmproof", ".."))}
    assert ours == {
        "..directory", "..network", "..world", "ccmproof.harness.lab.contract", "ccmproof.harness.lab.network",
        "ccmproof.harness.lab.trust", "ccmproof.harness.lab.world",
    }  # fmt: skip


def test_it_conforms_in_the_shipped_cases_and_in_labs_that_roam() -> None:
    answer = lab_test("client", "--no-schedules", "--labs", "3")
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["verdict"]) == (0, "conforms"), answer.stdout
    assert {each["verdict"] for each in found["cases"]} == {"conforms"}


@pytest.mark.long
def test_it_conforms_in_all_schedules() -> None:
    answer = lab_test("client", "--labs", "0")
    assert (answer.exit_code, json.loads(answer.stdout)["scheduled"]["failed"]) == (0, [])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pki": "valid"},
        {"wpj": "unusable", "pki": "valid", "install_prefers": "token"},
        {"device_app": "not_enabled", "content_in_cloud": "no", "properties_given": "yes"},
    ],
    ids=str,
)
def test_it_comes_to_what_ours_comes_to(tmp_path: Path, changes: dict[str, str]) -> None:
    from ccmproof.harness.lab.conformance.equipment import equipment

    environment = equipment().environment(changes)
    ours, theirs = (story(tmp_path / of.__name__, environment, {"client": of}) for of in (Client, ExampleClient))
    assert ours.complete and theirs.complete
    assert [step.event for step in theirs.run.steps] == [step.event for step in ours.run.steps]


def test_a_careless_one_is_found_out_with_the_claim_that_it_breaks() -> None:
    answer = lab_test("careless", "--no-schedules", "--labs", "0")
    cases = json.loads(answer.stdout)["cases"]
    assert answer.exit_code == 1
    assert any("messaging_sends_message" in each["why"] and "S-02m" in each["why"] for each in cases)
    assert "S-02m" in worked(CarelessClient)
    assert worked(ExampleClient) == ""


def test_it_may_close_its_connection_where_it_waits_no_more() -> None:
    """Then the late reply finds nobody: the lab goes on, and so does the client."""
    session = Session({}, {"client": ExampleClient})
    try:
        session.do(Choice("work", "INSTALL"))
        while not session.may(Choice("late", "client")):
            session.do(GO)
        session.do(Choice("late", "client"))
        assert not session.driver.held and session.may(Choice("work", "INSTALL"))
        session.do(Choice("arrive", "client"))
        assert not session.may(Choice("arrive", "client"))
        session.do(Choice("work", "INSTALL"))
        while session.driver.held:
            session.do(GO)
        assert session.lab.observed().installed
    finally:
        session.close()


# -- other mistakes


class _NoLists(Wires):
    def _checks_lists(self) -> bool:
        return False


class _AnyServer(Wires):
    async def verify(self, chain: Any, host: str) -> None:
        return


class _UserFirst(EntraTokens):
    async def for_system(self) -> str:
        return await self.for_user(next(iter(self.users)))


class ChecksNoLists(ExampleClient):
    wires_class = _NoLists


class TrustsAnyServer(ExampleClient):
    wires_class = _AnyServer


class AsksForUserFirst(ExampleClient):
    entra_class = _UserFirst


class KeepsItsFirstToken(ExampleClient):
    async def get_ccm_token(self, sid: str, entra: str, *, signed: bool) -> None:
        before = dict(self.tokens)
        await super().get_ccm_token(sid, entra, signed=signed)
        self.tokens |= before


class SignsNothing(ExampleClient):
    def signed(self, body: bytes) -> dict[str, str]:
        return {**super().signed(body), "CcmSignature": ""}


class ShowsNoToken(ExampleClient):
    def shows(self, certificate: Any, sid: str) -> dict[str, str]:
        return {"CcmTokenAuth": "0"}


class DownloadsUnasked(ExampleClient):
    async def from_cloud(self, shown: Any, url: str) -> bytes:
        return await self.from_management_point(shown)


class TakesItForRegistered(ExampleClient):
    async def register(self) -> None:
        self.registered = Registered(3)


class IsCancelled(ExampleClient):
    async def run(self, what: Work) -> None:
        raise asyncio.CancelledError


MISTAKES: dict[type[ExampleClient], tuple[dict[str, str], str]] = {
    ChecksNoLists: ({"crl": "unreachable"}, "the client opens a connection to the CMG"),
    TrustsAnyServer: ({"cmg_name": "mismatch"}, "cmg_name is match"),
    AsksForUserFirst: ({}, "S-05"),
    KeepsItsFirstToken: ({}, "cache.system.names is client_id, and provisional was seen"),
    SignsNothing: ({}, "request.signed is yes, and no was seen"),
    ShowsNoToken: ({}, "request.token_auth is yes, and no was seen"),
    DownloadsUnasked: (
        {"content_in_cloud": "yes"},
        "not so that connection in {created, revocation_checked}",
    ),
    TakesItForRegistered: ({}, "and registered was seen"),
    IsCancelled: ({}, "the client's run() ends with an error: CancelledError"),
}


@pytest.mark.parametrize(("client", "changes", "told"), [(each, *of) for each, of in MISTAKES.items()])
def test_mistakes_of_a_client_that_has_nothing_of_ours_are_found(
    client: type[ExampleClient], changes: dict[str, str], told: str
) -> None:
    assert told in worked(client, **changes)
    assert worked(ExampleClient, **changes) == ""


# -- lies


def lying(lie: Callable[[Observation], Observation]) -> type[ExampleClient]:
    """The example, which works as it does, and says something else."""

    class Liar(ExampleClient):
        def observe(self) -> Observation:
            return lie(super().observe())

    return Liar


def _with_token(of: Observation, change: Callable[[StoredToken], StoredToken]) -> Observation:
    return replace(of, tokens={sid: change(each) for sid, each in of.tokens.items()})


SOMEBODYS = ec.generate_private_key(ec.SECP256R1()).public_key()
LIES: dict[str, tuple[Callable[[Observation], Observation], str]] = {
    "it has no token": (lambda of: replace(of, tokens={}), "cache.system.life is left_8, and none was seen"),
    "its token lives longer": (
        lambda of: _with_token(of, lambda each: StoredToken(each.token, each.expires + timedelta(hours=1))),
        "cache.system.life is left_8, and something else was seen",
    ),
    "its token is one that nobody has signed": (
        lambda of: _with_token(of, lambda each: StoredToken(each.token[:-6] + "AAAAAA", each.expires)),
        "cache.system.signer is site, and forger was seen",
    ),
    "its user has a token too": (
        lambda of: replace(of, tokens={**of.tokens, "S-1-5-21-1004336348-1177238915-682003330-1104": of.tokens[SYSTEM]})
        if of.tokens else of,
        "cache.user.life is none, and left_8 was seen",
    ),
    "it is installed": (lambda of: replace(of, installed=True), "and installed was seen"),
    "it is not installed": (lambda of: replace(of, installed=False), "ccmsetup is installed"),
    "it has learnt nothing": (lambda of: replace(of, learnt_properties=False), "and not_known was seen"),
    "it is registered": (lambda of: replace(of, registered=Registered(3)), "and registered was seen"),
    "it is not registered": (lambda of: replace(of, registered=None), "registration is registered"),
    "it was told another approval": (
        lambda of: replace(of, registered=Registered(1, of.registered.has_new_token)) if of.registered else of,
        "registration.approval is 3, and 1 was seen",
    ),
    "it has the new token already": (
        lambda of: replace(of, registered=Registered(of.registered.approval, True)) if of.registered else of,
        "new_token is due, and got was seen",
    ),
    "it has refreshed its settings": (
        lambda of: replace(of, refreshed_settings=True), "security_settings is bootstrap, and refreshed was seen"),
    "it signs by another key": (lambda of: replace(of, public_key=SOMEBODYS), "request.signed is yes, and no was seen"),
    "it is somebody else": (
        lambda of: replace(of, client_id="GUID:0BADC0DE-0BAD-4BAD-8BAD-0BADC0DE0BAD"),
        "request.claims is client, and stranger was seen",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lie", "told"), LIES.values(), ids=LIES)
def test_what_a_client_says_is_held_against_what_crossed_the_wires(
    lie: Callable[[Observation], Observation], told: str
) -> None:
    assert told in worked(lying(lie))


def _in_pieces(token: str) -> bytes:
    return json.dumps(token.split(".")).encode()


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "in a sentence": lambda token: f'{{"token": "{token}", "more": 1}}'.encode(),
    "in two bytes a sign": lambda token: f"Bearer {token}".encode("utf-16-le"),
    "in base64": lambda token: base64.b64encode(token.encode()),
    "in base64, with what stands before it": lambda token: base64.b64encode(f"x {token} y".encode()),
    "in base64, with one sign more before it": lambda token: base64.b64encode(f"xy {token}".encode()),
    "in base64 of two bytes a sign": lambda token: base64.b64encode(token.encode("utf-16-le")),
    "in base64 for addresses": lambda token: base64.urlsafe_b64encode(token.encode()),
    "in base64 on several lines": lambda token: base64.encodebytes(token.encode()),
    "in digits": lambda token: token.encode().hex().encode(),
    "in large digits": lambda token: token.encode().hex().upper().encode(),
    "in digits of two bytes a sign": lambda token: token.encode("utf-16-le").hex().encode(),
    "in pieces": _in_pieces,
    "as the bytes that it stands for": lambda token: base64.urlsafe_b64decode(token.split(".")[2] + "=="),
    "as these, in digits": lambda token: base64.urlsafe_b64decode(token.split(".")[2] + "==").hex().encode(),
    "in the other alphabet": lambda token: token.replace("-", "+").replace("_", "/").encode(),
}


def keeping(written: Callable[[str], bytes], *, of_entra: bool) -> type[ExampleClient]:
    """The example, which keeps its tokens in a file, or those of Entra's that it is given."""

    def keep(client: ExampleClient, name: str, token: str) -> None:
        disk = client.wires.world.disk(client.config.name)
        disk.mkdir(parents=True, exist_ok=True)
        (disk / name).write_bytes(written(token))

    class Keeping(ExampleClient):
        async def get_ccm_token(self, sid: str, entra: str, *, signed: bool) -> None:
            await super().get_ccm_token(sid, entra, signed=signed)
            keep(self, "what-i-have", entra if of_entra else self.tokens[sid].token)

    return Keeping


@pytest.mark.parametrize("of_entra", [False, True], ids=["the site's", "Entra's"])
@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_token_in_clear_on_the_disk_is_seen_however_it_is_written(
    written: Callable[[str], bytes], of_entra: bool
) -> None:
    """The example keeps no file, so nothing is seen of its disk; one that does is looked at."""
    assert "cache_protection is encrypted, and plain was seen" in worked(keeping(written, of_entra=of_entra))


def test_where_tokens_lie_in_clear_by_the_environment_they_may() -> None:
    assert worked(keeping(str.encode, of_entra=False), cache_protection="plain") == ""


@pytest.mark.parametrize("of_entra", [False, True], ids=["the site's", "Entra's"])
def test_what_nobody_can_read_is_not_in_clear(of_entra: bool) -> None:
    """Nor is what a token says of its owner, without its signature."""

    def hashed(token: str) -> bytes:
        return f"{token.rpartition('.')[0]}.{hashlib.sha256(token.encode()).hexdigest()}".encode()

    assert worked(keeping(hashed, of_entra=of_entra)) == ""


def test_what_is_no_observation_is_told() -> None:
    class Silent(ExampleClient):
        def observe(self) -> Observation:
            return {}  # type: ignore[return-value]

    with pytest.raises(Fails, match="gives dict, and no Observation"):
        judged_by({"client": Silent}, [])


# -- the page


def test_the_page_about_adapters_names_all_that_is_asked_for() -> None:
    page = (CONTRACT.parent / "ADAPTERS.md").read_text(encoding="utf-8")
    missing = [
        name for offers in OFFERS.values() for name in offers if f"`{name}" not in page and name != "registrations"
    ]
    assert not missing
    public = {name for name in vars(AnyClient) if not name.startswith("_")}
    assert public == set(OFFERS["client"])
