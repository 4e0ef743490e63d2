"""Pictures: SVG and PNG, drawn by Graphviz from DOT. It comes with pygraphviz, the extra ``diagrams``."""

from __future__ import annotations

from ccmproof.model.kernel.errors import ModelError

DPI = 144
"""Of a PNG: twice the usual, so that small print is legible on a projector."""


def check(form: str) -> None:
    """Refuse a format that cannot be drawn here.

    Raises:
        ModelError: pygraphviz cannot be loaded.
    """
    try:
        import pygraphviz  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"--format {form}: pygraphviz cannot be loaded ({error}): pip install 'ccmproof[diagrams]',"
            " or choose --format mermaid or dot"
        ) from error


def picture(dot: str, form: str) -> bytes:
    """The picture of a DOT text.

    Raises:
        ModelError: pygraphviz cannot be loaded, or Graphviz cannot draw it.
    """
    check(form)
    from pygraphviz import AGraph

    graph = AGraph(string=dot)
    if form == "png":
        graph.graph_attr["dpi"] = str(DPI)
    try:
        drawn = graph.draw(format=form, prog=graph.graph_attr["layout"], args="-q")
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"--format {form}: Graphviz cannot draw it: {error}") from error
    assert isinstance(drawn, bytes)
    return drawn
