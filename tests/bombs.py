"""Files that are made to break whoever reads them: small ones that grow, deep ones, long ones."""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from email.message import EmailMessage

from tests.samples import (
    CONTAINER,
    FIRST,
    HTML,
    PACKAGE,
    SECOND,
    TEXT,
    XHTML,
    book,
    packed,
    parts_of,
    word,
)
from tests.samples import mail as mail_of

Files = Iterator[tuple[str, bytes]]
"""Names and contents."""

MEGA = 1_000_000
DEEP = 100_000
PROSE = f"{TEXT}\n\n".encode()

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
QUADRATIC = f'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "{"ha" * 50_000}">]>'
PARAMETER = (
    '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY % a "<!ENTITY b \'{0}\'>">%a;'
    '<!ENTITY % c SYSTEM "http://127.0.0.1:{port}/evil.dtd">%c;]>'
)


def entities(port: int, secret: str) -> Mapping[str, tuple[str, str]]:
    """Beginnings of XML documents, each with what refers to the entities that it declares."""
    external = '<?xml version="1.0"?><!DOCTYPE x {0}[<!ENTITY a SYSTEM "{1}">]>'
    return {
        "laughs": (LAUGHS, "&a11;"),
        "quadratic": (QUADRATIC, "&a;" * 20_000),
        "file": (external.format("", f"file://{secret}"), "&a;"),
        "network": (external.format("", f"http://127.0.0.1:{port}/a"), "&a;"),
        "dtd": (external.format(f'SYSTEM "http://127.0.0.1:{port}/a.dtd" ', "a"), "&a;"),
        "parameter": (PARAMETER.replace("{port}", str(port)), "&b;"),
        "itself": ('<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
    }


def with_part(data: bytes, **changed: str | bytes) -> bytes:
    """An archive with parts put in; two underscores in a name stand for a slash, one for a dot."""
    named = {key.replace("__", "/").replace("_", "."): content for key, content in changed.items()}
    return packed(parts_of(data) | named)


def office(body: str, before: str = "") -> Mapping[str, bytes]:
    """A DOCX, an ODT and an EPUB file that hold this text, which is XML, in one paragraph."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = (
        f'{before}<w:document xmlns:w="{namespace}"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p>'
        "</w:body></w:document>"
    )
    content = (
        f'{before}<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text>'
        f"<t:p>{body}</t:p></o:text></o:body></o:document-content>"
    )
    page = f'{before}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{body}</p></body></html>'
    return {
        ".docx": with_part(word(), word__document_xml=document),
        ".odt": packed({"content.xml": content}),
        ".epub": book(page),
        ".xhtml": page.encode(),
    }


def xml_bombs(port: int, secret: str) -> Files:
    for name, (before, reference) in entities(port, secret).items():
        for suffix, data in office(f"{FIRST} {reference}", before).items():
            yield f"xml-{name}{suffix}", data
        yield f"xml-{name}-container.epub", packed({"META-INF/container.xml": before + "<x/>"})
    for suffix, data in office("<b>" * 5000 + "a" + "</b>" * 5000).items():
        yield f"xml-deep{suffix}", data
    for suffix, data in office(" ".join(["aa"] * MEGA)).items():
        yield f"xml-grows{suffix}", data
    for suffix, data in office("<b/>" * MEGA).items():
        yield f"xml-many{suffix}", data


# Archives


def _entry(name: bytes, size: int, data: bytes, crc: int) -> bytes:
    return (
        struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(data), size, len(name), 0)
        + name
    )


def _directory(entries: list[tuple[bytes, int, int, int, int]], start: int) -> bytes:
    """The directory at the end: name, packed size, size, checksum and place of each member."""
    records = b"".join(
        struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, packed_size, size, len(name),
            0, 0, 0, 0, 0, place,
        )
        + name
        for name, packed_size, size, crc, place in entries
    )  # fmt: skip
    most = min(len(entries), 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, most, most, len(records), start, 0)
    return records + end


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def overlapping(members: int, size: int) -> bytes:
    """Members that all hold one kernel, each with the headers of the later ones before it.

    The construction is that of Fifield, "A better zip bomb", 2019.
    """
    content, data, whole = b"a " * (size // 2), _deflated(b"a " * (size // 2)), b""
    entries: list[tuple[bytes, int, int, int, int]] = []
    for number in range(members, 0, -1):
        name = f"{number}.txt".encode()
        if whole:
            header = whole[: len(whole) - len(data)]
            data = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + whole
            content = header + content
        crc = zlib.crc32(content)
        whole = _entry(name, len(content), data, crc) + data
        entries.append((name, len(data), len(content), crc, len(whole)))
    placed = [(*each[:4], len(whole) - each[4]) for each in entries]
    return whole + _directory(placed, len(whole))


def archives() -> Files:
    kernel = _deflated(b"a " * MEGA)
    header = _entry(b"a.txt", 2 * MEGA, kernel, zlib.crc32(b"a " * MEGA))
    one = (b"a.txt", len(kernel), 2 * MEGA, zlib.crc32(b"a " * MEGA), 0)
    local = header + kernel
    yield "zip-same-member-often.zip", local + _directory([one] * 250, len(local))
    yield "zip-overlapping.zip", overlapping(60, MEGA)
    yield "zip-overlapping.docx", overlapping(60, MEGA)
    for number, size in enumerate((0xFFFFFFFF, 1 << 30, 1)):
        lying = (b"a.txt", len(kernel), size, one[3], 0)
        yield f"zip-lies-{number}.zip", local + _directory([lying], len(local))
    yield "zip-zeros.zip", packed({"a.txt": b"\0" * (300 * MEGA)}, level=1)
    yield "zip-words.zip", packed({"a.txt": b"a " * (40 * MEGA)}, level=1)
    yield "zip-many-words.zip", packed({f"{n}.txt": b"a b " * MEGA for n in range(4)})
    yield "zip-many.zip", packed({f"{n}.txt": "Rye." for n in range(500)})
    yield "zip-too-many.zip", packed({f"{n}": "" for n in range(11_000)})
    nested = packed({"a.txt": TEXT})
    for _ in range(60):
        nested = packed({"a.zip": nested, "b.txt": TEXT})
    yield "zip-nested.zip", nested
    yield "zip-of-bombs.zip", packed({f"{n}.zip": local for n in range(20)})
    yield (
        "zip-begins-itself.zip",
        _entry(b"a.zip", 99, b"", 0) + _directory([(b"a.zip", 99, 99, 0, 0)], 35),
    )
    names = ["../up.txt", "/root.txt", "C:\\a.txt", "a/../../b.txt", "a\0.txt", "\u202etxt.exe"]
    for number, name in enumerate(names):
        yield f"zip-name-{number}.zip", packed({name: TEXT, "b.txt": TEXT})
    yield "zip-long-names.zip", packed({f"{n}{'a' * 60_000}.txt": "Rye." for n in range(20)})
    yield "zip-same-names.zip", packed_twice()
    yield "zip-empty.zip", packed({})
    yield "zip-folders.zip", packed({f"{n}/": "" for n in range(2000)})
    yield "zip-of-all.zip", packed({"a.pdf": TEXT, "b.docx": HTML, "c.txt": b"\0", "d.html": XHTML})


def packed_twice() -> bytes:
    """An archive with two members of one name."""
    once = packed({"a.txt": TEXT, "b.txt": TEXT})
    return once.replace(b"b.txt", b"a.txt")


def growing() -> Files:
    """Books and documents with parts that unpack to very much, and spines that repeat."""
    zeros, spaces = b"\0" * (30 * MEGA), b" " * (30 * MEGA)
    for name, content in (("zeros", zeros), ("spaces", spaces)):
        yield f"grows-{name}.docx", with_part(word(), word__document_xml=content)
        yield f"grows-{name}.odt", packed({"content.xml": content})
        yield f"grows-{name}.epub", packed({"META-INF/container.xml": content})
    yield "grows-styles.docx", with_part(word(), word__styles_xml=spaces)
    repeated = PACKAGE.replace('<itemref idref="c"/>', '<itemref idref="c"/>' * DEEP)
    parts = {"META-INF/container.xml": CONTAINER, "book.opf": repeated}
    chapter = XHTML.replace("<p>", f"<p>{FIRST * 1000}", 1)
    yield "grows-spine.epub", packed({**parts, "c.xhtml": chapter})
    yield "grows-chapter.epub", book(XHTML.replace("<p>", f"<p>{'a b ' * (5 * MEGA)}"))
    yield "spine-of-nothing.epub", packed(parts)
    yield (
        "package-is-itself.epub",
        packed({"META-INF/container.xml": CONTAINER.replace("book.opf", "META-INF/container.xml")}),
    )
    styles = "".join(
        f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 5000}"/></w:style>'
        for n in range(5000)
    )
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    yield (
        "styles-in-a-circle.docx",
        with_part(word(), word__styles_xml=f'<w:styles xmlns:w="{namespace}">{styles}</w:styles>'),
    )


# PDF


def pdf_of(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of these objects, of which the first is the catalogue."""
    data, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    last = max(objects)
    rows = b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n"
        for n in range(last + 1)
    )
    return data + b"xref\n0 %d\n%strailer\n<</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF" % (
        last + 1, rows, last + 1, trailer, len(data),
    )  # fmt: skip


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (more, len(content), content)


FONT = b"<</Font <</F <</Type/Font /Subtype/Type1 /BaseFont/Helvetica>>>>>>"
SHOWN = b"BT /F 12 Tf 72 700 Td (%s) Tj ET" % FIRST.encode("latin-1")


def page_of(contents: bytes, more: bytes = b"") -> bytes:
    return b"<</Type/Page /Parent 2 0 R /MediaBox[0 0 600 800] /Resources %s /Contents %s %s>>" % (
        FONT, contents, more,
    )  # fmt: skip


def one_page(content: bytes = b"", catalog: bytes = b"", page: bytes = b"") -> dict[int, bytes]:
    return {
        1: b"<</Type/Catalog /Pages 2 0 R %s>>" % catalog,
        2: b"<</Type/Pages /Kids[3 0 R] /Count 1>>",
        3: page_of(b"4 0 R", page),
        4: content or stream(SHOWN),
    }


def pdf_trees() -> Files:
    pages = {n: b"<</Type/Pages /Kids[%d 0 R] /Count 1>>" % (n + 1) for n in range(2, 5000)}
    yield "pdf-deep-tree.pdf", pdf_of(one_page() | pages | {5000: page_of(b"4 0 R")})
    circle = {2: b"<</Type/Pages /Kids[2 0 R 3 0 R 2 0 R] /Count 3>>"}
    yield "pdf-circle.pdf", pdf_of(one_page() | circle)
    huge = {2: b"<</Type/Pages /Kids[3 0 R] /Count 2147483647>>"}
    yield "pdf-huge-count.pdf", pdf_of(one_page() | huge)
    many = {2: b"<</Type/Pages /Kids[%s] /Count 20000>>" % (b"3 0 R " * 20_000)}
    yield "pdf-many-pages.pdf", pdf_of(one_page() | many)
    negative = {2: b"<</Type/Pages /Kids[3 0 R] /Count -1>>"}
    yield "pdf-negative-count.pdf", pdf_of(one_page() | negative)
    outline = {
        5: b"<</Type/Outlines /First 6 0 R /Last 6 0 R /Count 1>>",
        6: b"<</Title(a) /Parent 5 0 R /Next 6 0 R /First 6 0 R /Dest[3 0 R /Fit]>>",
    }
    yield "pdf-outline-circle.pdf", pdf_of(one_page(catalog=b"/Outlines 5 0 R") | outline)
    yield "pdf-prev-itself.pdf", pdf_of(one_page(), b"/Prev 9")
    yield "pdf-deep-arrays.pdf", pdf_of(one_page() | {5: b"[" * DEEP + b"]" * DEEP})
    yield "pdf-deep-dictionaries.pdf", pdf_of(one_page(catalog=b"/A " + b"<</A" * DEEP))
    yield (
        "pdf-length-itself.pdf",
        pdf_of(one_page(b"<</Length 4 0 R>>\nstream\n%s\nendstream" % SHOWN)),
    )
    yield "pdf-no-pages.pdf", pdf_of({1: b"<</Type/Catalog>>"})
    yield "pdf-only-header.pdf", b"%PDF-1.7\n"
    yield "pdf-many-objects.pdf", b"%PDF-1.7\n" + b"1 0 obj <</Type/Catalog>> endobj\n" * DEEP
    yield "pdf-mentions-eof.pdf", b"%PDF-1.7\n" + b"%%EOF startxref 0 " * DEEP


def pdf_streams(port: int, secret: str) -> Files:
    flate = b"/Filter/FlateDecode"
    twice = b"/Filter[/FlateDecode/FlateDecode]"
    spaces = zlib.compress(b" " * (300 * MEGA), 9)
    yield "pdf-spaces.pdf", pdf_of(one_page(stream(spaces, flate)))
    squeezed = zlib.compress(zlib.compress(b" " * (900 * MEGA), 1), 9)
    yield "pdf-squeezed-twice.pdf", pdf_of(one_page(stream(squeezed, twice)))
    letters = zlib.compress(SHOWN * 20_000, 9)
    yield "pdf-many-letters.pdf", pdf_of(one_page(stream(letters, flate)))
    lines = b"BT /F 9 Tf %s ET" % (b"0 -9 Td (a b) Tj " * 300_000)
    yield "pdf-many-lines.pdf", pdf_of(one_page(stream(zlib.compress(lines, 9), flate)))
    nested = zlib.compress(b"q " * (5 * MEGA), 9)
    yield "pdf-states.pdf", pdf_of(one_page(stream(nested, flate)))
    yield "pdf-deep-operands.pdf", pdf_of(one_page(stream(b"[" * MEGA)))
    form = b"/Type/XObject /Subtype/Form /BBox[0 0 9 9] /Resources<</XObject<</X 5 0 R>>>>"
    resources = b"/Resources<</XObject<</X 5 0 R>>>>"
    calls = {5: stream(b"/X Do /X Do", form)}
    yield "pdf-form-itself.pdf", pdf_of(one_page(stream(b"/X Do"), page=resources) | calls)
    often = b"[%s]" % (b"4 0 R " * 30_000)
    yield "pdf-often-drawn.pdf", pdf_of(one_page() | {3: page_of(often)})
    objects = b"/Type/ObjStm /N 2147483647 /First 10 /Extends 5 0 R"
    yield "pdf-object-stream.pdf", pdf_of(one_page() | {5: stream(b"1 0 2 0 ", objects)})
    references = b"/Type/XRef /W[1 8 8] /Index[0 2147483647] /Size 2147483647 /Root 1 0 R"
    whole = b"%PDF-1.7\n4 0 obj\n" + stream(b"\1" * 99, references) + b"\nendobj\n"
    yield "pdf-huge-index.pdf", whole + b"startxref\n9\n%%EOF"
    for name, action in {
        "script": b"/S/JavaScript /JS(app.launchURL\\('http://127.0.0.1:%d/'\\))" % port,
        "launch": b"/S/Launch /F(/bin/true)",
        "address": b"/S/URI /URI(http://127.0.0.1:%d/)" % port,
        "submit": b"/S/SubmitForm /F(http://127.0.0.1:%d/)" % port,
        "other-file": b"/S/GoToR /F(%s) /D[0 /Fit]" % secret.encode(),
    }.items():
        data = pdf_of(one_page(catalog=b"/OpenAction<<%s>>" % action))
        yield f"pdf-action-{name}.pdf", data
    outside = b"<</Length 0 /F(%s) /FFilter/FlateDecode>>\nstream\n\nendstream" % secret.encode()
    yield "pdf-outside-stream.pdf", pdf_of(one_page(outside))
    picture = b"/Type/XObject /Subtype/Image /Width 99999 /Height 99999 /BitsPerComponent 8"
    drawn = {5: stream(b"", picture + b"/ColorSpace/DeviceRGB")}
    yield "pdf-huge-picture.pdf", pdf_of(one_page(stream(b"/X Do"), page=resources) | drawn)
    yield (
        "pdf-locked.pdf",
        pdf_of(
            one_page(),
            b"/Encrypt<</Filter/Standard /V 1 /R 2 /P 0 /O(%s) /U(%s)>>" % ((b"a" * 32,) * 2),
        ),
    )


# Markup and mail


def pages(port: int, secret: str) -> Files:
    nested = {
        "divs": ("<div>", "</div>"),
        "bold": ("<b>", ""),
        "lists": ("<ul><li>", ""),
        "tables": ("<table><tr><td>", ""),
        "forms": ("<form>", ""),
        "closed": ("</p>", ""),
        "quotes": ("<blockquote><p>", ""),
        "pre": ("<pre>\n", ""),
    }
    for name, (before, after) in nested.items():
        data = f"<html><body>{before * DEEP}{FIRST}{after * DEEP}</body></html>"
        yield f"html-{name}.html", data.encode()
        yield f"html-{name}.epub", book(data)
        tame = f"<html><body>{before * 60}{FIRST}{after * 60}</body></html>"
        yield f"html-{name}-tame.html", tame.encode()
    long = {
        "name": f"<{'a' * MEGA}>",
        "attribute": f"<p title='{'a' * 5 * MEGA}'>",
        "attributes": f"<p {' '.join(f'a{n}=1' for n in range(DEEP))}>",
        "comment": f"<!--{'-' * MEGA}",
        "comments": "<!---->" * DEEP,
        "open-comments": "<!--" * DEEP,
        "instructions": "<?a?>" * DEEP,
        "entities": "&nbsp;&#0;&#1114112;&bogus;" * DEEP,
        "breaks": "<br>" * DEEP,
        "links": "<a href=x>y</a>" * DEEP,
        "cells": f"<table><tr>{'<td>a</td>' * DEEP}</tr></table>",
        "rows": f"<table>{'<tr><td>a</td><td>b</td></tr>' * 30_000}</table>",
        "spans": "<span>a</span>" * DEEP,
        "less": "<" * MEGA,
        "picture": f"<img src='data:image/png;base64,{'A' * 5 * MEGA}'>",
        "json": f"<script type='application/ld+json'>{'[' * DEEP}</script>",
        "json-words": '<script type="application/ld+json">{"@type":"Article","headline":"'
        + '\\"a' * DEEP + '"}</script>',
        "titles": "<title>a</title><h1>b</h1>" * 20_000,
        "meta": "<meta name='author' content='a, b and c'>" * 20_000,
        "date": f"<meta property='article:published_time' content='{'2020-01-' * DEEP}'>",
        "bylines": "<p class='author'>By A. B. on 1 January 2020</p>" * 20_000,
        "noscript": "<noscript>" * DEEP,
        "charset": "<meta charset='" + "utf-" * DEEP + "'>",
        "cdata": "<![CDATA[" * DEEP,
        "doctype": "<!DOCTYPE " + "html " * DEEP + ">",
    }  # fmt: skip
    for name, markup in long.items():
        data = f"<html><head>{markup}</head><body><p>{TEXT}</p>{markup}</body></html>"
        yield f"html-long-{name}.html", data.encode()
    far = f"http://127.0.0.1:{port}"
    active = {
        "script": f"<script>fetch('{far}/')</script><script src='{far}/a.js'></script>",
        "handlers": f"<p onclick='a()' onload=\"location='{far}'\">b</p><svg onload=alert(1)>",
        "frames": f"<iframe src='{far}/'></iframe><iframe src='file://{secret}'></iframe>",
        "objects": f"<object data='file://{secret}'></object><embed src='{far}/'>",
        "refresh": f"<meta http-equiv=refresh content='0;url={far}/'>",
        "pictures": f"<img src='{far}/a.png' srcset='{far}/b.png 2x'><video poster='{far}/'>",
        "styles": f"<style>@import '{far}/a.css'</style><link rel=stylesheet href='{far}/b.css'>",
        "base": f"<base href='{far}/'><a href='a'>b</a><link rel=canonical href='{far}/'>",
        "include": f"<!--#include file='{secret}'--><xi:include href='file://{secret}'/>",
    }
    for name, markup in active.items():
        page = HTML.replace("<body>", f"<body>{markup}")
        yield f"active-{name}.html", page.encode()
        yield f"active-{name}.mhtml", mail_of(page, "html", Snapshot_Content_Location=far)
        yield f"active-{name}.eml", mail_of(page, "html", Date="1 Jan 2020 10:00:00 +0000")
        yield f"active-{name}.epub", book(XHTML.replace("<body>", f"<body>{markup}"))


def mails(port: int) -> Files:
    head = b"From: ann@example.org\r\nSubject: The ferry\r\nMIME-Version: 1.0\r\n"
    for depth in (50, 500):
        data = b""
        for n in range(depth):
            data += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        nested = head + data + b"Content-Type: text/plain\r\n\r\n" + PROSE
        wrapped = head * depth + b"\r\n" + PROSE
        yield f"mail-nested-{depth}.eml", nested
        yield f"mail-nested-{depth}.mhtml", nested
        yield (
            f"mail-forwarded-{depth}.eml",
            ((head + b"Content-Type: message/rfc822\r\n\r\n") * depth + head + b"\r\n" + PROSE),
        )
        yield f"mail-heads-{depth}.eml", wrapped
    part = b"--b\r\nContent-Type: text/plain\r\n\r\na\r\n"
    many = head + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 20_000
    yield "mail-many-parts.eml", many
    yield "mail-many-parts.mhtml", many
    headers = {
        "encoded": b"Subject: " + b"=?utf-8?b?YQ==?= " * 20_000,
        "brackets": b"To: " + b"(" * 20_000,
        "quotes": b"To: " + b'"' * 20_001,
        "groups": b"To: " + b"a:" * 20_000,
        "angles": b"From: " + b"<" * 20_000,
        "addresses": b"To: " + b"a@b.c, " * 20_000,
        "comments": b"Date: " + b"()" * 20_000,
        "date": b"Date: " + b"1 " * DEEP,
        "folded": b"X: a" + b"\r\n a" * DEEP,
        "long": b"X: " + b"a" * MEGA,
        "many": b"X: a\r\n" * DEEP + b"Y: b",
        "dispositions": b"Content-Disposition: attachment; " + b"filename*0*=a; " * 20_000,
        "boundary": b"Content-Type: multipart/mixed; boundary=" + b"b" * DEEP,
        "no-boundary": b"Content-Type: multipart/mixed",
        "charset": b"Content-Type: text/plain; charset=" + b"utf-8" * 20_000,
        "external": b"Content-Type: message/external-body; access-type=URL;"
        b' URL="http://127.0.0.1:%d/"' % port,
        "base64": b"Content-Transfer-Encoding: base64",
        "uuencode": b"Content-Transfer-Encoding: x-uuencode",
    }
    for name, header in headers.items():
        yield f"mail-{name}.eml", head + header + b"\r\n\r\n" + PROSE
    yield "mail-quoted.eml", head + b"\r\n" + b"> " * DEEP + b"\n" + b"> a\n" * DEEP + PROSE
    yield "mail-signatures.eml", head + b"\r\n" + PROSE + b"-- \n" * DEEP
    attached = EmailMessage()
    attached["From"], attached["Subject"] = "a@example.org", "b"
    attached.set_content(TEXT)
    attached.add_attachment(b"MZ" * 500, "application", "x-msdownload", filename="a.exe")
    attached.set_boundary("a-boundary-of-parts")
    yield "mail-program.eml", bytes(attached)


def rich_text(port: int) -> Files:
    bodies = {
        "braces": b"{" * DEEP,
        "closed": b"}" * DEEP,
        "bin": b"\\bin2147483647 " + PROSE,
        "bin-negative": b"\\bin-5 " * DEEP,
        "unicode": b"\\u-99999999?\\u1114112?\\u55357?" * 1000,
        "skip": b"\\uc2147483647\\u8212?" + PROSE,
        "fonts": b"{\\fonttbl" + b"{\\f0\\fcharset255 a;}" * DEEP + b"}",
        "fields": b'{\\field{\\*\\fldinst INCLUDETEXT "http://127.0.0.1:%d/"}}' % port,
        "object": b"{\\object\\objocx{\\*\\objdata " + b"d0cf11e0" * DEEP + b"}}",
        "picture": b"{\\pict\\pngblip " + b"89504e47" * DEEP + b"}",
        "cells": b"\\trowd\\intbl " + b"a\\cell " * DEEP + b"\\row ",
        "rows": b"\\trowd\\intbl a\\cell b\\cell\\row " * 30_000,
        "words": b"\\par" * DEEP,
        "word": b"\\" + b"a" * MEGA,
        "backslashes": b"\\" * 100_001,
        "hex": b"\\'zz\\'" * DEEP,
        "page": b"\\ansicpg99999 \\'e9",
        "template": b"{\\*\\template http://127.0.0.1:%d/a.dotm}" % port,
        "lines": b"a\\line " * DEEP,
    }
    for name, body in bodies.items():
        yield f"rtf-{name}.rtf", b"{\\rtf1\\ansi " + body + b" " + PROSE + b"}"


# Rows


def rows() -> Files:
    header = "id,text\n"
    tables = {
        "long-cell": header + f'a,"{"rye and oats " * 800_000}"\n',
        "long-word": header + f"a,{'a' * 10 * MEGA}\n",
        "wide": ",".join(f"c{n}" for n in range(DEEP)) + "\n" + "a," * (DEEP - 1) + "a\n",
        "wide-text": ",".join(["text"] * DEEP) + "\n" + "a," * (DEEP - 1) + "a\n",
        "ragged": header + "".join("a," * (n % 50) + "\n" for n in range(DEEP)),
        "open-quote": header + 'a,"never closed ' + "and on\n" * DEEP,
        "quotes": header + '"' * MEGA + "\n",
        "odd-quotes": header + 'a,"b"c\n' * DEEP,
        "delimiters": ",;\t|" * 250_000,
        "same-ids": header + "same,Rye was dear.\n" * 300,
        "formulas": header + '=cmd|"/C calc"!A0,"=HYPERLINK(""http://127.0.0.1"")"\n',
        "ends": header.replace("\n", "\r") + "a,Rye was dear.\r" * 200,
        "nothing": "\n" * MEGA,
        "short-rows": header + "a,b\n" * 500,
    }
    for name, table in tables.items():
        yield f"rows-{name}.csv", table.encode()
        yield f"rows-{name}.tsv", table.replace(",", "\t").encode()
    row = json.dumps({"id": "a", "text": FIRST})
    lines = {
        "long": json.dumps({"text": "rye and oats " * 1_500_000}),
        "deep": "[" * DEEP,
        "deep-object": '{"text":' * DEEP,
        "deep-value": f'{{"text": "a", "b": {"[" * 900}{"]" * 900}}}',
        "digits": f'{{"text": {"1" * MEGA}}}',
        "exponent": '{"text": 1e999999999, "id": NaN}',
        "surrogates": r'{"id": "\ud800", "text": "a \ud83d b \udc00", "title": "\ud800 x"}',
        "surrogate-key": r'{"\ud800": "a", "text": "Rye was dear that year."}',
        "surrogate-rest": '{"text": "Rye.", "author": "a\\ud800", "url": "http://a/\\ud800",'
        ' "publisher": "b\\udfff", "language": "en", "published": "2020\\ud800"}',
        "nulls": r'{"id": "\u0000", "text": "a\u0000b", "title": "\u0000c"}',
        "same-keys": "{" + '"text": "a",' * DEEP + '"text": "b"}',
        "many-keys": json.dumps({f"k{n}": n for n in range(DEEP)} | {"text": "Rye was dear."}),
        "keys-differ": "\n".join(json.dumps({f"k{n}": n}) for n in range(20_000)),
        "no-objects": "\n".join(["1"] * DEEP),
        "types": '{"text": ["a"]}\n{"text": {"b": 1}}\n{"text": null}\n{"text": true}\n' + row,
        "odd-ids": "\n".join(
            json.dumps({"id": each, "text": FIRST})
            for each in (
                "../up",
                "a#b",
                "a/b",
                "\u202ea",
                "",
                "x" * 9999,
                1,
                None,
                True,
                "a\nb",
                "%",
            )
        ),
        "many": "\n".join([json.dumps({"text": "Rye was dear."})] * 500),
    }
    for name, content in lines.items():
        yield f"rows-{name}.jsonl", content.encode()
        listed = ",".join(content.split("\n"))
        yield f"rows-{name}.json", f"[{listed}]".encode()


# Text that is hard on rules and on whatever splits sentences


def texts(size: int = MEGA) -> Files:
    lines = {
        "front-matter": "---\n" + "- a: b\n" * DEEP,
        "front-matter-keys": "---\n" + "-a: b\n" * DEEP,
        "letters": "a\n" * 200_000,
        "paragraphs": "a b.\n\n" * DEEP,
        "quote-lines": '"Rye and oats\n' * 50_000,
        "menus": "Home\nNews\nAbout\n" * 30_000,
        "related": "Related\nRye and oats\n" * 30_000,
        "teasers": f"Related\nRye and oats\n{SECOND}\n" * 5000,
        "counters": f"12 views{'.' * 300_000}x\n12 views{',' * 300_000}x\n",
        "notes": "[1] See https://example.org p. 3.\n" * 30_000,
        "comments": "2 comments\nRye was dear that year.\n" * 20_000,
        "appeals": "Please support us and donate to our newsletter.\n" * 20_000,
        "headings": "# Rye\n" * DEEP,
        "table-rows": "| a | b |\n" * DEEP,
        "open-ends": "the\n" * DEEP,
        "wrapped": "rye and oats and barley were dear in that year and the\n" * 20_000,
        "same-sentence": f"{FIRST}\n\n" * 10_000,
        "ends": "\r\n" * DEEP + "\u2028" * DEEP + "\x85" * DEEP,
    }
    runs = {
        "word": "a", "quotation-marks": '"', "guillemets": "«a» ", "quoted": 'a "b" ',
        "notes-in-line": "[1] ", "addresses": "https://", "spaces": " ", "tabs": "a\t",
        "no-break-spaces": "\u00a0", "dots": ".", "spaced-dots": ". ", "ellipses": "… ",
        "brackets": "(", "bars": "| ", "hashes": "#", "dashes": "- ", "stars": "*",
        "abbreviations": "Mr. ", "initials": "A. ", "commas": "a, ", "digits": "1",
        "numbers": "1. ", "home": "home > ", "copyright": "copyright ", "views": "12 views ",
        "opinions": "views and opinions ", "support": "support your ", "edited": "edited by A, ",
        "read-more": "read more: ", "accents": "e\u0301", "marks": "\u0301", "joiners": "\u200d",
        "ideographs": "漢", "ideograph-sentences": "漢字。", "arabic": "سلام ", "thai": "สวัสดี",
        "hyphens": "a-", "apostrophes": "a'", "low-lines": "_", "mails": "a@b.c ",
        "questions": "Why? ", "exclamations": "!", "sentences": "Rye was dear. ",
        "half-quotes": "“Rye was dear. ", "semicolons": "rye; ", "colons": "a: ",
        "markup": "<b>", "escapes": "&amp;", "emoji": "👩‍👩‍👧", "hangul": "한", "kana": "か",
    }  # fmt: skip
    for name, content in lines.items():
        yield f"text-{name}.txt", content.encode() + b"\n" + PROSE
    for name, piece in runs.items():
        yield f"text-{name}.txt", (piece * (size // len(piece))).encode() + b"\n\n" + PROSE
    yield "text-five-million-spaces.txt", PROSE + b" " * (5 * MEGA) + b"a"
    yield "text-words.md", b"rye and oats " * 400_000
    yield "text-lines-of-spaces.md", (b" " * 99 + b"\n") * 50_000 + PROSE


def all_bombs(port: int, secret: str) -> Files:
    """Every bomb, by name."""
    yield from xml_bombs(port, secret)
    yield from archives()
    yield from growing()
    yield from pdf_trees()
    yield from pdf_streams(port, secret)
    yield from pages(port, secret)
    yield from mails(port)
    yield from rich_text(port)
    yield from rows()
    yield from texts()
