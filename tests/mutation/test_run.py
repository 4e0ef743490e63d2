"""What becomes of each edit, against brute force; that nothing is lost or counted twice, whoever does the work."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from brute import Seen
from ccmproof.harness.executors import Hands, InProcess, here, processes
from ccmproof.harness.mutation import run as module
from ccmproof.harness.mutation import work
from ccmproof.harness.mutation.journal import Journal
from ccmproof.harness.mutation.mutants import mutants_of
from ccmproof.harness.mutation.run import Chosen, mutated
from ccmproof.harness.mutation.score import Edited, Fate, Tally
from ccmproof.harness.mutation.work import Found, Plan
from ccmproof.harness.system import System, observers_of
from ccmproof.model.kernel import product
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import LintError, ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import refuse
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict, attempted, broken
from demo import demo

PLAN = Plan(demo, ("calm", "storm"))
ALL = Chosen()


def run(journal: Path | None = None, hands: Hands | None = None, chosen: Chosen = ALL, plan: Plan = PLAN) -> Tally:
    book = Journal(journal)
    try:
        return mutated(plan, chosen, hands or here(), book)
    finally:
        book.close()


# Brute force: every edit in every scenario, state by state.


def whole(network: Network) -> tuple[set[Any], set[Any]]:
    states = Seen(network).states
    return set(states), {(s, event.name, t) for s in states for event, t in product.successors(network, s)}


def expected_verdict(prop: Property, seen: Seen, scenario: Scenario) -> set[Verdict]:
    """What the suite puts up with."""
    if scenario.name in prop.but:
        return {Verdict(prop.but[scenario.name])}
    if not prop.decided_by:
        return {Verdict(prop.expected), Verdict.VACUOUS}
    inside = seen.where(seen.network.condition(prop.decided_by))
    if len(inside) == len(seen.environments):
        return {Verdict.HOLDS, Verdict.VACUOUS}
    return {Verdict.FAILS, Verdict.VACUOUS}


def noticed(prop: Property, seen: Seen, scenario: Scenario) -> bool:
    met = seen.where(broken(prop, seen.network))
    if prop.possible:
        found = Verdict.HOLDS if met else Verdict.FAILS
    elif met:
        found = Verdict.FAILS
    else:
        found = Verdict.HOLDS if seen.where(attempted(prop, seen.network)) else Verdict.VACUOUS
    if prop.decided_by and any(each in seen.where(seen.network.condition(prop.decided_by)) for each in met):
        return True
    return found not in expected_verdict(prop, seen, scenario)


def fate_by_hand(edited: Edited, system: System) -> tuple[Fate, str, tuple[str, ...]]:
    mutant = edited.mutant
    differs = False
    home = next(s for s in system.scenarios.values())
    changed = mutant.on(system.build(home))
    assert changed is not None
    try:
        refuse(changed)
    except LintError as error:
        if any(each.rule != "never-offered" for each in error.findings):
            return Fate.REFUSED, "", ()
    lost: dict[str, set[str]] = {}
    somewhere: set[str] = set()
    for scenario in system.scenarios.values():
        model = system.build(scenario)
        after = mutant.on(model, scenario.pins)
        asked = list(system.asked_in(scenario, system.suite, named=False))
        before = expand(model.extended(*observers_of(asked)))
        if after is None:
            somewhere |= standing_by_hand(before, asked)
            continue
        gone = set(model.taken) - set(after.taken)
        asked = [prop for prop in asked if not gone & set(prop.on)]
        network = expand(watched(after, asked, gone))
        if whole(network) != whole(expand(model.extended(*observers_of(asked)))):
            differs = True
            by = tuple(prop.id for prop in asked if noticed(prop, Seen(network), scenario))
            if by:
                return Fate.NOTICED, scenario.name, by
        now = standing_by_hand(network, asked)
        somewhere |= now
        still = {f"state {of.name} is" for of in network.moving}
        vanished = {f"event {name}" for name in gone}
        vanished |= {f"state {of.name} is {each}" for of in before.moving for each in of.states
                     if f"state {of.name} is" not in still}  # fmt: skip
        lost[scenario.name] = standing_by_hand(before, asked) - now - vanished
    missing = {name: items - somewhere for name, items in lost.items() if items - somewhere}
    if missing:
        items = set().union(*missing.values())
        known = [prop.id for prop in system.suite if prop.id in items]
        by = (*known, *(("reach",) if items - set(known) else ()))
        return Fate.NOTICED, next(iter(missing)), by
    return (Fate.SURVIVES if differs else Fate.EQUIVALENT), "", ()


def standing_by_hand(network: Network, asked: list[Property]) -> set[str]:
    """The events that happen, the states that actors enter which move, and the properties that are put to the test."""
    seen = Seen(network)
    watching = {each.name for each in observers_of(asked)}
    events = {f"event {name}" for name, where in seen.fires.items() if where}
    acting = [of for of in network.moving if of.name not in watching and not of.data]
    states = {f"state {of.name} is {state[network.position[of.name]]}" for of in acting for state in seen.states}
    tested = {
        prop.id for prop in asked
        if prop.possible or seen.where(broken(prop, network)) or seen.where(attempted(prop, network))
    }  # fmt: skip
    return events | states | tested


def watched(model: Model, asked: list[Property], gone: set[str]) -> Model:
    """The model with machines that watch, as far as there is what they watch for."""
    from dataclasses import replace

    machines = [
        replace(
            each,
            rows=tuple(row for row in each.rows if row.event not in gone),
            ignores=tuple(name for name in each.ignores if name not in gone),
        )
        for each in observers_of(asked)
    ]
    return model.extended(*machines)


def test_every_edit_of_the_demo_fares_as_brute_force_says() -> None:
    tally = run()
    assert len(tally.edits) > 60
    assert tally.counts[Fate.NOTICED] > 20 and tally.counts[Fate.SURVIVES] > 12 and tally.counts[Fate.REFUSED] > 5
    for each in tally.edits:
        if each.fate is not Fate.REPEATED:
            assert (each.fate, each.where if each.fate is Fate.NOTICED else "", each.by) == fate_by_hand(each, demo())


def test_what_repeats_another_edit_makes_the_same_network() -> None:
    system = demo()
    tally = run()
    repeated = tally.having(Fate.REPEATED)
    table = mutants_of(system, list(system.scenarios.values()))
    assert repeated
    for each in repeated:
        assert each.where, "an edit that changes nothing at all would be none"
        one, two = (table[text][0].on(system.build(table[text][1])) for text in (each.mutant.name, each.where))
        assert one is not None and two is not None
        assert whole(expand(one)) == whole(expand(two))


def test_a_notice_that_is_swallowed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work.Original, "_surprising", lambda self, judged: [])
    with pytest.raises(AssertionError):
        test_every_edit_of_the_demo_fares_as_brute_force_says()


def test_what_stands_nowhere_any_more_is_noticed_over_all_scenarios_together(monkeypatch: pytest.MonkeyPatch) -> None:
    by = [each.by for each in run().edits]
    assert any("reach" in each for each in by)
    assert any(each and "reach" not in each for each in by)
    monkeypatch.setattr(module.Standing, "gone", lambda self, edit, steps: None)
    with pytest.raises(AssertionError):
        test_every_edit_of_the_demo_fares_as_brute_force_says()


def test_an_edit_that_is_wrongly_set_aside_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "same_product", lambda explored, difference: True)
    with pytest.raises(AssertionError):
        test_every_edit_of_the_demo_fares_as_brute_force_says()


# The score.


def test_the_score_and_what_a_property_is_worth_are_counted_from_the_edits() -> None:
    tally = run()
    noticed = [each for each in tally.edits if each.fate is Fate.NOTICED]
    judged = [each for each in tally.edits if each.fate in (Fate.NOTICED, Fate.SURVIVES)]
    assert (tally.whole.noticed, tally.whole.judged) == (len(noticed), len(judged))
    for worth in tally.worth:
        assert worth.notices == sum(worth.id in each.by for each in noticed)
        assert worth.alone == sum(each.by == (worth.id,) for each in noticed)
    assert {worth.id for worth in tally.worth} == {"reach", *(prop.id for prop in demo().suite)}
    for shares in (tally.by_kind, tally.by_part):
        assert sum(share.judged for share in shares) == len(judged)
        assert sum(share.noticed for share in shares) == len(noticed)


# Interruption, and workers.


class Interrupting(InProcess):
    """Ctrl-C after so many tasks."""

    def __init__(self, after: int) -> None:
        self.left = after

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """More tasks than the demo would give."""
    monkeypatch.setattr(module, "COMPARED_TOGETHER", 5)


@pytest.mark.parametrize("after", [0, 1, 4, 9, 15])
@pytest.mark.usefixtures("small_tasks")
def test_a_run_that_was_interrupted_and_goes_on_says_what_one_says_that_was_not(after: int, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    one = Interrupting(after)
    cut = run(journal, Hands(lambda: one, 1))
    assert cut.interrupted and cut.counts[Fate.OPEN] > 0
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"key": "torn')
    done = 0

    class Counting(InProcess):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal done
            done += 1
            return super().submit(fn, *args, **kwargs)

    assert run(journal, Hands(Counting, 1)) == run()
    first = done
    assert run(journal, Hands(Counting, 1)) == run()
    assert done == first, "all of it is in the journal"


def test_a_journal_of_another_suite_says_nothing(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    run(journal)
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line["key"] = line["key"][::-1]
        line["word"] = "unnoticed"
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert run(journal) == run()


def test_what_a_shorter_limit_left_open_is_looked_at_again(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    run(journal, plan=Plan(demo, ("calm", "storm"), seconds=0.0))
    assert run(journal) == run()


def test_a_pattern_that_fits_no_edit_is_refused_with_the_nearest() -> None:
    with pytest.raises(ModelError, match=r"no edit fits 'bel' \(did you mean 'bell'\?\)"):
        run(chosen=Chosen(only=("bel",)))


def test_a_line_that_was_altered_says_nothing(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    run(journal)
    text = journal.read_text(encoding="utf-8")
    assert '"word": "differs"' in text
    journal.write_text(text.replace('"word": "differs"', '"word": "same"'), encoding="utf-8")
    assert run(journal) == run()


@pytest.mark.parametrize("text", ["my notes\n", '{"of": "another"}\n', "\n\n"])
def test_a_file_that_is_no_journal_is_left_alone(text: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="it has something else in it"):
        run(notes)
    assert notes.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["", '{"ke', '{"key": "0123", "edit": "dro', '{"key": "0123"}\n' + "[" * 100_000])
def test_a_journal_that_was_cut_short_is_gone_on_with(text: str, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_text(text, encoding="utf-8")
    assert run(journal) == run()
    assert run(journal, Hands(lambda: pytest.fail("all of it is in the journal"), 1)) == run()


def test_a_run_goes_on_where_no_more_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    book = Journal(tmp_path / "journal.jsonl", said.append)

    class Full(StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(book, "_file", Full())
    assert mutated(PLAN, ALL, here(), book) == run()
    assert [text.partition(": ")[2] for text in said] == ["No space left on device; the run goes on"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_no_journal(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelError, match="it is no file"):
        run(tmp_path / "pipe")


def test_a_journal_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot keep a journal"):
        Journal(tmp_path)


def test_two_processes_say_what_one_says() -> None:
    with processes(2) as hands:
        assert run(hands=hands) == run()
        assert run(hands=hands) == run(), "workers that have worked before"


class Dying(InProcess):
    """A pool whose worker dies at one task, whatever was given out beside it."""

    def __init__(self, at: int) -> None:
        self.left = at

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.left -= 1
        if self.left == 0:
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("it died"))
            return future
        return super().submit(fn, *args, **kwargs)


@pytest.mark.usefixtures("small_tasks")
def test_when_workers_die_nothing_is_lost_and_nothing_counted_twice(tmp_path: Path) -> None:
    pools = iter([Dying(2), *(InProcess() for _ in range(20))])
    journal = tmp_path / "journal.jsonl"
    assert run(journal, Hands(lambda: next(pools), 3)) == run()
    keys = [(said["key"], said["edit"]) for said in map(json.loads, journal.read_text(encoding="utf-8").splitlines())]
    assert len(keys) == len(set(keys))


def test_workers_that_die_again_and_again_are_said() -> None:
    with pytest.raises(ModelError, match="die again and again"):
        run(hands=Hands(lambda: Dying(1), 2))


# Which edits are chosen.


def test_edits_are_chosen_by_kind_by_pattern_by_part_and_evenly() -> None:
    every = [each.mutant.name for each in run().edits]
    kinds = run(chosen=Chosen(kinds=("row-removed",)))
    assert {each.mutant.kind for each in kinds.edits} == {"row-removed"}
    assert [e.mutant.part for e in run(chosen=Chosen(only=("bel*",))).edits] == ["bell"] * 9
    text = "drop bell/ring"
    assert [e.mutant.name for e in run(chosen=Chosen(only=(text,))).edits] == [text]
    assert run(chosen=Chosen(parts=frozenset())).edits == ()
    some = [each.mutant.name for each in run(chosen=Chosen(most=7)).edits]
    assert len(some) == 7 and some[0] == every[0] and every.index(some[3]) == 3 * len(every) // 7


def test_a_search_that_is_cut_short_leaves_an_edit_undetermined_and_never_noticed_by_it() -> None:
    plan = Plan(demo, ("calm", "storm"), seconds=0.0)
    tally = run(plan=plan)
    whole_tally = run()
    for cut, full in zip(tally.edits, whole_tally.edits, strict=True):
        assert cut.fate is full.fate or cut.fate is Fate.UNDETERMINED
        if cut.fate is Fate.NOTICED:
            assert full.fate is Fate.NOTICED


def test_a_property_that_is_news_before_any_edit_notices_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    suite = tuple(replace(prop, expected="fails", reason="so") if prop.id == "D-03" else prop for prop in demo().suite)
    monkeypatch.setattr("demo.SUITE", suite)
    before, plan = run(), Plan(lambda: demo(suite), ("calm", "storm"))
    after = run(plan=plan)
    assert [(e.fate, e.by) for e in after.edits] == [(e.fate, e.by) for e in before.edits]
    assert isinstance(Found("x", "same"), Found)
