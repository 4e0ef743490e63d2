"""Completion of names for the shell: of what an expression may say, of scenarios, properties, settings and engines.

What comes next in an expression is decided by plain functions of its text and of the names that there are
(:func:`completed`). The ``complete_…`` functions are what the command line hands to the shell; there a whole expression
is one word, in quotes, so that each candidate is the whole of it. Nothing here explores or expands a model, and nothing
here complains: a scenario that is not there simply has no names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ccmproof.model.kernel.actor import ActorDef
    from ccmproof.model.kernel.definition import Model

    from ..system import System

Candidate = tuple[str, str]
"""What the word may become, and what that is."""


@dataclass(frozen=True)
class Names:
    """What an expression may name: actors, each with its states and groups; predicates; events."""

    actors: Mapping[str, tuple[str, ...]]
    predicates: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @classmethod
    def of(cls, model: Model) -> Names:
        """The names of a model."""
        return cls(
            {of.name: (*of.states, *of.groups) for of in model.actors},
            tuple(each.name for each in model.predicates),
            tuple(model.taken),
        )


_SEPARATE = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\w.+-]+|[{}(),]')
_LAST = re.compile(r"[\w.+-]*\Z")


class Next(Enum):
    """What may come next in an expression."""

    PART = "an actor, a predicate, an event, not"
    VERB = "after an actor: is, in, not in"
    IS = "a state, or not"
    STATE = "a state"
    IN = "in {"
    BRACE = "{"
    MEMBER = "a state in braces"
    LISTED = "a comma, or the closing brace"
    JOINED = "and, or, a closing parenthesis"
    NOTHING = "nothing that could be right"


_AFTER: Mapping[tuple[Next, str], Next] = {
    (Next.PART, "not"): Next.PART,
    (Next.PART, "("): Next.PART,
    (Next.VERB, "is"): Next.IS,
    (Next.VERB, "in"): Next.BRACE,
    (Next.VERB, "not"): Next.IN,
    (Next.IS, "not"): Next.STATE,
    (Next.IN, "in"): Next.BRACE,
    (Next.BRACE, "{"): Next.MEMBER,
    (Next.LISTED, ","): Next.MEMBER,
    (Next.LISTED, "}"): Next.JOINED,
    (Next.JOINED, "and"): Next.PART,
    (Next.JOINED, "or"): Next.PART,
    (Next.JOINED, ")"): Next.JOINED,
}
"""What may come after a word or a sign that means something of itself."""
_AFTER_NAME = {Next.PART: Next.JOINED, Next.IS: Next.JOINED, Next.STATE: Next.JOINED, Next.MEMBER: Next.LISTED}
"""What may come after a name; after an actor's, where a part begins, a verb."""


def completed(text: str, names: Names) -> list[Candidate]:
    """What an expression that begins with the text may go on with: the text with its last word completed.

    Where one actor alone fits, what may be said of it is offered at once, and in braces each state with what may follow
    it, so that the shell does not take the expression for finished.
    """
    head = text[: _last_word(text)]
    last = text[len(head) :]
    fitting = [(word, what) for word, what in _next(_SEPARATE.findall(head), names) if word.startswith(last)]
    if len(fitting) == 1 and fitting[0][1] == ACTOR:
        actor = fitting[0][0]
        return [(f"{head}{actor} is {state}", what) for state, what in _states(actor, names)]
    return [(head + word, what) for word, what in fitting]


def _last_word(text: str) -> int:
    """Where the word begins that is being written; a quote that is open begins one too."""
    if text.count('"') % 2:
        return text.rindex('"')
    found = _LAST.search(text)
    return found.start() if found else len(text)


def _next(before: list[str], names: Names) -> Iterator[Candidate]:
    """What may come after the words and signs before."""
    expected, actor = Next.PART, ""
    for word in before:
        if expected is Next.PART and word in names.actors:
            expected, actor = Next.VERB, word
        else:
            expected = _AFTER.get((expected, word), _AFTER_NAME.get(expected, Next.NOTHING))
    match expected:
        case Next.PART:
            yield from ((name, ACTOR) for name in names.actors)
            yield from ((name, "predicate") for name in names.predicates)
            yield from ((name, "event") for name in names.events if name not in names.predicates)
            yield "not", KEYWORD
        case Next.VERB:
            yield from ((word, KEYWORD) for word in ("is", "is not", "in {", "not in {"))
        case Next.IS:
            yield from _states(actor, names)
            yield "not", KEYWORD
        case Next.STATE:
            yield from _states(actor, names)
        case Next.IN | Next.BRACE:
            yield "in {" if expected is Next.IN else "{", KEYWORD
        case Next.MEMBER:
            listed = before[len(before) - before[::-1].index("{") :]
            left = [(state, what) for state, what in _states(actor, names) if state not in listed]
            yield from ((f"{state}{sign}", what) for state, what in left for sign in ("},", "}")[len(left) == 1])
        case Next.LISTED:
            yield from ((sign, "sign") for sign in ",}")
        case Next.JOINED:
            yield from ((word, KEYWORD) for word in ("and", "or"))
            if before.count("(") > before.count(")"):
                yield ")", "sign"


ACTOR, KEYWORD = "actor", "keyword"


def _states(actor: str, names: Names) -> list[Candidate]:
    from ccmproof.model.kernel.condition import quoted

    return [(quoted(state), f"state of {actor}") for state in names.actors[actor]]


def complete_expression(context: typer.Context, incomplete: str) -> list[Candidate]:
    """An EXPRESSION, of the scenario that the command line names."""
    return _quietly(lambda of: completed(incomplete, Names.of(_model(of, context))))


def complete_scenario(incomplete: str) -> list[Candidate]:
    """The name of a scenario."""
    return _quietly(lambda of: _beginning(((each.name, _line(each.doc)) for each in of.scenarios.values()), incomplete))


def complete_property(incomplete: str) -> list[Candidate]:
    """The ID of a property, in any case."""
    return _quietly(lambda of: _beginning(((each.id, each.claim) for each in of.suite), incomplete, fold=True))


def complete_setting(context: typer.Context, incomplete: str) -> list[Candidate]:
    """NAME=VALUE of an unknown or a parameter: the names first, after the sign the values."""
    return _quietly(lambda of: settings(incomplete, _model(of, context)))


def complete_kind(incomplete: str) -> list[Candidate]:
    """A kind of thing that there is a list of."""
    from ..catalogue import KINDS

    return _beginning(((kind, "") for kind in KINDS), incomplete)


def complete_actor(context: typer.Context, incomplete: str) -> list[Candidate]:
    """The name of an actor."""
    return _quietly(lambda of: _beginning(((each, ACTOR) for each in Names.of(_model(of, context)).actors), incomplete))


def complete_name(context: typer.Context, incomplete: str) -> list[Candidate]:
    """The name of anything that can be shown."""
    return _quietly(lambda of: _beginning(_shown(of, _model(of, context)), incomplete))


def _shown(of: System, model: Model) -> list[Candidate]:
    names = Names.of(model)
    records = dict.fromkeys(each.record for each in model.actors if each.record)
    said = [(names.actors, ACTOR), (records, "record"), (names.events, "event"), (names.predicates, "predicate"),
            (of.scenarios, "scenario")]  # fmt: skip
    return [*((name, what) for there, what in said for name in there), *((each.id, each.claim) for each in of.suite)]


def complete_engine(incomplete: str) -> list[Candidate]:
    """The name of an engine."""
    from ..engines import DEFAULT, ENGINES

    return _beginning([(DEFAULT, "the faster of plain and numba"), *((name, "") for name in ENGINES)], incomplete)


def complete_format(incomplete: str) -> list[Candidate]:
    """A format that diagrams are written in."""
    from ccmproof.diagrams.formats import FORMATS

    return _beginning(((name, "") for name in FORMATS), incomplete)


def complete_workflow(incomplete: str) -> list[Candidate]:
    """The name of a picture of the workflow."""
    return _quietly(lambda of: _beginning(((name, each.title) for name, each in of.pictures.items()), incomplete))


def complete_change(incomplete: str) -> list[Candidate]:
    """The name of a shipped change; nothing else, so that the shell goes on with files."""
    from ..changes.shipped import shipped

    return _quietly(lambda of: _beginning(((name, "shipped change") for name in shipped()), incomplete))


def settings(text: str, model: Model) -> list[Candidate]:
    """What a setting that begins with the text may go on with."""
    name, sign, value = text.partition("=")
    if not sign:
        return _beginning(((f"{of.name}=", _line(of.doc)) for of in _unknowns(model)), text)
    found = [of for of in _unknowns(model) if of.name == name]
    *given, last = value.split(",")
    before = text[: len(text) - len(last)]
    values = [state for of in found for state in of.states if state not in given]
    return _beginning(((f"{before}{each}", "") for each in [*values, *([] if given else ["*"])]), text) if found else []


def _unknowns(model: Model) -> list[ActorDef]:
    """The actors that never move: without rows, and nothing writes them."""
    written = {effect.target for of in model.actors for row in of.rows for effect in row.effect}
    return [of for of in model.actors if not of.rows and not of.record and of.name not in written]


def _beginning(candidates: Iterable[Candidate], text: str, *, fold: bool = False) -> list[Candidate]:
    if fold:
        return [each for each in candidates if each[0].casefold().startswith(text.casefold())]
    return [each for each in candidates if each[0].startswith(text)]


def _line(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


def _model(of: System, context: typer.Context) -> Model:
    return of.build(of.scenario(str(context.params.get("scenario") or "")))


def _quietly(find: Callable[[System], list[Candidate]]) -> list[Candidate]:
    """What is found; nothing where the command line so far is unusable."""
    from ccmproof.model.kernel.errors import ModelError

    from . import system

    try:
        return find(system())
    except ModelError:
        return []
