"""A lab's story, and `ccmproof lab run`: it conforms, comes to what it is about, and leaves what it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.cli import app, system
from ccmproof.harness.counterexample import told as in_words
from ccmproof.harness.lab.chosen import told_in
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.management_point import ManagementPoint
from ccmproof.harness.lab.story import Story, story
from ccmproof.harness.lab.sts import TokenService
from ccmproof.harness.render.lab import StoryShown, text
from ccmproof.harness.render.lab_deviation import deviated
from ccmproof.harness.render.validation import drawn
from ccmproof.harness.report import Counterexample
from ccmproof.harness.system import shipped
from typer.testing import CliRunner, Result

TOKEN = re.compile(rb"eyJ[\w-]+\.[\w-]+\.")


def lived(folder: Path, parts: dict[str, type[Any]] | None = None, **changes: str) -> Story:
    return story(folder, equipment().environment(changes), parts)


def told(story: Story) -> dict[str, bool]:
    return {each.title: each.good for each in story.chapters}


def command(*words: str) -> Result:
    return CliRunner().invoke(app, ["lab", *words], obj=system)


def test_on_a_healthy_site_all_of_it_comes_about(tmp_path: Path) -> None:
    found = lived(tmp_path)
    assert found.complete
    assert list(told(found)) == [
        "ccmsetup installs the client",
        "the client registers",
        "it sends a message",
        "it sends a message of its user's",
        "eight hours later it renews its token, and sends a message",
    ]
    events = [step.event for step in found.run.steps]
    assert events.count("sts_issues_token") == 4  # the install's, the new one, the user's, the renewed one
    assert found.run.states[-1]["registration.approval"] == "3"


@pytest.mark.parametrize(
    ("changes", "approval"),
    [
        ({"mp_mode": "ehttp"}, "3"),
        ({"device_app": "not_enabled"}, "3"),
        ({"pki": "valid"}, "2"),
        ({"properties_given": "yes", "content_in_cloud": "no", "cp_count": "2"}, "3"),
        ({"wpj": "unusable", "pki": "valid", "install_prefers": "token"}, "2"),
    ],
)
def test_other_sites_and_devices_come_to_it_their_way(tmp_path: Path, changes: dict[str, str], approval: str) -> None:
    found = lived(tmp_path, **changes)
    assert found.complete
    assert found.run.states[-1]["registration.approval"] == approval


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({"cmg_certificate": "pki", "root": "missing"}, "ccmsetup installs the client"),
        ({"crl": "unreachable"}, "ccmsetup installs the client"),
        ({"wpj": "absent"}, "ccmsetup installs the client"),
        ({"tenant": "not_onboarded"}, "ccmsetup installs the client"),
        ({"state_persists": "no"}, "the client registers"),
        ({"crl": "unreachable", "nocrlcheck": "yes"}, "the client registers"),
    ],
)
def test_what_cannot_be_conforms_and_comes_to_nothing(tmp_path: Path, changes: dict[str, str], fails: str) -> None:
    found = lived(tmp_path, **changes)
    assert found.deviation is None
    assert [title for title, good in told(found).items() if not good] == [fails]


class Generous(ManagementPoint):
    """A management point whose CCM tokens live for a day (T1)."""

    def make_sts(self) -> TokenService:
        service = super().make_sts()
        service.lifetime = lambda: timedelta(days=1)  # type: ignore[method-assign]
        return service


def test_a_component_that_does_what_the_model_does_not_allow_is_told_where(tmp_path: Path) -> None:
    found = lived(tmp_path, {"management_point": Generous})
    assert not found.complete
    assert found.deviation is not None
    assert found.deviation.seen.what == "mp.corp.example answers cp.corp.example: 200"
    assert any("reply.life" in str(each) for each in found.deviation.alternatives)
    assert found.chapters == ()


def shown(found: Story) -> StoryShown:
    network, run = told_in(shipped(), found.run)
    return StoryShown(found, Counterexample(run, in_words(network, run), len(run), {}), {})


def test_a_deviation_is_told_as_every_other_command_tells_it(tmp_path: Path) -> None:
    found = lived(tmp_path, {"management_point": Generous})
    assert found.deviation is not None
    page = text(shown(found))
    told = drawn(deviated(found.deviation, numbered=False))
    assert f"Here it leaves the model\n{told}\n" in page
    assert told.startswith(" mp.corp.example answers cp.corp.example: 200; the model does not allow it:\n")
    assert "reply.life is left_8, and left_24 was seen" in " ".join(told.split())
    numbered = drawn(deviated(found.deviation, ("X-1",)))
    assert numbered.startswith(f" step {found.deviation.number}: mp.corp.example answers")
    assert numbered.endswith(" breaks X-1\n")


@pytest.mark.parametrize("width", [40, 60, 80])
def test_chapters_are_told_whole_at_any_width(tmp_path: Path, width: int) -> None:
    found = lived(tmp_path)
    page = text(shown(found), width=width)
    chapters = " ".join(page.partition("What happened")[0].split())
    steps = re.compile(r"✓ steps (\d+) to (\d+) ")
    assert steps.sub("", chapters) == f"A lab all is as usual {' '.join(each.title for each in found.chapters)}"
    assert [int(last) for _, last in steps.findall(chapters)] == [each.steps for each in found.chapters]
    assert max(map(len, page.splitlines())) <= width


def test_no_secret_is_in_what_a_lab_leaves(tmp_path: Path) -> None:
    lived(tmp_path)
    logs = sorted((tmp_path / "logs").glob("*/*.log"))
    assert len(logs) == 9
    records = sorted((tmp_path / "logs").glob("*/*.json"))
    assert [each.name for each in records] == ["StorageRead.json", "NonInteractiveUserSignInLogs.json"]
    for path in [*logs, *records, *(tmp_path / "devices").rglob("*.token")]:
        assert not TOKEN.search(path.read_bytes()), path
        assert b"PRIVATE KEY" not in path.read_bytes()


def recorded(folder: Path, category: str) -> list[dict[str, Any]]:
    files = (folder / "logs").glob(f"*/{category}.json")
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def test_entra_and_the_store_record_what_they_were_asked(tmp_path: Path) -> None:
    lived(tmp_path, device_app="not_enabled")
    signed_in, read = recorded(tmp_path, "NonInteractiveUserSignInLogs"), recorded(tmp_path, "StorageRead")
    assert signed_in and {each["resultType"] for each in signed_in} == {"0"}
    assert {each["properties"]["userPrincipalName"] for each in signed_in} == {"user@example.com"}
    assert all(each["properties"]["deviceDetail"]["deviceId"] for each in signed_in)
    assert [(each["statusCode"], each["statusText"]) for each in read] == [(200, "Success")]
    assert read[0]["uri"].endswith("/content/LAB00001?token=XXXXX")


def test_a_refusal_of_entras_is_recorded_with_its_code(tmp_path: Path) -> None:
    lived(tmp_path, device_app="not_enabled", conditional_access="blocks")
    signed_in = recorded(tmp_path, "NonInteractiveUserSignInLogs")
    assert {(each["resultType"], each["properties"]["status"]["errorCode"]) for each in signed_in} == {("53003", 53003)}
    assert not any(each["properties"]["deviceDetail"]["deviceId"] for each in signed_in)


def test_what_a_lab_writes_replays_as_conforming(tmp_path: Path) -> None:
    lived(tmp_path)
    answer = CliRunner().invoke(app, ["replay", str(tmp_path / "logs"), "--json", "-q"], obj=system)
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["devices"][0]["verdict"] == "conforms"


def test_the_clients_own_logs_tell_how_far_it_has_come(tmp_path: Path) -> None:
    """Though it is too much to find out exactly where it may have been, in eight hours and for two accounts."""
    lived(tmp_path)
    answer = CliRunner().invoke(app, ["replay", str(tmp_path / "logs" / "PC0001"), "--json", "-q"], obj=system)
    device = json.loads(answer.stdout)["devices"][0]
    assert {each["how"] for each in device["stages"]} == {"seen", "inferred"}
    state = {
        name: device["actors"][name] for name in ("ccmsetup", "registration", "registration.approval", "new_token")
    }
    assert state == {
        "ccmsetup": ["installed"],
        "registration": ["registered"],
        "registration.approval": ["3"],
        "new_token": ["got"],
    }


def test_the_command_tells_the_story_and_leaves_its_run(tmp_path: Path) -> None:
    where = tmp_path / "lab"
    answer = command("run", "--dir", str(where), "-q")
    assert answer.exit_code == 0
    assert "✓ conforms: each of its" in answer.stdout
    assert (where / "lab.run.json").exists()
    again = command("run", "--dir", str(where), "-q")
    assert again.stdout == answer.stdout
    page = CliRunner().invoke(
        app, ["explore", "--run", str(where / "lab.run.json"), "-o", str(tmp_path / "page.html")], obj=system
    )
    assert page.exit_code == 0


def test_what_the_scenario_brings_and_the_run_has_not_is_said(tmp_path: Path) -> None:
    answer = command("run", "--dir", str(tmp_path), "--scenario", "faults", "-q")
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[1] == " not in it, though the scenario faults brings it: faults"
    found = json.loads(command("run", "--dir", str(tmp_path), "--scenario", "faults", "-q", "--json").stdout)
    assert (found["scenario"], found["unused"]) == ("faults", ["faults"])
    found = json.loads(command("run", "--dir", str(tmp_path), "--scenario", "document", "-q", "--json").stdout)
    assert (found["scenario"], found["unused"]) == ("document", [])


def test_the_command_says_what_has_failed_by_its_exit_code(tmp_path: Path) -> None:
    answer = command("run", "--dir", str(tmp_path), "--set", "wpj=absent", "-q", "--json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert (found["version"], found["conforms"], found["complete"]) == (1, True, False)
    assert found["run"]["environment"]["wpj"] == "absent"


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    answer = command("run", "--dir", str(tmp_path))
    assert answer.exit_code == 2
    assert "there is something in it that no lab has left" in answer.stderr
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_in_which_a_lab_is_running_is_left_alone(tmp_path: Path) -> None:
    from ccmproof.harness.cli.lab import prepared

    with prepared(tmp_path):
        (tmp_path / "logs" / "PC0001").mkdir(parents=True)
        answer = command("run", "--dir", str(tmp_path), "-q")
        assert (answer.exit_code, answer.stdout) == (2, "")
        assert answer.stderr == f"ccmproof: --dir {tmp_path}: another lab is running in it; name another folder\n"
        assert (tmp_path / "logs" / "PC0001").is_dir()
    assert command("run", "--dir", str(tmp_path), "-q").exit_code == 0


def test_what_a_process_that_has_died_leaves_keeps_nobody_out(tmp_path: Path) -> None:
    """A lock that the system holds ends with its process, whatever lies in the folder."""
    dies = "import os, pathlib; from ccmproof.harness.cli.lab import prepared\n"
    dies += f"with prepared(pathlib.Path({str(tmp_path)!r})): os._exit(7)"
    assert subprocess.run([sys.executable, "-P", "-c", dies], check=False).returncode == 7
    assert {each.name for each in tmp_path.iterdir()} == {".ccmproof-lab", ".ccmproof-lab.lock"}
    assert command("run", "--dir", str(tmp_path), "-q").exit_code == 0


def test_the_lock_goes_where_the_story_fails(tmp_path: Path) -> None:
    (tmp_path / ".ccmproof-lab").write_text("", encoding="utf-8")
    (tmp_path / "logs").write_text("no folder", encoding="utf-8")
    assert command("run", "--dir", str(tmp_path), "-q").exit_code == 2
    (tmp_path / "logs").unlink()
    assert command("run", "--dir", str(tmp_path), "-q").exit_code == 0


def test_what_is_missing_is_told_with_the_way_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that the extra brings is looked for: the names here are those of pyproject.toml."""
    import importlib.util
    import tomllib

    from ccmproof.harness.cli.lab import NEEDS

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {re.split("[>=<]", each)[0] for each in project["optional-dependencies"]["lab"]} == set(NEEDS.values())
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in ("hypothesis", "jwt") else found(name)
    )
    answer = command("bugs", "-q")
    assert answer.exit_code == 2
    assert answer.stderr == "ccmproof: the lab needs PyJWT, hypothesis: pip install 'ccmproof[lab]'\n"


def test_the_story_is_drawn(tmp_path: Path) -> None:
    drawing = tmp_path / "story.mmd"
    answer = command("run", "--dir", str(tmp_path / "lab"), "--diagram", str(drawing), "--set", "wpj=absent", "-q")
    assert answer.exit_code == 1
    assert "wpj absent" in drawing.read_text(encoding="utf-8")
