"""Conditions as text: the grammar, and errors that say line, column and what was expected."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel.condition import FALSE, TRUE, In, Named, Not, at
from ccmproof.model.kernel.errors import ConditionError
from ccmproof.model.kernel.text import parse
from hypothesis import given
from hypothesis import strategies as st

A, B, C = at("a").is_("x"), at("b").is_("y"), at("c").is_("z")
KNOWN = {"tls_ok": A, "token_valid": B}


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a is x", A),
        ("a is not x", Not(A)),
        ("a in {x, y}", In("a", frozenset({"x", "y"}))),
        ("a not in {x}", Not(A)),
        ("a is x and b is y or c is z", (A & B) | C),
        ("a is x and (b is y or c is z)", A & (B | C)),
        ("not a is x and b is y", ~A & B),
        ("not (a is x and b is y)", ~(A & B)),
        ("not not a is x", A),
        ("true", TRUE),
        ("a is x and false", FALSE),
        ("tls_ok and not token_valid", Named("tls_ok", A) & ~Named("token_valid", B)),
        ("tls_ok is x", at("tls_ok").is_("x")),
        ('cache.life is "in"', at("cache.life").is_("in")),
        (r'a is "q\"\\\n"', at("a").is_('q"\\\n')),
        ("a is x\n  and\tb is y", A & B),
        ("a is 90min", at("a").is_("90min")),
    ],
)
def test_a_text_means(text: str, condition: object) -> None:
    assert parse(text, KNOWN) == condition


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("", 1, 1, "expected an actor, a predicate, 'not' or '(', but the text ends there"),
        ("a is", 1, 5, "expected a state's name, but the text ends there"),
        ("a is and", 1, 6, "expected a state's name, but 'and' stands there"),
        ("a is not in", 1, 10, "expected a state's name, but 'in' stands there"),
        ("a was x", 1, 3, "expected 'is', 'is not', 'in' or 'not in', but 'was' stands there"),
        ("a not x", 1, 3, "expected 'is', 'is not', 'in' or 'not in', but 'not' stands there"),
        ("a in x", 1, 6, "expected '{', but 'x' stands there"),
        ("a in {}", 1, 7, "expected a state's name, but '}' stands there"),
        ("a in {x y}", 1, 9, "expected '}', but 'y' stands there"),
        ("a in {x, ", 1, 10, "expected a state's name, but the text ends there"),
        ("(a is x", 1, 8, "expected ')', but the text ends there"),
        ("a is x b is y", 1, 8, "expected 'and', 'or' or the end, but 'b' stands there"),
        ("a is x)", 1, 7, "expected 'and', 'or' or the end, but ')' stands there"),
        ("a is x\nand or", 2, 5, "expected an actor, a predicate, 'not' or '(', but 'or' stands there"),
        ('"a" is x', 1, 1, "expected an actor, a predicate, 'not' or '(', but '\"a\"' stands there"),
        ("a is x\n and b is 'y'", 2, 11, 'expected a name, a quoted name or a sign, but "\'" stands there'),
        ("a = x", 1, 3, "expected a name, a quoted name or a sign, but '=' stands there"),
        ('a is "x', 1, 6, "expected a closing quote on the same line, but there is none"),
        (
            "tls_okay",
            1,
            1,
            "'tls_okay' is no predicate (did you mean 'tls_ok'?); for an actor, 'is' or 'in' must follow",
        ),
        ("tls_ok and zzz", 1, 12, "'zzz' is no predicate; for an actor, 'is' or 'in' must follow"),
    ],
)
def test_a_malformed_text_says_where_and_what_was_expected(text: str, line: int, column: int, what: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text, KNOWN)
    assert str(caught.value) == f"line {line}, column {column}: {what}"
    assert (caught.value.line, caught.value.column, caught.value.text) == (line, column, text)


@given(
    st.text(alphabet='ax_ "\\{}(),.+-=\n', max_size=20)
    | st.lists(st.sampled_from(["a", "is", "not", "in", "{", "x", "}", ",", "(", ")", "and", "or"])).map(" ".join)
)
def test_any_text_parses_or_says_a_place_inside_it(text: str) -> None:
    try:
        condition = parse(text, KNOWN)
    except ConditionError as error:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
    else:
        assert parse(str(condition), KNOWN) == condition
