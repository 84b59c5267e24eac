"""What figures an English text holds: numbers in words and digits, with their bounds and unit.

"more than 100,000", "twenty-five to thirty", "a fifth", "20 percent", "$2.5 million", "12 km". A
grammar of our own: of the libraries compared (docs/decisions.md) none reads bounds ("at least",
"nearly"), "dozens" or "half a million" with offsets.
"""

import math
import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from rag.dates import date_spans

Kind = Literal["count", "share", "measure", "money", "date"]

ABOUT = 0.1
""""About" a number may be so much of it more or less, as a share of it."""

TOO_MANY = 1e15
"""A longer row of digits is a code and counts nothing."""

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "mln": 1_000_000,
    "bn": 1_000_000_000,
}
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_LOOSE = {
    "dozens": (24, 99),
    "tens": (20, 99),
    "scores": (40, 199),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    "millions": (2_000_000, 9_999_999),
}
"""What the least and the most is that these words may stand for."""

_MEASURES = {
    "metre": (("m", "metre", "meter"), 1.0),
    "kilometre": (("km", "kilometre", "kilometer"), 1_000.0),
    "mile": (("mile",), 1_609.344),
    "foot": (("ft", "foot", "feet"), 0.3048),
    "hectare": (("ha", "hectare"), 10_000.0),
    "acre": (("acre",), 4_046.8564224),
    "gram": (("gram",), 0.001),
    "kilogram": (("kg", "kilogram", "kilo"), 1.0),
    "tonne": (("tonne", "ton"), 1_000.0),
    "litre": (("litre", "liter"), 1.0),
    "barrel": (("barrel",), 1.0),
    "degree": (("degree",), 1.0),
    "minute": (("minute",), 60.0),
    "hour": (("hour",), 3_600.0),
    "day": (("day",), 86_400.0),
    "week": (("week",), 604_800.0),
    "month": (("month",), 1.0),
    "year": (("year",), 1.0),
}
_BASES = {
    "kilometre": "metre", "mile": "metre", "foot": "metre", "acre": "hectare", "gram": "kilogram",
    "tonne": "kilogram", "minute": "second", "hour": "second", "day": "second", "week": "second",
}  # fmt: skip
_UNIT_NAMES = {
    form: name for name, (forms, _) in _MEASURES.items() for each in forms
    for form in (each, f"{each}s")
}  # fmt: skip
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "₽": "rouble"}
_CURRENCIES = (
    "dollar", "euro", "pound", "yen", "rupee", "rouble", "lira", "franc", "crown", "dinar",
    "dirham", "peso", "yuan",
)  # fmt: skip


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[\u00a0\u202f\u2009'’]\d{3})+|\d{1,3}(?: 000)+|\d+)"
_DECIMAL = rf"(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+(?!\d)|{_DIGITS}(?:\.\d+)?)"
_SMALL = rf"(?:(?:{_any(_TENS)})(?:[-\s](?:{_any(list(_UNITS)[:9])}))?|{_any(_UNITS)})"
_SCALE = r"(?:hundred|thousand|million|billion|mn|mln|bn)"
_SPELT = (
    rf"(?:(?:{_SMALL}|an?)[-\s]{_SCALE}(?:[-\s](?:and\s+)?(?:{_SMALL}|{_SCALE}))*"
    rf"|{_SMALL}(?:\s+and\s+a\s+half)?(?:[-\s]{_SCALE})*"
    rf"|(?:half|(?:a\s+)?quarter\s+of)\s+an?\s+{_SCALE}|half[-\s]{_SCALE})"
)
_DOZEN = rf"(?:(?:an?|half\s+a|{_SMALL}|\d+)\s+dozen)"
_NUMBER = rf"(?:{_DOZEN}|{_DECIMAL}(?:[-\s]?{_SCALE}|m(?=\s(?:people|persons|refugees)))*|{_SPELT})"
_ABOVE = (
    r"(?:(?:no|not)\s+(?:less|fewer)\s+than|more\s+than|greater\s+than|at\s+least|upwards?\s+of"
    r"|in\s+excess\s+of|exceeding|over|above)"
)
_BELOW = (
    r"(?:(?:no|not)\s+more\s+than|(?:less|fewer)\s+than|at\s+most|as\s+many\s+as|up\s+to|under"
    r"|below)"
)
_NEARLY = r"(?:nearly|almost|just\s+under)"
_ROUGHLY = (
    r"(?:about|around|close\s+to|approximately|roughly|an?\s+estimated|estimated|some|circa|in\s+the\s+order"
    r"\s+of)"
)
_BOUND = (
    rf"(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW})|(?P<nearly>{_NEARLY})|(?P<roughly>{_ROUGHLY}))"
)
_MONEY = rf"(?P<sign>(?:US|C|A)?[{''.join(_SIGNS)}])\s?"
_TAIL = (
    r"(?:(?P<percent>\s?%|[\s-]per\s?cent\b(?!age)|\spct\b)"
    rf"|(?P<square>\s(?:square|sq)\.?)?[\s-]?(?P<unit>{_any(_UNIT_NAMES)})\b(?!-old)"
    rf"|\s+(?P<currency>(?:US\s+)?(?:{_any(_CURRENCIES)})s?)\b)?"
)
_EDGE = r"(?<![\w$£€.,/:#№-])(?<!\[)"
_FRACTION = (
    rf"(?:(?P<parts>an?|one|two|three|four|five|six|seven|eight|nine)[-\s])?"
    rf"(?P<part>{_any(_PARTS)})(?P<plural>s)?\b"
)
_LAST = r"(?!\w|-(?!old)[a-z]|[/:.,]\d)"
_RANGE = re.compile(
    rf"{_EDGE}(?:{_BOUND}\s+)?(?P<between>between\s+|from\s+)?(?:{_MONEY})?(?P<number>{_NUMBER})"
    rf"(?:\s?%)?(?:(?<=[\d%])\s?[-–—]\s?(?=\d)|\s+(?P<joined>to|or|and)\s+)(?P<second>{_NUMBER})"
    rf"{_TAIL}{_LAST}",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    rf"{_EDGE}(?:{_BOUND}\s+)?(?:(?P<loose>{_any(_LOOSE)})\b|(?:{_MONEY})?(?P<number>{_NUMBER}){_TAIL}"
    rf"(?P<more>\s+or\s+more\b|\+)?){_LAST}",
    re.IGNORECASE,
)
_SHARE = re.compile(rf"{_EDGE}(?:{_BOUND}\s+)?{_FRACTION}", re.IGNORECASE)
_PARTED = re.compile(
    rf"{_EDGE}(?:{_BOUND}\s+)?(?P<number>{_NUMBER})\s+(?:in(?:\s+every)?|out\s+of(?:\s+every)?)"
    rf"\s+(?P<of>{_NUMBER}){_LAST}",
    re.IGNORECASE,
)
_IN = re.compile(rf"\b(?:in|of)(?:\s+every)?\s+(?:\d|{_any([*_UNITS, *_TENS])})", re.IGNORECASE)
_PART = re.compile(_any(_PARTS), re.IGNORECASE)
"""Texts without these hold no share, and need not be looked at for one."""

_SCALED = re.compile(rf"\s+of\s+an?\s+{_SCALE}\b", re.IGNORECASE)
_HINT = re.compile(
    rf"\d|\b(?:{_any([*_UNITS, *_TENS, *_SCALES, *_PARTS, *_LOOSE, 'dozen'])})", re.IGNORECASE
)
"""A text without any of this holds no figure: most do not."""

_NAMED = re.compile(
    r"(?:article|base|chapter|page|no|nos|number|resolution|room|route|section|unit|regiment"
    r"|brigade|highway|phase|version|paragraph|line|figure|table|act|law|order)s?\.?\s*$",
    re.IGNORECASE,
)
"""What stands before a number that is a name."""


class Quantity(NamedTuple):
    """A figure in a text, with what bounds it.

    Attributes:
        start: offset of its first character, that of "more" in "more than 20".
        end: offset after its last, the unit's if it has one.
        low: the least that it may be understood as: a percentage for a share, metres, kilograms
            and so on for a measure, for a date the day as `date.toordinal` counts it.
        high: the most; infinite for "more than 20".
        kind: what sort of figure.
        unit: of a measure or of money; else empty.
    """

    start: int
    end: int
    low: float
    high: float
    kind: Kind
    unit: str = ""


def quantities_in(text: str) -> tuple[Quantity, ...]:
    """The figures in a text, in order, without overlap; dates are none (`rag.dates`)."""
    if not _HINT.search(text):
        return ()
    ranges = list(_RANGE.finditer(text))
    # Of "rose from 20 to 30" the first figure is no longer so.
    former = [match.span("number") for match in ranges if _between(match) == "from"]
    taken = [*date_spans(text), *former]
    found: list[Quantity] = []
    for quantity in (*_ranges(ranges), *_shares(text), *_singles(text)):
        if not any(quantity.start < end and start < quantity.end for start, end in taken):
            found.append(quantity)
            taken.append((quantity.start, quantity.end))
    return tuple(sorted(found))


def value_of(number: str, *, decimal: bool = False) -> float:
    """What a number in words, digits or both is: "1,275", "2.5 million", "forty-two".

    Args:
        number: in any letter case.
        decimal: whether "1.275" is a little more than one, and not a thousand and more.

    Raises:
        ValueError: it is no number.
    """
    total = current = 0.0
    words = re.sub(r"(?<=[^\W\d])-(?=[^\W\d])|(?<=\d)-?(?=[^\W\d])", " ", number.lower()).split()
    if "half" in words:
        return _halves(words)
    decimal = decimal or any(word in _SCALES for word in words)
    for word in _without_spaces(words):
        if word == "hundred":
            current = (current or 1) * 100
        elif word == "dozen":
            current = (current or 1) * 12
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
        elif word == "quarter":
            current = 0.25
        else:
            current += _UNITS.get(word) or _TENS.get(word) or _digits(word, decimal)
    return total + current


def _without_spaces(words: list[str]) -> list[str]:
    """The words that count; of "100 000" one."""
    plain = [word for word in words if word not in ("and", "a", "an", "of")]
    if len(plain) > 1 and all(word.isdecimal() for word in plain):
        return ["".join(plain)]
    return plain


def _halves(words: list[str]) -> float:
    """What "half a million", "two and a half million" or "half a dozen" is."""
    at = words.index("half")
    scales = [word for word in words[at + 1 :] if word not in ("a", "an")]
    scale = math.prod(12 if word == "dozen" else _SCALES[word] for word in scales)
    whole = [word for word in words[:at] if word not in ("and", "a")]
    return (sum(map(value_of, whole)) + 0.5) * scale


def _digits(word: str, decimal: bool) -> float:
    plain = re.sub(r"(?<=\d)[,\s'’](?=\d{3})", "", word)
    # "1.500 km" may be either; "1.500.000 km" has no decimals.
    if plain.count(".") > 1 or (not decimal and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", plain)):
        plain = plain.replace(".", "")
    return float(plain)


def _between(match: re.Match[str]) -> str:
    return (match["between"] or "").strip().lower()


def _ranges(matches: Iterable[re.Match[str]]) -> Iterator[Quantity]:
    """As "20-25", "between 20 and 30", "two or three"."""
    for match in matches:
        between = _between(match)
        if between == "from" or ((match["joined"] or "").lower() == "and") != bool(between):
            continue
        found = _quantity(match, match["number"], match["second"])
        if found and found.low < found.high:
            yield found


def _singles(text: str) -> Iterator[Quantity]:
    for match in _SINGLE.finditer(text):
        found = _loose(match) if match["loose"] else _quantity(match, match["number"], None)
        if found and not _NAMED.search(text, max(0, match.start() - 16), match.start()):
            yield found


def _shares(text: str) -> Iterator[Quantity]:
    """As "two thirds", "a fifth", "half of the houses", "one in five", "3 out of 4"."""
    for match in _PARTED.finditer(text) if _IN.search(text) else ():
        part, whole = value_of(match["number"]), value_of(match["of"])
        if part < whole:
            yield _bounded(match, "share", 100 * part / whole, 100 * part / whole)
    for match in _SHARE.finditer(text) if _PART.search(text) else ():
        word, parts = match["part"].lower(), (match["parts"] or "").lower()
        after = text[match.end() : match.end() + 6].lower().lstrip()
        # "the third of May", "a second", "a third attack" and "last quarter" are no shares.
        if parts in ("", "a", "an") and not after.startswith("of "):
            continue
        if not parts and word != "half":
            continue
        if after.startswith(("of a ", "of an")) and _SCALED.match(text, match.end()):
            continue
        count = _UNITS.get(parts, 1)
        if count <= _PARTS[word]:
            share = 100 * count / _PARTS[word]
            yield _bounded(match, "share", share, share)


def _loose(match: re.Match[str]) -> Quantity:
    low, high = _LOOSE[match["loose"].lower()]
    return _bounded(match, "count", low, high)


def _quantity(match: re.Match[str], number: str, second: str | None) -> Quantity | None:
    """A figure, if it is one: a lone "one" is more often a pronoun."""
    kind, unit, factor = _kind(match)
    if (kind == "count" and number.lower() == "one") or re.match(r"0(?!\.)", number):
        return None
    second = second or number
    # The scale of "2 to 3 million" is that of both.
    scale = re.search(rf"{_SCALE}$", second, re.IGNORECASE)
    if scale and not re.search(_SCALE, number, re.IGNORECASE):
        number = f"{number} {scale[0]}"
    low, high = (value_of(each, decimal=kind != "count") * factor for each in (number, second))
    return _bounded(match, kind, low, high, unit) if high < TOO_MANY else None


def _kind(match: re.Match[str]) -> tuple[Kind, str, float]:
    """What sort of figure it is, its unit, and how many of that unit its own unit is."""
    if match["percent"]:
        return "share", "", 1.0
    if match["sign"]:
        return "money", _SIGNS[match["sign"][-1]], 1.0
    if match["currency"]:
        return "money", match["currency"].lower().split()[-1].rstrip("s"), 1.0
    if match["unit"]:
        name = _UNIT_NAMES[match["unit"].lower()]
        base, factor = _BASES.get(name, name), _MEASURES[name][1]
        square = bool(match["square"])
        return "measure", f"square {base}" if square else base, factor**2 if square else factor
    return "count", "", 1.0


def _bounded(match: re.Match[str], kind: Kind, low: float, high: float, unit: str = "") -> Quantity:
    groups = match.groupdict()
    if groups["above"] or groups.get("more"):
        high = math.inf
    elif groups["below"]:
        low = 0.0
    elif groups["nearly"]:
        low *= 1 - ABOUT
    elif groups["roughly"]:
        low, high = low * (1 - ABOUT), high * (1 + ABOUT)
    return Quantity(match.start(), match.end(), low, high, kind, unit)
