"""TOML with places: on random documents every key and value, and every sign of every text, is where the file has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.changes.located import Document, Misplaced, Place, Way, parsed, read
from ccmproof.model.kernel.errors import ConditionError, ModelError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@dataclass
class Written:
    """A document as it is written: its text so far, and what is known of it.

    Attributes:
        keys: the offset of each key that is written out.
        values: of each value the offset of its own text, and the value.
        signs: of each text the offset of each of its signs.
    """

    text: str = ""
    keys: dict[Way, int] = field(default_factory=dict)
    values: dict[Way, tuple[int, Any]] = field(default_factory=dict)
    signs: dict[Way, list[int]] = field(default_factory=dict)

    def place(self, offset: int) -> Place:
        before = self.text[:offset]
        return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


BLANKS = st.sampled_from(["", " ", "\t", "  "])
COMMENTS = st.sampled_from(["", "", " # a = 'no'", '# [[x]] "', "#\u2028]"])
LINES = (
    st.lists(st.sampled_from(["", "  ", "# c = {", "\t# ]]"]), max_size=2)
    .map(lambda lines: [*lines, ""])
    .map("\n".join)
)
SCALARS = st.sampled_from([
    ("1_000", 1000), ("0x1F", 31), ("true", True), ("false", False), ("1.5e3", 1500.0), ("+7", 7),
])  # fmt: skip
PLAIN = st.sampled_from([(sign, sign) for sign in "abz 09.,#=[]{}é\u2028𝄞"])
ESCAPES = st.sampled_from(
    [("\\n", "\n"), ("\\t", "\t"), ('\\"', '"'), ("\\\\", "\\"), ("\\u00e9", "é"), ("\\U0001D11E", "𝄞")]
)
CONTINUED = st.sampled_from(["\\\n", "\\  \n\n \t"])
"""The end of a line that goes on in the next: no sign of the text."""
NEWLINE = st.just(("\n", "\n"))
SPELLINGS = {
    '"': PLAIN | ESCAPES | st.just(("'", "'")),
    "'": PLAIN | st.sampled_from([('"', '"'), ("\\", "\\")]),
    '"""': PLAIN | ESCAPES | NEWLINE | st.sampled_from([("'", "'"), ('"', '"')]),
    "'''": PLAIN | NEWLINE | st.sampled_from([('"', '"'), ("\\", "\\")]),
}
SAFE = {'"""': '"', "'''": "'"}


class Writer:
    """Writes a random document piece by piece; what it has written is known by heart."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.doc, self.count = draw, Written(), 0
        self.arrays: dict[tuple[str, ...], int] = {}

    def put(self, text: str) -> int:
        """Add to the text; where that begins."""
        at = len(self.doc.text)
        self.doc.text += text
        return at

    def name(self) -> tuple[str, str]:
        """A key that is there nowhere else: as it is written, and what it is."""
        self.count += 1
        name = f"k{self.count}"
        return self.draw(st.sampled_from([
            (name, name), (f'"{name} = \\"x\\" ]"', f'{name} = "x" ]'), (f"'{name}.[['", f"{name}.[["),
            (f'"{name}\\u0020"', f"{name} "),
        ]))  # fmt: skip

    def dotted(self, most: int = 3) -> tuple[int, tuple[str, ...]]:
        """A key of one or more parts; where it begins."""
        parts = [self.name() for _ in range(self.draw(st.integers(1, most)))]
        dot = f"{self.draw(BLANKS)}.{self.draw(BLANKS)}"
        return self.put(dot.join(raw for raw, _ in parts)), tuple(name for _, name in parts)

    def document(self) -> Written:
        self.lines()
        self.pairs(())
        for _ in range(self.draw(st.integers(0, 4))):
            self.put(self.draw(BLANKS))
            self.pairs(self.header())
        self.doc.text = self.doc.text.removesuffix("\n") + self.draw(st.sampled_from(["", "\n", "\n\n# end"]))
        return self.doc

    def header(self) -> Way:
        """The head of a table, of an element of an array of tables, or of a table within such an element."""
        several, again, known = self.draw(st.booleans()), self.draw(st.booleans()), sorted(self.arrays)
        at = self.put("[[" if several else "[")
        self.put(self.draw(BLANKS))
        if known and again:
            names: tuple[str, ...] = self.draw(st.sampled_from(known))
            self.put(" . ".join(map(_quoted, names)))
            if several:
                self.arrays[names] += 1
                path: Way = (*names, self.arrays[names])
            else:
                raw, name = self.name()
                self.put(f".{raw}")
                path = (*names, self.arrays[names], name)
        else:
            _, path = self.dotted()
            for length in range(1, len(path)):
                self.doc.keys[path[:length]] = at
            if several:
                self.doc.keys[path], self.arrays[path] = at, 0
                path = (*path, 0)
        self.doc.keys[path] = at
        self.put(self.draw(BLANKS) + ("]]" if several else "]") + self.draw(COMMENTS) + "\n")
        return path

    def lines(self) -> None:
        self.put(self.draw(LINES))

    def pairs(self, table: Way) -> None:
        for _ in range(self.draw(st.integers(0, 3))):
            self.lines()
            self.put(self.draw(BLANKS))
            self.pair(table, depth=2)
            self.put(self.draw(COMMENTS) + "\n")

    def pair(self, table: Way, depth: int) -> None:
        at, keys = self.dotted()
        for length in range(1, len(keys) + 1):
            self.doc.keys[(*table, *keys[:length])] = at
        self.put(f"{self.draw(BLANKS)}={self.draw(BLANKS)}")
        self.value((*table, *keys), depth)

    def value(self, path: Way, depth: int) -> None:
        kinds = ["scalar", *SPELLINGS, *(["array", "inline"] if depth else [])]
        match self.draw(st.sampled_from(kinds)):
            case "scalar":
                raw, value = self.draw(SCALARS)
                self.doc.values[path] = self.put(raw), value
            case "array":
                self.array(path, depth)
            case "inline":
                self.inline(path, depth)
            case quotes:
                self.string(path, quotes)

    def string(self, path: Way, quotes: str) -> None:
        self.put(quotes)
        if len(quotes) == 3 and self.draw(st.booleans()):
            self.put("\n")
        signs = self.draw(st.lists(SPELLINGS[quotes], max_size=6))
        if len(quotes) == 3 and signs and signs[0][0] == "\n":
            signs[0] = ("a", "a")  # at the very beginning it would be no part of the text
        at, offsets, value = len(self.doc.text), [], ""
        for number, (raw, sign) in enumerate(signs):
            if quotes == '"""' and self.draw(st.integers(0, 4)) == 0:
                self.put(self.draw(CONTINUED))
                if sign in " \t\n" and raw == sign:
                    raw, sign = "x", "x"
            if raw == SAFE.get(quotes) and signs[number - 1 : number] == [(raw, sign)]:
                raw, sign = "y", "y"  # never three of them in a row
            offsets.append(self.put(raw))
            value += sign
        offsets.append(len(self.doc.text))
        self.doc.values[path], self.doc.signs[path] = (at, value), offsets
        self.put(quotes)

    def array(self, path: Way, depth: int) -> None:
        self.doc.values[path] = self.put("["), ...
        count = self.draw(st.integers(0, 3))
        for number in range(count):
            self.lines()
            self.value((*path, number), depth - 1)
            self.lines()
            if number < count - 1 or self.draw(st.booleans()):
                self.put(",")
        self.lines()
        self.put("]")

    def inline(self, path: Way, depth: int) -> None:
        self.doc.values[path] = self.put("{"), ...
        for number in range(self.draw(st.integers(0, 2))):
            self.put((", " if number else "") + self.draw(BLANKS))
            self.pair(path, depth - 1)
            self.put(self.draw(BLANKS))
        self.put("}")


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """A random document of every kind of key, value, table and comment."""
    return Writer(draw).document()


def at(document: Document, path: Way) -> Any:
    data: Any = document.data
    return reduce(lambda inside, key: inside[key], path, data)


def check(document: Document, written: Written) -> None:
    for path, offset in written.keys.items():
        assert document.keys[path] == written.place(offset), path
    for path, (offset, value) in written.values.items():
        assert document.values[path] == written.place(offset), path
        assert value is ... or at(document, path) == value
    for path, offsets in written.signs.items():
        value = at(document, path)
        for number, offset in enumerate(offsets):
            before = value[:number]
            line, column = before.count("\n") + 1, number - (before.rfind("\n") + 1) + 1
            error = ConditionError("odd", line=line, column=column, text=value)
            assert document.error_in(path, error).place == written.place(offset), (path, number)


MANY = settings(max_examples=80, deadline=None, suppress_health_check=[*HealthCheck])


@MANY
@given(documents())
def test_everything_is_where_the_file_has_it(written: Written) -> None:
    check(parsed(written.text, "x.toml"), written)


@MANY
@given(documents(), st.booleans(), st.booleans())
def test_line_ends_of_windows_and_a_byte_order_mark_change_no_place(
    tmp_path_factory: pytest.TempPathFactory, written: Written, crlf: bool, mark: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "x.toml"
    text = written.text.replace("\n", "\r\n") if crlf else written.text
    path.write_bytes(text.encode("utf-8-sig" if mark else "utf-8"))
    check(read(path), written)


@MANY
@given(documents(), st.data())
def test_whatever_is_cut_or_broken_the_error_is_in_the_file(written: Written, data: st.DataObject) -> None:
    """A text with one sign more or less is TOML, or is refused at a place that is there."""
    cut = data.draw(st.integers(0, len(written.text)))
    sign = data.draw(st.sampled_from(["", "=", "[", "'", '"', "\n", "{", "\x00", "]", "é"]))
    text = written.text[:cut] + sign + written.text[cut + data.draw(st.integers(0, 1)) :]
    try:
        parsed(text, "x.toml")
    except Misplaced as error:
        lines = text.split("\n")
        assert str(error) == f"x.toml:{error.place.line}:{error.place.column}: {error.what}"
        assert 1 <= error.place.line <= len(lines)
        assert 1 <= error.place.column <= len(lines[error.place.line - 1]) + 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a = ", "1:5: invalid value"),
        ("a = 1\nb = [1, 2 c]", "2:11: unclosed array"),
        ("a = 1\na = 2\n", "2:6: cannot overwrite a value"),
        ("a = 1\n[[a]]\n", "2:4: cannot overwrite a value"),
        ("a = 'x\n", "1:7: expected \"'\""),
        ("a = \"x\ny\"\n", "1:7: illegal character '\\n'"),
        ("a = '''x\n", "1:9: expected \"'''\""),
        ("# \u2028\na 1\n", "2:3: expected '=' after a key in a key/value pair"),
        ("a\r= 1", "1:2: expected '=' after a key in a key/value pair"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_refused_at_its_place(text: str, error: str) -> None:
    if not error:
        assert parsed(text, "x.toml").data == {}
        return
    with pytest.raises(Misplaced) as caught:
        parsed(text, "x.toml")
    assert str(caught.value) == f"x.toml:{error}"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^cannot read .*nowhere.toml: No such file or directory$"):
        read(tmp_path / "nowhere.toml")
    with pytest.raises(ModelError, match=r"^cannot read "):
        read(tmp_path)
    (tmp_path / "latin.toml").write_bytes("a = 'é'".encode("latin-1"))
    with pytest.raises(ModelError, match=r"latin.toml: it is not UTF-8: byte 5 is 0xe9$"):
        read(tmp_path / "latin.toml")


def test_an_error_is_at_the_key_or_at_what_it_is_in() -> None:
    document = parsed("a = 1\n[b.c]\nd = [\n  'x y',\n  { e = 2 },\n]\n", "x.toml")
    assert document.place(("b", "c", "d")) == Place(3, 1)
    assert document.place(("b", "c", "d", 0)) == Place(4, 4)
    assert document.place(("b", "c", "d", 1, "e")) == Place(5, 5)
    assert document.place(("b", "c", "d", 1, "f")) == Place(5, 3)
    assert document.place(("b",)) == document.place(("b", "x")) == Place(2, 1)
    assert document.place(("z",)) == Place(1, 1)
    assert str(document.error_in(("b", "c", "d", 0), ModelError("odd"))) == "x.toml:4:4: odd"


def test_an_error_in_a_part_of_a_text_is_where_that_part_stands() -> None:
    document = parsed('a = "set x to \\"y\\" when z iz w"\n', "x.toml")
    error = ConditionError("odd", line=1, column=3, text="z iz w")
    assert str(document.error_in(("a",), error)) == "x.toml:1:28: odd"
