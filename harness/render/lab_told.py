"""What is told of conformance: cases, labs that roam, seeded bugs and what finds them, suites and what they take."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ccmproof.harness.lab.conformance.cases import Case, Played, Verdict
from ccmproof.harness.lab.conformance.covered import row_in_words, rows_of
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.conformance.hunt import Row, in_blocks
from ccmproof.harness.lab.conformance.machine import where
from ccmproof.harness.lab.conformance.results import Left, Results, Roaming
from ccmproof.harness.lab.conformance.suites import Suite, Why
from ccmproof.harness.lab.world import Names

from .lab_deviation import deviated
from .validation_parts import Grid, Listing, Part, Says, Title
from .words import counted

VERSION = 1
"""Of the JSON forms."""
PREFIX = f"/CCM_Proxy_ServerAuth/{Names.role}"
"""With what most paths begin, which says nothing in a table."""
SIGNS = {Verdict.CONFORMS: "✓", Verdict.DEVIATES: "✗", Verdict.INCONCLUSIVE: "?"}

WORDS = {
    Verdict.CONFORMS: ("conforms", "conform"),
    Verdict.DEVIATES: ("deviates", "deviate"),
    Verdict.INCONCLUSIVE: ("is inconclusive", "are inconclusive"),
}
"""What one case does, and what several do."""


def tested(of: Results) -> Iterator[Part]:
    """The page of a test."""
    verdict = of.verdict
    yield Title(f"{SIGNS[verdict]} {verdict.value}", 1, of.whose)
    if of.hangs:
        yield Says(f"hangs: {of.hangs}", "fails")
    if of.fails:
        yield Says(f"fails: {of.fails}", "fails")
    if not of.complete:
        yield Says(_cut_short(of), "undetermined")
    if of.played:
        yield Says(_cases(of.played))
    if of.scheduled:
        yield Says(f"{counted(of.scheduled, 'schedule')}, what is worth doing if one looks for bugs: {_left(of.finds)}")
    if of.complete and not of.schedules:
        yield Says("no schedule was played, and many a bug shows in schedules alone", "quiet")
    if of.roamed is not None:
        yield Says(_labs(of.roamed))
    unclear = [each for each in of.played if each.verdict is Verdict.INCONCLUSIVE]
    if unclear:
        yield Title("Cases that are inconclusive", 2)
        yield Grid(("case", "step", "why"), tuple((each.case.name, str(each.step), each.why) for each in unclear))
    for each in of.played:
        if each.deviation is not None:
            yield Title(f"A case that leaves the model: {each.case.name}", 2, f"at its step {each.step}")
            yield from deviated(each.deviation)
    for find in of.finds:
        yield Title(f"A schedule that leaves the model: {find.by}", 2, where(find.changes))
        yield from deviated(find.deviation, find.broken)
    for failed in of.roamed.failed if of.roamed is not None else ():
        yield from _failed(failed)


def _cut_short(of: Results) -> str:
    """That it is not complete, and how far it has come."""
    done = ", ".join(f"{done} of {counted(wanted, what)}" for done, wanted, what in of.covered if wanted)
    return f"{'interrupted, and ' if of.interrupted else ''}not complete: {done}"


def _left(those: Sequence[Left]) -> str:
    """How many have left the model."""
    if not those:
        return "none leaves the model"
    return f"{len(those)} of them {'leaves' if len(those) == 1 else 'leave'} the model"


def _cases(cases: Sequence[Played]) -> str:
    counts = Counter(each.verdict for each in cases)
    said = ", ".join(f"{many} {WORDS[verdict][many > 1]}" for verdict in Verdict if (many := counts[verdict]))
    return f"{counted(len(cases), 'case')}, {counted(sum(each.step for each in cases), 'step')}: {said}"


def _labs(roamed: Roaming) -> str:
    covered = roamed.covered
    return (
        f"{counted(roamed.runs, 'lab')} that roamed, {counted(roamed.steps, 'choice')}: {_left(roamed.failed)};"
        f" {covered['rows']} of {covered['of_rows']} rows and {covered['events']} of {covered['of_events']} events"
        " were taken"
    )


def _why(of: Played) -> str:
    return str(of.deviation) if of.deviation is not None else of.why


def _failed(failed: Left) -> Iterator[Part]:
    yield Title(f"A lab that leaves the model, seed {failed.seed}", 2, where(failed.changes))
    yield Listing("What was done", tuple(in_blocks(failed.choices)), few=12)
    yield from deviated(failed.deviation)


def tested_json(of: Results) -> str:
    """The JSON form of a test."""
    roamed: dict[str, Any] | None = None
    if of.roamed is not None:
        roamed = {
            "labs": of.roamed.runs,
            "choices": of.roamed.steps,
            "covered": dict(of.roamed.covered),
            "failed": [
                {
                    "seed": each.seed,
                    "environment": dict(each.changes),
                    "choices": [str(choice) for choice in each.choices],
                    "deviation": str(each.deviation),
                }
                for each in of.roamed.failed
            ],
        }
    cases = [
        {"case": each.case.name, "verdict": each.verdict.value, "step": each.step, "why": _why(each)}
        for each in of.played
    ]
    finds = [
        {
            "schedule": each.by,
            "environment": dict(each.changes),
            "choices": [str(choice) for choice in each.choices],
            "deviation": str(each.deviation),
            "broken": list(each.broken),
        }
        for each in of.finds
    ]
    scheduled = {"schedules": of.scheduled, "failed": finds}
    made = {
        "whose": of.whose,
        "verdict": of.verdict.value,
        "complete": of.complete,
        "interrupted": _cut_short(of) if of.interrupted else "",
        "hangs": of.hangs,
        "fails": of.fails,
    }
    return _json({**made, "cases": cases, "scheduled": scheduled, "roamed": roamed})


def bugs(rows: Sequence[Row]) -> Iterator[Part]:
    """The table of seeded bugs; of one alone, all that is known of it."""
    found = sum(each.good for each in rows)
    sign = "✓" if found == len(rows) else "✗"
    yield Title(f"{sign} {found} of {counted(len(rows), 'seeded bug')} found", 1, "each by its shortest run")
    if len(rows) == 1:
        yield from _bug(rows[0])
        return
    yield Grid(
        ("bug", "choices; breaks, or shown by"),
        tuple((f"{'✓' if each.good else '✗'} {each.bug.name}", _shown_by(each)) for each in rows),
    )


def _shown_by(row: Row) -> str:
    """How long its run is, and the claims that it breaks; where none of the suite's speaks of it, what was seen."""
    if row.found is None:
        return _not_found(row)
    shown = ", ".join(row.found.broken) or row.found.deviation.seen.what.replace(PREFIX, "…")
    return f"{len(row.found.choices)}; {shown}"


def _bug(row: Row) -> Iterator[Part]:
    yield Title(row.bug.name, 2, row.bug.wrong)
    yield Says(f"offends {', '.join(row.bug.offends)}")
    if row.found is None:
        yield Says(_not_found(row))
        return
    yield Says(f"shows where {where(row.found.changes)}")
    yield Listing("What was done", tuple(in_blocks(row.found.choices)), few=len(row.found.choices))
    yield from deviated(row.found.deviation, row.found.broken)
    if row.found.decisions:
        yield Says(f"as if by {row.found.decisions[0].event}")
    if not row.spared:
        yield Says("the same run leaves the model without the bug too")


def _not_found(row: Row) -> str:
    return "no run is kept that finds it" if row.found is None and not row.spared else "its run does not find it"


def bugs_json(rows: Sequence[Row]) -> str:
    """The JSON form of the table."""
    return _json({"bugs": [each.told() for each in rows]})


def cases(those: Sequence[Case]) -> Iterator[Part]:
    """The page of files with cases: of each how long it is, and where."""
    yield Title(counted(len(those), "case"), 1, "each can be played")
    yield Grid(
        ("case", "steps", "where"),
        tuple((each.name, str(len(each.steps)), where(_unusual(each))) for each in those),
    )


def _unusual(case: Case) -> Mapping[str, str]:
    usual = equipment().environment()
    return {name: value for name, value in case.environment.items() if usual[name] != value}


def cases_json(those: Sequence[Case]) -> str:
    """The JSON form: of each its length, and what its environment has else than the healthy one."""
    return _json(
        {
            "cases": [
                {"case": each.name, "steps": len(each.steps), "environment": dict(_unusual(each))} for each in those
            ]
        }
    )


def suite(of: Suite) -> Iterator[Part]:
    """The page of a suite: its runs, of each actor how much they take, and what none takes, and why."""
    network = equipment().network
    rows = len(of.rows) + len(of.left)
    steps = sum(len(each.run) for each in of.runs)
    yield Title(
        f"{counted(len(of.runs), 'run')}, {counted(steps, 'step')}", 1, f"{len(of.rows)} of {rows} rows are taken"
    )
    if of.bound:
        yield Says(f"no suite that takes these rows has fewer than {counted(of.bound, 'run')}")
    yield Grid(
        ("run", "steps", "rows", "where"),
        tuple(
            (str(number), str(len(each.run)), str(len(each.rows)), where(each.changes))
            for number, each in enumerate(of.runs, start=1)
        ),
    )
    yield Title("What is taken of each actor", 2)
    yield Grid(("actor", "rows", "taken"), tuple((name, str(all_), str(took)) for name, all_, took in _by_actor(of)))
    for why in Why:
        left = tuple(row_in_words(network, row) for row, each in of.left.items() if each is why)
        if left:
            yield Listing(f"No run takes, {why.value}:", left, few=20)


def _by_actor(of: Suite) -> list[tuple[str, int, int]]:
    """Each actor, how many rows it has by which it goes somewhere, and how many of them are taken."""
    taken = Counter(name for name, _ in of.rows)
    left = Counter(name for name, _ in of.left)
    names = dict.fromkeys(name for name, _ in rows_of(equipment().network))
    return [(name, taken[name] + left[name], taken[name]) for name in names]


def suite_json(of: Suite) -> str:
    """The JSON form of a suite: what its runs take. The runs themselves are its cases."""
    network = equipment().network
    runs = [
        {"environment": dict(each.changes), "steps": len(each.run), "rows": sorted(map(list, each.rows))}
        for each in of.runs
    ]
    actors = [{"actor": name, "rows": all_, "taken": took} for name, all_, took in _by_actor(of)]
    left = [{"row": row_in_words(network, row), "why": why.value} for row, why in of.left.items()]
    return _json({"runs": runs, "bound": of.bound, "actors": actors, "left": left})


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps({"version": VERSION, **data}, indent=2, ensure_ascii=False) + "\n"
