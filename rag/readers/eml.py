"""EML: the text of a mail, its plain version if it has one, else the HTML one.

`start` and `end` refer to that text, not to the file; line ends are single characters in it. What a
plain mail quotes of earlier ones, and the signature, are marked as furniture: the first is somebody
else's. The subject is the title, the sender the author, and the day on which it was sent the date.
Attachments are named and not read.
"""

import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr

from rag.errors import SeedUnreadable
from rag.readers import html, stated
from rag.readers.blocks import parse, visible_text
from rag.records import Furniture, Metadata, Notice, Reading, Span

_KNOWN = ("From", "Date", "Subject", "To", "Message-ID", "MIME-Version")
"""A mail has two of these headers at least."""

_QUOTED = re.compile(r"^[ \t]?>.*(?:\n(?:[ \t]?>.*|[ \t]*(?=\n[ \t]?>)))*", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- \n(?s:.+)", re.MULTILINE)

_CUT = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)

_BROKEN = (AttributeError, IndexError, LookupError, OverflowError, TypeError, ValueError)
"""What Python's parser of headers raises at malformed ones."""


def read(data: bytes, name: str) -> Reading:
    """The text of a mail with what its headers say.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: it is no mail, or one without text.
    """
    mail = parse_mail(data, name)
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise SeedUnreadable(
            f"{name}: a mail without text",
            "Save what is attached to it into the seeds, if that is what matters.",
        )
    text, encoding, headings, notices = _text(body, name)
    if not text.strip():
        raise SeedUnreadable(f"{name}: a mail without text", "Take it out of the seeds.")
    plain = body.get_content_type() == "text/plain"
    return Reading(
        text=text,
        encoding=encoding,
        headings=headings,
        furniture=_furniture(text) if plain else (),
        metadata=_metadata(mail),
        notices=(*notices, *incomplete(mail, name), *_attachments(mail, name)),
    )


def parse_mail(data: bytes, name: str) -> EmailMessage:
    """The parts of a mail, or of a page that was saved as one.

    Raises:
        SeedUnreadable: it has not the headers of a mail.
    """
    mail = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf"), policy=policy.default)
    if sum(each in mail for each in _KNOWN) < 2:
        raise SeedUnreadable(
            f"{name}: has not the headers of a mail", "Check that its name ends as its format does."
        )
    return mail


def header(message: MIMEPart, name: str) -> str | None:
    """The value of a header; None if there is none that can be read."""
    try:
        value = message.get(name)
    except _BROKEN:
        return None
    return None if value is None else str(value)


def decoded(part: MIMEPart, name: str) -> tuple[str, str, tuple[Notice, ...]]:
    """The text of a part, the encoding it was read with, and notices where that is a guess.

    Raises:
        SeedUnreadable: its bytes are no text.
    """
    payload = part.get_payload(decode=True)
    try:
        charset = part.get_content_charset()
    except _BROKEN:
        charset = None
    if charset in ("us-ascii", "ascii"):  # what mailers declare that declare nothing
        charset = None
    return html.decode(payload if isinstance(payload, bytes) else b"", name, charset)


def incomplete(mail: EmailMessage, name: str) -> tuple[Notice, ...]:
    """A notice if the end of one of its parts is missing."""
    if not any(isinstance(d, _CUT) for part in mail.walk() for d in part.defects):
        return ()
    return (Notice(file=name, message="incomplete: it ends in the middle", remedy="get it again"),)


def _text(body: MIMEPart, name: str) -> tuple[str, str, tuple[Span, ...], tuple[Notice, ...]]:
    text, encoding, notices = decoded(body, name)
    if body.get_content_type() == "text/html":
        page = visible_text(parse(text, name))
        return page.text, encoding, page.headings, notices
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding, (), notices


def _furniture(text: str) -> tuple[Furniture, ...]:
    signature = _SIGNATURE.search(text)
    end = signature.start() if signature else len(text)
    spans = [
        Furniture(start=match.start(), end=match.end(), reason="quoted from an earlier mail")
        for match in _QUOTED.finditer(text, 0, end)
    ]
    if signature:
        spans.append(Furniture(start=end, end=signature.end(), reason="signature"))
    return tuple(spans)


def _metadata(mail: EmailMessage) -> Metadata:
    shown, address = parseaddr(header(mail, "From") or "")
    return Metadata(
        title=stated.title(header(mail, "Subject")),
        author=stated.person(shown) or stated.person(address),
        published=stated.sent(header(mail, "Date")),
        language=stated.language(header(mail, "Content-Language")),
    )


def _attachments(mail: EmailMessage, name: str) -> Sequence[Notice]:
    """That attachments are not read, by their names."""
    named = []
    for part in mail.iter_attachments():
        try:
            named.append(part.get_filename() or part.get_content_type())
        except _BROKEN:
            named.append("one without a readable name")
    if not named:
        return ()
    message = (
        f"its attachments were not read: {', '.join(' '.join(each.split()) for each in named)}"
    )
    remedy = "save those that matter into the seeds"
    return (Notice(file=name, message=message[:300], remedy=remedy),)
