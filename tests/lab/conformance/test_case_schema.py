"""The JSON schema of case files: it is what the model has now, and it takes and refuses what the reader does.

Where events, fields or unknowns have changed, `python -P tests/lab/conformance/test_case_schema.py` writes it anew.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ccmproof.harness.lab.conformance.alphabet import OBSERVED, STIMULI
from ccmproof.harness.lab.conformance.case_file import SCHEMA, SHIPPED
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.contract import Work
from ccmproof.model.workflow.wire import OFFER_GOES, OFFERS
from jsonschema import Draft202012Validator

OF_OFFER = ("request.endpoint", "request.token_auth", "request.claims")


def made() -> dict[str, Any]:
    """The schema of what the model has."""
    network = equipment().network
    data = {actor.name: {"enum": sorted(actor.states)} for actor in network.actors if "." in actor.name}
    unknowns = {actor.name: {"enum": sorted(actor.initial)} for actor in network.unknowns}
    works = [work.value for work in Work]
    done = [event for event, who in STIMULI.items() if who not in ("way", "work", "offer")]

    def step(required: list[str], **properties: Any) -> dict[str, Any]:
        return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}

    fields = {"$ref": "#/$defs/fields"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:ccmproof:case-1",
        "title": "Cases that `ccmproof lab test` plays, and `ccmproof lab suite --cases` writes",
        "description": "Each has a name of its own. A client is at one work at a time, and what ends has begun.",
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["version", "name", "environment", "steps"],
            "additionalProperties": False,
            "properties": {
                "version": {
                    "type": "integer", "const": 1,
                    "description": "It goes up when a reader of the older form would misread the newer. Written 1.",
                },
                "name": {"type": "string", "pattern": "^[^\\n\\r]*[^\\s][^\\n\\r]*$", "description": "One line."},
                "environment": {
                    "type": "object", "additionalProperties": False, "properties": unknowns,
                    "description": "What the site and the device are like; what is not said is as usual.",
                },
                "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
            },
        },
        "$defs": {
            "step": {"oneOf": [
                {"description": "The client is told to do something.", **step(["work"], work={"enum": works})},
                {"description": "The client is at rest again.", **step(["end"], end={"enum": works})},
                {"description": "What is then to be seen.", **step(
                    ["see"], see={"enum": list(OBSERVED)}, fields=fields, **{"as": {"type": "string"}})},
                {"description": "A stimulus.", **step(["do"], do={"enum": done})},
                {"description": "A request that nobody should make, and where it goes.", **step(
                    ["do", "fields", "way"], do={"enum": list(OFFERS)}, way={"enum": list(OFFER_GOES)},
                    fields={**fields, "required": list(OF_OFFER)})},
            ]},
            "fields": {
                "description": "Values of the model's fields.",
                "type": "object", "additionalProperties": False, "properties": data,
            },
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    data = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(data)
    return Draft202012Validator(data)


def written() -> str:
    return json.dumps(made(), indent=1, ensure_ascii=False) + "\n"


def test_it_is_what_the_model_has() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == written()


def test_it_takes_the_cases_that_are_shipped(schema: Draft202012Validator) -> None:
    assert not list(schema.iter_errors(json.loads(SHIPPED.read_text(encoding="utf-8"))))


def test_it_refuses_what_the_reader_refuses_in_a_case_by_itself(schema: Draft202012Validator) -> None:
    from .test_case_file import GOOD, WRONG

    of_several_steps = ("an end", "two ends", "a work in a work", "two of one name")
    of_python = ("1.0 is none either",)  # to JSON it is the same number
    assert not list(schema.iter_errors([GOOD]))
    for name, (data, _) in WRONG.items():
        if not name.startswith((*of_several_steps, *of_python)):
            assert list(schema.iter_errors(copy.deepcopy(data))), name


if __name__ == "__main__":
    SCHEMA.write_text(written(), encoding="utf-8")
