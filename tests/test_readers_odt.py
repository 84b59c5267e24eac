import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import dc, draw, meta, office, style, table, text
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText

from rag.errors import SeedUnreadable
from rag.readers.odt import read
from rag.records import Reading

SCRIPTS = "abé́ñ中日กא ب د🙂👩‍👩‍👧 .,—“”&<>"
NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def written(write: Callable[[OpenDocumentText], object]) -> bytes:
    document, buffer = OpenDocumentText(), io.BytesIO()
    write(document)
    document.write(buffer)
    return buffer.getvalue()


def packed(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in parts.items():
            archive.writestr(path.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def with_body(body: str, before: str = "") -> bytes:
    return packed(
        content=(
            f"{before}<office:document-content {NAMESPACES}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>"
        )
    )


def marked(reading: Reading) -> list[str]:
    return [reading.text[each.start : each.end] for each in reading.headings]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet=SCRIPTS, min_size=1, max_size=40), max_size=6))
def test_paragraphs_come_back(paragraphs: Sequence[str]) -> None:
    expected = [" ".join(each.split()) for each in paragraphs if each.strip()]

    def write(document: OpenDocumentText) -> None:
        for each in paragraphs:
            document.text.addElement(text.P(text=each))

    if not expected:
        with pytest.raises(SeedUnreadable, match="without text"):
            read(written(write), "a.odt")
    else:
        assert read(written(write), "a.odt").text.split("\n\n") == expected


def test_headings_lists_tables_and_metadata() -> None:
    def write(document: OpenDocumentText) -> None:
        title = style.Style(name="P1", family="paragraph", parentstylename="Title")
        document.automaticstyles.addElement(title)
        document.meta.addElement(meta.InitialCreator(text="Ann Example"))
        document.meta.addElement(dc.Creator(text="Whoever Saved"))
        document.meta.addElement(dc.Language(text="en-GB"))
        body = document.text
        body.addElement(text.P(stylename=title, text="On bridges"))
        body.addElement(text.H(outlinelevel=1, text="Old ones"))
        items = text.List()
        for word in ("steel", "wood"):
            item = text.ListItem()
            item.addElement(text.P(text=word))
            items.addElement(item)
        body.addElement(items)
        grid = table.Table()
        for row in ("ab", "cd"):
            line = table.TableRow()
            for letter in row:
                cell = table.TableCell()
                cell.addElement(text.P(text=f"cell {letter}"))
                line.addElement(cell)
            grid.addElement(line)
        body.addElement(grid)
        body.addElement(text.P(text="They stand."))

    reading = read(written(write), "a.odt")
    assert reading.text == (
        "On bridges\n\nOld ones\n\nsteel\nwood\n\ncell a\tcell b\ncell c\tcell d\n\nThey stand."
    )
    assert marked(reading) == ["On bridges", "Old ones"]
    assert reading.encoding == "odt"
    assert reading.metadata.model_dump(exclude_none=True) == {
        "title": "On bridges",
        "author": "Ann Example",
        "language": "en-GB",
    }


def test_notes_stand_at_the_end_and_boxes_after_their_paragraph() -> None:
    def write(document: OpenDocumentText) -> None:
        paragraph = text.P(text="Said")
        note = text.Note(noteclass="footnote")
        note.addElement(text.NoteCitation(text="1"))
        inner = text.NoteBody()
        inner.addElement(text.P(text="By her."))
        note.addElement(inner)
        paragraph.addElement(note)
        frame, box = draw.Frame(), draw.TextBox()
        box.addElement(text.P(text="In the box."))
        frame.addElement(box)
        paragraph.addElement(frame)
        paragraph.addText(" so.")
        document.text.addElement(paragraph)
        document.text.addElement(text.P(text="Next."))

    assert read(written(write), "a.odt").text == "Said so.\n\nIn the box.\n\nNext.\n\nBy her."


def test_what_is_deleted_hidden_or_a_comment_is_no_text() -> None:
    def write(document: OpenDocumentText) -> None:
        hidden = style.Style(name="T1", family="text")
        hidden.addElement(style.TextProperties(display="none"))
        document.automaticstyles.addElement(hidden)
        paragraph = text.P(text="Seen")
        paragraph.addElement(text.Span(stylename=hidden, text=" unseen"))
        comment = office.Annotation()
        comment.addElement(text.P(text="a comment"))
        paragraph.addElement(comment)
        paragraph.addText(" words")
        paragraph.addElement(text.LineBreak())
        paragraph.addText("of")
        paragraph.addElement(text.Tab())
        paragraph.addText("a")
        paragraph.addElement(text.S(c=3))
        paragraph.addText("kind")
        document.text.addElement(paragraph)
        section = text.Section(name="s", display="none")
        section.addElement(text.P(text="a hidden section"))
        document.text.addElement(section)

    assert read(written(write), "a.odt").text == "Seen words\nof a kind"


def test_tracked_deletions_are_no_text() -> None:
    change = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
    )
    assert read(with_body(f"{change}<text:p>a<text:change/>b</text:p>"), "a.odt").text == "ab"


def test_a_table_of_contents_is_furniture() -> None:
    contents = (
        "<text:table-of-content><text:table-of-content-source><text:index-title-template>Template"
        "</text:index-title-template></text:table-of-content-source>"
        "<text:index-body><text:p>Old ones 1</text:p></text:index-body></text:table-of-content>"
    )
    reading = read(with_body(f"{contents}<text:h>Old ones</text:h>"), "a.odt")
    assert reading.text == "Old ones 1\n\nOld ones"
    assert [(f.start, f.end, f.reason) for f in reading.furniture] == [(0, 10, "table of contents")]


def test_entities_are_not_read() -> None:
    doctype = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'><!ENTITY i 'told'>]>"
    assert read(with_body("<text:p>a&e;b&i;c</text:p>", doctype), "a.odt").text == "abc"


def test_an_encrypted_document_is_refused() -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    with pytest.raises(SeedUnreadable, match=r"a\.odt: encrypted"):
        read(packed(**{"META-INF__manifest": manifest}), "a.odt")


def test_other_documents_are_refused() -> None:
    sheet, buffer = OpenDocumentSpreadsheet(), io.BytesIO()
    sheet.write(buffer)
    for data in (buffer.getvalue(), packed(a="<a/>")):
        with pytest.raises(SeedUnreadable, match="an archive, but no OpenDocument text"):
            read(data, "a.odt")
    with pytest.raises(SeedUnreadable, match="or none at all"):
        read(b"\x89PNG", "a.odt")
    with pytest.raises(SeedUnreadable, match=r"its part content\.xml is damaged"):
        read(packed(content="<office"), "a.odt")


def test_a_truncated_file_is_refused() -> None:
    data = written(lambda document: document.text.addElement(text.P(text="x")))
    for length in range(0, len(data), 211):
        with pytest.raises(SeedUnreadable):
            read(data[:length], "a.odt")
