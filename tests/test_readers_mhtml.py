import pytest

from rag.errors import SeedUnreadable
from rag.readers.mhtml import read

HEAD = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/bridges\r\n"
    "Subject: =?utf-8?Q?On=20bridges?=\r\n"
    "Date: Tue, 1 Dec 2020 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
)
FRAME = "<html><body><p>A frame.</p></body></html>"
PAGE = (
    '<html lang=3D"en"><head><meta charset=3D"utf-8"></head><body><h1>Old ones</h1>'
    '<p>They stand =E2=80=94 so=\r\n far.</p><img src=3D"cid:x"></body></html>'
)


def saved(*parts: str, start: str = "") -> bytes:
    named = f' start="{start}";' if start else ""
    body = "".join(f"------x\r\n{part}\r\n" for part in parts)
    return (
        f'{HEAD}Content-Type: multipart/related; type="text/html";{named} boundary="----x"\r\n\r\n'
        f"{body}------x--\r\n"
    ).encode()


def part(
    content: str, content_id: str, content_type: str = "text/html", coding: str = "quoted-printable"
) -> str:
    return (
        f"Content-Type: {content_type}\r\nContent-ID: <{content_id}>\r\n"
        f"Content-Transfer-Encoding: {coding}\r\n\r\n{content}"
    )


PICTURE = part("iVBORw0KGgo=", "x", "image/png", "base64")


def test_the_page_its_headings_and_its_address() -> None:
    reading = read(saved(part(PAGE, "p"), PICTURE, part(FRAME, "f")), "a.mhtml")
    assert reading.text == "Old ones\n\nThey stand — so far."
    assert [(h.start, h.end) for h in reading.headings] == [(0, 8)]
    assert reading.encoding == "utf-8"
    metadata = reading.metadata
    assert (metadata.url, metadata.language) == ("https://example.org/bridges", "en")
    assert metadata.published is None
    assert metadata.title is not None


def test_the_page_named_as_start_is_read() -> None:
    data = saved(part(FRAME, "f"), part(PAGE, "p"), start="<p>")
    assert read(data, "a.mhtml").text.startswith("Old ones")
    assert read(saved(part(FRAME, "f"), part(PAGE, "p")), "a.mhtml").text == "A frame."


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(SeedUnreadable, match="a page without text"):
        read(saved(part("<html><body></body></html>", "p")), "a.mhtml")


def test_what_holds_no_page_is_refused() -> None:
    with pytest.raises(SeedUnreadable, match="holds no page"):
        read(saved(PICTURE), "a.mhtml")
    for data in (b"", b"\x89PNG", b"<html><p>saved as HTML</p></html>"):
        with pytest.raises(SeedUnreadable, match="has not the headers"):
            read(data, "a.mhtml")


def test_a_truncated_page_is_told() -> None:
    data = saved(part(PAGE, "p"), PICTURE)
    for length in range(data.index(b"\r\n\r\n"), len(data) - 6, 7):
        try:
            reading = read(data[:length], "a.mhtml")
        except SeedUnreadable:
            continue
        assert "incomplete: it ends in the middle" in [each.message for each in reading.notices]
