"""One line of time: what is said of an order is true whatever clocks, zones and forms there were."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.reading import Mark, Timeline, of_text, timeline
from hypothesis import given, settings
from hypothesis import strategies as st
from replay.printing import INSTALL, client, run_of, viewed

BEGIN = datetime(2024, 3, 18, 14, 0, tzinfo=UTC)
HOSTS = ("ccmsetup", "CMGService", "SMS_CLOUD_PROXYCONNECTOR", "CCM_STS")


def line(log: str, second: float, text: str = "x", *, number: int = 1, zone: bool = True) -> Line:
    when = BEGIN + timedelta(seconds=second)
    return Line(f"{log}.log", number, log, text, when if zone else when.replace(tzinfo=None))


def by_key(each: Line) -> Mark | None:
    key, _, step = each.text.partition("/")
    return Mark(key, int(step)) if step else None


def contradicts(found: Timeline, truth: Mapping[int, float]) -> list[tuple[int, int]]:
    """Pairs of lines, by their numbers, of which it is said that the one cannot be before the other, though it was."""
    return [
        (a.line.number, b.line.number)
        for a in found.entries
        for b in found.entries
        if truth[a.line.number] < truth[b.line.number] and not found.may_precede(a, b)
    ]


@settings(max_examples=150)
@given(
    events=st.lists(st.tuples(st.sampled_from(HOSTS), st.integers(0, 7200)), min_size=1, max_size=15),
    skews=st.fixed_dictionaries({host: st.integers(-440, 440) for host in HOSTS}),
    biases=st.fixed_dictionaries({host: st.sampled_from([None, 0, 300, -60]) for host in HOSTS}),
)
def test_no_order_is_denied_that_was_there(
    events: list[tuple[str, int]], skews: dict[str, int], biases: dict[str, int | None]
) -> None:
    lines, truth = [], {}
    for number, (host, second) in enumerate(sorted(events, key=lambda each: each[1]), 1):
        shown = line(host, second + skews[host], number=number)
        bias = biases[host]
        if bias is None and shown.when:  # its zone is not known
            shown = line(host, second + skews[host] - 3600, number=number, zone=False)
        lines.append(shown)
        truth[number] = second
    found = timeline(lines)
    own = {host: [each for each in lines if each.log == host] for host in HOSTS}
    assert all([e.line for e in found.entries if e.line.log == host] == own[host] for host in HOSTS)
    assert contradicts(found, truth) == []
    groups = list(found.groups)
    assert [entry for group in groups for entry in group] == list(found.entries)
    for before, behind in combinations(groups, 2):
        assert not any(found.may_precede(b, a) for a in before for b in behind)


@settings(max_examples=100)
@given(
    requests=st.lists(
        st.tuples(st.integers(0, 3600), st.lists(st.integers(0, 3000), min_size=3, max_size=3)), min_size=1, max_size=6
    ),
    skews=st.tuples(st.integers(-400, 400), st.integers(-400, 400)),
)
def test_matched_pairs_narrow_the_windows_and_deny_nothing_that_was(
    requests: list[tuple[int, list[int]]], skews: tuple[int, int]
) -> None:
    steps = []
    for key, (begin, delays) in enumerate(requests):
        at = begin + key / 10
        for step, host in enumerate(("ccmsetup", "CMGService", "CCM_STS", "ccmsetup")):
            steps.append((at, host, f"message{key}/{step}"))
            at += delays[step] / 1000 + 0.001 if step < 3 else 0
    steps.sort()
    off = {"ccmsetup": 0, "CMGService": skews[0], "CCM_STS": skews[1]}
    lines = [line(host, at + off[host], text, number=n) for n, (at, host, text) in enumerate(steps, 1)]
    truth = {n: at for n, (at, _, _) in enumerate(steps, 1)}
    with_pairs, without = timeline(lines, match=by_key), timeline(lines)
    assert contradicts(with_pairs, truth) == [] and contradicts(without, truth) == []
    assert with_pairs.notes == ()
    assert sum(e.latest - e.earliest for e in with_pairs.entries) <= sum(e.latest - e.earliest for e in without.entries)
    if len(steps) == 4:
        for a, b in combinations(with_pairs.entries, 2):
            assert with_pairs.may_precede(a, b)


def test_lines_of_one_host_are_decided_by_their_times() -> None:
    a, b = line("ccmsetup", 0), line("CcmMessaging", 5)
    found = timeline([b, a])
    assert [entry.line for entry in found.entries] == [a, b]
    assert found.decided(*found.entries) and len(found.groups) == 2


def test_lines_of_two_hosts_are_open_within_what_clocks_differ_by() -> None:
    found = timeline([line("ccmsetup", 0), line("CCM_STS", 600), line("CCM_STS", 1200)])
    first, near, far = found.entries
    assert not found.decided(first, near) and found.decided(first, far) and not found.may_precede(far, first)
    assert [len(group) for group in found.groups] == [2, 1]
    assert found.moment(first.earliest) == BEGIN


def test_lines_of_one_server_are_decided_though_its_clock_is_not_known() -> None:
    found = timeline([line("ccmsetup", 0), line("CCM_STS", 60), line("MP_RegistrationManager", 62)])
    client_, first, second = found.entries
    assert found.decided(first, second) and not found.may_precede(second, first)
    assert not found.decided(client_, first) and not found.decided(client_, second)
    assert len(found.groups) == 1


def test_an_hour_between_clocks_is_found_where_request_and_reply_frame_it() -> None:
    lines = [
        line("ccmsetup", 0, "m/0"),
        line("CCM_STS", 3600.2, "m/1"),
        line("ccmsetup", 1, "m/2"),
        line("CCM_STS", 3603, "later"),
    ]
    found = timeline(lines, match=by_key)
    assert "clocks differ by more than" in found.notes[0]
    assert [entry.line for entry in found.entries] == [lines[0], lines[1], lines[2], lines[3]]
    assert found.decided(found.entries[2], found.entries[3])


def test_pairs_that_contradict_each_other_are_said_and_not_believed() -> None:
    lines = [
        line("ccmsetup", 0, "m/0"),
        line("CCM_STS", -60, "m/1"),
        line("CCM_STS", 60, "n/0"),
        line("ccmsetup", 0, "n/1"),
    ]
    found = timeline(lines, match=by_key)
    assert "out of order" in found.notes[0]
    a, b = (entry for entry in found.entries if entry.line in lines[1:3])
    assert found.may_precede(a, b)
    client_, server_ = (next(entry for entry in found.entries if entry.line == each) for each in lines[:2])
    assert not found.decided(client_, server_)


def test_a_step_that_is_there_twice_belongs_to_no_pair() -> None:
    lines = [line("ccmsetup", 0, "m/0"), line("ccmsetup", 50, "m/0"), line("CCM_STS", 20, "m/1"), line("CCM_STS", 30)]
    assert timeline(lines, match=by_key).offsets == timeline(lines).offsets


def test_lines_without_a_time_keep_their_place_and_leave_their_order_open() -> None:
    lines = of_text("ccmsetup.log\n" + "\n".join(text for _, text in INSTALL[3:7]))
    found = timeline(lines)
    assert [entry.line for entry in found.entries] == lines
    assert all(entry.loose and entry.latest == math.inf for entry in found.entries)
    assert not found.decided(found.entries[1], found.entries[2]) and len(found.groups) == 1


def test_a_date_that_reads_both_ways_has_a_window_of_both() -> None:
    lines = of_text("a\tccmsetup\t04/03/2024 10:00:00\t1 (0x1)\n")
    (entry,) = timeline(lines).entries
    assert (entry.latest - entry.earliest) // 86400 == 30  # from the third of April back to the fourth of March
    assert lines[0].also is not None


def test_a_clock_that_is_set_back_leaves_the_order_of_its_log() -> None:
    lines = [line("ccmsetup", second, number=n) for n, second in enumerate((0, 10, -3600, -3590))]
    found = timeline(lines)
    assert [entry.line for entry in found.entries] == lines
    assert all(found.may_precede(a, b) and not found.may_precede(b, a) for a, b in combinations(found.entries, 2))


@pytest.mark.parametrize("order", [1, -1])
def test_a_copy_that_was_sorted_newest_first_is_put_in_order(order: int) -> None:
    said = run_of(INSTALL)
    found = of_text("\n".join([viewed(each, "tabs", "d.m.Y") for each in said][::order]))
    assert [each.text for each in found] == [each.text for each in said]
    found = of_text("\n".join([client(each) for each in said][::order]))
    assert [each.text for each in found] == [each.text for each in said]


def test_a_log_whose_clock_was_set_back_once_stays_as_it_is() -> None:
    said = run_of(INSTALL)
    turned = said[6:] + said[:6]
    for odd in ("", "a stray line\n"):
        found = of_text("\n".join(map(client, turned)) + "\n" + odd)
        assert [each.text for each in found] == [each.text for each in turned] + odd.splitlines()


@pytest.mark.parametrize(
    ("stamps", "first"),
    [
        (["03/18/2024 10:00:00", "03/04/2024 11:00:00"], datetime(2024, 3, 4, 11)),
        (["18/03/2024 10:00:00", "03/04/2024 11:00:00"], datetime(2024, 3, 18, 10)),
        (["01/03/2024 10:00:00", "02/03/2024 11:00:00"], None),
        (["1/03/2024 10:00:00 AM", "2/03/2024 11:00:00 AM"], datetime(2024, 3, 1, 10)),
        (["1-3-2024 10:00:00.123", "2-3-2024 11:00:00.456"], datetime(2024, 1, 3, 10, 0, 0, 123000)),
        (["11/02/2024 10:00:00", "12/02/2024 11:00:00", "01/03/2024 12:00:00"], datetime(2024, 2, 11, 10)),
    ],
)
def test_day_and_month_are_told_by_a_day_above_twelve_or_by_the_order(
    stamps: list[str], first: datetime | None
) -> None:
    found = of_text("\n".join(f"message {n}\tccmsetup\t{stamp}\t7 (0x7)" for n, stamp in enumerate(stamps)))
    if first is None:
        assert all(each.also for each in found)
    else:
        assert min(each.when for each in found if each.when) == first
        assert not any(each.also for each in found)


def test_what_bears_a_name_on_two_hosts_is_paired_and_compares_their_clocks() -> None:
    guid = "c66ee0fd-1111-4222-8333-444444444444"
    lines = [
        line(
            "ClientIDManagerStartup",
            0,
            f"[RegTask] - Client is not registered. Sending registration request for GUID:{guid} ...",
        ),
        line("MP_RegistrationManager", 301, f"Processing Registration request from Client 'GUID:{guid.upper()}'"),
        line(
            "ClientIDManagerStartup",
            2,
            f"[RegTask] - Client is registered. Server assigned ClientID is GUID:{guid}. Approval status 3",
        ),
        line(
            "CcmMessaging",
            10,
            f"Sending remote sync message '{{{guid}}}' to host 'gw.example.net' endpoint 'MP_PolicyManager'.",
        ),
        line("SMS_CLOUD_PROXYCONNECTOR", -40, f"MessageID: {guid} RequestURI: https://mp.example.net/x"),
        line("CcmMessaging", 12, f"Message '{{{guid}}}' got reply message '{{{guid[::-1]}}}' to endpoint 'dummy'"),
    ]
    found = timeline(lines)
    assert [entry.line for entry in found.entries] == lines
    assert all(found.decided(a, b) for a, b in combinations(found.entries, 2) if a.line.log != b.line.log)
    unpaired = timeline(lines, match=None)
    sent, arrived = (next(entry for entry in unpaired.entries if entry.line is each) for each in lines[:2])
    assert not unpaired.decided(sent, arrived)


def test_servers_of_one_kind_are_several_where_one_log_lies_in_several_places() -> None:
    def at(source: str, log: str, second: float) -> Line:
        return replace(line(log, second), source=source)

    one = [at("mp1/CCM_STS.log", "CCM_STS", 0), at("mp1/MP_RegistrationManager.log", "MP_RegistrationManager", 9)]
    other = [at("mp2/CCM_STS.log", "CCM_STS", 20)]
    gateways = [at(f"CMG-X-ProxyService_IN_{n}-CMGService.log", "CMGService", n) for n in range(2)]
    found = {entry.line.source: entry for entry in timeline([*one, *other, *gateways]).entries}
    assert found["mp1/CCM_STS.log"].clock == found["mp1/MP_RegistrationManager.log"].clock
    assert found["mp1/CCM_STS.log"].clock != found["mp2/CCM_STS.log"].clock
    assert len({entry.clock for entry in found.values()}) == 4
    apart = {entry.line.source: entry for entry in timeline([one[0], replace(one[1], source="logs/x.log")]).entries}
    assert len({entry.clock for entry in apart.values()}) == 1
