"""The matrix of statements: every gap is found, what is due is listed, and the exit code says which it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from ccmproof.harness import cli
from ccmproof.harness.render.trace import by_actor, text_of_trace
from ccmproof.harness.system import System, shipped
from ccmproof.harness.trace import SHIPPED, Gap, Sources, Trace, trace
from ccmproof.model.kernel.definition import Model
from ccmproof.model.owed import QUOTED, Quoted
from ccmproof.model.statements import STATEMENTS
from ccmproof.model.workflow import workflow
from ccmproof.properties.claims import CLAIMS, Claim
from ccmproof.properties.property import Property
from ccmproof.properties.suite import SUITE
from typer.testing import CliRunner

MODEL = workflow()
LOGGED = ("K1", "K2", "K3", "L2", "L3", "L4", "L5", "L6", "L7", "L8")


def without(model: Model, cite: str) -> Model:
    """The model in which nothing cites the statement."""

    def left(cites: str) -> str:
        return " ".join(each for each in cites.split() if each != cite)

    return replace(
        model,
        actors=tuple(
            replace(a, cites=left(a.cites), rows=tuple(replace(r, cites=left(r.cites)) for r in a.rows))
            for a in model.actors
        ),
        predicates=tuple(replace(each, cites=left(each.cites)) for each in model.predicates),
        assumptions=tuple(replace(each, cites=left(each.cites)) for each in model.assumptions),
    )


def suite_without(*names: str) -> tuple[Property, ...]:
    return tuple(prop for prop in SUITE if prop.id not in names)


def gaps(model: Model = MODEL, suite: tuple[Property, ...] = SUITE, sources: Sources = SHIPPED) -> tuple[Gap, ...]:
    return trace(model, suite, sources).gaps


@pytest.fixture(scope="module")
def matrix() -> Trace:
    return trace(MODEL, SUITE)


def test_the_shipped_project_has_no_gap(matrix: Trace) -> None:
    assert matrix.gaps == ()
    assert [row.id for row in matrix.statements] == [*STATEMENTS, *(each.lines for each in QUOTED)]
    assert [row.id for row in matrix.claims] == list(CLAIMS)


def test_a_row_names_what_answers_for_the_statement(matrix: Trace) -> None:
    row = {each.id: each for each in matrix.statements}["I3.6"]
    assert (row.kind, row.model, row.properties) == ("must", ("sts/sts_creates_token",), ("S-34", "S-95", "E-55"))
    assert (row.missing, row.due, row.note) == ((), "", "")


@pytest.mark.parametrize("cite", ["I3.6", "T3", "D1", "K1"])
def test_a_statement_that_the_model_does_not_cite_is_a_gap(cite: str) -> None:
    (gap,) = gaps(without(MODEL, cite))
    assert gap.name == cite
    assert gap.what.startswith("no row, actor or parameter of the model")


def test_a_must_that_only_a_possibility_cites_is_a_gap() -> None:
    suite = tuple(p if p.possible else replace(p, cites=p.cites.replace("I2.2", "")) for p in SUITE)
    assert any("I2.2" in p.cites.split() for p in suite)
    assert gaps(suite=suite) == (Gap("I2.2", "no claim of the suite answers for it"),)


def test_a_claim_of_the_property_list_that_is_not_in_the_suite_is_a_gap() -> None:
    assert gaps(suite=suite_without("S-26")) == (Gap("S-26", "no property of the suite answers for it"),)


def test_a_part_of_a_claim_does_not_stand_for_it() -> None:
    suite = suite_without("S-14")
    assert [p.id for p in suite if "S-14" in p.cites.split()] == ["S-14c", "S-14r", "S-14o"]
    assert gaps(suite=suite) == (Gap("S-14", "no property of the suite answers for it"),)


def test_a_question_that_nobody_answers_is_a_gap() -> None:
    settled = {name: why for name, why in SHIPPED.settled.items() if name != "A6"}
    assert gaps(sources=replace(SHIPPED, settled=settled)) == (
        Gap("A6", "no part of the model or property answers for it"),
    )


def test_unknown_citations_are_gaps_and_name_who_cites() -> None:
    suite = tuple(replace(p, cites=f"{p.cites} I9.9") if p.id == "S-26" else p for p in SUITE)
    model = replace(MODEL, actors=(replace(MODEL.actors[0], cites="D9"), *MODEL.actors[1:]))
    told = replace(SHIPPED.told, statements={"L1": ("S1",), "I8.8": ("S9",)}, lines={1: {"S1": ()}, 2: {"S9": ()}})
    sources = replace(SHIPPED, quoted=(Quoted("1", "L9", "I3.1"),), told=told, due=dict.fromkeys(LOGGED, "later"))
    unknown = "there is no such statement or property; it is cited by"
    assert gaps(model, suite, sources) == (
        Gap("D9", f"{unknown} {MODEL.actors[0].name}"),
        Gap("I9.9", f"{unknown} property S-26"),
        Gap("L9", "there is no such statement; it is cited by the lines 1"),
        Gap("I8.8", "there is no such statement; it is cited by the pattern S9"),
        Gap("line 2", "it is no quoted line; it is cited by the pattern S9"),
    )


def test_nothing_is_due_any_more(matrix: Trace) -> None:
    assert matrix.due == ()


def test_a_log_that_no_pattern_reads_is_a_gap_unless_it_is_due() -> None:
    statements = {name: those for name, those in SHIPPED.told.statements.items() if name not in ("K2", "L5")}
    sources = replace(SHIPPED, told=replace(SHIPPED.told, statements=statements))
    missing = "no pattern of a log line answers for it"
    assert gaps(sources=sources) == (Gap("K2", missing), Gap("L5", missing))
    owed = replace(sources, due={"K2": "later", "L5": "later"})
    rows = trace(MODEL, SUITE, owed)
    assert rows.gaps == ()
    assert [(row.id, row.due) for row in rows.due] == [("K2", "later"), ("L5", "later")]


def test_the_common_issues_and_the_logs_are_answered_by_patterns(matrix: Trace) -> None:
    rows = {each.id: each for each in matrix.statements}
    assert "F-CERT.ca" in rows["K1"].patterns
    assert "F-CERT.rev" in rows["K2"].patterns
    assert "I.notjoined" in rows["K3"].patterns
    assert {"S1", "S9"} <= set(rows["L1"].patterns)
    assert rows["166"].patterns == ("R5.3",)


def test_a_quoted_line_needs_a_pattern_of_its_own_log() -> None:
    """Line 104 is ccmsetup's: that other components write the same words does not answer for it."""
    lines = {**SHIPPED.told.lines, 104: {"R6.cached": ("ClientIDManagerStartup",)}}
    sources = replace(SHIPPED, told=replace(SHIPPED.told, lines=lines))
    assert gaps(sources=sources) == (Gap("104", "no pattern of a log line answers for it"),)


def test_a_line_that_the_document_leaves_out_is_said(matrix: Trace) -> None:
    row = next(each for each in matrix.statements if each.id == "172–175")
    assert (row.missing, row.note) == ((), "the document leaves lines out there")
    sources = replace(SHIPPED, told=replace(SHIPPED.told, unsaid={}))
    assert [gap.name for gap in gaps(sources=sources)] == ["172–175"]


def test_an_event_that_no_line_shows_has_a_reason(matrix: Trace) -> None:
    assert {each.event for each in matrix.silent} >= {"tick", "tls_succeeds", "user_signs_in"}
    silent = {event: why for event, why in SHIPPED.told.silent.items() if event != "tick"}
    sources = replace(SHIPPED, told=replace(SHIPPED.told, silent={**silent, "sts_issues_token": "none"}))
    assert gaps(sources=sources) == (
        Gap("tick", "no log line stands for it, and nothing says why"),
        Gap("sts_issues_token", "it is said to have no log line, and has S8.issued, S8.return, S8.return.2018"),
    )


def test_a_picture_is_answered_by_what_is_drawn(matrix: Trace) -> None:
    rows = {each.id: each for each in matrix.statements}
    assert [(rows[name].pictures, rows[name].missing) for name in ("G1", "G2")] == [
        (("install",), ()),
        (("registration",), ()),
    ]
    install, registration, renewal = SHIPPED.pictures
    sources = replace(SHIPPED, pictures=(replace(install, cites="G3"), registration, renewal))
    assert gaps(sources=sources) == (
        Gap("G1", "no picture answers for it"),
        Gap("G3", "there is no such statement; it is cited by the picture install"),
    )


def test_what_is_not_due_any_more_is_a_gap() -> None:
    claims = {**CLAIMS, "S-26": replace(CLAIMS["S-26"], due="liveness"), "N-01": Claim("N-01", "S", "", never="no")}
    sources = replace(SHIPPED, claims=claims, due={"I3.6": "later", "Z1": "later"})
    assert gaps(sources=sources) == (
        Gap("I3.6", "it is due from later, and answered"),
        Gap("Z1", "it is due from later, and no statement"),
        Gap("S-26", "it is due from liveness, and answered"),
        Gap("N-01", "it is said to be unsayable, and answered"),
    )
    settled = {**SHIPPED.settled, "A7": "it is", "Z2": "it is"}
    assert gaps(sources=replace(SHIPPED, settled=settled)) == (
        Gap("A7", "it is said to need no answer, and has one"),
        Gap("Z2", "it is said to need no answer, and is no statement"),
    )


def test_what_is_owed_does_not_hide_what_else_is_missing() -> None:
    """A pattern of log lines that is due from a later part does not excuse the model."""
    statements = {name: those for name, those in SHIPPED.told.statements.items() if name != "K1"}
    sources = replace(SHIPPED, told=replace(SHIPPED.told, statements=statements), due={"K1": "later"})
    (gap,) = gaps(without(MODEL, "K1"), sources=sources)
    assert gap.name == "K1"


# The command


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    monkeypatch.delenv("COLUMNS", raising=False)
    yield shipped()


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.app, ["trace", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_says_what_is_due_and_that_nothing_is_missing(system: System) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "  I3.6   must  sts (1)                                 S-34 S-95 E-55\n" in out
    assert "  G1           ccmproof diagram workflow install\n" in out
    assert "groups of quoted lines  27, of which 27 are recognised\n" in out
    assert out.endswith("\ngaps  none\n")
    assert max(map(len, out.splitlines())) <= 80


def test_a_gap_is_one_and_stands_last(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "system", lambda: replace(system, suite=suite_without("S-26")))
    code, out, _ = run()
    assert code == 1
    assert out.endswith("\ngaps  1\n  S-26  no property of the suite answers for it\n")


def test_the_matrix_as_json(system: System) -> None:
    code, out, _ = run("--format", "json")
    assert (code, out) == (0, run("--json")[1])
    data = json.loads(out)
    assert list(data) == ["statements", "claims", "gaps", "silent"]
    assert {"event": "tick", "why": "time passes"} in data["silent"]
    assert data["gaps"] == []
    row = next(each for each in data["statements"] if each["id"] == "I3.6")
    assert "S8.created" in row["patterns"]
    assert row == {
        "id": "I3.6", "kind": "must", "text": STATEMENTS["I3.6"].text, "model": ["sts/sts_creates_token"],
        "properties": ["S-34", "S-95", "E-55"], "missing": [], "due": "", "note": "", "pictures": [],
        "patterns": row["patterns"],
    }  # fmt: skip


def test_places_are_told_by_actor() -> None:
    places = ["sts", "sts/a", "sts/b", "mp_works", "assumption: a is b/c"]
    assert by_actor(places) == ["sts (2)", "mp_works", "assumption"]


def test_a_page_in_ascii(matrix: Trace) -> None:
    assert text_of_trace(matrix, width=80, colour=False, ascii=True).isascii()
