"""Mermaid's own drawing of a text, in a browser, with the limits and the strictness that code hosts have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from browser import unavailable
from ccmproof.diagrams.mermaid import JOINER
from mermaid_release import NotThere, bundle

if TYPE_CHECKING:
    from playwright.sync_api import Page

SETTINGS = {"startOnLoad": False, "securityLevel": "strict", "maxTextSize": 50_000, "maxEdges": 500}
"""Mermaid's defaults, which code hosts keep."""
_RENDER = """async ([text, settings]) => {
    mermaid.initialize(settings);
    await mermaid.parse(text);
    const {svg} = await mermaid.render("drawn", text);
    return svg;
}"""
_TEXTS = r"""svg => {
    const drawn = new DOMParser().parseFromString(svg, "text/html");
    drawn.querySelectorAll("style, script, title, desc").forEach(each => each.remove());
    drawn.querySelectorAll("br").forEach(each => each.replaceWith("\n"));
    const labels = [...drawn.querySelectorAll("foreignObject, text")];
    return labels.flatMap(each => each.textContent.split("\n"));
}"""
_TOO_LONG = "Maximum text size in diagram exceeded"
"""What Mermaid draws in place of a text that is too long for it."""


def rendered(page: Page, text: str, **settings: Any) -> str:
    """The SVG that Mermaid makes of a text; settings beside the usual ones: ``theme="dark"``, ``layout="dagre"``.

    Raises:
        playwright.sync_api.Error: Mermaid does not take the text, or it has too many edges.
        AssertionError: it is too long.
    """
    if not page.evaluate("'mermaid' in globalThis"):
        try:
            page.add_script_tag(path=bundle())
        except NotThere as error:
            unavailable(str(error))
    svg: str = page.evaluate(_RENDER, [text, {**SETTINGS, **settings}])
    assert _TOO_LONG not in svg, f"{len(text)} characters are too many"
    return svg


def texts(page: Page, svg: str) -> list[str]:
    """The lines of all labels as they stand in the SVG, with single blanks and without what has no width."""
    found: list[str] = page.evaluate(_TEXTS, svg)
    plain = (" ".join(line.replace(JOINER, "").replace("\u200b", "").split()) for line in found)
    return [line for line in plain if line]
