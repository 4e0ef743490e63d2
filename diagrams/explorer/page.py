"""The page: its text, style and scripts from the files beside this one, with what it is about put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from ccmproof.model.kernel.network import Network

from ..words import words
from .data import Subject, data_of, script
from .machines import machines

SCRIPTS = (
    "semantics.js",
    "words.js",
    "history.js",
    "standing.js",
    "parse.js",
    "search.js",
    "dom.js",
    "lanes.js",
    "views.js",
    "next.js",
    "walks.js",
    "seek.js",
    "app.js",
)
"""In the order in which they stand in the page. Together they are one function, so that nothing of them is global."""


def page(subject: Subject) -> str:
    """The page as a text: it needs no network, no server and no other file.

    Raises:
        ModelError: as :func:`.machines.machines`.
    """
    scripts = "\n".join(_read(name) for name in SCRIPTS)
    parts = {
        "title": escape(subject.title),
        "about": escape(subject.about),
        "style": _read("style.css"),
        "machines": _machines(subject.network, machines(subject.network, subject.watching)),
        "data": script(data_of(subject)),
        "script": f'(() => {{\n"use strict";\n{scripts}}})();',
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _read("page.html"))


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _machines(network: Network, drawn: Mapping[str, tuple[str, str]]) -> str:
    """The pictures by host; the page's script fills in what changes from state to state."""
    hosts = dict.fromkeys(network.actor[name].host for name in drawn)
    found = []
    for host in hosts:
        cards = [_card(name, network.position[name], *pictures) for name, pictures in drawn.items()
                 if network.actor[name].host == host]  # fmt: skip
        title = escape(host or "no host")
        found.append(f'<div class="host"><h3>{title}</h3><div class="cards">{"".join(cards)}</div></div>')
    return "\n".join(found)


def _card(name: str, number: int, small: str, large: str) -> str:
    """The small picture, and the large one for whoever asks for it."""
    head = f'<figcaption><button title="Enlarge">{escape(words(name))}</button><span class="now"></span></figcaption>'
    drawn = small.replace("<svg", '<svg role="img"', 1)
    return f'<figure class="machine" data-actor="{number}">{head}{drawn}<template>{large}</template></figure>\n'
