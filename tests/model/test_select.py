"""Which rows an edit is about: by name, by pattern, by what they read, write, copy or bear; and the nearest name."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from ccmproof.model.kernel.actor import (
    ANY,
    Otherwise,
    Row,
    actor,
    choose,
    clear,
    otherwise,
    put,
    record,
    recv,
    send,
    take,
    unknown,
)
from ccmproof.model.kernel.condition import actors_of, at, predicates_of
from ccmproof.model.kernel.definition import Model, Predicate
from ccmproof.model.kernel.edit import DropRow, SetDest, apply
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import Expansion
from ccmproof.model.kernel.select import Which, matching, selected, states_of
from ccmproof.model.workflow import build
from ccmproof.model.workflow.scenarios import SCENARIOS
from hypothesis import given, settings
from hypothesis import strategies as st

FIELDS = {"kind": "none ccm entra", "life": "none_yet fresh old"}
DESK = Model.of(
    "desk",
    unknown("key", "good bad", host="client"),
    record("note", FIELDS, host="client", seen_by="server"),
    record("held", {**FIELDS, "kind": "ccm none"}, host="client"),
    record("held.other", {"kind": "entra none"}, host="client"),
    actor("client", host="client", states="idle asking done", groups={"early": "idle asking"}, rows=[
        send("ask", "idle", "asking", "may_ask", put("note", kind="ccm")),
        send("ask_again", "early", "asking", at("key").is_("good"), take("note", "held")),
        send("ask_other", "done", "done", otherwise, take("note", "held.other", "kind")),
        send("ask_late", "done", "done", "", take("note", "held", "life")),
        recv("answer", "asking", "done", "note.kind is ccm", clear("note"), take("held", "note")),
    ]),
    actor("server", host="server", states="on", rows=[
        recv("ask", "*", "on"), recv("ask_again", "on", "on"), recv("ask_other", "on", "on"),
        send("answer", "on", "on", "note.kind is not none and note.life is fresh"),
        send("answer", "on", "on", "", choose("note.kind", ("entra", "none"))),
    ]),
    Predicate("may_ask", "fits"),
    Predicate("fits", "key is good or held.life is fresh"),
)  # fmt: skip


def found(which: Which | None = None, actor: str = "*", event: str = "*", source: str = "") -> list[str]:
    """The rows that are selected, as ``actor/event`` with a number where the actor has several for it."""
    rows = []
    for name, places in selected(DESK, actor, event, source, None, which).items():
        of = DESK.actor(name)
        for place in places:
            twice = sum(row.event == of.rows[place].event for row in of.rows) > 1
            number = sum(row.event == of.rows[place].event for row in of.rows[:place])
            rows.append(f"{name}/{of.rows[place].event}{f'#{number}' if twice else ''}")
    return rows


@pytest.mark.parametrize(
    ("which", "rows"),
    [
        (Which(host="ser*"), ["server/ask", "server/ask_again", "server/ask_other", "server/answer#0",
                              "server/answer#1"]),
        (Which(sends=False), ["client/answer", "server/ask", "server/ask_again", "server/ask_other"]),
        (Which(sends=True, host="server"), ["server/answer#0", "server/answer#1"]),
        (Which(reads="key"), ["client/ask", "client/ask_again"]),
        (Which(reads="fits"), ["client/ask"]),
        (Which(reads="note"), ["client/answer", "server/answer#0"]),
        (Which(reads="note.life"), ["server/answer#0"]),
        (Which(reads="*.life"), ["client/ask", "server/answer#0"]),
        (Which(writes="note.kind"), ["client/ask", "server/answer#1"]),
        (Which(writes="note"), ["client/ask", "client/ask_again", "client/ask_other", "client/ask_late",
                                "client/answer", "server/answer#1"]),
        (Which(copies="held"), ["client/ask_again", "client/ask_late"]),
        (Which(copies="held*"), ["client/ask_again", "client/ask_other", "client/ask_late"]),
        (Which(bears="ccm"), ["client/ask", "client/ask_again"]),
        (Which(bears="entra"), ["client/ask_other", "server/answer#1"]),
        (Which(bears="*", sends=False), ["client/answer"]),
        (Which(copies="note", sends=False, reads="note.kind"), ["client/answer"]),
    ],
)  # fmt: skip
def test_rows_are_chosen_by_what_they_do(which: Which, rows: list[str]) -> None:
    assert found(which) == rows


def test_rows_are_chosen_by_names_patterns_and_states() -> None:
    assert found(actor="client", event="ask") == ["client/ask"]
    assert found(actor="cl*", event="ask_*") == ["client/ask_again", "client/ask_other", "client/ask_late"]
    assert found(event="ask?again") == ["client/ask_again", "server/ask_again"]
    assert found(source="asking") == ["client/ask_again", "client/answer"]
    assert found(actor="server", source="on", event="ask") == ["server/ask"]


def test_the_number_counts_across_actors() -> None:
    assert selected(DESK, "*", "answer", index=0) == {"client": [4]}
    assert selected(DESK, "*", "answer", index=2) == {"server": [4]}


def test_a_selector_says_what_it_demands() -> None:
    every = Which("h", False, "r", "w", "c", "b")
    assert str(every) == "host h, received, reads r, writes w, copies c, bears b"
    assert str(Which(sends=True)) == "sent" and str(Which()) == ""
    assert str(DropRow("*", "ask*", source="idle", index=1, which=every)) == f"drop */ask* from idle ({every}) (row 1)"


def test_an_edit_of_a_group_splits_it_by_the_state_that_is_named() -> None:
    model = apply(DESK, SetDest("client", "ask_again", "done", source="idle"))
    rows = [(row.source, row.dest) for row in model.actor("client").rows if row.event == "ask_again"]
    assert rows == [(("idle",), "done"), (("asking",), "asking")]


@pytest.mark.parametrize(
    ("names", "how", "error"),
    [
        (("sever", "ask"), {}, "there is no actor 'sever' (did you mean 'server'?)"),
        (("x*", "ask"), {}, "no actor matches 'x*'"),
        (("client", "aks"), {}, "client has no row for 'aks' (did you mean 'ask'?)"),
        (("client", "x*"), {}, "no event matches 'x*' of client"),
        (("*", "ask"), {"source": "idel"}, "* has no row for ask from 'idel' (did you mean 'idle'?)"),
        (("*", "ask"), {"index": 2}, "* has 2 such rows for ask, and no row 2"),
        (("*", "ask"), {"index": -1}, "* has 2 such rows for ask, and no row -1"),
        (("*", "*"), {"which": Which(host="serve")}, "there is no host 'serve' (did you mean 'server'?)"),
        (("*", "*"), {"which": Which(reads="kye")}, "there is no actor or predicate 'kye' (did you mean 'key'?)"),
        (("*", "*"), {"which": Which(writes="not")}, "there is no field or record 'not' (did you mean 'note'?)"),
        (("*", "*"), {"which": Which(copies="hold")}, "there is no record 'hold' (did you mean 'held'?)"),
        (("*", "*"), {"which": Which(bears="entr")}, "there is no kind of token 'entr' (did you mean 'entra'?)"),
        (("server", "ask"), {"which": Which(reads="key")}, "no row of server for ask fits: reads key"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest_name(
    names: tuple[str, str], how: dict[str, object], error: str
) -> None:
    with pytest.raises(ModelError) as caught:
        selected(DESK, *names, **how)  # type: ignore[arg-type]
    assert str(caught.value) == error


def test_a_name_is_no_pattern_of_others() -> None:
    assert matching("a.b", ["a.b", "axb"], "actor") == ["a.b"]
    assert matching("a?b", ["a.b", "axb", "ab"], "actor") == ["a.b", "axb"]
    assert matching("[ab]c", ["ac", "bc", "cc"], "actor") == ["ac", "bc"]


SITE = build(next(iter(SCENARIOS.values())))
"""The shipped workflow: many actors, records of many fields, predicates that stand on others."""
LOOK = Expansion(SITE)
NAMES = st.sampled_from(sorted({of.name for of in SITE.actors} | {of.record for of in SITE.actors if of.record}))
PATTERNS = NAMES | NAMES.map(lambda name: f"{name[:3]}*") | st.sampled_from(["*", "*token*", "cmg*", "*.life"])


def wanted(of_name: str, row: Row, which: Which) -> bool:
    """What a selector means, said plainly, one demand after the other."""
    of = SITE.actor(of_name)

    def meant(name: str, pattern: str) -> bool:
        return fnmatchcase(name, pattern) or name.startswith(f"{pattern}.")

    if which.host and not fnmatchcase(of.host, which.host):
        return False
    if which.sends is not None and row.sends != which.sends:
        return False
    if which.reads:
        if isinstance(row.when, Otherwise):
            return False
        guard = LOOK.when(of, row)
        if not any(meant(name, which.reads) for name in {*actors_of(guard), *predicates_of(guard)}):
            return False
    return not which.writes or any(meant(each.target, which.writes) for each in row.effect)


@settings(max_examples=60, deadline=None)
@given(
    actor=PATTERNS,
    event=st.sampled_from(["*", "*token*", "*_refused", "ask*"]),
    which=st.builds(
        Which,
        host=st.sampled_from(["", "client", "cmg", "m*"]),
        sends=st.sampled_from([None, True, False]),
        reads=st.just("") | PATTERNS,
        writes=st.just("") | PATTERNS,
    ),
)
def test_of_the_workflow_the_rows_are_those_that_a_plain_walk_finds(actor: str, event: str, which: Which) -> None:
    plain = {
        of.name: places
        for of in SITE.actors
        if fnmatchcase(of.name, actor)
        and (places := [i for i, row in enumerate(of.rows)
                        if fnmatchcase(row.event, event) and wanted(of.name, row, which)])
    }  # fmt: skip
    try:
        assert selected(SITE, actor, event, which=which) == plain
    except ModelError:
        assert plain == {}


def test_states_that_a_row_leaves_from() -> None:
    of = DESK.actor("client")
    assert states_of(of, of.rows[1]) == ["idle", "asking"]
    assert states_of(of, Row("e", (ANY,), "idle")) == ["idle", "asking", "done"]
