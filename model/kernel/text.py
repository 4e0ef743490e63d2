"""Conditions as text: ``cache.life in {fresh, near_expiry} and cmg is not offline``.

::

    or-form   ::= and-form ("or" and-form)*
    and-form  ::= part ("and" part)*
    part      ::= "not" part | "(" or-form ")" | "true" | "false" | leaf | predicate
    leaf      ::= actor "is" ["not"] state | actor ["not"] "in" "{" state ("," state)* "}"

``and`` binds closer than ``or``. A dot in an actor's name separates a record from its field, or a family from its
index. A state that would read as a keyword, or has other signs in it, is quoted. ``parse(str(c), predicates)`` gives
``c`` again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .condition import FALSE, KEYWORDS, TRUE, Condition, In, Named, Not, all_of, any_of
from .errors import ConditionError, nearest

WORD = re.compile(r"\w+(?:[.+-]\w+)*")
"""A name that stands without quotes: of an actor, a predicate, a state."""
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
      | (?P<word>{WORD.pattern})
      | (?P<quoted>"(?:[^"\\\n]|\\.)*")
      | (?P<sign>[{{}}(),])""",
    re.VERBOSE,
)


def unquoted(text: str) -> str:
    """The name that stands in quotes: what :func:`.condition.quoted` has made of it."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text[1:-1])


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    offset: int


def parse(
    text: str,
    predicates: Mapping[str, Condition] | None = None,
    actors: Mapping[str, Sequence[str]] | None = None,
    *,
    bare: str = "predicate",
) -> Condition:
    """The condition that ``text`` says; a bare word is one of ``predicates``.

    Args:
        actors: each with the names that its states may go by. Without them every name of an actor or a state is taken.
        bare: what a bare word may be, for complaints.

    Raises:
        ConditionError: the text is malformed or names what is not there; it says line, column and what was expected.
    """
    return _Parser(text, {} if predicates is None else predicates, actors, bare).whole()


class _Parser:
    def __init__(
        self,
        text: str,
        predicates: Mapping[str, Condition],
        actors: Mapping[str, Sequence[str]] | None,
        bare: str,
    ) -> None:
        self.text = text
        self.predicates = predicates
        self.actors = actors
        self.bare = bare
        self.tokens = list(self._scan())
        self.next = 0

    def _scan(self) -> list[_Token]:
        found, offset = [], 0
        while offset < len(self.text):
            match = _TOKEN.match(self.text, offset)
            if match is None and self.text[offset] == '"':
                raise self._error(offset, "expected a closing quote on the same line, but there is none")
            if match is None:
                stray = self.text[offset]
                raise self._error(offset, f"expected a name, a quoted name or a sign, but {stray!r} stands there")
            if match.lastgroup != "space":
                found.append(_Token(str(match.lastgroup), match.group(), offset))
            offset = match.end()
        return [*found, _Token("end", "", len(self.text))]

    def _error(self, offset: int, what: str) -> ConditionError:
        before = self.text[:offset]
        line = before.count("\n") + 1
        return ConditionError(what, line=line, column=offset - (before.rfind("\n") + 1) + 1, text=self.text)

    def _expected(self, what: str) -> ConditionError:
        token = self.peek()
        seen = "the text ends" if token.kind == "end" else f"{token.text!r} stands"
        return self._error(token.offset, f"expected {what}, but {seen} there")

    def peek(self) -> _Token:
        return self.tokens[self.next]

    def accept(self, text: str) -> bool:
        token = self.peek()
        if token.kind != "quoted" and token.text == text and token.kind != "end":
            self.next += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self._expected(f"{text!r}")

    def whole(self) -> Condition:
        condition = self.disjunction()
        if self.peek().kind != "end":
            raise self._expected("'and', 'or' or the end")
        return condition

    def disjunction(self) -> Condition:
        parts = [self.conjunction()]
        while self.accept("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else any_of(*parts)

    def conjunction(self) -> Condition:
        parts = [self.part()]
        while self.accept("and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else all_of(*parts)

    def part(self) -> Condition:
        if self.accept("not"):
            return ~self.part()
        if self.accept("("):
            inner = self.disjunction()
            self.expect(")")
            return inner
        if self.accept("true"):
            return TRUE
        if self.accept("false"):
            return FALSE
        token = self.peek()
        if token.kind != "word" or token.text in KEYWORDS:
            raise self._expected(f"an actor, a {self.bare}, 'not' or '('")
        self.next += 1
        return self.after_name(token)

    def after_name(self, name: _Token) -> Condition:
        if self.accept("is"):
            denied = self.accept("not")
            leaf: Condition = In(self.actor(name), frozenset({self.state(name)}))
            return Not(leaf) if denied else leaf
        if self.accept("in"):
            return In(self.actor(name), self.states(name))
        token = self.peek()
        if token.text == "not" and self.tokens[self.next + 1].text == "in":
            self.next += 2
            return Not(In(self.actor(name), self.states(name)))
        if name.text in self.predicates:
            return Named(name.text, self.predicates[name.text])
        if token.kind == "end" or token.text in {"and", "or", ")"}:
            raise self._error(name.offset, self.no_predicate(name.text))
        raise self._expected("'is', 'is not', 'in' or 'not in'")

    def no_predicate(self, name: str) -> str:
        if name in (self.actors or {}):
            return f"{name!r} is an actor: 'is' or 'in' must follow"
        near = nearest(name, [*self.predicates, *(self.actors or ())])
        return f"{name!r} is no {self.bare}{near}; for an actor, 'is' or 'in' must follow"

    def actor(self, name: _Token) -> str:
        if self.actors is not None and name.text not in self.actors:
            raise self._error(name.offset, f"there is no actor {name.text!r}{nearest(name.text, self.actors)}")
        return name.text

    def states(self, of: _Token) -> frozenset[str]:
        self.expect("{")
        names = [self.state(of)]
        while self.accept(","):
            names.append(self.state(of))
        self.expect("}")
        return frozenset(names)

    def state(self, of: _Token) -> str:
        token = self.peek()
        if token.kind == "quoted":
            name = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], token.text[1:-1])
        elif token.kind == "word" and token.text not in KEYWORDS:
            name = token.text
        else:
            raise self._expected("a state's name")
        known = None if self.actors is None else self.actors[of.text]
        if known is not None and name not in known:
            has = f"{of.text} has no state {name!r}{nearest(name, known)}; it has {', '.join(known)}"
            raise self._error(token.offset, has)
        self.next += 1
        return name
