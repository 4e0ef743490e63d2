"""A validation as parts of a page, the verdict first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccmproof.harness.changes.compare import Became
from ccmproof.harness.changes.validation import InScenario, Told, Validation

from .text import first_line
from .validation_behaviour import behaviour, behaviour_in_brief, goals, structure
from .validation_parts import Counts, Entries, Entry, Grid, Listing, Part, Run, Says, Title
from .validation_words import (
    ALWAYS_SAID,
    MEANING,
    SIGNS,
    WORDS,
    WORST,
    became_of,
    besides,
    bound_moved,
    headline,
    names,
    refusal,
    remarks,
    with_stories,
)
from .words import counted, number

UNASKED = 6
"""So many properties are named that a scenario asks and the judged ones do not."""
SECTIONS: Mapping[str, tuple[Became, ...]] = {
    "Broken": (Became.BROKEN,),
    "Undetermined": (Became.UNDETERMINED,),
    "Can no longer be said": (Became.UNSAID,),
    "Repaired": (Became.REPAIRED,),
    "Vacuous now": (Became.VACUOUS,),
    "Fails where it was not spoken of": (Became.FAILS_ANEW,),
    "No longer spoken of where it failed": (Became.HUSHED,),
}
"""What is told in full, by title."""


def parts(validation: Validation) -> Iterator[Part]:
    """All of a validation. Of several scenarios the first is told in full; of the others what is not told yet."""
    yield from _verdict(validation)
    if len(validation.scenarios) > 1:
        yield from _overview(validation)
    told_in: dict[str, str] = {}
    for place, each in enumerate(validation.scenarios):
        yield Title(each.scenario, 2, first_line(each.doc))
        yield Says(_size(each), "quiet", 2)
        yield from (Says(text, "", 2) for text in _settings(each))
        yield from _properties(each)
        yield from _stories(each, told_in)
        yield from _bounds(each)
        yield from goals(each)
        if place == 0:
            yield from behaviour(validation, each)
            yield from _order(each)
        else:
            yield from behaviour_in_brief(each)
    yield from structure(validation)
    yield from _passed_over(validation)


def _overview(validation: Validation) -> Iterator[Part]:
    """Which properties became what over all scenarios, and how many in each."""
    became_in = became_of(validation)
    listed = (
        (WORDS[became], ", ".join(name for name, each in became_in.items() if each is became)) for became in WORST[:6]
    )
    yield Says("")
    yield Grid(("", ""), tuple(row for row in listed if row[1]))
    rows = []
    for each in validation.scenarios:
        rows.append((each.scenario, *(str(len(each.that(became))) for became in ALWAYS_SAID)))
    yield Title("In each scenario", 2)
    yield Grid(("", *(WORDS[became] for became in ALWAYS_SAID)), tuple(rows))


def _verdict(validation: Validation) -> Iterator[Part]:
    for change in validation.changes:
        yield Title(change.title, 1, change.document.file)
        if change.rationale:
            yield Says(first_line(change.rationale), "", 2)
    if len(validation.changes) > 1:
        yield Says(f"applied in this order: {names(validation)}", "quiet", 2)
    style = {0: "holds", 1: "surprise"}.get(int(validation.exit), "undetermined")
    yield Says("")
    yield Counts(headline(validation), style)
    if besides(validation):
        yield Counts(besides(validation), "quiet", "besides: ")
    yield Says(f"exit {int(validation.exit)}: {MEANING[validation.exit]}", "name", 0)
    if validation.is_idle:
        what = "nothing is edited, and nothing set otherwise: a setting that changes has { before = …, after = … }"
        yield Says(f"both designs are the same: {what}", "undetermined", 0)
    for each, aim in validation.lost:
        yield Says(f"{aim.name} can be reached no more in any environment of {each.scenario}", "fails", 0)
    for name, unasked in validation.elsewhere.items():
        said = ", ".join(unasked[:UNASKED]) + (f" and {len(unasked) - UNASKED} more" if len(unasked) > UNASKED else "")
        yield Says(f"not asked here, and touched: {said}; --scenario {name} asks", "quiet", 0)
    if validation.interrupted:
        yield Says(f"interrupted: {validation.interrupted}", "undetermined", 0)
    for change, given in validation.idle:
        said = f"{change.name} declares that {given.property} is given up ({given.verdict.value}), and it is not"
        yield Says(said, "fails", 0)


def _size(of: InScenario) -> str:
    said = [counted(of.environments, "environment")]
    one, other = of.before.states, of.after.states
    same = counted(one, "state")
    said.append(same if one == other else f"{same}, now {number(other)}")
    stopped = of.after.stopped or of.before.stopped
    return ", ".join(said) + (f"; cut short: {stopped}" if stopped else "")


def _settings(of: InScenario) -> Iterator[str]:
    before, after = of.settings
    both = {name: value for name, value in before.items() if after.get(name) == value}
    moved = [
        f"{name} = {before.get(name, 'as it was')} → {after.get(name, 'as it was')}"
        for name in dict.fromkeys((*before, *after))
        if name not in both
    ]
    if moved:
        yield f"changed: {', '.join(moved)}"
    if both:
        yield "with " + ", ".join(f"{name} = {value}" for name, value in both.items())


def _properties(of: InScenario) -> Iterator[Part]:
    empty = True
    for title, became in SECTIONS.items():
        rows = tuple(entry(each) for each in of.that(*became))
        if rows:
            empty = False
            yield Title(title, 3)
            yield Entries(rows)
    elsewhere = [
        each for each in of.that(Became.KEPT, Became.FAILS)
        if not (each.compared.anew.is_empty and each.compared.hushed.is_empty)
    ]  # fmt: skip
    if empty:
        yield Says("no property of the suite has another verdict in any environment", "quiet", 1)
    if of.own:
        yield Title("What the change brings", 3)
        yield Entries(tuple(own_entry(each) for each in of.own))
    if elsewhere:
        items = tuple(_elsewhere(each) for each in sorted(elsewhere, key=_how_much))
        yield Title("The same verdict, and spoken of in other environments", 3)
        lead = f"{counted(len(items), 'property', 'properties')}, environments gained and lost:"
        yield Listing(lead, items, inline=True)


def _how_much(told: Told) -> int:
    return -(told.compared.anew.count + told.compared.hushed.count)


def _elsewhere(told: Told) -> str:
    compared = told.compared
    return f"{compared.prop.id} +{number(compared.anew.count)} -{number(compared.hushed.count)}"


def entry(told: Told) -> Entry:
    """A property of the suite, and what became of it."""
    sign, style = SIGNS[told.compared.became]
    prop = told.compared.prop
    if told.is_intended:
        style = "quiet"
    return Entry(sign, WORDS[told.compared.became], style, prop.id, prop.claim, tuple(remarks(told)))


def own_entry(told: Told) -> Entry:
    """A property that a change brings: its verdict, and whether the change expects it."""
    prop, judgement = told.compared.prop, told.judgement
    if judgement is None:
        return Entry("?", "unsaid", "undetermined", prop.id, prop.claim, ((told.compared.fitted.why, ""),))
    said = []
    if judgement.surprising:
        said.append((f"not as the change expects: {judgement.expected.value}", "surprise"))
    if judgement.note:
        said.append((judgement.note, "quiet"))
    sign = {"holds": "✓", "fails": "✗", "vacuous": "○"}.get(judgement.verdict.value, "?")
    style = "surprise" if judgement.surprising else judgement.verdict.value
    return Entry(sign, judgement.verdict.value, style, prop.id, prop.claim, tuple(said))


def _stories(of: InScenario, told_in: dict[str, str]) -> Iterator[Part]:
    """The shortest runs, each property's in the first scenario in which it has one; ``told_in`` remembers which."""
    shown = [each for each in with_stories(of) if each.compared.prop.id not in told_in]
    again = [each.compared.prop.id for each in with_stories(of) if each.compared.prop.id in told_in]
    if shown or again:
        yield Title("Shortest runs in the changed design", 3)
    before: dict[tuple[object, ...], str] = {}
    for each in shown:
        assert each.judgement is not None and each.judgement.counterexample is not None
        run = each.judgement.counterexample.run
        path = (*(step.event for step in run.steps), *(tuple(state.items()) for state in run.states))
        name = each.compared.prop.id
        same = before.setdefault(path, name)
        told_in[name] = of.scenario
        yield Run(each.judgement, refusal(each), same if same != name else "")
    for where in dict.fromkeys(told_in[name] for name in again):
        listed = ", ".join(name for name in again if told_in[name] == where)
        yield Says(f"runs of {listed}: see {where}; --runs keeps those of this scenario too", "quiet")


def _bounds(of: InScenario) -> Iterator[Part]:
    moved = [each for each in of.told if each.compared.bound_moved]
    if not moved:
        return
    yield Title("Bounds that moved", 3)
    yield Grid(("", ""), tuple((each.compared.prop.id, bound_moved(each).removeprefix("bound: ")) for each in moved))


def _order(of: InScenario) -> Iterator[Part]:
    if of.order:
        yield Title("The order of the changes matters", 3)
        yield from (Says(f"{one} and {other} give another design the other way round: {where}", "undetermined")
                    for one, other, where in of.order)  # fmt: skip


def _passed_over(validation: Validation) -> Iterator[Part]:
    if validation.passed_over:
        yield Title("Scenarios passed over", 2)
        yield Grid(("", ""), tuple(validation.passed_over.items()))
