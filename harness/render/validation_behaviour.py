"""What a change does to goals, to behaviour, and to the model itself, as parts of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ccmproof.harness.changes.compare import Aim, Behaves
from ccmproof.harness.changes.difference import Difference, How
from ccmproof.harness.changes.validation import InScenario, Validation
from ccmproof.model.kernel.causes import Cause
from ccmproof.properties.timing import in_minutes

from .validation_parts import FEW, Diff, Grid, Listing, Part, Says, Title
from .validation_words import was_and_is
from .words import counted, number


def goals(of: InScenario) -> Iterator[Part]:
    """Where each goal could be reached and can, and the causes why not."""
    if not of.goals:
        return
    moved = [each for each in of.goals if each.before != each.after or each.new or each.gone]
    if not moved:
        yield Title("Goals", 3, f"reached as before: {', '.join(each.name for each in of.goals)}")
        return
    yield Title("Goals", 3)
    same = [each for each in of.goals if each not in moved]
    for each in moved:
        yield Says(f"{each.name}: {was_and_is(each.before, each.after, each.total, 'could be reached')}", "name")
        yield from _causes(each)
    if same:
        yield Says(f"for the same causes as before: {', '.join(each.name for each in same)}")


def _causes(aim: Aim) -> Iterator[Part]:
    for lead, causes in (("new causes why not", aim.new), ("causes that are gone", aim.gone)):
        if causes:
            yield Listing(f"{lead} ({number(len(causes))}):", tuple(_told_by_weight(causes)), 3)
    if aim.unchanged:
        yield Says(f"{counted(len(aim.unchanged), 'cause')} as before", "quiet")


def _told_by_weight(causes: Iterable[Cause]) -> list[str]:
    """Those of most environments first."""
    return [str(each) if each.literals else "always" for each in sorted(causes, key=lambda each: -each.count)]


def behaviour(validation: Validation, of: InScenario) -> Iterator[Part]:
    """Events, states, steps and labelled steps that are gained and lost; the actors of fewest steps first."""
    found = of.behaves
    yield Title("Behaviour, gained and lost", 3)
    if found is None:
        yield Says("not known: the search was cut short", "undetermined")
        return
    if found.is_empty:
        yield Says("none: every event, step and state is where it was")
        return
    yield from _events(found)
    for word, place in (("entered for the first time", 0), ("never entered any more", 1)):
        items = tuple(f"{actor} is {state}" for actor, both in found.states.items() for state in both[place])
        if items:
            yield Listing(f"{word} ({len(items)}):", items, 2 * FEW, inline=True)
    for actor, (gained, lost) in sorted(found.steps.items(), key=lambda each: (_many(each[1]), each[0])):
        for sign, word, steps in (("+", "gains", gained), ("-", "loses", lost)):
            if steps:
                items = tuple(f"{sign} {a} → {b}  {event}" for a, event, b in steps)
                yield Listing(f"{actor} {word} {counted(len(steps), 'step')}:", items)
    fields = ", ".join(("event", *validation.alphabet.fields))
    for sign, word, labels in (("+", "gained", found.labels[0]), ("-", "lost", found.labels[1])):
        if labels:
            items = tuple(f"{sign} {' · '.join(label)}" for label in labels)
            yield Listing(f"{counted(len(labels), 'labelled step')} {word} ({fields}):", items)


def behaviour_in_brief(of: InScenario) -> Iterator[Part]:
    """How much of the behaviour is gained and lost: the JSON form has it in full."""
    found = of.behaves
    if found is None or found.is_empty:
        return
    said = [f"{counted(len(found.events), 'event')} in other environments"] if found.events else []
    for what, pairs in (("step", list(found.steps.values())), ("labelled step", [found.labels])):
        gained, lost = (sum(len(both[side]) for both in pairs) for side in (0, 1))
        if gained or lost:
            said.append(f"{counted(gained, what)} gained, {number(lost)} lost")
    yield Title("Behaviour, gained and lost", 3, "; ".join(said))


def _many(both: tuple[Sequence[object], Sequence[object]]) -> int:
    return len(both[0]) + len(both[1])


def _events(found: Behaves) -> Iterator[Part]:
    groups = (
        ("events that happen for the first time", [each for each in found.events if each.first]),
        ("events that never happen any more", [each for each in found.events if each.never]),
        ("events that happen in other environments", [e for e in found.events if not (e.first or e.never)]),
    )
    for lead, moved in groups:
        if moved:
            by_weight = sorted(moved, key=lambda each: (-each.gained - each.lost, each.event))
            items = tuple(f"{each.event} +{number(each.gained)} -{number(each.lost)}" for each in by_weight)
            plain = tuple(each.event for each in by_weight)
            yield Listing(f"{lead} ({len(items)}):", items if moved is groups[2][1] else plain, 2 * FEW, inline=True)


def structure(validation: Validation) -> Iterator[Part]:
    """What of the model is otherwise, and the statements that something rested on which is."""
    yield Title("What the change does to the model", 2)
    said = tuple(_set(validation))
    if said:
        yield Grid(("", ""), said)
    if not validation.differences and not said:
        yield Says("nothing")
    for each in validation.differences:
        yield Diff(_heading(each), " ".join(each.before.split()), " ".join(each.after.split()))
    if validation.footing:
        lead = "statements that something rested on which is altered or removed:"
        yield Listing(lead, validation.footing, 5 * FEW, inline=True)


def _set(validation: Validation) -> Iterator[tuple[str, str]]:
    """Settings and durations of the changes: a name, and what it is before and after, or now."""
    for change in validation.changes:
        for each in change.settings:
            if each.moves:
                yield each.name, f"{each.before or 'as it is'} → {each.after or 'as it is'}"
        for name, (shortest, longest) in change.durations.items():
            least, most = in_minutes(shortest), in_minutes(longest)
            yield name, least if least == most else f"{least} to {most}"


def _heading(of: Difference) -> str:
    cites = f"  [{' '.join(of.cites)}]" if of.cites and of.how is not How.ADDED else ""
    return f"{of.how.value} {of.what} {'of ' if of.what in IN_ACTOR else ''}{of.name}{cites}"


IN_ACTOR = ("transition", "states", "initial", "host", "seen_by", "ignores", "holds_up", "waits", "groups")
"""What a difference is about that is a part of an actor."""
