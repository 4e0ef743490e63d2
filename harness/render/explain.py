"""An explanation as a page: in which environments, for which causes, a run for some of them, a decision tree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ccmproof.harness.approach import Approach
from ccmproof.harness.explain import Explanation, Reason
from ccmproof.harness.must import Must
from ccmproof.harness.report import Told, plain
from ccmproof.harness.version import version
from ccmproof.model.kernel.decision import Tree

from .causes import cause_table
from .json import cause_as_data, counterexample_as_data, measured_as_data, size_as_data
from .must import brief, must_as_data, told_evasion
from .page import Page
from .story import because, chapter_row, environment_in_words, reasons, steps, told_together
from .text import first_line, measured_in_words
from .words import counted, in_environments, number

VERSION = 1
"""Of the JSON form. It goes up when a reader of the older form would misread the newer."""
LAST = 3
"""How many steps of an approach are told: the last ones. What comes before them goes as where the goal is reached."""


def text_of_explanation(found: Explanation, limit: int, *, width: int, colour: bool, ascii: bool) -> str:
    """The page. Its last line alone has times and memory; all above is the same for the same input.

    Args:
        limit: how many causes are listed, at the most.
    """
    page = Page(width, colour, ascii)
    page.line((found.scenario, "title"), f"  {first_line(found.doc)}" if found.doc else "")
    so_far = " so far" if found.caused is None else ""
    size = f"{counted(found.size.environments, 'environment')}, {counted(found.size.states, 'state')}{so_far}"
    page.line(size, indent=2)
    if found.settings:
        page.line("with " + ", ".join(f"{name} = {value}" for name, value in found.settings.items()), indent=2)
    page.blank()
    _question(page, found)
    if found.caused is not None:
        _causes(page, found, limit)
        _runs(page, found, limit)
        if found.tree is not None:
            _tree(page, found, found.tree)
    if found.must is not None:
        _must(page, found.must, limit)
    if found.stopped:
        page.blank()
        page.line((f"Cut short: {found.stopped}", "undetermined"))
    page.blank()
    page.line((f"exit {int(found.exit)}: {'explained' if not found.exit else found.exit.meaning}", "title"))
    page.line((measured_in_words([found.measured]), "quiet"))
    return page.text()


def _words(found: Explanation) -> tuple[str, str]:
    """What is so in the environments that have causes, and what in the others."""
    return ("fails", "holds") if found.is_claim else ("cannot", "can")


def _in(count: int, total: int) -> str:
    return in_environments(count, total) if count else "in no environment"


def _question(page: Page, found: Explanation) -> None:
    prop = found.prop
    page.line((found.goal, "name") if prop is None else (f"{prop.id}  {prop.claim}", "name"))
    if found.caused is None:
        nor = "" if found.is_claim else ", nor of what is inevitable"
        page.line((f"undetermined: nothing can be said of causes{nor}", "undetermined"), indent=2)
        return
    if found.vacuous:
        page.line(("vacuous", "vacuous"), ": what it speaks of is never attempted in any environment", indent=2)
        return
    bad, good = _words(found)
    count, among, total = found.caused.count, found.among.count, found.caused.total
    if among < total:
        page.line(f"it is put to the test {_in(among, total)}", indent=2)
    be_reached = "" if found.is_claim else " be reached"
    page.line((good, "holds"), f"{be_reached} {_in(among - count, total)}", indent=2)
    if not found.is_claim:
        brief(page, found.must, total)
    page.line((bad, "fails"), f"{be_reached} {_in(count, total)}", indent=2)


def _causes(page: Page, found: Explanation, limit: int) -> None:
    """The list, each with how many environments it is the cause of, and of how many of these the only one."""
    if not found.reasons or not found.reasons[0].cause.literals:
        return
    page.blank()
    lead = "It fails" if found.is_claim else "It cannot be reached"
    lead += ", where it is put to the test," if found.among.count < found.size.environments else ""
    cause_table(page, lead, [each.cause for each in found.reasons], limit)


def _must(page: Page, found: Must, limit: int) -> None:
    """The causes for which it is not inevitable where it can be reached, and a run for the most telling of them."""
    if found.causes and found.causes[0].literals:
        page.blank()
        cause_table(page, "Possible but not inevitable, where it can be reached,", found.causes, limit)
    if found.evasion is not None:
        told_evasion(page, found.evasion, found.causes)


def _runs(page: Page, found: Explanation, limit: int) -> None:
    listed = enumerate(found.reasons[:limit], start=1)
    shown = [(place, each) for place, each in listed if each.run or each.approach]
    if not shown:
        if not found.is_claim and found.caused is not None and found.caused.count == found.among.total:
            page.line("no environment reaches it, so there is nothing to hold a run against", indent=2)
        return
    page.blank()
    page.line(("Shortest runs" if found.is_claim else "Nearest approaches", "title"))
    for place, reason in shown:
        page.blank()
        when = str(reason.cause) if reason.cause.literals else "always"
        page.rows([[page.styled((str(place), "name")), page.styled((when, "name"))]], indent=1)
        if reason.run is not None:
            page.line(f"{environment_in_words(reason.run)}", indent=3)
            steps(page, reason.run)
            because(page, reason.run)
        elif reason.approach is not None:
            _approach(page, reason.approach)


def _approach(page: Page, found: Approach) -> None:
    page.line(environment_in_words(found.shown), indent=3)
    there = ", ".join(f"{name} is {value}" for name, (_, value) in found.differs.items())
    page.line(f"as far as step {found.reached} of the {found.steps} that get there where {there}", indent=3)
    chapters = list(told_together(found.shown))
    last = chapters[-LAST:]
    width = len(str(len(found.shown.run.steps)))
    page.rows([chapter_row(page, each, found.shown.run.states[0], width) for each in last], indent=3)
    blocked = found.barred or not found.elsewhere
    if found.next is None:
        page.line(("there it is not the goal, because", "fails"), indent=3)
    else:
        word = "then not" if blocked else "then otherwise"
        page.line((word, "fails"), f": {_told(found.next)}" + (", because" if found.barred else ""), indent=3)
    state = found.shown.run.states[-1]
    page.rows([[page.styled(line)] for line in reasons(found.barred, state)], indent=5)
    ends = [f"{actor} is then {here}, not {there}" for actor, (here, there) in found.elsewhere.items()]
    page.rows([[page.styled(line)] for line in ends], indent=5)
    if found.instead:
        page.line(f"instead: {'; '.join(map(_told, found.instead))}", indent=3)


def _told(told: Told) -> str:
    return f"{told.who}: {told.what}" + (f" → {', '.join(told.to)}" if told.to else "")


def _tree(page: Page, found: Explanation, tree: Tree) -> None:
    page.blank()
    page.line(("What to ask first", "title"))
    bad, good = _words(found)
    for depth, text, below in _lines(tree):
        outcome = _outcome(below, bad, good)
        page.line(text, (f"  {outcome[0]}", outcome[1]), indent=1 + 2 * depth)
    mixed = [each for each in tree.leaves if each.is_mixed]
    if mixed:
        left = sum(each.inside + each.outside for each in mixed)
        answers = "1 answer decides" if len(mixed) == 1 else f"{number(len(mixed))} answers decide"
        where = in_environments(left, found.among.total)
        page.line(f"cut at the depth asked for: {answers} nothing yet, {where}", indent=1)


def _lines(tree: Tree, depth: int = 0) -> Iterator[tuple[int, str, Tree]]:
    """The answers, from the top: how deep, which, and what they lead to. Those that decide come before the others."""
    if not tree.asks and depth == 0:
        yield 0, "nothing need be asked:", tree
    for answer, below in sorted(tree.branches, key=lambda each: bool(each[1].inside and each[1].outside)):
        yield depth, str(answer), below
        yield from _lines(below, depth + 1)


def _outcome(tree: Tree, bad: str, good: str) -> tuple[str, str]:
    if tree.inside and tree.outside:
        return f"{good} in {number(tree.outside)}, {bad} in {number(tree.inside)}", "quiet"
    return (f"{bad} ({number(tree.inside)})", "fails") if tree.inside else (f"{good} ({number(tree.outside)})", "holds")


def json_of_explanation(found: Explanation) -> str:
    """The JSON text; ``schema/explain-1.json`` says what each field means. It has every cause."""
    return json.dumps(_as_data(found), indent=2, ensure_ascii=False) + "\n"


def _as_data(found: Explanation) -> dict[str, Any]:
    caused = found.caused
    return {
        "version": VERSION,
        "tool": {"name": "ccmproof", "version": version()},
        "exit": {"code": int(found.exit), "meaning": found.exit.meaning},
        "scenario": found.scenario,
        "doc": found.doc,
        "settings": dict(found.settings),
        "engine": found.engine,
        "size": size_as_data(found.size),
        "property": None if found.prop is None else found.prop.id,
        "goal": found.goal,
        "causes_of": "failing" if found.is_claim else "out of reach",
        "vacuous": found.vacuous,
        "environments": {
            "caused": None if caused is None else caused.count,
            "among": found.among.count,
            "total": found.size.environments,
        },
        "stopped": found.stopped,
        "causes": None if caused is None else [_reason(each) for each in found.reasons],
        "tree": None if found.tree is None else _tree_as_data(found.tree),
        "must": None if found.must is None else must_as_data(found.must),
        "measured": measured_as_data(found.measured),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        **cause_as_data(reason.cause),
        "run": None if reason.run is None else counterexample_as_data(reason.run),
        "approach": None if reason.approach is None else _approach_as_data(reason.approach),
    }


def _approach_as_data(found: Approach) -> dict[str, Any]:
    return {
        "run": plain(found.shown.run.to_json()),
        "unusual": dict(found.shown.unusual),
        "told": [_told_as_data(each) for each in found.shown.told],
        "healthy": {"differs": _pairs(found.differs), "steps": found.steps, "reached": found.reached},
        "next": None if found.next is None else _told_as_data(found.next),
        "barred": list(found.barred),
        "elsewhere": _pairs(found.elsewhere),
        "instead": [_told_as_data(each) for each in found.instead],
    }


def _pairs(differs: Mapping[str, tuple[str, str]]) -> dict[str, list[str]]:
    return {name: list(pair) for name, pair in differs.items()}


def _told_as_data(told: Told) -> dict[str, Any]:
    return {"who": told.who, "what": told.what, "to": list(told.to)}


def _tree_as_data(tree: Tree) -> dict[str, Any]:
    return {
        "inside": tree.inside,
        "outside": tree.outside,
        "asks": tree.asks,
        "branches": [{"answer": str(answer), "then": _tree_as_data(below)} for answer, below in tree.branches],
    }
