import io
import zipfile
from collections.abc import Callable, Sequence

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers.docx import read
from rag.records import Reading

SCRIPTS = "abé́ñ中日กא ب د🙂👩‍👩‍👧 .,—“”"


def written(write: Callable[[Document], object]) -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    write(document)
    document.save(buffer)
    return buffer.getvalue()


def with_body(body: str) -> bytes:
    """A document of which the body is this XML."""

    def write(document: Document) -> None:
        holder = parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>")
        for element in reversed(list(holder)):
            document.element.body.insert(0, element)

    return written(write)


def with_part(data: bytes, path: str, content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for each in old.namelist():
            if each != path:
                new.writestr(each, old.read(each))
        new.writestr(path, content)
    return buffer.getvalue()


def headings(reading: Reading) -> list[str]:
    return [reading.text[each.start : each.end] for each in reading.headings]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet=SCRIPTS, min_size=1, max_size=40), max_size=6))
def test_paragraphs_come_back(paragraphs: Sequence[str]) -> None:
    expected = [" ".join(each.split()) for each in paragraphs if each.strip()]

    def write(document: Document) -> None:
        for each in paragraphs:
            document.add_paragraph(each)

    if not expected:
        with pytest.raises(SeedUnreadable, match="without text"):
            read(written(write), "a.docx")
    else:
        assert read(written(write), "a.docx").text.split("\n\n") == expected


def test_headings_lists_and_tables() -> None:
    def write(document: Document) -> None:
        document.add_heading("On bridges", 0)
        document.add_heading("Old ones", 1)
        document.add_paragraph("They stand.")
        table = document.add_table(2, 2)
        for number, cell in enumerate(each for row in table.rows for each in row.cells):
            cell.text = f"cell {number}"
        document.add_heading("New ones", 2)
        for word in ("steel", "wood"):
            paragraph = document.add_paragraph(word, style="List Bullet")
            paragraph._p.get_or_add_pPr().get_or_add_numPr()

    reading = read(written(write), "a.docx")
    assert reading.text == (
        "On bridges\n\nOld ones\n\nThey stand.\n\ncell 0\tcell 1\ncell 2\tcell 3\n\nNew ones\n\n"
        "steel\nwood"
    )
    assert headings(reading) == ["On bridges", "Old ones", "New ones"]
    assert reading.metadata.title == "On bridges"
    assert (reading.encoding, reading.pages) == ("docx", ())


def test_prose_in_cells_is_a_block_a_paragraph() -> None:
    prose = "This cell holds a whole paragraph of prose, which is no cell of a table of figures."

    def write(document: Document) -> None:
        table = document.add_table(1, 2)
        table.rows[0].cells[0].text = prose
        table.rows[0].cells[1].text = "note"

    assert read(written(write), "a.docx").text == f"{prose}\n\nnote"


def test_a_style_inherits_its_level() -> None:
    def write(document: Document) -> None:
        style = document.styles.add_style("Mine", 1)
        style.base_style = document.styles["Heading 2"]
        document.add_paragraph("Said in my style", style="Mine")
        document.add_paragraph("Text.")

    assert headings(read(written(write), "a.docx")) == ["Said in my style"]


def test_a_table_of_contents_is_furniture() -> None:
    def write(document: Document) -> None:
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("Old ones\t1", style="toc 1")
        document.add_heading("Old ones", 1)

    reading = read(written(write), "a.docx")
    assert [reading.text[f.start : f.end] for f in reading.furniture] == ["Old ones 1"]
    assert headings(reading) == ["Old ones"]


def test_what_is_deleted_or_hidden_is_no_text() -> None:
    data = with_body(
        "<w:p><w:r><w:t xml:space='preserve'>The bridge </w:t></w:r>"
        "<w:del><w:r><w:delText>fell</w:delText></w:r></w:del><w:ins><w:r><w:t>stands</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t> firm</w:t></w:r>"
        "<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
        "<w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
        "<w:r><w:br/><w:t>on</w:t><w:tab/><w:t>rock</w:t><w:noBreakHyphen/><w:t>bed</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>, see</w:t></w:r></w:hyperlink></w:p>"
    )
    assert read(data, "a.docx").text == "The bridge stands firm\non rock‑bed, see"


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    data = with_body(
        "<w:p><w:r><w:t>Before, </w:t></w:r><w:r>"
        "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>after.</w:t></w:r></w:p><w:p><w:r><w:t>Next.</w:t></w:r></w:p>"
    )
    assert read(data, "a.docx").text == "Before, after.\n\nIn the box.\n\nNext."


def test_content_controls_are_read() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    data = with_body(
        f"<w:sdt><w:sdtContent><w:p>{run.format('One ')}<w:sdt><w:sdtContent>{run.format('two')}"
        "</w:sdtContent></w:sdt></w:p></w:sdtContent></w:sdt>"
    )
    assert read(data, "a.docx").text == "One two"


def test_notes_stand_at_the_end() -> None:
    data = with_body(
        "<w:p><w:r><w:t>Said</w:t><w:footnoteReference w:id='2'/><w:t>.</w:t></w:r></w:p>"
    )
    note = "<w:footnote w:id='{}' {}><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>"
    notes = note.format(0, "w:type='separator'", "-----") + note.format(2, "", "By her.")
    data = with_part(
        data, "word/footnotes.xml", f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>"
    )
    assert read(data, "a.docx").text == "Said.\n\nBy her."


def test_metadata_but_no_date() -> None:
    def write(document: Document) -> None:
        document.add_paragraph("Text.")
        document.core_properties.title = "On bridges"
        document.core_properties.author = "Ann Example"
        document.core_properties.language = "en-GB"

    metadata = read(written(write), "a.docx").metadata
    assert metadata.model_dump(exclude_none=True) == {
        "title": "On bridges", "author": "Ann Example", "language": "en-GB",
    }  # fmt: skip


def test_a_template_states_nothing() -> None:
    data = written(lambda document: document.add_paragraph("Text."))
    assert b"python-docx" in zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml")
    assert read(data, "a.docx").metadata.model_dump(exclude_none=True) == {}


def test_an_entity_is_not_read() -> None:
    data = written(lambda document: document.add_paragraph("Text."))
    document = (
        "<!DOCTYPE w:document [<!ENTITY e SYSTEM 'file:///etc/passwd'><!ENTITY i 'told'>]>"
        f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>a&e;b&i;c</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )
    assert read(with_part(data, "word/document.xml", document), "a.docx").text == "a"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "or none at all"),
        (b"\x89PNG\r\n\x1a\n", "or none at all"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "needs a password, or is of the format"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SeedUnreadable, match=message):
        read(data, "a.docx")


def test_an_archive_of_other_things_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(SeedUnreadable, match="an archive, but no Word document"):
        read(buffer.getvalue(), "a.docx")
    slides = with_part(
        written(lambda document: document.add_paragraph("x")),
        "word/document.xml",
        "<presentation/>",
    )
    with pytest.raises(SeedUnreadable, match="an archive, but no Word document"):
        read(slides, "a.docx")


def test_a_truncated_or_damaged_part_is_refused() -> None:
    data = written(lambda document: document.add_paragraph("Text."))
    for length in range(0, len(data), 997):
        with pytest.raises(SeedUnreadable):
            read(data[:length], "a.docx")
    with pytest.raises(SeedUnreadable, match=r"its part word/document\.xml is damaged"):
        read(with_part(data, "word/document.xml", "<w:document"), "a.docx")
