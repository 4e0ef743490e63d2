"""What the client's logs say: as the product's do, all of it recognised, diagnosed as it was, and nothing secret."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from ccmproof.harness.replay.following.answer import Verdict
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment, equipment
from ccmproof.harness.replay.gathered import gathered
from cryptography.hazmat.primitives import serialization

from .fakes import Town
from .stories import STORIES, Story, told

BY_NAME = {story.name: story for story in STORIES}
SECRET = re.compile(r"eyJ[\w-]{8,}|Bearer |-----BEGIN|Negotiate |content-token|secret")


@pytest.fixture(scope="module")
def using(tmp_path_factory: pytest.TempPathFactory) -> Equipment:
    made = equipment(keep=False)
    made.folder = tmp_path_factory.mktemp("kept")
    return made


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Town]:
    folder = tmp_path_factory.mktemp("stories")
    return {story.name: told(story, folder / story.name) for story in STORIES}


def folder_of(town: Town) -> Path:
    return town.world.folder / "logs" / town.config.name


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_it_is_diagnosed_as_it_was(story: Story, towns: dict[str, Town], using: Equipment) -> None:
    (of,) = gathered([folder_of(towns[story.name])], using.recogniser).devices
    found = diagnose(of.seen, using, logs=of.logs, device=of.device)
    assert found.verdict.value in (story.verdict, *story.too)
    assert not found.deviations
    ranks = {each.cause.name: each.rank for each in found.named}
    if story.verdict == Verdict.CONFORMS.value:
        assert not ranks
    elif found.verdict is not Verdict.CONFORMS:
        assert 1 in [ranks.get(cause) for cause in story.causes], ranks


def test_every_line_is_recognised(towns: dict[str, Town], using: Equipment) -> None:
    for name, town in towns.items():
        (of,) = gathered([folder_of(town)], using.recogniser, all_lines=True).devices
        assert [line.text for line in of.others] == [], name


def secrets(town: Town) -> set[str]:
    """Everything that must not be read in a log: what opened something on a wire, and what lies in the stores."""
    found = {town.client.device.cache_key.hex(), base64.b64encode(town.client.device.cache_key).decode()}
    key = town.client.device.signing_key.private_numbers().private_value
    found |= {f"{key:x}", str(key)}
    for each in town.crossings:
        found |= set(each.headers.get("authorization", "").split()[1:])
        found |= {part for part in re.findall(r"[\w.-]{40,}", each.body.decode("latin-1")) if "eyJ" in part}
        if b'"session"' in each.body:
            found.add(json.loads(each.body)["session"])
        found |= set(re.findall(r"token=([\w-]+)", each.body.decode("latin-1")))
    return {each for each in found if len(each) > 5}


def test_nothing_secret_is_in_any_log(towns: dict[str, Town]) -> None:
    looked_for = 0
    for name, town in towns.items():
        text = "".join(path.read_text("utf-8") for path in (town.world.folder / "logs").rglob("*.log"))
        hidden = secrets(town)
        looked_for += len(hidden)
        assert not {each for each in hidden if each in text}, name
        assert not SECRET.search(text), name
    assert looked_for > 200


def test_nor_on_the_disk(towns: dict[str, Town]) -> None:
    for name, town in towns.items():
        content = b"".join(path.read_bytes() for path in town.client.device.folder.rglob("*") if path.is_file())
        assert not {each for each in secrets(town) if each.encode() in content}, name
        assert b"PRIVATE" not in content, name


def test_nor_in_what_the_parts_say_of_themselves(towns: dict[str, Town]) -> None:
    town = towns["user_fallback"]
    hidden = secrets(town)
    shown = [repr(town.client.cache.get("S-1-5-18")), repr(town.client.users.anyone()), repr(town.client.wam.__dict__)]
    assert not {each for each in hidden for text in shown if each in text}


def test_the_workplace_join_key_is_nowhere(towns: dict[str, Town]) -> None:
    town = towns["succeeds"]
    assert town.config.wpj is not None
    pem = town.config.wpj.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    line = pem.splitlines()[1]
    for path in town.world.folder.rglob("*"):
        assert not path.is_file() or line not in path.read_bytes()


def test_entras_log_has_the_name_of_the_version(tmp_path: Path) -> None:
    old = Town(tmp_path, version_2107=False)
    BY_NAME["succeeds"].tell(old)
    assert "Retrieved AAD token" in old.logs("ADALOperationProvider") and old.logs("CcmAad") == ""


def test_lines_of_all_logs_have_times_of_their_own(towns: dict[str, Town]) -> None:
    town = towns["renews"]
    times = re.findall(r'time="([\d:.]+)', "".join(path.read_text() for path in folder_of(town).glob("*.log")))
    assert len(times) == len(set(times))
