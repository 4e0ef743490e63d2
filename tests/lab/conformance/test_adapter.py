"""A component of somebody else in the place of one of ours: the worked example, and what is said of what is none."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from ccmproof.harness.lab.conformance import adapter
from ccmproof.harness.lab.gateway import Gateway
from ccmproof.model.kernel.errors import ModelError

EXAMPLE = """
from ccmproof.harness.lab.gateway import Gateway

class Lenient(Gateway):
    async def token_good(self, incoming):
        return bool(incoming.credential("Bearer"))

def parts():
    return {"gateway": Lenient}
"""


def test_the_example_of_the_documentation_runs() -> None:
    """A lenient gateway is found out, and the lab's own is not."""
    failed, attempted = doctest.testmod(adapter)
    assert attempted > 5
    assert not failed


def test_a_module_gives_its_components_by_its_file(tmp_path: Path) -> None:
    """The file of the documentation's example."""
    file = tmp_path / "lenient_gateway.py"
    file.write_text(EXAMPLE, encoding="utf-8")
    parts = adapter.loaded(str(file))
    assert list(parts) == ["gateway"]
    assert issubclass(parts["gateway"], Gateway)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "no function parts"),
        ("def parts(): return []", "gives list"),
        ("def parts(): return {'gatway': object}", "no place 'gatway'.*gateway"),
        ("def parts(): return {'gateway': 3}", "no class"),
        ("class A:\n    def start(self): ...\ndef parts(): return {'connection_point': A}", "no 'open_channel'"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError"),
    ],
)
def test_what_is_no_component_is_told(tmp_path: Path, text: str, said: str) -> None:
    """Each error says what is wrong, and where."""
    file = tmp_path / "theirs.py"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        adapter.loaded(str(file))


def test_a_module_that_is_not_there_is_told() -> None:
    """By its name or by its file."""
    with pytest.raises(ModelError, match="cannot be loaded"):
        adapter.loaded("no_such_module_anywhere")
    with pytest.raises(ModelError, match="there is no file"):
        adapter.loaded("nowhere/theirs.py")
