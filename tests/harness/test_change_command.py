"""`ccmproof change`: what is made from the table of entries cannot differ from how files are read."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from ccmproof.harness import cli
from ccmproof.harness.changes.change import changed_by
from ccmproof.harness.changes.design import pair
from ccmproof.harness.changes.fit import fitted
from ccmproof.harness.changes.forms import FORMS, Kind
from ccmproof.harness.changes.located import parsed
from ccmproof.harness.changes.schema import TOP, schema, text
from ccmproof.harness.changes.shipped import folder, named, path_of, shipped
from ccmproof.harness.changes.template import tables, template
from ccmproof.harness.system import shipped as shipped_system
from ccmproof.model.kernel.errors import ModelError
from door_changes import LATCH, NOTHING, TRUSTING
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

RUNNER = CliRunner()
README = Path(__file__).parent.parent.parent / "model" / "changes" / "README.md"
BETWEEN = re.compile(r"(<!-- entries -->\n).*(<!-- /entries -->)", re.DOTALL)
VALIDATOR = Draft202012Validator(schema())


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``ccmproof change``."""
    result = RUNNER.invoke(cli.app, ["change", *arguments], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


def uncommented() -> Iterator[str]:
    """Each entry of the template, with the signs of its comments taken away."""
    for block in template().split("\n\n"):
        lines = block.splitlines()
        start = next((i for i, line in enumerate(lines) if line.startswith("# [")), None)
        if start is not None:
            yield "\n".join(line.removeprefix("# ") for line in lines[start:])


def test_the_template_changes_nothing_as_it_stands() -> None:
    change = changed_by(parsed(template(), "new.toml"), "new")
    assert (change.title, change.entries, change.settings) == ("What would be different", (), ())


def test_what_the_template_has_in_comments_can_be_read_each_entry_once() -> None:
    names = []
    for block in uncommented():
        text_of = block.replace("…", "x")
        if block.startswith("[[property"):  # it names a machine of the file
            text_of += '\n[[observer]]\nname = "x"\nstates = ["x"]\nrows = []\n'
        document = parsed(f'title = "x"\n{text_of}', "entry.toml")
        change = changed_by(document, "entry")
        names += [each.form.name for each in change.entries]
        for entry in change.entries:
            assert set(entry.given) == {key.name for key in entry.form.keys}, entry.form.name
        VALIDATOR.validate(document.data)
    assert names == [form.name for form in FORMS]


def test_the_schema_is_one_and_the_stored_one_is_it() -> None:
    Draft202012Validator.check_schema(schema())
    stored = resources.files("ccmproof.harness") / "schema" / "change-1.json"
    assert stored.read_text(encoding="utf-8") == text()
    assert run("schema") == (0, text(), "")


@pytest.mark.parametrize("name", TOP)
def test_the_reader_knows_every_key_of_the_schema(name: str) -> None:
    empty = {"title": "", "rationale": "", "cites": "", "settings": {}, "durations": {}}.get(name, [])
    written = {dict: "{}", list: "[]", str: '"x"'}[type(empty)]
    data = f"{name} = {written}\n" + ("" if name == "title" else 'title = "x"\n')
    assert changed_by(parsed(data, "x.toml"), "x").entries == ()


@pytest.mark.parametrize("source", [TRUSTING, LATCH, NOTHING, *(p.read_text("utf-8") for p in shipped().values())])
def test_a_file_that_can_be_read_is_what_the_schema_says(source: str) -> None:
    changed_by(parsed(source, "x.toml"), "x")
    VALIDATOR.validate(tomllib.loads(source))


@pytest.mark.parametrize(
    "source",
    [
        'titel = "x"',
        'rationale = "x"',
        'title = "x"\n[[alter.transiton]]\nactor = "x"',
        'title = "x"\n[[alter.predicate]]\nis = "x"',
        'title = "x"\n[[alter.transition]]\nacter = "x"',
        'title = "x"\n[[remove.transition]]\nrow = "first"',
        'title = "x"\n[durations]\nx = "soon"',
        'title = "x"\n[durations]\nx = ["1 h", "2 h", "3 h"]',
        'title = "x"\n[settings]\nx = { befor = "y" }',
        'title = "x"\n[[gives_up]]\nproperty = "x"\nverdict = "holds"\nreason = "x"',
    ],
)
def test_what_the_reader_refuses_the_schema_refuses_too(source: str) -> None:
    with pytest.raises(ModelError):
        changed_by(parsed(source, "x.toml"), "x")
    assert not VALIDATOR.is_valid(tomllib.loads(source))


def test_the_schema_says_of_every_key_what_it_means() -> None:
    verbs = schema()["properties"]
    for form in FORMS:
        table = verbs[form.verb]["properties"][form.noun]["oneOf"][0]
        assert list(table["properties"]) == [key.name for key in form.keys]
        assert table["required"] == [key.name for key in form.keys if key.required]
        for key in form.keys:
            said = table["properties"][key.name]
            assert said["description"].casefold() == f"{key.doc}.".casefold()
            assert (said.get("type") == "boolean") is (key.kind is Kind.FLAG)


def test_the_documentation_has_the_tables_of_the_entries() -> None:
    page = README.read_text(encoding="utf-8")
    assert page == renewed(page), "run this file as a script to renew it"


def renewed(page: str) -> str:
    """The page with the tables that are made now."""
    return BETWEEN.sub(lambda found: f"{found[1]}{tables()}{found[2]}", page)


def examples() -> list[str]:
    """The examples of the page, each as a whole file."""
    found = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [each if each.startswith("title") else f'title = "x"\n{each}' for each in found]


@pytest.mark.parametrize("number", range(3))
def test_the_examples_of_the_documentation_can_be_applied(number: int) -> None:
    source = examples()[number]
    system = shipped_system()
    change = changed_by(parsed(source, "example.toml"), "example")
    _, after = pair(system.build, [change])
    model = after.model(system.default)
    assert [each.why for each in fitted(change.properties, model)] == [""] * len(change.properties)
    assert [each.property for each in change.gives_up if each.property not in {p.id for p in system.suite}] == []
    VALIDATOR.validate(tomllib.loads(source))


def test_there_are_no_other_examples() -> None:
    assert len(examples()) == 3


def test_new_writes_a_file_and_never_over_one(tmp_path: Path) -> None:
    target = tmp_path / "mine.toml"
    assert run("new", "-o", str(target)) == (0, "", "")
    assert target.read_text(encoding="utf-8") == template()
    assert run("new", "-o", str(target)) == (2, "", f"ccmproof: {target} is there already; it is not written over\n")
    assert run("new") == (0, template(), "")


def test_new_from_a_shipped_change_is_a_copy_and_show_shows_it(tmp_path: Path) -> None:
    name = next(iter(shipped()))
    target = tmp_path / "mine.toml"
    assert run("new", "--from", name, "-o", str(target)) == (0, "", "")
    assert target.read_bytes() == shipped()[name].read_bytes().replace(b"\r\n", b"\n")
    assert run("show", name) == (0, target.read_text(encoding="utf-8"), "")


def test_list_names_every_shipped_change() -> None:
    code, out, err = run("list", "--json")
    assert (code, err) == (0, "")
    listed = json.loads(out)
    assert [each["name"] for each in listed["items"]] == list(shipped())
    assert [each["title"] for each in listed["items"]] == [named(name).title for name in shipped()]
    assert run("list")[1].startswith(f"changes  {len(shipped())}\n")


def test_a_shipped_change_is_said_to_lie_where_it_does_in_the_repository() -> None:
    name = next(iter(shipped()))
    assert named(name).document.file == f"model/changes/{name}.toml"
    assert path_of(name).parent == folder()


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ("c12-plain-cash", "there is no change 'c12-plain-cash' (did you mean 'c12-plain-cache'?)"),
        ("mine.tml", "there is no file 'mine.tml' (did you mean 'mine.toml'?)"),
        ("zzzzzz", "there is no change 'zzzzzz'"),
        ("nowhere/mine.toml", "there is no file 'nowhere/mine.toml'"),
    ],
)
def test_a_name_that_is_none_is_told_with_the_nearest(
    asked: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text('title = "x"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    hint = "`ccmproof change list` names those that are shipped"
    assert run("show", asked) == (2, "", f"ccmproof: {complaint}; {hint}\n")


def test_show_and_new_refuse_a_file_that_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text('title = "x"\nrationle = "y"\n', encoding="utf-8")
    wrong = f"ccmproof: {path}:2:1: a change has no 'rationle' (did you mean 'rationale'?)\n"
    assert run("show", str(path)) == run("new", "--from", str(path)) == (2, "", wrong)


def test_clear_cache_removes_what_is_kept_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ccmproof.harness.changes import cache

    monkeypatch.setattr(cache, "usual_folder", lambda: tmp_path)
    (tmp_path / "0123.json.gz").write_bytes(b"")
    (tmp_path / "other.txt").write_bytes(b"")
    assert run("clear-cache") == (0, f"1 file removed from {tmp_path}\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["other.txt"]


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
