"""What diagnoses need of the model is found out once for all tests here."""

from __future__ import annotations

import pytest
from ccmproof.harness.replay.following.equipment import Equipment, equipment


@pytest.fixture(scope="session")
def using(tmp_path_factory: pytest.TempPathFactory) -> Equipment:
    made = equipment(keep=False)
    made.folder = tmp_path_factory.mktemp("kept")
    return made
