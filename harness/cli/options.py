"""The options that several commands have, and what they mean."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from .completion import complete_engine, complete_scenario, complete_setting

if TYPE_CHECKING:
    from ccmproof.model.scenario import Scenario

    from ..engines import Limit
    from ..system import System


class Format(StrEnum):
    """How a check is put out."""

    text = "text"
    json = "json"
    junit = "junit"


class ReportFormat(StrEnum):
    """How the report of a change is put out."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"
    junit = "junit"
    sarif = "sarif"


class PageFormat(StrEnum):
    """How an answer is put out."""

    text = "text"
    json = "json"
    markdown = "markdown"


class ListFormat(StrEnum):
    """How a list or an entry is put out."""

    text = "text"
    json = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to put it out.")]
ReportFormatOption = Annotated[ReportFormat, typer.Option("--format", help="How to put it out.")]
PageFormatOption = Annotated[PageFormat, typer.Option("--format", help="How to put it out.")]
ListFormatOption = Annotated[ListFormat, typer.Option("--format", help="How to put it out.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Give a parameter or unknown a value; several: yes,no; all: *",
        autocompletion=complete_setting,
    ),
]
ScenarioOption = Annotated[
    str,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="The scenario; the first by default.",
        autocompletion=complete_scenario,
    ),
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="symbolic: the faster here of plain and numba; or oxidd, networkx (document by default), reference.",
        autocompletion=complete_engine,
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file (UTF-8) instead of printing.")
]
RunsOption = Annotated[
    Path | None, typer.Option("--runs", metavar="DIR", help="Keep each counterexample as a JSON file there.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
ProfileOption = Annotated[
    bool, typer.Option("--profile", help="Say what makes the model large: events, actors, sets; by levels.")
]
PremisesOption = Annotated[
    bool, typer.Option("--premises", help="Name the conjuncts of premises that are not needed; with --all, judge them.")
]
LimitOption = Annotated[
    float | None, typer.Option("--limit", metavar="SECONDS", min=0, help="Cut each search short after so long.")
]
MemoryOption = Annotated[
    int | None, typer.Option("--memory", metavar="MIB", min=1, help="Cut each search short at so much memory.")
]


def plain_app(**more: Any) -> typer.Typer:
    """An application whose help and complaints are plain text, like everything else that is put out."""
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **more,
    )


def system_of(context: typer.Context) -> System:
    """The system that the command is about: whoever starts the application has left a function that gives it."""
    return cast("System", context.obj())


def scenario_of(of: System, name: str, engine: str) -> Scenario:
    """The scenario of that name; for an empty one the first, or the small one that the engine is meant for."""
    from ..engines import SMALL_SCENARIO

    small = SMALL_SCENARIO.get(engine, "")
    return of.scenario(name or (small if small in of.scenarios else ""))


def every_scenario(of: System, engine: str) -> list[Scenario]:
    """All scenarios but those that are asked on demand only.

    Raises:
        ModelError: the engine is one that cannot hold every environment at once.
    """
    from ccmproof.model.kernel.errors import ModelError

    from ..engines import SMALL_SCENARIO

    if engine in SMALL_SCENARIO:
        instead = scenario_of(of, "", engine).name
        raise ModelError(
            f"--all: the engine {engine!r} is for small scenarios; "
            f"ask --scenario {instead} of it, or --all of --engine symbolic"
        )
    return [scenario for scenario in of.scenarios.values() if not scenario.on_demand]


def limit_of(seconds: float | None, mebibytes: int | None, engine: str) -> Limit:
    """What ``--limit`` and ``--memory`` allow a search.

    Raises:
        ModelError: there is no such engine, or the process holds more memory than that with the engine alone.
    """
    from ..engines import Limit

    if mebibytes is None:
        return Limit(seconds=seconds)
    _refuse_less_than_is_held(mebibytes, engine)
    return Limit(seconds=seconds, bytes=mebibytes << 20)


def _refuse_less_than_is_held(mebibytes: int, engine: str) -> None:
    """A limit that is passed before the search begins would look as if the search had been cut short."""
    from importlib import import_module

    from ccmproof.model.kernel.errors import ModelError

    from .. import engines
    from ..memory import peak_bytes

    import_module(f"{engines.__name__}.{engines.ENGINES[engines.chosen(engine)]}")
    held = -(-(peak_bytes() or 0) >> 20)  # rounded up
    if held > mebibytes:
        raise ModelError(f"--memory {mebibytes}: {held:,} MiB are in use before the search begins; allow it more")
