from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers.eml import read
from rag.records import Reading

SCRIPTS = "abé́ñ中日กא ب د🙂👩‍👩‍👧 .,—“”&<>\n"


def mail(text: str = "The bridge stands.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "On bridges"
    message["From"] = "Ann Example <ann@example.org>"
    message["Date"] = "Tue, 01 Dec 2020 23:59:01 -0800"
    message.set_content(text)
    for key, value in headers.items():
        message[key.replace("_", "-")] = value
    return message


def furniture(reading: Reading) -> list[tuple[str, str]]:
    return [(reading.text[f.start : f.end], f.reason) for f in reading.furniture]


def test_text_and_headers() -> None:
    reading = read(bytes(mail(Content_Language="en-GB")), "a.eml")
    assert reading.text == "The bridge stands.\n"
    assert reading.encoding == "utf-8"
    assert reading.metadata.model_dump(exclude_none=True) == {
        "title": "On bridges",
        "author": "Ann Example",
        "published": "2020-12-01",
        "language": "en-GB",
    }
    assert (reading.furniture, reading.notices) == ((), ())


@given(st.text(alphabet=SCRIPTS, min_size=1).filter(lambda text: bool(text.strip())))
def test_texts_come_back(text: str) -> None:
    assert read(mail(text).as_bytes(), "a.eml").text.rstrip("\n") == text.rstrip("\n")


def test_plain_goes_before_html() -> None:
    message = mail("Plain.")
    message.add_alternative("<p>Not plain.</p>", subtype="html")
    assert read(bytes(message), "a.eml").text == "Plain.\n"


def test_html_alone_is_read_as_a_page() -> None:
    message = mail()
    message.set_content(
        "<title>x</title><h1>Old ones</h1><p>They &amp; we.</p><script>no()</script>",
        subtype="html",
    )
    reading = read(bytes(message), "a.eml")
    assert reading.text == "Old ones\n\nThey & we."
    assert [(h.start, h.end) for h in reading.headings] == [(0, 8)]


def test_attachments_are_named_and_not_read() -> None:
    message = mail()
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment("attached text", filename="Notiz é.txt")
    reading = read(bytes(message), "a.eml")
    assert "attached" not in reading.text
    assert [str(notice) for notice in reading.notices] == [
        (
            "a.eml: its attachments were not read: a.pdf, Notiz é.txt"
            " (save those that matter into the seeds)"
        )
    ]


def test_what_is_quoted_and_the_signature_are_furniture() -> None:
    text = "I disagree.\n\n> You said so.\n> Twice.\n\n> And more.\nNo.\n5 > 4.\n\n-- \nAnn\n> x\n"
    assert furniture(read(bytes(mail(text)), "a.eml")) == [
        ("> You said so.\n> Twice.\n\n> And more.", "quoted from an earlier mail"),
        ("-- \nAnn\n> x\n", "signature"),
    ]


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain; charset=windows-1251", "Мост стоит.".encode("cp1251"), "Мост стоит."),
        ("text/plain; charset=us-ascii", "Мост стоит.".encode(), "Мост стоит."),
        ("text/plain; charset=x-nonsense", "Мост стоит.".encode(), "Мост стоит."),
        ("text/plain", b"It stands.\r\nFirm.", "It stands.\nFirm."),
        ("text/html; charset=iso-8859-1", b"<p>\x93So\x94 na\xefve", "“So” naïve"),
        ("text/html", '<meta charset="koi8-r"><p>Мост'.encode("koi8-r"), "Мост"),
    ],
)
def test_bodies_in_encodings(content_type: str, body: bytes, text: str) -> None:
    head = f"From: a@b.c\r\nSubject: x\r\nContent-Type: {content_type}\r\n\r\n"
    assert read(head.encode() + body, "a.eml").text == text


def test_encoded_headers_and_odd_ones() -> None:
    data = (
        b"From: =?utf-8?b?0JDQvdC90LA=?= <a@b.c>\nSubject: =?koi8-r?b?7c/T1A==?=\n on it\n"
        b"Date: someday\n\nx"
    )
    metadata = read(data, "a.eml").metadata
    assert (metadata.author, metadata.title, metadata.published) == ("Анна", "Мост on it", None)


@pytest.mark.parametrize(
    "date", ["Tue, 01 Dec 99999999999 23:59:01 -0800", "1 Jan 2020 00:00 +99999999999999", "0"]
)
def test_impossible_dates_are_none(date: str) -> None:
    data = f"From: a@b.c\nSubject: x\nDate: {date}\n\nx".encode()
    assert read(data, "a.eml").metadata.published is None


def test_a_sender_without_a_name_is_named_by_the_address() -> None:
    assert (
        read(b"From: ann@example.org\nTo: b@c.d\n\nx", "a.eml").metadata.author == "ann@example.org"
    )


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"plain text\n\nof a kind", b"Subject: x\n\ny"]
)
def test_what_is_no_mail_is_refused(data: bytes) -> None:
    with pytest.raises(SeedUnreadable, match="has not the headers of a mail"):
        read(data, "a.eml")


def test_a_mail_of_attachments_alone_is_refused() -> None:
    message = mail()
    message.clear_content()
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="b.pdf")
    with pytest.raises(SeedUnreadable, match="a mail without text"):
        read(bytes(message), "a.eml")


def test_a_truncated_mail_is_told() -> None:
    message = mail("The bridge stands. " * 5)
    message.add_alternative("<p>The bridge stands.</p>", subtype="html")
    data = bytes(message)
    whole = read(data, "a.eml").text
    for length in range(data.index(b"\n\n"), len(data) - 4):
        try:
            reading = read(data[:length], "a.eml")
        except SeedUnreadable:
            continue
        assert "a.eml: incomplete: it ends in the middle (get it again)" in map(
            str, reading.notices
        )
    assert read(data[:-4], "a.eml").text == whole
