"""The gallery: which diagrams of what is shipped are kept beside the code, and the Markdown pages that show them.

All of them are Mermaid. Code hosts draw it, and it is the same text wherever it is made: an SVG's bytes depend on the
Graphviz that lays it out, so that a kept one could not be compared. Each entry says its command; ``-o FILE.svg`` behind
it makes a picture of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A diagram: its title, what stands behind ``ccmproof diagram``, and one sentence of what is to be seen."""

    title: str
    command: str
    seen: str


@dataclass(frozen=True)
class Group:
    """Diagrams that share a page: the name of its file, its title, what they have in common; none: no page."""

    name: str
    title: str
    about: str
    entries: tuple[Entry, ...]


GALLERY: tuple[Group, ...] = (
    Group("workflows", "Workflows", "Several runs of the model in one sequence, each a shortest one. What is not shaded"
          " is the usual way; a frame has an alternative by its name.", (
        Entry("Installation", "workflow install", "The document's first picture: from the command line to client.msi,"
              " with the fallback to the user's token."),
        Entry("Registration", "workflow registration", "The document's second picture: approval 3 at once, or once the"
              " site has confirmed it; and the new CCM token."),
        Entry("Renewal", "workflow renewal", "A message with the cached token while that is fresh, and with a new one"
              " where it is expired or close to it."),
    )),
    Group("actors", "Actors", "Who decides something, as a state machine. Thick is the shortest way to registration,"
          " operation and content where all is as usual.", (
        Entry("ccmsetup", "actor ccmsetup", "The installer: what leads on, and what makes an attempt fail."),
        Entry("Entra request", "actor entra_request", "The device's token first, then the user's; WAM's cache before"
              " either."),
        Entry("Registration", "actor registration", "Numbered attempts, four kinds of proof, and a pending"
              " registration that is asked for again."),
        Entry("Messaging", "actor messaging", "The CCM token looked at before each message, renewed, and used."),
        Entry("Connection", "actor connection", "Connection first, revocation check after; four ways to fail."),
        Entry("Entra ID", "actor entra", "Two questions, two answers each, and silence."),
        Entry("CMG", "actor cmg", "What it answers itself, what it refuses, what it forwards."),
        Entry("Connection point", "actor connection_point", "The CMG's URL becomes the management point's."),
        Entry("Management point", "actor management_point", "One request at a time, to STS, to registration, or"
              " served at once."),
        Entry("Security token service", "actor sts", "Validated, looked up, created, issued: in that order."),
        Entry("Cloud storage", "actor cloud_store", "It looks at the content token and at nothing else."),
    )),
    Group("network", "The network", "The actors by host. An arrow goes from who decides an event to whom it moves.", (
        Entry("Document", "network --scenario document", "Who speaks with whom on the document's own healthy site."),
        Entry("Every environment", "network", "The same in every environment, with what happens only in some."),
    )),
    Group("counterexamples", "Counterexamples", "Weaknesses that the design has, each by the shortest run that shows"
          " it; the last note says what is broken.", (
        Entry("Phantom registration", "counterexample S-16c", "The site has the record, and the client does not know."),
        Entry("A user of another tenant", "counterexample SEC-05b --scenario document --set tenant_match=onboarded"
              " --set 'user_kind=*' --set 'other_tenant_onboarded=*'", "Where any onboarded tenant's user will do, a"
              " stranger's token is exchanged."),
        Entry("A stolen CCM token", "counterexample SEC-21b --scenario thief", "A bearer token serves whoever has it."),
        Entry("A captured Entra token", "counterexample N-08 --scenario thief", "With the CMG's key a man in the"
              " middle comes by a token that the site takes."),
        Entry("Content after a block", "counterexample SEC-17c --scenario blocked", "The content token outlives the"
              " block."),
        Entry("Dark after /NoCRLCheck", "counterexample L-12 --scenario promises", "A run without end: the client fails"
              " in the same way again and again, and nothing that is owed comes."),
    )),
    Group("changes", "Changes", "The actors that a change touches: `+` added, `−` removed, `±` altered.", (
        Entry("No fallback to the user", "change c01-drop-user-fallback", "SYSTEM asks for no user's token any more."),
        Entry("/NoCRLCheck is kept", "change c19-keep-nocrlcheck", "One predicate, and the connection that reads it."),
        Entry("The signed-in user first", "change signed-in-user-first", "Which token is asked for first, turned"
              " round in one machine."),
    )),
    Group("causes", "Causes", "Which question to ask first about a site where something does not work.", (
        Entry("Registration", "causes registration", "Why a client cannot be registered with approval 3."),
        Entry("Operation", "causes operation", "Why no message is served once the security settings were refreshed."),
        Entry("Content", "causes content", "Why the content cannot be downloaded."),
    )),
    Group("product", "The product", "All actors together as one state machine, as some of them see it: a box is what"
          " can be reached with their states, with how many states of the product and environments lie behind it.", (
        Entry("Registration", "product registration --scenario document", "Seven steps to the end that nothing leads"
              " out of, and three ways back."),
        Entry("ccmsetup in every environment", "product ccmsetup", "The installation in 10^12 environments: how many"
              " get how far."),
        Entry("From installation to registration", "product ccmsetup registration", "One after the other: nothing"
              " begins before client.msi has finished."),
        Entry("Which token is asked for", "product entra_request", "The device's, then the user's, and what each"
              " answer leads to."),
        Entry("Connection and certificate", "product connection pki", "An unknown beside an actor splits the boxes by"
              " environment."),
    )),
)  # fmt: skip

MADE = "<!-- Made by `ccmproof diagram --all`; changes by hand are lost. -->"
ABOUT = (
    "Drawn from the model, so that they cannot be out of date: a test draws them again and compares."
    " `ccmproof diagram --all` renews them; a command with `-o FILE.svg` or `.png` makes a picture of one."
)


EXPLORER = (
    "## The explorer",
    "",
    "`ccmproof explore` makes a page on which the product is walked by hand; here it is at the last step of",
    "`ccmproof explore --counterexample S-16c`, light and dark.",
    "",
    "![The explorer, light](explorer-light.png)",
    "",
    "![The explorer, dark](explorer-dark.png)",
    "",
)
"""What the index says of a page that is too lively for Markdown. Its pictures are taken by a test."""


def pages(draw: Callable[[Sequence[str]], str]) -> Iterator[tuple[str, str]]:
    """The pages one after the other, each with the name of its file: a page for each group, the index last.

    Args:
        draw: the Mermaid text that ``ccmproof diagram`` with these arguments prints.
    """
    shown = [group for group in GALLERY if group.entries]
    for group in shown:
        yield f"{group.name}.md", "\n".join(_page(group, draw))
    yield "README.md", "\n".join(_index(shown))


def _page(group: Group, draw: Callable[[Sequence[str]], str]) -> Iterator[str]:
    yield from (MADE, "", f"# {group.title}", "", f"{group.about} [All diagrams](README.md)", "")
    for entry in group.entries:
        drawn = draw(shlex.split(entry.command))
        yield from (f"## {entry.title}", "", entry.seen, "", "```sh", f"ccmproof diagram {entry.command}", "```", "")
        yield from (f"<!-- diagram:{entry.command} -->", f"```mermaid\n{drawn}```", "")


def _index(groups: Sequence[Group]) -> Iterator[str]:
    yield from (MADE, "", "# Diagrams", "", ABOUT, "")
    for group in groups:
        yield from (
            f"## [{group.title}]({group.name}.md)",
            "",
            group.about,
            "",
            "| diagram | what is to be seen | command |",
        )
        yield "|---|---|---|"
        for entry in group.entries:
            command = entry.command.replace("|", "\\|")
            yield f"| [{entry.title}]({group.name}.md#{_anchor(entry.title)}) | {entry.seen} | `{command}` |"
        yield ""
    yield from EXPLORER


def _anchor(title: str) -> str:
    """The name that code hosts give to a heading."""
    return "".join(sign for sign in title.lower().replace(" ", "-") if sign.isalnum() or sign in "-_")


def home() -> Path | None:
    """Where the gallery is kept: in the checkout that this is run from; ``None`` for an installed package."""
    import ccmproof.diagrams

    room = Path(str(ccmproof.diagrams.__file__)).resolve().parent
    return room / "gallery" if (room.parent / "pyproject.toml").is_file() else None
