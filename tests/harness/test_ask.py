"""Asking: the four shapes, premises, vacuity, cut-short searches; against a plain search of the product."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from functools import cache
from itertools import product as combinations

import pytest
from ccmproof.harness.ask import Answer, Question, Shape, ask
from ccmproof.harness.engines import Limit
from ccmproof.harness.expression import expression
from ccmproof.harness.report import Exit
from ccmproof.harness.system import configured
from ccmproof.model.kernel import product
from ccmproof.model.kernel.errors import ConditionError, ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network, State
from demo import SCENARIOS, build
from hypothesis import given, settings
from hypothesis import strategies as st
from library import ORDER
from library import build as library

OPEN = {"porter_checks": "*", "alarm": "*"}
"""Opens all 16 environments of the demo."""


def asked(text: str, shape: Shape = Shape.CAN, *, when: str = "", goal: str = "", **options: object) -> Answer:
    options = {"build": build, **options}
    return ask(SCENARIOS["calm"], Question(text, shape, when, goal), **options)  # type: ignore[arg-type]


def said(answer: Answer) -> tuple[bool | None, int, int]:
    """Yes or no, in how many environments it was found to happen or not to hold, and of how many."""
    return answer.is_yes, answer.met, answer.judgement.total


def events(answer: Answer) -> list[str]:
    return [] if answer.run is None else [step.event for step in answer.run.run.steps]


def exactly(answer: Answer) -> tuple[bool, list[str]] | None:
    return answer.exactly and (answer.exactly.yes, [str(each) for each in answer.exactly.causes])


@pytest.mark.parametrize("engine", ["plain", "reference", "networkx", "oxidd"])
def test_it_can_happen_by_the_shortest_run_and_exactly_when(engine: str) -> None:
    found = asked("visitor is inside", engine=engine)
    assert said(found) == (True, 2, 4)
    assert events(found) == ["ask_with_good_key", "let_in"]
    assert exactly(found) == (True, ["key is good"])
    assert (found.exit, found.reads, found.is_empty) == (Exit.AS_EXPECTED, ("visitor",), False)


def test_it_cannot_happen_is_a_no_without_a_run() -> None:
    found = asked("visitor is inside and key is bad")
    assert said(found) == (False, 0, 4)
    assert (found.run, found.exactly, found.exit) == (None, None, Exit.UNEXPECTED)
    assert found.report.complete


def test_what_is_said_exactly_when_is_the_side_that_takes_less_to_say() -> None:
    found = asked("visitor is inside and key is bad or bell is ringing", settings=OPEN)
    assert said(found) == (True, 10, 16)
    assert exactly(found) == (True, ["alarm is on", "key is bad and porter_checks is lax"])
    found = asked("visitor is waiting and key is bad and (weather is dry or alarm is on)", settings=OPEN)
    assert said(found) == (True, 6, 16)
    assert exactly(found) == (False, ["key is good", "weather is wet and alarm is off"])


def test_never_asks_the_same_with_the_other_answer_in_mind() -> None:
    found = asked("visitor is inside", Shape.NEVER)
    assert said(found) == (False, 2, 4) and events(found) == ["ask_with_good_key", "let_in"]
    assert exactly(found) == (False, ["key is good"])
    assert said(asked("visitor is inside and key is bad", Shape.NEVER)) == (True, 0, 4)


def test_always_is_refuted_by_a_state_and_says_what_would_have_to_be_otherwise() -> None:
    found = asked("visitor is outside", Shape.ALWAYS)
    assert said(found) == (False, 4, 4) and exactly(found) is None
    assert found.run is not None and found.run.run.because == ("visitor is outside",)
    assert said(asked("visitor in {outside, waiting, inside}", Shape.ALWAYS)) == (True, 0, 4)


def test_leads_to_is_a_promise_and_is_refuted_by_a_run_without_end() -> None:
    kept = asked("visitor is waiting", Shape.LEADS_TO, goal="visitor is not waiting")
    assert (*said(kept), kept.spoken) == (True, 0, 4, 4)
    found = asked("visitor is waiting", Shape.LEADS_TO, goal="visitor is inside")
    assert said(found) == (False, 2, 4) and exactly(found) in ((False, ["key is bad"]), (True, ["key is good"]))
    assert found.run is not None and found.run.run.loop is not None
    assert found.reads == ("visitor",)


def test_leads_to_from_where_nothing_comes_is_no() -> None:
    found = asked("visitor is inside", Shape.LEADS_TO, goal="visitor is outside", when="key is bad")
    assert (found.is_yes, found.is_empty, found.spoken) == (False, True, 0)


def test_a_word_may_be_an_event_and_the_run_ends_with_it() -> None:
    found = asked("let_in and request.shown is good")
    assert events(found) == ["ask_with_good_key", "let_in"]
    assert found.run is not None and found.run.judged == 1
    assert found.reads == ("request.shown",)
    either = asked("leave or let_in")
    assert events(either) == ["ask_with_good_key", "let_in"]
    assert events(asked("not let_in")) == []


def test_an_event_in_the_premise_of_always_says_whenever_it_may_happen() -> None:
    found = asked("key is good", Shape.ALWAYS, when="ask_with_good_key or ask_with_bad_key")
    assert said(found) == (False, 2, 4) and events(found) == ["ask_with_bad_key"]
    assert said(asked("fits", Shape.ALWAYS, when="let_in")) == (True, 0, 4)


def test_the_part_of_the_premise_about_unknowns_narrows_the_environments() -> None:
    found = asked("visitor is inside", when="key is bad and weather is dry", settings=OPEN)
    assert said(found) == (True, 2, 4)
    assert found.environments_when == "key is bad and weather is dry" and found.state_when == ""
    assert exactly(found) == (True, ["porter_checks is lax"])


def test_the_other_part_says_where_it_is_meant() -> None:
    found = asked("visitor is inside", when="bell is ringing and key is good", settings=OPEN)
    assert (found.environments_when, found.state_when) == ("key is good", "bell is ringing")
    assert (*said(found), found.spoken) == (True, 4, 8, 4)
    mixed = asked("visitor is inside", when="bell is ringing or key is good", settings=OPEN)
    assert (mixed.environments_when, mixed.state_when) == ("", "bell is ringing or key is good")
    assert mixed.judgement.total == 16


@pytest.mark.parametrize("shape", [Shape.CAN, Shape.ALWAYS, Shape.NEVER])
def test_a_premise_that_is_never_reached_puts_nothing_to_the_test_which_is_no(shape: Shape) -> None:
    found = asked("visitor is inside", shape, when="bell is ringing")
    assert (found.is_yes, found.is_empty, found.spoken, found.exit) == (False, True, 0, Exit.UNEXPECTED)


def test_never_of_an_event_that_never_may_happen_is_yes_and_not_vacuous() -> None:
    found = asked("ring", Shape.NEVER)
    assert (said(found), found.is_empty) == ((True, 0, 4), False)


@pytest.mark.parametrize("shape", [Shape.CAN, Shape.ALWAYS, Shape.NEVER])
def test_a_cut_short_search_proves_nothing(shape: Shape) -> None:
    text = "visitor in {outside, waiting, inside}" if shape is Shape.ALWAYS else "bell is ringing"
    found = asked(text, shape, engine="reference", limit=Limit(seconds=0))
    assert (found.is_yes, found.exit, found.spoken, found.exactly) == (None, Exit.UNDETERMINED, None, None)


def test_what_a_cut_short_search_has_found_stands() -> None:
    found = asked("visitor is outside", engine="reference", limit=Limit(seconds=0))
    assert (found.is_yes, found.exit, found.report.complete) == (True, Exit.AS_EXPECTED, False)


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        (Question("visitr is inside"),
         "EXPRESSION 'visitr is inside': line 1, column 1: there is no actor 'visitr' (did you mean 'visitor'?)"),
        (Question("fits and visitor is insid"),
         "EXPRESSION 'fits and visitor is insid': line 1, column 21: visitor has no state 'insid' "
         "(did you mean 'inside'?); it has outside, waiting, inside"),
        (Question("fits", when="bell in {ringing,\n loud}"),
         "--when 'bell in {ringing,\\n loud}': line 2, column 2: bell has no state 'loud'; it has silent, ringing"),
        (Question("fits", Shape.LEADS_TO, goal="let_inn"),
         "--leads-to 'let_inn': line 1, column 1: 'let_inn' is no predicate or event (did you mean 'let_in'?); "
         "for an actor, 'is' or 'in' must follow"),
        (Question("fits and bell"),
         "EXPRESSION 'fits and bell': line 1, column 10: 'bell' is an actor: 'is' or 'in' must follow"),
        (Question(""),
         "EXPRESSION '': line 1, column 1: expected an actor, a predicate or event, 'not' or '(', but the text ends "
         "there"),
        (Question("fits", when="alarm is on"),
         "--when 'alarm is on': no environment is like that: alarm is off here; --set \"alarm=*\" opens it"),
        (Question("fits", when="key is good and key is bad"),
         "--when 'key is good and key is bad': no environment is like that"),
        (Question("fits", when="false"), "--when 'false': no environment is like that"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_the_place_and_the_nearest_name(
    question: Question, complaint: str
) -> None:
    with pytest.raises(ModelError, match=f"^{re.escape(complaint)}$"):
        ask(SCENARIOS["calm"], question, build=build)


def test_names_in_quotes_are_looked_up_as_they_are_meant() -> None:
    network = expand(build(SCENARIOS["calm"]))
    assert expression('bell is "ringing"', network) == expression("bell is ringing", network)
    with pytest.raises(ConditionError, match="bell has no state 'is'") as caught:
        expression('fits or bell is "is"', network)
    assert (caught.value.line, caught.value.column) == (1, 17)


def test_a_group_of_states_may_be_asked_for() -> None:
    found = ask(ORDER, Question("lease is live"), build=library)
    assert found.is_yes and found.run is not None and events(found) == ["lend"]


@dataclass(frozen=True)
class Said:
    """A random expression: its text, what it means, and whether it reads unknowns only."""

    text: str
    sign: str
    about: tuple[str, ...] = ()
    parts: tuple[Said, ...] = ()
    of_environment: bool = False

    def holds(self, network: Network, state: State) -> bool:
        """By the page of the semantics alone."""
        match self.sign:
            case "leaf":
                return state[network.position[self.about[0]]] in self.about[1:]
            case "event":
                return product.enabled(network, network.event[self.about[0]], state)
            case "not":
                return not self.parts[0].holds(network, state)
            case "and":
                return all(part.holds(network, state) for part in self.parts)
        return any(part.holds(network, state) for part in self.parts)


UNKNOWNS = ("key", "weather", "porter_checks", "alarm")
STATES = {
    "key": ("good", "bad"), "weather": ("dry", "wet"), "porter_checks": ("strict", "lax"), "alarm": ("off", "on"),
    "visitor": ("outside", "waiting", "inside"), "bell": ("silent", "ringing"),
    "request.shown": ("nothing", "good", "bad"),
}  # fmt: skip
EVENTS = ("ask_with_bad_key", "let_in", "turn_away", "leave", "ring")


def leaves(names: tuple[str, ...]) -> st.SearchStrategy[Said]:
    def leaf(name: str) -> st.SearchStrategy[Said]:
        some = st.lists(st.sampled_from(STATES[name]), min_size=1, max_size=2, unique=True)
        return some.map(
            lambda states: Said(
                f"{name} in {{{', '.join(states)}}}", "leaf", (name, *states), of_environment=name in UNKNOWNS
            )
        )

    return st.sampled_from(names).flatmap(leaf)


WORDS = leaves(tuple(STATES)) | st.sampled_from(EVENTS).map(lambda name: Said(name, "event", (name,)))
NEGATED = WORDS.map(lambda part: Said(f"not ({part.text})", "not", (), (part,), part.of_environment))


def joined(sign: str, parts: list[Said]) -> Said:
    text = f" {sign} ".join(f"({part.text})" if part.parts else part.text for part in parts)
    return Said(text, sign, (), tuple(parts), all(part.of_environment for part in parts))


EITHER = st.lists(WORDS | NEGATED, min_size=2, max_size=3).map(lambda parts: joined("or", parts))
BOTH = st.lists(WORDS | NEGATED | EITHER, min_size=2, max_size=3).map(lambda parts: joined("and", parts))
PREMISES = st.lists(WORDS | NEGATED | EITHER | leaves(UNKNOWNS), max_size=3)


@cache
def reached() -> tuple[Network, list[frozenset[State]]]:
    """The network with everything open, and of each of its environments all states that it reaches."""
    network = expand(configured(build, SCENARIOS["calm"], OPEN))
    places = [network.position[name] for name in UNKNOWNS]
    found: dict[tuple[str, ...], set[State]] = {}
    for first in product.initial_states(network):
        there = found.setdefault(tuple(first[place] for place in places), set())
        queue = deque([first])
        while queue:
            state = queue.popleft()
            if state not in there:
                there.add(state)
                queue.extend(after for _, after in product.successors(network, state))
    assert len(found) == len(list(combinations(*(STATES[name] for name in UNKNOWNS))))
    return network, [frozenset(states) for states in found.values()]


@given(WORDS | NEGATED | EITHER | BOTH, PREMISES, st.sampled_from([Shape.CAN, Shape.NEVER, Shape.ALWAYS]))
@settings(max_examples=60)
def test_answers_are_those_of_a_plain_search(said_of: Said, premises: list[Said], shape: Shape) -> None:
    network, environments = reached()
    fixed = [each for each in premises if each.of_environment]
    moving = [each for each in premises if not each.of_environment]
    meant = [
        states for states in environments if all(each.holds(network, next(iter(states))) for each in fixed)
    ]  # an environment is the same in all of its states
    where = [[s for s in states if all(each.holds(network, s) for each in moving)] for states in meant]
    wanted = shape is not Shape.ALWAYS
    met = sum(any(said_of.holds(network, s) is wanted for s in states) for states in where)
    spoken = sum(bool(states) for states in where)
    when = " and ".join(f"({each.text})" for each in premises)
    if not meant:
        with pytest.raises(ModelError, match="no environment is like that"):
            asked(said_of.text, shape, when=when, settings=OPEN)
        return
    found = asked(said_of.text, shape, when=when, settings=OPEN)
    assert (found.met, found.spoken, found.judgement.total) == (met, spoken, len(meant))
    assert found.is_empty is (spoken == 0)
    assert found.is_yes is (spoken > 0 and (met > 0) is (shape is Shape.CAN))
    assert (found.run is not None) is (met > 0)
    if found.run is not None:
        run = found.run.run
        state = tuple(run.states[found.run.judged][each.name] for each in network.actors)
        assert all(each.holds(network, state) for each in premises) and said_of.holds(network, state) is wanted
