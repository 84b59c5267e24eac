import io
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from rag.errors import SeedUnreadable
from rag.readers.pdf import read
from rag.records import Reading

PROSE = (
    "The council met on Tuesday to hear the engineers. They reported that the old bridge would hold"
    " for another winter, if nobody drove a lorry over it. The mayor was not convinced, and asked"
    " who would pay if they were wrong. Nobody answered him for a long while."
)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0"


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, **options)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def lines(
    *texts: str, size: float = 11, top: float = 700, left: float = 72
) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", size)
        for number, text in enumerate(texts):
            canvas.drawString(left, top - 1.2 * size * number, text)
        canvas.showPage()

    return draw


def set_in_type(paragraphs: Sequence[tuple[str, str]]) -> bytes:
    buffer = io.BytesIO()
    styles = getSampleStyleSheet()
    document = SimpleDocTemplate(buffer, title="Bridges", author="Ann Example")
    document.build([Paragraph(text, styles[style]) for style, text in paragraphs])
    return buffer.getvalue()


def picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("RGB", (8, 8), "gray")), 0, 0, 500, 700)
    canvas.showPage()


def page_texts(reading: Reading) -> dict[int, str]:
    return {page.number: reading.text[page.start : page.end] for page in reading.pages}


def test_paragraphs_headings_and_metadata() -> None:
    reading = read(
        set_in_type([("Heading1", "On bridges"), ("Normal", PROSE), ("Normal", PROSE[:94])]),
        "a.pdf",
    )
    assert reading.text == f"On bridges\n\n{PROSE}\n\n{PROSE[:94].strip()}"
    assert [reading.text[h.start : h.end] for h in reading.headings] == ["On bridges"]
    assert (reading.metadata.title, reading.metadata.author) == ("Bridges", "Ann Example")
    assert reading.metadata.published is None
    assert [(p.start, p.end, p.number) for p in reading.pages] == [(0, len(reading.text), 1)]
    assert (reading.encoding, reading.notices, reading.furniture) == ("pdf", (), ())


@pytest.mark.parametrize(
    "paragraphs",
    [["A", "A"], ["A", "B", "C"], ["Ab", "A"], ["A", "Ab"], ["The end", "I"], ["A b", "c", "d e"]],
)
def test_lines_of_one_letter_are_lines(paragraphs: list[str]) -> None:
    reading = read(set_in_type([("Normal", each) for each in paragraphs]), "a.pdf")
    assert reading.text.split() == " ".join(paragraphs).split()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.from_regex(r"[A-Za-z][a-z]{0,11}[,.]?", fullmatch=True), min_size=1, max_size=80
        ),
        min_size=1,
        max_size=30,
    )
)
def test_no_word_is_lost_or_moved(paragraphs: list[list[str]]) -> None:
    written = [word for paragraph in paragraphs for word in paragraph]
    reading = read(set_in_type([("Normal", " ".join(each)) for each in paragraphs]), "a.pdf")
    assert reading.text.split() == written
    pages = page_texts(reading)
    assert list(pages) == list(range(1, len(pages) + 1))
    assert " ".join(pages.values()).split() == written


def test_divided_words_are_whole_again() -> None:
    data = drawn(
        lines(
            "This paper gives some infor-",
            "mation on the Anglo-",
            "Saxon period, on a well-",
            "known author, on 1914-",
            "18 and on BENEFAC-",
            "TORS. He was well-known.",
        )
    )
    assert read(data, "a.pdf").text == (
        "This paper gives some information on the Anglo-Saxon period, on a well-known author, on"
        " 1914-18 and on BENEFACTORS. He was well-known."
    )


def test_ligatures_are_their_letters() -> None:
    font = next(Path(str(files("fontpkg_literata"))).rglob("*.ttf"))
    pdfmetrics.registerFont(TTFont("Literata", font))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Literata", 12)
        canvas.drawString(72, 700, "The \ufb01nal of\ufb01ce, naïve – Ünïcode, Москва")

    assert read(drawn(draw), "a.pdf").text == "The final office, naïve – Ünïcode, Москва"


def test_running_heads_and_page_numbers_are_furniture() -> None:
    bodies = ["The first is old.", "Another one is new.", "It stands firm.", "So they said."]

    def draw(canvas: Canvas) -> None:
        for number, body in enumerate(bodies, start=1):
            canvas.drawString(72, 800, f"The Bridge Review, volume {number}")
            canvas.drawString(300, 30, str(number))
            lines(body)(canvas)

    reading = read(drawn(draw), "a.pdf")
    furniture = [reading.text[each.start : each.end] for each in reading.furniture]
    assert furniture == [
        part
        for number in range(1, 5)
        for part in (f"The Bridge Review, volume {number}", str(number))
    ]
    assert page_texts(reading) == {
        number: f"The Bridge Review, volume {number}\n\n{body}\n\n{number}"
        for number, body in enumerate(bodies, start=1)
    }


def test_a_paragraph_over_the_end_of_a_page_is_one_line() -> None:
    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(
            (
                "the engineers said that the bridge would",
                "hold for one winter. That was all.",
                "Then",
            ),
            1,
        ):
            canvas.drawString(72, 800, "The Bridge Review")
            canvas.drawString(300, 30, str(number))
            lines(text)(canvas)

    reading = read(drawn(draw), "a.pdf")
    whole = "the engineers said that the bridge would hold for one winter. That was all."
    assert whole in reading.text.split("\n\n")
    first, second = reading.pages[:2]
    place = reading.text.index(whole)
    assert first.end == place + len("the engineers said that the bridge would")
    assert reading.text[second.start :].startswith("hold for one winter.")
    assert first.start == 0


def test_columns_are_read_one_after_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        for column in (0, 1):
            for row in range(20):
                canvas.drawString(
                    72 + 250 * column,
                    700 - 12 * row,
                    f"column {column} has this as row {row:02} and",
                )

    text = read(drawn(draw), "a.pdf").text
    assert text.index("column 0 has this as row 19") < text.index("column 1 has this as row 00")
    assert text.count("\n") == 0


def test_a_contents_line_stays_a_line() -> None:
    data = drawn(
        lines("Introduction . . . . . . . . . . . . 1", "Results . . . . . . . . . . . . . 22")
    )
    assert read(data, "a.pdf").text.count("\n\n") == 1


def test_the_outline_marks_headings() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.bookmarkPage("x")
        canvas.addOutlineEntry("What was said", "x")
        canvas.drawString(72, 700, "2.1 What was said")
        canvas.drawString(72, 670, "Nothing was said that anybody would have liked to hear.")

    reading = read(drawn(draw), "a.pdf")
    assert [reading.text[h.start : h.end] for h in reading.headings] == ["2.1 What was said"]


def test_a_scan_is_told_to_need_ocr() -> None:
    def draw(canvas: Canvas) -> None:
        picture(canvas)
        picture(canvas)

    with pytest.raises(SeedUnreadable, match=r"a\.pdf: has no text layer: its 2 pages") as caught:
        read(drawn(draw), "a.pdf")
    assert "Run OCR" in caught.value.remedy


def test_a_scanned_page_among_others_is_told_and_a_blank_one_is_not() -> None:
    def draw(canvas: Canvas) -> None:
        lines("Some text on the first page.")(canvas)
        picture(canvas)
        canvas.showPage()
        lines("Some text on the last page.")(canvas)

    reading = read(drawn(draw), "a.pdf")
    assert [str(notice) for notice in reading.notices] == [
        "a.pdf: no text on 1 of its 4 pages: 2 (if they are scanned, run OCR on the file)"
    ]
    assert page_texts(reading) == {
        1: "Some text on the first page.",
        4: "Some text on the last page.",
    }


def test_a_password_is_told() -> None:
    locked = drawn(lines("secret"), encrypt=StandardEncryption("user", "owner"))
    with pytest.raises(SeedUnreadable, match=r"a\.pdf: encrypted"):
        read(locked, "a.pdf")


def test_a_file_that_opens_without_a_password_is_read() -> None:
    limited = drawn(lines("no secret"), encrypt=StandardEncryption("", "owner", canCopy=0))
    assert read(limited, "a.pdf").text == "no secret"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", PNG, b"PK\3\4" + bytes(50), b"plain text"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(SeedUnreadable, match=r"a\.pdf: damaged, incomplete, or no PDF file"):
        read(data, "a.pdf")


def test_a_truncated_file_is_refused_or_read_in_part() -> None:
    data = set_in_type([("Normal", PROSE)])
    for length in range(0, len(data), 97):
        try:
            text = read(data[:length], "a.pdf").text
        except SeedUnreadable:
            continue
        assert text == PROSE


@pytest.mark.parametrize("title", ["Microsoft Word - bridges.doc", "untitled", ""])
def test_titles_that_say_nothing_are_left_out(title: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle(title)
        lines("Some text.")(canvas)

    metadata = read(drawn(draw), "a.pdf").metadata
    assert (metadata.title, metadata.author) == (None, None)


def test_the_language_is_the_catalogs() -> None:
    assert read(drawn(lines("Ein Text."), lang="de-AT"), "a.pdf").metadata.language == "de-AT"
