"""The logs of the lab: in the forms that the product writes, as `ccmproof replay` reads them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.clock import BEGINS, Clock
from ccmproof.harness.lab.logs import Form, Level, Logs, Records
from ccmproof.harness.replay.reading import read

AT = datetime(2024, 3, 18, 14, 12, 44, 107_000, tzinfo=UTC)


def test_time_stands_still_until_it_is_let_pass_and_never_runs_backwards() -> None:
    clock = Clock()
    assert clock.now() == clock.now() == BEGINS
    clock.advance(timedelta(hours=8))
    assert clock.now() == BEGINS + timedelta(hours=8)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(timedelta(seconds=-1))


def test_a_line_of_the_library_is_as_the_product_writes_it(tmp_path: Path) -> None:
    Logs(tmp_path, lambda: AT, bias=300).open("ccmsetup").write("Getting CCM Token", Level.error)
    assert (tmp_path / "ccmsetup.log").read_bytes().decode() == (
        '<![LOG[Getting CCM Token]LOG]!><time="09:12:44.107+300" date="03-18-2024" component="ccmsetup" context=""'
        ' type="3" thread="4004" file="">\r\n'
    )


def test_a_line_of_a_site_server_is_as_the_product_writes_it(tmp_path: Path) -> None:
    Logs(tmp_path, lambda: AT).open("CMGService", form=Form.server).write("RequestUri: /CCM_STS")
    assert (tmp_path / "CMGService.log").read_bytes().decode() == (
        "RequestUri: /CCM_STS  $$<CMGService><03-18-2024 14:12:44.107+00><thread=4004 (0xFA4)>\r\n"
    )


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("bias", [0, 300, -180])
def test_what_is_written_is_read_back(tmp_path: Path, form: Form, bias: int) -> None:
    log = "ccmsetup" if form is Form.library else "SMS_CLOUD_PROXYCONNECTOR"
    Logs(tmp_path, lambda: AT, bias=bias).open(log, form=form).write("Getting CCM Token")
    with read([tmp_path / f"{log}.log"]) as reading:
        (line,) = reading.lines
    assert (line.log, line.text, line.when) == (log, "Getting CCM Token", AT)


def test_a_record_is_a_json_object_a_line_in_utc(tmp_path: Path) -> None:
    records = Records(tmp_path / "h" / "X.json", "X", lambda: datetime(2026, 4, 13, 9, 0, 1, 250000, tzinfo=UTC))
    assert not records.path.parent.exists()
    records.write("Op", resultType="0")
    records.write("Op", said="a\nb")
    first, second = (json.loads(line) for line in records.path.read_text(encoding="utf-8").splitlines())
    assert (first["time"], first["category"], first["operationName"]) == ("2026-04-13T09:00:01.2500000Z", "X", "Op")
    assert first["resultType"] == "0" and second["said"] == "a\nb"
    assert first["correlationId"] != second["correlationId"]
