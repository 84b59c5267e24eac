import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers.epub import read
from rag.records import Reading

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)
METADATA = (
    "<dc:title>On bridges</dc:title>"
    "<dc:creator>Ann Example</dc:creator><dc:creator>Bo Else</dc:creator>"
    "<dc:publisher>The Press</dc:publisher><dc:language>en-GB</dc:language>"
    '<dc:date opf:event="modification">2021-01-01</dc:date>'
    '<dc:date opf:event="publication">2020-05</dc:date><dc:identifier>urn:isbn:1</dc:identifier>'
    "<dc:source>https://example.org/bridges</dc:source>"
)
SCRIPTS = "abé́ñ中日กא ب د🙂👩‍👩‍👧 .,—“”&<>"


def xhtml(body: str, head: str = "<title/>") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN"'
        ' "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head><body>{body}</body></html>'
    )


def book(
    chapters: Sequence[str],
    metadata: str = METADATA,
    others: Mapping[str, str] | None = None,
    nav: int | None = None,
) -> bytes:
    """A book whose manifest lists the chapters backwards and whose spine has them in order."""
    numbers = range(len(chapters))
    items = "".join(
        f'<item id="c{n}" href="text%20{n}.xhtml" media-type="application/xhtml+xml"'
        + (' properties="nav"/>' if n == nav else "/>")
        for n in reversed(numbers)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f"{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OPS/book.opf", package)
        for number, chapter in enumerate(chapters):
            archive.writestr(f"OPS/text {number}.xhtml", chapter)
        for path, content in (others or {}).items():
            archive.writestr(path, content)
    return buffer.getvalue()


def headings(reading: Reading) -> list[str]:
    return [reading.text[each.start : each.end] for each in reading.headings]


def test_chapters_in_the_order_of_the_spine() -> None:
    reading = read(
        book([xhtml(f"<h1>Chapter {n}</h1><p>It&nbsp;says &eacute;{n}.</p>") for n in range(12)]),
        "a.epub",
    )
    assert reading.text == "\n\n".join(f"Chapter {n}\n\nIt says é{n}." for n in range(12))
    assert headings(reading) == [f"Chapter {n}" for n in range(12)]
    assert (reading.encoding, reading.pages, reading.notices) == ("epub", (), ())


def test_metadata() -> None:
    assert read(book([xhtml("<p>x</p>")]), "a.epub").metadata.model_dump() == {
        "title": "On bridges",
        "author": "Ann Example, Bo Else",
        "publisher": "The Press",
        "published": "2020-05",
        "url": "https://example.org/bridges",
        "language": "en-GB",
    }


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text(alphabet=SCRIPTS, max_size=30), max_size=4), min_size=1, max_size=4)
)
def test_paragraphs_come_back(chapters: list[list[str]]) -> None:
    expected = [" ".join(p.split()) for chapter in chapters for p in chapter if p.strip()]
    data = book([xhtml("".join(f"<p>{escape(p)}</p>" for p in chapter)) for chapter in chapters])
    if expected:
        assert read(data, "a.epub").text.split("\n\n") == expected
    else:
        with pytest.raises(SeedUnreadable, match="a book without text"):
            read(data, "a.epub")


def test_the_table_of_contents_is_furniture() -> None:
    contents = xhtml("<h2>Contents</h2><nav><ol><li>One</li></ol></nav>")
    reading = read(book([contents, xhtml("<h1>One</h1><p>x</p>")], nav=0), "a.epub")
    assert [reading.text[f.start : f.end] for f in reading.furniture] == ["Contents\n\nOne"]
    assert headings(reading) == ["One"]


def test_a_chapter_that_is_no_xml_is_read_as_html() -> None:
    assert (
        read(book(["<html><body><p>One<p>two &amp; three</body>"]), "a.epub").text
        == "One\n\ntwo & three"
    )


def test_a_missing_chapter_is_told_and_the_rest_goes_on() -> None:
    data = book([xhtml("<p>one</p>"), xhtml("<p>two</p>")])
    broken = data.replace(b"OPS/text 0.xhtml", b"OPS/nowhere.html")
    reading = read(broken, "a.epub")
    assert reading.text == "two"
    assert [str(notice) for notice in reading.notices] == [
        "a.epub: a chapter was not read: lacks its part OPS/text 0.xhtml"
    ]


def encrypted(algorithm: str) -> dict[str, str]:
    return {
        "META-INF/encryption.xml": (
            '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
            f'<enc:EncryptionMethod Algorithm="{algorithm}"/></enc:EncryptedData></encryption>'
        )
    }


def test_a_locked_book_is_refused_and_locked_fonts_are_not() -> None:
    chapters = [xhtml("<p>x</p>")]
    locked = encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    with pytest.raises(SeedUnreadable, match=r"a\.epub: locked by a shop"):
        read(book(chapters, others=locked), "a.epub")
    fonts = encrypted("http://www.idpf.org/2008/embedding")
    assert read(book(chapters, others=fonts), "a.epub").text == "x"


def test_an_entity_of_the_file_is_not_read() -> None:
    chapter = (
        "<!DOCTYPE html [<!ENTITY e SYSTEM 'file:///etc/passwd'><!ENTITY i 'told'>]>"
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>a&e;&i;</p><p>b</p></body></html>"
    )
    text = read(book([chapter]), "a.epub").text
    assert "root:" not in text
    assert "told" not in text
    assert text.endswith("b")


def test_what_is_no_book_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(SeedUnreadable, match="an archive, but no EPUB book"):
        read(buffer.getvalue(), "a.epub")
    with pytest.raises(SeedUnreadable, match="or none at all"):
        read(b"\x89PNG", "a.epub")
    with pytest.raises(SeedUnreadable, match=r"its part OPS/book\.opf is damaged"):
        read(book([]).replace(b"<package", b"<packag_"), "a.epub")


def test_a_truncated_book_is_refused() -> None:
    data = book([xhtml("<p>x</p>")])
    for length in range(0, len(data), 53):
        with pytest.raises(SeedUnreadable):
            read(data[:length], "a.epub")


def test_a_chapter_that_the_spine_repeats_is_read_once() -> None:
    data = book([xhtml("<p>The bridge is old.</p>"), xhtml("<p>The river is older.</p>")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {path: archive.read(path) for path in archive.namelist()}
    spine = b'<itemref idref="c0"/><itemref idref="c1"/>'
    parts["OPS/book.opf"] = parts["OPS/book.opf"].replace(spine, spine * 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    text = read(buffer.getvalue(), "a.epub").text
    assert text == "The bridge is old.\n\nThe river is older."
