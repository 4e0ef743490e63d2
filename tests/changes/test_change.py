"""Reading a change file: what it says, and for every error one line with the place and the nearest name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.changes.change import Change, changed_by, load
from ccmproof.harness.changes.claims import GIVES_UP, OBSERVER, PROPERTY
from ccmproof.harness.changes.forms import FORMS, ROW, Form, Key, Kind
from ccmproof.harness.changes.located import parsed
from ccmproof.model.kernel.actor import Effect, observer, recv
from ccmproof.model.kernel.errors import ModelError
from ccmproof.properties.property import Promise, Property, Verdict
from designs import cases

TITLE = 'title = "T"\n'


def read(text: str, *, title: bool = True) -> Change:
    return changed_by(parsed((TITLE if title else "") + text, "c.toml"), "c")


def test_all_that_a_file_may_say(tmp_path: Path) -> None:
    path = tmp_path / "token-at-half-life.toml"
    path.write_text(
        """title = " Renew at half its life "
rationale = '''
Because.
'''
cites = "A1 B2"
scenarios = "hourly document"
strikes = ["e"]
[settings]
approval = { before = "trusted", after = ["all", "none"] }
open = "a b"
later.after = "x"
[durations]
token = ["8 h", "1 d"]
wait = "1 h 30 min"
[[remove.event]]
name = "f"
[[alter.transition]]
actor = "a*"
event = "e"
row = 1
sent = false
leaves = "s t"
effects = ["set x to a or b when p", "clear y"]
[[remove.event]]
name = "g"
[[observer]]
name = "o"
states = "no yes"
rows = [{ event = "e", to = "yes" }, { event = "f", from = "yes", to = "no", when = "p" }]
[[property]]
id = "N-1"
claim = "It is so"
on = "e f"
when = "o is yes"
observers = "o"
expected = "fails"
""",
        encoding="utf-8",
    )
    change = load(path)
    assert (change.name, change.title, change.rationale, change.cites) == (
        "token-at-half-life", "Renew at half its life", "Because.\n", "A1 B2",
    )  # fmt: skip
    assert (change.scenarios, change.strikes) == (("hourly", "document"), ("e",))
    assert [(each.name, each.before, each.after) for each in change.settings] == [
        ("approval", "trusted", "all,none"), ("open", "a,b", "a,b"), ("later", "", "x"),
    ]  # fmt: skip
    assert change.durations == {"token": (480, 1440), "wait": (90, 90)}
    assert [(each.form.name, each.given) for each in change.entries] == [
        ("remove.event", {"name": "f"}),
        ("alter.transition", {
            "actor": "a*", "event": "e", "row": 1, "sent": False, "leaves": ("s", "t"),
            "effects": (Effect("x", ("a", "b"), when="p"), Effect("y")),
        }),
        ("remove.event", {"name": "g"}),
    ]  # fmt: skip
    watching = observer("o", states="no yes", rows=[recv("e", "*", "yes"), recv("f", "yes", "no", "p")])
    assert change.properties == (
        Property("N-1", "Of the change token-at-half-life", "It is so", "", on=("e", "f"), when="o is yes",
                 observers=(watching,), expected="fails"),
    )  # fmt: skip


def test_entries_stand_in_the_order_of_the_file_whatever_their_kind() -> None:
    text = "".join(
        f'[[remove.{noun}]]\nname = "n{i}"\n' for i, noun in enumerate(["event", "actor", "event", "predicate"])
    )
    assert [each.given["name"] for each in read(text).entries] == ["n0", "n1", "n2", "n3"]


def test_one_entry_alone_may_stand_as_a_table() -> None:
    assert [each.given for each in read('[remove.event]\nname = "e"\n').entries] == [{"name": "e"}]


def test_properties_of_every_kind() -> None:
    one, two, three, four = read(
        """[[property]]
id = "A"
claim = "a"
when = "x is y"
[[property]]
id = "B"
claim = "b"
possible = true
on = "e"
[[property]]
id = "C"
claim = "c"
promise = "never stuck"
then = "x is y"
unless = "z is w"
without = "e f"
decided_by = "u is v"
scenarios = "calm"
attempt = "x is z"
[[property]]
id = "D"
claim = "d"
possible = true
then = "x is y"
"""
    ).properties
    assert (one.then, one.possible, one.expected) == ("false", False, "holds")
    assert (two.then, two.possible, two.on) == ("true", True, ("e",))
    assert (three.promise, three.unless, three.without, three.decided_by, three.asked_in, three.attempt) == (
        Promise.UNSTUCK, "z is w", ("e", "f"), "u is v", ("calm",), "x is z",
    )  # fmt: skip
    assert four.then == "x is y"


def test_what_is_given_up() -> None:
    text = '[[gives_up]]\nproperty = "S-1"\nverdict = "{}"\nreason = "R"\n'
    for verdict in (Verdict.FAILS, Verdict.VACUOUS):
        (found,) = read(text.format(verdict.value)).gives_up
        assert (found.property, found.verdict, found.reason, found.way) == ("S-1", verdict, "R", ("gives_up", 0))


ERRORS = cases(Path(__file__).with_name("errors.txt"))
"""What a file says after its title, and the error from the line on."""


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_is_one_line_with_its_place(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        read(f"{text}\n")
    assert str(caught.value) == f"c.toml:{ERRORS[text]}"


@pytest.mark.parametrize("text", ["", "title = ''", "cites = 'A'", "title = 0"])
def test_a_change_needs_a_title(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        read(text, title=False)
    assert str(caught.value) == 'c.toml:1:1: a change needs a title: title = "…"'


WRONG: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("3", "['x']", "{ a = 'x' }"),
    Kind.NAME: ("3", "true"),
    Kind.NAMES: ("3", "[3]", "{ a = 'x' }"),
    Kind.CONDITION: ("3", "'x iz y'", "'('"),
    Kind.EFFECTS: ("3", "{ a = 'x' }", "'put x'", "['clear x', 3]"),
    Kind.FLAG: ("3", "'true'"),
    Kind.NUMBER: ("true", "'3'", "1.5"),
    Kind.TABLE: ("3", "'x'", "{ a = 3 }"),
    Kind.ROWS: ("3", "'x'", "[3]", "[{}]", "[{ event = 'e', odd = 1 }]"),
}
"""For each kind of value what is none."""
RIGHT: Mapping[Kind, str] = {
    Kind.TEXT: "'x'", Kind.NAME: "'x'", Kind.NAMES: "['x', 'y']", Kind.CONDITION: "'x is y'",
    Kind.EFFECTS: "'set x to y'", Kind.FLAG: "true", Kind.NUMBER: "0", Kind.TABLE: "{ a = 'x' }",
    Kind.ROWS: "[{ event = 'e' }]",
}  # fmt: skip
TABLES: Mapping[str, tuple[Key, ...]] = {
    **{form.name: form.keys for form in FORMS}, "observer": OBSERVER, "property": PROPERTY, "gives_up": GIVES_UP,
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_of_every_kind_of_entry_every_key_is_checked(name: str) -> None:
    """Each key with each value that is none of its kind is refused in its own line; without one that it needs, too."""
    keys = TABLES[name]

    def text(but: str = "", value: str = "", left_out: str = "") -> str:
        lines = [
            f"{key.name} = {value if key.name == but else RIGHT[key.kind]}"
            for key in keys
            if key.name == but or (key.required and key.name != left_out)
        ]
        return "\n".join([f"[[{name}]]", *lines])

    def error_of(text: str) -> str:
        with pytest.raises(ModelError) as caught:
            read(text)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    for key in keys:
        for value in WRONG[key.kind]:
            wrong = text(key.name, value)
            number = 2 + next(i for i, line in enumerate(wrong.split("\n")) if line.startswith(f"{key.name} ="))
            assert re.match(rf"c\.toml:{number}:\d+: ", error_of(wrong)), (key.name, value)
        if key.required:
            assert error_of(text(left_out=key.name)) == f"c.toml:2:1: {name} needs {key.name!r}: {key.doc}"
    near = f"{keys[0].name}s"
    assert error_of(f"{text()}\n{near} = 1").endswith(f"it has {', '.join(key.name for key in keys)}")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_kind_of_entry_with_every_key_is_read(form: Form) -> None:
    lines = [f"{key.name} = {RIGHT[key.kind]}" for key in form.keys]
    (entry,) = read("\n".join([f"[[{form.name}]]", *lines])).entries
    read_as: Mapping[Kind, Any] = {
        Kind.TEXT: "x", Kind.NAME: "x", Kind.NAMES: ("x", "y"), Kind.CONDITION: "x is y",
        Kind.EFFECTS: (Effect("x", ("y",)),), Kind.FLAG: True, Kind.NUMBER: 0, Kind.TABLE: {"a": "x"},
        Kind.ROWS: [{"event": "e"}],
    }  # fmt: skip
    assert entry.form is form
    assert entry.given == {key.name: read_as[key.kind] for key in form.keys}


def test_each_key_is_there_once_and_explained() -> None:
    for name, keys in {**TABLES, "a transition": ROW}.items():
        names = [key.name for key in keys]
        assert len(names) == len(set(names)), name
        assert all(key.doc and not key.doc.endswith(".") for key in keys), name


def test_conditions_are_found_with_the_way_to_them() -> None:
    (entry,) = read(
        '[[add.actor]]\nname = "a"\nhost = "h"\nstates = "s"\nrows = [{ event = "e", when = "p" },'
        ' { event = "f", when = "otherwise", effects = ["clear x", "clear y when q"] }]'
    ).entries
    way = ("add", "actor", 0, "rows")
    assert list(entry.conditions()) == [((*way, 0, "when"), "p"), ((*way, 1, "effects", 1), "q")]
