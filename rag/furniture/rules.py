"""Rules for furniture: each looks at the lines of one text and says which of them are, and why.

Bare references (a note that only names a work or an address) are marked as references. The rules
are general: wording that sites everywhere share, length, repetition and position.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.lines import Line, lines_of
from rag.records import Furniture

Mark = tuple[int, str]
"""The number of a line, and the reason for which it is furniture."""

PROSE_WORDS = 6
MENU_WORDS = 3
MENU_LINES = 4
TITLE_WORDS = 30
LONG_WORDS = 25
NOTICE_WORDS = 60
NOTE_WORDS = 100
TEASERS_MOST = 0.6
"""Teasers make up at most this share of a page's words."""


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
    r"\(?click (here|the image) (to|for)\b.*", r"writer['’]s picture.*", r"advertisements?",
    r"about (the )?admin", r"(accept|reject|manage)( all)? cookies",
    r"(previous|next)( (post|article|page|story))?( ?[:→»].*)?", r"all rights reserved\.?",
    r"(filed under|posted in|tagged( with)?|tags|categories|(photo )?credits?) ?:.*",
    r"follow us\b.*", r"click to (share|print|e-?mail)\b.*",
    r"(copyright\s*)?(©|\(c\)\s*\d{4}).{0,80}", r"copyright (\d{4}|by\b).{0,80}",
    r"(we|this (web)?site) uses? cookies\b.*",
)  # fmt: skip

COUNTER = re.compile(
    r"(?:\d[\d.,]*\s?[km]?\s*(?:views?|comments?|shares?|likes?|reads?|reactions?|followers?)\W*)+",
    re.IGNORECASE,
)

COMMENTS = _whole(
    r"leave a (reply|comment)( cancel reply)?", r"your e-?mail address will not be published\b.*",
    r"required fields are marked\b.*", r"(post|add|write) (a|your) comment", r"post comment",
    r"(\d+ )?comments?( \(?\d+\)?)?", r"save my name, e-?mail\b.*", r"comments are closed\.?",
    r"notify me (of|when)\b.*", r"(log|sign) in to (leave a )?(comment|reply)\b.*",
    r"be the first to comment\.?",
)  # fmt: skip

COMMENT_LIST = _whole(
    r"(\d+|one|two|three|no) (comments?|thoughts?|responses?|replies)( (on|to)\b.*)?"
)
FRONT_MATTER = re.compile(
    r"\ufeff?---[^\S\n]*\r?\n"
    r"(?>(?!---[^\S\n]*(?:\r?\n|$))(?:[\w-]+[^\S\n]*:.*\n|[ \t-].*\n|\r?\n))*+"
    r"---[^\S\n]*(?=\r?\n|$)"
)
AUTHOR_BOX = _whole(r"about (the )?authors?")

TEASERS = _whole(
    r"related( (articles?|posts?|stories|story|news|reading|readings|content|topics|coverage))?",
    r"(read|see|check|watch) (also|next|too)", r"(also|further) (read|see|reading)", r"see also",
    r"more (from|on|in|about)\b[^.!?]{0,40}", r"more (stories|news|articles|posts|like this)",
    r"you (may|might) (also )?(like|enjoy|be interested in)", r"up next", r"in other news",
    r"recommended( for you| reading| stories| articles)?", r"(also )?trending( now| stories)?",
    r"(most )?(popular|read|viewed|shared|commented)( (now|posts|stories|articles|news))?",
    r"editor(['’]s|s['’]?)? (choice|picks?)", r"(today['’]s )?top (stories|news|picks)",
    r"latest( (news|posts|articles|stories|updates))?", r"don['’]t miss", r"featured( posts?)?",
    r"(around|from) the web", r"(from )?our partners", r"sponsored( content| stories)?",
)  # fmt: skip

INLINE_TEASER = re.compile(
    r"\W*(?:read (?:more|also|next)|see also|also read|related)\s?[:|>»–]\s*\S",
    re.IGNORECASE,
)

EXCERPT = re.compile(r"(?:…|\.\.\.)[\])]*$")

CREDIT = re.compile(
    r"\W*(?:edited|translated|fact-checked|proofread|reviewed|produced)\s+by"
    r"(?:[\s,]+(?:and\b|(?-i:[^\W\d_a-z])[\w.’'-]*))+\W*|\[.{2,60}\bedited this \w+\W*\]",
    re.IGNORECASE,
)
LAST_CREDIT = re.compile(
    r"\W*.{2,60}\b(?:edited|translated|fact-checked|proofread|reviewed|produced)\s+this\s+"
    r"(?:piece|article|story|essay|post|report|text|interview|translation|episode)\W*",
    re.IGNORECASE,
)

DISCLAIMER = re.compile(
    r"\b(?:views?|opinions?)\b.{0,120}\b(?:do|does|are|is) not necessarily\b"
    r"|\b(?:do|does|are|is) not necessarily (?:reflect|represent|those of)\b.{0,80}"
    r"\b(?:views?|opinions?|policy|position|editorial)\b",
    re.IGNORECASE,
)
LAST_DISCLAIMER = re.compile(
    r"\b(?:views?|opinions?)\b.{0,40}\bexpressed\b.{0,120}\b(?:do|does|are|is) not\b", re.IGNORECASE
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
    r"\bdonat|\bsubscri(?:ption|bers?\b|be (?:to (?:our|us)|now|today))|\bnewsletters?\b"
    r"|\bpaywalls?\b|\breader-(?:supported|funded)\b|\b(?:sustaining|recurring) |\bjournalism\b"
    r"|\bpatrons?\b",
    re.IGNORECASE,
)
OURSELVES = re.compile(r"\b(?:we|us|our)\b", re.IGNORECASE)
CALL = re.compile(
    r"\W*(?:please\b|donate\b|subscribe\b|sign up\b|support\b|become\b|join\b)", re.IGNORECASE
)
ADDRESSED = re.compile(r"\b(?:we|us|our|you|your|please)\b", re.IGNORECASE)
APPEAL_GAP = 8
"""At most so many lines lie between two appealing lines of the same appeal."""

SITE_LINE = re.compile(r"\S\s+[-–—|•·»›]\s+\S")
BREADCRUMBS = re.compile(
    r"\W*home\s*[/>»›|•].*|[^.!?>»›]{1,40}(?:\s[>»›]\s[^.!?>»›]{1,80}){2,}", re.IGNORECASE
)

NOTE = re.compile(r"\s*(?:\[(\d{1,3})\]|(\d{1,3})[.)]|\^)\s*")
WORK = re.compile(
    r"https?://|\bwww\.|\bdoi\b|\bpp?\.\s?\d|\bvol\.\s?\d|\bibid\b|\bisbn\b",
    re.IGNORECASE,
)
SEE = re.compile(r"\(?\b(?:see|cf)\b[.:]?\s", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2})[.!?][”\"’)]*\s+(?=[^\W\d_a-z])")
HEADLINE_WORDS = 12
"""A sentence of more words is no headline of a work."""

ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+")


def by_rules(text: str) -> tuple[Furniture, ...]:
    """The spans of `text` that a rule marks, in order, without overlap."""
    front = FRONT_MATTER.match(text)
    lines = [line for line in lines_of(text) if front is None or line.start >= front.end()]
    reasons: dict[int, str] = {}
    for rule in RULES:
        for number, reason in rule(lines):
            reasons.setdefault(number, reason)
    for late in (_repetitions, _edges, _notices):
        for number, reason in late(lines, dict(reasons)):
            reasons.setdefault(number, reason)
    found = [
        Furniture(start=lines[number].start, end=lines[number].end, reason=reason)
        for number, reason in reasons.items()
    ]
    if front:
        found.append(Furniture(start=front.start(), end=front.end(), reason="front matter"))
    found.sort(key=lambda span: span.start)
    references = [span for span in _references(lines) if not _overlaps(span, found)]
    return tuple(sorted([*found, *references], key=lambda span: span.start))


def is_prose(line: Line) -> bool:
    """Whether a line says something: a sentence of some length, or many words."""
    return line.words >= LONG_WORDS or (line.words >= PROSE_WORDS and line.terminated)


def _overlaps(span: Furniture, others: Sequence[Furniture]) -> bool:
    """Whether a span shares a character with any of others, which are in order and apart."""
    place = bisect_left(others, span.end, key=lambda other: other.start)
    return place > 0 and others[place - 1].end > span.start


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


def _notices(lines: Sequence[Line], marked: Mapping[int, str]) -> Iterator[Mark]:
    """The publisher's credits and disclaimers; doubtful ones only where the document is over."""
    over = True
    for number in range(len(lines) - 1, -1, -1):
        text = lines[number].text if lines[number].words <= NOTICE_WORDS else ""
        if CREDIT.fullmatch(text) or (over and LAST_CREDIT.fullmatch(text)):
            yield number, "editor's credit"
        elif DISCLAIMER.search(text) or (over and LAST_DISCLAIMER.search(text)):
            yield number, "publisher's disclaimer"
        elif number not in marked and lines[number].terminated:
            over = False


def _teaser_blocks(lines: Sequence[Line]) -> Iterator[Mark]:
    """A block of teasers: its heading, then items of title lines and at most one paragraph each.

    The block ends where the document goes on: at a paragraph without a title of its own, or at a
    title with two paragraphs or more below it, or below which the document's own words return.
    Where most of a page would be teasers, they are its document.
    """
    blocks: list[range] = []
    met = _first_lines(lines)
    for number, line in enumerate(lines):
        inside = bool(blocks) and number in blocks[-1]
        if inside or not TEASERS.fullmatch(line.text):
            continue
        end = number + 1
        while (after := _item_end(lines, number, end, met)) > end:
            end = after
        blocks.append(range(number, end))
    of_teasers = [number for block in blocks for number in block]
    if sum(lines[n].words for n in of_teasers) <= TEASERS_MOST * sum(line.words for line in lines):
        for number in of_teasers:
            yield number, "teasers for other pages"


def _item_end(lines: Sequence[Line], opener: int, start: int, met: Mapping[str, int]) -> int:
    """The end of the teaser that begins at `start`, or `start` if none does.

    Args:
        lines: of the text.
        opener: number of the line that is the heading of the teasers.
        start: number of a line.
        met: the first line that each longer word stands in.
    """
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
    if more_prose or _shares_words(lines[body], met, opener):
        return start
    return body + 1


def _is_title(line: Line) -> bool:
    return not line.terminated and line.words <= TITLE_WORDS


def _shares_words(line: Line, met: Mapping[str, int], opener: int) -> bool:
    """Whether at least half of the longer words of `line` stand in the lines before `opener`."""
    words = _long_words(line)
    return 2 * sum(met[word] < opener for word in words) >= len(words)


def _first_lines(lines: Sequence[Line]) -> Mapping[str, int]:
    """The number of the first line that each longer word stands in."""
    met: dict[str, int] = {}
    for number, line in enumerate(lines):
        for word in _long_words(line):
            met.setdefault(word, number)
    return met


def _long_words(line: Line) -> set[str]:
    return set(re.findall(r"\w{5,}", line.text.casefold()))


def _comments(lines: Sequence[Line]) -> Iterator[Mark]:
    """What readers wrote below: from the heading that counts their comments to the end."""
    prose = [n for n, line in enumerate(lines) if is_prose(line)]
    for number, line in enumerate(lines):
        before, after = _around(prose, number, number)
        if prose and before >= after and COMMENT_LIST.fullmatch(line.text):
            for inside in range(number, len(lines)):
                yield inside, "readers' comments"
            return


def _around(numbers: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """How many of these numbers, which rise, come before the first line and after the last."""
    return bisect_left(numbers, first), len(numbers) - bisect_right(numbers, last)


def _author_boxes(lines: Sequence[Line]) -> Iterator[Mark]:
    """The heading of an author box, and one paragraph below it."""
    for number, line in enumerate(lines):
        if AUTHOR_BOX.fullmatch(line.text):
            for inside in range(number, min(number + 2, len(lines))):
                yield inside, "author box"


def _repetitions(lines: Sequence[Line], marked: Mapping[int, str]) -> Iterator[Mark]:
    """A paragraph that stands twice is the page's doing the second time."""
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if number in marked:
            continue
        key = " ".join(line.text.casefold().split())
        if line.words >= 2 * PROSE_WORDS and key in seen:
            yield number, "repeats an earlier block"
        seen.add(key)


def _appeals(lines: Sequence[Line]) -> Iterator[Mark]:
    """Appeals for money or subscriptions, and what the site says of itself between them.

    One long line alone is no appeal, and several are one only at an end of the text: a speech may
    ask for support, and an article may be about subscriptions.
    """
    strong = [n for n, line in enumerate(lines) if _appeals_to_reader(line)]
    prose = [n for n, line in enumerate(lines) if is_prose(line)]
    for group in _neighbours(strong, lines):
        first, last = group[0], group[-1]
        if first and lines[first - 1].words <= 5 and APPEAL_TITLE.fullmatch(lines[first - 1].text):
            first -= 1
        about_money = [n for n in group if MONEY.search(lines[n].text)]
        before, after = _around(prose, first, last)
        at_an_end = before >= 3 * after or after >= 3 * max(1, before)
        titled = first < group[0] or len(about_money) > 1
        one_line = len(group) == 1 and _is_call(lines[first], at_an_end)
        if about_money and (one_line or (at_an_end and titled and before)):
            for number in range(first, last + 1):
                yield number, "appeal for support or subscriptions"


def _appeals_to_reader(line: Line) -> bool:
    told = ADDRESSED.search(line.text) or CALL.match(line.text)
    return bool(APPEAL.search(line.text) and told)


def _is_call(line: Line, at_an_end: bool) -> bool:
    """Whether a line calls on its reader: short, an order or, at an end, in the first person."""
    told = CALL.match(line.text) or (at_an_end and OURSELVES.search(line.text))
    return line.words <= LONG_WORDS and bool(told)


def _neighbours(strong: Sequence[int], lines: Sequence[Line]) -> list[list[int]]:
    """Groups of line numbers with nothing between but short lines, and the site on itself."""
    groups: list[list[int]] = []
    for number in strong:
        between = range(groups[-1][-1] + 1, number) if groups else range(0)
        own = all(OURSELVES.search(lines[n].text) or lines[n].words <= 5 for n in between)
        if groups and own and len(between) < APPEAL_GAP:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _edges(lines: Sequence[Line], marked: Mapping[int, str]) -> Iterator[Mark]:
    """Short lines around the document: a menu and site lines above it, page ends below it."""
    prose = [n for n, line in enumerate(lines) if n not in marked and is_prose(line)]
    if not prose:
        return
    head = [n for n in range(prose[0]) if n not in marked and not lines[n].terminated]
    for number in head[1:]:
        if SITE_LINE.search(lines[number].text) and lines[number].words <= PROSE_WORDS * 2:
            yield number, "line of the site"
    menu = [n for n in head[:-1] if lines[n].words <= MENU_WORDS]
    if len(menu) >= MENU_LINES:
        for number in menu:
            yield number, "menu"
    said = [n for n, line in enumerate(lines) if n not in marked and line.terminated]
    tail = range(max([*said, *prose]) + 1, len(lines))
    for number in tail:
        beside = number - 1 in marked or number + 1 in marked
        if (
            beside
            and lines[number].words <= MENU_WORDS
            and not re.search(r"\d", lines[number].text)
        ):
            yield number, "short line beside furniture"


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
        end = number + 1
        while end < after and not lines[end - 1].terminated and lines[end].words <= NOTICE_WORDS:
            end += 1
        if lines[number].words <= NOTE_WORDS:
            yield from _note(lines[number:end])


def _note(lines: Sequence[Line]) -> Iterator[Furniture]:
    """The part of one note that is a bare reference: all of it, its end, or nothing.

    What the note says itself, before "see" or in a long sentence of its own, is no reference.
    """
    whole = " ".join(line.text for line in lines)
    work = WORK.search(whole)
    first = lines[0]
    shown = whole[: work.start()].endswith("(") if work else False
    if work is None or (shown and not first.text.startswith("[")):  # a sentence gives an address
        return
    own = _own_words(first.text, work.start())
    if own:
        yield _reference(first.start + own, lines[-1].end)
    elif len(whole[: work.start()].split()) <= 2 * LONG_WORDS:
        for line in lines:
            yield _reference(line.start, line.end)


def _own_words(note: str, work: int) -> int:
    """Where what a note says itself ends, before it names a work; 0 if it says nothing."""
    see = SEE.search(note)
    if see and len(note[: see.start()].split()) >= 2 * PROSE_WORDS:
        return see.start()
    ends = [match.end() for match in SENTENCE_END.finditer(note, 0, work)]
    mark = NOTE.match(note)
    begin = mark.end() if mark else 0
    said = bool(ends) and len(note[begin : ends[0]].split()) > HEADLINE_WORDS
    return ends[-1] if said else 0


def _reference(start: int, end: int) -> Furniture:
    return Furniture(start=start, end=end, kind="reference", reason="bare reference")


RULES: tuple[Callable[[Sequence[Line]], Iterator[Mark]], ...] = (
    _matching(NAVIGATION, "navigation"),
    _matching(BREADCRUMBS, "navigation"),
    _matching(COUNTER, "counter"),
    _matching(COMMENTS, "comment form"),
    _inline_teasers,
    _comments,
    _author_boxes,
    _teaser_blocks,
    _appeals,
)
