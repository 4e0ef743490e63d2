"""A profile says what is so: by hand on two processes and a lock, by brute force on random networks, to the letter."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from ccmproof.harness import cli
from ccmproof.harness.checker import check, network_of
from ccmproof.harness.engines import Limit, explore
from ccmproof.harness.engines.levels import Level, Relation, levels, moving, relations
from ccmproof.harness.engines.symbolic import Symbolic
from ccmproof.harness.profile import Profile, Profiler
from ccmproof.harness.render.profile import BANDS, bands_of, bar
from ccmproof.harness.render.text import render
from ccmproof.harness.report import Measured, Report, gather
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.actor import actor, put, record, send, take
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, attempted, broken
from demo import SCENARIOS, SUITE, build, demo
from hypothesis import given, settings
from small import locked
from strategies import networks
from typer.testing import CliRunner

ORDER = ("p0", "p1", "lock")
ORDER_OF_DOOR = ("visitor", "request.shown", "request.count", "porter", "bell", "has_asked", "was_refused")
ALONE = Scenario("alone", "")
RUNNER = CliRunner()


def symbolic(network: Network, engine: str = "plain", order: tuple[str, ...] | None = None) -> Symbolic:
    found = explore(network, engine=engine, order=order)
    assert isinstance(found, Symbolic)
    return found


def profiled(report: Report) -> Profile:
    assert report.profile is not None
    return report.profile


def test_two_processes_and_a_lock_by_hand() -> None:
    """The reached set has two nodes for p1, whether p0 holds the lock or not, and two for the lock."""
    explored = symbolic(locked(2), order=ORDER)
    assert (explored.states, explored.moving_parts) == (15, 15)
    assert [(each.actor, each.moving, each.values, each.reached, each.without) for each in levels(explored)] == [
        ("p0", True, 4, 1, 7),
        ("p1", True, 4, 2, 7),
        ("lock", True, 2, 2, 15),
    ]
    assert relations(explored) == {
        "want.0": Relation(1, "p0", "p0", 1),
        "enter.0": Relation(2, "p0", "lock", 3),
        "leave.0": Relation(2, "p0", "lock", 3),
        "want.1": Relation(1, "p1", "p1", 1),
        "enter.1": Relation(2, "p1", "lock", 2),
        "leave.1": Relation(2, "p1", "lock", 2),
    }


@settings(max_examples=150, deadline=None)
@given(networks())
def test_forgotten_actors_and_nodes_are_those_of_brute_force(network: Network) -> None:
    explored, judge = symbolic(network), explore(network, engine="reference")
    found = levels(explored)
    reached: Any = judge.reached
    places = [i for i, each in enumerate(network.actors) if not each.is_unknown]
    for each in found:
        left = [i for i in places if network.actors[i].name != each.actor]
        assert each.without == len({tuple(state[i] for i in left) for state in reached.members})
        assert each.values == len(judge.entered[each.actor])
        assert each.moving == (not network.actor[each.actor].is_unknown)
    assert [each.actor for each in found if each.moving] == list(explored.order)
    assert sum(each.made for each in found) == len(explored.store) - 2
    assert sum(each.reached for each in found) == sum(1 for _ in explored.store.nodes(explored.reached.node))
    parts, top = moving(explored)
    assert parts.count(top) == explored.moving_parts


@settings(max_examples=60, deadline=None)
@given(networks())
def test_the_twins_have_the_same_levels_and_relations(network: Network) -> None:
    pytest.importorskip("numba")
    plain, compiled = symbolic(network), symbolic(network, "numba")
    assert levels(plain) == levels(compiled)
    assert relations(plain) == relations(compiled)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_events_and_sets_are_those_of_the_reference(scenario: str) -> None:
    found = profiled(check(SCENARIOS[scenario], SUITE, build=build, engine="plain", profile=True))
    network = network_of(SCENARIOS[scenario], SUITE, {}, build)
    judge = explore(network, engine="reference")
    happening = {each.event: each.states for each in found.events if each.states}
    assert happening == {name: judge.can_fire(name).count for name in judge.fired}
    assert list(happening.values()) == sorted(happening.values(), reverse=True)
    sets = {(p.id, False): judge.where(broken(p, network)).count for p in SUITE}
    sets |= {(p.id, True): judge.where(attempted(p, network)).count for p in SUITE}
    assert {(each.prop, each.attempt): each.states for each in found.sets} == sets


def test_the_nodes_of_the_phases_are_all_that_were_made() -> None:
    network = network_of(SCENARIOS["calm"], SUITE, {}, build)
    explored = symbolic(network)
    profiler = Profiler(explored)
    explored.where(network.condition("visitor is inside or bell is ringing and key is good"))
    profiler.lap()
    explored.shortest([explored.where(network.condition("visitor is inside"))])
    before = explored.nodes
    grown = profiler.profile([], []).growth
    assert grown.relations + grown.exploration + grown.verdicts + grown.runs == before
    assert min(grown.relations, grown.exploration, grown.verdicts) > 0


def test_a_search_that_was_cut_short_is_profiled_as_far_as_it_came() -> None:
    system = shipped()
    few = Limit(nodes=4000)
    report = check(
        system.scenario("document"), [system.property("S-05")], engine="plain", limit=few, profile=True, runs=False
    )
    assert not report.complete
    found = profiled(report)
    assert 0 < found.moving_parts == report.size.moving_parts <= report.size.states
    assert 0 < found.events[0].states <= report.size.states
    assert found.growth.exploration > few.nodes


def dial(states: int) -> Model:
    """A dial that turns by itself, and a lamp that nobody has to do with it."""
    faces = [f"at_{i}" for i in range(states)]
    turns = [send("turn", face, after) for face, after in pairwise(faces)]
    lamp = actor("lamp", host="h", states="off on", rows=[send("light", "off", "on"), send("darken", "on", "off")])
    return Model.of("dial", actor("dial", host="h", states=faces, rows=turns, waits=faces[-1]), lamp)


@pytest.mark.parametrize(
    ("states", "then", "advice"),
    [
        (5, "lamp is off", ()),
        (
            6,
            "lamp is off",
            (
                "dial makes 6.0 times as many moving parts, and no property that was asked reads it: can it do with"
                " fewer states, or can the scenario leave it out?",
            ),
        ),
        (6, "lamp is off or dial is at_0", ()),
    ],
)
def test_an_actor_that_multiplies_and_is_never_asked_about_stands_out(
    states: int, then: str, advice: tuple[str, ...]
) -> None:
    prop = Property("X-01", "Lamp", "It is dark", "", then=then, expected="fails")
    report = check(ALONE, [prop], build=lambda *_: dial(states), profile=True, runs=False)
    assert profiled(report).advice == advice


def copying(bits: int) -> Model:
    """Two events copy a record of so many bits, each of which may be set before."""
    fields = {f"f{i}": "no yes" for i in range(bits)}
    rows = [send(f"set_{i}", "here", "here", "", put("a", **{f"f{i}": "yes"})) for i in range(bits)]
    rows += [send(name, "here", "there", "", take("b", "a")) for name in ("copy", "copy_too")]
    return Model.of(
        "copying",
        *record("a", fields, host="h"),
        *record("b", fields, host="h"),
        actor("hand", host="h", states="here there", rows=rows),
    )


BAD = ("hand", "b.f0", *(f"a.f{i}" for i in range(11)), *(f"b.f{i}" for i in range(1, 11)))
COPIED = Property("X-01", "Copy", "Nothing is copied", "", then="hand is here and b.f0 is no", expected="fails")


def test_a_large_relation_and_the_fields_that_lie_far_apart_stand_out() -> None:
    """What lies below ``a.f1`` must remember its value and those that follow, until ``b`` has them one by one.

    4 nodes down to ``a.f0``, 1 + 2 + … + 2^9 on the rest of ``a``, 2^10 + … + 2 on the rest of ``b``.
    """
    report = check(ALONE, [COPIED], build=lambda *_: copying(11), order=BAD, profile=True, runs=False)
    found = profiled(report)
    assert {each.relation for each in found.events if each.event.startswith("copy")} == {
        Relation(4 + 1023 + 2046, "hand", "b.f10", 23)
    }
    assert found.advice == (
        "the relation of copy has 3,073 nodes, and 2 events have one of more than 1,000: can it copy less at once?",
        "b.f0 and b.f10, fields of one record that copy moves, lie 21 levels apart:"
        " `ccmproof order` looks for a better order",
    )
    good = ["hand", *(f"{of}.f{i}" for i in range(11) for of in "ab")]
    report = check(ALONE, [COPIED], build=lambda *_: copying(11), order=good, profile=True, runs=False)
    assert profiled(report).advice == ()


def test_a_bar_is_as_long_as_it_says() -> None:
    assert bar(2, 4, 8, 8) == "██▒▒    "
    assert bar(8, 8, 8, 8) == "████████"
    assert bar(1, 2, 1000, 8) == "█       "
    assert bar(0, 1, 1000, 8) == "▒       "
    assert bar(0, 0, 8, 8) == " " * 8


def test_bands_have_neighbours_of_one_kind() -> None:
    of = [Level(f"m{i}", True, 2, 1, 1, 1) for i in range(40)] + [Level(f"u{i}", False, 2, 1, 1, 1) for i in range(15)]
    found = bands_of(of)
    assert [each for band in found for each in band] == of
    assert {len({each.moving for each in band}) for band in found} == {1}
    assert len(found) <= BANDS + 2
    assert max(map(len, found)) == 3
    assert [len(band) for band in bands_of(of[:5])] == [1] * 5


PAGE = """\
What makes storm large

 By phase
  nodes  seconds  phase
             0.0  model
    121           relations of the events
     70      0.0  exploration; its time is with the relations
     23      0.0  verdicts
     17      0.0  runs

 Events by the states in which they may happen
  states        nodes  span  event: top … bottom of its relation
      16  50 %      1     1  fall_silent: bell
      16  50 %      1     1  ring: bell
       8  25 %      6     6  ask_with_bad_key: visitor … has_asked
       8  25 %      6     6  ask_with_good_key: visitor … has_asked
       8  25 %      6     7  turn_away: visitor … was_refused
       4  12 %      3     3  leave: visitor … request.count
       4  12 %      4     7  let_in: visitor … was_refused
  the largest relation: 6 nodes, of ask_with_bad_key: visitor … has_asked

 Actors by how they multiply the 14 moving parts
  factor  values  nodes reached  made  actor
  × 2.00       2              0     5  bell
  × 1.40       2              3     6  was_refused
  × 1.17       2              3    10  has_asked
  × 1.17       3              3    22  request.shown

 Nodes by level from the top: █ of the reached set, ▒ made besides
  reached  made                            actors
        1    26  █▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  visitor
        3    22  ███▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒     request.shown
        4    16  ████▒▒▒▒▒▒▒▒▒▒▒           request.count
        4    18  ████▒▒▒▒▒▒▒▒▒▒▒▒▒         porter
        0     5  ▒▒▒▒▒                     bell
        3    10  ███▒▒▒▒▒▒▒                has_asked
        3     6  ███▒▒▒                    was_refused
        2     4  ██▒▒                      key (environment)
        0     1  ▒                         weather (environment)

 The largest sets that properties ask for
  states        property
      32   all  attempt of R-01
      32   all  attempt of R-02
      16  50 %  attempt of A-01

"""


def page(**how: Any) -> str:
    report = check(SCENARIOS["storm"], SUITE, build=build, engine="plain", order=ORDER_OF_DOOR, profile=True)
    return render(gather([replace(report, measured=Measured())], together=False), **how)


def test_the_page_to_the_letter() -> None:
    text = page()
    assert text[text.index("What makes") : text.index("9 verdicts")] == PAGE


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_longer_than_the_page(width: int) -> None:
    for ascii in (False, True):
        text = page(width=width, ascii=ascii)
        assert max(map(len, text.splitlines())) <= width
        assert text.isascii() == ascii
        assert "?" not in text[text.index("What makes") :]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo in place of the shipped system."""
    monkeypatch.setattr(cli, "system", demo)
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.usefixtures("door")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--engine", "reference"], "the engine 'reference' has no levels to profile; ask it of --engine symbolic"),
        (["--engine", "oxidd"], "the engine 'oxidd' has no levels to profile; ask it of --engine symbolic"),
        (["--format", "junit"], "--profile: JUnit has no place for it; ask --format text or json"),
    ],
)
def test_where_there_is_no_profile_one_line_says_so(arguments: list[str], complaint: str) -> None:
    result = RUNNER.invoke(cli.app, ["check", "--profile", *arguments])
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"ccmproof: {complaint}\n")


@pytest.mark.usefixtures("door")
def test_json_has_the_profile_where_it_was_asked_and_only_there() -> None:
    def reports(*more: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(RUNNER.invoke(cli.app, ["check", "--all", "--json", *more]).stdout)[
            "reports"
        ]
        return found

    plain, with_profile = reports(), reports("--profile")
    for each, without in zip(with_profile, plain, strict=True):
        found = each.pop("profile")
        assert each.pop("measured").keys() - without.pop("measured").keys() == {"profile_seconds"}
        assert each == without
        assert sum(level["moving"] for level in found["levels"]) == each["size"]["actors"] - each["size"]["unknowns"]
        assert found["events"][0]["states"] <= each["size"]["states"]
