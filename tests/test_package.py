"""The built wheel: what it claims, and that it works where nothing of the source tree is near."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
ENVIRONMENT = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUTF8": "1"}


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command outside of the source tree; its output is shown where it fails."""
    found = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={name: value for name, value in ENVIRONMENT.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode == 0, f"{command}\n{found.stdout}\n{found.stderr}"
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that the source tree stays clean."""
    import shutil

    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    leave_out = shutil.ignore_patterns(
        ".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, copy, ignore=leave_out)
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, copy, cwd=folder)
    return next(folder.glob("ccmproof-*.whl"))


@pytest.mark.long
def test_the_wheel_claims_no_top_level_name_but_its_own(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = sorted({name.split("/")[0] for name in names})
    assert [top for top in tops if not top.endswith(".dist-info")] == ["ccmproof"]
    assert "ccmproof/harness/schema/report-1.json" in names
    assert not any("gallery/" in name for name in names)
    assert [
        part for part in ("model", "properties", "harness", "diagrams") if f"ccmproof/{part}/py.typed" not in names
    ] == []


@pytest.mark.long
def test_every_module_of_the_source_tree_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name.removeprefix("ccmproof/") for name in archive.namelist()}
    parts = ("model", "properties", "harness", "diagrams")
    there = [path.relative_to(ROOT).as_posix() for part in parts for path in sorted((ROOT / part).rglob("*.py"))]
    for ending in ("json", "toml"):
        there += [path.relative_to(ROOT).as_posix() for p in parts for path in sorted((ROOT / p).rglob(f"*.{ending}"))]
    assert there and [name for name in there if name not in packed] == []


@pytest.mark.long
def test_the_wheel_works_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / SCRIPTS
    run(scripts / "python", "-m", "pip", "install", "-q", wheel, cwd=tmp_path)
    assert run(scripts / "ccmproof", "--version", cwd=tmp_path).stdout.startswith("ccmproof ")
    checked = run(scripts / "ccmproof", "check", "--scenario", "document", "S-06", cwd=tmp_path)
    assert "exit 0: everything is as expected\n" in checked.stdout
