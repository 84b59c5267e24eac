"""A small valid file of every format, the same bytes each time, with the same two paragraphs."""

import io
import json
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage

import docx
from lxml import etree
from odf import text as odf_text
from odf.opendocument import OpenDocumentText
from reportlab.pdfgen.canvas import Canvas

from rag.readers import MODULES

FIRST = "The ferry of Brenna ran aground in the autumn of 1911 with forty passengers on board."
SECOND = (
    "Nobody was hurt, but the mail of three parishes was lost, and the postmaster wrote that he"
    " would never again trust it to a boat — whatever the “company” might promise."
)
PARAGRAPHS = (FIRST, SECOND)
TEXT = "\n\n".join(PARAGRAPHS)
"""What a file of a sample holds, white space aside, and for most formats to the character."""

HTML = (
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>The ferry</title></head>"
    "<body>" + "".join(f"<p>{each}</p>" for each in PARAGRAPHS) + "</body></html>"
)
XHTML = (
    '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
    "<title>The ferry</title></head><body>"
    + "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    + "</body></html>"
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The ferry</dc:title></metadata>'
    '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="c"/></spine></package>'
)
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def packed(parts: Mapping[str, str | bytes], *, level: int = 6) -> bytes:
    """An archive of these parts, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in parts.items():
            info = zipfile.ZipInfo(path, _EARLIEST)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, level)
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, str | bytes]:
    """What an archive holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0, invariant=1)
    for paragraph in PARAGRAPHS:
        words = paragraph.split()
        for number, start in enumerate(range(0, len(words), 12)):
            canvas.drawString(72, 700 - 14 * number, " ".join(words[start : start + 12]))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word() -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    document.save(buffer)
    return packed(parts_of(buffer.getvalue()))


def odt() -> bytes:
    document, buffer = OpenDocumentText(), io.BytesIO()
    for paragraph in PARAGRAPHS:
        document.text.addElement(odf_text.P(text=paragraph))
    document.write(buffer)
    parts = parts_of(buffer.getvalue())
    del parts["meta.xml"]  # it says when the file was made
    # odfpy gives attributes in the order of a set, canonical XML in that of their names.
    canonical = {
        path: etree.tostring(etree.fromstring(content), method="c14n")
        for path, content in parts.items()
        if path.endswith(".xml")
    }
    return packed(parts | canonical)


def book(chapter: str = XHTML) -> bytes:
    return packed(
        {"META-INF/container.xml": CONTAINER, "book.opf": PACKAGE, "c.xhtml": chapter.encode()}
    )


def rtf() -> bytes:
    def escaped(text: str) -> str:
        return "".join(each if ord(each) < 128 else rf"\u{ord(each)}?" for each in text)

    return (r"{\rtf1\ansi " + "".join(rf"{escaped(p)}\par " for p in PARAGRAPHS) + "}").encode()


def mail(content: str = TEXT, subtype: str = "plain", **headers: str) -> bytes:
    message = EmailMessage()
    given = {"From": "Ann Example <ann@example.org>", "Subject": "The ferry"} | headers
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content(content, subtype=subtype, cte="8bit")
    return bytes(message)


def saved_page() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "<Saved by Blink>", "The ferry"
    message["Snapshot-Content-Location"] = "https://example.org/ferry"
    message.set_content(HTML, subtype="html", cte="8bit")
    message.make_related(boundary="a-boundary-of-parts")
    return bytes(message)


def samples() -> dict[str, bytes]:
    """Suffix -> the bytes of a valid file of that format."""
    row = {"id": "ferry", "text": TEXT, "title": "The ferry"}
    line = json.dumps(row, ensure_ascii=False).encode()
    quoted = TEXT.replace('"', '""')
    made = {
        ".txt": TEXT.encode(),
        ".md": TEXT.encode(),
        ".html": HTML.encode(),
        ".xhtml": XHTML.encode(),
        ".pdf": pdf(),
        ".docx": word(),
        ".odt": odt(),
        ".rtf": rtf(),
        ".epub": book(),
        ".eml": mail(),
        ".mhtml": saved_page(),
        ".csv": f'id,text,title\nferry,"{quoted}",The ferry\n'.encode(),
        ".tsv": f'id\ttext\ttitle\nferry\t"{quoted}"\tThe ferry\n'.encode(),
        ".jsonl": line + b"\n",
        ".json": b"[" + line + b"]",
        ".zip": packed({"in/ferry.txt": TEXT, "ferry.html": HTML}),
    }
    same = {".htm": ".html", ".mht": ".mhtml", ".ndjson": ".jsonl"}
    made |= {suffix: made[like] for suffix, like in same.items()}
    assert made.keys() == {*MODULES, ".zip"}
    return made
