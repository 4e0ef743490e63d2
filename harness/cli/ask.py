"""``ccmproof ask``: one question, an answer in a sentence, and the run that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .completion import complete_change, complete_expression
from .options import (
    EngineOption,
    JsonOption,
    LimitOption,
    MemoryOption,
    OutputOption,
    PageFormat,
    PageFormatOption,
    QuietOption,
    RunsOption,
    ScenarioOption,
    SetOption,
    limit_of,
    scenario_of,
    system_of,
)
from .output import guarded, keep_runs, put_out

if TYPE_CHECKING:
    from ..ask import Answer, Question
    from ..changes.design import Design
    from ..system import System


def ask(
    context: typer.Context,
    expression: Annotated[
        str,
        typer.Argument(
            metavar="EXPRESSION",
            help='A condition, as "ACTOR is STATE and EVENT"; an event: it may happen there.',
            autocompletion=complete_expression,
        ),
    ],
    when: Annotated[
        str,
        typer.Option(
            "--when",
            metavar="EXPRESSION",
            help="Only there: of unknowns in which environments, of other actors in which states.",
            autocompletion=complete_expression,
        ),
    ] = "",
    always: Annotated[bool, typer.Option("--always", help="Does it hold in every state that is reached?")] = False,
    never: Annotated[bool, typer.Option("--never", help="Does it hold in none?")] = False,
    leads_to: Annotated[
        str | None,
        typer.Option(
            "--leads-to",
            metavar="GOAL",
            help="Does every fair run come to the goal, from every state in which it holds?",
            autocompletion=complete_expression,
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--change",
            metavar="FILE",
            help="Ask it of the changed design: a change file or the name of a shipped change; several, in order.",
            autocompletion=complete_change,
        ),
    ] = None,
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    causes: Annotated[int, typer.Option("--causes", metavar="N", min=0, help="How many causes the page lists.")] = 10,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    runs: RunsOption = None,
    quiet: QuietOption = False,
    engine: EngineOption = "symbolic",
    limit: LimitOption = None,
    memory: MemoryOption = None,
) -> None:
    """Ask whether it can happen: the shortest run and exactly when, or a proof that it cannot.

    --always, --never and --leads-to ask the other shapes. Exit code 0 for yes, as asked, 1 for no (also where --when is
    never reached, so that nothing was put to the test), 2 for unusable input, 3 when a limit or an interruption came
    before there was an answer.

    An EXPRESSION is made of ACTOR is STATE, is not, in {STATE, STATE}, not in; of predicates and events by their names;
    and of and, or, not, true, false and parentheses. The page on it is model/EXPRESSIONS.md.
    """
    with guarded():
        from ..ask import ask as asked
        from ..console import check_folder, check_writable, progress
        from ..system import settings_of

        question = _question(expression, when, leads_to, always=always, never=never)
        check_writable(output)
        check_folder(runs)
        of = system_of(context)
        design = _design(of, changes or (), settings_of(assignments or ()))
        chosen = scenario_of(of, scenario, engine)
        most = limit_of(limit, memory, engine)
        with progress(chosen.name, quiet=quiet) as tell:
            answer = asked(
                design.scenario(chosen),
                question,
                design.settings,
                build=design.model,
                changes=[each.name for each in design.changes],
                engine=engine,
                order=of.order_of(chosen),
                limit=most,
                progress=tell,
            )
        if runs is not None and answer.run is not None:
            keep_runs(runs, {f"{chosen.name}.{answer.judgement.prop.id}": answer.run.run})
        _put_out(answer, causes, PageFormat.json if as_json else form, output)
    raise typer.Exit(int(answer.exit))


def _question(expression: str, when: str, leads_to: str | None, *, always: bool, never: bool) -> Question:
    """Raises ModelError where more than one shape is asked for."""
    from ccmproof.model.kernel.errors import ModelError

    from ..ask import Question, Shape

    asked = [name for name, said in (("--always", always), ("--never", never), ("--leads-to", leads_to is not None))
             if said]  # fmt: skip
    if len(asked) > 1:
        raise ModelError(f"{' and '.join(asked)} exclude each other")
    shape = Shape(asked[0].removeprefix("--")) if asked else Shape.CAN
    return Question(expression, shape, when, leads_to or "")


def _design(of: System, changes: Sequence[str], settings: Mapping[str, str]) -> Design:
    """The design that is asked: with the changes and what is set."""
    from ..changes.design import pair
    from ..changes.shipped import named

    _, changed = pair(of.build, [named(each) for each in changes], settings)
    return changed


def _put_out(answer: Answer, causes: int, form: PageFormat, output: Path | None) -> None:
    from ..render.ask import json_of_answer, markdown_of_answer, text_of_answer

    data = partial(json_of_answer, answer)
    if form is PageFormat.markdown:
        data = partial(markdown_of_answer, answer, causes)
    put_out(form is not PageFormat.text, output, data, partial(text_of_answer, answer, causes))
