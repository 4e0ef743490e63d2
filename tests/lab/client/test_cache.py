"""The token cache: encrypted, bound to its SID and its expiry, and never fatal."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.client import Protection
from ccmproof.harness.lab.client.cache import Entry, TokenCache
from ccmproof.harness.lab.client.device import write_whole
from ccmproof.harness.lab.clock import Clock
from ccmproof.harness.lab.world import SYSTEM, USER
from hypothesis import given
from hypothesis import strategies as st

KEY = bytes(range(32))


class Setting:
    def __init__(self, folder: Path, protection: Protection = Protection.encrypted) -> None:
        self.clock = Clock()
        self.cache = TokenCache(folder, KEY, self.clock.now, protection)
        self.entry = Entry("header.payload.signature", self.clock.now() + timedelta(hours=8))


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def test_what_is_put_is_got(setting: Setting) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    assert setting.cache.get(SYSTEM) == setting.entry
    assert setting.cache.get(USER) is None


def test_the_token_is_not_on_the_disk(setting: Setting) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    assert b"payload" not in setting.cache.path(SYSTEM).read_bytes()


def test_the_same_token_never_looks_the_same(setting: Setting) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    first = setting.cache.path(SYSTEM).read_bytes()
    setting.cache.put(SYSTEM, setting.entry)
    assert setting.cache.path(SYSTEM).read_bytes() != first


def test_an_entry_does_not_open_under_another_sid(setting: Setting) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    shutil.copy(setting.cache.path(SYSTEM), setting.cache.path(USER))
    assert setting.cache.get(USER) is None
    assert setting.cache.get(SYSTEM) == setting.entry


def test_nor_with_another_expiry(setting: Setting) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    path = setting.cache.path(SYSTEM)
    content = json.loads(path.read_bytes())
    content["expires"] = (setting.entry.expires + timedelta(days=1)).isoformat()
    path.write_bytes(json.dumps(content).encode())
    assert setting.cache.get(SYSTEM) is None


def test_nor_with_another_key(setting: Setting, tmp_path: Path) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    assert TokenCache(tmp_path, bytes(32), setting.clock.now).get(SYSTEM) is None


def test_an_entry_is_alive_until_its_expiry(setting: Setting) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    setting.clock.advance(timedelta(hours=8) - timedelta(microseconds=1))
    assert setting.cache.live(SYSTEM) == setting.entry
    setting.clock.advance(timedelta(microseconds=1))
    assert setting.cache.live(SYSTEM) is None
    assert setting.cache.get(SYSTEM) == setting.entry


def test_a_dropped_entry_is_gone(setting: Setting) -> None:
    setting.cache.put(SYSTEM, setting.entry)
    setting.cache.drop(SYSTEM)
    setting.cache.drop(SYSTEM)
    assert setting.cache.get(SYSTEM) is None


def test_plain_lies_open_where_it_is_set_so(tmp_path: Path) -> None:
    setting = Setting(tmp_path, Protection.plain)
    setting.cache.put(SYSTEM, setting.entry)
    assert setting.cache.get(SYSTEM) == setting.entry


@given(st.binary(max_size=200))
def test_any_file_is_an_entry_or_none(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    setting = Setting(tmp_path_factory.mktemp("cache"))
    setting.cache.path(SYSTEM).write_bytes(content)
    assert setting.cache.get(SYSTEM) is None


@given(
    st.dictionaries(
        st.sampled_from(["expires", "token"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.integers()),
    )
)
def test_so_is_any_json(tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]) -> None:
    setting = Setting(tmp_path_factory.mktemp("cache"))
    setting.cache.path(SYSTEM).write_bytes(json.dumps(content).encode())
    assert setting.cache.get(SYSTEM) is None


@given(st.data())
def test_any_changed_bit_is_seen(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    setting = Setting(tmp_path_factory.mktemp("cache"))
    setting.cache.put(SYSTEM, setting.entry)
    path = setting.cache.path(SYSTEM)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(bytes(content))
    assert setting.cache.get(SYSTEM) in (None, setting.entry)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")

    def broken(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
