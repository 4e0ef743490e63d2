"""Conditions: what a guard or a property says about one state of the product, as data.

A condition is a tree over leaves "this actor is in one of these states", built with ``&``, ``|`` and ``~`` or parsed
from text (:mod:`ccmproof.model.kernel.text`). Being data it can be evaluated, compiled for an engine, printed in
words with its false leaves marked, and mutated.

A name in a leaf is a state of the actor or one of its *groups* (a named set of states, such as ``live`` of a clock);
the network resolves it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce


class Condition:
    """A truth about one state of the product. Immutable; equal when written the same way."""

    def __and__(self, other: Condition) -> Condition:
        return all_of(self, other)

    def __or__(self, other: Condition) -> Condition:
        return any_of(self, other)

    def __invert__(self) -> Condition:
        if isinstance(self, Not):
            return self.part
        if self == TRUE:
            return FALSE
        if self == FALSE:
            return TRUE
        return Not(self)

    def implies(self, other: Condition) -> Condition:
        """``self ⇒ other``, that is ``not self or other``."""
        return ~self | other

    def __bool__(self) -> bool:
        raise TypeError("a condition has no truth value of its own: combine it by & | ~, not by and, or, not")

    def __str__(self) -> str:
        return _show(self, 0)


@dataclass(frozen=True, repr=False)
class In(Condition):
    """The actor is in one of the states (or groups of states) that are named."""

    actor: str
    names: frozenset[str]

    def __repr__(self) -> str:
        return f"condition({str(self)!r})"


@dataclass(frozen=True, repr=False)
class Not(Condition):
    part: Condition

    def __repr__(self) -> str:
        return f"condition({str(self)!r})"


@dataclass(frozen=True, repr=False)
class And(Condition):
    """All parts hold; with no parts: true."""

    parts: tuple[Condition, ...]

    def __repr__(self) -> str:
        return f"condition({str(self)!r})"


@dataclass(frozen=True, repr=False)
class Or(Condition):
    """Some part holds; with no parts: false."""

    parts: tuple[Condition, ...]

    def __repr__(self) -> str:
        return f"condition({str(self)!r})"


@dataclass(frozen=True, repr=False)
class Named(Condition):
    """A named predicate. It prints as its name and means its body."""

    name: str
    body: Condition = field(compare=False)

    def __repr__(self) -> str:
        return f"condition({self.name!r})"


TRUE: Condition = And(())
FALSE: Condition = Or(())


def all_of(*parts: Condition) -> Condition:
    """The conjunction, flattened: ``a & (b & c)`` is ``a & b & c``; true parts vanish, a false one wins."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) else (part,))
    if FALSE in flat:
        return FALSE
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(*parts: Condition) -> Condition:
    """The disjunction, flattened; false parts vanish, a true one wins."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else (part,))
    if TRUE in flat:
        return TRUE
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


@dataclass(frozen=True)
class Subject:
    """The Python form of a leaf: ``at("cache.life").is_in("fresh", "near_expiry")``."""

    actor: str

    def is_(self, name: str) -> Condition:
        return In(self.actor, frozenset({name}))

    def is_not(self, name: str) -> Condition:
        return Not(self.is_(name))

    def is_in(self, *names: str) -> Condition:
        return In(self.actor, frozenset(names)) if names else FALSE


def at(actor: str) -> Subject:
    """Begin a leaf: ``at("cmg").is_("idle")``."""
    return Subject(actor)


def all_at(states: Mapping[str, str]) -> Condition:
    """Each of these actors is in this state: a state of the product, or an environment."""
    return all_of(*(at(name).is_(state) for name, state in states.items()))


def leaves(condition: Condition) -> Iterator[In]:
    """Every leaf of the tree, left to right, with repetitions; named predicates are opened."""
    match condition:
        case In():
            yield condition
        case Not(part=part) | Named(body=part):
            yield from leaves(part)
        case And(parts=parts) | Or(parts=parts):
            for each in parts:
                yield from leaves(each)


def actors_of(condition: Condition) -> frozenset[str]:
    """The actors that the condition reads."""
    return frozenset(leaf.actor for leaf in leaves(condition))


def predicates_of(condition: Condition) -> frozenset[str]:
    """The named predicates that the condition uses, those inside predicates included."""
    match condition:
        case Named(name=name, body=body):
            return predicates_of(body) | {name}
        case Not(part=part):
            return predicates_of(part)
        case And(parts=parts) | Or(parts=parts):
            return reduce(frozenset.union, map(predicates_of, parts), frozenset())
    return frozenset()


def evaluate(condition: Condition, leaf: Callable[[In], bool]) -> bool:
    """The truth of the condition, given the truth of its leaves."""
    match condition:
        case In():
            return leaf(condition)
        case Not(part=part):
            return not evaluate(part, leaf)
        case And(parts=parts):
            return all(evaluate(part, leaf) for part in parts)
        case Or(parts=parts):
            return any(evaluate(part, leaf) for part in parts)
        case Named(body=body):
            return evaluate(body, leaf)
    raise TypeError(f"not a condition: {condition!r}")


def rewrite(condition: Condition, leaf: Callable[[In], Condition]) -> Condition:
    """The tree with each leaf replaced, constants folded and named predicates opened."""
    match condition:
        case In():
            return leaf(condition)
        case Not(part=part):
            return ~rewrite(part, leaf)
        case And(parts=parts):
            return all_of(*(rewrite(part, leaf) for part in parts))
        case Or(parts=parts):
            return any_of(*(rewrite(part, leaf) for part in parts))
        case Named(body=body):
            return rewrite(body, leaf)
    raise TypeError(f"not a condition: {condition!r}")


def opened(condition: Condition) -> Condition:
    """The condition with its named predicates opened, those inside them too; itself where it has none."""
    return rewrite(condition, lambda leaf: leaf) if _has_names(condition) else condition


def _has_names(condition: Condition) -> bool:
    match condition:
        case Named():
            return True
        case Not(part=part):
            return _has_names(part)
        case And(parts=parts) | Or(parts=parts):
            return any(map(_has_names, parts))
    return False


def rename(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The same condition about other actors, as a clone needs it. Predicates that read none of them stay named.

    The result is flattened, as all that is built or parsed is: a predicate that is opened joins what it stands in.
    """
    if isinstance(condition, Named) and not actors_of(condition) & names.keys():
        return condition
    match condition:
        case In(actor=actor):
            return In(names.get(actor, actor), condition.names)
        case Not(part=part) | Named(body=part):
            renamed = rename(part, names)
            return ~renamed if isinstance(condition, Not) else renamed
        case And(parts=parts):
            return all_of(*(rename(part, names) for part in parts))
        case Or(parts=parts):
            return any_of(*(rename(part, names) for part in parts))
    raise TypeError(f"not a condition: {condition!r}")


def false_leaves(condition: Condition, leaf: Callable[[In], bool]) -> tuple[str, ...]:
    """Why the condition is false where it is false: the leaves, in words, whose change would have to come first.

    Empty where the condition holds. For a conjunction the false parts are opened, for a disjunction all parts.
    """
    if evaluate(condition, leaf):
        return ()
    match condition:
        case Named(body=body):
            return false_leaves(body, leaf)
        case And(parts=parts):
            return _unique(each for part in parts for each in false_leaves(part, leaf))
        case Or(parts=parts) if parts:
            return _unique(each for part in parts for each in false_leaves(part, leaf))
        case Not(part=part):
            return _true_leaves(part, leaf)
    return (str(condition),)


def _true_leaves(condition: Condition, leaf: Callable[[In], bool]) -> tuple[str, ...]:
    """Why the condition holds, in the same sense, each said as what would have to be otherwise."""
    match condition:
        case Named(body=body):
            return _true_leaves(body, leaf)
        case And(parts=parts) | Or(parts=parts):
            holding = (part for part in parts if evaluate(part, leaf))
            return _unique(each for part in holding for each in _true_leaves(part, leaf))
        case Not(part=part):
            return false_leaves(part, leaf)
    return (str(~condition),)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


KEYWORDS = frozenset({"and", "or", "not", "is", "in", "true", "false"})
_PLAIN = re.compile(r"\w+(?:[+-]\w+)*")
"""A state's name that needs no quotes. The parser's word is this, and has dots beside."""


def quoted(name: str) -> str:
    """A state's name as a condition's text writes it: quoted where it would read as something else."""
    if _PLAIN.fullmatch(name) and name not in KEYWORDS:
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _show(condition: Condition, binding: int) -> str:
    """The text of a condition; ``binding`` is 0 inside ``or``, 1 inside ``and``, 2 under ``not``."""
    match condition:
        case Named(name=name):
            return name
        case In(actor=actor, names=names):
            if len(names) == 1:
                return f"{actor} is {quoted(next(iter(names)))}"
            return f"{actor} in {{{', '.join(sorted(map(quoted, names)))}}}"
        case Not(part=In(actor=actor, names=names)):
            if len(names) == 1:
                return f"{actor} is not {quoted(next(iter(names)))}"
            return f"{actor} not in {{{', '.join(sorted(map(quoted, names)))}}}"
        case Not(part=part):
            return f"not {_show(part, 2)}"
        case And(parts=()):
            return "true"
        case Or(parts=()):
            return "false"
        case And(parts=parts):
            text = " and ".join(_show(part, 1 if not isinstance(part, And) else 2) for part in parts)
            return f"({text})" if binding > 1 else text
        case Or(parts=parts):
            text = " or ".join(_show(part, 0 if not isinstance(part, Or) else 1) for part in parts)
            return f"({text})" if binding > 0 else text
    raise TypeError(f"not a condition: {condition!r}")
