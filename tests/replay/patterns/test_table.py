"""The shipped tables: each example is its pattern's and no other's, and whatever they name is there."""

from __future__ import annotations

from collections import Counter

import pytest
from ccmproof.harness.expression import expression
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.patterns import causes, code, component, recogniser, shipped
from ccmproof.harness.replay.traced import STATEMENT, told
from ccmproof.harness.system import shipped as system
from ccmproof.harness.system import with_settings
from ccmproof.model.kernel.condition import actors_of
from ccmproof.model.kernel.environments import Space
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from ccmproof.model.owed import QUOTED
from ccmproof.model.statements import STATEMENTS

PATTERNS = {pattern.id: pattern for pattern in shipped()}


MODEL = system().build(system().default)


@pytest.fixture(scope="module")
def network() -> Network:
    return expand(MODEL)


def test_every_id_is_there_once() -> None:
    assert [name for name, count in Counter(pattern.id for pattern in shipped()).items() if count > 1] == []


@pytest.mark.parametrize("name", PATTERNS)
def test_an_example_is_recognised_as_its_pattern_and_as_no_other(name: str) -> None:
    pattern = PATTERNS[name]
    assert pattern.examples
    for example in pattern.examples:
        for log in pattern.logs or ("ccmsetup",):
            seen = recogniser().of(Line("a.log", 1, log, example))
            assert seen is not None, (log, example)
            assert seen.pattern.id == name, (log, example)


@pytest.mark.parametrize("name", PATTERNS)
def test_where_the_log_is_not_known_an_example_is_among_those_of_its_words(name: str) -> None:
    for example in PATTERNS[name].examples:
        seen = recogniser().of(Line("a.log", 1, "", example))
        if PATTERNS[name].bound:
            assert seen is None or name not in seen.pattern.id.split("|"), example
            continue
        assert seen is not None
        assert name in seen.pattern.id.split("|"), example


@pytest.mark.parametrize("name", PATTERNS)
def test_what_a_pattern_names_is_there(name: str, network: Network) -> None:
    pattern = PATTERNS[name]
    assert pattern.means
    assert [event for event in (*pattern.events, *pattern.echoes) if event not in network.event] == []
    says = [pattern.holds, *(text for each in pattern.facets for text in (each.holds, each.lacks))]
    for text in filter(None, says):
        expression(text, network)
    assert not pattern.cause or pattern.cause in causes()
    assert [log for log in pattern.logs if component(log) is None] == []
    assert [cite for cite in pattern.cites if STATEMENT.match(cite) and cite not in STATEMENTS] == []
    assert not pattern.always or pattern.events


def test_each_quoted_line_has_a_pattern_of_its_log() -> None:
    of = told()
    left = [
        (each.log, number)
        for each in QUOTED
        for number in each.numbers
        if not of.of_line(number, each.log) and number not in of.unsaid
    ]
    assert left == []


@pytest.mark.parametrize("name", causes())
def test_a_cause_is_possible_in_the_model(name: str, network: Network) -> None:
    """Its condition reads unknowns and parameters alone, and some environment that the model allows meets it."""
    cause = causes()[name]
    assert cause.means and cause.remedy and cause.look
    assert [each for each in cause.codes if code(each) is None] == []
    if not cause.when:
        return
    condition = expression(cause.when, network)
    read = actors_of(condition)
    assert [actor for actor in read if not network.actor[actor].is_unknown] == []
    opened = expand(with_settings(MODEL, dict.fromkeys(read, "*")))
    assert Space.of(opened).where(condition, opened).count > 0
