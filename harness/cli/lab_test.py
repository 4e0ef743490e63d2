"""``ccmproof lab test``, ``bugs`` and ``suite``: conformance of components, ours, somebody else's, and spoiled ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .lab import needs_lab, say
from .options import JsonOption, OutputOption, PageFormat, PageFormatOption, QuietOption
from .output import guarded, put_out

if TYPE_CHECKING:
    from ccmproof.harness.lab.conformance.results import News, Results
    from ccmproof.harness.lab.conformance.testing import Task

    from ..render.validation_parts import Part


def test(
    cases: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[CASES.json...]", help="Cases, as suite writes them; by default those shipped."),
    ] = None,
    adapter: Annotated[
        str | None,
        typer.Option(
            "--adapter",
            metavar="MODULE",
            help="A module, or the path of its file, whose components take the places of ours.",
        ),
    ] = None,
    schedules: Annotated[
        bool, typer.Option("--schedules/--no-schedules", help="Play what is worth doing if one looks for bugs too.")
    ] = True,
    labs: Annotated[
        int, typer.Option("--labs", metavar="N", min=0, help="So many labs roam too, each in an environment drawn.")
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of the first lab that roams.")] = 0,
    patience: Annotated[
        float,
        typer.Option(
            "--patience", metavar="SECONDS", min=0.1, max=86_400, help="A component that does nothing so long hangs."
        ),
    ] = 60.0,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Put components through cases and schedules, and let labs roam: does what is seen conform to the model?

    The test is done in a process of its own, and is no pass unless it has said to the end what came of it. Exit code
    0: it conforms; 1: something deviates, or a component hangs, fails or ends the process; 2: it cannot be tested;
    3: nothing deviates, and a case is inconclusive, since something happened that the model allows too and the case
    did not mean, or the test was interrupted.
    """
    with guarded():
        needs_lab()
        from ccmproof.model.kernel.errors import ModelError

        from ..console import check_writable
        from ..lab.conformance.cases import Verdict
        from ..lab.conformance.testing import Task
        from ..render.lab_told import tested, tested_json
        from ..report import Exit

        check_writable(output)
        if adapter is not None and not adapter.strip():
            raise ModelError("--adapter: it names no module; without it our own components are tested")
        of = _tested(Task(adapter or "", tuple(cases or ()), schedules, labs, seed, patience), quiet)
        if of.interrupted and not of.begun:
            raise KeyboardInterrupt
        _put(as_json, form, output, lambda: tested(of), lambda: tested_json(of))
        code = {
            Verdict.CONFORMS: Exit.AS_EXPECTED,
            Verdict.DEVIATES: Exit.UNEXPECTED,
            Verdict.INCONCLUSIVE: Exit.UNDETERMINED,
        }[of.verdict]
    raise typer.Exit(int(code))


def _tested(task: Task, quiet: bool) -> Results:
    """What has come of a test, told as it goes on.

    Raises:
        ModelError: nothing can be tested.
    """
    from ccmproof.model.kernel.errors import ModelError

    from ..lab.conformance.apart import Ended, apart
    from ..lab.conformance.results import Results

    of = Results("", 0, 0, task.labs)

    def hear(news: News) -> None:
        said = of.hear(news)
        if said:
            say(said, quiet)

    try:
        apart(task, hear)
    except Ended as ended:
        if not of.whose:
            raise ModelError(f"{task.adapter}: {ended}" if task.adapter else str(ended)) from ended
        of.fails = str(ended)
    except KeyboardInterrupt:  # nothing more is heard of what is being done
        of.interrupted = True
    return of


def bugs(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="Of one alone all is told; by default all.")
    ] = None,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Switch seeded bugs on, one at a time, and show the shortest run by which each is found.

    Exit code 0: each is found, and its run conforms without it; 1: one is not.
    """
    with guarded():
        needs_lab()
        from ccmproof.model.kernel.errors import ModelError

        from ..console import check_writable
        from ..lab.bugs import BUGS
        from ..lab.conformance.hunt import table
        from ..render.lab_told import bugs as told
        from ..render.lab_told import bugs_json
        from ..report import Exit

        check_writable(output)
        for name in names or ():
            if name not in BUGS:
                raise ModelError(f"there is no seeded bug {name!r}{_meant(name, BUGS)}; lab bugs lists them")
        rows = []
        for row in table([BUGS[name] for name in names] if names else None):
            rows.append(row)
            say(f"{row.bug.name}: {'found' if row.good else 'not found'}", quiet)
        _put(as_json, form, output, lambda: told(rows), lambda: bugs_json(rows))
        code = Exit.AS_EXPECTED if all(each.good for each in rows) else Exit.UNEXPECTED
    raise typer.Exit(int(code))


def _meant(name: str, known: Iterable[str]) -> str:
    """The right name that is nearest: one that is written nearly so, or those that have all of its words."""
    from ccmproof.model.kernel.errors import nearest

    near = nearest(name, known)
    words = name.lower().replace("_", "-").split("-")
    having = [each for each in known if all(word in each for word in words)]
    if near or not having:
        return near
    more = f", or {len(having) - 1} more" if len(having) > 1 else ""
    return f" (did you mean {having[0]!r}{more}?)"


def cases(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[CASES.json...]", help="Files with cases; by default those shipped."),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Put out the JSON schema of such files instead.")] = False,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Read files with cases, and say what is in them; a mistake is told in one line, with where it is.

    Exit code 0: they can be played; 2: one cannot be used.
    """
    with guarded():
        from ..console import check_writable, write_data

        check_writable(output)
        needs_lab()
        from ..lab.conformance.case_file import SCHEMA, SHIPPED, read_all
        from ..render.lab_told import cases as told
        from ..render.lab_told import cases_json

        if schema:
            write_data(SCHEMA.read_text(encoding="utf-8"), output)
            return
        found = read_all(files or [SHIPPED])
        _put(as_json, form, output, lambda: told(found), lambda: cases_json(found))


def suite(
    cases: Annotated[
        Path | None,
        typer.Option("--cases", metavar="FILE", help="Write the runs there, as cases to be replayed."),
    ] = None,
    bound: Annotated[
        bool, typer.Option("--bound", help="Say how many runs any suite needs at the least, as far as that is known.")
    ] = False,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Find few runs that take every row of every actor of client and servers. That takes some minutes."""
    with guarded():
        needs_lab()
        from ..console import check_writable
        from ..lab.conformance.cases import case_of, write
        from ..lab.conformance.suites import suite as found
        from ..render.lab_told import suite as told
        from ..render.lab_told import suite_json

        check_writable(output)
        if cases is not None:
            check_writable(cases)
        made = found(bound=bound, tell=lambda what: say(what, quiet))
        if cases is not None:
            write([case_of(f"case-{number}", run) for number, run in enumerate(made.runs, start=1)], cases)
        _put(as_json, form, output, lambda: told(made), lambda: suite_json(made))


def _put(
    as_json: bool,
    form: PageFormat,
    output: Path | None,
    parts: Callable[[], Iterator[Part]],
    data: Callable[[], str],
) -> None:
    from ..render.validation import drawn
    from ..render.validation_markdown import written

    if form is PageFormat.markdown and not as_json:
        put_out(True, output, lambda: written(list(parts())), lambda **_: "")
        return
    put_out(as_json or form is PageFormat.json, output, data, lambda **page: drawn(parts(), **page))
