"""Where lines come from: files, folders, globs, archives, standard input; and what is refused, in one line."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import random
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.reading import Limits, bundles, read, timeline
from ccmproof.harness.replay.reading.bundles import by_device
from ccmproof.harness.replay.reading.naming import named
from ccmproof.model.kernel.errors import ModelError
from hypothesis import given, settings
from hypothesis import strategies as st
from replay.printing import INSTALL, Said, as_files, client, duplicated, rotated, run_of, server, viewed

SAID = run_of(INSTALL)
LOG = "".join(client(each) + "\n" for each in SAID)


def all_of(*sources: object, **options: object) -> list[Line]:
    return list(read(sources, **options).lines)  # type: ignore[arg-type]


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def zipped(path: Path, members: dict[str, str | bytes], **links: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        for name, target in links.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    return path


def test_a_folder_is_read_to_its_depths_and_what_is_no_log_is_said(tmp_path: Path) -> None:
    (tmp_path / "CCM" / "Logs").mkdir(parents=True)
    (tmp_path / "CCM" / "Logs" / "ccmsetup.log").write_text(LOG)
    (tmp_path / "notes.txt").write_text("CcmMessaging.log\nAppending CCM Token to the header.\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "trace.log").write_bytes(bytes(range(256)) * 20)
    with read([tmp_path]) as reading:
        lines = list(reading.lines)
    assert [each.text for each in SAID] == texts([line for line in lines if line.log == "ccmsetup"])
    assert "Appending CCM Token to the header." in texts(lines)
    said = {Path(note.source).name: note.what for note in reading.notes}
    assert said == {"picture.png": "skipped: it is no log of a client or a site", "trace.log": "skipped: it is no text"}
    assert reading.counts[str(tmp_path / "CCM" / "Logs" / "ccmsetup.log")] == len(SAID)


@pytest.mark.parametrize(("name", "pack"), [("ccmsetup.log.gz", gzip.compress), ("CcmMessaging.log", bz2.compress)])
def test_what_is_packed_otherwise_is_to_be_unpacked_first(
    name: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / "ClientLocation.log").write_text(LOG)
    (tmp_path / name).write_bytes(pack(LOG.encode()))
    with read([tmp_path]) as reading:
        assert texts(list(reading.lines)) == [each.text for each in SAID]
    assert ["it is packed, and no zip archive: unpack it first" in note.what for note in reading.notes] == [True]
    with pytest.raises(ModelError, match=f"cannot read .*{name}: it is packed, and no zip archive: unpack it first"):
        all_of(str(tmp_path / name))


def test_a_glob_is_expanded_where_the_shell_did_not(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"pc{number}").mkdir()
        (tmp_path / f"pc{number}" / "ccmsetup.log").write_text(client(SAID[number]) + "\n")
    lines = all_of(str(tmp_path / "pc[02]" / "*.log"))
    assert [(line.text, line.device) for line in lines] == [(SAID[0].text, "pc0"), (SAID[2].text, "pc2")]
    assert len(all_of(str(tmp_path / "**" / "*.log"))) == 3


def test_standard_input_is_read(tmp_path: Path) -> None:
    assert texts(all_of("-", stdin=io.BytesIO(LOG.encode()))) == [each.text for each in SAID]


@pytest.mark.parametrize("nested", [False, True])
def test_an_archive_is_read_also_one_within_it(tmp_path: Path, nested: bool) -> None:
    path = zipped(tmp_path / "inner.zip", {"CCM/Logs/ccmsetup.log": LOG, "CCM/picture.png": b"\x89PNG"})
    if nested:
        path = zipped(tmp_path / "outer.zip", {"bundle.zip": path.read_bytes(), "readme.txt": "a bundle"})
    lines = all_of(path)
    assert texts([line for line in lines if line.log == "ccmsetup"]) == [each.text for each in SAID]
    inner = "/bundle.zip" if nested else ""
    assert f"{path}{inner}/CCM/Logs/ccmsetup.log" in {line.source for line in lines}


def test_an_archive_three_deep_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"ccmsetup.log": LOG})
    for name in ("b.zip", "c.zip"):
        path = zipped(tmp_path / name, {"inner.zip": path.read_bytes()})
    with pytest.raises(ModelError, match="an archive in an archive in an archive") as told:
        all_of(path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "name", ["/etc/ccmsetup.log", "../ccmsetup.log", "a/../../ccmsetup.log", "C:/ccmsetup.log", "..\\ccmsetup.log"]
)
def test_members_that_lead_out_of_their_archive_are_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "bundle.zip", {name: LOG, "CcmMessaging.log": client(SAID[3])})
    reading = read([path])
    assert texts(list(reading.lines)) == [SAID[3].text]
    assert [note.what for note in reading.notes] == ["refused: its name leads out of the archive"]


def test_links_in_archives_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bundle.zip", {"ccmsetup.log": LOG}, **{"CcmMessaging.log": "/etc/passwd"})
    reading = read([path])
    assert len(list(reading.lines)) == len(SAID)
    assert [note.what for note in reading.notes] == ["refused: it is a link"]


def test_bombs_are_refused_by_ratio_size_and_count(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"ccmsetup.log": b"a" * (20 << 20)})
    with pytest.raises(ModelError, match="unpacks to more than 200 times its size"):
        all_of(bomb)
    many = zipped(tmp_path / "many.zip", {f"{number}.log": "x" for number in range(30)})
    with pytest.raises(ModelError, match="30 members; no bundle has more than 20"):
        all_of(many, limits=Limits(members=20))
    large = zipped(tmp_path / "large.zip", {"a.log": "x" * 3000, "b.log": "y" * 3000})
    reading = read([large], limits=Limits(unpacked=4000))
    assert {line.source for line in reading.lines} == {f"{large}/a.log"}
    assert [note.what for note in reading.notes] == ["refused: the archive unpacks to more than 0 MiB"]


def test_a_member_is_not_read_beyond_what_it_says_it_has(tmp_path: Path) -> None:
    path = zipped(tmp_path / "liar.zip", {"ccmsetup.log": LOG})
    data = path.read_bytes()
    size = struct.pack("<I", len(LOG))
    assert data.count(size) >= 2
    path.write_bytes(data.replace(size, struct.pack("<I", 100)))
    try:
        lines = all_of(path)
    except ModelError as error:
        assert "\n" not in str(error)
    else:
        assert sum(len(line.text) for line in lines) <= 100


def test_damaged_archives_are_told_and_others_read_on(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.zip", {"ccmsetup.log": LOG * 50}).read_bytes()
    for cut in range(10, len(whole), 97):
        (tmp_path / "a.zip").write_bytes(whole[:cut])
        with pytest.raises(ModelError) as told:
            all_of(tmp_path / "a.zip")
        assert "\n" not in str(told.value)
    for at in range(40, len(whole) - 100, 211):
        (tmp_path / "a.zip").write_bytes(whole[:at] + b"\xff\xff\xff" + whole[at + 3 :])
        (tmp_path / "ccmsetup.log").write_text(client(SAID[0]))
        assert SAID[0].text in texts(all_of(tmp_path))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("absent.log", "it is not there"),
        ("ccmsetup.lgo", "did you mean"),
        ("*.none", "nothing matches"),
        ("picture.bin", "it is no text"),
        ("empty.log", "it is empty"),
        ("empty", "there is nothing to read"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "ccmsetup.log").write_text(LOG)
    (tmp_path / "picture.bin").write_bytes(bytes(range(256)))
    (tmp_path / "empty.log").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=told) as error:
        all_of(tmp_path / name)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("parts", [1, 2, 3, 5])
def test_files_rolled_over_are_one_log_in_order(tmp_path: Path, parts: int) -> None:
    for name, text in rotated("ccmsetup", SAID, parts, client).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "another.log").write_text("something else\n")
    lines = [line for line in all_of(tmp_path) if line.log == "ccmsetup"]
    assert texts(lines) == [each.text for each in SAID]
    assert len({line.source for line in lines}) == parts


def test_copies_of_a_gateways_log_are_its_log(tmp_path: Path) -> None:
    name = "CMG-CONTOSOCMG-ProxyService_IN_0-CMGService"
    said = run_of([("", f"RequestUri: /x  RequestCount: {number}") for number in range(4)])
    for file, text in rotated(name, said, 2, server).items():
        (tmp_path / file).write_text(text)
    lines = all_of(tmp_path)
    assert [(line.log, line.text) for line in lines] == [("CMGService", each.text) for each in said]


@pytest.mark.parametrize(
    ("path", "log"),
    [
        ("ccmsetup.log", "ccmsetup"),
        (r"C:\Windows\ccmsetup\Logs\CCMSETUP.LOG", "ccmsetup"),
        ("x/CcmMessaging-20240318-091244.log", "CcmMessaging"),
        ("LocationServices.lo_", "LocationServices"),
        ("CMG-A-B-ProxyService_IN_12-CMGService.log", "CMGService"),
        ("pc0815_ccmsetup.log", "ccmsetup"),
        ("ccmsetup from the laptop.txt", "ccmsetup"),
        ("ccmsetup (1).log", "ccmsetup"),
        ("ccmsetup - Copy.log", "ccmsetup"),
        ("ticket.txt", ""),
        ("standard input", ""),
        ("SomeOther.log", "SomeOther"),
    ],
)
def test_the_name_of_a_file_tells_its_component(path: str, log: str) -> None:
    assert named(path).log == log


def test_devices_are_told_apart_where_one_log_is_there_of_several() -> None:
    names = [
        "fleet/pc1/CCM/Logs/CcmMessaging.log",
        "fleet/pc1/ccmsetup/Logs/ccmsetup.log",
        "fleet/pc2.zip/CCM/Logs/CcmMessaging.log",
        "fleet/pc2.zip/ccmsetup/Logs/ccmsetup-20240318-091244.log",
        "fleet/pc2.zip/ccmsetup/Logs/ccmsetup.log",
        "fleet/site/CMGService.log",
    ]
    assert by_device(names) == ["pc1", "pc1", "pc2", "pc2", "pc2", ""]
    assert by_device(names[:2] + names[5:]) == ["", "", ""]
    assert by_device(names[2:]) == ["", "", "", ""]
    assert by_device(["PC1_ccmsetup.log", "PC2_ccmsetup.log"]) == ["PC1", "PC2"]


def test_the_bundles_of_a_folder_are_listed(tmp_path: Path) -> None:
    for name in ("pc1", "pc2"):
        (tmp_path / name / "CCM" / "Logs").mkdir(parents=True)
        (tmp_path / name / "CCM" / "Logs" / "ccmsetup.log").write_text(LOG)
    (tmp_path / "nothing here").mkdir()
    zipped(tmp_path / "pc3.zip", {"ccmsetup.log": LOG})
    assert [(each.name, each.paths) for each in bundles(tmp_path)] == [
        ("pc1", (tmp_path / "pc1",)),
        ("pc2", (tmp_path / "pc2",)),
        ("pc3", (tmp_path / "pc3.zip",)),
    ]
    assert [each.paths for each in bundles(tmp_path / "pc1")] == [(tmp_path / "pc1",)]
    assert bundles(tmp_path / "nothing here") == []
    assert {line.device for line in all_of(tmp_path)} == {"pc1", "pc2", "pc3"}


def test_what_a_cheap_test_rules_out_is_counted_and_the_rest_is_the_same(tmp_path: Path) -> None:
    said = [Said(each.log, each.text, each.when, 7) for each in run_of(list(INSTALL) * 40)]
    said[5] = Said("ccmsetup", "of two\nlines", said[5].when, 7)
    path = tmp_path / "ccmsetup.log"
    path.write_text("".join(client(each) + "\n" for each in said))
    everything = all_of(path)
    for keep in (lambda data: data.startswith(b"Failed"), __import__("re").compile(rb"\AFailed")):
        reading = read([path], keep=keep)
        kept = [line for line in reading.lines if line.text.startswith("Failed")]
        assert kept == [line for line in everything if line.text.startswith("Failed")] and len(kept) == 80
        assert reading.counts == {str(path): len(said)}


def test_a_line_that_does_not_end_is_cut_and_what_follows_is_read() -> None:
    data = b"x" * 5000 + b"\n" + client(SAID[0]).encode() + b"\n"
    reading = read(["-"], stdin=io.BytesIO(data), limits=Limits(chunk=300, message=1000))
    lines = list(reading.lines)
    assert texts(lines)[-1] == SAID[0].text and lines[-1].number == 2
    assert max(len(line.text) for line in lines) <= 1000 + 300
    assert [note.what for note in reading.notes] == ["a line that does not end is cut"]


def test_a_message_that_does_not_end_is_cut_and_what_follows_is_read() -> None:
    data = b"<![LOG[begins\n" + b"and goes on\n" * 500 + client(SAID[0]).encode() + b"\n"
    reading = read(["-"], stdin=io.BytesIO(data), limits=Limits(chunk=300, message=1000))
    lines = list(reading.lines)
    assert lines[0].text.startswith("begins") and lines[-1].text == SAID[0].text
    assert lines[-1].number == 502
    assert "a message is cut off" in {note.what for note in reading.notes}


def test_a_launcher_and_its_service_are_two_processes(tmp_path: Path) -> None:
    rows = [
        (1, "==========[ ccmsetup started in process 100 ]=========="),
        (1, "launcher goes"),
        (2, "==========[ ccmsetup started in process 200 ]=========="),
        (1, "launcher goes on"),
        (2, "service goes"),
        (3, "another thread of the service"),
        (1, "CcmSetup is exiting with return code 0"),
        (2, "service goes on"),
        (2, "CcmSetup failed with error code 0x87d00455"),
        (9, "after a restart"),
        (8, "==========[ ccmsetup started in process 300 ]=========="),
    ]
    said = [Said("ccmsetup", text, SAID[0].when, thread) for thread, text in rows]
    (tmp_path / "ccmsetup.log").write_text("".join(client(each) + "\n" for each in said))
    assert [line.process for line in all_of(tmp_path)] == [0, 0, 1, 0, 1, 1, 0, 1, 1, 2, 3]


def test_lines_of_another_process_are_told_apart_across_files_that_were_rolled_over(tmp_path: Path) -> None:
    said = [replace(each, thread=7) for each in run_of([INSTALL[0], INSTALL[1], INSTALL[0], INSTALL[1]])]
    for name, text in rotated("ccmsetup", said, 2, client).items():
        (tmp_path / name).write_text(text)
    assert [line.process for line in all_of(tmp_path)] == [0, 0, 1, 1]


def test_a_thread_that_was_long_silent_is_another_runs(tmp_path: Path) -> None:
    begin, line = INSTALL[0], INSTALL[1]
    said = [
        replace(each, thread=thread)
        for each, thread in zip(run_of([begin, line, begin, line]), (1, 2, 3, 2), strict=True)
    ]
    for step, runs in ((timedelta(seconds=5), [0, 0, 1, 0]), (timedelta(hours=5), [0, 0, 1, 1])):
        apart = [replace(each, when=each.when + number * step) for number, each in enumerate(said)]
        (tmp_path / "ccmsetup.log").write_text("".join(client(each) + "\n" for each in apart))
        assert [each.process for each in all_of(tmp_path)] == runs


def test_a_raw_log_that_was_turned_round_is_put_in_order_however_long_it_is(tmp_path: Path) -> None:
    said = run_of([("CcmMessaging", f"message {number}") for number in range(200)])
    path = tmp_path / "CcmMessaging.log"
    path.write_text("".join(client(each) + "\n" for each in reversed(said)))
    for limits in (Limits(), Limits(chunk=4096)):
        reading = read([path], limits=limits)
        assert texts(list(reading.lines)) == [each.text for each in said]
        assert [note.what for note in reading.notes] == ["its lines are not in order: put in order of their times"]


@pytest.mark.parametrize(
    "piece",
    [
        "<![LOG[a\n",
        "x<![LOG[",
        "]LOG]!><time=",
        "$$<a><b>",
        "18.03.2024 09:12:40 ",
        "4312 (0x10D8) ",
        "> ",
        "~~",
        "'",
        "a.log ",
        "<p ",
    ],
)
def test_pathological_text_is_read_in_one_pass(piece: str) -> None:
    """Were one step worse than linear, this would not come to an end."""
    data = (piece * (300_000 // len(piece))).encode()
    list(read(["-"], stdin=io.BytesIO(data)).lines)


def test_more_archives_than_may_be_open_are_read(tmp_path: Path) -> None:
    for number in range(40):
        zipped(tmp_path / f"pc{number:02}.zip", {"ccmsetup.log": client(SAID[number % 3]) + "\n", "CAS.log": "x\n"})
    with read([tmp_path]) as reading:
        lines = list(reading.lines)
    found = [line for line in lines if line.log == "ccmsetup"]
    assert [line.device for line in found] == [f"pc{number:02}" for number in range(40)]
    assert texts(found) == [SAID[number % 3].text for number in range(40)]


@pytest.mark.parametrize("chunk", [50, 90, 130, 1000])
@pytest.mark.parametrize("columns", ["tabs", "time first"])
def test_rows_in_pieces_lose_no_message(chunk: int, columns: str) -> None:
    said = run_of([("ccmsetup", f"message {number}\nof two lines") for number in range(12)])
    data = "\n".join(viewed(each, columns, "d.m.Y") for each in said).encode()
    lines = list(read(["-"], stdin=io.BytesIO(data), limits=Limits(chunk=chunk, message=200, rows=2)).lines)
    assert " ".join(" ".join(texts(lines)).split()) == " ".join(" ".join(each.text for each in said).split())


@settings(max_examples=60)
@given(chance=st.randoms(use_true_random=False))
def test_a_run_printed_as_the_logs_of_its_hosts_is_read_back(chance: random.Random) -> None:
    logs = ["ccmsetup", "CcmMessaging", "CMGService", "CCM_STS", "SMS_CLOUD_PROXYCONNECTOR"]
    said = run_of([(chance.choice(logs), f"{text} {number}") for number, (_, text) in enumerate(INSTALL * 2)])
    said = duplicated(said, chance)
    said = sorted(said, key=lambda each: each.when)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in as_files(said, chance).items():
            (Path(folder) / name).write_bytes(data)
        found = [line for line in all_of(folder) if line.text != f"{named(line.source).log}.log:"]
    for log in {each.log for each in said}:
        assert texts([line for line in found if line.log == log]) == [each.text for each in said if each.log == log]
    on_one = timeline(found)
    for log in {each.log for each in said}:
        own = [entry for entry in on_one.entries if entry.line.log == log and not entry.loose]
        assert all(on_one.may_precede(a, b) and not on_one.may_precede(b, a) for a, b in pairwise(own))
    truth = {(each.log, each.text): each.when for each in said}
    for a, b in product(on_one.entries, repeat=2):
        if truth[a.line.log, a.line.text] < truth[b.line.log, b.line.text]:
            assert on_one.may_precede(a, b)


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    """Its lines would stand there twice, as what a client never does."""
    path, packed = tmp_path / "ccmsetup.log", tmp_path / "bundle.zip"
    path.write_text(LOG, encoding="utf-8")
    once = texts(all_of(path))
    assert (
        texts(all_of(path, path))
        == texts(all_of(tmp_path, path))
        == texts(all_of(path, str(tmp_path / "*.log")))
        == once
    )
    zipped(packed, {"ccmsetup.log": LOG})
    assert texts(all_of(packed, packed)) == once


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_the_name_of_a_file_says_nothing_to_a_console(tmp_path: Path) -> None:
    path = tmp_path / "PC\x1b[2J\n\u202e_ccmsetup.log"
    path.write_text(LOG, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff_ccmsetup.log")).write_text(LOG, encoding="utf-8")
    (tmp_path / "a\x1b[2J.png").write_text("x", encoding="utf-8")
    with read([tmp_path]) as reading:
        said = [*(line.source for line in reading.lines), *map(str, reading.notes)]
    assert said
    assert all(each.isprintable() and each.encode("utf-8") for each in said)
    assert {line.log for line in all_of(tmp_path)} == {"ccmsetup"}
