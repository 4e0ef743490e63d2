"""Effects as text: what is read is what was written, and an error says where it is and what was expected."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel.actor import Effect, choose, clear, put, take
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.effects import parse
from ccmproof.model.kernel.errors import ConditionError
from ccmproof.model.workflow import build
from ccmproof.model.workflow.scenarios import SCENARIOS
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import conditions

NAMES = st.from_regex(r"[a-z_]\w{0,4}([.+-]\w{1,3})?", fullmatch=True) | st.sampled_from(
    ["or", "to", "of", "when", "set", "copy", "clear", "is", "or.of"]
)
VALUES = st.text(max_size=5) | NAMES | st.sampled_from(["a or b", " or ", '"', "\\", "\n", "or", "\\n", "a.b", "{", ""])
WHENS = st.just("") | conditions({"x": ("a", "b c"), "or.of": ("or", "when")}).map(str)


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    """An effect of each of the three kinds, of any names that can be written without quotes."""
    target, when = draw(NAMES), draw(WHENS)
    only = tuple(draw(st.lists(NAMES, max_size=3)))
    match draw(st.sampled_from(["set", "copy", "clear"])):
        case "set":
            return Effect(target, tuple(draw(st.lists(VALUES, min_size=1, max_size=3))), when=when)
        case "copy":
            return Effect(target, source=draw(NAMES), only=only, when=when)
    return Effect(target, only=only, when=when)


@given(effects())
@example(Effect("x", ("a or b", "c")))
@example(Effect("x", ("two\nlines",)))
@example(Effect("of", only=("of",)))
def test_what_is_written_is_read(effect: Effect) -> None:
    assert parse(str(effect)) == effect


@given(effects(), st.sampled_from([" ", "\n", "\t "]))
def test_blanks_around_it_mean_nothing(effect: Effect, blank: str) -> None:
    assert parse(f"{blank}{effect}{blank}") == effect


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_effect_of_the_workflow_is_read_as_it_is_written(name: str) -> None:
    """Effects of rows are put together in Python; the text of each is the form that a change file has for it."""
    found = [effect for of in build(SCENARIOS[name]).actors for row in of.rows for effect in row.effect]
    assert len(found) > 100
    for effect in found:
        read = parse(str(effect))
        assert str(read) == str(effect)
        plain = str(effect.when) if isinstance(effect.when, Condition) else effect.when
        assert read == Effect(effect.target, effect.values, effect.source, effect.only, plain)


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("set cache to full", put("cache", "full")),
        ('set request.path to "server auth"  or bulk', choose("request.path", ("server auth", "bulk"))),
        ("copy kind ,life of reply to token when x is y", take("token", "reply", "kind", "life", when="x is y")),
        ("copy reply to token", take("token", "reply")),
        ("clear kind of token", clear("token", "kind")),
        ("clear token when not x is y", clear("token", when="not x is y")),
    ],
)
def test_a_text_says_what_python_says(text: str, effect: tuple[Effect, ...]) -> None:
    assert (parse(text),) == effect


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("", 1, 1, "expected an effect that begins with set, copy, clear"),
        ("  put x", 1, 3, "expected an effect that begins with set, copy, clear"),
        ("\n set x", 2, 2, "expected set FIELD to VALUE, or to VALUE or VALUE"),
        ("copy x", 1, 1, "expected copy RECORD to RECORD, or copy FIELD, FIELD of RECORD to RECORD"),
        ("clear", 1, 1, "expected clear RECORD, or clear FIELD, FIELD of RECORD"),
        ("clear {", 1, 1, "expected clear RECORD, or clear FIELD, FIELD of RECORD"),
        ("set x to a b", 1, 11, "expected 'when' or the end after 'set x to a'"),
        ("set x to a or", 1, 11, "expected 'when' or the end after 'set x to a'"),
        ("set x to a or b,", 1, 16, "expected 'when' or the end after 'set x to a or b'"),
        ("clear x when", 1, 8, "expected 'when' or the end after 'clear x'"),
        ("clear x\nwen y is z", 1, 8, "expected 'when' or the end after 'clear x'"),
        ("setx to a", 1, 1, "expected an effect that begins with set, copy, clear"),
    ],
)
def test_an_error_says_where_and_what_was_expected(text: str, line: int, column: int, what: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column, caught.value.what) == (line, column, what)
