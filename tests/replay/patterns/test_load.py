"""A user's own file of patterns: read as the shipped ones are, and refused in a line that says where and what."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.patterns import Recogniser, load, shipped, with_shipped
from ccmproof.harness.system import shipped as system
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network

GOOD = """\
logs = ["ccmsetup"]

[[pattern]]
id = "own.proxy"
text = "The proxy of {company} says {what}"
also = ["The proxy says {what}"]
cause = "proxy"
means = "the proxy speaks"
events = ["create_connection"]
holds = "connection is closed"
facets = [{ word = "denied", holds = "ccmsetup is asking_aad_info" }]

[[pattern]]
id = "S1"
text = "Asking the gateway '{cmg}'"
logs = []
"""


@pytest.fixture(scope="module")
def network() -> Network:
    of = system()
    return expand(of.build(of.default))


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_as_the_shipped_table_is(tmp_path: Path, network: Network) -> None:
    own = load(written(tmp_path, GOOD), network)
    assert [(each.id, each.logs, each.cause) for each in own] == [("own.proxy", ("ccmsetup",), "proxy"), ("S1", (), "")]
    seen = Recogniser(with_shipped(own)).of(Line("a", 1, "ccmsetup", "The proxy of Contoso says denied"))
    assert seen is not None
    assert seen.fields == {"company": "Contoso", "what": "denied"}
    assert seen.pattern.holds == "connection is closed and ccmsetup is asking_aad_info"


def test_of_two_patterns_with_one_id_the_user_s_counts(tmp_path: Path) -> None:
    both = with_shipped(load(written(tmp_path, GOOD)))
    assert [each.text for each in both if each.id == "S1"] == ["Asking the gateway '{cmg}'"]
    assert len(both) == len(shipped()) + 1


@pytest.mark.parametrize(
    ("before", "after", "place", "what"),
    [
        ('id = "own.proxy"', 'ids = "own.proxy"', "4:1", "there is no key 'ids' (did you mean 'id'?)"),
        ('id = "own.proxy"', 'id = ""', "3:1", "a pattern needs an id"),
        ('"The proxy of {company} says {what}"', '""', "3:1", "a pattern needs a text"),
        ("{company}", "{company:hots}", "5:1", "there is no kind of capture 'hots' (did you mean 'host'?)"),
        ('["ccmsetup"]', '["ccmsetub"]', "1:1", "there is no component 'ccmsetub' (did you mean 'ccmsetup'?)"),
        ('cause = "proxy"', 'cause = "proxi"', "7:1", "there is no cause 'proxi' (did you mean 'proxy'?)"),
        ("create_connection", "create_conection", "9:1", "'create_conection' (did you mean 'create_connection'?)"),
        ('["create_connection"]', '"create_connection"', "9:1", "events has to be a list of texts"),
        ("connection is closed", "connexion is closed", "10:10", "'connexion' (did you mean 'connection'?)"),
        ("asking_aad_info", "asking_aad", "", "ccmsetup has no state 'asking_aad' (did you mean 'asking_aad_info'?)"),
        ('word = "denied"', 'wort = "denied"', "", "there is no key 'wort' (did you mean 'word'?)"),
        ('id = "S1"', 'id = "own.proxy"', "14:1", "there is a pattern 'own.proxy' already"),
        ("[[pattern]]", "[[patern]]", "3:1", "there is no key 'patern' (did you mean 'pattern'?)"),
        ('means = "the', "means = the", "8:9", "invalid value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_the_nearest_name(
    tmp_path: Path, network: Network, before: str, after: str, place: str, what: str
) -> None:
    assert before in GOOD
    path = written(tmp_path, GOOD.replace(before, after))
    with pytest.raises(ModelError) as caught:
        load(path, network)
    said = str(caught.value)
    assert said.startswith(f"{path}:{place}"), said
    assert what in said
    assert "\n" not in said


def test_a_file_that_is_not_there_or_has_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read"):
        load(tmp_path / "none.toml")
    with pytest.raises(ModelError, match=r"has \[\[pattern\]\] entries"):
        load(written(tmp_path, ""))


def test_the_sample_of_the_page_is_a_table(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "harness" / "replay" / "PATTERNS.md"
    sample = page.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    (pattern,) = load(written(tmp_path, sample))
    seen = Recogniser([pattern]).of(Line("a", 1, "ccmsetup", pattern.examples[0]))
    assert seen is not None and seen.fields["company"] == "Contoso"
