"""MHTML: the page that a browser saved with its pictures and styles in one file (RFC 2557).

`start` and `end` refer to the page's visible text, as for HTML. The address is that of the page;
the date of the file's header is the day on which it was saved, and not used.
"""

from email.message import EmailMessage

from rag.errors import SeedUnreadable
from rag.readers import html, stated
from rag.readers.eml import decoded, header, incomplete, parse_mail
from rag.records import Metadata, Reading

_PAGES = ("text/html", "application/xhtml+xml")


def read(data: bytes, name: str) -> Reading:
    """The visible text of the saved page with its headings, furniture and metadata.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.

    Raises:
        SeedUnreadable: it is no saved page, or the page shows no text.
    """
    archive = parse_mail(data, name)
    part = _root(archive)
    if part is None:
        raise SeedUnreadable(
            f"{name}: holds no page", "Save the page from a browser again, as one file."
        )
    shown = html.shown_by(*decoded(part, name), name)
    return shown.model_copy(
        update={
            "metadata": _metadata(archive, part, shown.metadata),
            "notices": (*shown.notices, *incomplete(archive, name)),
        }
    )


def _root(archive: EmailMessage) -> EmailMessage | None:
    """The part that the others belong to: the one that is named as `start`, else the first page."""
    pages = [part for part in archive.walk() if part.get_content_type() in _PAGES]
    start = archive.get_param("start")
    named = [page for page in pages if start and header(page, "Content-ID") == start]
    return next(iter([*named, *pages]), None)


def _metadata(archive: EmailMessage, part: EmailMessage, stated_by_page: Metadata) -> Metadata:
    saved_from = header(archive, "Snapshot-Content-Location") or header(part, "Content-Location")
    return stated_by_page.model_copy(
        update={
            "title": stated_by_page.title or stated.title(header(archive, "Subject")),
            "url": stated_by_page.url or stated.address(saved_from),
        }
    )
