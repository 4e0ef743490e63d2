"""A counterexample as a story: numbered steps of who does what, to whom, what changed and which statement says so.

A step that repeats is told once (``7–9  tick, 3 times``), and so is a passage that happened before in the same way
(``31–33  as 15–17: …``). Fields of one record that change together stand together, and of the environment only what is
unusual is said. The whole of it is in the JSON form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccmproof.harness.report import Counterexample, Judgement, Told
from ccmproof.model.kernel.condition import leaves
from ccmproof.model.kernel.text import parse
from rich.text import Text

from .bounds import reading_of
from .page import Page
from .words import in_environments

INDENT = 3
"""Of the steps, from the left."""


def story(page: Page, judgement: Judgement, *, same_as: str = "") -> None:
    """The shortest run of a judgement: what breaks a claim, or how what was held impossible comes about.

    Its steps are not told again where it is the same run as one that was told before, of the property ``same_as``.
    """
    shown = judgement.counterexample
    if shown is None:
        return
    prop = judgement.prop
    page.rows([[page.styled((prop.id, "name")), page.styled((prop.claim, "name"))]], indent=1)
    possible = prop.possible
    what, count = _what_it_shows(judgement, shown)
    where = in_environments(count, judgement.total)
    this = "" if judgement.total == 1 else ", this one among them" if count > 1 else ", this one"
    page.line(f"{what} {where}{this}: {environment_in_words(shown)}", indent=INDENT)
    if not shown.everywhere:
        page.line("no shorter run in this environment; the other environments were not compared", indent=INDENT)
    if same_as:
        page.line(f"the same run as for {same_as}", indent=INDENT)
    else:
        steps(page, shown)
    if judgement.bound is not None:
        reading, _ = reading_of(judgement, shown)
        page.line(f"at step {len(shown.run.steps)} the stopwatch shows {reading}", indent=INDENT)
    elif not possible:
        because(page, shown)


def _what_it_shows(judgement: Judgement, shown: Counterexample) -> tuple[str, int]:
    """What a run shows, and in how many environments there is one that does."""
    if judgement.bound is not None:
        reading, attained = reading_of(judgement, shown)
        if attained is not None:
            return f"{reading}, attained", attained
    if judgement.prop.exactly:
        return "happens where it should not; it is not as said", judgement.failing_count
    if judgement.prop.possible:
        return "happens", judgement.total - judgement.failing_count
    return "fails", judgement.failing_count


def without_end(shown: Counterexample, owed: str = "") -> list[str]:
    """How a run without end goes on.

    Args:
        owed: from when on it is owed what never comes, as the beginning of a sentence.
    """
    run = shown.run
    assert run.loop is not None
    if run.loop == len(run):
        return ["there it rests: nothing that is owed may happen any more"]
    one = run.loop + 1 == len(run)
    again = f"step {len(run)} comes" if one else f"steps {run.loop + 1} to {len(run)} come"
    return [
        f"{owed}{again} again and again for ever,",
        "and nothing that is owed and may happen on the way is left out",
        f"again and again in it: {', '.join(shown.served)}",
    ]


def steps(page: Page, shown: Counterexample) -> None:
    """All steps of a run, numbered."""
    passages = told_once(list(told_together(shown)))
    width = max((len(_numbers(*passage.span)) for passage in passages), default=0)
    initial = shown.run.states[0]
    rows = [
        _again(page, passage, width) if isinstance(passage, Again) else chapter_row(page, passage, initial, width)
        for passage in passages
    ]
    page.rows(rows or [[page.styled("0"), page.styled("at the beginning, before any step")]], indent=INDENT)


def environment_in_words(shown: Counterexample) -> str:
    """What is unusual in the environment of a run."""
    said = ", ".join(f"{name} {value}" for name, value in shown.unusual.items())
    return f"{said}; all else as usual" if said else "all is as usual"


@dataclass(frozen=True)
class Chapter:
    """One step, or a step that repeats: its numbers, what is told, what changed in all, and what it cites."""

    first: int
    last: int
    told: Told
    changed: Mapping[str, tuple[str, str]]
    cites: tuple[str, ...]

    @property
    def span(self) -> tuple[int, int]:
        return self.first, self.last

    @property
    def times(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Again:
    """A passage that happened before in the same way: its numbers, those of what was told then, and the events."""

    span: tuple[int, int]
    like: tuple[int, int]
    what: tuple[str, ...]


def told_once(chapters: Sequence[Chapter]) -> list[Chapter | Again]:
    """The chapters, with passages of two or more that were told before replaced by a reference; never the last one."""
    passages: list[Chapter | Again] = []
    told_in_full: list[bool] = []
    at = 0
    while at < len(chapters):
        length, earlier = _longest_before(chapters, told_in_full, at)
        if length < 2:
            passages.append(chapters[at])
            told_in_full.append(True)
            at += 1
            continue
        before, now = chapters[earlier : earlier + length], chapters[at : at + length]
        span, like = (now[0].first, now[-1].last), (before[0].first, before[-1].last)
        passages.append(Again(span, like, tuple(each.told.what for each in now)))
        told_in_full += [False] * length
        at += length
    return passages


def _longest_before(chapters: Sequence[Chapter], told_in_full: Sequence[bool], at: int) -> tuple[int, int]:
    """The length of the longest passage from ``at`` on that was told in full before, and where it was told first."""
    best = (0, 0)
    for earlier in range(at):
        length = 0
        while (
            at + length < len(chapters) - 1
            and earlier + length < at
            and told_in_full[earlier + length]
            and _same(chapters[earlier + length], chapters[at + length])
        ):
            length += 1
        if length > best[0]:
            best = (length, earlier)
    return best


def _same(one: Chapter, other: Chapter) -> bool:
    return one.told == other.told and one.changed == other.changed and one.times == other.times


def _numbers(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _again(page: Page, passage: Again, width: int) -> list[Text]:
    body = page.styled((f"as {_numbers(*passage.like)}: {', '.join(passage.what)}", "quiet"))
    return [page.styled(_numbers(*passage.span).rjust(width)), body]


def told_together(shown: Counterexample) -> Iterator[Chapter]:
    """The steps, those that repeat the one before joined to it; the step that breaks the property stands alone."""
    steps = shown.run.steps
    offending = len(steps) if shown.judged < len(steps) else 0
    chapter: Chapter | None = None
    for number, (step, told) in enumerate(zip(steps, shown.told, strict=True), start=1):
        if chapter is not None and number != offending and steps[chapter.first - 1].event == step.event:
            cites = tuple(dict.fromkeys([*chapter.cites, *step.cites]))
            chapter = Chapter(chapter.first, number, told, _joined(chapter.changed, step.changed), cites)
            continue
        if chapter is not None:
            yield chapter
        chapter = Chapter(number, number, told, step.changed, step.cites)
    if chapter is not None:
        yield chapter


def _joined(first: Mapping[str, tuple[str, str]], then: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """What two changes in a row change in all; what they undo is left out."""
    joined = dict(first)
    for actor, (before, after) in then.items():
        joined[actor] = (joined[actor][0] if actor in joined else before, after)
    return {actor: (before, after) for actor, (before, after) in joined.items() if before != after}


def chapter_row(page: Page, chapter: Chapter, initial: Mapping[str, str], width: int) -> list[Text]:
    """A step as a row: its numbers, and what is told of it."""
    told = chapter.told
    to = f" → {', '.join(told.to)}" if told.to else ""
    often = f", {chapter.times} times" if chapter.times > 1 else ""
    cites = f"  [{' '.join(chapter.cites)}]" if chapter.cites else ""
    body = page.styled((told.who, "name"), f": {told.what}{often}{to}", (cites, "quiet"))
    changes = page.flow(changes_in_words(chapter.changed, initial), page.width - INDENT - width - 2)
    if changes:
        body.append("\n" + changes, "quiet")
    return [page.styled(_numbers(*chapter.span).rjust(width)), body]


def changes_in_words(changed: Mapping[str, tuple[str, str]], initial: Mapping[str, str]) -> list[str]:
    """``cmg: idle → busy;`` ``request: endpoint none → sts,`` ``kind none → entra_device``: parts that stay whole.

    The fields of a record stand together. A record that is filled says what with (``request := endpoint sts, kind …``),
    one that returns to what it was at the beginning is cleared.
    """
    parts: list[str] = []
    for group, fields in _by_record(changed).items():
        if "" in fields:
            said = [f"{group}: {fields[''][0]} → {fields[''][1]}"]
        elif len(fields) > 1 and all(after == initial[f"{group}.{name}"] for name, (_, after) in fields.items()):
            said = [f"{group} is cleared"]
        elif len(fields) > 1 and all(before == initial[f"{group}.{name}"] for name, (before, _) in fields.items()):
            said = [f"{name} {after}" for name, (_, after) in fields.items()]
            said[0] = f"{group} := {said[0]}"
        else:
            said = [f"{name} {before} → {after}" for name, (before, after) in fields.items()]
            said[0] = f"{group}: {said[0]}"
        parts += [f"{each}," for each in said[:-1]] + [f"{said[-1]};"]
    return [*parts[:-1], parts[-1].rstrip(";")] if parts else []


def _by_record(changed: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, tuple[str, str]]]:
    """What changed, by record and field; an actor that is no field stands under its own name and the field ``""``."""
    groups: dict[str, dict[str, tuple[str, str]]] = {}
    for actor, change in changed.items():
        record, _, name = actor.rpartition(".")
        groups.setdefault(record or actor, {})["" if not record else name] = change
    return groups


def because(page: Page, shown: Counterexample) -> None:
    """What breaks the claim at the end of a run; a run without end breaks it by going on."""
    run = shown.run
    if run.loop is not None:
        for line in without_end(shown, f"owed from step {shown.judged + 1} on; "):
            page.line((line, "fails"), indent=INDENT)
        return
    before = shown.judged < len(run.steps)
    where = f"step {len(run.steps)}" if before else "the state reached" if run.steps else "the first state"
    why = ", because before it" if before else ", because"
    page.line((f"{where} breaks it{why if run.because else ''}", "fails"), indent=INDENT)
    rows = [[page.styled(line)] for line in reasons(run.because, run.states[shown.judged])]
    page.rows(rows, indent=5)


def reasons(because: Sequence[str], state: Mapping[str, str]) -> list[str]:
    """Each false leaf with the state that its actor is in instead."""
    found = []
    for text in because:
        actors = [leaf.actor for leaf in leaves(parse(text))] if text not in ("true", "false") else []
        is_now = f": it is {state[actors[0]]}" if actors else ""
        found.append(f"not so that {text}{is_now}")
    return found
