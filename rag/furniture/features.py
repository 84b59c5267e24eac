"""What can be seen of the lines of a text: the shallow features by which furniture is told.

After Kohlschütter, Fankhauser and Nejdl, "Boilerplate detection using shallow text features"
(WSDM 2010): how long a line is, what it is made of, and what stands around it; and with that how
the page as a whole looks, so that a text with nothing around it is left alone.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from wordfreq import available_languages, top_n_list

from rag.furniture.trees import Floats
from rag.lines import ends_sentence

FUNCTION_WORDS = 120
"""So many of a language's commonest words are counted as function words."""

LEAST_FUNCTION_WORDS = 0.2
"""Prose has at least this share of them."""

PROSE_WORDS = 6
LONG_WORDS = 25
SHORT_WORDS = 10
FAR = 60

NAVIGATION = frozenset([
    "about", "accessibility", "account", "ad", "ads", "advert", "advertise", "advertisement",
    "advertising", "archive", "archives", "article", "articles", "back", "blog", "blogs",
    "bookmark", "browse", "buy", "cart", "categories", "category", "checkout", "click",
    "comment", "comments", "contact", "contents", "cookie", "cookies", "copyright", "details",
    "disclaimer", "donate", "download", "edition", "email", "faq", "faqs", "favorites", "feed",
    "feedback", "feeds", "filed", "follow", "forum", "forums", "friend", "gallery", "help",
    "home", "homepage", "index", "info", "information", "jobs", "join", "keyword", "latest",
    "licence", "license", "link", "links", "list", "listen", "log", "login", "logout", "mail",
    "map", "member", "members", "membership", "menu", "message", "mobile", "more", "most",
    "navigation", "newer", "news", "newsletter", "next", "older", "online", "options", "order",
    "page", "pages", "password", "permalink", "permission", "photo", "photos", "podcast",
    "policy", "poll", "popular", "post", "posted", "posts", "powered", "previous", "print",
    "printable", "printer", "privacy", "products", "profile", "read", "recent",
    "redistributed", "register", "registered", "related", "replies", "reply", "report",
    "reprint", "reserved", "resources", "rights", "rss", "save", "search", "sections",
    "select", "send", "services", "share", "shipping", "shop", "shopping", "sign", "site",
    "sitemap", "sitemaps", "sponsor", "sponsored", "sponsors", "stories", "story", "submit",
    "subscribe", "subscription", "subscriptions", "support", "tag", "tags", "terms", "today",
    "toggle", "tools", "top", "topics", "trackback", "trackbacks", "tweet", "twitter",
    "unsubscribe", "update", "updated", "upgrade", "use", "user", "username", "version",
    "video", "videos", "view", "views", "visit", "vote", "web", "webmaster", "website",
    "welcome", "width", "xml", "your",
])  # fmt: skip
"""What the parts of web sites are called."""

ADDRESSED = frozenset(["you", "your", "our", "us", "we"])
TELLING = frozenset(["he", "she", "his", "her", "they", "was", "were", "had", "said"])

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SENTENCE_END = re.compile(r"[.!?](?=[\s\"”’)])|[.!?]$")
_ADDRESS = re.compile(r"https?:|www\.|@\w|\.(?:com|org|net|htm)", re.IGNORECASE)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:/.]\d\d\b")
_SEPARATOR = re.compile(r"[|»«>•·©®™→←›‹\[\]]")
_COPYRIGHT = re.compile(r"©|copyright|reserved", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")

Columns = dict[str, Floats]


@cache
def function_words(language: str) -> frozenset[str]:
    """The commonest words of a language; none for one that wordfreq does not know."""
    if language not in available_languages():
        return frozenset()
    return frozenset(top_n_list(language, FUNCTION_WORDS))


class LineFeatures:
    """The features of the lines of one text.

    Attributes:
        columns: name of a feature -> its value for each line.
        words: how many words each line has.
        prose: whether each line says something: 1 or 0.
    """

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self.texts = texts
        function = function_words(language)
        own = [_own(text, function) for text in texts]
        names = _own("", function)
        self.columns: Columns = {
            name: np.array([each[name] for each in own], dtype=np.float64) for name in names
        }
        self.words = self.columns["words"]
        long_enough = (self.words >= LONG_WORDS) | (
            (self.words >= PROSE_WORDS) & (self.columns["terminated"] > 0)
        )
        self.prose = (long_enough & (self.columns["function"] > LEAST_FUNCTION_WORDS)).astype(float)
        self._lexicon = [_content_words(text, function) for text in texts]
        for group in (_neighbours, _windows, _places, _runs, _repetition, _vocabulary, _page):
            self.columns |= group(self)
        self.columns["words"] = np.log1p(self.words)

    @property
    def lexicon(self) -> Sequence[frozenset[str]]:
        """For each line, its longer words that are no function words, in small letters."""
        return self._lexicon

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns of `matrix`."""
        return tuple(self.columns)

    @property
    def matrix(self) -> Floats:
        """(lines, features)."""
        return np.column_stack(list(self.columns.values()))

    def share(self, column: str) -> float:
        """The share of the text's words that a column, itself a share of a line's, makes up."""
        return float((self.columns[column] * self.words).sum() / max(self.words.sum(), 1))


def _own(text: str, function: frozenset[str]) -> Mapping[str, float]:
    """The features that a line has alone."""
    words = _WORD.findall(text)
    small = [word.lower() for word in words]
    count = max(len(words), 1)
    navigation = sum(word in NAVIGATION for word in small)
    return {
        "words": len(words),
        "characters": len(text) / count,
        "word length": sum(map(len, words)) / count,
        "terminated": ends_sentence(text),
        "sentences": len(_SENTENCE_END.findall(text)),
        "commas": text.count(",") / count,
        "colons": text.count(":") / count,
        "separators": len(_SEPARATOR.findall(text)),
        "function": sum(word in function for word in small) / count,
        "capitals": sum(word[0].isupper() for word in words) / count,
        "all capitals": sum(len(word) > 1 and word.isupper() for word in words) / count,
        "numbers": sum(word[0].isdigit() for word in words) / count,
        "navigation": navigation / count,
        "navigation words": navigation,
        "addressed": sum(word in ADDRESSED for word in small) / count,
        "telling": not TELLING.isdisjoint(small),
        "address": _ADDRESS.search(text) is not None,
        "date": _DATE.search(text) is not None,
        "copyright": _COPYRIGHT.search(text) is not None,
        "ends with colon": text.endswith(":"),
        "breaks off": text.endswith(("...", "…", "»", ">")),
        "question": "?" in text,
        "quotation": any(mark in text for mark in '"“”'),
        "small first letter": text[:1].islower(),
        "first digit": text[:1].isdigit(),
        "first mark": not text[:1].isalnum(),
    }


def _content_words(text: str, function: frozenset[str]) -> frozenset[str]:
    small = (word.lower() for word in _WORD.findall(text))
    return frozenset(word for word in small if len(word) > 3 and word not in function)


def _neighbours(of: LineFeatures) -> Columns:
    found: Columns = {}
    for by in (1, 2, -1, -2):
        words = shifted(of.words, by, -1.0)
        found[f"words {by:+}"] = np.sign(words) * np.log1p(np.abs(words))
        for name in ("terminated", "navigation", "function", "capitals"):
            found[f"{name} {by:+}"] = shifted(of.columns[name], by, 0.0)
    return found


def _windows(of: LineFeatures) -> Columns:
    found: Columns = {}
    for reach in (2, 5, 12):
        words = np.maximum(around(of.words, reach), 1)
        lines = around(np.ones(len(of.words)), reach)
        function = of.columns["function"] * of.words
        found |= {
            f"prose within {reach}": around(of.words * of.prose, reach) / words,
            f"line length within {reach}": np.log1p(words / lines),
            f"navigation within {reach}": around(of.columns["navigation words"], reach) / words,
            f"function within {reach}": around(function, reach) / words,
        }
    dense = around(of.words * of.prose, 4)
    found["prose beside the densest"] = dense / max(dense.max(initial=0), 1)
    found["length beside the longest"] = of.words / max(of.words.max(initial=0), 1)
    return found


def _places(of: LineFeatures) -> Columns:
    """Where a line stands in the text, and how far from prose."""
    count = len(of.words)
    number = np.arange(count, dtype=np.float64)
    said = of.words * of.prose
    before, prose = np.cumsum(said) - said, max(said.sum(), 1)
    where = np.flatnonzero(of.prose)
    at = np.searchsorted(where, number)
    padded = np.concatenate([[-np.inf], where, [np.inf]])
    lengths = np.concatenate([[0], of.words[where], [0]])
    above = np.minimum(number - padded[at], FAR)
    below = np.minimum(padded[at + 1] - number, FAR)
    after = said.sum() - np.cumsum(said)
    return {
        "place in words": (np.cumsum(of.words) - of.words / 2) / max(of.words.sum(), 1),
        "place in lines": number / max(count - 1, 1),
        "lines above": np.minimum(number, FAR),
        "lines below": np.minimum(number[::-1], FAR),
        "prose above": before / prose,
        "prose below": after / prose,
        "between prose": ((before > 0) & (after > 0)).astype(float),
        "distance to prose above": above,
        "distance to prose below": below,
        "distance to prose": np.minimum(above, below),
        "length of prose above": np.log1p(lengths[at]),
        "length of prose below": np.log1p(lengths[at + 1]),
    }


def _runs(of: LineFeatures) -> Columns:
    """How long the run of short lines is that a line stands in, and where in it."""
    short = (of.words < SHORT_WORDS) & (of.prose == 0)
    length, place = np.zeros(len(short)), np.zeros(len(short))
    start = 0
    for number in range(len(short) + 1):
        if number == len(short) or not short[number]:
            length[start:number] = number - start
            place[start:number] = np.arange(number - start)
            start = number + 1
    return {"run": np.minimum(length, FAR), "place in run": np.minimum(place, FAR)}


def _repetition(of: LineFeatures) -> Columns:
    """How often a line, and the beginning of a line with its numbers aside, stands in the text."""
    keys = [" ".join(text.lower().split()) for text in of.texts]
    shapes = [_DIGITS.sub("0", " ".join(key.split()[:2])) for key in keys]
    whole, begun = Counter(keys), Counter(shapes)
    return {
        "repeated": np.array([min(whole[key], 9) for key in keys], dtype=np.float64),
        "alike": np.array([min(begun[shape], 20) for shape in shapes], dtype=np.float64),
    }


def _vocabulary(of: LineFeatures) -> Columns:
    """The share of a line's longer words that stand in other lines of prose, and in any others."""
    in_prose: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    for words, prose in zip(of.lexicon, of.prose, strict=True):
        anywhere.update(words)
        in_prose.update(words if prose else ())
    shares = [
        (
            sum(in_prose[word] > prose for word in words) / max(len(words), 1),
            sum(anywhere[word] > 1 for word in words) / max(len(words), 1),
        )
        for words, prose in zip(of.lexicon, of.prose, strict=True)
    ]
    told = np.array(shares, dtype=np.float64).reshape(len(of.texts), 2)
    return {"words of the prose": told[:, 0], "words of other lines": told[:, 1]}


def _page(of: LineFeatures) -> Columns:
    """How the text as a whole looks, the same for each of its lines."""
    where = np.flatnonzero(of.prose)
    count, words = len(of.words), of.words.sum()
    short = (of.words < SHORT_WORDS) & (of.prose == 0)
    telling = {
        "words": np.log1p(words),
        "lines": np.log1p(count),
        "longest": np.log1p(of.words.max(initial=0)),
        "line length": np.log1p(words / max(count, 1)),
        "prose": (of.words * of.prose).sum() / max(words, 1),
        "prose lines": of.prose.mean() if count else 0,
        "short lines": short.mean() if count else 0,
        "navigation": of.columns["navigation words"].sum() / max(words, 1),
        "function": of.share("function"),
        "addressed": of.share("addressed"),
        "telling": of.columns["telling"].mean() if count else 0,
        "copyright": of.columns["copyright"].max(initial=0),
        "lines above prose": np.log1p(where[0] if len(where) else count),
        "lines below prose": np.log1p(count - 1 - where[-1] if len(where) else count),
    }
    return {f"page: {name}": np.full(count, float(value)) for name, value in telling.items()}


def shifted(values: Floats, by: int, fill: float) -> Floats:
    """For each line the value `by` lines above it (below for a negative one), else `fill`."""
    moved = np.full_like(values, fill)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved


def around(values: Floats, reach: int) -> Floats:
    """For each line the sum over it and `reach` lines on either side."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    number = np.arange(len(values))
    above, below = np.maximum(number - reach, 0), np.minimum(number + reach + 1, len(values))
    found: Floats = sums[below] - sums[above]
    return found
