"""An answer as a page, as Markdown and as JSON: the verdict in a sentence, exactly when, the run that shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ccmproof.harness.ask import Answer, Exactly, Shape
from ccmproof.harness.report import Counterexample
from ccmproof.harness.version import version

from .causes import cause_table
from .json import cause_as_data, counterexample_as_data, measured_as_data, size_as_data
from .page import Page
from .story import because, environment_in_words, steps
from .text import first_line, measured_in_words
from .words import share

VERSION = 1
"""Of the JSON form. It goes up when a reader of the older form would misread the newer."""

MEANING = {True: "yes, as asked", False: "no", None: "it could not be determined"}
"""What the exit code says of each answer."""

LEAD = {
    Shape.CAN: ("It can happen", "It cannot happen"),
    Shape.ALWAYS: ("It always holds", "It does not always hold"),
    Shape.NEVER: ("It never happens", "It can happen"),
    Shape.LEADS_TO: ("It always leads there", "It need not lead there"),
}
"""For each shape how a sentence begins that says yes, and one that says no."""


def verdict(answer: Answer) -> str:
    """The answer in a sentence, with exact numbers."""
    total, states = answer.judgement.total, answer.report.size.states
    looked = f"everything that can be reached was looked at, {_counted(states, 'state')}"
    shape, is_yes = answer.question.shape, answer.is_yes
    if is_yes is None:
        return f"It cannot be said: the search was cut short after {_counted(states, 'state')}"
    if answer.is_empty:
        return f"No: {_premise(answer)} is never reached in {_any_of(total)}, so nothing was put to the test: {looked}"
    if is_yes is (shape is Shape.CAN):
        return f"{LEAD[shape][not is_yes]}: {_shown(answer)}"
    spoken = answer.spoken
    tried = "" if spoken in (None, total) else f"; {_premise(answer)} is reached in {spoken:,} of them"
    within = f" in {_any_of(total)}" if shape in (Shape.CAN, Shape.NEVER) else f", in {_all_of(total)}"
    return f"{LEAD[shape][not is_yes]}{within}{tried}: {looked}"


def _shown(answer: Answer) -> str:
    """Where it was found to happen, or not to hold."""
    met, total, spoken = answer.met, answer.judgement.total, answer.spoken
    where = f"in {_all_of(total)}" if met == total else f"in {met:,} of {_counted(total, 'environment')}"
    if not answer.report.complete:
        where = f"in {_counted(met, 'environment')} at least, where the search was cut short"
    if answer.question.shape is Shape.ALWAYS:
        where = f"it fails {where}"
    if answer.question.shape is Shape.LEADS_TO:
        where += " some fair run never comes to the goal"
    return where + ("" if spoken in (None, total) else f"; {_premise(answer)} is reached in {spoken:,}")


def _premise(answer: Answer) -> str:
    """What the question speaks of, where that is not every state."""
    of_state = [f"({answer.state_when})" if " or " in answer.state_when else answer.state_when] * bool(
        answer.state_when
    )
    if answer.question.shape is Shape.LEADS_TO:
        of_state.append(answer.question.expression)
    return f'"{" and ".join(of_state)}"'


def _counted(value: int, what: str) -> str:
    return f"{value:,} {what}" + ("" if value == 1 else "s")


def _any_of(total: int) -> str:
    return "the only environment" if total == 1 else f"any of {total:,} environments"


def _all_of(total: int) -> str:
    return {1: "the only environment", 2: "both environments"}.get(total, f"all {total:,} environments")


def _facts(answer: Answer) -> list[tuple[str, str]]:
    """What was asked, of what."""
    question, report = answer.question, answer.report
    facts = [(question.shape.value.replace("-", " ") if question.shape is not Shape.LEADS_TO else "from",
              question.expression)]  # fmt: skip
    facts += [("leads to", question.goal)] if question.shape is Shape.LEADS_TO else []
    facts += [("environments", f"those with {answer.environments_when}")] if answer.environments_when else []
    facts += [("where", answer.state_when)] if answer.state_when else []
    facts += [("scenario", f"{report.scenario}: {first_line(report.doc)}" if report.doc else report.scenario)]
    facts += [("changed by", ", ".join(answer.changes))] if answer.changes else []
    settings = ", ".join(f"{name} = {value}" for name, value in report.settings.items())
    return facts + ([("with", settings)] if settings else [])


def _when(answer: Answer, exactly: Exactly) -> str:
    """How the sentence begins that says exactly when."""
    shape = answer.question.shape
    lead = LEAD[shape][0 if exactly.yes else 1]
    among = answer.judgement.among
    return lead if among in (None, answer.judgement.total) else f"{lead}, where {_premise(answer)} is reached,"


def text_of_answer(answer: Answer, limit: int, *, width: int, colour: bool, ascii: bool) -> str:
    """The page. Its last line alone has times and memory; all above is the same for the same input.

    Args:
        limit: how many causes are listed, at the most.
    """
    page = Page(width, colour, ascii)
    style = {True: "holds", False: "fails", None: "undetermined"}[answer.is_yes]
    page.line((verdict(answer), style))
    page.rows([[page.styled((name, "quiet")), page.styled(said)] for name, said in _facts(answer)])
    if answer.exactly is not None:
        page.blank()
        cause_table(page, _when(answer, answer.exactly), answer.exactly.causes, limit)
    if answer.run is not None:
        page.blank()
        _run(page, answer, answer.run)
    if answer.report.stopped:
        page.blank()
        page.line((f"Cut short: {answer.report.stopped}", "undetermined"))
    page.blank()
    page.line((f"exit {int(answer.exit)}: {MEANING[answer.is_yes]}", "title"))
    page.line((measured_in_words([answer.report.measured]), "quiet"))
    return page.text()


def _title(run: Counterexample) -> str:
    if run.run.loop is not None:
        return "A run that never comes there"
    return "The shortest run" + ("" if run.everywhere else ", of those in its environment")


def _run(page: Page, answer: Answer, run: Counterexample) -> None:
    page.line((_title(run), "title"), f"  {environment_in_words(run)}")
    steps(page, run)
    if answer.question.shape in (Shape.CAN, Shape.NEVER):
        page.line((_end(answer, run), "fails" if answer.is_yes is False else "holds"), indent=3)
    else:
        because(page, run)


def _end(answer: Answer, run: Counterexample) -> str:
    """How it is so at the end of a run, by the states of the actors that are spoken of."""
    last, state = len(run.run.steps), run.run.states[run.judged]
    said = ", ".join(f"{name} {state[name]}" for name in answer.reads)
    if run.judged < last:
        return f"step {last} is it" + (f"; before it: {said}" if said else "")
    return ("there it is so" if last else "so it begins") + (f": {said}" if said else "")


def markdown_of_answer(answer: Answer, limit: int) -> str:
    """Markdown that a pull request or an issue takes; times and memory are left out."""
    lines = [f"**{_escaped(verdict(answer))}**", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {_cell(said)} |" for name, said in _facts(answer)]
    if answer.exactly is not None:
        causes = answer.exactly.causes
        holds = "this holds" if len(causes) == 1 else f"one of these {len(causes):,} holds"
        lines += ["", f"{_when(answer, answer.exactly)} exactly when {holds}:", ""]
        lines += ["| | condition | environments | share | in no other |", "|--:|---|--:|--:|--:|"]
        lines += [
            f"| {place} | {_cell(str(each))} | {each.count:,} | {share(each.count, each.environments.total)} "
            f"| {each.alone:,} |"
            for place, each in enumerate(causes[:limit], start=1)
        ]
        lines += ["", f"… and {len(causes) - limit:,} more."] if len(causes) > limit else []
    if answer.run is not None:
        page = Page(100)
        _run(page, answer, answer.run)
        count = _counted(len(answer.run.run.steps), "step")
        lines += ["", f"<details><summary>{_title(answer.run)}: {count}</summary>", "", "```text"]
        lines += [*page.text().splitlines(), "```", "", "</details>"]
    lines += ["", f"Cut short: {_escaped(answer.report.stopped)}"] if answer.report.stopped else []
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text in which no sign means anything to Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~" else sign for sign in text)


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split()))


def json_of_answer(answer: Answer) -> str:
    """The JSON text; ``schema/ask-1.json`` says what each field means. It has every cause."""
    return json.dumps(_as_data(answer), indent=2, ensure_ascii=False) + "\n"


def _as_data(answer: Answer) -> Mapping[str, Any]:
    question, report, exactly = answer.question, answer.report, answer.exactly
    return {
        "version": VERSION,
        "tool": {"name": "ccmproof", "version": version()},
        "exit": {"code": int(answer.exit), "meaning": MEANING[answer.is_yes]},
        "question": {
            "shape": question.shape.value,
            "expression": question.expression,
            "when": question.when,
            "leads_to": question.goal,
            "environments_when": answer.environments_when,
            "state_when": answer.state_when,
        },
        "scenario": report.scenario,
        "doc": report.doc,
        "changes": list(answer.changes),
        "settings": dict(report.settings),
        "engine": report.engine,
        "size": size_as_data(report.size),
        "complete": report.complete,
        "stopped": report.stopped,
        "answer": {True: "yes", False: "no", None: "undetermined"}[answer.is_yes],
        "verdict": verdict(answer),
        "vacuous": answer.is_empty,
        "environments": {
            "met": None if answer.is_yes is None else answer.met,
            "spoken_of": answer.spoken,
            "total": answer.judgement.total,
        },
        "exactly_when": None
        if exactly is None
        else {"answer": "yes" if exactly.yes else "no", "causes": [cause_as_data(each) for each in exactly.causes]},
        "run": None if answer.run is None else counterexample_as_data(answer.run),
        "measured": measured_as_data(report.measured),
    }
