"""What a file states of itself, where that can be true: templates and programs state much else.

`published` is never taken from when a file was made, changed or printed: that is not when its text
was published, and a citation would show it as if it were.
"""

import re
from datetime import date
from email.utils import parsedate_to_datetime

from rag.readers.building import one_line

_LONGEST = 300
"""Code points of a title or a name; what is longer is something else."""

_SUFFIX = re.compile(
    r"\.(?:docx?|dotx?|odt|rtf|pdf|txt|md|html?|indd|qxd|tex|dvi|p65|pages|wpd|pptx?|xlsx?|csv|tmp)$",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"(?:microsoft|ms) (?:office )?(?:word|powerpoint|excel)\s*[-–:]", re.IGNORECASE
)
_NOTHING = (
    r"\W*(?:untitled|unnamed|unknown|anonymous|unspecified|none|null|n/?a|unbekannt|html|tex|latex"
    r"|microsoft|apache poi|python-docx|reportlab|libreoffice|openoffice(?:\.org)?|calibre"
    r"|pdfcreator"
)
_NO_TITLE = re.compile(
    _NOTHING + r"|no ?title|title|template|layout|print|normal|ohne titel|sans (?:nom|titre)"
    r"|(?:word|blank|new|untitled|pdf|powerpoint)? ?(?:document|presentation))[\W\d_]*",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    _NOTHING + r"|author|users?|admin|administrator|owner|root|default|guest|pc"
    r"|(?:windows|microsoft(?: office)?) user)[\W\d_]*",
    re.IGNORECASE,
)
_NO_CHARACTER = re.compile("[\x00-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
_NUMERIC_DATE = re.compile(r"(\d{4})(?:([-/.]?)(\d\d)(?:\2(\d\d))?)?(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_DAY_FIRST = re.compile(rf"(?:[a-z]+, )?(\d\d?)(?:st|nd|rd|th)?,? {_MONTH},? (\d{{4}})(?!\d)", re.I)
_MONTH_FIRST = re.compile(rf"(?:[a-z]+, )?{_MONTH} (\d\d?)(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)", re.I)
_ADDRESS = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


def title(value: object) -> str | None:
    """A title that says something: no name of a file, of a program or of nothing."""
    said = _words(value)
    if said is None:
        return None
    nothing = _PROGRAM.match(said) or _SUFFIX.search(said) or _NO_TITLE.fullmatch(said)
    return None if nothing else said


def person(value: object) -> str | None:
    """The name of somebody, or of several: no program, and no account that everybody has."""
    said = _words(value)
    return None if said is None or _NO_PERSON.fullmatch(said) else said


def published(value: object) -> str | None:
    """A date as YYYY, YYYY-MM or YYYY-MM-DD; None for one that could be two dates, as 5/6/2020.

    Read are years, numbers with the year first, and English names of months.
    """
    said = one_line(str(value or ""))
    if match := _NUMERIC_DATE.match(said):
        parts = [part for part in (match[1], match[3], match[4]) if part]
    elif match := _DAY_FIRST.match(said):
        parts = [match[3], _number_of(match[2]), match[1].zfill(2)]
    elif match := _MONTH_FIRST.match(said):
        parts = [match[3], _number_of(match[1]), match[2].zfill(2)]
    else:
        return None
    try:
        date(*map(int, [*parts, "1", "1"][:3]))
    except ValueError:
        return None
    return "-".join(parts)


def _number_of(month: str) -> str:
    return f"{_MONTHS.index(month.lower()) + 1:02}"


def sent(value: object) -> str | None:
    """The day of a mail's date (RFC 5322), as it was where the mail was sent."""
    try:
        return parsedate_to_datetime(str(value or "")).date().isoformat()
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def address(value: object) -> str | None:
    """An address of the web."""
    said = str(value or "").strip()
    return said if _ADDRESS.fullmatch(said) else None


def language(value: object) -> str | None:
    """A BCP-47 code; underscores are read as hyphens. "und" and the like say nothing."""
    said = str(value or "").strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(said) or said.lower() in ("und", "zxx", "mul", "none", "x-none"):
        return None
    return said


def _words(value: object) -> str | None:
    said = one_line(_NO_CHARACTER.sub(" ", str(value or "")))
    return said if 0 < len(said) <= _LONGEST and any(map(str.isalpha, said)) else None
