"""The checker checked: faults put into the checker itself, and for each of them what notices it.

A fault is a change of the code while a test runs. A detector is a function that passes on the checker as it is, and has
to fail with the fault; the table says which detector answers for which fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from ccmproof.harness import checker, judge, report, system
from ccmproof.harness.checker import check
from ccmproof.harness.counterexample import EngineError
from ccmproof.harness.engines import Exploration, Path, budget, graph, prepared, reference, symbolic
from ccmproof.harness.engines.budget import Watch
from ccmproof.harness.engines.layout import Layout
from ccmproof.harness.engines.reduce import Reduced
from ccmproof.harness.engines.relation import Builder, Relations
from ccmproof.harness.engines.saturation import Saturation
from ccmproof.model.kernel import graph as kernel_graph
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import FALSE, TRUE
from ccmproof.model.kernel.diagram import EMPTY, Store
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from ccmproof.properties.property import Property, Verdict
from demo import SUITE, build
from detectors import (
    a_failing_claim_has_its_shortest_run,
    a_large_search_that_is_cut_short_says_so,
    a_property_about_what_is_not_there_is_refused,
    a_search_that_is_cut_short_proves_nothing,
    all_that_is_asked_is_answered,
    an_empty_suite_is_unusable,
    an_unexpected_failure_is_told,
    an_unusable_model_is_refused,
    every_run_that_is_shown_replays,
    the_binary_diagrams_agree,
    the_closed_form_is_met,
    the_graph_agrees,
    the_plain_engine_agrees,
)

Patch = pytest.MonkeyPatch


def drop_an_event_from_the_relations(patch: Patch) -> None:
    right = Builder.relation
    patch.setattr(Builder, "relation", lambda self, event: EMPTY if event.name in DROPPED else right(self, event))


DROPPED = {"let_in", "ring"}


def drop_an_event_from_the_reduction(patch: Patch) -> None:
    right = prepared.reduce

    def dropping(network: Network) -> Reduced:
        whole = right(network)
        return replace(whole, rows={name: rows for name, rows in whole.rows.items() if name not in DROPPED})

    patch.setattr(prepared, "reduce", dropping)


def drop_an_event_from_the_graph(patch: Patch) -> None:
    right = product.outcomes
    spoiled = _Product(outcomes=lambda n, event, state: () if event.name in DROPPED else right(n, event, state))
    patch.setattr(kernel_graph, "product", spoiled)


class _Product:
    """The semantics page with one function replaced, for one module alone: the judge keeps the right one."""

    def __init__(self, **spoiled: Callable[..., Any]) -> None:
        self.__dict__.update({**vars(product), **spoiled})


def drop_an_event_from_the_images(patch: Patch) -> None:
    from ccmproof.harness.engines import bdd

    right = bdd.Images.image
    patch.setattr(
        bdd.Images, "image", lambda self, s: self.bits.false if self.parts[0].name == "bell" else right(self, s)
    )


def forget_the_guards_of_events(patch: Patch) -> None:
    right = Builder.relation
    patch.setattr(Builder, "relation", lambda self, event: right(self, replace(event, guard=TRUE)))


def empty_the_suite(patch: Patch) -> None:
    patch.setattr(system.System, "asked_in", lambda self, scenario, chosen, *, named: tuple(chosen)[:0])


def let_an_empty_suite_through(patch: Patch) -> None:
    patch.setattr(system.System, "select", lambda self, patterns=(): self.suite)
    patch.setattr(system.System, "asked_in", lambda self, scenario, chosen, *, named: tuple(chosen))
    patch.setattr(checker, "check", lambda scenario, properties, *rest, build, **how: _nothing_to_say(scenario))


def _nothing_to_say(scenario: Any) -> report.Report:
    whole = check(scenario, SUITE, build=build)
    return replace(whole, judgements=())


def swallow_what_a_lint_finds(patch: Patch) -> None:
    patch.setattr(checker, "refuse", expand)


def swallow_what_a_property_raises(patch: Patch) -> None:
    right = judge.Asked.of

    def swallowing(prop: Property, network: Network) -> judge.Asked:
        try:
            return right(prop, network)
        except ModelError:
            return judge.Asked(prop, FALSE, TRUE, None)

    patch.setattr(judge.Asked, "of", swallowing)


def call_a_failure_a_success(patch: Patch) -> None:
    right = checker.judge

    def forgiving(asked: judge.Asked, *rest: Any, **how: Any) -> report.Judgement:
        found = right(asked, *rest, **how)
        return replace(found, verdict=Verdict.HOLDS, as_expected=True) if asked.prop.id == "D-02" else found

    patch.setattr(checker, "judge", forgiving)


def show_a_path_with_a_step_missing(patch: Patch) -> None:
    def shortened(self: symbolic.Symbolic, targets: Sequence[Any], **how: Any) -> list[Path | None]:
        return [p and Path(p.states[1:] or p.states, p.events[1:]) for p in right(self, targets, **how)]

    right = symbolic.Symbolic.shortest
    patch.setattr(symbolic.Symbolic, "shortest", shortened)


def leave_out_every_path(patch: Patch) -> None:
    patch.setattr(symbolic.Symbolic, "shortest", lambda self, targets, **how: [None for _ in targets])


def show_the_run_of_another_claim(patch: Patch) -> None:
    right = symbolic.Symbolic.shortest
    patch.setattr(symbolic.Symbolic, "shortest", lambda self, targets, **how: right(self, targets, **how)[::-1])


def clip_a_clock(patch: Patch) -> None:
    """The last age is never reached: what saturates at ``h4`` saturates at ``h3``."""
    right = prepared.reduce

    def clipped(network: Network) -> Reduced:
        whole = right(network)
        rows = {
            name: {who: tuple(replace(r, dest="h3") if r.dest == "h4" else r for r in of) for who, of in parts.items()}
            for name, parts in whole.rows.items()
        }
        return replace(whole, rows=rows)

    patch.setattr(prepared, "reduce", clipped)


def clip_a_count(patch: Patch) -> None:
    right = Store.count
    patch.setattr(Store, "count", lambda self, n, bottom=0: min(right(self, n, bottom), 2**63 - 1))


def clip_what_a_condition_names(patch: Patch) -> None:
    right = Layout.values

    def clipped(self: Layout, leaf: Any) -> tuple[int, list[int]]:
        level, numbers = right(self, leaf)
        return level, [min(number, 3) for number in numbers]

    patch.setattr(Layout, "values", clipped)


def read_every_search_as_complete(patch: Patch) -> None:
    for module in (reference, graph, symbolic):
        patch.setattr(module, "Watch", _Blind)


class _Blind(Watch):
    """Stops where it should, and says that it did not."""

    def __init__(self, *arguments: Any, **how: Any) -> None:
        self._stopped = False
        super().__init__(*arguments, **how)

    @property
    def cut(self) -> bool:
        stopped, self._stopped = self._stopped, False
        return stopped

    @cut.setter
    def cut(self, value: bool) -> None:
        self._stopped = value


def judge_without_asking_whether_it_is_complete(patch: Patch) -> None:
    right = judge._claim

    def hasty(asked: judge.Asked, met: Any, explored: Exploration) -> Verdict:
        found = right(asked, met, explored)
        return Verdict.HOLDS if found is Verdict.UNDETERMINED else found

    patch.setattr(judge, "_claim", hasty)


def never_look_at_a_limit(patch: Patch) -> None:
    patch.setattr(budget.Watch, "look", lambda self, nodes: None)


def keep_unions_by_one_operand(patch: Patch) -> None:
    known: dict[tuple[int, int], int] = {}
    right = Store.union

    def stale(self: Store, a: int, b: int) -> int:
        return known.setdefault((id(self), max(a, b)), right(self, a, b)) if a > 1 and b > 1 else right(self, a, b)

    patch.setattr(Store, "union", stale)


def keep_the_closure_of_another_set(patch: Patch) -> None:
    known: dict[tuple[int, int], int] = {}
    right = Saturation.closure

    def stale(self: Saturation, start: int, within: int = 1) -> int:
        return known.setdefault((id(self), within), right(self, start, within))

    patch.setattr(Saturation, "closure", stale)


def keep_the_set_of_another_condition(patch: Patch) -> None:
    known: dict[int, Any] = {}
    right = graph.Graph.where
    patch.setattr(graph.Graph, "where", lambda self, condition: known.setdefault(id(self), right(self, condition)))


def keep_the_environments_of_another_set(patch: Patch) -> None:
    known: dict[int, int] = {}
    right = Relations.shared
    patch.setattr(Relations, "shared", lambda self, n, wanted: known.setdefault(id(self), right(self, n, wanted)))


def take_the_last_state_for_the_first(patch: Patch) -> None:
    patch.setattr(symbolic, "_FEW_PARTS", -1)
    patch.setattr(Layout, "first", lambda self, store, n: list(store.elements(n))[-1][::-1])


class Fault(NamedTuple):
    """A fault, the detector that has to fail with it, and how it fails: an assertion of the detector by default."""

    inject: Callable[[Patch], None]
    noticed_by: Callable[[], None]
    fails_with: type[BaseException] = AssertionError


FAULTS = (
    # an event dropped, or made to be another
    Fault(drop_an_event_from_the_relations, the_plain_engine_agrees),
    Fault(drop_an_event_from_the_relations, all_that_is_asked_is_answered),
    Fault(drop_an_event_from_the_reduction, the_plain_engine_agrees),
    Fault(drop_an_event_from_the_graph, the_graph_agrees),
    Fault(drop_an_event_from_the_images, the_binary_diagrams_agree),
    Fault(forget_the_guards_of_events, the_plain_engine_agrees),
    # an empty suite
    Fault(empty_the_suite, all_that_is_asked_is_answered),
    Fault(let_an_empty_suite_through, an_empty_suite_is_unusable),
    # an error swallowed
    Fault(swallow_what_a_lint_finds, an_unusable_model_is_refused, pytest.fail.Exception),
    Fault(swallow_what_a_property_raises, a_property_about_what_is_not_there_is_refused, pytest.fail.Exception),
    Fault(call_a_failure_a_success, all_that_is_asked_is_answered),
    Fault(call_a_failure_a_success, an_unexpected_failure_is_told),
    Fault(show_a_path_with_a_step_missing, every_run_that_is_shown_replays, EngineError),
    Fault(show_the_run_of_another_claim, every_run_that_is_shown_replays, EngineError),
    Fault(leave_out_every_path, a_failing_claim_has_its_shortest_run),
    # a clamp
    Fault(clip_a_clock, the_plain_engine_agrees),
    Fault(clip_a_count, the_closed_form_is_met),
    Fault(clip_what_a_condition_names, the_plain_engine_agrees),
    # a truncated search read as complete
    Fault(read_every_search_as_complete, a_search_that_is_cut_short_proves_nothing),
    Fault(judge_without_asking_whether_it_is_complete, a_search_that_is_cut_short_proves_nothing),
    Fault(never_look_at_a_limit, a_search_that_is_cut_short_proves_nothing),
    Fault(never_look_at_a_limit, a_large_search_that_is_cut_short_says_so),
    # a stale cache
    Fault(keep_unions_by_one_operand, the_plain_engine_agrees),
    Fault(keep_the_closure_of_another_set, the_plain_engine_agrees),
    Fault(keep_the_set_of_another_condition, the_graph_agrees),
    Fault(keep_the_environments_of_another_set, the_plain_engine_agrees),
    # a tie broken otherwise
    Fault(take_the_last_state_for_the_first, the_plain_engine_agrees),
)


def _name(part: Callable[..., None]) -> str:
    return part.__name__.replace("_", " ")


@pytest.mark.parametrize("detector", list(dict.fromkeys(fault.noticed_by for fault in FAULTS)), ids=_name)
def test_the_checker_as_it_is_passes(detector: Callable[[], None]) -> None:
    detector()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{_name(fault.inject)}: {_name(fault.noticed_by)}")
def test_a_fault_in_the_checker_is_noticed(fault: Fault, monkeypatch: Patch) -> None:
    if fault.noticed_by is the_binary_diagrams_agree:
        pytest.importorskip("oxidd")
    fault.inject(monkeypatch)
    with pytest.raises(fault.fails_with):
        fault.noticed_by()
