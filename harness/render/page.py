"""A page of styled text: how wide it is, whether it has colours, whether it must be ASCII. Renderings draw on it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from .words import ascii_only

THEME = Theme(
    {
        # Of the Okabe–Ito palette, which people with any kind of colour vision can tell apart.
        "holds": "#56b4e9",
        "fails": "#d55e00",
        "undetermined": "#e69f00",
        "vacuous": "dim",
        "surprise": "bold #d55e00",
        "title": "bold",
        "quiet": "dim",
        "name": "bold",
    },
    inherit=False,
)

Piece = str | tuple[str, str]
"""Some text, or some text and its style."""


@dataclass
class Page:
    """Lines are added from top to bottom; :meth:`text` gives all of them."""

    width: int = 80
    colour: bool = False
    ascii: bool = False
    _file: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self._console = Console(
            file=self._file,
            width=self.width,
            theme=THEME,
            force_terminal=self.colour,
            no_color=not self.colour,
            color_system="truecolor" if self.colour else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def styled(self, *pieces: Piece) -> Text:
        """One text made of pieces."""
        made = Text()
        for piece in pieces:
            words, style = (piece, "") if isinstance(piece, str) else piece
            made.append(ascii_only(words) if self.ascii else words, style)
        return made

    def line(self, *pieces: Piece, indent: int = 0) -> None:
        """A paragraph, wrapped at the page's width."""
        self._console.print(Padding(self.styled(*pieces), (0, 0, 0, indent)))

    def blank(self) -> None:
        self._console.print()

    def flow(self, parts: Sequence[str], width: int, separator: str = " ") -> str:
        """The parts on as few lines of that width as may be, none of them broken unless it is longer than a line."""
        said = [ascii_only(part) if self.ascii else part for part in parts]
        lines: list[str] = []
        for part in said:
            if lines and len(lines[-1]) + len(separator) + len(part) <= width:
                lines[-1] += separator + part
            else:
                lines.append(part)
        return "\n".join(lines)

    def rows(self, rows: Sequence[Sequence[Text]], *, indent: int = 2, widths: Sequence[int] = ()) -> None:
        """Columns without rules; the last one wraps, the others take what they need or the width that is given."""
        if not rows:
            return
        grid = Table.grid(padding=(0, 2, 0, 0))
        for column in range(len(rows[0])):
            last = column == len(rows[0]) - 1
            wide = widths[column] if column < len(widths) else None
            grid.add_column(width=None if last else wide, no_wrap=not last, overflow="fold")
        for row in rows:
            grid.add_row(*row)
        self._console.print(Padding(grid, (0, 0, 0, indent)))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], *, indent: int = 2) -> None:
        """A table with a head; every column may wrap."""
        grid = Table(box=None, padding=(0, 2, 0, 0), header_style="quiet", show_edge=False, pad_edge=False)
        for column, title in enumerate(head):
            grid.add_column(self.styled(title), overflow="fold", ratio=None, no_wrap=column == 0 and len(head) == 2)
        for row in rows:
            grid.add_row(*(self.styled(cell) for cell in row))
        self._console.print(Padding(grid, (0, 0, 0, indent)))

    def text(self) -> str:
        """The whole page, without blanks at the ends of lines."""
        return "".join(line.rstrip() + "\n" for line in self._file.getvalue().splitlines())
