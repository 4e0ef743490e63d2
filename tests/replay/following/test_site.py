"""The site's lines beside a client's: which are taken to be its own, and what they then say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ccmproof.harness.replay.following.answer import Diagnosis, Verdict
from ccmproof.harness.replay.following.asked import asked
from ccmproof.harness.replay.following.diagnosis import diagnose, ordered
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.hosts import of_client
from ccmproof.harness.replay.following.together import by_log, candidates, chains_of
from ccmproof.harness.replay.following.trail import Fit
from ccmproof.harness.replay.gathered import gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen

CORPUS = Path(__file__).parent.parent / "corpus"
BEGAN = datetime.fromisoformat("2024-03-18T09:00:00+00:00")
OURS, ANOTHER = "3B6F1C22-7A51-4E0C-9C11-5D0E8F7A2B10", "0A1B2C3D-08E7-4B38-B282-7E6954B71139"
ASKS = Pattern("S1", "", ("ccmsetup",), ("ccmsetup_asks_the_cmg",))
CACHES = Pattern("S9", "", ("ccmsetup",), ("ccmsetup_caches_ccm_token",))
REGISTERS = Pattern("R2", "", ("ClientIDManagerStartup",), ("registration_sends_request",))
STARTS = Pattern("S8.start", "", ("CCM_STS",), ("sts_starts_request",), elsewhere=True)
ISSUES = Pattern("S8.issued", "", ("CCM_STS",), ("sts_issues_token",), elsewhere=True)
DATABASE = Pattern("F-STS.sql", "", ("CCM_STS",), ("sts_finds_database_down",), elsewhere=True, failure=True)
REFUSED = Pattern("F-CMG401", "", ("CMGService",), ("cmg_refuses_credential",), elsewhere=True, failure=True)
ABSENT = Pattern("F-CP403.none", "", ("SMS_CLOUD_PROXYCONNECTOR",), (), "cp_certificate is absent", elsewhere=True)
PRESENT = replace(ABSENT, id="odd", holds="cp_certificate is valid")
TAKEN = Pattern("R4.processing", "", ("MP_RegistrationManager",), (), "registration_manager is proving", elsewhere=True)


def seen(pattern: Pattern, seconds: float, client: str = "") -> Seen:
    log = pattern.logs[0]
    line = Line(
        f"{log}.log", 1 + round(seconds + 2000), log, f"{pattern.id} {client}", BEGAN + timedelta(seconds=seconds)
    )
    return Seen(line, pattern, {"client": client} if client else {})


def tried(*lines: Seen) -> list[list[str]]:
    """Which lines of the site are taken to be the client's, in turn."""
    there, time = ordered(lines)
    assert time is not None
    own, site = ([each for each in there if of_client(each) is is_own] for is_own in (True, False))
    return [[each.pattern.id for each in some] for some, _ in candidates(own, site, time) if some]


def test_what_a_site_says_while_nobody_watches_the_client_is_not_its() -> None:
    near = seen(STARTS, 5), seen(ISSUES, 400)
    assert tried(seen(ASKS, 0), *near, seen(DATABASE, 90_000), seen(REFUSED, -90_000))[0] == ["S8.start", "S8.issued"]


def test_where_another_client_is_named_only_what_bears_this_one_s_name_is_its() -> None:
    named = seen(TAKEN, 6, OURS), seen(TAKEN, 8, ANOTHER)
    assert tried(seen(REGISTERS, 0, OURS), seen(STARTS, 5), *named) == [["R4.processing"]]
    assert tried(seen(REGISTERS, 0, OURS), seen(STARTS, 5), named[0])[0] == ["S8.start", "R4.processing"]
    assert tried(seen(REGISTERS, 0), seen(STARTS, 5), *named)[0] == ["S8.start", "R4.processing", "R4.processing"]


def needs(*lines: Seen) -> list[list[tuple[int, ...]]]:
    there, time = ordered(lines)
    assert time is not None
    logs = by_log(there, time)
    return [list(chain.needs) for chain in chains_of(list(map(asked, logs)), time)]


def test_an_order_is_asked_for_only_where_windows_decide_it() -> None:
    client, site = needs(seen(ASKS, 0), seen(CACHES, 600), seen(STARTS, 300), seen(ISSUES, 4000))
    assert client == [(0, 0), (1, 0)]
    assert site == [(0, 0), (2, 1)]  # an hour later is later, whatever the clocks; five minutes are nothing


def told(using: Equipment, site: Sequence[tuple[Pattern, float]]) -> Diagnosis:
    """An install of which the token took long, with lines of the site, so many seconds from where it was cached."""
    (of,) = gathered([CORPUS / "install-succeeds"], using.recogniser).devices
    asks, cached = ([each.pattern.id for each in of.seen].index(name) for name in ("S5", "S9"))
    early = [replace(each, line=_moved(each.line, -3600)) for each in of.seen[:asks]]
    lines = [replace(seen(pattern, 0), line=_moved(of.seen[cached].line, by, pattern)) for pattern, by in site]
    return diagnose([*early, *of.seen[asks:], *lines], using, logs=["ccmsetup"])


def _moved(line: Line, seconds: float, pattern: Pattern | None = None) -> Line:
    assert line.when is not None
    moved = replace(line, when=line.when + timedelta(seconds=seconds))
    return moved if pattern is None else replace(moved, source="site.log", log=pattern.logs[0], text=pattern.id)


@pytest.mark.long
@pytest.mark.parametrize("skew", [-500, 0, 500])
def test_a_site_s_lines_are_steps_of_the_client_s_run_whatever_its_clock_says(using: Equipment, skew: float) -> None:
    found = told(using, [(STARTS, -3 + skew), (ISSUES, -2 + skew)])
    assert found.site == (2, 2)
    fits = {each.seen.pattern.id: each.fit for each in found.placed}
    assert fits["S8.start"] is fits["S8.issued"] is Fit.STEP
    order = [each.seen.pattern.id for each in found.placed]
    assert order.index("S5") < order.index("S8.start") < order.index("S8.issued") < order.index("S9")
    assert found.verdict is Verdict.CONFORMS


@pytest.mark.long
def test_what_the_site_says_narrows_what_the_client_s_lines_leave_open(using: Equipment) -> None:
    alone, both = told(using, []), told(using, [(ABSENT, 600)])
    assert (alone.site, both.site) == ((0, 0), (1, 1))
    assert both.environments[0] < alone.environments[0]


@pytest.mark.long
def test_lines_that_no_order_explains_are_evidence_and_deviate_from_nothing(using: Equipment) -> None:
    """A site that serves thousands: what it says of others no run of this client explains."""
    found = told(using, [(STARTS, -3), (ABSENT, -2), (PRESENT, -1)])
    assert found.site == (0, 3)
    assert found.deviations == ()
    assert found.verdict is Verdict.CONFORMS
