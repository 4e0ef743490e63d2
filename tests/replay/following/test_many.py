"""Folders of bundles: which there are, that each has a name of its own, and what is said of what is left aside."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ccmproof.harness.render.replay import Shown, text
from ccmproof.harness.replay.many import bundles_in


def test_bundles_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """A row is found again by its device's name: of two of one name one was lost."""
    for folder in ("monday", "tuesday"):
        (tmp_path / folder / "PC0001").mkdir(parents=True)
        (tmp_path / folder / "PC0001" / "ccmsetup.log").write_text("x\n", encoding="utf-8")
        (tmp_path / folder / "PC0002").mkdir()
        (tmp_path / folder / "PC0002" / "ccmsetup.log").write_text("x\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "monday" / "PC0001.zip", "w") as archive:
        archive.writestr("ccmsetup.log", "x\n")
    monday, tuesday = str(tmp_path / "monday"), str(tmp_path / "tuesday")
    one = sorted(each.name for each in bundles_in([monday]))
    assert one == ["PC0002", "monday/PC0001", "monday/PC0001.zip"]
    both = [each.name for each in bundles_in([monday, tuesday, monday])]
    assert sorted(both) == ["monday/PC0001", "monday/PC0001.zip", "monday/PC0002", "tuesday/PC0001", "tuesday/PC0002"]


def test_where_the_folders_have_one_name_too_the_whole_path_tells(tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        for device in ("PC0001", "PC0002"):
            (tmp_path / year / "logs" / device).mkdir(parents=True)
            (tmp_path / year / "logs" / device / "ccmsetup.log").write_text("x\n", encoding="utf-8")
    names = [each.name for each in bundles_in([str(tmp_path / "2023" / "logs"), str(tmp_path / "2024" / "logs")])]
    assert len(set(names)) == len(names) == 4
    assert str(tmp_path / "2023" / "logs" / "PC0001") in names


def test_of_many_notes_it_is_said_how_many_there_are() -> None:
    told = text(Shown([], [f"{n}.png: skipped: it is no log of a client or a site" for n in range(12)]))
    assert "9.png" in told
    assert "10.png" not in told
    assert "There are 2 more." in told
