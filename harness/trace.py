"""Which statement is answered for by what: the model, the suite, the patterns of log lines; and what is missing.

The matrix has a row for each statement of the document, each question of reading and each group of quoted log lines,
and a row for each claim of the domain's property list. Whatever is neither answered nor due is a gap; so is an event of
the model that no log line shows, where nothing says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ccmproof.model import owed
from ccmproof.model.kernel.definition import Model
from ccmproof.model.owed import Need, Quoted
from ccmproof.model.picture import Picture
from ccmproof.model.statements import STATEMENTS, Statement
from ccmproof.model.workflow.pictures import PICTURES
from ccmproof.properties.claims import CLAIMS, Claim
from ccmproof.properties.property import Property

from .replay.traced import STATEMENT, Told, told


@dataclass(frozen=True)
class Sources:
    """The statements and claims, and what is said of them beside the model and the suite. By default what is shipped.

    Attributes:
        due: the statements of which something is owed, and the part of the project that owes it.
        settled: the questions that need no answer of the model's, and why.
        pictures: what is drawn of the workflow.
        told: what the patterns of log lines answer for.
    """

    statements: Mapping[str, Statement]
    claims: Mapping[str, Claim]
    due: Mapping[str, str]
    settled: Mapping[str, str]
    quoted: tuple[Quoted, ...]
    pictures: tuple[Picture, ...] = ()
    told: Told = field(default_factory=Told)


SHIPPED = Sources(STATEMENTS, CLAIMS, owed.DUE, owed.SETTLED, owed.QUOTED, tuple(PICTURES.values()), told())


@dataclass(frozen=True)
class Answered:
    """A row of the matrix.

    Attributes:
        model: what in the model cites it, ``actor/event`` for a row of an actor, with how many rows there are.
        properties: the IDs of the properties that cite it.
        missing: what it needs and does not have.
        due: the part of the project that owes what is missing; empty where nothing is owed.
        note: why nothing has to answer for it; else empty.
        pictures: the names of the pictures that show it.
        patterns: the IDs of the patterns of log lines that speak of it.
    """

    id: str
    kind: str
    text: str
    model: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    due: str = ""
    note: str = ""
    pictures: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Silent:
    """An event of the model that no log line stands for, and why."""

    event: str
    why: str


@dataclass(frozen=True)
class Gap:
    """Something that is wrong with the matrix: of which statement, claim or citation, and what."""

    name: str
    what: str


@dataclass(frozen=True)
class Trace:
    """The whole matrix, and its gaps."""

    statements: tuple[Answered, ...]
    claims: tuple[Answered, ...]
    gaps: tuple[Gap, ...]
    silent: tuple[Silent, ...] = ()

    @property
    def due(self) -> tuple[Answered, ...]:
        """What later parts of the project owe."""
        return tuple(row for row in (*self.statements, *self.claims) if row.due)


def trace(model: Model, suite: Iterable[Property], sources: Sources = SHIPPED) -> Trace:
    """The matrix of a model and a suite."""
    suite = tuple(suite)
    places = _by_citation(model.citations())
    asked = _by_citation((prop.id, prop.cites) for prop in suite)
    possible = {prop.id for prop in suite if prop.possible}
    statements = [_statement(each, places, asked, possible, sources) for each in sources.statements.values()]
    statements += [_line(each, sources.told) for each in sources.quoted]
    events = dict.fromkeys(row.event for actor in model.actors for row in actor.rows)
    silent = [Silent(name, why) for name, why in sources.told.silent.items() if name in events]
    claims = [_claim(each, places, suite) for each in sources.claims.values()]
    gaps = [
        *_open(statements),
        *_open(claims),
        *_stale(statements, claims, sources),
        *_unknown(places, asked, suite, sources),
        *_unknown_pictures(sources),
        *_unknown_to_patterns(sources),
        *_unseen(events, sources.told),
    ]
    return Trace(tuple(statements), tuple(claims), tuple(gaps), tuple(silent))


def _by_citation(cited: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """For each citation the places that make it, each once, in order."""
    found: dict[str, dict[str, None]] = {}
    for place, cites in cited:
        for cite in cites.split():
            found.setdefault(cite, {})[place] = None
    return {cite: tuple(where) for cite, where in found.items()}


def _statement(
    of: Statement,
    places: Mapping[str, tuple[str, ...]],
    asked: Mapping[str, tuple[str, ...]],
    possible: set[str],
    sources: Sources,
) -> Answered:
    model, properties = places.get(of.id, ()), asked.get(of.id, ())
    pictures = tuple(each.name for each in sources.pictures if of.id in each.cites.split())
    answered = {
        Need.MODEL: bool(model),
        Need.CLAIM: any(name not in possible for name in properties),
        Need.ANYTHING: bool(model or properties or of.id in sources.settled),
        Need.PICTURE: bool(pictures),
        Need.LOG: of.id in sources.told.statements,
    }
    missing = [need for need in owed.NEEDS[of.kind] if not answered[need]]
    excused = all(need in owed.MAY_BE_DUE for need in missing)
    return Answered(
        of.id,
        of.kind,
        of.text,
        model,
        properties,
        tuple(need.value for need in missing),
        sources.due.get(of.id, "") if missing and excused else "",
        "" if model or properties else sources.settled.get(of.id, ""),
        pictures,
        sources.told.statements.get(of.id, ()),
    )


def _line(of: Quoted, told: Told) -> Answered:
    """Quoted lines are answered for where each of them has a pattern of that log, or it is said why it has none."""
    kind = "line"
    patterns = {number: told.of_line(number, of.log) for number in of.numbers}
    read = all(found or number in told.unsaid for number, found in patterns.items())
    missing = () if read else tuple(need.value for need in owed.NEEDS[kind])
    note = "; ".join(told.unsaid[number] for number in of.numbers if number in told.unsaid and not patterns[number])
    names = tuple(dict.fromkeys(name for found in patterns.values() for name in found))
    text = f"of {of.log}: {of.cites}"
    return Answered(of.lines, kind, text, missing=missing, due=of.due if missing else "", note=note, patterns=names)


def _claim(of: Claim, places: Mapping[str, tuple[str, ...]], suite: Iterable[Property]) -> Answered:
    """A claim is answered by the property of its ID; those that cite it say a part of it."""
    properties = tuple(prop.id for prop in suite if prop.id == of.id or of.id in prop.cites.split())
    there = of.id in properties
    return Answered(
        of.id,
        of.kind,
        of.text,
        places.get(of.id, ()),
        properties,
        () if there or of.never else ("property",),
        "" if there else of.due,
        of.never,
    )


def _open(rows: Iterable[Answered]) -> Iterator[Gap]:
    for row in rows:
        if row.missing and not row.due:
            yield Gap(row.id, f"no {' and no '.join(MISSING[each] for each in row.missing)} answers for it")


MISSING = {
    Need.MODEL.value: "row, actor or parameter of the model",
    Need.CLAIM.value: "claim of the suite",
    Need.ANYTHING.value: "part of the model or property",
    Need.PICTURE.value: "picture",
    Need.LOG.value: "pattern of a log line",
    "property": "property of the suite",
}
"""What is missing, in words."""


def _stale(statements: Iterable[Answered], claims: Iterable[Answered], sources: Sources) -> Iterator[Gap]:
    """What is said to be owed or to need no answer, and has one; or is not there at all."""
    by_id = {row.id: row for row in statements}
    for name, part in sources.due.items():
        if name not in by_id:
            yield Gap(name, f"it is due from {part}, and no statement")
        elif not by_id[name].missing:
            yield Gap(name, f"it is due from {part}, and answered")
    for name in sources.settled:
        if name not in by_id:
            yield Gap(name, "it is said to need no answer, and is no statement")
        elif by_id[name].model or by_id[name].properties:
            yield Gap(name, "it is said to need no answer, and has one")
    for row in claims:
        claim = sources.claims[row.id]
        if row.id in row.properties and (claim.due or claim.never):
            yield Gap(row.id, f"it is {f'due from {claim.due}' if claim.due else 'said to be unsayable'}, and answered")


def _unknown(
    places: Mapping[str, tuple[str, ...]],
    asked: Mapping[str, tuple[str, ...]],
    suite: Iterable[Property],
    sources: Sources,
) -> Iterator[Gap]:
    """Citations of what is not there. A claim that is split among acceptors (``SEC-07.mp``) may be cited whole."""
    names = [*sources.claims, *(prop.id for prop in suite)]
    known = {*sources.statements, *names, *(name.partition(".")[0] for name in names)}
    for kind, cited in (("", places), ("property ", asked)):
        for cite, where in cited.items():
            if cite not in known:
                yield Gap(cite, f"there is no such statement or property; it is cited by {kind}{', '.join(where)}")
    for quoted in sources.quoted:
        for cite in (quoted.log, *quoted.cites.split()):
            if cite not in sources.statements:
                yield Gap(cite, f"there is no such statement; it is cited by the lines {quoted.lines}")


def _unknown_pictures(sources: Sources) -> Iterator[Gap]:
    for picture in sources.pictures:
        for cite in picture.cites.split():
            if cite not in sources.statements:
                yield Gap(cite, f"there is no such statement; it is cited by the picture {picture.name}")


def _unknown_to_patterns(sources: Sources) -> Iterator[Gap]:
    """Statements and quoted lines that patterns cite, and that are not there."""
    for cite, names in sources.told.statements.items():
        if cite not in sources.statements and STATEMENT.match(cite):
            yield Gap(cite, f"there is no such statement; it is cited by the pattern {', '.join(names)}")
    quoted = {number for each in sources.quoted for number in each.numbers}
    for number, found in sources.told.lines.items():
        if number not in quoted:
            yield Gap(f"line {number}", f"it is no quoted line; it is cited by the pattern {', '.join(found)}")


def _unseen(events: Iterable[str], told: Told) -> Iterator[Gap]:
    """Events of the model of which no line is known and nothing said, or both said."""
    for event in events:
        if event not in told.events and event not in told.silent:
            yield Gap(event, "no log line stands for it, and nothing says why")
        elif event in told.events and event in told.silent:
            yield Gap(event, f"it is said to have no log line, and has {', '.join(told.events[event])}")
