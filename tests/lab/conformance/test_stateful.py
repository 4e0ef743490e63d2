"""Labs that hypothesis drives by the model's events: ours conforms, bugs are found, made small and told."""

from __future__ import annotations

from random import Random

import pytest
from ccmproof.harness.lab.bugs import BUGS
from ccmproof.harness.lab.conformance.alphabet import INTERNAL, OBSERVED, STIMULI
from ccmproof.harness.lab.conformance.covered import Covered
from ccmproof.harness.lab.conformance.driver import OUTCOMES, Choice
from ccmproof.harness.lab.conformance.equipment import lab_network
from ccmproof.harness.lab.conformance.machine import Session, drawn
from ccmproof.harness.lab.conformance.rules import ARRIVES, beginnings, makeable, ways
from ccmproof.harness.lab.conformance.stateful import lab_machine, searched
from ccmproof.harness.lab.contract import Work
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

QUICK = settings(
    max_examples=5, stateful_step_count=20, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
)  # fmt: skip
"""Whatever the machine and whatever was run before, the same examples: no database, and a seed that is the code's."""
THOROUGH = settings(QUICK, max_examples=300, phases=[Phase.generate, Phase.target, Phase.shrink])
FORETOLD = {*OUTCOMES.values(), "ccmsetup_gives_up", ARRIVES}
"""Made by saying what shall be, so that they happen later if at all; or no event of the model."""


def test_every_event_has_its_rule_that_a_lab_can_be_made_to_do() -> None:
    """All that is a message or somebody's doing; of what happens inside of hosts, with what a client's works begin and
    what the site decides. Nothing of the rest has one."""
    begun = {event for work in Work for event in beginnings(work)}
    assert set(makeable()) == {*STIMULI, *OBSERVED, *OUTCOMES.values(), *begun}
    rules = {rule.function.__name__ for rule in lab_machine().setup_state().rules}
    assert rules == {*makeable(), ARRIVES, "nothing_strikes"}
    assert begun & INTERNAL.keys() == {
        "ccmsetup_takes_pki_certificate", "ccmsetup_asks_the_cmg", "ccmsetup_has_entra_properties",
        "ccmsetup_finds_no_tenant", "registration_starts", "registration_validates_certificates", "site_is_assigned",
        "messaging_needs_new_token",
    }  # fmt: skip


def test_each_choice_makes_an_event_and_making_it_makes_it_happen() -> None:
    """In labs that roam by events: no choice is left over, no event is made that has no rule, and each that was made
    has happened in the model."""
    seen: set[str] = set()
    for number in range(12):
        random = Random(number)
        session = Session(drawn(random), seed=number)
        made: set[str] = set()
        try:
            for _ in range(60):
                open_ = ways(session.driver)
                assert {choice for several in open_.values() for way in several for choice in way} >= {
                    choice for choice in session.choices if choice.what != "draw"
                }
                event = random.choice(list(open_))
                for choice in random.choice(open_[event]):
                    session.do(choice)
                made.add(event)
                for _ in range(random.randrange(4)):
                    if (choice := session.next_of_itself()) is not None:
                        session.do(choice)
            while "client" in session.driver.held and (choice := session.next_of_itself()):
                session.do(choice)
            happened = {step.event for step in session.driver.follower.run().steps}
        finally:
            session.close()
        assert made - FORETOLD <= happened
        seen |= made
    assert seen <= {*makeable(), ARRIVES}
    assert len(seen) > 40


def test_hypothesis_finds_nothing_against_our_lab_and_notes_what_is_covered() -> None:
    """Each round covers what those before have not."""
    covered = [searched(rounds, how=QUICK) for rounds in (1, 2)]
    assert covered[0].summary()["rows"] > 20
    assert not covered[0].without(covered[1]).count
    assert covered[1].without(covered[0]).count > 20


def test_it_comes_out_the_same() -> None:
    """Continuous integration runs what was run here."""
    one, other = (searched(1, how=QUICK) for _ in range(2))
    assert (one.rows, one.events, one.leaves) == (other.rows, other.events, other.leaves)


def test_where_it_is_steered_what_strikes_is_new() -> None:
    """An event that was taken may strike again only where a leaf of the guards is true or false that was not before."""
    covered = Covered(lab_network())
    assert "user_signs_out" in opened(covered, only_new=True)
    covered.events.add("user_signs_out")
    assert "user_signs_out" in opened(covered, only_new=True)  # what its guards ask was never looked at
    session = Session({})
    try:
        session.do(Choice("stimulus", "user_signs_out"))
        covered.add(session.driver.follower.run())
    finally:
        session.close()
    assert "user_signs_out" not in opened(covered, only_new=True)
    assert "user_signs_out" in opened(covered, only_new=False)
    assert {"entra_disables_device", "ccmsetup_asks_the_cmg"} <= opened(covered, only_new=True)


def opened(covered: Covered, *, only_new: bool) -> set[str]:
    """The events that may be chosen in a new lab."""
    machine = lab_machine(covered=covered)()
    machine.start({}, only_new)
    try:
        return set(machine.open)
    finally:
        machine.session.close()


def told_of(bug: str) -> tuple[str, list[str]]:
    """What is told of a bug that hypothesis finds, and what it prints of its steps."""
    machine = lab_machine(BUGS[bug].parts, BUGS[bug].shows)
    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(machine, settings=THOROUGH)
    return str(found.value), "\n".join(found.value.__notes__).splitlines()


def test_hypothesis_finds_a_bug_makes_it_small_and_tells_it() -> None:
    """No step that is not needed, where all is as usual; the steps by the model's events, and the sequence."""
    told, steps = told_of("client-asks-for-user-first")
    assert told.startswith(
        "in a lab where all is as usual\n    work INSTALL\n    go client\n    go client\n    go client\nstep "
    )
    assert "sequenceDiagram" in told
    assert "here it leaves the model" in told
    assert [line for line in steps if ": " in line and line.startswith(("work", "go"))] == [
        "work INSTALL: ccmsetup_asks_the_cmg",
        "go client: tls_succeeds",
        "go client: ccmsetup_sends_aad_info_request",
        "go client: cmg_returns_reply",
    ]


@pytest.mark.parametrize(
    ("bug", "where", "choices"),
    [
        pytest.param("gateway-ignores-expiry", "all is as usual", ["offer", "go"], marks=pytest.mark.long),
        ("client-ignores-names", "cmg_name mismatch", ["work"]),
        ("client-keeps-tokens-in-clear", "cache_protection encrypted", ["work", *["go"] * 12]),
    ],
)
def test_bugs_of_several_components_are_made_as_small_as_can_be(bug: str, where: str, choices: list[str]) -> None:
    """What an adversary sends, what a client decides, and what lies in a store."""
    told, _ = told_of(bug)
    first, *lines = told.splitlines()
    assert first == f"in a lab where {where}"
    assert [line.split()[0] for line in lines[: lines.index("")] if line.startswith("    ")] == choices
