"""Which spans of a plain text are not the document: menus, teasers, forms, appeals, counters.

Text that was scraped from a web page carries the page around it. Each rule below looks at the
lines of one text and says which of them are furniture, and why; nothing is ever cut out of the
text. Bare references (a note that only names a work or an address) are marked as references.
The rules are general: wording that sites everywhere share, length, repetition and position.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from rag.lines import Line, lines_of
from rag.records import Furniture

Mark = tuple[int, str]
"""The number of a line, and the reason for which it is furniture."""

PROSE_WORDS = 6
TITLE_WORDS = 30
LONG_WORDS = 25


def _whole(*alternatives: str) -> re.Pattern[str]:
    """A pattern that a line as a whole must fit, marks of emphasis and a last colon aside."""
    return re.compile(rf"[\W_]*(?:{'|'.join(alternatives)})[\s:*_»›>…\]]*", re.IGNORECASE)


NAVIGATION = _whole(
    r"(top|bottom|end) of page", r"skip to (main )?(content|navigation)", r"back to (top|home)",
    r"(main )?menu", r"search", r"home( ?page)?", r"site icon.*", r"(exit )?mobile version",
    r"desktop version", r"log ?(in|out)", r"sign ?(in|up|out)", r"register", r"my account",
    r"print( this)?( page| article)?", r"share( this)?( article| page| post)?( (on|via) .*)?",
    r"tweet( this)?", r"e-?mail( this)?( article)?", r"copy link", r"source link",
    r"(read|view|see|show|load) (more|the full story|full article|original|less)",
    r"\(?click (here|the image)\b.*", r"writer['’]s picture.*", r"advertisements?",
    r"about (the )?(admin|authors?)", r"(accept|reject|manage)( all)? cookies",
    r"(previous|next)( (post|article|page|story))?", r"all rights reserved\.?",
    r"(copyright|©|\(c\)).{0,80}",
    r"(we|this (web)?site) uses? cookies\b.*",
)  # fmt: skip

COUNTER = re.compile(
    r"(?:[\d.,]+\s?[km]?\s*(?:views?|comments?|shares?|likes?|reads?|reactions?|followers?)\W*)+",
    re.IGNORECASE,
)

COMMENTS = _whole(
    r"leave a (reply|comment)( cancel reply)?", r"your e-?mail address will not be published\b.*",
    r"required fields are marked\b.*", r"(post|add|write) (a|your) comment", r"post comment",
    r"(\d+ )?comments?( \(?\d+\)?)?", r"save my name, e-?mail\b.*", r"comments are closed\.?",
    r"notify me (of|when)\b.*", r"(log|sign) in to (leave a )?(comment|reply)\b.*",
    r"be the first to comment\.?",
)  # fmt: skip

TEASERS = _whole(
    r"related( (articles?|posts?|stories|story|news|reading|readings|content|topics|coverage))?",
    r"(read|see|check|watch) (also|next|too)", r"(also|further) (read|see|reading)", r"see also",
    r"more (from|on|in|about)\b.{0,40}", r"more (stories|news|articles|posts|like this)",
    r"you (may|might) (also )?(like|enjoy|be interested in)", r"up next", r"in other news",
    r"recommended( for you| reading| stories| articles)?", r"(also )?trending( now| stories)?",
    r"(most )?(popular|read|viewed|shared|commented)( (now|posts|stories|articles|news))?",
    r"editor(['’]s|s['’]?)? (choice|picks?)", r"(today['’]s )?top (stories|news|picks)",
    r"latest( (news|posts|articles|stories|updates))?", r"don['’]t miss", r"featured( posts?)?",
    r"(around|from) the web", r"(from )?our partners", r"sponsored( content| stories)?",
)  # fmt: skip

INLINE_TEASER = re.compile(
    r"\W*(?:read (?:more|also|next)|see also|also read|related|watch|listen)\s?[:|>»–]\s*\S",
    re.IGNORECASE,
)

EXCERPT = re.compile(r"(?:…|\.\.\.)[\])]*$")

CREDIT = re.compile(
    r"\W*(?:.{2,60}\b(?:edited|translated|fact-checked|reviewed|produced)\s+this\s+\w+"
    r"|(?:edited|translated|fact-checked|reviewed|produced)\s+by\b.{2,60})\W*",
    re.IGNORECASE,
)

DISCLAIMER = re.compile(
    r"\b(?:views?|opinions?)\b.{0,120}\b(?:do|does|are) not\b.{0,40}"
    r"\b(?:reflect|represent|those of|endorse)",
    re.IGNORECASE,
)

APPEAL = re.compile(
    r"\bsupport(?:ing)? us\b|\byour (?:support|donations?|contributions?|gift)\b"
    r"|\b(?:make|give) a (?:donation|gift)\b|\bdonate (?:now|today|here|to us)\b"
    r"|\b(?:recurring|sustaining|monthly) (?:donors?|members?|supporters?)\b"
    r"|\bbecome an? (?:member|supporter|patron|subscriber|donor)\b|\breader-(?:supported|funded)\b"
    r"|\bsubscribe (?:to (?:our|the)|now|today|for)\b|\bsign up (?:for|to) (?:our|the|receive)\b"
    r"|\b(?:our|free|weekly|daily) newsletters?\b|\bsupport\b.{0,30}\bjournalism\b|\bpaywalls?\b",
    re.IGNORECASE,
)
APPEAL_TITLE = _whole(r"(support|donate|subscribe|join|newsletter)\b.*")
MONEY = re.compile(
    r"\b(?:donat|subscri|newsletter|paywall|reader-(?:supported|funded)|sustaining"
    r"|journalism\b|patron\b|gift\b)",
    re.IGNORECASE,
)
APPEAL_GAP = 8
"""At most so many lines lie between two appealing lines of the same appeal."""

SITE_LINE = re.compile(r"\S\s+[-–—|•·»›]\s+\S")
BREADCRUMBS = re.compile(
    r"\W*home\s*[/>»›|•].*|[^.!?/>»›]+(?:\s[/>»›]\s[^.!?/>»›]+){2,}", re.IGNORECASE
)

NOTE = re.compile(r"\s*(?:\[(\d{1,3})\]|(\d{1,3})[.)]|\^)\s*")
WORK = re.compile(
    r"https?://|\bwww\.|\bdoi\b|\bpp?\.\s?\d|\bvol\.\s?\d|\bibid\b|\bisbn\b|\baccessed\b",
    re.IGNORECASE,
)
SEE = re.compile(r"\(?\b(?:see|cf)\b[.:]?\s", re.IGNORECASE)
ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+\W*")


def furniture_of(text: str) -> tuple[Furniture, ...]:
    """The spans of `text` that are furniture or bare references, in order, without overlap."""
    lines = lines_of(text)
    reasons: dict[int, str] = {}
    for rule in RULES:
        for number, reason in rule(lines):
            reasons.setdefault(number, reason)
    for number, reason in _edges(lines, reasons):
        reasons.setdefault(number, reason)
    found = [
        Furniture(start=lines[number].start, end=lines[number].end, reason=reason)
        for number, reason in reasons.items()
    ]
    found += [span for span in _references(lines) if not any(_overlap(span, f) for f in found)]
    return tuple(sorted(found, key=lambda span: span.start))


def is_prose(line: Line) -> bool:
    """Whether a line says something: a sentence of some length, or many words."""
    return line.words >= LONG_WORDS or (line.words >= PROSE_WORDS and line.terminated)


def _overlap(one: Furniture, other: Furniture) -> bool:
    return one.start < other.end and other.start < one.end


def _matching(pattern: re.Pattern[str], reason: str) -> Callable[[Sequence[Line]], Iterator[Mark]]:
    """The rule that a line which fits `pattern` as a whole is furniture."""

    def rule(lines: Sequence[Line]) -> Iterator[Mark]:
        for number, line in enumerate(lines):
            if line.words < LONG_WORDS and pattern.fullmatch(line.text):
                yield number, reason

    return rule


def _inline_teasers(lines: Sequence[Line]) -> Iterator[Mark]:
    for number, line in enumerate(lines):
        if line.words <= TITLE_WORDS and INLINE_TEASER.match(line.text):
            yield number, "teaser for another page"


def _disclaimers(lines: Sequence[Line]) -> Iterator[Mark]:
    for number, line in enumerate(lines):
        if line.words <= 60 and DISCLAIMER.search(line.text):
            yield number, "publisher's disclaimer"


def _teaser_blocks(lines: Sequence[Line]) -> Iterator[Mark]:
    """A block of teasers: its heading, then items of title lines and at most one paragraph each.

    The block ends where the document goes on: at a paragraph without a title of its own, or at a
    title with two paragraphs or more below it, or below which the document's own words return.
    """
    number = 0
    while number < len(lines):
        if not TEASERS.fullmatch(lines[number].text):
            number += 1
            continue
        end = number + 1
        while (after := _item_end(lines, number, end)) > end:
            end = after
        for inside in range(number, end):
            yield inside, "teasers for other pages"
        number = end


def _item_end(lines: Sequence[Line], opener: int, start: int) -> int:
    """The end of the teaser that begins at `start`, or `start` if none does."""
    body = start
    while body < len(lines) and _is_title(lines[body]):
        if body > start and TEASERS.fullmatch(lines[body].text):
            return body
        body += 1
    if body in (start, len(lines)):
        return body
    more_prose = body + 1 < len(lines) and is_prose(lines[body + 1])
    titles = [line.text for line in lines[start:body]]
    twice = len(set(titles)) < len(titles)  # the text of a picture, and of its link
    if twice or EXCERPT.search(lines[body].text):
        return body + 1
    if more_prose or _shares_words(lines[body], lines[:opener]):
        return start
    return body + 1


def _is_title(line: Line) -> bool:
    return not line.terminated and line.words <= TITLE_WORDS


def _shares_words(line: Line, document: Sequence[Line]) -> bool:
    """Whether at least half of the longer words of `line` stand in the document before it."""
    known = {word for each in document for word in _long_words(each)}
    words = _long_words(line)
    return 2 * len(words & known) >= len(words)


def _long_words(line: Line) -> set[str]:
    return set(re.findall(r"\w{5,}", line.text.casefold()))


def _repetitions(lines: Sequence[Line]) -> Iterator[Mark]:
    """A paragraph that stands twice is the page's doing the second time."""
    seen: set[str] = set()
    for number, line in enumerate(lines):
        key = " ".join(line.text.casefold().split())
        if line.words >= 2 * PROSE_WORDS and key in seen:
            yield number, "repeats an earlier block"
        seen.add(key)


def _appeals(lines: Sequence[Line]) -> Iterator[Mark]:
    """Appeals for money or subscriptions: appealing lines, and what stands between them."""
    strong = [number for number, line in enumerate(lines) if APPEAL.search(line.text)]
    groups: list[list[int]] = []
    for number in strong:
        if groups and number - groups[-1][-1] <= APPEAL_GAP:
            groups[-1].append(number)
        else:
            groups.append([number])
    for group in groups:
        about_money = any(MONEY.search(lines[number].text) for number in group)
        small = len(group) == 1 and lines[group[0]].words > LONG_WORDS
        if not about_money or small:
            continue
        first = group[0]
        if first and lines[first - 1].words <= 5 and APPEAL_TITLE.fullmatch(lines[first - 1].text):
            first -= 1
        for number in range(first, group[-1] + 1):
            yield number, "appeal for support or subscriptions"


def _edges(lines: Sequence[Line], marked: dict[int, str]) -> Iterator[Mark]:
    """Short lines around the document: menus and site lines above it, what is left below it."""
    prose = [n for n, line in enumerate(lines) if n not in marked and is_prose(line)]
    if not prose:
        return
    head = [n for n in range(prose[0]) if n not in marked and not lines[n].terminated]
    menu = [n for n in head if lines[n].words <= 3]
    for number in head[1:]:
        if SITE_LINE.search(lines[number].text) and lines[number].words <= 12:
            yield number, "line of the site"
    if len(menu) >= 4:
        for number in menu:
            yield number, "menu"
    for number in range(prose[-1] + 1, len(lines)):
        short = lines[number].words <= 8 and not lines[number].terminated
        if short and not any(n not in marked and n > number for n in prose):
            yield number, "short line below the document"


def _references(lines: Sequence[Line]) -> Iterator[Furniture]:
    """Notes that only name a work, and addresses that stand alone."""
    notes = [n for n, line in enumerate(lines) if (m := NOTE.match(line.text)) and m[0].strip()]
    works = [n for n in notes if WORK.search(lines[n].text)]
    for line in lines:
        if ADDRESS.fullmatch(line.text):
            yield _reference(line.start, line.end)
    if len(works) < 3:
        return
    for number, after in zip(notes, [*notes[1:], notes[-1] + 1], strict=True):
        if number < works[0]:
            continue
        last = after - 1 if after - number <= 3 else number
        yield from _note(lines[number : last + 1])


def _note(lines: Sequence[Line]) -> Iterator[Furniture]:
    """The part of one note that is a bare reference: all of it, what follows "see", or nothing."""
    whole = " ".join(line.text for line in lines)
    work = WORK.search(whole)
    if work is None:
        return
    first = lines[0]
    see = SEE.search(first.text)
    if see and _says_something(first, see.start()):
        yield _reference(first.start + see.start(), lines[-1].end)
    elif len(whole[: work.start()].split()) <= 2 * LONG_WORDS:
        for line in lines:
            yield _reference(line.start, line.end)


def _says_something(line: Line, end: int) -> bool:
    """Whether the note says something itself before it names a work."""
    return len(line.text[:end].split()) >= 2 * PROSE_WORDS


def _reference(start: int, end: int) -> Furniture:
    return Furniture(start=start, end=end, kind="reference", reason="bare reference")


RULES: tuple[Callable[[Sequence[Line]], Iterator[Mark]], ...] = (
    _matching(NAVIGATION, "navigation"),
    _matching(BREADCRUMBS, "navigation"),
    _matching(COUNTER, "counter"),
    _matching(COMMENTS, "comment form"),
    _matching(CREDIT, "editor's credit"),
    _inline_teasers,
    _teaser_blocks,
    _repetitions,
    _disclaimers,
    _appeals,
)
