"""`--since`: which parts a change of the model's files touches."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ccmproof.harness.mutation.since import File, about, touched
from ccmproof.harness.mutation.work import Plan, desk
from ccmproof.harness.system import shipped
from ccmproof.model import workflow as package
from ccmproof.model.kernel.errors import ModelError

PARTS = ("door", "held.kind", "fits", "elsewhere", "porter")


def git(root: Path, *arguments: str) -> None:
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *author, *arguments], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with two files of a workflow, a kernel and a suite."""
    files = {
        "model/workflow/door.py": 'DOOR = actor("door", rows=[])\nP = Predicate("fits", "true")\n',
        "model/workflow/tokens.py": 'HELD = record("held", {})\nQ = actor("porter")\n',
        "model/workflow/scenarios.py": "",
        "model/workflow/order.json": "[]",
        "model/kernel/product.py": "",
        "properties/suite.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    return tmp_path


def change(root: Path, name: str) -> None:
    with (root / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")


def test_nothing_changed_touches_nothing(checkout: Path) -> None:
    assert touched("HEAD", PARTS, checkout) == frozenset()


def test_a_file_of_the_workflow_touches_what_it_says_and_what_no_file_says(checkout: Path) -> None:
    change(checkout, "model/workflow/door.py")
    assert touched("HEAD", PARTS, checkout) == {"door", "fits", "elsewhere"}
    git(checkout, "commit", "-qam", "two")
    assert touched("HEAD", PARTS, checkout) == frozenset()
    change(checkout, "model/workflow/tokens.py")
    assert touched("HEAD~1", PARTS, checkout) == set(PARTS)
    assert touched("HEAD", PARTS, checkout) == {"held.kind", "porter", "elsewhere"}


@pytest.mark.parametrize(
    "name", ["model/workflow/scenarios.py", "model/kernel/product.py", "properties/suite.py", "properties/new.py"]
)
def test_any_other_file_touches_everything(name: str, checkout: Path) -> None:
    change(checkout, name)
    assert touched("HEAD", PARTS, checkout) is None


def test_an_order_touches_nothing(checkout: Path) -> None:
    change(checkout, "model/workflow/order.json")
    assert touched("HEAD", PARTS, checkout) == frozenset()


@pytest.mark.parametrize("revision", ["no-such-revision", "--output=x"])
def test_a_revision_that_is_none_is_said(revision: str, checkout: Path) -> None:
    with pytest.raises(ModelError, match="--since"):
        touched(revision, PARTS, checkout)


@pytest.mark.parametrize("text", ["x = (", "\0"])
def test_a_file_that_is_no_python_is_said(text: str, checkout: Path) -> None:
    (checkout / "model/workflow/door.py").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"--since: cannot read .*door\.py"):
        touched("HEAD", PARTS, checkout)


def test_a_part_that_no_file_says_by_its_name_is_what_all_are_about_that_mention_it(checkout: Path) -> None:
    (checkout / "model/workflow/made.py").write_text(
        'made = [Predicate(f"{a}_where", "", f"{a}") for a in b]\n', "utf-8"
    )
    git(checkout, "add", "-A")
    git(checkout, "commit", "-q", "-m", "two")
    parts = (*PARTS, "else_where", "else_where.kind", "no_such")
    change(checkout, "model/workflow/door.py")
    assert touched("HEAD", parts, checkout) == {"door", "fits", "elsewhere", "no_such"}
    change(checkout, "model/workflow/made.py")
    assert touched("HEAD", parts, checkout) == {"door", "fits", "elsewhere", "no_such", "else_where", "else_where.kind"}


def test_a_file_that_edits_what_another_says_is_about_it_too(checkout: Path) -> None:
    (checkout / "model/workflow/more.py").write_text('MORE = (SetGuard("door", "opens", "key is there"),)\n', "utf-8")
    assert touched("HEAD", PARTS, checkout) == {"door", "elsewhere"}


def test_every_part_that_is_edited_has_a_file() -> None:
    of = shipped()
    plan = Plan(shipped, tuple(each.name for each in of.scenarios.values() if not each.on_demand))
    files = [File.of(path) for path in sorted(Path(str(package.__file__)).parent.glob("*.py"))]
    found = {
        mutant.part: {each.name if each else None for each in about(mutant.part, files)}
        for mutant, _ in desk(plan).table.values()
    }
    assert not [part for part, names in found.items() if None in names]
    assert found["cmg"] == {"gateway.py", "second_client.py"}
    assert found["block"] == {"site_database.py", "taken_away.py"}
    assert "tokens.py" in found["cmg_audience_good"]
    assert "connection_point.py" in found["second_connection_point.service"]
    assert "in_flight.py" in found["flight.one.life"]
    assert "entra.py" in found["entra_issues_device_token"]


def test_a_file_that_adds_rows_to_the_actors_of_others_touches_everything(checkout: Path) -> None:
    (checkout / "model/workflow/later.py").write_text("", encoding="utf-8")
    git(checkout, "add", "-A")
    git(checkout, "commit", "-q", "-m", "two")
    change(checkout, "model/workflow/later.py")
    assert touched("HEAD", PARTS, checkout) is None
