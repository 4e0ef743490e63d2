"""What notices a fault of the checker: each function passes on the checker as it is, and fails on a wrong one.

They are assertions on small networks, against the reference semantics, against a formula, and against what was worked
out by hand for the demo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from ccmproof.harness import checker, cli
from ccmproof.harness.checker import check
from ccmproof.harness.engines import Limit, explore
from ccmproof.harness.report import Exit, gather
from ccmproof.model.kernel.actor import recv
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.errors import LintError, ModelError
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from ccmproof.properties.property import Property, Verdict
from closed_forms import copying, mutex, row
from demo import SCENARIOS, SUITE, WATCH, build, demo
from typer.testing import CliRunner


def clock(hours: int) -> Network:
    """An age that ticks and is reset; beside it an alarm that rings at the last age alone."""
    ages = tuple(f"h{i}" for i in range(hours + 1))
    ticks = tuple(row("tick", ages[i], ages[min(i + 1, hours)]) for i in range(hours + 1))
    reset = Transition("reset", frozenset(ages), ages[0])
    alarm = Actor("alarm", ("silent", "ringing"), ("silent",), (row("ring", "silent", "ringing"),))
    events = (
        Event("tick", "age", ("age",)),
        Event("reset", "age", ("age",)),
        Event("ring", "alarm", ("alarm",), at("age").is_(ages[-1])),
    )
    return Network("clock", (Actor("age", ages, ages[:1], (*ticks, reset)), alarm), events)


def door() -> Network:
    return checker.network_of(SCENARIOS["storm"], SUITE, {}, build)


SAMPLES: tuple[Callable[[], Network], ...] = (door, lambda: clock(4), lambda: mutex(3), lambda: copying(2, 3))
"""Networks that the judge explores at once."""


def agrees_with_the_judge(engine: str) -> None:
    """Every answer of an engine is that of the reference semantics; ``numba`` is held to ``plain`` elsewhere."""
    for sample in SAMPLES:
        network = sample()
        found, judged = explore(network, engine=engine), explore(network, engine="reference")
        assert (found.complete, found.states, found.moving_parts) == (True, judged.states, judged.moving_parts)
        assert (found.fired, found.entered) == (judged.fired, judged.entered)
        assert found.deadlocks().count == judged.deadlocks().count
        places = [at(a.name).is_(state) for a in network.actors for state in a.states]
        for place in places:
            assert found.environments_of(found.where(place)) == judged.environments_of(judged.where(place))
            assert found.backward(found.where(place)).count == judged.backward(judged.where(place)).count
        assert found.shortest([found.where(p) for p in places]) == judged.shortest([judged.where(p) for p in places])


def the_plain_engine_agrees() -> None:
    agrees_with_the_judge("plain")


def the_graph_agrees() -> None:
    agrees_with_the_judge("networkx")


def the_binary_diagrams_agree() -> None:
    pytest.importorskip("oxidd")
    agrees_with_the_judge("oxidd")


def the_closed_form_is_met() -> None:
    """A count beyond any machine word is the one that a formula gives."""
    assert explore(mutex(60), engine="plain").states == 3**60 + 60 * 3**59


def a_search_that_is_cut_short_proves_nothing() -> None:
    """Of a search that is cut short at once nothing holds, nothing is vacuous, and it is never as expected."""
    claims = [prop for prop in SUITE if not prop.possible]
    for engine in ("reference", "networkx"):
        found = check(SCENARIOS["calm"], claims, build=build, engine=engine, limit=Limit(nodes=0))
        assert not found.complete and found.stopped
        assert {each.verdict for each in found.judgements} <= {Verdict.FAILS, Verdict.UNDETERMINED}
        assert gather([found], together=False).exit is not Exit.AS_EXPECTED


def a_large_search_that_is_cut_short_says_so() -> None:
    cut = explore(mutex(300), engine="plain", limit=Limit(nodes=1))
    assert (cut.complete, cut.why_incomplete) == (False, "the limit of 1 nodes was reached")


def a_failing_claim_has_its_shortest_run() -> None:
    """It is the one that was worked out by hand."""
    asked = [prop for prop in SUITE if prop.id == "D-06"]
    shown = check(SCENARIOS["calm"], asked, build=build, engine="plain").judgements[0].counterexample
    assert shown is not None
    assert [step.event for step in shown.run.steps] == ["ask_with_bad_key", "turn_away", "ask_with_bad_key"]


def every_run_that_is_shown_replays() -> None:
    """Runs come from the engine's paths, and only those that the reference semantics replays."""
    check(SCENARIOS["calm"], SUITE, build=build, engine="plain")


def an_unusable_model_is_refused() -> None:
    """A model that a lint refuses is refused: its observer blocks an event that it does not control."""
    blocking = replace(WATCH, name="blocks", rows=(recv("let_in", "no", "yes"),))
    prop = Property("X", "c", "x", "", then="true", observers=(blocking,))
    with pytest.raises(LintError):
        check(SCENARIOS["calm"], [prop], build=build)


def a_property_about_what_is_not_there_is_refused() -> None:
    with pytest.raises(ModelError, match="vistor"):
        check(SCENARIOS["calm"], [Property("X", "c", "x", "", then="vistor is inside")], build=build)


def all_that_is_asked_is_answered() -> None:
    """The command answers for each property of the suite, with the verdict that was worked out by hand."""
    patch = pytest.MonkeyPatch()
    with patch.context() as inner:
        inner.setattr(cli, "system", demo)
        result = CliRunner().invoke(cli.app, ["check", "--quiet", "--json"])
    assert result.exit_code == 0, result.output
    assert [result.stdout.count(f'"id": "{prop.id}"') for prop in SUITE] == [1] * len(SUITE)
    verdicts = [(each.prop.id, each.verdict.value) for each in check(SCENARIOS["calm"], SUITE, build=build).judgements]
    assert dict(verdicts) == {
        "D-01": "holds", "D-02": "fails", "D-03": "holds", "D-04": "fails", "D-05": "holds", "D-06": "fails",
        "R-01": "holds", "R-02": "fails", "A-01": "vacuous",
    }  # fmt: skip


def an_unexpected_failure_is_told() -> None:
    """A suite that expects what is not so ends with exit code 1."""
    wrong = [replace(prop, expected="holds") if prop.id == "D-02" else prop for prop in SUITE]
    outcome = gather([check(SCENARIOS["calm"], wrong, build=build)], together=False)
    assert outcome.exit is Exit.UNEXPECTED


def an_empty_suite_is_unusable() -> None:
    """A suite that is empty is unusable input."""
    patch = pytest.MonkeyPatch()
    with patch.context() as inner:
        inner.setattr(cli, "system", lambda: replace(demo(), suite=()))
        assert CliRunner().invoke(cli.app, ["check", "--quiet"]).exit_code == Exit.UNUSABLE
