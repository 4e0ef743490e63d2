"""Printed in any form and read back: the same messages, in the same order, at the same times.

One room although it is long: a form is misread by being taken for another, so that who adds one has to see them all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.reading import Limits, of_text
from ccmproof.harness.replay.reading.text import harmless
from ccmproof.model.kernel.errors import ModelError
from hypothesis import given, settings
from hypothesis import strategies as st
from replay.printing import (
    DATES,
    ENCODINGS,
    ENDS,
    INSTALL,
    UNAMBIGUOUS,
    VIEWED,
    Said,
    client,
    duplicated,
    escaped,
    pasted,
    run_of,
    server,
    truncated,
    viewed,
)

HOSTILE = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "7",
            " ",
            "'",
            '"',
            "]",
            "[",
            "<",
            ">",
            "!",
            "LOG",
            "<![",
            "]LOG",
            "&lt;",
            "\t",
            "é",
            "$$",
            "\\",
            "\x1b",
        ]
    ),
    max_size=30,
).map("".join)
"""Messages that have nearly what separates them."""
MESSAGES = st.one_of(HOSTILE, st.sampled_from([text for _, text in INSTALL]))
MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2030, 1, 1)).map(
    lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000, tzinfo=UTC)
)
PIECES = (
    *(
        b"<![LOG[",
        b"]LOG]!>",
        b'<time="',
        b"$$<",
        b"><",
        b"\n",
        b"\r",
        b"18.03.2024 09:12:40",
        b" 12 (0xC)",
        b"~~",
        b"`",
    ),
    *(b"*", b"\t", b"  ", b"\x00", b"ccmsetup", b"ccmsetup.log:", b"&lt;![LOG[", b"<thread=", b"'", b"|", b"> "),
)
"""What separates lines and parts of lines, in any form."""
WORDS = st.lists(
    st.sampled_from(["Failed", "to", "get", "token", "(0x5)", "'x'", "10", "is", "done.", "5.0:", "CMG"]),
    min_size=1,
    max_size=6,
)


def separable(text: str) -> bool:
    return "]LOG]!>" not in text and "<![LOG[" not in text


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


@settings(max_examples=150)
@given(
    said=st.lists(st.builds(Said, st.just("ccmsetup"), MESSAGES.filter(separable), MOMENTS), min_size=1, max_size=6),
    bias=st.sampled_from([0, 300, -60, -330, 720]),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    end=st.sampled_from(sorted(ENDS)),
    last=st.booleans(),
)
def test_what_a_client_wrote_is_read_as_it_was_written(
    said: list[Said], bias: int, encoding: str, end: str, last: bool
) -> None:
    text = ENDS[end].join(client(each, bias) for each in said) + (ENDS[end] if last else "")
    found = of_text(ENCODINGS[encoding](text), "ccmsetup.log")
    if [each.when for each in said] == sorted(each.when for each in said):
        assert texts(found) == [harmless(each.text) for each in said]
        assert [line.when for line in found] == [each.when for each in said]
    assert sorted(texts(found)) == sorted(harmless(each.text) for each in said)
    assert {line.log for line in found} == {"ccmsetup"}


@settings(max_examples=100)
@given(
    said=st.lists(st.builds(Said, st.just("CMGService"), WORDS.map(" ".join), MOMENTS), min_size=1, max_size=6),
    bias=st.sampled_from([0, 300, -60]),
    encoding=st.sampled_from(sorted(ENCODINGS)),
)
def test_what_a_site_server_wrote_is_read_as_it_was_written(said: list[Said], bias: int, encoding: str) -> None:
    said = sorted(said, key=lambda each: each.when)
    found = of_text(ENCODINGS[encoding]("\r\n".join(server(each, bias) for each in said)), "CMGService.log")
    assert [(line.text, line.when, line.thread) for line in found] == [
        (each.text, each.when, str(each.thread)) for each in said
    ]


@pytest.mark.parametrize("date", sorted(DATES))
@pytest.mark.parametrize("columns", sorted(VIEWED))
def test_rows_of_a_viewer_are_read_in_any_columns_and_dates_of_any_country(columns: str, date: str) -> None:
    said = run_of(INSTALL, datetime(2024, 3, 18, 14, 12, 40, 7000, UTC))
    found = of_text("\n".join(viewed(each, columns, date, 60) for each in said))
    assert texts(found) == [each.text for each in said]
    assert {line.log for line in found} == {"ccmsetup"}
    assert [line.thread for line in found] == [str(each.thread) for each in said]
    local = [(each.when - timedelta(minutes=60)).replace(tzinfo=None) for each in said]
    shown = local if date.endswith("ms") else [each.replace(microsecond=0) for each in local]
    assert [line.when for line in found] == shown
    assert not any(line.also for line in found)


@settings(max_examples=150)
@given(
    said=st.lists(
        st.builds(Said, st.sampled_from(["ccmsetup", "CcmMessaging"]), WORDS.map(" ".join), MOMENTS),
        min_size=1,
        max_size=6,
    ),
    columns=st.sampled_from(sorted(VIEWED)),
    date=st.sampled_from(sorted(DATES)),
    newest_first=st.booleans(),
)
def test_rows_of_a_viewer_keep_their_messages_and_one_of_their_readings(
    said: list[Said], columns: str, date: str, newest_first: bool
) -> None:
    said = sorted(said, key=lambda each: each.when)
    rows = [viewed(each, columns, date) for each in said]
    found = of_text("\n".join(reversed(rows) if newest_first else rows))
    assert sorted(texts(found)) == sorted(each.text for each in said)
    truth = {each.when.replace(microsecond=0, tzinfo=None) for each in said}
    for line in found:
        readings = {each.replace(microsecond=0) for each in (line.when, line.also) if each}
        assert readings & truth
        assert line.also is None or date not in UNAMBIGUOUS


@pytest.mark.parametrize("columns", sorted(VIEWED))
def test_rows_that_were_run_together_are_taken_apart(columns: str) -> None:
    said = run_of(INSTALL)
    line = " ".join(viewed(each, columns, "d.m.Y") for each in said)
    assert texts(of_text(line)) == [each.text for each in said]


def test_raw_lines_that_were_run_together_are_taken_apart() -> None:
    said = run_of(INSTALL)
    assert texts(of_text(" ".join(client(each) for each in said))) == [each.text for each in said]
    assert texts(of_text(" ".join(server(each) for each in said))) == [each.text for each in said]


def test_raw_lines_out_of_the_source_of_a_page_are_read() -> None:
    said = run_of(INSTALL)
    found = of_text("\n".join(escaped(client(each)) for each in said))
    assert [(line.text, line.when) for line in found] == [(each.text, each.when) for each in said]


def test_messages_alone_get_their_component_from_the_heading() -> None:
    said = run_of([*INSTALL, ("CcmMessaging", "Appending CCM Token to the header."), ("CCM_STS", "Issued token")])
    found = [line for line in of_text(pasted(said)) if line.log]
    assert [(line.log, line.text) for line in found] == [(each.log, each.text) for each in said]
    assert all(line.when is None for line in found)


@pytest.mark.parametrize(
    "heading",
    [
        "ccmsetup.log",
        "**CcmSetup.log**",
        "## ccmsetup.log",
        "ccmsetup.log:",
        "ccmsetup",
        "**CcmSetup:**",
        "the ccmsetup log shows",
        r"C:\Windows\ccmsetup\Logs\ccmsetup.log",
        r"File: C:\Windows\ccmsetup\Logs\ccmsetup.log",
        "===== ccmsetup.log =====",
        "The following entries are logged in ccmsetup.log of the client:",
        "and this is from the ccmsetup.log on the laptop",
    ],
)
def test_headings_name_a_log(heading: str) -> None:
    found = of_text(f"{heading}\n\nFailed to get AAD token..\n")
    assert [(line.log, line.text) for line in found if line.log] == [("ccmsetup", "Failed to get AAD token..")]


@pytest.mark.parametrize(
    "line",
    [
        "> Failed to get AAD token..",
        ">> Failed to get AAD token..",
        "**Failed to get AAD token..**",
        "`Failed to get AAD token..`",
        "_Failed to get AAD token.._",
        "- Failed to get AAD token..",
        "* Failed to get AAD token..",
        "• Failed to get AAD token..",
        "12. Failed to get AAD token..",
        "104: Failed to get AAD token..",
        "   **Failed** to get `AAD token..`",
        "ccmsetup.log: Failed to get AAD token..",
        "ccmsetup.log\tFailed to get AAD token..",
        "| ccmsetup.log | Failed to get AAD token.. |",
        "ccmsetup    Failed to get AAD token..",
        "ccmsetup\tFailed to get AAD token..",
        "Failed to get AAD token..    ccmsetup",
        "Failed to get AAD token.. ccmsetup",
        "Failed to get AAD token.. (ccmsetup.log)",
        "[09:12:44.107] Failed to get AAD token..",
        "9:12:44 AM - Failed to get AAD token..",
        "<p>Failed to get AAD token..</p><br />",
        "&gt; Failed to get AAD token..",
        "&bull; Failed to get AAD token..",
    ],
)
def test_what_a_poster_puts_around_a_message_is_taken_away(line: str) -> None:
    (found,) = of_text(line, "ccmsetup.log")
    assert (found.log, found.text) == ("ccmsetup", "Failed to get AAD token..")


@pytest.mark.parametrize("line", ["...", "     ...", "…", "[...]", "<snip>", "**...**", "", "   ", "---", "{...}"])
def test_a_line_that_says_that_something_was_left_out_is_no_message(line: str) -> None:
    assert texts(of_text(f"Failed to get AAD token..\n{line}\nIssued token\n")) == [
        "Failed to get AAD token..",
        "Issued token",
    ]


def test_messages_that_were_run_together_are_taken_apart_where_known_ones_begin() -> None:
    (_, *rest) = [text for _, text in INSTALL[3:9]]
    line = " ".join([text for _, text in INSTALL[3:7]])
    assert texts(of_text(line)) == [text for _, text in INSTALL[3:7]]
    assert texts(of_text("\n".join(rest))) == rest


def test_forms_may_be_mixed_with_prose_in_one_text() -> None:
    a, b, c, d = run_of([("ccmsetup", f"Message number {number} of the four") for number in range(4)])
    text = "\n".join(
        (
            "Hi all, my client does not install. I see this:",
            "> " + client(a),
            "",
            server(b),
            "and in the viewer",
            viewed(c, "blanks", "d.m.Y"),
            "ccmsetup.log",
            f"**{d.text}**",
            "Any idea?",
        )
    )
    found = of_text(text)
    assert [line.text for line in found if line.text.startswith("Message number")] == [
        each.text for each in (a, b, c, d)
    ]
    assert len(found) == 9 - 1 and [line.number for line in found] == [1, 2, 4, 5, 6, 7, 8, 9]


def test_a_message_of_several_lines_in_a_viewer_is_one() -> None:
    text = (
        "Getting AAD (user) token\tccmsetup\t11/27/2018 10:18:22 PM\t4208 (0x1070)\n"
        "WAM token request failed. Status 5, Details 'AADSTS50001: The application was not found.\n"
        "Trace ID: 1\n"
        "Timestamp: now'\tccmsetup\t11/27/2018 10:18:23 PM\t4208 (0x1070)\n"
    )
    _, second = of_text(text)
    assert second.text.splitlines()[1:] == ["Trace ID: 1", "Timestamp: now'"]
    assert (second.number, second.when) == (2, datetime(2018, 11, 27, 22, 18, 23))


def test_lines_between_two_rows_belong_to_the_second_unless_they_are_messages() -> None:
    first = "Starting\tccmsetup\t11/27/2018 10:18:22 PM\t4208 (0x1070)\n"
    last = "The error code is 80041002\tccmsetup\t11/27/2018 10:18:23 PM\t4208 (0x1070)\n"
    assert texts(of_text(f"{first}MSI: it failed\n{last}")) == [
        "Starting",
        "MSI: it failed\nThe error code is 80041002",
    ]
    for between in ("MSI: it failed\n\n", "\nMSI: it failed\n", "ccmsetup.log\n"):
        assert texts(of_text(first + between + last))[-1] == "The error code is 80041002"
    known = last.replace("The error code is 80041002", "Failed to get AAD token..")
    assert texts(of_text(f"{first}MSI: it failed\n{known}")) == [
        "Starting",
        "MSI: it failed",
        "Failed to get AAD token..",
    ]


def test_cells_that_stand_one_below_the_other_are_a_row() -> None:
    said = run_of(INSTALL[:4])
    for gap in ("\n", "\n\n"):
        text = gap.join(viewed(each, "tabs", "m/d/Y AM").replace("\t", gap) for each in said)
        found = of_text(f"Hello\n{text}\nAny idea?\n")
        assert [(line.text, line.log) for line in found][1:-1] == [(each.text, each.log) for each in said]
        assert [line.when for line in found][1:-1] == [each.when.replace(microsecond=0, tzinfo=None) for each in said]


def test_a_raw_message_may_have_several_lines_and_keeps_its_number() -> None:
    said = run_of([("ccmsetup", "one"), ("ccmsetup", "two\nlines\n\nand more"), ("ccmsetup", "three")])
    found = of_text("".join(client(each) + "\r\n" for each in said), "ccmsetup.log")
    assert [(line.number, line.text) for line in found] == [(1, "one"), (2, "two\nlines\n\nand more"), (6, "three")]


def test_line_breaks_of_a_server_are_line_breaks() -> None:
    (said,) = run_of([("CMGService", "RequestUri: /x ~~ failed")])
    assert of_text(server(said) + "\n")[0].text == "RequestUri: /x\nfailed"


@pytest.mark.parametrize(
    ("time", "offset"),
    [
        ("09:12:44.107+300", -300),
        ("09:12:44.107-180", 180),
        ("09:12:44.107+00", 0),
        ("09:12:44.107+000", 0),
        ("09:12:44.107+0", 0),
        ("09:12:44.107", None),
        ("9:12:44.107+9999", None),
    ],
)
def test_the_bias_is_what_gives_utc_when_it_is_added(time: str, offset: int | None) -> None:
    line = f'<![LOG[x]LOG]!><time="{time}" date="3-8-2024" component="a" context="" type="2" thread="1" file="">'
    (found,) = of_text(line)
    assert found.when is not None and found.severity == 2
    assert found.when.replace(tzinfo=None) == datetime(2024, 3, 8, 9, 12, 44, 107000)
    assert found.when.utcoffset() == (None if offset is None else timedelta(minutes=offset))


@pytest.mark.parametrize("date", ["13-32-2024", "00-00-0000", "", "x", "99-99-9999", "3-8-99999"])
def test_a_date_that_is_none_leaves_the_time_open(date: str) -> None:
    line = f'<![LOG[x]LOG]!><time="09:12:44.1+0" date="{date}" component="a" context="" type="" thread="1" file="">'
    assert [(each.text, each.when) for each in of_text(line)] == [("x", None)]


def test_attributes_may_stand_in_any_order_and_be_quoted_by_a_word_processor() -> None:
    line = "<![LOG[x]LOG]!><time=“09:12:44.107+60” thread=“7” date=“03-18-2024” component=“CcmAad” type=“3”>\n"
    for text in (line, line * 3, line.replace("“", '"').replace("”", '"') * 3):
        for found in of_text(text):
            assert (found.log, found.thread, found.severity) == ("CcmAad", "7", 3)
            assert found.when is not None
            assert found.when.astimezone(UTC) == datetime(2024, 3, 18, 10, 12, 44, 107000, UTC)


def test_the_last_line_may_be_cut_anywhere() -> None:
    said = run_of(INSTALL[:3])
    text = "\n".join(client(each) for each in said)
    whole = text.rindex("<![LOG[")
    for cut in range(whole + len("<![LOG["), len(text)):
        found = of_text(text[:cut], "ccmsetup.log")
        assert texts(found)[:2] == [each.text for each in said[:2]]
        assert all(said[2].text.startswith(line.text.removesuffix("]")) for line in found[2:3]) and len(found) <= 3


def test_a_message_that_a_crash_cut_off_does_not_swallow_the_next() -> None:
    a, b, c = run_of([("ccmsetup", "one"), ("ccmsetup", "two"), ("ccmsetup", "three")])
    text = f"{client(a)}\n{client(b)[:9]}\n{client(c)}\n"
    assert texts(of_text(text)) == ["one", "tw", "three"]


@settings(max_examples=100)
@given(
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=20),
            st.sampled_from(PIECES),
        ),
        max_size=60,
    ),
    chunk=st.sampled_from([1, 7, 64, 1 << 20]),
)
def test_no_bytes_are_too_strange(pieces: list[bytes], chunk: int) -> None:
    data = b"x" * 100 + b"".join(pieces)  # so that mostly it counts as text
    try:
        found = of_text(data, limits=Limits(chunk=chunk, message=256))
    except ModelError as error:
        assert str(error) == "cannot read pasted text: it is no text"
        return
    assert all(not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", line.text + line.log + line.thread) for line in found)
    assert all(a.number >= 1 for a in found)


@settings(max_examples=60)
@given(
    said=st.lists(st.builds(Said, st.just("ccmsetup"), MESSAGES.filter(separable), MOMENTS), min_size=1, max_size=8),
    chunk=st.integers(1, 300),
    form=st.sampled_from([client, server]),
)
def test_pieces_make_no_difference(said: list[Said], chunk: int, form: object) -> None:
    assert callable(form)
    said = sorted(said, key=lambda each: each.when)  # what was turned round is put in order only if it is held whole
    data = "".join(form(each) + "\n" for each in said).encode()
    assert set(of_text(data, limits=Limits(chunk=chunk))) == set(of_text(data))


@pytest.mark.parametrize(
    "row",
    [
        "| {text} | ccmsetup | 18.03.2024 09:12:40 | 4312 (0x10D8) |",
        "> {text}   ccmsetup   18.03.2024 09:12:40   4312 (0x10D8)",
        "    `{text}` ccmsetup 18.03.2024 09:12:40 4312 (0x10D8)",
        "**{text}** ccmsetup 18.03.2024 09:12:40 4312 (0x10D8)",
        "{text}\tccmsetup\t2024/3/18\t9:12:40\t4312 (0x10D8)",
        "{text}\tccmsetup\t2024/3/18 上午 9:12:40\t4312 (0x10D8)",
        "{text}\tccmsetup\t18-Mar-24 9:12:40 AM\t4312 (0x10D8)",
        "{text}\tccmsetup\t18.3.2024 9.12.40\t4312 (0x10D8)",
        "{text}\tccmsetup\t3/18/2024 9:12:40\u202fAM\t4312 (0x10D8)",
        "{text}   ccmsetup   3/18/2024 9:12:40 AM   4312 (0X10d8)",
        "{text} ccmsetup 18/03/2024 09:12:40 4312 (0x10D8)",
        "{text}  ccmsetup  18.03.2024 09:12:40",
        "{text}\tccmsetup\t18.03.2024 09:12:40\t4312",
        "{text}\t18.03.2024 09:12:40\t4312 (0x10D8)",
        "{text}\t18.03.2024 09:12:40",
        "{text}ccmsetup18.03.2024 09:12:404312 (0x10D8)",
        "{text}ccmsetup3/18/2024 9:12:40 AM4312 (0x10D8)",
        "{text} ccmsetup 3/18/2024 9:12:40 AM4312 (0x10D8)",
        "{text} | ccmsetup | 18.03.2024 09:12:40 | 4312 (0x10D8)",
        '"{text}","ccmsetup","18.03.2024 09:12:40","4312 (0x10D8)"',
        "{text} 18.03.2024 09:12:40",
        "{text}   3/18/2024 9:12:40 AM",
        "{text} (3/18/2024 9:12:40 AM)",
        "{text} ccmsetup 18.03.2024 09:12:40 xxxx (0xXXXX)",
        "18.03.2024 09:12:40 ccmsetup {text}",
        "[18.03.2024 09:12:40] {text}",
        "2024-03-18T09:12:40 ccmsetup  {text}",
    ],
)
def test_rows_as_they_are_met_in_tickets(row: str) -> None:
    text = "Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0xd0090016"
    (found,) = of_text(row.format(text=text), "ccmsetup.log")
    assert (found.text, found.log) == (text, "ccmsetup")
    assert found.when == datetime(2024, 3, 18, 9, 12, 40)


def test_rows_that_have_lost_their_tabs_and_their_line_breaks_are_taken_apart() -> None:
    text = "Failed to get AAD token.."
    rows = "".join(f"{text}ccmsetup3/18/2024 9:12:{second} AM4312 (0x10D8)" for second in (40, 41))
    found = of_text(f"{rows} and so on")
    assert [(each.text, each.log, each.when) for each in found[:2]] == [
        (text, "ccmsetup", datetime(2024, 3, 18, 9, 12, second)) for second in (40, 41)
    ]
    assert texts(found[2:]) == ["and so on"]


@pytest.mark.parametrize("label", ["[ccmsetup] ", "ccmsetup: ", "09:12:40 ccmsetup "])
def test_a_component_that_is_put_before_a_message_is_taken(label: str) -> None:
    (found,) = of_text(f"{label}Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0xd0090016")
    assert (found.log, found.text[:6]) == ("ccmsetup", "Failed")


def test_a_word_that_messages_begin_with_is_not_a_component_before_them() -> None:
    text = "MSI: Invalid command line argument. Consult the Windows Installer SDK for detailed command line help."
    assert texts(of_text(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Cached encrypted token for 'S-1-5-18'. Will expire at 03/18/2024 17:12:46",
        "Cached encrypted token for 'S-1-5-18'. Will expire at '03/18/2024 17:12:46'",
        "ValidTo: 03/18/2024 17:12:46",
    ],
)
def test_a_time_that_is_a_part_of_a_message_stays_with_it(text: str) -> None:
    (found,) = of_text(text, "ccmsetup.log")
    assert (found.text, found.when) == (text, None)


def test_a_raw_line_that_mail_has_broken_is_one() -> None:
    line = '<![LOG[Failed to get\nAAD token..]LOG]!><time="09:12:44.107+60"\ndate="03-18-2024"\ncomponent="CcmAad">'
    (found,) = of_text(f"> {line}")
    assert (found.log, found.text) == ("CcmAad", "Failed to get\nAAD token..") and found.when is not None


def test_a_search_names_the_file_before_each_line() -> None:
    said = run_of(INSTALL[:3])
    text = "\n".join(rf"C:\Windows\ccmsetup\Logs\ccmsetup.log:{n}:{client(each)}" for n, each in enumerate(said, 1))
    assert [(line.log, line.text) for line in of_text(text)] == [("ccmsetup", each.text) for each in said]


def test_bytes_that_a_crash_left_unwritten_are_passed_over() -> None:
    a, b = run_of(INSTALL[:2])
    data = client(a).encode() + b"\n" + b"\0" * 100 + client(b).encode() + b"\n" + b"\0" * 50
    assert texts(of_text(data, "ccmsetup.log")) == [a.text, b.text]


def test_lines_between_rows_are_of_the_component_beside_them() -> None:
    row = "Getting AAD token   ccmsetup   11/27/2018 10:18:23 PM   4208 (0x1070)"
    found = of_text(f"{row}\nWAM token request failed.\nand more\n\nAny idea?\n")
    assert [line.log for line in found] == ["ccmsetup", "ccmsetup", "ccmsetup", ""]


def test_a_log_that_is_said_to_have_nothing_announces_nothing() -> None:
    found = of_text("ccmsetup.log:\nFailed to get AAD token..\nand nothing in the CCM_STS.log at all\nIssued token\n")
    assert [line.log for line in found] == ["", "ccmsetup", "", ""]


def test_an_event_of_many_lines_is_one_message_in_a_viewer_and_alone() -> None:
    event = 'Raising event:\ninstance of CCM_CcmHttp_Status\n{\n    HostName = "gw";\n    StatusCode = 401;\n};'
    (said,) = run_of([("CcmMessaging", event)])
    for text in (viewed(said, "tabs", "d.m.Y"), f"CcmMessaging.log\n{event}\nIssued token\n"):
        (found,) = (line for line in of_text(text) if "instance" in line.text)
        assert [line.strip() for line in found.text.splitlines()] == [line.strip() for line in event.splitlines()]


def test_raw_lines_that_lost_their_first_signs_are_read() -> None:
    (said,) = run_of(INSTALL[:1])
    for lost in ("<!", "<", "<![LOG["):
        (found,) = of_text("   " + client(said).removeprefix(lost))
        assert (found.text.strip(), found.when) == (said.text, said.when)


def test_raw_lines_out_of_markdown_are_read() -> None:
    said = run_of(INSTALL[:4])
    text = "\n".join(client(each).replace("[", "\\[").replace("]", "\\]") for each in said)
    assert texts(of_text(text)) == [each.text for each in said]


@pytest.mark.parametrize(
    "text",
    [
        r"MSI: log is C:\WINDOWS\ccmsetup\Logs\client.msi.log",
        "CcmSetup is exiting with return code 0",
        r"Copied C:\WINDOWS\ccmsetup\Logs\ccmsetup.log",
    ],
)
def test_a_message_that_names_a_log_or_a_program_is_a_message(text: str) -> None:
    found = of_text(f"{text}\nFailed to get AAD token..\n18.03.2024 09:12:40 {text}\n", "CcmMessaging.log")
    assert [(line.log, line.text) for line in found] == [
        ("CcmMessaging", text),
        ("CcmMessaging", "Failed to get AAD token.."),
        ("CcmMessaging", text),
    ]


@settings(max_examples=100)
@given(
    chance=st.randoms(use_true_random=False),
    form=st.sampled_from([client, server]),
    count=st.integers(1, len(INSTALL)),
)
def test_of_a_log_that_was_cut_what_is_left_is_read(
    chance: random.Random, form: Callable[[Said], str], count: int
) -> None:
    said = run_of([(log, text) for log, text in INSTALL[:count]])
    found = of_text(truncated("".join(form(each) + "\n" for each in said), chance), "ccmsetup.log")
    whole = [line for line in found if line.when is not None and line.text in {each.text for each in said}]
    assert len(whole) >= len(found) - 2  # all but the first and the last
    moments = {(each.text, each.when) for each in said}
    assert {(line.text, line.when) for line in whole[1:]} <= moments
    assert all(any(line.text.strip(" ]") in form(each) for each in said) for line in found)


@settings(max_examples=60)
@given(chance=st.randoms(use_true_random=False), form=st.sampled_from([client, server]))
def test_messages_that_are_there_twice_are_read_twice(chance: random.Random, form: Callable[[Said], str]) -> None:
    said = duplicated(run_of(INSTALL), chance)
    found = of_text("".join(form(each) + "\n" for each in said), "ccmsetup.log")
    assert [(line.text, line.when) for line in found] == [(each.text, each.when) for each in said]


@settings(max_examples=60)
@given(
    forms=st.lists(st.sampled_from(["client", "server", "escaped", *VIEWED]), min_size=1, max_size=len(INSTALL)),
    between=st.sampled_from(["\n", "\n\n", "\n> ", "\n\nand then\n\n"]),
)
def test_any_forms_may_follow_each_other(forms: list[str], between: str) -> None:
    said = run_of(INSTALL)[: len(forms)]
    shown = []
    for form, each in zip(forms, said, strict=True):
        if form in VIEWED:
            shown.append(viewed(each, form, "Y-m-d"))
        else:
            shown.append({"client": client, "server": server, "escaped": lambda s: escaped(client(s))}[form](each))
    found = [line for line in of_text(between.join(shown)) if line.text != "and then"]
    assert sorted(texts(found)) == sorted(each.text for each in said)
    assert {line.log for line in found} == {"ccmsetup"}
