"""A changed design: the model of a scenario after the entries of one or several change files, in their order.

Nothing is half applied: the changed model is there whole, expanded and structurally sound, or an error says which entry
of which file it is that cannot be, and why.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccmproof.model.kernel.actor import ActorDef
from ccmproof.model.kernel.condition import In, leaves
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.edit import DropEvent, apply
from ccmproof.model.kernel.edit_rows import in_words
from ccmproof.model.kernel.errors import LintError, ModelError, nearest
from ccmproof.model.kernel.expand import Expansion
from ccmproof.model.kernel.fairness import Excepting, to_all
from ccmproof.model.kernel.lint import refuse
from ccmproof.model.kernel.text import parse
from ccmproof.model.scenario import Scenario

from ..system import Build, with_settings
from .change import Change, Entry


@dataclass(frozen=True)
class Design:
    """One side of a comparison: how a model is built, and what is set in it.

    Attributes:
        changes: none for the original.
        settings: of parameters and unknowns, as ``--set`` has them.
    """

    build: Build
    changes: tuple[Change, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    _made: dict[str, Model] = field(default_factory=dict, repr=False, compare=False)

    def scenario(self, of: Scenario) -> Scenario:
        """The scenario with the durations that the changes say."""
        durations = dict(of.durations)
        for change in self.changes:
            durations.update(change.durations)
        return replace(of, durations=durations)

    def model(self, of: Scenario, settings: Mapping[str, str] = {}, /) -> Model:
        """The model of a scenario; this is a :class:`~..system.Build`.

        Raises:
            ModelError: an entry is about what is not there, or would leave a model that is not sound; it says file,
                line and column.
        """
        key = repr(of)
        if key not in self._made:
            self._made[key] = applied(self._original(of), self.changes)
        return self._made[key].configured(settings)

    def _original(self, of: Scenario) -> Model:
        """What the changes are applied to: the model of the scenario, with their durations."""
        try:
            return self.build(self.scenario(of))
        except ModelError as error:
            for change in self.changes:
                if change.durations:
                    raise change.document.error(("durations",), str(error)) from error
            raise


def pair(build: Build, changes: Sequence[Change], settings: Mapping[str, str] | None = None) -> tuple[Design, Design]:
    """The original and the changed design.

    Args:
        settings: of the user, over those of the changes.

    Raises:
        ModelError: two changes want different values of one setting or duration.
    """
    _agree(changes)
    user = dict(settings or {})
    for change in changes:
        for each in change.settings:
            if each.name in user and each.moves:
                what = f"--set {each.name}={user[each.name]}: {change.name} is about this; leave it to the change"
                raise ModelError(what)
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for change in changes:
        for each in change.settings:
            if each.before:
                before[each.name] = each.before
            if each.after:
                after[each.name] = each.after
    return Design(build, (), {**before, **user}), Design(build, tuple(changes), {**after, **user})


def _agree(changes: Sequence[Change]) -> None:
    """Refuse two files that contradict each other."""
    said: dict[tuple[str, str], tuple[Change, str]] = {}
    for change in changes:
        wanted = [((side, each.name), getattr(each, side), each.way)
                  for each in change.settings for side in ("before", "after")]  # fmt: skip
        lengths = [(("duration", name), f"{a} to {b} min", ("durations", name))
                   for name, (a, b) in change.durations.items()]  # fmt: skip
        for (side, name), value, way in [*wanted, *lengths]:
            if not value:
                continue
            other, theirs = said.setdefault((side, name), (change, value))
            if theirs != value:
                when = "" if side == "duration" else f" {side}"
                raise change.document.error(
                    way,
                    f"{name} is {value}{when} here, and {theirs} in {other.name}: the changes contradict each other",
                )


def applied(model: Model, changes: Sequence[Change]) -> Model:
    """The model after all entries of all changes, which is structurally sound.

    Raises:
        ModelError: as :meth:`Design.model`.
    """
    entries = [entry for change in changes for entry in change.entries]
    stages = list(_stages(model, entries))
    if not entries:
        check_settings(model, changes, "after", model)
        return _struck(model, changes)
    for entry, stage in zip(entries, stages[1:], strict=True):
        _check_words(entry, stage, stages[-1])
    check_settings(stages[-1], changes, "after", model)
    sound, problem = _settled(stages[-1], model)
    if problem is not None:
        raise _blamed(problem, entries, stages)
    return _struck(sound, changes)


def _struck(model: Model, changes: Sequence[Change]) -> Model:
    """The model in which what strikes is not owed: no promise may count on it."""
    known = model.taken
    for change in changes:
        for name in change.strikes:
            if name not in known:
                raise change.document.error(("strikes",), f"there is no event {name!r}{nearest(name, known)}")
        if change.strikes:
            model = replace(model, fairness=Excepting(model.fairness or to_all, change.strikes))
    return model


def _stages(model: Model, entries: Sequence[Entry]) -> Iterator[Model]:
    """The model before the first entry, and after each."""
    yield model
    for entry in entries:
        try:
            model = apply(model, *entry.form.edits(entry.given, model))
        except ModelError as error:
            raise entry.error(error) from error
        yield model


def _check_words(entry: Entry, *stages: Model) -> None:
    """Every name in the entry's conditions is there, once it is applied or once all are."""
    for way, text in entry.conditions():
        problems = [_unknown_word(text, stage) for stage in stages]
        if all(problems):
            problem = problems[-1]
            assert problem is not None
            raise entry.document.error_in(way, problem) from problem


def _unknown_word(text: str, model: Model) -> ModelError | None:
    """What is wrong with a condition's names in a model."""
    try:
        expansion = Expansion(model)
        for leaf in leaves(parse(text, {name: expansion.predicate(name, ()) for name in expansion.texts})):
            _check_leaf(leaf, expansion)
    except ModelError as error:
        return error
    return None


def _check_leaf(leaf: In, expansion: Expansion) -> None:
    of = expansion.defs.get(leaf.actor)
    if of is None:
        raise ModelError(f"there is no actor {leaf.actor!r}{nearest(leaf.actor, expansion.defs)}")
    known = [*of.states, *of.groups]
    for name in sorted(leaf.names):
        if name not in known:
            raise ModelError(f"{leaf.actor} has no state {name!r}{nearest(name, known)}; there are {', '.join(known)}")


def check_settings(model: Model, changes: Sequence[Change], side: str, other: Model) -> None:
    """Refuse a setting, ``before`` or ``after``, that the model of that side cannot have.

    One value for both sides is given to the ``other`` alone where only that has the name: a parameter that a change
    adds or takes away.

    Raises:
        ModelError: with the place of the setting.
    """
    for change in changes:
        for each in change.settings:
            value = getattr(each, side)
            elsewhere = not each.moves and not _has(model, each.name) and _has(other, each.name)
            if value and not elsewhere:
                try:
                    with_settings(model, {each.name: value})
                except ModelError as error:
                    raise change.document.error((*each.way, side), str(error)) from error


def settable(design: Design, model: Model, other: Model) -> Design:
    """The design with the settings that its model can have: what only the other one has is set there alone."""
    mine = {name: value for name, value in design.settings.items() if _has(model, name) or not _has(other, name)}
    return replace(design, settings=mine)


def _has(model: Model, name: str) -> bool:
    return any(of.name == name for of in model.actors)


UNSENT = ("no-controller", "never-offered")
"""The lints that say of an event that nobody can ever decide it."""


def _settled(model: Model, original: Model) -> tuple[Model, ModelError | None]:
    """The model without the events that the change leaves to nobody, and what is wrong with it all the same.

    That an event of the original can no longer happen is no error: it is gone, and a comparison says so.
    """
    had = {row.event for of in original.actors for row in of.rows if row.sends}
    while True:
        model = _without_notes(model, had)
        try:
            refuse(model)
            return model, None
        except LintError as error:
            places = [each.place.rpartition("/")[2] for each in error.findings if each.rule in UNSENT]
            gone = had.intersection(places)
            if not gone:
                return model, error
            model = apply(model, *(DropEvent(name) for name in sorted(gone)))
        except ModelError as error:
            return model, error


def _without_notes(model: Model, had: Container[str]) -> Model:
    """The model without what is said of events of the original that no row has any more."""
    has = model.taken

    def left(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name in has or name not in had)

    return replace(
        model,
        actors=tuple(replace(of, ignores=left(of.ignores), holds_up=left(of.holds_up)) for of in model.actors),
        events=tuple(each for each in model.events if each.name in has or each.name not in had),
    )


def _blamed(problem: ModelError, entries: Sequence[Entry], stages: Sequence[Model]) -> ModelError:
    """The problem at the first entry with which it is there."""
    for entry, stage in zip(entries, stages[1:], strict=True):
        here = _settled(stage, stages[0])[1]
        if here is not None and _same(here, problem):
            return entry.error(_one_line(problem))
    return problem


def _same(here: ModelError, problem: ModelError) -> bool:
    """Whether the later problem, or the first of its findings, is there already."""
    if isinstance(problem, LintError) and isinstance(here, LintError):
        return (problem.findings[0].rule, problem.findings[0].place) in {(f.rule, f.place) for f in here.findings}
    return str(problem) == str(here)


def _one_line(problem: ModelError) -> ModelError:
    if not isinstance(problem, LintError):
        return problem
    more = len(problem.findings) - 1
    return ModelError(f"{problem.findings[0]}{f' (and {more} more)' if more else ''}")


def order_matters(model: Model, changes: Sequence[Change]) -> list[tuple[Change, Change, str]]:
    """The pairs of changes that give another model the other way round, and where it differs.

    Two changes of which the later cannot be applied without the earlier are in order, and are none of these.
    """
    found = []
    for i, first in enumerate(changes):
        for second in changes[i + 1 :]:
            try:
                one, other = (
                    list(_stages(model, [e for change in way for e in change.entries]))[-1]
                    for way in ((first, second), (second, first))
                )
            except ModelError:
                continue
            where = _differences(one, other)
            if where:
                found.append((first, second, where))
    return found


def _differences(one: Model, other: Model) -> str:
    """The actors, predicates, events and assumptions in which two models differ, whatever the order of their parts."""

    def parts(model: Model) -> dict[tuple[str, str], object]:
        found: dict[tuple[str, str], object] = {("actor", of.name): _without_order(of) for of in model.actors}
        found.update({("predicate", each.name): each for each in model.predicates})
        found.update({("event", each.name): each for each in model.events})
        found.update({("assumption", in_words(each.text)): model.assumptions.count(each) for each in model.assumptions})
        return found

    left, right = parts(one), parts(other)
    return ", ".join(
        sorted({name for kind, name in {*left, *right} if left.get((kind, name)) != right.get((kind, name))})
    )


def _without_order(of: ActorDef) -> object:
    """What an actor says, whatever the order in which it says it; the first state is what ``clear`` returns it to."""
    listed = (of.states, of.initial, of.ignores, of.holds_up, of.seen_by, of.waits)
    rows = sorted(map(repr, of.rows))
    plain = replace(
        of, states=of.states[:1], initial=of.initial[:1], ignores=(), holds_up=(), seen_by=(), waits=(), rows=()
    )
    return plain, tuple(map(frozenset, listed)), rows
