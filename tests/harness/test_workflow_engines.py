"""The engine against the judge on the workflow itself: states, deadlocks, the whole suite's verdicts, shortest runs."""

from __future__ import annotations

import networkx as nx
import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.engines import Exploration, Limit, explore, reference
from ccmproof.harness.judge import Asked, judge
from ccmproof.harness.system import shipped
from ccmproof.model.kernel import product
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.graph import product_graph
from ccmproof.model.kernel.network import Event, Network, State
from ccmproof.model.kernel.run import replayed
from ccmproof.model.workflow import SCENARIOS
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.properties.property import Verdict
from ccmproof.properties.suite import CORE
from demand import on_demand
from hypothesis import event as note_event
from hypothesis import given, settings
from sites import GETS_NOWHERE, Pins, site, sites

pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")  # the engine raises it

FEW = settings(max_examples=3, deadline=None, derandomize=True, database=None)
MORE = settings(FEW, max_examples=25)
A_FEW_STATES = Limit(nodes=400)
"""Where the judge stops in the tests that are to be quick: it does a few hundred states a second."""

ALONE = {**HEALTHY, **GETS_NOWHERE, "adversary": "present"}
"""An adversary beside a device that gets nowhere."""
FAULTS = {"faults_happen": "on", "content_hash": "bad"}
"""Faults during an installation that never ends well."""


def agree(network: Network, limit: Limit | None = None) -> Exploration:
    """Compare what the engine says of the network with what the judge says, and give the engine's exploration.

    What the judge has found before a limit stopped it is a part of what the engine finds, refutations included.
    """
    found, judged = explore(network), reference.explore(network, limit=limit)
    assert found.complete
    assert all(state in found.reached for state in judged.reached.members)
    assert found.environments == judged.environments
    asked = [Asked.of(prop, network) for prop in CORE]
    if not judged.complete:
        for each in asked:
            here = judge(each, found.where(each.decides), found, "site")
            there = judge(each, judged.where(each.decides), judged, "site")
            if there.verdict is Verdict.FAILS and not each.prop.possible:
                assert here.verdict is Verdict.FAILS, each.prop.id
                assert there.failing is not None and here.failing is not None
                assert there.failing <= here.failing, each.prop.id
        return found
    assert found.states == judged.states
    same_deadlocks(found, judged)
    assert found.entered == judged.entered
    for each in asked:
        here, there = (judge(each, of.where(each.decides), of, "site", with_tried=False) for of in (found, judged))
        assert (here.verdict, here.as_expected, here.note) == (there.verdict, there.as_expected, there.note), (
            here.prop.id
        )
        assert here.failing == there.failing, here.prop.id
    same_runs(found, judged, asked)
    return found


def same_deadlocks(found: Exploration, judged: reference.Reference) -> None:
    stuck, members = found.deadlocks(), judged.deadlocks().members
    assert stuck.count == len(members)
    assert all(state in stuck for state in members)


def same_runs(found: Exploration, judged: reference.Reference, asked: list[Asked]) -> None:
    """The shortest run to where each claim is attempted and to where it is broken, and that each of them replays."""
    conditions = [*(each.attempt for each in asked), *(each.decides for each in asked)]
    mine = found.shortest([found.where(condition) for condition in conditions])
    its = judged.shortest([judged.where(condition) for condition in conditions])
    assert [path and len(path.events) for path in mine] == [path and len(path.events) for path in its]
    for path, condition in zip(mine, conditions, strict=True):
        if path is not None:
            replayed(found.network, path.states, path.events, broken=~condition)


@FEW
@given(pins=sites(hurdle=True, switches=False))
def test_random_sites(pins: Pins) -> None:
    note_event(f"{len(str(agree(site(pins), A_FEW_STATES).states))} digits of states")


@FEW
@given(pins=sites(hurdle=True, switches=True))
def test_random_sites_in_which_things_happen(pins: Pins) -> None:
    note_event(f"{len(str(agree(site(pins), A_FEW_STATES).states))} digits of states")


@pytest.mark.parametrize(
    "powers",
    [{}, {"direct": "yes"}, {"cmg_compromised": "yes"}, {"adversary_account": "other_tenant"}],
    ids=lambda powers: "_".join(powers) or "outsider",
)
def test_an_adversary_beside_a_device_that_gets_nowhere_as_far_as_the_judge_comes(powers: Pins) -> None:
    agree(site({**ALONE, **powers}), A_FEW_STATES)


def test_a_semantics_that_forgets_an_event_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: for a judge in whose world ccmsetup never gives up there is a state less."""
    right = product.successors

    def forgetful(network: Network, state: State) -> list[tuple[Event, State]]:
        return [(event, after) for event, after in right(network, state) if event.name != "ccmsetup_gives_up"]

    network = site({**HEALTHY, "tenant": "not_onboarded"})
    agree(network)
    monkeypatch.setattr(product, "successors", forgetful)
    with pytest.raises(AssertionError, match=r"^assert 10 == 9\n"):
        agree(network)


@pytest.mark.parametrize(
    "pins",
    [{}, FAULTS, ALONE, {**ALONE, "cmg_compromised": "yes", "cp_count": "2"}],
    ids=["healthy", "faults", "adversary", "adversary in the gateway, two connection points"],
)
def test_whatever_has_happened_a_request_can_be_sent_again(pins: Pins) -> None:
    """The line is a channel of capacity one: a request that is answered or lost must give it back in the end."""
    found = explore(site({**HEALTHY, **pins}, ()))
    free = found.where(found.network.condition("line is free"))
    assert 0 < free.count < found.states
    (path,) = found.shortest([found.reached - found.backward(free)])
    assert (path and path.events) is None


@pytest.mark.long
@MORE
@given(pins=sites(hurdle=True, switches=True))
def test_more_random_sites_in_which_things_happen(pins: Pins) -> None:
    agree(site(pins), Limit(nodes=1500))


@pytest.mark.long
@settings(FEW, max_examples=2)
@given(pins=sites(hurdle=False, switches=False))
def test_random_sites_in_which_clients_are_served(pins: Pins) -> None:
    agree(site(pins), Limit(nodes=1500))


@pytest.mark.long
@on_demand("the judge takes minutes; as far as it comes in seconds it is asked each time")
def test_an_adversary_beside_a_device_that_gets_nowhere() -> None:
    found = agree(site(ALONE))
    assert found.states > 1000


@pytest.fixture(scope="module")
def document() -> Network:
    """The scenario of the document's own walk."""
    return site(SCENARIOS["document"].pins)


@pytest.fixture(scope="module")
def found(document: Network) -> Exploration:
    return explore(document)


@pytest.fixture(scope="module")
def graph(document: Network) -> nx.MultiDiGraph:
    return product_graph(document, limit=100_000)


@pytest.mark.long
def test_on_the_document_engine_judge_and_graph_have_the_same_states(
    document: Network, found: Exploration, graph: nx.MultiDiGraph
) -> None:
    judged = reference.explore(document)
    assert set(graph) == judged.reached.members
    assert found.states == len(graph)
    assert all(state in found.reached for state in graph)


@pytest.mark.long
def test_on_the_document_the_same_events_happen_and_the_same_states_are_ends(
    found: Exploration, graph: nx.MultiDiGraph
) -> None:
    happens = {event for _, _, event in graph.edges(keys=True)}
    assert found.fired == tuple(each.name for each in found.network.events if each.name in happens)
    ends = [state for state in graph if graph.out_degree(state) == 0]
    stuck = found.deadlocks()
    assert (stuck.count, [state in stuck for state in ends]) == (len(ends), [True] * len(ends))


@pytest.mark.long
def test_on_the_document_verdicts_and_shortest_runs_are_those_of_the_graph(
    document: Network, found: Exploration, graph: nx.MultiDiGraph
) -> None:
    starts = [state for state, initial in graph.nodes(data="initial") if initial]
    assert len(starts) == 4
    distances = {start: nx.single_source_shortest_path_length(graph, start) for start in starts}
    assert [set(reached) for reached in distances.values()] == [
        {start} | nx.descendants(graph, start) for start in starts
    ]
    assert max(max(of.values()) for of in distances.values()) + 1 == found.measure_depth()
    for prop in CORE:
        asked = Asked.of(prop, document)
        decisive = [state for state in graph if product.holds(document, asked.decides, state)]
        nearest = {start: min((of[state] for state in decisive if state in of), default=None)
                   for start, of in distances.items()}  # fmt: skip
        compare(asked, found, nearest)


@pytest.mark.long
@pytest.mark.parametrize("engine", ["networkx", "oxidd"])
def test_a_whole_check_of_the_document_says_the_same(engine: str) -> None:
    assert said("document", engine) == said("document")


@pytest.mark.long
def test_binary_diagrams_find_the_same_in_every_environment() -> None:
    of = shipped()
    chosen = of.default
    asked = of.asked_in(chosen, of.suite, named=False)
    reports = [check(chosen, asked, engine=engine, runs=False) for engine in ("symbolic", "oxidd")]
    sizes, reaches, judgements = zip(*((each.size, each.reach, each.judgements) for each in reports), strict=True)
    assert [each.complete for each in reports] == [True, True]
    assert sizes[0] == sizes[1] and reaches[0] == reaches[1]
    for mine, its in zip(*judgements, strict=True):
        assert (mine.verdict, mine.failing, mine.note) == (its.verdict, its.failing, its.note), mine.prop.id


def test_networkx_refuses_what_is_too_large_and_says_what_to_pin() -> None:
    with pytest.raises(ModelError, match=r"too many for a graph of at most 50,000: pin some of "):
        explore(site({}), engine="networkx")


def said(scenario: str, engine: str = "symbolic") -> list[object]:
    """All that a check says of a scenario: of each property the verdict, the environments and the run; the sizes."""
    of = shipped()
    chosen = of.scenario(scenario)
    report = check(chosen, of.asked_in(chosen, of.suite, named=False), engine=engine)
    assert report.complete and not report.stopped
    judgements = [
        (
            each.prop.id,
            each.verdict,
            each.as_expected,
            each.failing and list(each.failing),
            each.note,
            each.counterexample and each.counterexample.run.to_json(),
        )
        for each in report.judgements
    ]
    return [report.size, report.reach, *judgements]


def compare(asked: Asked, found: Exploration, nearest: dict[State, int | None]) -> None:
    """``nearest`` says, for each initial state, after how many steps what decides the property is first met."""
    name, network = asked.prop.id, found.network
    decisive = found.where(asked.decides)
    met = found.environments_of(decisive)
    for start, steps in nearest.items():
        environment = {each.name: start[network.position[each.name]] for each in network.unknowns}
        assert (environment in met) == (steps is not None), name
    (path,) = found.shortest([decisive])
    assert (path and len(path.events)) == min((n for n in nearest.values() if n is not None), default=None), name
    judgement = judge(asked, found.where(asked.decides), found, "document")
    refuted = met.is_empty if asked.prop.possible else not met.is_empty
    if asked.exactly is not None:
        refuted = any(product.holds(network, asked.exactly, start) != (n is not None) for start, n in nearest.items())
    assert (judgement.verdict is Verdict.FAILS) == refuted, name
    if not asked.prop.asked_in or "document" in asked.prop.asked_in:
        assert judgement.as_expected, name
