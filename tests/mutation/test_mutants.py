"""Which edits there are: each of a small model by its text; of the shipped one, that texts are names."""

from __future__ import annotations

from collections import Counter

import pytest
from ccmproof.harness.mutation.mutants import KINDS, mutants, mutants_of
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.actor import actor, observer, otherwise, parameter, put, record, recv, send, take, unknown
from ccmproof.model.kernel.definition import EventDef, Model, Predicate
from ccmproof.model.kernel.edit import apply
from ccmproof.model.statements import statements  # noqa: F401
