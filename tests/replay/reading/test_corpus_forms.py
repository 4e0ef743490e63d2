"""The corpus in every form: what is recognised in a log as it was written is recognised however it was copied."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.patterns import recogniser
from ccmproof.harness.replay.reading import of_text, read
from ccmproof.harness.replay.reading.naming import named
from replay.printing import VIEWED, Said, client, escaped, pasted, server, viewed

CORPUS = Path(__file__).parent.parent / "corpus"
LOGS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*.log"))


def ids(lines: list[Line]) -> list[tuple[str, str]]:
    return [(seen.line.log, seen.pattern.id) for seen in recogniser().all(lines)]


@cache
def written(log: str) -> tuple[list[Line], list[Said]]:
    with read([CORPUS / log]) as reading:
        lines = list(reading.lines)
    servers = b"$$<" in (CORPUS / log).read_bytes()  # whose line breaks a viewer shows as they are written
    begin, said = datetime(2024, 3, 18, 9, tzinfo=UTC), []
    for number, line in enumerate(lines):
        text = line.text.replace("\n", "~~") if servers else line.text
        said.append(Said(line.log, text, begin + timedelta(seconds=number), 4000 + line.process))
    return lines, said


def test_there_is_a_corpus() -> None:
    assert len(LOGS) > 20


@pytest.mark.parametrize("log", LOGS)
def test_what_is_recognised_does_not_depend_on_the_form(log: str) -> None:
    lines, said = written(log)
    seen = ids(lines)
    assert ids(of_text("\n".join(map(client, said)))) == seen
    assert ids(of_text("\n".join(map(server, said)))) == seen
    assert ids(of_text("\n".join(escaped(client(each)) for each in said))) == seen
    for columns in VIEWED:
        for date in ("d.m.Y", "m/d/Y AM"):
            rows = [viewed(each, columns, date) for each in said]
            assert ids(of_text("\n".join(rows))) == seen, columns
            assert ids(of_text("\n".join(f"> {row}" for row in rows))) == seen, columns
            assert ids(of_text("\n".join(reversed(rows)))) == seen, columns
            assert ids(of_text(" ".join(rows).replace("\n", " "))) == seen, columns


@pytest.mark.parametrize("log", LOGS)
def test_what_is_recognised_in_messages_alone_is_the_same_under_a_heading(log: str) -> None:
    lines, said = written(log)
    seen = ids(lines)
    found = ids(of_text(pasted(said)))
    if any("\n" in each.text and "instance of" not in each.text for each in said):
        assert set(seen) <= set(found)  # of the lines of one message each may say something by itself
    else:
        assert found == seen
    if {line.log for line in lines} == {named(log).log}:
        assert ids(of_text("".join(f"- `{each.text}`\n" for each in said), Path(log).name)) == found
