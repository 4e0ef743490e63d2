"""Edits of what is said by name, or of all rows at once: predicates, assumptions, a condition wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .actor import Guard, Otherwise
from .condition import And, Condition, Not, Or, all_of, any_of
from .definition import Assumption, Model, Predicate
from .edit_rows import Edit, in_words, like, placeholders, tree_of
from .errors import ModelError, nearest
from .select import matching
from .text import parse


@dataclass(frozen=True)
class SetPredicate(Edit):
    """A named predicate, or each that a pattern means, means something else, wherever it is used."""

    name: str
    text: Guard

    def __str__(self) -> str:
        return f"predicate {self.name} becomes {in_words(self.text)}"

    def on(self, model: Model) -> Model:
        meant = matching(self.name, [each.name for each in model.predicates], "predicate")

        def changed(each: Predicate) -> Predicate:
            return replace(each, text=self.text) if each.name in meant else each

        return replace(model, predicates=tuple(map(changed, model.predicates)))


@dataclass(frozen=True)
class ExtendPredicate(Edit):
    """A named predicate, or each that a pattern means, demands one thing more; or, ``widened``, is content with less.

    Whatever it means in the model at hand, where an extension has given it another meaning than the core, stays.
    """

    name: str
    part: str
    widened: bool

    def __str__(self) -> str:
        return f"predicate {self.name}: {'enough is' if self.widened else 'demanded is'} {self.part} too"

    def on(self, model: Model) -> Model:
        meant = matching(self.name, [each.name for each in model.predicates], "predicate")
        join, more = (any_of if self.widened else all_of), parse(self.part, placeholders(model))

        def changed(each: Predicate) -> Predicate:
            if each.name not in meant or isinstance(each.text, Otherwise):
                return each
            return replace(each, text=like(each.text, join(tree_of(each.text, model), more)) or "true")

        return replace(model, predicates=tuple(map(changed, model.predicates)))


@dataclass(frozen=True)
class AddPredicate(Edit):
    """One more name for a condition."""

    predicate: Predicate

    def __str__(self) -> str:
        return f"add the predicate {self.predicate.name}: {in_words(self.predicate.text)}"

    def on(self, model: Model) -> Model:
        if any(each.name == self.predicate.name for each in model.predicates):
            raise ModelError(f"there is a predicate {self.predicate.name!r} already")
        return model.extended(self.predicate)


@dataclass(frozen=True)
class DropPredicate(Edit):
    """A name for a condition is not there. What still uses it does not expand, and says so."""

    name: str

    def __str__(self) -> str:
        return f"drop the predicate {self.name}"

    def on(self, model: Model) -> Model:
        meant = matching(self.name, [each.name for each in model.predicates], "predicate")
        return replace(model, predicates=tuple(each for each in model.predicates if each.name not in meant))


@dataclass(frozen=True)
class AddAssumption(Edit):
    """Some combinations of unknowns cannot be."""

    assumption: Assumption

    def __str__(self) -> str:
        return f"assume {in_words(self.assumption.text)}"

    def on(self, model: Model) -> Model:
        return model.extended(self.assumption)


@dataclass(frozen=True)
class DropAssumption(Edit):
    """Combinations that were excluded can be."""

    text: str

    def __str__(self) -> str:
        return f"assume {self.text} no more"

    def on(self, model: Model) -> Model:
        known = [in_words(each.text) for each in model.assumptions]
        if self.text not in known:
            raise ModelError(f"there is no assumption {self.text!r}{nearest(self.text, known)}")
        return replace(model, assumptions=tuple(each for each in model.assumptions if in_words(each.text) != self.text))


@dataclass(frozen=True)
class ReplaceCondition(Edit):
    """A condition reads otherwise wherever it stands: in guards of rows and events, in predicates, in effects.

    It stands there as a whole, or as some parts of what ``and`` or ``or`` join.

    Attributes:
        within: names or patterns of actors and predicates, one of which must own the text; empty: everywhere.
    """

    old: str
    new: str
    within: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" in {', '.join(self.within)}" if self.within else ""
        return f"{self.old} becomes {self.new}{where}"

    def on(self, model: Model) -> Model:
        old, new = (parse(text, placeholders(model)) for text in (self.old, self.new))
        owners = [*(of.name for of in model.actors), *(each.name for each in model.predicates)]
        meant = {name for each in self.within for name in matching(each, owners, "actor or predicate")}

        def changed(guard: Guard, owner: str) -> Guard:
            if isinstance(guard, Otherwise) or guard == "" or (self.within and owner not in meant):
                return guard
            tree = tree_of(guard, model)
            after = substituted(tree, old, new)
            return guard if after == tree else like(guard, after)

        actors = tuple(
            replace(
                of,
                rows=tuple(
                    replace(
                        row,
                        when=changed(row.when, of.name),
                        effect=tuple(replace(each, when=changed(each.when, of.name)) for each in row.effect),
                    )
                    for row in of.rows
                ),
            )
            for of in model.actors
        )
        predicates = tuple(replace(each, text=changed(each.text, each.name) or "true") for each in model.predicates)
        events = tuple(replace(each, guard=changed(each.guard, each.name)) for each in model.events)
        after = replace(model, actors=actors, predicates=predicates, events=events)
        if after == model:
            where = f" in {', '.join(self.within)}" if self.within else ""
            raise ModelError(f"the condition {self.old!r} stands nowhere{where}")
        return after


def substituted(tree: Condition, old: Condition, new: Condition) -> Condition:
    """The tree with each occurrence of ``old`` replaced; of a junction, some parts of a longer one count too."""
    if tree == old:
        return new
    match tree:
        case Not(part=part):
            return ~substituted(part, old, new)
        case And(parts=parts):
            return all_of(*_parts(parts, old.parts if isinstance(old, And) else (), old, new))
        case Or(parts=parts):
            return any_of(*_parts(parts, old.parts if isinstance(old, Or) else (), old, new))
    return tree


def _parts(
    parts: tuple[Condition, ...], wanted: tuple[Condition, ...], old: Condition, new: Condition
) -> list[Condition]:
    if wanted and all(part in parts for part in wanted):
        first = parts.index(wanted[0])
        kept = [new if i == first else part for i, part in enumerate(parts) if i == first or part not in wanted]
        return [substituted(part, old, new) if part is not new else part for part in kept]
    return [substituted(part, old, new) for part in parts]
