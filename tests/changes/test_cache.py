"""What is kept of a design: it is what a fresh look gives, and whatever is not that very thing is none."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import ccmproof.harness
import pytest
from ccmproof.harness.changes import cache
from ccmproof.harness.changes.cache import Kept, fingerprint, key_of
from ccmproof.harness.changes.design import Design
from ccmproof.harness.changes.side import Side, Ways, looked_at
from ccmproof.harness.changes.validate import validate
from ccmproof.harness.checker import network_of
from ccmproof.harness.engines import Limit
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property
from demo import SUITE, build, demo
from designs import change, entry, models, system
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library import TENS, at_least, at_most
from library import build as library_build

CALM = demo().scenarios["calm"]
SEEN = replace(demo(), goals={"in": "visitor is inside", "rings": "bell is ringing"})
NETWORK = network_of(CALM, SUITE, {}, build)


def side_of(settings: dict[str, str] | None = None, limit: Limit | None = None) -> Side:
    return looked_at(SEEN, Design(build, (), settings), CALM, SUITE, Ways(runs=False, limit=limit)).side


def same(one: Side, other: Side) -> bool:
    """Two sides of one network say the same; their sets of environments live in spaces of their own."""
    return (
        one.judged == other.judged
        and one.behaviour == other.behaviour
        and one.goals == other.goals
        and (one.stopped, one.states, one.moving_parts) == (other.stopped, other.states, other.moving_parts)
        and one.space.all() == other.space.all()
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_a_side_that_was_kept_is_the_one_that_was_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    model = data.draw(models())
    props = (Property("A", "c", "c", "", when="s0 is b", then="u0 is yes"),
             Property("B", "c", "c", "", possible=True, then="s1 is c and u1 is a"))  # fmt: skip
    here = system(model, props, {"c": "s0 is c"})
    side = looked_at(here, Design(here.build), here.default, props, Ways(runs=False)).side
    network = network_of(here.default, props, {}, here.build)
    kept = Kept(tmp_path_factory.mktemp("kept"))
    kept.put("k", side)
    read = kept.get("k", network)
    assert read is not None and same(read, side)
    for name, told in side.judged.items():
        if told.failing is not None:
            assert list(read.judged[name].failing or ()) == list(told.failing)


def test_bounds_are_kept(tmp_path: Path) -> None:
    props = (at_most(30), at_least(30))
    here = replace(demo(props), build=library_build, scenarios={"tens": TENS})
    side = looked_at(here, Design(library_build), TENS, props, Ways(runs=False)).side
    assert any(each.bound is not None for each in side.judged.values())
    Kept(tmp_path).put("k", side)
    read = Kept(tmp_path).get("k", network_of(TENS, props, {}, library_build))
    assert read is not None and same(read, side)


def test_a_search_that_was_cut_short_is_not_kept(tmp_path: Path) -> None:
    side = side_of(limit=Limit(nodes=1))
    assert side.stopped
    Kept(tmp_path / "new").put("k", side)
    assert not (tmp_path / "new").exists()


def test_there_is_none_where_nothing_was_kept(tmp_path: Path) -> None:
    assert Kept(tmp_path).get("k", NETWORK) is None
    assert Kept(tmp_path / "new").get("k", NETWORK) is None
    assert Kept(tmp_path / "new").clear() == 0
    (tmp_path / "k.json.gz").mkdir()
    assert Kept(tmp_path).get("k", NETWORK) is None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a side."""
    folder = tmp_path_factory.mktemp("whole")
    Kept(folder).put("k", side_of())
    return (folder / "k.json.gz").read_bytes()


def read(folder: Path, content: bytes) -> Side | None:
    (folder / "k.json.gz").write_bytes(content)
    return Kept(folder).get("k", NETWORK)


@settings(max_examples=200, deadline=None, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_a_damaged_file_is_none(tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp()
    cut = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        content = whole[:cut]
    else:
        content = whole[:cut] + bytes([whole[cut] ^ data.draw(st.integers(1, 255))]) + whole[cut + 1 :]
    found = read(folder, content)
    assert found is None or same(found, side_of())  # some bytes of a gzip's head say nothing


ODD: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another form": lambda data: {**data, "form": cache.FORM + 1},
    "other unknowns": lambda data: {**data, "names": ["lock", *data["names"][1:]]},
    "other values": lambda data: {**data, "values": [["good", "bad", "bent"], *data["values"][1:]]},
    "values in another order": lambda data: {**data, "values": [each[::-1] for each in data["values"]]},
    "no behaviour": lambda data: {key: each for key, each in data.items() if key != "fires"},
    "a list": lambda data: [data],
    "null": lambda data: None,
    "a number": lambda data: 3,
    "a list for a table": lambda data: {**data, "judged": [1]},
    "null for a table": lambda data: {**data, "goals": None},
    "a verdict that is none": lambda data: {
        **data, "judged": {name: {**each, "verdict": "perhaps"} for name, each in data["judged"].items()},
    },
    "a node that is not there": lambda data: {**data, "goals": {"in": 999}},
    "a bound that is none": lambda data: {
        **data, "judged": {name: {**each, "bound": {"odd": 1}} for name, each in data["judged"].items()},
    },
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_a_file_that_says_something_else_is_none(tmp_path: Path, whole: bytes, what: str) -> None:
    data = json.loads(gzip.decompress(whole))
    assert read(tmp_path, gzip.compress(json.dumps(data).encode())) is not None
    assert read(tmp_path, gzip.compress(json.dumps(ODD[what](data)).encode())) is None


@pytest.mark.parametrize("text", [b"", b"\xff", b"{", b"[" * 100_000], ids=["empty", "no UTF-8", "no JSON", "too deep"])
def test_a_file_that_is_no_such_file_is_none(tmp_path: Path, text: bytes) -> None:
    assert read(tmp_path, text) is None
    assert read(tmp_path, gzip.compress(text)) is None


def test_many_may_write_at_once(tmp_path: Path) -> None:
    side, kept = side_of(), Kept(tmp_path)

    def work(_: int) -> bool:
        kept.put("k", side)
        found = kept.get("k", NETWORK)
        return found is not None and same(found, side)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(40)))
    assert [path.name for path in tmp_path.iterdir()] == ["k.json.gz"]
    assert kept.clear() == 1 and list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_what_cannot_be_written_is_not_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    Kept(tmp_path).put("k", side_of())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Kept(tmp_path / "file" / "in").put("k", side_of())
    assert Kept(tmp_path / "file" / "in").get("k", NETWORK) is None


def key(scenario: Scenario = CALM, asked: tuple[Property, ...] = SUITE, network: Network = NETWORK) -> str:
    return key_of(network, scenario, asked, SEEN)


def test_the_key_is_of_all_that_the_answer_depends_on() -> None:
    others = [
        key(replace(CALM, name="other")),
        key(replace(CALM, tick=5)),
        key(replace(CALM, closed=True)),
        key(asked=SUITE[1:]),
        key(asked=(replace(SUITE[0], then="key is bad"), *SUITE[1:])),
        key(asked=(*SUITE[1:], SUITE[0])),
        key(network=network_of(CALM, SUITE, {"key": "good"}, build)),
        key(network=network_of(CALM, SUITE, {"porter_checks": "lax"}, build)),
        key(network=network_of(CALM, SUITE, {"alarm": "off,on"}, build)),
        key_of(NETWORK, CALM, SUITE, replace(SEEN, goals={})),
        key_of(NETWORK, CALM, SUITE, replace(SEEN, alphabet=system(build(CALM)).alphabet)),
    ]
    assert len({key(), *others}) == len(others) + 1
    assert key() == key(network=network_of(CALM, SUITE, {}, build))


def test_any_guard_is_in_the_key(tmp_path: Path) -> None:
    def with_guard(of: str, guard: Condition) -> Network:
        actors = [
            replace(each, transitions=(replace(each.transitions[0], when=guard), *each.transitions[1:]))
            if each.name == of
            else each
            for each in NETWORK.actors
        ]
        return replace(NETWORK, actors=tuple(actors))

    guard = NETWORK.condition("key is good and weather is wet")
    changed = [with_guard(of.name, guard) for of in NETWORK.moving]
    assert len({fingerprint(each) for each in (NETWORK, *changed)}) == len(changed) + 1
    assumed = replace(NETWORK, assume=(guard,))
    urgent = replace(NETWORK, events=tuple(replace(each, urgent=True) for each in NETWORK.events))
    assert len({fingerprint(NETWORK), fingerprint(assumed), fingerprint(urgent)}) == 3


def test_the_fairness_of_a_model_is_in_the_key_by_what_it_says() -> None:
    some = replace(NETWORK, fairness=lambda network: ())
    same_again = replace(NETWORK, fairness=lambda network: ())
    assert fingerprint(some) == fingerprint(same_again) != fingerprint(NETWORK)
    event, now = NETWORK.events[0].name, NETWORK.condition("key is good")
    said = [Fairness("one", (event,)), Fairness("two", (event,)), Fairness("one", (event,), strong=False),
            Fairness("one", (event,), when=now)]  # fmt: skip
    owed = [replace(NETWORK, fairness=lambda network, each=each: (each,)) for each in said]
    assert len({fingerprint(each) for each in (some, *owed)}) == len(owed) + 1


def test_a_changed_file_of_the_tool_gives_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "harness"
    package.mkdir()
    for name in ("__init__.py", "judge.py"):
        (package / name).write_text("# one\n")
    monkeypatch.setattr(ccmproof.harness, "__file__", str(package / "__init__.py"))
    keys = []
    try:
        for number in range(3):
            cache._tool.cache_clear()
            keys.append(key())
            if number == 1:
                (package / "judge.py").write_text("# two and more\n")
    finally:
        monkeypatch.undo()
        cache._tool.cache_clear()
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.long
def test_the_key_is_the_same_in_every_process() -> None:
    code = """
from ccmproof.harness.changes.cache import key_of
from ccmproof.harness.checker import network_of
from ccmproof.harness.system import shipped
here = shipped()
asked = here.asked_in(here.default, here.suite, named=False)
print(key_of(network_of(here.default, asked, {}, here.build), here.default, asked, here))
"""
    found = set()
    for seed in ("0", "1", "random"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-P", "-c", code], env=env, capture_output=True, text=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1


def test_a_validation_with_what_was_kept_says_the_same(tmp_path: Path) -> None:
    made = change(entry("alter.transition", actor="porter", event="let_in", when="true"))
    fresh = validate(SEEN, [made])
    kept = [validate(SEEN, [made], kept=Kept(tmp_path)) for _ in range(2)]
    assert len(list(tmp_path.iterdir())) == 1
    for each in kept:
        for one, other in zip(each.scenarios[0].told, fresh.scenarios[0].told, strict=True):
            assert one.compared.became is other.compared.became
            assert one.compared.broken == other.compared.broken
            assert one.refusal == other.refusal
        assert each.scenarios[0].behaves == fresh.scenarios[0].behaves
        assert [str(aim) for aim in each.scenarios[0].goals] == [str(aim) for aim in fresh.scenarios[0].goals]


def test_what_another_network_has_kept_is_not_taken(tmp_path: Path) -> None:
    """A file under the right name with the unknowns of another network: it is none, and is found out anew."""
    Kept(tmp_path).put("k", side_of({"key": "good"}))
    assert Kept(tmp_path).get("k", NETWORK) is None
