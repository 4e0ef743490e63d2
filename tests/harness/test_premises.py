"""Premises: a conjunct that is needed, one that is not, one that is settled; all of them by the definition itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.engines import ENGINES, Limit, explore, graph
from ccmproof.harness.judge import Asked
from ccmproof.harness.premises import SETTLED_EVERYWHERE, Loose, Need, Premises, together
from ccmproof.harness.promises import Promises
from ccmproof.harness.report import Exit, Report, gather
from ccmproof.harness.system import shipped
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import FALSE, And, Condition, actors_of, all_of, any_of
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State
from ccmproof.properties.property import Promise, Property, weaker
from ccmproof.properties.spare import SPARE, Spare
from ccmproof.properties.timing import Bound, Stopwatch
from demo import SCENARIOS, WATCH, build
from fairness_models import NOT_SERVED, RESTLESS, SERVE_IN_THE_HALL, VISITOR
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import conditions, networks, wanderers

NEEDED, IDLE, SETTLED = Need.NEEDED, Need.SPARE, Need.SETTLED
ENGINES_ASKED = ("symbolic", "reference")


def claim(when: str = "", then: str = "false", **more: object) -> Property:
    return Property("X", "c", "x", "", when=when, then=then, **more)  # type: ignore[arg-type]


def needs(prop: Property, scenario: str = "calm", **options: object) -> dict[str, Need]:
    """What the scenario of the door says of the conjuncts."""
    set_ = options.pop("settings", {})
    report = check(SCENARIOS[scenario], [prop], set_, build=build, premises=True, **options)  # type: ignore[arg-type]
    found = report.judgements[0].premise
    assert found is not None
    return {each.text: each.need for each in found}


@pytest.mark.parametrize("engine", ENGINES_ASKED)
def test_a_conjunct_is_needed_where_the_claim_without_it_fails_in_another_environment(engine: str) -> None:
    prop = claim("visitor is waiting and key is good", "request.shown is good")
    assert needs(prop, engine=engine) == {"visitor is waiting": NEEDED, "key is good": NEEDED}


@pytest.mark.parametrize("engine", ENGINES_ASKED)
def test_what_another_conjunct_implies_is_spare_until_a_setting_makes_it_matter(engine: str) -> None:
    prop = claim("visitor is inside and request.shown is good", "key is good")
    assert needs(prop, engine=engine) == {"visitor is inside": IDLE, "request.shown is good": IDLE}
    lax = needs(prop, engine=engine, settings={"porter_checks": "lax"})
    assert lax == {"visitor is inside": IDLE, "request.shown is good": NEEDED}


def test_an_only_conjunct_is_one_too_and_a_predicate_is_one() -> None:
    assert needs(claim("fits", "key is good")) == {"fits": NEEDED}
    assert needs(claim("visitor is inside", "key is good or visitor is not inside")) == {"visitor is inside": IDLE}


def test_what_reads_unknowns_that_the_scenario_has_settled_could_not_be_noticed() -> None:
    prop = claim("alarm is off and visitor is inside", "bell is silent")
    assert needs(prop) == {"alarm is off": SETTLED, "visitor is inside": IDLE}
    assert needs(prop, "storm") == {"alarm is off": NEEDED, "visitor is inside": IDLE}
    assert needs(claim("bell is silent and visitor is inside", "key is good"))["bell is silent"] is IDLE, "it moves"


def test_of_a_claim_that_fails_the_environments_are_compared() -> None:
    prop = claim("visitor is waiting and weather is dry and request.count is one", "key is good")
    assert needs(prop) == {"visitor is waiting": IDLE, "weather is dry": NEEDED, "request.count is one": IDLE}


def test_a_requirement_is_weakened_in_its_premise_and_keeps_its_events() -> None:
    prop = claim("key is bad and visitor is waiting", "false", on=("let_in",))
    assert needs(prop) == {"key is bad": NEEDED, "visitor is waiting": IDLE}


def test_a_claim_about_history_is_too() -> None:
    prop = claim("visitor is inside and weather is wet", "has_asked is yes", observers=(WATCH,))
    assert needs(prop) == {"visitor is inside": NEEDED, "weather is wet": IDLE}


def test_what_is_said_twice_is_one_and_a_possibility_has_no_premise() -> None:
    assert list(needs(claim("key is good and key is good", "fits"))) == ["key is good"]
    assert needs(claim("key is good and weather is dry", "fits", possible=True)) == {}
    assert needs(claim(then="key is good")) == {}


def test_of_a_claim_in_time_another_bound_is_noticed_too() -> None:
    """Counted in silences since the first ring: while the bell is silent there was one at least."""
    watch = Stopwatch("since_first_ring", ("ring",), reaches=15, tick="fall_silent")
    prop = claim("bell is silent and weather is dry", on=("let_in",), bound=Bound(watch, 0, grain=5, least=True))
    assert needs(prop, "storm") == {"bell is silent": NEEDED, "weather is dry": IDLE}
    prop = replace(prop, when="bell is silent and visitor is waiting")
    assert needs(prop, "storm") == {"bell is silent": NEEDED, "visitor is waiting": IDLE}


def promised(when: str, unless: str = "") -> Property:
    return claim(when, str(~NOT_SERVED), promise=Promise.EVENTUALLY, unless=unless)


def promise_needs(prop: Property, groups: list[Fairness], engine: str = "symbolic") -> dict[str, Need]:
    promises = Promises(explore(VISITOR, engine=engine), groups)
    asked = Asked.of(prop, VISITOR)
    found = Premises(promises, None).of(asked, asked.met(promises))
    assert found is not None
    return {each.text: each.need for each in found}


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_of_a_promise_what_ends_it_is_a_conjunct_too(engine: str) -> None:
    """He who is never obliged to pass the gate may walk to and fro; in the hall he need not be served either."""
    found = promise_needs(promised("hours is open and visitor is hall", "hours is over"), [RESTLESS], engine)
    assert found == {"hours is open": IDLE, "visitor is hall": IDLE, "unless hours is over": IDLE}
    found = promise_needs(promised("visitor is gate", "visitor is home or hours is over"), [], engine)
    assert found == {"visitor is gate": IDLE, "unless visitor is home": IDLE, "unless hours is over": NEEDED}
    found = promise_needs(
        promised("visitor is not hall", "hours is over or visitor is gate"), [SERVE_IN_THE_HALL], engine
    )
    assert found["unless hours is over"] is NEEDED


def test_nothing_is_said_where_the_search_was_cut_short() -> None:
    report = check(SCENARIOS["calm"], [claim("fits")], build=build, premises=True, limit=Limit(seconds=0))
    assert not report.complete and report.judgements[0].premise is None
    assert together([report], ()) == ()


def reached(network: Network) -> set[State]:
    found = set(product.initial_states(network))
    new = list(found)
    while new:
        after = {state for _, state in product.successors(network, new.pop())} - found
        found |= after
        new += after
    return found


def environment(network: Network, state: State) -> tuple[str, ...]:
    return tuple(value for actor, value in zip(network.actors, state, strict=True) if actor.is_unknown)


def written(parts: list[Condition]) -> str:
    return " and ".join(f"({part})" for part in parts)


def by_definition(
    network: Network, parts: tuple[Condition, ...], fails: Callable[[Condition], object]
) -> dict[str, Need]:
    """What the definition says of each conjunct, given where the claim with a premise fails."""
    unknowns = {actor.name for actor in network.actors if actor.is_unknown}
    before, found = fails(all_of(*parts)), {}
    for part in parts:
        begins = [product.holds(network, part, state) for state in product.initial_states(network)]
        without = fails(all_of(*(other for other in parts if other != part)))
        need = NEEDED if without != before else IDLE
        found[str(part)] = SETTLED if actors_of(part) <= unknowns and all(begins) else need
    return found


@pytest.mark.parametrize("engine", ENGINES_ASKED)
@settings(max_examples=80, deadline=None)
@given(network=networks(), data=st.data())
def test_a_claim_against_the_definition(engine: str, network: Network, data: st.DataObject) -> None:
    alphabet = {actor.name: actor.states for actor in network.actors}
    drawn = data.draw(st.lists(conditions(alphabet, 1), min_size=1, max_size=3))
    then = data.draw(conditions(alphabet, 1) | st.just(FALSE))
    on = tuple(data.draw(st.lists(st.sampled_from([event.name for event in network.events]), max_size=2, unique=True)))
    prop = claim(written(drawn), str(then), on=on)
    states = reached(network)

    def fails(premise: Condition) -> object:
        return {
            environment(network, state)
            for state in states
            if product.holds(network, premise & ~then, state)
            and (not on or any(product.enabled(network, network.event[name], state) for name in on))
        }

    when = network.condition(prop.when)
    parts = when.parts if isinstance(when, And) else (when,)
    promises = Promises(explore(network, engine=engine), ())
    asked = Asked.of(prop, network)
    found = Premises(promises, None).of(asked, asked.met(promises))
    assert found is not None
    assert {each.text: each.need for each in found} == by_definition(network, parts, fails)


@pytest.mark.parametrize("promise", Promise)
@settings(max_examples=80, deadline=None)
@given(drawn=wanderers(), data=st.data())
def test_a_promise_against_each_weaker_one_asked_by_itself(
    promise: Promise, drawn: tuple[Network, list[Fairness], Condition], data: st.DataObject
) -> None:
    """The judge takes components of the product graph, asked of one weaker premise after the other."""
    network, groups, open_ = drawn
    alphabet = {actor.name: actor.states for actor in network.actors}
    parts = data.draw(st.lists(conditions(alphabet, 1), min_size=1, max_size=3))
    ends = data.draw(st.lists(conditions(alphabet, 0), max_size=2))
    unless = str(any_of(*ends)) if ends else ""
    prop = claim(written(parts), str(~open_), promise=promise, unless=unless)
    judge = Promises(graph.explore(network), groups)
    promises = Promises(explore(network), groups)

    def broken(of: Property) -> set[tuple[str, ...]]:
        found = judge.explored.environments_of(Asked.of(of, network).met(judge))
        return {tuple(each.values()) for each in found}

    asked = Asked.of(prop, network)
    found = Premises(promises, None).of(asked, asked.met(promises))
    assert found is not None
    noticed = {each.text: broken(each.claim) != broken(prop) for each in weaker(prop, network)}
    assert {each.text: each.need is NEEDED for each in found} == noticed


def reports(prop: Property, *scenarios: str) -> list[Report]:
    return [check(SCENARIOS[name], [prop], build=build, premises=True) for name in scenarios]


def test_together_a_conjunct_is_loose_where_no_scenario_needs_it() -> None:
    found = reports(claim("alarm is off and visitor is inside", "bell is silent"), "calm", "storm")
    assert together(found, ()) == (Loose("X", "visitor is inside", ""),)
    assert together(found[:1], ()) == (
        Loose("X", "alarm is off", SETTLED_EVERYWHERE),
        Loose("X", "visitor is inside", ""),
    )


def test_the_list_is_compared_both_ways() -> None:
    found = reports(claim("alarm is off and visitor is inside", "bell is silent"), "calm", "storm")
    good = Spare("X Y", ("visitor is inside",), "it says so")
    bad = Spare("X", ("alarm is off",), "it says so")
    assert [each.is_news for each in together(found, ())] == [True]
    assert [each.is_news for each in together(found, (good,))] == [False]
    assert together(found, (good, bad)) == (
        Loose("X", "alarm is off", "it says so", ("storm",)),
        Loose("X", "visitor is inside", "it says so"),
    )
    exits = [gather(found, together=True, loose=together(found, listed)).exit for listed in ((), (good,), (good, bad))]
    assert exits == [Exit.UNEXPECTED, Exit.AS_EXPECTED, Exit.UNEXPECTED]


def test_the_list_of_the_suite_names_what_is_there_and_says_why() -> None:
    """That each is a conjunct, and not needed, is tested where every scenario is explored."""
    assert {name for each in SPARE for name in each.properties.split()} <= {prop.id for prop in shipped().suite}
    assert all(each.reason and each.conjuncts for each in SPARE)
