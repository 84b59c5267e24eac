"""Everything the program says around quotes, in one place: about sources, never the subject."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from rag.characters import doubtful_words, unseen_in
from rag.holdings import holdings
from rag.records import (
    UNLABELLED,
    UNLABELLED_LABEL,
    AlsoIn,
    Answer,
    Cause,
    Citation,
    Comparison,
    Coverage,
    Document,
    Duplicates,
    Figure,
    FormerLabel,
    Label,
    Source,
    Speech,
)

if TYPE_CHECKING:
    from rag.checking import Check
    from rag.index.build import BuildReport, Staleness
    from rag.index.generation import Manifest
    from rag.index.texts import Texts

NEAREST_HEADING = "Nearest in this library, not an answer to the question:"

ASKED_AS = "Asked as:"

ORDER_HEADING = "Why these quotes, in this order?"

ORDER = (
    "By relevance; a perspective, and a source, that has been heard counts for less the next time."
)

DIFFERENT_FIGURES = "Different figures:"

AGREED_FIGURES = "The same figure in several sources:"

NOT_QUOTED = "not quoted above"

NOT_NAMED = "a speaker not named in this quote"

DEFECT = (
    "The program failed at this.",
    "What happened stands in the terminal where Parallax runs; please report it as a defect.",
)

NO_LABEL = (
    "Nobody has labelled this source yet, so whose position it argues for is not said here."
    " parallax label asks for it, and writes it into sources.toml in the folder of seeds."
)

GROUPS_TOLD = 5
"""So many groups of near duplicates are listed after a build."""

NAMES_TOLD = 5
"""So many names are listed in a line."""

LABELS_TOLD = 3
"""So many labels are named in a sentence about an answer, unless there is only one more."""

ROWS_TOLD = 6
"""How so many labels fare is told one by one; of more, only of those that are quoted."""

COMPARED_TOLD = 3
"""So many comparisons of figures under a heading are not folded away."""

NO_BASIS = "No basis is written for this label."

NOT_REVIEWED = "not yet reviewed"

BY_THE_OWNER = "by the library's owner"

DOUBTFUL_LETTERS = "letters of alphabets that look alike"

SILENCE: dict[Cause, tuple[str, str]] = {
    "empty": (
        "This library is empty.",
        "Put documents into the folder of seeds, and rebuild the index.",
    ),
    "gap": (
        "This library holds no source {labels}.",
        "Add such a source and rebuild the index, or ask without the filter.",
    ),
    "filter": (
        "Nothing in {where} answers this question; other sources of this library do.",
        "Take the filter off to read them.",
    ),
    "left-out": (
        "Only what is left out of answers (menus, teasers, bare references) holds these words.",
        "Look at what was left out of each source; sources.toml can keep a line of it.",
    ),
    "near": (
        "Passages of {where} come near this question, but none of them answers it.",
        "Read the nearest ones, or ask in words that the sources would use.",
    ),
    "nothing-near": (
        "Nothing in {where} comes near this question.",
        "Ask in other words, or add a source about it and rebuild the index.",
    ),
    "phrase": (
        "No sentence of {where} holds the exact words {phrases}.",
        "Take the quotation marks off to look for the words in any order and form.",
    ),
}
"""Message and remedy of each cause of silence."""

UNUSABLE = "The index cannot be opened; see the library"

UP_TO_DATE = "The index is up to date with the seeds"

SEEDS_AWAY = (
    "The folder of seeds cannot be read, so nobody can tell whether the index is up to date"
)


def label_line(source: Source) -> str:
    """Whose position the source argues for, whether that was reviewed, and its kind of text."""
    return " · ".join(filter(None, [_labelled(source.perspective), source.kind]))


def _labelled(label: Label) -> str:
    said = label.label if label.id == UNLABELLED else f"source labelled {label.label}"
    return said if label.reviewed else f"{said} ({NOT_REVIEWED})"


def source_line(document: Document) -> str:
    """Title, author, publisher and date, each marked where it is inferred or from the file."""
    source = document.source
    known = [_title(document.display_title)]
    for field in ("author", "publisher", "published"):
        value = getattr(source, field)
        if value:
            known.append(value + _mark(source, field))
    return " · ".join(known)


def _title(title: str) -> str:
    """The title, with a warning where words of it are not what they look like."""
    doubtful = [match[0] for match in doubtful_words(title)]
    return f"{title} [{DOUBTFUL_LETTERS}: {', '.join(doubtful)}]" if doubtful else title


def _mark(source: Source, field: str) -> str:
    if field in source.from_file:
        return " (from the file)"
    return " (inferred)" if field in source.inferred else ""


def place_line(citation: Citation) -> str:
    """Document, page if it has pages, and offsets, as a slice of its text."""
    page = f", page {citation.page}" if citation.page else ""
    return f"{citation.document}{page} [{citation.start}:{citation.end}]"


def also_in_line(also: AlsoIn) -> str:
    """That another source holds a quote's very words, under which label, and where."""
    told = also.title, _labelled(also.perspective), f"{also.document} [{also.start}:{also.end}]"
    return f"also in {' · '.join(told)}"


class Share(NamedTuple):
    """How many of an answer's quotes stand under a label."""

    perspective: str
    label: str
    quotes: int


def shares_of(answer: Answer) -> list[Share]:
    """How many quotes each label has, by who is quoted first."""
    labels = (citation.source.perspective for citation in answer.citations)
    counts = Counter((label.id, label.label) for label in labels)
    return [Share(*label, quotes) for label, quotes in counts.items()]


def coverage_line(answer: Answer) -> str:
    """How many quotes there are from how many sources, by label; empty for an abstention."""
    shares = ", ".join(f"{share.quotes} {share.label}" for share in shares_of(answer))
    return f"{quotes_line(answer)} {shares}." if shares else ""


def quotes_line(answer: Answer) -> str:
    """How many quotes there are from how many sources; what labels these have is to follow."""
    sources = counted(len({citation.document for citation in answer.citations}), "source")
    told = _stories_told(answer.citations)
    return f"{counted(len(answer.citations), 'quote')} from {sources}{told}:"


def _stories_told(citations: Sequence[Citation]) -> str:
    """That fewer stories than sources are told; empty if each source tells its own."""
    sources = {citation.document for citation in citations}
    stories = {citation.story or (citation.document,) for citation in citations}
    if len(stories) == len(sources):
        return ""
    told = "the same story" if len(stories) == 1 else f"{len(stories)} stories"
    return f" that tell {told}"


def match_line(answer: Answer) -> str:
    """How closely the library matches; empty where nothing was found that could match."""
    if not answer.citations and not (answer.abstention and answer.abstention.nearest):
        return ""
    percent = min(max(round(100 * answer.match), 1), 99)
    return (
        f"How closely the library matches your question: {percent} %."
        " This says nothing about what is true."
    )


def notes(answer: Answer, documents: Mapping[str, Document]) -> list[str]:
    """What a reader must know of who is heard: the filter, one side alone, who is not quoted."""
    said = [filter_line(answer, documents), one_sided_line(answer), lacking_line(answer)]
    return [*filter(None, said), *unheard_lines(answer)]


def filter_line(answer: Answer, documents: Mapping[str, Document]) -> str:
    """The filter that acted, and whom it left out; empty if none did."""
    heard = only(answer, documents)
    if not heard:
        return ""
    out = [(row, row.sources - row.searched) for row in answer.coverage]
    out = [(row, sources) for row, sources in out if sources]
    rest = f"; {_held(out)} {_were(out)} not searched" if out else ""
    verb = "was" if len(answer.sources) == 1 else "were"
    return f"Only {heard} {verb} heard, as you asked{rest}."


def only(answer: Answer, documents: Mapping[str, Document]) -> str:
    """The only sources that were heard; empty for all."""
    if answer.sources:
        named = (
            answer.sources if len(answer.sources) <= LABELS_TOLD else answer.sources[:LABELS_TOLD]
        )
        titles = [f"“{documents[each].display_title}”" for each in named]
        more = len(answer.sources) - len(named)
        titles += [f"{more} more"] if more else []
        return f"the source{'s' if len(titles) > 1 else ''} {_and(titles)}"
    names = {row.perspective: row.label for row in answer.coverage}
    heard = [names.get(each, UNLABELLED_LABEL) for each in answer.perspectives]
    return f"sources {_under(heard)}" if heard else ""


def one_sided_line(answer: Answer) -> str:
    """That all quotes stand under one label, where there are others and none was asked for."""
    labels = {citation.source.perspective.label for citation in answer.citations}
    if len(labels) != 1 or len(answer.coverage) < 2 or answer.sources:
        return ""
    if len(answer.perspectives) == 1:
        return ""
    one = len({citation.document for citation in answer.citations}) == 1
    whose = f"{'one source' if one else 'sources'} {_under([*labels])}"
    quotes = len(answer.citations)
    if quotes == 1:
        return f"The only quote comes from {whose}."
    return f"{'Both' if quotes == 2 else f'All {quotes}'} quotes come from {whose}."


def unheard_lines(answer: Answer) -> list[str]:
    """Which labels were searched and are not quoted, though the library has sources of them."""
    if answer.abstention or answer.sources:
        return []
    unheard = [(row, row.sources) for row in answer.coverage if row.searched and not row.quotes]
    far = [each for each in unheard if not each[0].near]
    near = [each for each in unheard if each[0].near]
    said = []
    if near:
        rank = min(row.best_left_out for row, _ in near if row.best_left_out)
        their = "its" if _total(near) == 1 else "their"
        said.append(
            f"{_held(near)} {_are(near)} in this library; {their} best passage stood at rank"
            f" {rank} and is not quoted."
        )
    if far:
        their = "its" if _total(far) == 1 else "their"
        said.append(
            f"{_held(far)} {_are(far)} in this library; none of {their} passages came near enough"
            " to be quoted."
        )
    return said


def lacking_line(answer: Answer) -> str:
    """Which labels no source of the library carries; empty if none, or if that is said already."""
    labels = [row.label for row in answer.lacking]
    said = answer.abstention and answer.abstention.cause == "gap"
    return lacking_message(labels) if labels and not said else ""


def lacking_message(labels: Sequence[str]) -> str:
    """That the library has no source with any of these labels."""
    return SILENCE["gap"][0].format(labels=_under(labels))


Held = Sequence[tuple[Coverage, int]]
"""Rows of a coverage, each with a number of its sources."""


def _held(rows: Held) -> str:
    """The sources of some labels: "3 sources labelled A and 1 labelled B"; of many, how many."""
    if len(rows) > LABELS_TOLD + 1:
        return f"{counted(_total(rows), 'source')} of {len(rows)} other labels"
    (first, sources), *others = rows
    told = [f"{counted(sources, 'source')} {_under([first.label])}"]
    return _and([*told, *(f"{each} {_under([row.label])}" for row, each in others)])


def _total(rows: Held) -> int:
    return sum(sources for _, sources in rows)


def _are(rows: Held) -> str:
    return "is" if _total(rows) == 1 else "are"


def _were(rows: Held) -> str:
    return "was" if _total(rows) == 1 else "were"


def _under(labels: Sequence[str]) -> str:
    """What a source of any of these labels is: "labelled A or B", "without a label"."""
    named = [label for label in labels if label != UNLABELLED_LABEL]
    more = len(named) - LABELS_TOLD
    told = " or ".join(named)
    if more > 1:
        told = f"{', '.join(named[:LABELS_TOLD])} or any of {more} more labels"
    said = [f"labelled {told}"] if named else []
    return " or ".join(said + ["without a label"] * (len(named) < len(labels)))


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def fares_line(row: Coverage) -> str:
    """How one perspective fares in an answer."""
    if not row.sources:
        return "no source in this library"
    held = f"{counted(row.sources, 'source')} in this library"
    if not row.searched:
        return f"{held}, not searched"
    searched = f", {row.searched} searched" if row.searched < row.sources else ""
    near = f"{counted(row.near, 'passage') if row.near else 'no passage'} came near"
    quotes = f"{counted(row.quotes, 'quote')} from {counted(row.quoted, 'source')}"
    rank = row.best_left_out
    left = f"; the best passage left out stood at rank {rank}" if rank else ""
    return f"{held}{searched}, {near}, {quotes if row.quotes else 'no quote'}{left}"


def others_line(rows: Sequence[Coverage]) -> str:
    """How perspectives fare that are not quoted, summed up."""
    fares = Counter(
        "without a source"
        if not row.sources
        else "not searched"
        if not row.searched
        else "with a passage near"
        if row.near
        else "with none near"
        for row in rows
    )
    told = ", ".join(f"{count} {how}" for how, count in fares.items())
    return f"{counted(len(rows), 'other label')}: {told}"


def silence(
    cause: Cause, phrases: Sequence[str], labels: Sequence[str], titles: Sequence[str]
) -> tuple[str, str]:
    """Why there is no answer, and what the reader can do.

    Args:
        cause: see `Abstention`.
        phrases: the exact words that were asked for.
        labels: of the only sources that were heard; empty for all.
        titles: of the only documents that were heard; empty for all.
    """
    message, remedy = SILENCE[cause]
    told = " and ".join(f"“{phrase}”" for phrase in phrases)
    where = _sources(labels, titles)
    return message.format(where=where, phrases=told, labels=_under(labels)), remedy


def _sources(labels: Sequence[str], titles: Sequence[str]) -> str:
    if titles:
        return f"the source {_few([f'“{title}”' for title in titles])}"
    return f"the sources {_under(labels)}" if labels else "this library"


def extent_line(document: Document, passages: int) -> str:
    """How much of a document is searched, how much was left out, and any other encoding."""
    left_out = sum(span.end - span.start for span in document.furniture)
    share = left_out / len(document.text) if document.text else 0.0
    extent = f"{counted(passages, 'passage')} · {share:.0%} left out"
    return extent if document.encoding.startswith("utf_8") else f"{extent} · {document.encoding}"


def basis_lines(source: Source) -> list[str]:
    """Why a source carries its label, who assigned and reviewed it, and its former labels.

    Then what of the source is inferred and why, and what of it only the file says.
    """
    label = source.perspective
    said = [f"basis: {label.basis}"] if label.basis else []
    if label.basis_quote:
        said.append(f"basis quote: {label.basis_quote}")
    if label.assigned_by:
        said.append(f"assigned by: {_on_a_day(label.assigned_by, label.assigned_on)}")
    said += filter(None, [review_line(label)])
    said += map(former_line, label.history)
    said += [f"{field} inferred: {why}" for field, why in source.inferred.items()]
    return said + ([f"from the file: {', '.join(source.from_file)}"] if source.from_file else [])


def review_line(label: Label) -> str:
    """Who has reviewed a label and when, or that nobody has; empty where nothing calls for it."""
    if label.reviewed_by:
        return f"reviewed by: {_on_a_day(label.reviewed_by, label.reviewed_on)}"
    return "" if label.reviewed else f"{NOT_REVIEWED} {BY_THE_OWNER}"


def former_line(label: FormerLabel) -> str:
    """A label that a source carried before: until when, who had assigned it, and why."""
    until = f"until {label.until}" if label.until else "formerly"
    assigned = f", assigned by {_on_a_day(label.assigned_by, label.assigned_on)}"
    why = f" (basis: {label.basis})" if label.basis else ""
    return f"{until}: {label.label}{assigned if label.assigned_by else ''}{why}"


def _on_a_day(who: str | None, day: date | None) -> str:
    return f"{who}, {day}" if day else f"{who}"


def holdings_lines(texts: "Texts") -> list[str]:
    """How many sources carry each label, with the label's id and description."""
    about = {each.id: each.description for each in texts.perspectives}
    return [f"{counted(len(texts.documents), 'source')}:"] + [
        f"  {sources} labelled {label} (id: {key})" + (f" – {about[key]}" if about.get(key) else "")
        for key, label, sources in holdings(texts.perspectives, texts.documents)
    ]


def alike_line(document: str, group: Duplicates | None) -> str:
    """Which other sources of its group hold nearly the same as a document; empty for no group."""
    if group is None:
        return ""
    return f"{_alike(group)}: {_few([name for name in group.documents if name != document])}"


def duplicates_lines(groups: Sequence[Duplicates]) -> list[str]:
    """Which documents tell the same story, of the first groups."""
    told = [
        f"{counted(len(group.documents), 'document')} tell the same story:"
        f" {_few(group.documents)} ({_alike(group)})"
        for group in groups[:GROUPS_TOLD]
    ]
    more = counted(len(groups) - len(told), "more group")
    return [*told, f"and {more}; see parallax sources"] if len(groups) > len(told) else told


def _alike(group: Duplicates) -> str:
    if group.exact:
        return "the same words"
    percent = f"{min(round(100 * group.similarity), 99)} % alike"
    return percent if len(group.documents) == 2 else f"{percent} or more"


def _few(names: Sequence[str]) -> str:
    more = len(names) - NAMES_TOLD
    return ", ".join(names[:NAMES_TOLD]) + (f" and {more} more" if more > 0 else "")


def asked_as_line(answer: Answer, documents: Mapping[str, Document]) -> str:
    """What was searched for, and of whom; empty if that is just what was asked."""
    if answer.asked_as == answer.question.strip():
        return ""
    heard = only(answer, documents)
    return f"{ASKED_AS} {answer.asked_as}" + (f" (only {heard})" if heard else "")


def changed_line(stale: "Staleness") -> str:
    """That seeds or settings are newer than the index; empty if they are not."""
    parts = [counted(len(stale.seeds), "seed")] if len(stale.seeds) else []
    parts += ["sources.toml"] if stale.catalogue else []
    parts += ["the settings"] if stale.settings else []
    return f"{' and '.join(parts)} changed since this build" if parts else ""


def build_lines(report: "BuildReport") -> Sequence[str]:
    """What a build did, then everything in it that a person should look at."""
    changes = report.changes
    size = f"{counted(report.documents, 'document')}, {counted(report.passages, 'passage')}"
    done = {
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "failed": report.failed,
    }
    what = ", ".join(f"{len(files)} {how}" for how, files in done.items())
    carried = sum(file.how == "carried over" for file in report.files)
    kept = f" {counted(carried, 'unchanged file')} not read again." if carried else ""
    return [
        f"Built {report.generation}: {size} ({what}).{kept}",
        *(f"failed: {notice}" for notice in report.failed),
        *(f"note: {line}" for line in duplicates_lines(report.duplicates)),
        *(f"note: {notice}" for notice in report.notices),
    ]


def walked_lines(written: int, unlabelled: int, unreviewed: int) -> Sequence[str]:
    """What a walk through the labels wrote, and what it left to be done."""
    left = (f"{unlabelled} without a label", f"{unreviewed} not yet reviewed")
    said = f"{counted(written, 'source')} written. Left: {', '.join(left)}."
    return [said, "To bring it into the index, run: parallax build"] if written else [said]


def check_lines(check: "Check") -> Sequence[str]:
    """What a check of the catalogue found: what is wrong with its line, then what is missing."""
    lines = [str(notice) for notice in check.wrong]
    for heading, names in check.missing.items():
        lines += [f"{heading}: {len(names)}", *(f"  {name}" for name in names)]
    wrong = f"{counted(len(check.wrong), 'thing')} to correct" if check.wrong else "nothing wrong"
    return [*lines, f"{counted(check.documents, 'source')} checked: {wrong}."]


def built_line(manifest: "Manifest") -> str:
    """How many sources an index holds, and when it was built, in the local time."""
    built = manifest.built.astimezone()
    return f"{counted(manifest.documents, 'source')} · built {built.day} {built:%B %Y, %H:%M}"


def reference(citation: Citation, document: Document) -> str:
    """A quote with its citation, for another text."""
    told = source_line(document), label_line(citation.source), place_line(citation)
    also = "".join(f"\n— {also_in_line(each)}" for each in citation.also_in)
    reports = speech_line(citation, document)
    before = f"{reports}\n" if reports else ""
    return f"{before}“{citation.exact}”\n— {' · '.join(told)}{also}"


class Speaker(NamedTuple):
    """Who is reported to speak in a quote.

    Attributes:
        name: as the document has it; empty if the speaker is not named.
        mention: what stands for the name in the quote ("he"); empty where the name does.
    """

    name: str
    mention: str


def speakers_of(citation: Citation) -> list[Speaker]:
    """Who is reported to speak in a quote, each once, in order."""
    found: dict[str, Speaker] = {}
    for speech in citation.speeches:
        name = speech.speaker.exact if speech.speaker else ""
        found.setdefault(name, Speaker(name, _mention(speech)))
    return list(found.values())


def _mention(speech: Speech) -> str:
    if speech.mention is None:
        return ""
    mention = speech.mention.exact
    named = speech.speaker is not None and speech.speaker.exact
    return "" if named and (mention in named or named in mention) else mention


def reporter_of(document: Document) -> str:
    """Who speaks in a document's own voice: its publisher, its author, or else its title."""
    return document.source.publisher or document.source.author or document.display_title


def speech_line(citation: Citation, document: Document) -> str:
    """Whom a source reports in a quote; empty if nobody."""
    told = [
        (each.name or NOT_NAMED) + (f" (“{each.mention}”)" if each.mention else "")
        for each in speakers_of(citation)
    ]
    label = _under([citation.source.perspective.label])
    reporter = f"{_title(reporter_of(document))} (source {label})"
    return f"{reporter} reports {_and(told)}:" if told else ""


def by_words(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures with the same words together, in their order."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.exact, []).append(figure)
    return groups


def compared(answer: Answer) -> dict[str, list[Comparison]]:
    """The comparisons of an answer under their headings: what differs first."""
    found = {
        DIFFERENT_FIGURES: [each for each in answer.figures if not each.agreed],
        AGREED_FIGURES: [each for each in answer.figures if each.agreed],
    }
    return {heading: each for heading, each in found.items() if each}


def comparison_line(comparison: Comparison, documents: Mapping[str, Document]) -> str:
    """What figures are of, then each as its source gives it, with its label and date."""
    about = " · ".join(words.exact for words in comparison.about)
    given = []
    for exact, group in by_words(comparison.figures).items():
        places = "; ".join(_place_of(each, documents[each.document]) for each in group)
        given.append(f"{exact} {places}")
    return f"{about}: {' · '.join(given)}"


def _place_of(figure: Figure, document: Document) -> str:
    """The citation that holds a figure, or the source if none does; then label and date."""
    source = figure.source
    place = f"[{figure.citation}]"
    if figure.citation is None:
        place = f"[{NOT_QUOTED}: {_title(document.display_title)}]"
    day = f", {source.published}{_mark(source, 'published')}" if source.published else ""
    return f"{place} {source.perspective.label}{day}"


def since_line(document: Document, now: Document | None) -> str:
    """What has become of a source since an answer quoted it; empty if it is the same."""
    if now is None:
        return "Since this answer the source was taken out of the library. It is shown as it was."
    if now.sha256 != document.sha256:
        return "Since this answer the source was changed. It is shown as it was."
    return ""


def on_page(remedy: str) -> str:
    """A remedy for somebody who has the page before them, and not a terminal."""
    return remedy.replace("Run: parallax build", "Rebuild the index on the Library tab")


def built_summary(report: "BuildReport") -> str:
    """What a build did, in a sentence."""
    size = f"{counted(report.documents, 'source')}, {counted(report.passages, 'passage')}"
    return f"The index is rebuilt: {size}."


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 seed", "2 seeds"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def visible(text: str, keep: Iterable[str] = "\n\t") -> str:
    """The text with control characters shown as symbols: none steers a terminal or turns words."""
    table = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}
    table |= dict.fromkeys(range(128, 160), 0xFFFD)
    for character in keep:
        table.pop(ord(character), None)
    unseen = {match.start() for match in unseen_in(text)}
    seen = "".join("\ufffd" if n in unseen else each for n, each in enumerate(text))
    return seen.replace("\r\n", "\n").translate(table)
