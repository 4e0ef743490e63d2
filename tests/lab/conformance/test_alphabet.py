"""Every event of the model is a stimulus, seen, or internal: one of the three, and the tables name no others."""

from __future__ import annotations

from ccmproof.harness.lab.conformance.alphabet import INTERNAL, OBSERVED, QUEUES, RETRIES, STIMULI, silent
from ccmproof.harness.lab.conformance.equipment import lab_network
from ccmproof.harness.lab.contract import Work


def test_every_event_is_in_exactly_one_class() -> None:
    """A new event of the model has to be put into one of them before the lab follows it."""
    of = lab_network()
    classes = (STIMULI, OBSERVED, INTERNAL)
    assert {event.name for event in of.events} == {name for table in classes for name in table}
    assert sum(map(len, classes)) == len(of.events)


def test_internal_events_are_decided_where_the_table_says() -> None:
    """An internal event happens in one host, by whose actor it is decided."""
    of = lab_network()
    for name, host in INTERNAL.items():
        assert of.actor[of.event[name].controller].host == host, name


def test_a_component_that_is_not_at_work_does_nothing() -> None:
    """Servers go on; ccmsetup decides nothing while only a message is sent."""
    of = lab_network()
    idle, messaging = silent(of, frozenset()), silent(of, frozenset({Work.MESSAGE_SYSTEM}))
    assert all(INTERNAL[name] != "client" for name in idle)
    assert "messaging_takes_entra_token" in messaging
    assert "ccmsetup_takes_entra_token" not in messaging


def test_what_a_work_begins_with_and_queues_are_stimuli() -> None:
    """They are made by telling the client to work."""
    for table in (RETRIES, QUEUES):
        for events in table.values():
            assert all(STIMULI[event] == "work" for event in events)
