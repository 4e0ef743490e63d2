"""Rival changes side by side: the properties that differ, counts, goals and bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccmproof.harness.changes.compare import Became, Compared
from ccmproof.harness.changes.validation import InScenario, Told, Validation

from .text import first_line
from .validation_parts import Grid, Part, Says, Title
from .validation_words import (
    MEANING,
    SIGNS,
    WORDS,
    bound_moved,
    exit_of,
    given_up,
    names,
    part,
    tally,
    then_and_now,
)

UNCHANGED = (Became.KEPT, Became.FAILS, Became.SILENT)
NONE = "–"
ROWS = {
    "breaks": Became.BROKEN,
    "repairs": Became.REPAIRED,
    "vacuous now": Became.VACUOUS,
    "can no longer be said": Became.UNSAID,
    "fails where it was not spoken of": Became.FAILS_ANEW,
    "undetermined": Became.UNDETERMINED,
    "kept": Became.KEPT,
}


def rivals(validations: Sequence[Validation]) -> Iterator[Part]:
    """The rivals, each validated alone: one table over all of them."""
    titles = tuple(names(each) for each in validations)
    yield Title(f"{len(validations)} changes side by side", 1)
    yield Grid(("", ""), tuple((name, each.changes[0].title) for name, each in zip(titles, validations, strict=True)))
    code = exit_of(validations)
    yield Says(f"exit {int(code)}: {MEANING[code]}", "name", 0)
    yield Title("In all", 3)
    yield Grid(("", *titles), tuple(_counts(validations)))
    for name, doc in _scenarios(validations):
        found = [next((one for one in each.scenarios if one.scenario == name), None) for each in validations]
        rows = [*_properties(found), *_goals(found), *_bounds(found)]
        yield Title(name, 2, first_line(doc))
        if rows:
            yield Grid(("", *titles), tuple(rows))
        else:
            yield Says(
                "no verdict, goal or bound differs between the original and any of them",
                "quiet",
            )


def _counts(validations: Sequence[Validation]) -> Iterator[tuple[str, ...]]:
    counts = [tally(each) for each in validations]
    for word, became in ROWS.items():
        if became in (Became.BROKEN, Became.REPAIRED, Became.KEPT) or any(each[became] for each in counts):
            yield word, *(str(each[became]) for each in counts)
    purpose = [given_up(each) for each in validations]
    if any(purpose):
        yield "given up on purpose", *(str(len(each)) for each in purpose)
    yield "edits of the model", *(str(len(each.differences)) for each in validations)
    yield "exit", *(str(int(each.exit)) for each in validations)


def _scenarios(validations: Sequence[Validation]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.scenario, one.doc) for each in validations for one in each.scenarios))


def _properties(found: Sequence[InScenario | None]) -> Iterator[tuple[str, ...]]:
    """The properties that any of the rivals does something to, in the order of the suite."""
    of = [{each.compared.prop.id: each for each in (*one.told, *one.own)} if one else {} for one in found]
    for name in dict.fromkeys(name for each in of for name in each):
        tolds = [each.get(name) for each in of]
        if any(told is not None and _is_news(told) for told in tolds):
            yield name, *map(_cell, tolds)


def _is_news(told: Told) -> bool:
    """The change does something to it, or brings it and is not as it expects."""
    brought = told.compared.before is None and told.judgement is not None and told.judgement.surprising
    return told.compared.became not in UNCHANGED or brought


def _cell(told: Told | None) -> str:
    if told is None:
        return NONE
    became = told.compared.became
    purpose = " on purpose" if told.is_intended else ""
    return f"{SIGNS[became][0]} {WORDS[became]}{purpose}{_share(told.compared)}"


def _share(compared: Compared) -> str:
    """How much of it, where that has a number of its own."""
    where = {
        Became.BROKEN: compared.broken,
        Became.REPAIRED: compared.repaired,
        Became.FAILS_ANEW: compared.fails_anew,
    }.get(compared.became)
    return "" if where is None else f", in {part(where.count, compared.total)}"


def _goals(found: Sequence[InScenario | None]) -> Iterator[tuple[str, ...]]:
    of = [{each.name: each for each in one.goals} if one else {} for one in found]
    for name in dict.fromkeys(name for each in of for name in each):
        aims = [each.get(name) for each in of]
        if any(aim is not None and aim.before != aim.after for aim in aims):
            cells = (
                NONE if aim is None
                else "as before" if aim.before == aim.after
                else " → ".join(then_and_now(aim.before, aim.after, aim.total))
                for aim in aims
            )  # fmt: skip
            yield f"can reach {name}", *cells


def _bounds(found: Sequence[InScenario | None]) -> Iterator[tuple[str, ...]]:
    of = [{each.compared.prop.id: each for each in one.told} if one else {} for one in found]
    for name in dict.fromkeys(name for each in of for name in each):
        tolds = [each.get(name) for each in of]
        if any(told is not None and told.compared.bound_moved for told in tolds):
            said = (
                "" if told is None else bound_moved(told).removeprefix("bound: ").partition(" (claimed")[0]
                for told in tolds
            )
            yield f"bound of {name}", *(text or NONE for text in said)
