"""The page's stepping against product.py: the same events may happen, in the same order, and lead to the same.

One room although it is long: one page is opened, and the same walks are taken in it for all that it repeats.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise
from itertools import product as combinations
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from ccmproof.diagrams.explorer.data import Subject, data_of, tokens_of
from ccmproof.diagrams.words import told
from ccmproof.harness.engines import explore
from ccmproof.harness.exploring import Explored
from ccmproof.harness.expression import expression
from ccmproof.harness.runfile import read_run
from ccmproof.harness.system import shipped
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import false_leaves, rewrite
from ccmproof.model.kernel.edit import SetPredicate, apply
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import replayed
from ccmproof.model.workflow import build
from ccmproof.properties.property import Property, broken
from explorer_twin import choices, load_network, loaded, numbered, successors, walked
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from strategies import conditions, models, networks

if TYPE_CHECKING:
    from playwright.sync_api import Page

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck],
               phases=[phase for phase in Phase if phase is not Phase.explain])  # fmt: skip
SYSTEM = shipped()
DRAWN = networks() | models()


@pytest.fixture
def twin(page: Page) -> Iterator[Page]:
    loaded(page)
    yield page


def starts(network: Network, most: int = 50) -> list[State]:
    """Some initial states; none means that the assumptions allow none."""
    found = list(islice(product.initial_states(network), most))
    assume(found)
    return found


def wander(network: Network, chance: Random, steps: int) -> list[State]:
    """The states of a random walk."""
    state = chance.choice(starts(network))
    seen = [state]
    for _ in range(steps):
        found = successors(network, state)
        if not found:
            break
        state = chance.choice(found)[1]
        seen.append(state)
    return seen


class TestStepping:
    @settings(FEW, max_examples=80)
    @given(network=DRAWN, chance=st.randoms(use_true_random=True))
    def test_random_networks(self, twin: Page, network: Network, chance: Random) -> None:
        """Thirty walks through each: some two thousand in all."""
        load_network(twin, network)
        begins = [chance.choice(starts(network)) for _ in range(30)]
        ways = [choices(chance, 8) for _ in begins]
        found = twin.evaluate(
            "(walks) => walks.map(([state, way]) => twin.walked(semantics, twin.at(semantics, state), way))",
            [[numbered(network, state), way] for state, way in zip(begins, ways, strict=True)],
        )
        assert found == [walked(network, state, way) for state, way in zip(begins, ways, strict=True)]

    @pytest.mark.parametrize(
        ("scenario", "walks"),
        [
            ("document", 4),
            pytest.param("any-environment", 50, marks=pytest.mark.long),
            pytest.param("adversary", 20, marks=pytest.mark.long),
            pytest.param("hourly", 20, marks=pytest.mark.long),
            pytest.param("two-clients", 10, marks=pytest.mark.long),
        ],
    )
    def test_the_shipped_model(self, twin: Page, scenario: str, walks: int) -> None:
        """From random environments, in which anything may be wrong."""
        network, chance = network_of(scenario), Random(scenario)
        load_network(twin, network)
        for _ in range(walks):
            state = anywhere(network, chance)
            way = choices(chance, 60)
            found = twin.evaluate(
                "([state, way]) => twin.walked(semantics, twin.at(semantics, state), way)",
                [numbered(network, state), way],
            )
            assert found == walked(network, state, way)

    def test_a_wrong_twin_is_found_out(self, twin: Page) -> None:
        """What the judge would say of a page that took "or" for "and"."""
        network = network_of("document")
        data = load_network(twin, network)
        twin.evaluate(
            "(data) => { for (const row of data.conditions) if (row[0] === 'or' && row[1].length > 1) row[0] = 'and';"
            " window.semantics = twin.semanticsOf(data); }",
            data,
        )
        chance = Random(1)
        state, way = anywhere(network, chance), choices(chance, 100)
        found = twin.evaluate(
            "([state, way]) => twin.walked(semantics, twin.at(semantics, state), way)", [numbered(network, state), way]
        )
        assert found != walked(network, state, way)


def network_of(scenario: str) -> Network:

    return expand(build(SYSTEM.scenarios[scenario]))


def anywhere(network: Network, chance: Random) -> State:
    """A random beginning that the assumptions allow."""
    while True:
        state = tuple(chance.choice(of.initial) for of in network.actors)
        if all(product.holds(network, condition, state) for condition in network.assume):
            return state


OPENED = """
([tokens, way]) => {
  // Walk with the unknowns open; where nothing surely may happen, or now and then, answer a question instead.
  const taken = [...tokens], seen = [];
  for (const choice of way) {
    const found = twin.follow(semantics, taken);
    if (found.stopped) return { error: found.stopped };
    const state = found.states[found.states.length - 1], truth = semantics.truthsIn(state);
    const may = semantics.events.map((event) => semantics.may(event, state, truth));
    const asks = semantics.events.map((event, e) => may[e] === twin.OPEN ? semantics.asks(event, state, truth) : null);
    const ends = semantics.events.map((event, e) => may[e] === twin.YES
      ? semantics.outcomes(event, state, truth).map((after) => [...after.at]) : []);
    seen.push({ at: [...state.at], may: state.may, truths: may, asks, ends });
    const steps = ends.flatMap((own, e) => own.map((_, k) => k ? `${e}.${k}` : `${e}`));
    const left = (actor) => (values) => semantics.narrow(state, actor, values) !== null;
    const answers = asks.filter(Boolean).flatMap(({ actor, inside, outside }) =>
      [inside, outside].filter(left(actor)).map((values) => `u${actor}=${values.join("+")}`));
    const all = choice % 3 && steps.length ? steps : answers.length ? answers : steps;
    if (!all.length) break;
    taken.push(all[choice % all.length]);
  }
  return { seen, tokens: taken };
}
"""


class TestOpenUnknowns:
    """What is sure is so in every environment that is left, what is excluded in none; a question tells two apart."""

    @FEW
    @given(network=DRAWN, chance=st.randoms(use_true_random=True))
    def test_random_networks(self, twin: Page, network: Network, chance: Random) -> None:
        starts(network)
        load_network(twin, network)
        found = twin.evaluate(OPENED, [[], choices(chance, 8)])
        for each in found["seen"]:
            self.check(network, each)

    def test_the_shipped_model(self, twin: Page) -> None:
        network, chance = network_of("any-environment"), Random(5)
        load_network(twin, network)
        for _ in range(2):
            found = twin.evaluate(OPENED, [[], choices(chance, 40)])
            assert len(found["seen"]) > 20
            for each in found["seen"]:
                self.check(network, each, chance)

    def check(self, network: Network, seen: dict[str, Any], chance: Random | None = None) -> None:
        for state in self.environments(network, seen, chance):
            for number, event in enumerate(network.events):
                ends = list(product.outcomes(network, event, state))
                truth = seen["truths"][number]
                assert truth == 1 or (truth == 2) == bool(ends), event.name
                if truth == 2:
                    told_ends = [self.closed(network, end, state) for end in seen["ends"][number]]
                    assert told_ends == ends
        for truth, asked in zip(seen["truths"], seen["asks"], strict=True):
            assert (truth == 1) == (asked is not None)
            if asked is not None:
                assert asked["inside"] and asked["outside"]
                assert sorted([*asked["inside"], *asked["outside"]]) == sorted(seen["may"][str(asked["actor"])])

    def closed(self, network: Network, end: list[int], state: State) -> State:
        return tuple(
            of.states[number] if number >= 0 else here
            for of, number, here in zip(network.actors, end, state, strict=True)
        )

    def environments(self, network: Network, seen: dict[str, Any], chance: Random | None) -> Iterator[State]:
        """The states that are left: all, or a few by chance. Assumptions speak of beginnings: here of unknowns only."""
        own = [seen["may"].get(str(a)) or [number] for a, number in enumerate(seen["at"])]
        some = combinations(*own) if chance is None else (tuple(map(chance.choice, own)) for _ in range(8))
        for numbers in islice(some, 64):
            yield tuple(of.states[number] for of, number in zip(network.actors, numbers, strict=True))


STANDINGS = """
(tokens) => {
  const { states, steps } = twin.follow(semantics, tokens);
  return twin.standingsOf(data, semantics, states, steps).map(({ claim, standing }) => [claim.name, standing]);
}
"""


class TestStandings:
    """What the page says of a claim is so in every environment that is left: it hides nothing behind what is open."""

    SETTLED = {"broken": True, "was": True, "reached": True, "tried": False, "quiet": False}

    @pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
    def test_the_shipped_claims(self, twin: Page, seed: int) -> None:
        explored, chance = Explored(SYSTEM, SYSTEM.scenarios["any-environment"]), Random(seed)
        network = explored.network
        twin.evaluate(
            "(data) => { window.data = data; window.semantics = twin.semanticsOf(data); }", data_of(explored.subject())
        )
        safety = {prop.id: prop for prop in explored.asked if prop.promise is None}
        told: set[str] = set()
        for _ in range(3):
            found = twin.evaluate(OPENED, [[], choices(chance, 45)])
            standings = dict(twin.evaluate(STANDINGS, found["tokens"]))
            told |= set(standings.values())
            for _ in range(3):
                path, events = self.closed(network, found, chance)
                for name, prop in safety.items():
                    standing = standings[name]
                    met = self.met(network, prop, path, events)
                    if standing in self.SETTLED:
                        assert met == self.SETTLED[standing], (name, standing, found["tokens"])
        assert {"tried", "quiet", "open"} <= told

    def met(self, network: Network, prop: Property, path: list[State], events: list[str]) -> bool:
        """Whether the run does what breaks the claim, or what the possibility asks for."""
        refutes = broken(prop, network)
        where = [product.holds(network, refutes, state) for state in path]
        if prop.on and not prop.possible:
            return any(here and event in prop.on for here, event in zip(where, events, strict=False))
        return any(where)

    def closed(self, network: Network, found: dict[str, Any], chance: Random) -> tuple[list[State], list[str]]:
        """The run in one of the environments that are left."""
        seen = found["seen"][-1]
        own = {
            of.name: of.states[chance.choice(seen["may"][str(a)])]
            for a, of in enumerate(network.actors)
            if str(a) in seen["may"]
        }
        closed = [token for token in found["tokens"] if token.startswith("u")]
        values = {int(token[1:].split("=")[0]): int(token.split("=")[1].split("+")[0]) for token in closed}
        state = tuple(
            own.get(of.name, of.states[values[a]] if a in values and str(a) not in seen["may"] else of.initial[0])
            for a, of in enumerate(network.actors)
        )
        path, events = [state], []
        for token in found["tokens"]:
            if token.startswith("u"):
                continue
            number, _, outcome = token.partition(".")
            event = network.events[int(number)]
            path.append(list(product.outcomes(network, event, path[-1]))[int(outcome or 0)])
            events.append(event.name)
        return path, events


class TestWords:
    def test_a_reason_is_never_what_is_open_yet(self, twin: Page) -> None:
        load_network(twin, network_of("any-environment"))
        found = twin.evaluate(OPENED, [[], choices(Random(3), 30)])
        said = twin.evaluate(
            "(tokens) => twin.follow(semantics, tokens).states.flatMap((state) => {"
            " const truth = semantics.truthsIn(state);"
            " return semantics.events.filter((event) => semantics.may(event, state, truth) === twin.NO)"
            " .map((event) => say.barred(event, state, truth)); })",
            found["tokens"],
        )
        assert len(said) > 1000
        assert all(reasons for reasons in said)
        for text in {text for reasons in said for text in reasons if text.endswith(" (open)")}:
            wanted, _, is_now = text.removesuffix(" (open)").partition(": it is ")
            negated = " is not " in wanted or " is neither " in wanted
            names = set(re.split(r" or | nor ", re.split(r" is (?:not |neither )?", wanted)[1]))
            values = set(re.split(r", | or ", is_now))
            assert values <= names if negated else not values & names, text

    @FEW
    @given(network=DRAWN, data=st.data(), chance=st.randoms(use_true_random=True))
    def test_conditions_have_their_truth_and_the_same_false_leaves(
        self, twin: Page, network: Network, data: st.DataObject, chance: Random
    ) -> None:
        drawn = data.draw(st.lists(conditions({a.name: a.states for a in network.actors}), min_size=1, max_size=4))
        load_network(twin, network, claims={str(i): each for i, each in enumerate(drawn)})
        for state in wander(network, chance, 3):
            found = twin.evaluate(
                "(state) => data.claims.map(({broken}) => { const here = twin.at(semantics, state);"
                " const truth = semantics.truthsIn(here);"
                " return [truth(broken), say.falseLeaves(broken, here, truth)]; })",
                numbered(network, state),
            )
            for (truth, leaves), condition in zip(found, drawn, strict=True):
                holds = product.holds(network, condition, state)
                assert truth == (2 if holds else 0)
                wanted = false_leaves(condition, lambda leaf, s=state: s[network.position[leaf.actor]] in leaf.names)
                plain = [text.partition(": it is ")[0] for text in leaves]
                assert plain == [told(text) if text not in ("true", "false") else "it never may" for text in wanted]

    @FEW
    @given(network=DRAWN, data=st.data(), chance=st.randoms(use_true_random=True))
    def test_what_is_written_is_read_as_ccmproof_reads_it(
        self, twin: Page, network: Network, data: st.DataObject, chance: Random
    ) -> None:

        drawn = rewrite(data.draw(conditions({a.name: a.states for a in network.actors})), lambda leaf: leaf)
        event = network.events[0].name if network.events else "true"
        text = f"({drawn}) and ({event} or not {event})" if data.draw(st.booleans()) else f"{event} or {drawn}"
        load_network(twin, network)
        meant = expression(text, network)
        for state in wander(network, chance, 3):
            found = twin.evaluate(
                "([text, state]) => semantics.truthsIn(twin.at(semantics, state))(parse(text))",
                [text, numbered(network, state)],
            )
            assert found == (2 if product.holds(network, meant, state) else 0), text

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("", "there should be a condition where there is the end"),
            ("ccmsetup is", "there should be a state where there is the end"),
            ("ccmsetupp is started", "there is no actor ccmsetupp (did you mean ccmsetup?)"),
            ("ccmsetup is strated", "ccmsetup has no state strated (did you mean started?); it has "),
            ("cmg in {idle", 'there should be "}" where there is the end'),
            ("tic", "there is no predicate or event tic (did you mean tick?)"),
            ("cmg is idle)", "the end should be where there is )"),
            ("cmg is idle ; x", "at character 12: ; is not understood"),
            ("not in {x}", "there should be a condition where there is in"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, twin: Page, text: str, complaint: str) -> None:
        load_network(twin, network_of("document"))
        said = twin.evaluate(
            "(text) => { try { parse(text); return ''; } catch (error) {"
            " if (!(error instanceof twin.Unreadable)) throw error; return error.message; } }",
            text,
        )
        assert said.startswith(complaint)


SEARCH = """
(goal) => {
  const steps = twin.searchFor(semantics, semantics.beginning(), parse(goal), 5000);
  let next = steps.next();
  while (!next.done) next = steps.next();
  const { tokens, all } = next.value;
  if (!tokens) return { tokens, all };
  const found = twin.follow(semantics, tokens);
  return { tokens, all, stopped: found.stopped, states: found.states.map((state) => [[...state.at], state.may]) };
}
"""


class TestSearch:
    @FEW
    @given(network=networks(), data=st.data())
    def test_the_way_is_a_shortest_one_of_all_environments(
        self, twin: Page, network: Network, data: st.DataObject
    ) -> None:
        moving = {of.name: of.initial[:1] for of in network.moving}
        network = replace(
            network, actors=tuple(replace(of, initial=moving.get(of.name, of.initial)) for of in network.actors)
        )
        starts(network)
        goal = data.draw(conditions({a.name: a.states for a in network.actors}))
        load_network(twin, network)

        found = twin.evaluate(SEARCH, str(rewrite(goal, lambda leaf: leaf)))
        explored = explore(network, engine="reference")
        (path,) = explored.shortest([explored.where(goal)])
        if path is None:
            assert found == {"tokens": None, "all": True}
            return
        assert found["stopped"] is None
        assert len([token for token in found["tokens"] if not token.startswith("u")]) == len(path.events)

    def test_cut_short_it_says_that_there_are_more(self, twin: Page) -> None:
        load_network(twin, network_of("any-environment"))
        found = twin.evaluate(SEARCH.replace("5000", "50"), "registration is registered")
        assert found == {"tokens": None, "all": False}


class TestRuns:
    @FEW
    @given(network=DRAWN, chance=st.randoms(use_true_random=True))
    def test_a_run_has_the_same_states_in_the_page(self, twin: Page, network: Network, chance: Random) -> None:
        path = wander(network, chance, 6)
        events = [
            network.events[next(e for e, end in successors(network, one) if end == other)].name
            for one, other in pairwise(path)
        ]
        run = replayed(network, path, events)
        load_network(twin, network)
        found = twin.evaluate(
            "(tokens) => { const found = twin.follow(semantics, tokens);"
            " return [found.stopped, found.states.map((state) => [...state.at])]; }",
            tokens_of(run, network),
        )
        assert found == [None, [numbered(network, state) for state in path]]

    def test_the_page_says_a_run_as_ccmproof_reads_it(self, twin: Page, tmp_path: Path) -> None:
        network = network_of("any-environment")
        load_network(twin, network)
        found = twin.evaluate(OPENED, [[], choices(Random(9), 70)])
        said = twin.evaluate(
            "(tokens) => { const history = twin.historyOf(semantics); history.load(tokens);"
            " return twin.runOf(data, semantics, say, history); }",
            found["tokens"],
        )
        file = tmp_path / "explored.run.json"
        file.write_text(json.dumps(said), encoding="utf-8")
        read = read_run(file, SYSTEM, SYSTEM.scenarios["any-environment"])
        assert len(read.run) == len([token for token in found["tokens"] if not token.startswith("u")]) > 10
        assert read.run.to_json() == said


def test_the_fingerprint_is_of_all_that_decides_about_steps() -> None:
    """An address of one model is refused by the page of another, also where only a predicate means something else."""
    network = network_of("document")
    known = fingerprint(network)
    assert known == fingerprint(network_of("document"))
    changed = expand(apply(build(SYSTEM.scenarios["document"]), SetPredicate("device_can_sign", "device_is_joined")))
    assert [str(t.when) for a in changed.actors for t in a.transitions] == [
        str(t.when) for a in network.actors for t in a.transitions
    ]
    others = [changed, replace(network, assume=()), network_of("any-environment")]
    assert len({known, *map(fingerprint, others)}) == 4


def fingerprint(network: Network) -> str:
    return str(data_of(Subject("t", "a", network))["fingerprint"])
