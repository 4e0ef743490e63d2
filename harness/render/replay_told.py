"""A diagnosis as parts of a page: three lines first, then what they rest on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence

from ccmproof.harness.counterexample import in_words
from ccmproof.harness.replay.codes import Code, codes_in
from ccmproof.harness.replay.following.answer import Diagnosis, Verdict
from ccmproof.harness.replay.following.binding import Warned
from ccmproof.harness.replay.following.hosts import of_client
from ccmproof.harness.replay.following.how import WORDS
from ccmproof.harness.replay.following.place import place, places
from ccmproof.harness.replay.following.ranking import Named
from ccmproof.harness.replay.following.sentences import NAMELESS
from ccmproof.harness.replay.following.trail import Fit, Placed
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Seen

from . import replay_longest as longest
from .validation_parts import Entries, Entry, Grid, Listing, Part, Says, Title
from .words import number, share

STYLE = {
    Verdict.CONFORMS: "holds",
    Verdict.STALLED: "fails",
    Verdict.DEVIATES: "fails",
    Verdict.OTHER: "undetermined",
    Verdict.UNSAID: "undetermined",
}
SIGN = {Verdict.CONFORMS: "✓", Verdict.STALLED: "✗", Verdict.DEVIATES: "✗", Verdict.OTHER: "○", Verdict.UNSAID: "?"}
NOTED = {
    Fit.ELSEWHERE: "does not fit here; about something else, perhaps",
    Fit.AGAIN: "said before",
    Fit.GAP: "lines are missing before it",
    Fit.DEVIATES: "contradicts what came before",
}
"""What is said of a line beside what it says. That the log begins with it needs no words."""
UNTIMELY = "its time does not fit the life of the token; a clock was set, perhaps"
TOLD = 3
"""Of causes up to this rank it is said what to do."""
MANY = 20
"""Deviations, and findings, that are shown; of a log that begins to deviate there may be any number."""
SAME = 3
"""Warnings of the same words that are shown."""
CODES = 12
"""Codes that are told, the last ones."""
LONGEST = 160
"""Signs of a line that is not recognised."""

Masked = Callable[[str], str]


def parts(found: Diagnosis, *, lines: int = 0, others: Sequence[Line] = (), masked: Masked = str) -> Iterator[Part]:
    """The page of one device.

    Args:
        lines: how many lines there were in all.
        others: lines that were not recognised, to be shown in place.
        masked: what is made of a text that has somebody's names in it.
    """
    if found.device:
        yield Title(masked(found.device), 1)
    yield Says(f"{SIGN[found.verdict]} {masked(found.where)}", STYLE[found.verdict], 0)
    yield Says(masked(found.why), "", 2)
    yield Says(masked(found.then), "name", 2)
    yield from _causes(found, masked)
    yield from _codes(found, masked)
    yield from _deviations(found, masked)
    yield from _findings(found, masked)
    yield from _time_line(found, lines, others, masked)
    yield from _stages(found)
    yield from _actors(found)


def _causes(found: Diagnosis, masked: Masked) -> Iterator[Part]:
    if found.named:
        yield Title("Causes", 2, "those of one rank these lines cannot tell apart")
        yield Entries(tuple(_cause(each, found.nameless, masked) for each in found.named))
    elif found.left:
        yield Title("What is left", 2, "no line speaks for one of these")
        names = dict.fromkeys(name for each in found.left for name in each.names)
        if names:
            yield Listing("Causes that the log leaves possible:", tuple(names), 12, inline=True)
        nameless = [each.condition for each in found.left if not each.names]
        if nameless:
            yield Listing("Beside them these conditions:", tuple(nameless), 6)


def _cause(named: Named, nameless: Container[int], masked: Masked) -> Entry:
    cause = named.cause
    spoken = masked(places(named.lines[-3:]))
    remarks = [(f"{WORDS[named.how]}: {spoken}", "quiet")]
    if named.rank <= TOLD:
        remarks.append((f"do: {cause.remedy}", ""))
        remarks += [(f"look at: {cause.look}", "")] if cause.look else []
    if named.needs:
        remarks.append((named.needs, "undetermined"))
    if all(id(seen) in nameless for seen in named.lines):
        remarks.append((NAMELESS, "undetermined"))
    style = "fails" if named.rank == 1 else ""
    return Entry(str(named.rank), named.how.name.lower(), style, "", f"{cause.name}: {cause.means}", tuple(remarks))


def _codes(found: Diagnosis, masked: Masked) -> Iterator[Part]:
    """The codes in the lines that speak of what fails, with what they mean."""
    lines: dict[str, list[Seen]] = {}
    known: dict[str, Code] = {}
    for trouble in found.troubles:
        for each in codes_in(trouble.seen.line.text):
            known[each.name] = each
            lines.setdefault(each.name, []).append(trouble.seen)
    if known:
        yield Title("Codes", 2, "in the lines that speak of what fails")
        rows = [
            (each.hex if each.value else "", f"{each.name}: {each.means} ({masked(places(lines[name][-1:]))})")
            for name, each in list(known.items())[-CODES:]
        ]
        yield Grid(("", ""), tuple(rows))


def _deviations(found: Diagnosis, masked: Masked) -> Iterator[Part]:
    for each in found.deviations[:MANY]:
        seen = each.placed.seen
        yield Title("Deviation", 2, f"{masked(place(seen))}: {seen.pattern.means or seen.pattern.id}")
        rows = [(in_words(why.event), "not so that " + "; ".join(why.leaves)) for why in each.refused if why.leaves]
        yield (
            Grid(("it might be", "and is not, because before it"), tuple(rows))
            if rows
            else Says("No state of the model, in no environment that the lines before leave, allows it.")
        )
        yield from longest.told(each.longest, masked)
    if len(found.deviations) > MANY:
        yield Says(f"There are {number(len(found.deviations) - MANY)} more.", "quiet")


def _findings(found: Diagnosis, masked: Masked) -> Iterator[Part]:
    if found.findings:
        yield Title("Findings", 2, "for a security review")
        yield Entries(
            tuple(
                Entry(
                    "✗",
                    each.claim,
                    "fails",
                    "",
                    each.text,
                    ((masked(places(each.lines)), "quiet"),),
                )
                for each in found.findings[:MANY]
            )
        )
        if len(found.findings) > MANY:
            yield Says(f"There are {number(len(found.findings) - MANY)} more.", "quiet")
    if found.warnings:
        yield Title("Warnings", 2)
        alike: dict[str, list[Warned]] = {}
        for each in found.warnings:
            alike.setdefault(each.text, []).append(each)
        for text, those in alike.items():
            for each in those[:SAME]:
                where = f" ({masked(places(each.lines[:3]))})" if each.lines else ""
                yield Says(f"{masked(text)}{where}", "undetermined")
            if len(those) > SAME:
                yield Says(f"and {number(len(those) - SAME)} times more", "quiet")


def _time_line(found: Diagnosis, lines: int, others: Sequence[Line], masked: Masked) -> Iterator[Part]:
    if not found.seen:
        return
    known = len(found.seen)
    rest = f", {number(lines - known)} other lines are not shown" if lines > known and not others else ""
    yield Title("Time line", 2, f"{number(known)} lines are recognised{rest}")
    yield from _site(found)
    placed = {id(each.seen): each for each in found.placed}
    if others:
        yield Grid(TIME_LINE, tuple(_with_others(found, others, placed, masked)))
        return
    several, told = _several(found), shown(found)
    bad = {id(each.seen) for each in (*found.troubles, *found.overcome)}
    quoted = {(seen.line.log, seen.line.text): id(seen) for seen in reversed(told) if id(seen) in bad}
    first = set(quoted.values())  # the words of a line that comes again are told once
    rows = [_row(seen, placed.get(id(seen)), masked, several=several, quoted=id(seen) in first) for seen in told]
    yield Grid(TIME_LINE, tuple(rows))
    frames = sum(seen.pattern.frame for seen in found.seen)
    if len(told) + frames < known:
        yield Says(f"{number(known - len(told) - frames)} recognised lines in the middle are left out.", "quiet")
    if frames:
        yield Says(f"{number(frames)} lines that only frame others (dashes, lengths) are not shown.", "quiet")


def _site(found: Diagnosis) -> Iterator[Part]:
    """What became of the lines of the site beside a client's."""
    followed, there = found.site
    if followed:
        rest = f"; the other {number(there - followed)} are evidence alone" if there > followed else ""
        yield Says(
            f"{number(followed)} lines of the site are explained by the client's run, in an order that is possible by"
            f" their clocks{rest}.",
            "quiet",
        )
        explained = [each for each in found.placed if id(each.seen) in found.nameless and each.fit is not Fit.SAID]
        if explained:
            yield Says(
                f"{number(len(explained))} of them name no device. They are taken to be about this one because all of"
                " them fit; lines about another device could look the same.",
                "quiet",
            )
    elif there:
        yield Says(
            f"{number(there)} lines of the site are evidence alone: this client's run does not explain all of them, or"
            " in too many orders.",
            "quiet",
        )


TIME_LINE = ("time", "line", "")
WORDS_OF = 120
"""Signs of a line that speaks of a failure: what its own words are."""
MASKED_OF = 10
"""So many times as much of a line is masked as is told of it: a mask is shorter than a name, but not so much."""
FEW = 120
"""Lines of a time line, of which the first and the last are shown where there are more."""


def shown(found: Diagnosis) -> tuple[Seen, ...]:
    """The lines of the time line: all, or the first and the last, with every one that speaks of a failure."""
    seen = tuple(each for each in found.seen if not each.pattern.frame)
    if len(seen) <= FEW:
        return seen
    bad = {id(each.seen) for each in (*found.troubles, *found.overcome)}
    bad |= {id(each.placed.seen) for each in found.deviations}
    edge = FEW // 3
    middle = [each for each in seen[edge:-edge] if id(each) in bad]
    return (*seen[:edge], *middle[-edge:], *seen[-edge:])


def _several(found: Diagnosis) -> bool:
    """Whether lines of several sources are on the time line, so that each has to say whose it is."""
    return len({seen.line.source for seen in found.seen}) > 1


def _row(
    seen: Seen, placed: Placed | None, masked: Masked, *, several: bool = True, quoted: bool = False
) -> tuple[str, str, str]:
    words = _short(seen.line.text, WORDS_OF, masked)
    said = f"{seen.pattern.means}: “{words}”" if quoted and seen.pattern.means else seen.pattern.means or words
    noted = _noted(seen, placed)
    where = masked(place(seen)) if several else str(seen.line.number)
    return _when(seen.line), where, f"{said} [{noted}]" if noted else said


def _short(text: str, most: int, masked: Masked) -> str:
    """The beginning of a text, masked before it is cut: of half a name nobody knows that it is one."""
    whole = " ".join(masked(text[: MASKED_OF * most]).split())
    return whole if len(whole) <= most else f"{whole[:most].rstrip()}…"


def _noted(seen: Seen, placed: Placed | None) -> str:
    if placed is None:
        return "" if of_client(seen) else "of the site"
    return NOTED.get(placed.fit, "") if placed.timely else UNTIMELY


def _when(line: Line) -> str:
    return "" if line.when is None else f"{line.when:%Y-%m-%d %H:%M:%S}"


def _with_others(
    found: Diagnosis, others: Sequence[Line], placed: dict[int, Placed], masked: Masked
) -> list[tuple[str, str, str]]:
    """All lines, those of one source in their order."""
    rows: list[tuple[str, str, str]] = []
    waiting: dict[str, deque[Line]] = {}
    for line in others:
        waiting.setdefault(line.source, deque()).append(line)
    for seen in found.seen:
        queue = waiting.get(seen.line.source)
        while queue and queue[0].number < seen.line.number:
            rows.append(_unknown(queue.popleft(), masked))
        rows.append(_row(seen, placed.get(id(seen)), masked))
    for queue in waiting.values():
        rows += [_unknown(line, masked) for line in queue]
    return rows


def _unknown(line: Line, masked: Masked) -> tuple[str, str, str]:
    return _when(line), masked(line.place), f"· {_short(line.text, LONGEST, masked)}"


def _stages(found: Diagnosis) -> Iterator[Part]:
    if not any(each.by for each in found.stages):
        return
    yield Title("Stages", 2)
    rows = []
    for each in found.stages:
        if each.spared:
            rows.append((each.stage.name, "not on this client's way: it uses a PKI certificate"))
        elif each.by is not None:
            rows.append((each.stage.name, f"{'seen' if each.seen else 'inferred'} at {place(each.by.seen)}"))
    yield Grid(("", ""), tuple(rows))
    missing = [each.stage.name for each in found.stages if each.by is None and not each.spared]
    if missing:
        yield Says(f"Not reached, as far as these lines show: {', '.join(missing)}.", "quiet")


def _actors(found: Diagnosis) -> Iterator[Part]:
    if not found.actors:
        return
    total = found.environments[1]
    yield Title(
        "State after the last line",
        2,
        f"{share(*found.environments)} of {number(total)} environments are left",
    )
    rows = [
        (name, states[0] if len(states) == 1 else "one of " + ", ".join(states))
        for name, states in found.actors.items()
    ]
    yield Grid(("", ""), tuple(rows))
    if found.inexact:
        yield Says("Some of it is more than there may be: it was too much to find out exactly.", "quiet")
