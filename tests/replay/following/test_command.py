"""``ccmproof replay``: what it prints, exit codes, formats, files, many devices."""

from __future__ import annotations

import json
import zipfile
from importlib import resources
from pathlib import Path

import pytest
from ccmproof.harness import cli
from ccmproof.harness.replay.following import equipment as equipment_module
from ccmproof.harness.replay.following.equipment import Equipment
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

pytestmark = pytest.mark.long

RUNNER = CliRunner()
CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(autouse=True)
def kept(using: Equipment, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found out of the model lies where the other tests have it."""
    monkeypatch.setattr(equipment_module, "usual_folder", lambda: using.folder)


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = RUNNER.invoke(cli.app, ["replay", *map(str, arguments)], env={"COLUMNS": "80"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_three_lines_first() -> None:
    code, out, _ = run(CORPUS / "crl-not-published")
    assert code == 1
    first = " ".join(out.split("\n\n")[0].split())
    assert first.startswith("✗ Stalled: ccmsetup asks the CMG for the Entra properties")
    assert "SYSTEM cannot reach a valid CRL" in first
    assert "Publish the CRL on the internet" in first
    assert all(len(line) <= 80 for line in out.splitlines())


@pytest.mark.parametrize(
    ("name", "code"), [("install-succeeds", 0), ("root-ca-missing", 1), ("on-premises-http", 3), ("another-product", 3)]
)
def test_exit_codes(name: str, code: int) -> None:
    assert run(CORPUS / name)[0] == code


def test_what_cannot_be_read_is_one_line_and_exit_2(tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "none.log")
    assert (code, out) == (2, "")
    assert err.startswith("ccmproof: ") and len(err.splitlines()) == 1


def test_standard_input() -> None:
    text = (CORPUS / "root-ca-missing").glob("*").__next__().read_text("utf-8")
    result = RUNNER.invoke(cli.app, ["replay", "-"], input=text, env={"COLUMNS": "80"})
    assert result.exit_code == 1
    assert "root CA" in result.stdout


@pytest.mark.parametrize("name", ["install-succeeds", "crl-not-published", "not-joined", "on-premises-http"])
def test_the_json_is_what_the_schema_says(name: str) -> None:
    schema = json.loads((resources.files("ccmproof.harness") / "schema" / "replay-1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    code, out, _ = run(CORPUS / name, "--json")
    data = json.loads(out)
    Draft202012Validator(schema).validate(data)
    assert data["devices"][0]["exit"] == code


@pytest.mark.parametrize(("form", "sign"), [("markdown", "### Causes"), ("html", "<!doctype html>")])
def test_the_page_in_other_forms(form: str, sign: str) -> None:
    code, out, _ = run(CORPUS / "crl-not-published", "--format", form)
    assert code == 1
    assert sign in out


def test_a_file_is_masked_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    log = tmp_path / "ccmsetup.log"
    text = (CORPUS / "tenant-not-onboarded" / "ccmsetup.log").read_text("utf-8")
    log.write_text(
        f"Nothing known of CMG01.FABRIKAM.COM\tccmsetup\t11/20/2019 09:01:05 AM\t5120 (0x1400)\n{text}", "utf-8"
    )
    masked, plain = tmp_path / "masked.txt", tmp_path / "plain.txt"
    run(log, "--all-lines", "-o", masked)
    run(log, "--all-lines", "--no-redact", "-o", plain)
    assert "FABRIKAM" in plain.read_text("utf-8")
    assert "FABRIKAM" not in masked.read_text("utf-8")
    assert "FABRIKAM" in run(log, "--all-lines")[1]


def test_lines_that_are_not_recognised_are_shown_in_place_where_they_are_asked_for(tmp_path: Path) -> None:
    log = tmp_path / "ccmsetup.log"
    lines = (CORPUS / "tenant-not-onboarded" / "ccmsetup.log").read_text("utf-8").splitlines()
    lines.insert(1, "Nothing that anybody knows	ccmsetup	11/20/2019 09:01:05 AM	5120 (0x1400)")
    log.write_text("\n".join(lines), encoding="utf-8")
    assert "Nothing that anybody knows" not in run(log)[1]
    assert "· Nothing that anybody knows" in run(log, "--all-lines")[1]


def test_a_run_is_kept_and_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "what.mmd"
    code, _, _ = run(CORPUS / "crl-not-published", "--runs", tmp_path / "runs", "--diagram", picture)
    assert code == 1
    steps = json.loads((tmp_path / "runs" / "device.run.json").read_text("utf-8"))["steps"]
    assert [step["event"] for step in steps] == [
        "ccmsetup_asks_the_cmg",
        "create_connection",
        "enable_revocation_check",
        "tls_revocation_check_fails",
    ]
    assert "✗ 4 · tls revocation check fails" in picture.read_text("utf-8")


def test_a_table_of_ones_own_comes_first(tmp_path: Path) -> None:
    log, table = tmp_path / "ccmsetup.log", tmp_path / "own.toml"
    log.write_text("The flux is inverted\tccmsetup\t11/20/2019 09:01:05 AM\t5120 (0x1400)\n", encoding="utf-8")
    assert run(log)[0] == 3
    table.write_text(
        '[[pattern]]\nid = "own"\ntext = "The flux is inverted"\nlogs = ["ccmsetup"]\ncause = "root CA"\n', "utf-8"
    )
    code, out, _ = run(log, "--patterns", table)
    assert code == 1
    assert "root CA" in out


def test_many_devices_are_a_table_by_verdict_and_cause(tmp_path: Path) -> None:
    for number, name in enumerate(("crl-not-published", "crl-not-published", "install-succeeds")):
        with zipfile.ZipFile(tmp_path / f"pc{number}.zip", "w") as archive:
            for file in (CORPUS / name).iterdir():
                archive.write(file, f"CCM/Logs/{file.name}")
    (tmp_path / "pc3.zip").write_bytes(b"no archive")
    code, out, _ = run(tmp_path, "--many", "--workers", "1")
    assert code == 1
    lines = [line.split() for line in out.splitlines()]
    assert ["2", "✗", "stalled", "CRL"] in lines
    assert ["1", "✓", "conforms", "–"] in lines
    assert ["pc3", "?", "unknown"] in lines
    data = json.loads(run(tmp_path, "--many", "--workers", "1", "--json")[1])
    schema = json.loads((resources.files("ccmproof.harness") / "schema" / "replay-1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(data)
    assert [row["device"] for row in data["table"]] == ["pc0", "pc1", "pc2", "pc3"]


@pytest.mark.parametrize("name", ["crl-not-published", "registered-again-and-again", "renewal-fails"])
def test_the_explorer_opens_every_run_that_is_kept(name: str, tmp_path: Path) -> None:
    """Those of the model in which nothing fails, and those of the one with faults."""
    run(CORPUS / name, "--runs", tmp_path / "runs")
    for file in (tmp_path / "runs").iterdir():
        page = tmp_path / "page.html"
        result = RUNNER.invoke(cli.app, ["explore", "--quiet", "--run", str(file), "-o", str(page)])
        assert (result.exit_code, result.output) == (0, "")
        assert page.stat().st_size > 0


def test_a_run_with_faults_is_one_of_the_scenario_that_logs_are_followed_in(using: Equipment, tmp_path: Path) -> None:
    from ccmproof.harness.cli.output import keep_runs
    from ccmproof.harness.exploring import scenario_of
    from ccmproof.harness.replay.following.ground import FULL_SCENARIO
    from ccmproof.model.kernel.run import replayed

    layout = using.full.layout
    state = layout.decoded(layout.first(using.full.store, using.full.initial))
    keep_runs(tmp_path, {"device": replayed(using.full.network, [state], [])})
    assert scenario_of(using.system, [tmp_path / "device.run.json"]) == FULL_SCENARIO


def test_what_is_cut_short_is_masked_before(tmp_path: Path) -> None:
    log = tmp_path / "ccmsetup.log"
    tenant = "5f3c9a1e-77b2-4c1d-9e55-abcdef012345"
    log.write_text(
        "Getting AAD info from CMG 'gw.example.net/CCM_Proxy_MutualAuth/72057594037927941'\n"
        f"[CCMHTTP] ERROR: URL=https://gw.example.net/CCM_Proxy_ServerAuth/AADAuthInfo/qqqqq?TenantID={tenant}, "
        "Port=443, Options=31, Code=12175, Text=ERROR_WINHTTP_SECURE_FAILURE\n"
        f"Somebody else's line of words {'and words ' * 12}{tenant} {'and words ' * 9} and more\n"
    )
    _, out, _ = run(log, "--all-lines", "--redact")
    assert tenant[:8] not in out and "…" in out
    assert tenant[:8] in run(log, "--all-lines", "--no-redact")[1]
