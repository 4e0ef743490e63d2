"""What a change does to a property, said in words: the phrases that every form of a validation shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ccmproof.harness.changes.compare import Became, Compared
from ccmproof.harness.changes.validation import InScenario, Told, Validation
from ccmproof.harness.report import Counterexample, Exit, Judgement
from ccmproof.harness.report import Told as Step
from ccmproof.model.kernel.causes import Causes
from ccmproof.model.kernel.condition import Not, leaves
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.text import parse

from .bounds import claimed_in_words, computed_in_words
from .causes import exactly_when, fails_when
from .words import counted, number, share

WORST = (
    Became.BROKEN,
    Became.UNDETERMINED,
    Became.UNSAID,
    Became.FAILS_ANEW,
    Became.VACUOUS,
    Became.REPAIRED,
    Became.HUSHED,
    Became.FAILS,
    Became.KEPT,
    Became.SILENT,
)
"""What is said of a property that became different things in several scenarios: the first of these."""
LOST = (Became.BROKEN, Became.UNSAID, Became.VACUOUS)
"""What can be given up on purpose."""
ALWAYS_SAID = {
    Became.BROKEN: "breaks",
    Became.REPAIRED: "repairs",
    Became.VACUOUS: "vacuous now",
    Became.FAILS_ANEW: "fails where it was not spoken of",
    Became.KEPT: "kept",
}
"""The counts of the first line."""
SAID_IF_ANY = (Became.UNDETERMINED, Became.UNSAID, Became.HUSHED, Became.FAILS, Became.SILENT)
SIGNS = {
    Became.BROKEN: ("✗", "fails"),
    Became.FAILS_ANEW: ("✗", "undetermined"),
    Became.UNDETERMINED: ("?", "undetermined"),
    Became.UNSAID: ("○", "vacuous"),
    Became.VACUOUS: ("○", "vacuous"),
    Became.REPAIRED: ("✓", "holds"),
    Became.HUSHED: ("○", "vacuous"),
    Became.FAILS: ("✗", "quiet"),
    Became.SILENT: ("○", "quiet"),
    Became.KEPT: ("✓", "quiet"),
}
"""The sign and the style of each: as the verdict's, beside the word."""
WORDS = {**{each: each.value for each in Became}, Became.FAILS_ANEW: "fails anew"}
"""The word beside the sign."""
MEANING = {
    Exit.AS_EXPECTED: "nothing breaks that is not given up on purpose",
    Exit.UNEXPECTED: "something breaks, or is not as the change declares",
    Exit.UNDETERMINED: Exit.UNDETERMINED.meaning,
}
NO_EVENT = ("there is no such event",)
"""The refusal of a design that lacks the event."""
SIMPLE = 12
"""Up to this denominator a share is said as a fraction."""


def exit_of(validations: Sequence[Validation]) -> Exit:
    """What all of them mean: certain bad news first."""
    found = {each.exit for each in validations}
    order = (Exit.UNEXPECTED, Exit.UNDETERMINED, Exit.AS_EXPECTED)
    return next(each for each in order if each in found)


def became_of(validation: Validation) -> dict[str, Became]:
    """What became of each property over all scenarios, by its ID."""
    found: dict[str, Became] = {}
    for each in validation.scenarios:
        for told in each.told:
            name, became = told.compared.prop.id, told.compared.became
            found[name] = min(found.get(name, became), became, key=WORST.index)
    return found


def tally(validation: Validation) -> Counter[Became]:
    """How many properties became what, each counted once over all scenarios."""
    return Counter(became_of(validation).values())


def given_up(validation: Validation) -> dict[str, Became]:
    """What became of the properties that are given up on purpose wherever they are lost."""
    found = became_of(validation)
    lost = [told for each in validation.scenarios for told in each.that(*LOST)]
    unmeant = {told.compared.prop.id for told in lost if not told.is_intended}
    return {
        told.compared.prop.id: found[told.compared.prop.id]
        for told in lost
        if told.is_intended and told.compared.prop.id not in unmeant
    }


def headline(validation: Validation) -> tuple[str, ...]:
    """``breaks 2 (1 on purpose)``, ``repairs 1``, ``vacuous now 3``, …, ``kept 97``."""
    counts, purpose = tally(validation), given_up(validation)
    said = []
    for became, word in ALWAYS_SAID.items():
        meant = sum(each is became for each in purpose.values())
        said.append(f"{word} {counts[became]}" + (f" ({meant} on purpose)" if meant else ""))
    return tuple(said)


def besides(validation: Validation) -> tuple[str, ...]:
    """The counts that are said only where they are not none."""
    counts = tally(validation)
    return tuple(f"{became.value} {counts[became]}" for became in SAID_IF_ANY if counts[became])


def names(validation: Validation) -> str:
    """The changes, in their order."""
    return ", then ".join(change.name for change in validation.changes)


def part(count: int, total: int, *, exact: bool = False) -> str:
    """``none``, ``all``, ``1/4``, or ``18,911,232 (0.0019 %)``; a large number in full where it must be ``exact``."""
    if count in (0, total):
        return "none" if not count else "all"
    simple = Fraction(count, total)
    if simple.denominator <= SIMPLE:
        return str(simple)
    return f"{count:,} ({share(count, total)})" if exact else f"{number(count)} ({share(count, total)})"


def then_and_now(before: int, after: int, total: int) -> tuple[str, str]:
    """Both as parts; in full where they would look the same."""
    exact = before != after and number(before) == number(after)
    return part(before, total, exact=exact), part(after, total, exact=exact)


def was_and_is(before: int, after: int, total: int, lead: str) -> str:
    """``failed in none, now in 1/4 of 8 environments``; the same number twice is said once."""
    one, other = then_and_now(before, after, total)
    now = ", as before" if before == after else f", now in {other}"
    if total == 1:
        return f"{lead} in {'the only environment' if before else 'no environment'}" + (
            ", as before" if before == after else ", now in it" if after else ", now not in it"
        )
    of = f" of {counted(total, 'environment')}"
    return f"{lead} in {one}{of}{now}" if before == after else f"{lead} in {one}{now}{of}"


def remarks(told: Told) -> list[tuple[str, str]]:
    """What is to be said of a property under its claim: a text and its style, each on a line."""
    return [(words, style) for words, style in _remarks(told) if words]


def _remarks(told: Told) -> Iterator[tuple[str, str]]:
    compared, judgement = told.compared, told.judgement
    style = SIGNS[compared.became][1]
    if compared.became is Became.UNSAID:
        yield compared.fitted.why, style
    elif compared.became is not Became.UNDETERMINED:
        yield how_often(compared), style
    yield breaks_when(told), ""
    yield from ((words, "") for words in spoken_elsewhere(compared))
    if compared.fitted.gone:
        yield f"events that it speaks of and that are not there: {', '.join(compared.fitted.gone)}", ""
    yield bound_moved(told), ""
    if told.statements:
        yield f"statements that lose their footing: {', '.join(told.statements)}", ""
    if told.given_up is not None:
        lead = "given up on purpose" if told.is_intended else f"declared to be {told.given_up.verdict.value} then"
        yield f"{lead}: {told.given_up.reason}", "quiet"
    if judgement is not None and judgement.note and compared.became is Became.UNDETERMINED:
        yield judgement.note, "quiet"


def how_often(compared: Compared) -> str:
    """In how many environments it failed, and fails; of a possibility, in how many it could happen, and can."""
    before, after = compared.failed
    total = compared.total
    if compared.prop.exactly:
        return was_and_is(before, after, total, "was otherwise than said")
    if compared.prop.possible:
        return was_and_is(total - before, total - after, total, "could happen")
    if not before and not after:
        return was_and_is(*compared.spoken, total, "was put to the test") if compared.hushed.count else ""
    return was_and_is(before, after, total, "failed")


def breaks_when(told: Told) -> str:
    """The conditions for what breaks: of all failures, where there was none before; else of those that are new."""
    compared, judgement = told.compared, told.judgement
    if compared.became is not Became.BROKEN or judgement is None:
        return ""
    if compared.broken.count == compared.failed[1] or compared.prop.possible:
        return fails_when(judgement)
    where = part(compared.broken.count, compared.total)
    when = exactly_when(Causes(compared.broken.space).of(compared.broken))
    return f"breaks in {where}{f', {when}' if when else ''}"


def spoken_elsewhere(compared: Compared) -> list[str]:
    """Where it is repaired, if not everywhere; where it is newly spoken of, and no longer."""
    said = []
    if compared.became is Became.REPAIRED and compared.failed[1] and not compared.prop.possible:
        said.append(f"repaired in {part(compared.repaired.count, compared.total)}")
    if not compared.anew.is_empty and compared.before is not None:
        fails = f", and fails in {part(compared.fails_anew.count, compared.total)}" if compared.fails_anew.count else ""
        said.append(f"newly spoken of in {part(compared.anew.count, compared.total)}{fails}")
    if not compared.hushed.is_empty and compared.after is not None:
        said.append(f"no longer spoken of in {part(compared.hushed.count, compared.total)}")
    return said


def bound_moved(told: Told) -> str:
    """``bound: 9 h 30 min ± 30 min → none up to 36 h (claimed: at most 9 h 30 min)``; empty where it has not moved."""
    compared = told.compared
    said = compared.fitted.prop or compared.prop
    if not compared.bound_moved or said.bound is None or compared.before is None or compared.after is None:
        return ""
    assert compared.before.bound is not None and compared.after.bound is not None
    one, other = (computed_in_words(said, each) for each in (compared.before.bound, compared.after.bound))
    return f"bound: {one} → {other} (claimed: {claimed_in_words(said.bound)})"


def step_in_words(step: Step) -> str:
    """``client: ask for user token → Entra``."""
    return f"{step.who}: {step.what}" + (f" → {', '.join(step.to)}" if step.to else "")


def refusal(told: Told) -> tuple[str, ...]:
    """Where the original design would not have gone on along the shortest run, and why; nothing where there is none."""
    found, shown = told.refusal, _shown(told.judgement)
    if found is None or shown is None:
        return ()
    if told.compared.became is Became.BROKEN and shown.run.environment not in told.compared.broken:
        return ("in this environment it failed before, too",)
    if found.step is None:
        return ("the original does not begin so, because there", *(f"not so that {text}" for text in found.why))
    if found.step >= len(shown.told):
        return ("the original makes all of these steps",)
    where = f"step {found.step + 1} ({step_in_words(shown.told[found.step])})"
    if found.instead:
        ends = (f"{actor} is then {here}, not {wanted}" for actor, (wanted, here) in found.instead.items())
        return (f"the original goes elsewhere at {where}:", *ends)
    if found.why == NO_EVENT:
        return (f"the original refuses at {where}: it has no such event",)
    before = shown.run.states[found.step]
    return (f"the original refuses at {where}, because before it", *(_not_so(text, before) for text in found.why))


def in_a_line(lines: Sequence[str]) -> str:
    """A lead and what follows from it: ``the original refuses at …, because before it not so that a; …``."""
    return f"{lines[0]} {'; '.join(lines[1:])}".rstrip() if lines else ""


def _not_so(text: str, state: Mapping[str, str]) -> str:
    """A demand of the original that is not met, with what is so in the run, unless that would meet it: where the change
    sets a value, the original has another."""
    said = f"not so that {text}"
    try:
        demand = parse(text)
        leaf = next(iter(leaves(demand)), None)
    except ModelError:
        return said
    if leaf is None or leaf.actor not in state:
        return said
    met = (state[leaf.actor] in leaf.names) is not isinstance(demand, Not)
    return said if met else f"{said}: it is {state[leaf.actor]}"


def _shown(judgement: Judgement | None) -> Counterexample | None:
    return None if judgement is None else judgement.counterexample


def with_stories(of: InScenario) -> list[Told]:
    """The properties whose shortest run is told: what breaks, and what the changes bring and does not hold so."""
    broken = of.that(Became.BROKEN)
    own = [each for each in of.own if each.judgement is not None and each.judgement.surprising]
    return [each for each in (*broken, *own) if _shown(each.judgement) is not None]
