"""Files of cases: what is wrong in one is told in one line, with where it is and what would be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.lab.conformance.case_file import SHIPPED, read, read_all, write
from ccmproof.model.kernel.errors import ModelError

TICK = {"do": "tick"}
GOOD: dict[str, Any] = {"version": 1, "name": "x", "environment": {}, "steps": [TICK]}
INSTALL, ENDED = {"work": "INSTALL"}, {"end": "INSTALL"}
OFFER = {"do": "adversary_offers_no_token", "way": "offer_goes_to_the_cmg", "fields": {
    "request.endpoint": "sts", "request.token_auth": "no", "request.claims": "client"}}  # fmt: skip


def steps(*of: Any) -> list[dict[str, Any]]:
    return [{**GOOD, "steps": list(of)}]


WRONG: dict[str, tuple[Any, str]] = {
    "no list": ({}, "it has no list of cases"),
    "an empty list": ([], "it has no case"),
    "no object": ([3], "case 1: it is no object"),
    "another version": ([{**GOOD, "version": 2}], "case 1: its version is 2; this tool reads 1"),
    "true is no version": ([{**GOOD, "version": True}], "case 1: its version is True; this tool reads 1"),
    "1.0 is none either": ([{**GOOD, "version": 1.0}], "case 1: its version is 1.0; this tool reads 1"),
    "nor is a text": ([{**GOOD, "version": "1"}], "case 1: its version is '1'; this tool reads 1"),
    "two of one name": ([GOOD, {**GOOD, "name": "y"}, GOOD],
                        "case 3: it is called 'x', and so is one before it, "),
    "no name": ([{**GOOD, "name": ""}], "case 1: it has no name, which is a text of one line"),
    "a name of two lines": ([{**GOOD, "name": "x\ny"}], "case 1: it has no name, which is a text of one line"),
    "an unknown key": ([{**GOOD, "enviroment": {}}], "case 1: a case has no 'enviroment' (did you mean 'environment'?);"
                       " it has version, name, environment, steps"),
    "an unknown unknown": ([{**GOOD, "environment": {"jion": "entra"}}],
                           "case 1 (x): there is no unknown 'jion' (did you mean 'join'?)"),
    "a value that is no text": ([{**GOOD, "environment": {"join": 3}}],
                                "case 1 (x): environment: it is no object of texts"),
    "no steps": ([{**GOOD, "steps": {}}], "case 1 (x): it has no list of steps"),
    "zero steps": (steps(), "case 1 (x): it has no step"),
    "in the second case": ([GOOD, {**GOOD, "name": "y", "steps": []}], "case 2 (y): it has no step"),
    "a step that is none": (steps({}), "case 1 (x), step 1: it has to be one of work, do, see and end, and is none"),
    "a step of no kind": (steps(TICK, {"wrok": "INSTALL"}), "case 1 (x), step 2: it has to be one of work, do, see and"
                          " end, and is none (did you mean 'work'?)"),
    "a step of two kinds": (steps({"do": "tick", "see": "x"}), "case 1 (x), step 1: it has to be one of work, do, see"
                            " and end, and is see, do"),
    "an unknown key of a step": (steps({"see": "mp_answers", "field": {}}), "case 1 (x), step 1: a step 'see' has no"
                                 " 'field' (did you mean 'fields'?); it has see, as, fields"),
    "a key of another step": (steps({"work": "INSTALL", "fields": {}}), "case 1 (x), step 1: a step 'work' has no"
                              " 'fields'; it has work"),
    "nothing to do": (steps({"do": "tik"}), "case 1 (x), step 1: there is nothing to do that is called 'tik'"
                      " (did you mean 'tick'?)"),
    "nothing to see": (steps({"see": "tick"}), "case 1 (x), step 1: there is nothing to see that is called 'tick'"),
    "a work by another name": (steps({"work": "INSTAL"}), "case 1 (x), step 1: there is nothing to work that is called"
                               " 'INSTAL' (did you mean 'INSTALL'?)"),
    "a name that is none": (steps({"do": ["tick"]}), "case 1 (x), step 1: there is nothing to do that is called"
                            " ['tick']"),
    "what comes of a work": (steps({"do": "ccmsetup_tries_again"}), "case 1 (x), step 1: there is nothing to do that"
                             " is called 'ccmsetup_tries_again'"),
    "a field that is none": (steps({"see": "mp_answers", "fields": {"reply.stat": "ok"}}), "case 1 (x), step 1: there"
                             " is no field 'reply.stat' (did you mean 'reply.status'?)"),
    "a value that never is": (steps({"see": "mp_answers", "fields": {"reply.status": "okay"}}), "case 1 (x), step 1:"
                              " reply.status is never 'okay' (did you mean 'ok'?)"),
    "fields of what says nothing": (steps({**TICK, "fields": {"reply.status": "ok"}}),
                                    "case 1 (x), step 1: tick says nothing, and it has fields"),
    "an offer without a way": (steps({**OFFER, "way": ""}), "case 1 (x), step 1: an offer needs a way, one of"
                               " offer_goes_to_the_cmg"),
    "a way that is nowhere, of no offer": (steps({**TICK, "way": "nowhere"}), "nothing else has one"),
    "a way that is no text, of no offer": (steps({**TICK, "way": []}), "nothing else has one"),
    "a way of no offer": (steps({**TICK, "way": "offer_goes_directly"}), "nothing else has one"),
    "an offer of nothing": (steps({**OFFER, "fields": {"request.endpoint": "sts"}}), "case 1 (x), step 1:"
                            " adversary_offers_no_token is an offer, and does not say request.token_auth,"
                            " request.claims"),
    "an end without a work": (steps(TICK, ENDED), "case 1 (x), step 2: INSTALL ends, and the client is at nothing"),
    "an end of another work": (steps(INSTALL, {"end": "REGISTER"}),
                               "case 1 (x), step 2: REGISTER ends, and the client is at INSTALL"),
    "two ends": (steps(INSTALL, ENDED, ENDED), "case 1 (x), step 3: INSTALL ends, and the client is at nothing"),
    "a work in a work": (steps(INSTALL, {"work": "REGISTER"}), "case 1 (x), step 2: REGISTER begins while the client"
                         " is at INSTALL; end that first"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, data: Any, said: str) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ModelError) as found:
        read(path)
    assert str(found.value).startswith(f"{path}: ")
    assert said in str(found.value)
    assert len(str(found.value).splitlines()) == 1


@pytest.mark.parametrize(
    "of",
    [[TICK], [INSTALL], [INSTALL, ENDED, INSTALL], [OFFER], [{"do": "ccmsetup_gives_up"}]],
    ids=str,
)
def test_what_is_right_is_taken(tmp_path: Path, of: list[Any]) -> None:
    """A case may end in the middle of a work, and begin one again."""
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(steps(*of)), encoding="utf-8")
    (case,) = read(path)
    assert [step.to_json() for step in case.steps] == of


def test_what_is_said_twice_is_told(tmp_path: Path) -> None:
    """JSON has no word for which of them counts."""
    path = tmp_path / "cases.json"
    path.write_text('[{"version": 1, "steps": [{"work": "INSTALL", "work": "REGISTER"}]}]', encoding="utf-8")
    with pytest.raises(ModelError, match=r"cases\.json: it is no JSON: one object says 'work' twice"):
        read(path)


def test_two_files_have_no_case_of_one_name(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    for path in (one, other):
        path.write_text(json.dumps([GOOD]), encoding="utf-8")
    with pytest.raises(ModelError) as found:
        read_all([one, other])
    assert str(found.value) == f"{other}: it is called 'x', and so is one before it, {one}"


def test_the_shipped_cases_are_read_and_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "again.json"
    write(read(SHIPPED), path)
    assert path.read_bytes() == SHIPPED.read_bytes()
