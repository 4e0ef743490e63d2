"""``ccmproof lab test``, ``bugs`` and ``suite``: conformance of components, ours, somebody else's, and spoiled ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .lab import needs_lab, say
from .options import JsonOption, OutputOption, PageFormat, PageFormatOption, QuietOption
from .output import guarded, put_out

if TYPE_CHECKING:
    from ccmproof.harness.lab.build import Parts
    from ccmproof.harness.lab.conformance.cases import Case, Played
    from ccmproof.harness.lab.conformance.hunt import Find
    from ccmproof.harness.lab.conformance.machine import Roamed

    from ..render.validation_parts import Part


def test(
    cases: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[CASES.json...]", help="Cases, as suite writes them; by default those shipped."),
    ] = None,
    adapter: Annotated[
        str,
        typer.Option(
            "--adapter",
            metavar="MODULE",
            help="A module, or the path of its file, whose components take the places of ours.",
        ),
    ] = "",
    schedules: Annotated[
        bool, typer.Option("--schedules/--no-schedules", help="Play what is worth doing if one looks for bugs too.")
    ] = True,
    labs: Annotated[
        int, typer.Option("--labs", metavar="N", min=0, help="So many labs roam too, each in an environment drawn.")
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of the first lab that roams.")] = 0,
    form: PageFormatOption = PageFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Put components through cases and schedules, and let labs roam: does what is seen conform to the model?

    Exit code 0: it conforms; 1: something deviates; 3: nothing does, and a case is inconclusive, since something
    happened that the model allows too and the case did not mean.
    """
    with guarded():
        needs_lab()
        from ..console import check_writable
        from ..lab.conformance.cases import Verdict
        from ..render.lab_told import Tested, tested, tested_json
        from ..report import Exit

        check_writable(output)
        parts = _parts(adapter)
        read = _read(cases)
        with _theirs(adapter):
            played = _played(read, parts, quiet)
            scheduled, finds = _scheduled(parts, quiet) if schedules else (0, [])
            roamed = _roamed(labs, seed, parts, quiet)
        of = Tested(_whose(adapter, parts), played, scheduled, finds, roamed)
        _put(as_json, form, output, lambda: tested(of), lambda: tested_json(of))
        code = {
            Verdict.CONFORMS: Exit.AS_EXPECTED,
            Verdict.DEVIATES: Exit.UNEXPECTED,
            Verdict.INCONCLUSIVE: Exit.UNDETERMINED,
        }[of.verdict]
    raise typer.Exit(int(code))


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
        from ccmproof.model.kernel.errors import ModelError, nearest

        from ..console import check_writable
        from ..lab.bugs import BUGS
        from ..lab.conformance.hunt import table
        from ..render.lab_told import bugs as told
        from ..render.lab_told import bugs_json
        from ..report import Exit

        check_writable(output)
        for name in names or ():
            if name not in BUGS:
                raise ModelError(f"there is no seeded bug {name!r}{nearest(name, BUGS)}; lab bugs lists them")
        rows = []
        for row in table([BUGS[name] for name in names] if names else None):
            rows.append(row)
            say(f"{row.bug.name}: {'found' if row.good else 'not found'}", quiet)
        _put(as_json, form, output, lambda: told(rows), lambda: bugs_json(rows))
        code = Exit.AS_EXPECTED if all(each.good for each in rows) else Exit.UNEXPECTED
    raise typer.Exit(int(code))


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


def _parts(adapter: str) -> Parts:
    if not adapter:
        return {}
    from ..lab.conformance.adapter import loaded

    return loaded(adapter)


def _whose(adapter: str, parts: Parts) -> str:
    return f"{', '.join(sorted(parts))} of {adapter}; the rest is ours" if adapter else "our own components"


def _read(paths: Sequence[Path] | None) -> list[Case]:
    from ..lab.conformance.cases import SHIPPED, read

    return [case for path in paths or [SHIPPED] for case in read(path)]


def _played(cases: Sequence[Case], parts: Parts, quiet: bool) -> list[Played]:
    from ..lab.conformance.cases import played

    found = []
    for number, case in enumerate(cases, start=1):
        found.append(played(case, parts))
        say(f"case {number} of {len(cases)}: {found[-1].verdict.value}", quiet)
    return found


@contextmanager
def _theirs(adapter: str) -> Iterator[None]:
    """What somebody else's components print is no output of ours, and what they end with is told in one line.

    Raises:
        ModelError: they have ended the test.
    """
    from contextlib import redirect_stdout

    from ccmproof.model.kernel.errors import ModelError

    try:
        with redirect_stdout(sys.stderr):
            yield
    except ModelError:
        raise
    except (Exception, SystemExit) as error:
        if not adapter:
            raise
        raise ModelError(f"{adapter}: its components end the test, {type(error).__name__}: {error}") from error


def _scheduled(parts: Parts, quiet: bool) -> tuple[int, list[Find]]:
    """How many schedules were played, and what they have found."""
    from ..lab.conformance.hunt import by_schedule
    from ..lab.conformance.schedules import SCHEDULES

    finds = []
    for number, schedule in enumerate(SCHEDULES, start=1):
        find = by_schedule(None, schedule, parts)
        if find is not None:
            finds.append(find)
        say(f"schedule {number} of {len(SCHEDULES)}: {schedule.name}", quiet)
    return len(SCHEDULES), finds


def _roamed(labs: int, seed: int, parts: Parts, quiet: bool) -> Roamed | None:
    if not labs:
        return None
    from ..lab.conformance.machine import roam

    return roam(labs, seed=seed, parts=parts, tell=lambda number, _: say(f"lab {number - seed + 1} of {labs}", quiet))


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
