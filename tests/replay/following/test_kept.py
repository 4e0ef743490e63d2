"""What is kept of the model: right, found out once, and found out anew where a file is damaged."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from brute import Seen as Whole
from ccmproof.harness import cli
from ccmproof.harness.replay.following import kept as kept_module
from ccmproof.harness.replay.following.ground import Ground
from ccmproof.harness.replay.following.kept import Kept
from ccmproof.model.kernel import product
from ccmproof.model.kernel.network import Network
from hypothesis import assume, given
from strategies import models, networks
from typer.testing import CliRunner

from .followed import members


@given(networks() | models())
def test_after_an_event_the_model_is_where_the_reference_says(network: Network) -> None:
    assume(list(product.initial_states(network)))
    ground, whole = Ground(network), Whole(network)
    kept = Kept(ground, engine="plain")
    for event in network.events:
        expected = {after for state in whole.states for after in product.outcomes(network, event, state)}
        found = kept.after(event.name)
        assert members(ground, found, whole.states) == expected
        assert ground.store.count(found) == len(expected)


def network() -> Network:
    """A door in a house that has a key or has none; only with the key can it be opened."""
    from ccmproof.model.kernel.condition import In
    from ccmproof.model.kernel.network import Actor, Event, Transition

    row = Transition("open", frozenset({"shut"}), "ajar", In("key", frozenset({"there"})))
    door = Actor("door", ("shut", "ajar"), ("shut",), (row,))
    key = Actor("key", ("there", "lost"), ("there", "lost"))
    return Network("house", (door, key), (Event("open", "door", ("door",)),))


def test_the_causes_are_those_for_which_a_goal_is_out_of_reach(tmp_path: Path) -> None:
    for _ in range(2):  # found out, and read
        (cause,) = Kept(Ground(network()), tmp_path, engine="plain").causes("door is ajar")
        assert str(cause) == "key is lost"
        assert cause.environments.count == cause.count == 1


def test_it_is_found_out_once(tmp_path: Path) -> None:
    asked: list[str] = []
    for _ in range(2):
        kept = Kept(Ground(network()), tmp_path, ["open"], engine="plain", told=lambda: asked.append("once"))
        assert kept.ground.states(kept.after("open"))["door"] == ("ajar",)
        assert kept.after("no such event") == 0
    assert asked == ["once"]


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    Kept(Ground(network()), tmp_path, engine="plain").after("open")
    (file,) = tmp_path.rglob("*.json.gz")
    for damaged in (
        b"",
        b"no gzip",
        gzip.compress(b"no json"),
        gzip.compress(b"{}"),
        gzip.compress(b'{"nodes": 3}'),
        gzip.compress(b'{"nodes": [[9, 8]], "top": 2, "sizes": [2, 2]}'),
    ):
        file.write_bytes(damaged)
        kept = Kept(Ground(network()), tmp_path, engine="plain")
        assert kept.ground.states(kept.after("open"))["door"] == ("ajar",)


def test_what_cannot_be_kept_is_no_loss(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    kept = Kept(Ground(network()), blocked, engine="plain")
    assert kept.ground.states(kept.after("open"))["door"] == ("ajar",)


def test_another_model_is_kept_apart(tmp_path: Path) -> None:
    Kept(Ground(network()), tmp_path, engine="plain").after("open")
    Kept(Ground(network()), tmp_path, key="another", engine="plain").after("open")
    assert len(list(tmp_path.rglob("*.json.gz"))) == 2


def test_what_is_kept_can_be_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an option that needs no logs; nothing else of the folder goes."""
    for name in ("one/after-a.json.gz", "one/after-b.json.gz", "two/after-a.json.gz", "two/mine.txt"):
        path = tmp_path / "replay" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    monkeypatch.setattr(kept_module, "usual_folder", lambda: tmp_path / "replay")
    result = CliRunner().invoke(cli.app, ["replay", "--clear-cache"], env={"COLUMNS": "200"})
    assert (result.exit_code, result.output) == (0, f"3 files removed from {tmp_path / 'replay'}\n")
    assert [each for each in (tmp_path / "replay").rglob("*") if each.is_file()] == [tmp_path / "replay/two/mine.txt"]
    assert not (tmp_path / "replay/one").exists()
    result = CliRunner().invoke(cli.app, ["replay", "--clear-cache"], env={"COLUMNS": "200"})
    assert result.output.startswith("0 files removed")
