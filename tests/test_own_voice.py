"""Nothing is said of the subject in the program's own voice: each phrase around quotes is known."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, get_args

import pytest

from rag import wording
from rag.answering import Library
from rag.links import address_of
from rag.records import (
    EVERYTHING,
    AlsoIn,
    Answer,
    AssignedPerspective,
    Cause,
    Citation,
    Document,
    Filter,
    Source,
)
from rag.silence import abstention
from rag.terminal import answer_view
from rag.web.badges import shapes_of
from rag.web.reader import reader_html
from rag.web.thread import Turn, said_html, thread_html
from tests.answers import ANSWER, DEAD, DOCUMENTS, GAZETTE, LETTER, SPOKEN, cited
from tests.conftest import ROOT
from tests.making import Element, labelled, parsed, row_of, shown
from tests.test_export import TEXT, tokens_of
from tests.test_terminal import rendered

PHRASES = frozenset(
    """
A permanent address
Add such a source and rebuild the index
All
Answered from the build
Ask again
Ask in other words
Asked as
Assigned on
Both quotes come from one source labelled
Both quotes come from one source without a label
Both quotes come from sources labelled
By relevance
Change
Close
Conversation
Copy
Copy answer
Copy link
Date
Different figures
Edit
Editing question
Figure
File
Find in this source
How closely the library matches your question
Label
Link to this quote
Look at what was asked for
Look at what was left out of each source
Nearest in this library
Next place
No passage of this library holds
No sentence of the source
No sentence of the sources
No sentence of the sources labelled
No sentence of the sources of the kind
No sentence of the sources published from
No sentence of the sources published in
No sentence of the sources published on
No sentence of the sources published since
No sentence of the sources published up to
Nothing in the source
Nothing in the sources
Nothing in the sources labelled
Nothing in the sources of the kind
Nothing in the sources published from
Nothing in the sources published in
Nothing in the sources published on
Nothing in the sources published since
Nothing in the sources published up to
Nothing in this library comes near this question
Nothing of the source
Nothing of the sources
Only sources among
Only sources labelled
Only sources of the kind
Only sources published from
Only sources published in
Only sources published on
Only sources published since
Only sources published up to
Only the source
Only the sources
Only what is left out of answers
Passages of the source
Passages of the sources
Passages of the sources labelled
Passages of the sources of the kind
Passages of the sources published from
Passages of the sources published in
Passages of the sources published on
Passages of the sources published since
Passages of the sources published up to
Passages of this library come near this question
Previous place
Put documents into the folder of seeds
Question
Quote
Read in source
Read the nearest ones
Remove
Show what is nearest
Source
Take the filter off to read them
Take the quotation marks off to look for the words in any order and form
The only quote comes from one source labelled
The only quote comes from one source without a label
The same figure in several sources
This label was assigned from the text alone
This library holds no source labelled
This library holds no source of the kind
This library holds no source published from
This library holds no source published in
This library holds no source published on
This library holds no source published since
This library holds no source published up to
This library is empty
This says nothing about what is true
Why these quotes
Why this label
a click copies it
a perspective
a speaker not named in this quote and
also in
and
and a source
and a speaker not named in this quote
and is not quoted
and rebuild the index
and the first and last position of the quote in its text
and the library's owner has not confirmed it
answers this question
appeal for support or subscriptions
are in this library
as you asked
bare reference
bare references
but none of them answers it
by
characters
come near this question
comes near this question
comment form
counter
editor's credit
from the file
holds the exact words
holds these words
in any form
in this order
inferred
is in this library
its best passage stood at rank
labelled
line left out
line of the site
lines left out
look at the spelling
menus
more
more kinds
more labels
more labels were heard
more were heard
navigation
no passage came near
no quote
no source in this library
none of its passages came near enough to be quoted
none of their passages came near enough to be quoted
not an answer to the question
not quoted above
not searched
not yet reviewed
of the kind
of them for want of a date
only
only sources among
only sources labelled
only sources of the kind
only sources published from
only sources published in
only sources published on
only sources published since
only sources published up to
only the source
only the sources
or
of the index
or add a source about it and rebuild the index
or any of
or ask in the language of the sources
or ask in words that the sources would use
or ask without the filter
or without a label
or without a label were heard
other labels
other labels are in this library
other labels were not searched
other sources of this library do
page
passage came near
passages came near
passes the filter
published from
published since
published up to
publisher's disclaimer
quote from
quotes come from one source labelled
quotes come from sources labelled
quotes from
reports
reports a speaker not named in this quote
searched
source
source in this library
source labelled
source without a label
source without a label is in this library
sources
sources among
sources in this library
sources labelled
sources of
sources of the kind
sources published from
sources published in
sources published on
sources published since
sources published up to
sources that tell the same story
teasers
teasers for other pages
that has been heard counts for less the next time
the best passage left out stood at rank
the library's owner can keep a line of it
the source
the sources
their best passage stood at rank
though it does not answer
to
was heard
was not searched
was searched
was to be heard
were heard
were not searched
were searched
were to be heard
with a passage near
with none near
without a label are in this library
without a label were searched
without a source
""".strip().splitlines()
)
"""Every run of words that may stand around quotes, each read by a person: on sources, quotes,
labels, passages and the library, and none on what these are about."""

SHARED = """
add address also among ask best came change characters click close come comment confirmed counter
date different edit editor exact filter first form heard holds keep last left line link marks named
near next one order page pass permanent perspective place position previous publisher put question
read reference relevance remove reports reviewed says several show since site source speaker story
support take tell text time true use want without would yet
"""
"""Words that the five documents have too."""

README = (ROOT / "README.md").read_text("utf-8")
ASKED = re.findall(r'"([A-Z][^"…]*\?)"', README)
"""The questions that the README asks."""


def phrases(text: str, verbatim: Iterable[str]) -> set[str]:
    """The runs of words in a text that remain where everything verbatim is taken out."""
    whole = " ".join(text.split())
    pieces = {" ".join(each.split()) for each in verbatim}
    for piece in sorted(pieces - {""}, key=len, reverse=True):
        whole = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", "\0", whole)
    return {run.strip(" '-") for run in re.findall(r"[^\W\d_](?:[^\W\d_]|[ '-])*", whole)}


def verbatim_of(answer: Answer, documents: Mapping[str, Document]) -> set[str]:
    """All that somebody else has said or named: in the question, a document, or the catalogue."""
    named = [answer.question, answer.asked_as, *(row.label for row in answer.coverage)]
    named += [answer.generation, *answer.kinds]
    for name in {*answer.sources, *(each.document for each in shown(answer))}:
        named += [name, documents[name].display_title, documents[name].encoding]
    for citation in shown(answer):
        named += [citation.exact, *_spoken(citation), *_known(citation.source)]
        named.append(f"?cite={address_of(citation, documents[citation.document])}")
        for also in citation.also_in:
            named += [also.document, also.title, also.perspective.label]
    for figure in chain.from_iterable(each.figures for each in answer.figures):
        named += [figure.exact, documents[figure.document].display_title, *_known(figure.source)]
    named += [words.exact for comparison in answer.figures for words in comparison.about]
    remedy = answer.abstention.remedy if answer.abstention else ""
    named += [word for word in re.findall(r"“(\w+)”", remedy) if word in answer.question]
    return {*named, *re.findall(r"[“\"](.+?)[”\"]", answer.question)}


def _spoken(citation: Citation) -> Iterator[str]:
    for speech in citation.speeches:
        yield from (each.exact for each in (speech.speaker, speech.mention) if each)


def _known(source: Source) -> Iterator[str]:
    """What the catalogue says of a source, in every field."""
    for _, value in source:
        if isinstance(value, str):
            yield value
        if isinstance(value, dict):
            yield from value.values()
        if isinstance(value, AssignedPerspective):
            yield from (str(each) for _, each in value if isinstance(each, str))


def texts_of(page: Element) -> Iterator[str]:
    """Every text of a page, and every attribute that somebody may see, hear, copy or ask."""
    for name, value in page.attributes.items():
        if name in ("title", "aria-label", "data-copy", "data-change", "data-edit", "data-editing"):
            yield value
    for each in page.inside:
        if isinstance(each, str):
            yield each
        else:
            yield from texts_of(each)


def strangers(
    texts: Iterable[str], verbatim: set[str], known: frozenset[str] = PHRASES
) -> set[str]:
    """The phrases of texts that are none of the known, as these are without the same words."""
    known = known.union(*(phrases(each, verbatim) for each in known))
    return set().union(*(phrases(each, verbatim) for each in texts)) - known


def told_by(answer: Answer, documents: Mapping[str, Document]) -> set[str]:
    """The strange phrases of an answer in the terminal, on the page, read aloud, and copied."""
    verbatim = verbatim_of(answer, documents)
    perspectives = [row.perspective for row in answer.coverage]
    turn = Turn(1, answer.question, answer, documents=documents, shapes=shapes_of(perspectives))
    told = [rendered(answer_view(answer, documents, context=False), width=20_000)]
    told += texts_of(parsed(thread_html([turn]) + said_html(turn)))
    told += paragraphs_of(turn.copied)
    return strangers(told, verbatim)


def paragraphs_of(markdown: str) -> Iterator[str]:
    """The text of each paragraph and heading."""
    for token in tokens_of(markdown):
        yield "".join(TEXT.get(each.type, each.content) for each in token.children or ())


def in_source(citation: Citation, documents: Mapping[str, Document]) -> set[str]:
    """The strange phrases around a source that is opened at a quote, and over its folds."""
    document = documents[citation.document]
    page = parsed(reader_html(document, citation, {}))
    folded = [each.one("summary") for each in page.every("details.left-out")]
    around = [page.one("div.bar"), page.one("header"), *folded]
    verbatim = {document.id, document.display_title, *_known(document.source)}
    return strangers(chain.from_iterable(map(texts_of, around)), verbatim)


def made_up(**changes: object) -> Answer:
    return ANSWER.model_copy(update=changes)


def made_up_answers() -> Iterator[Answer]:
    """Answers and abstentions of every kind, each part of them shown."""
    yield ANSWER
    yield made_up(perspectives=("town", "unlabelled"))
    yield made_up(sources=("ledger.txt", "letter.txt"))
    yield made_up(sources=(*DOCUMENTS, *DOCUMENTS))
    yield from filtered()
    he, unnamed = SPOKEN[1], SPOKEN[0].model_copy(update={"speaker": None})
    also = AlsoIn(
        start=0,
        end=9,
        document=LETTER.id,
        title=LETTER.display_title,
        perspective=LETTER.source.perspective,
    )
    story = (GAZETTE.id, LETTER.id)
    first = cited(GAZETTE, 1, he, unnamed).model_copy(update={"also_in": (also,), "page": 3})
    citations = [first.model_copy(update={"number": n, "story": story}) for n in (1, 2, 3)]
    yield made_up(citations=tuple(citations), figures=(DEAD,) * 5)
    citations[1] = cited(LETTER, 2).model_copy(update={"story": story})
    rows = [row_of(f"p{n}", f"Party {n}", sources=n % 3, near=n % 2) for n in range(9)]
    rows += [row_of(f"q{n}", f"Quarter {n}", near=1, best_left_out=n + 1) for n in range(9)]
    yield made_up(citations=tuple(citations), coverage=(*rows, *ANSWER.coverage))
    unasked = tuple(row.model_copy(update={"searched": row.sources // 2}) for row in rows)
    yield made_up(
        coverage=(*unasked, *ANSWER.coverage), perspectives=("p0", "p1", "p2", "p3", "p4")
    )
    for one in (GAZETTE, LETTER):
        rows = [row_of("a", "A"), row_of("b", "B", near=1, best_left_out=2), row_of("c", "C", 2)]
        yield made_up(citations=(cited(one, 1, unnamed),), coverage=tuple(rows), figures=())
        yield made_up(citations=(cited(one, 1), cited(one, 2)), figures=())
    left = row_of("a", "A", searched=0)
    yield made_up(coverage=(left, *ANSWER.coverage), perspectives=("town",))
    yield made_up(coverage=(left, *ANSWER.coverage), sources=("ledger.txt",))
    for cause in get_args(Cause):
        yield silent(cause)
        yield silent(cause, titles=["A letter", "A letter"])
        yield silent(cause, titles=(), only=Filter(kinds=("letter",), since="1870"))
        for only in (Filter(kinds=("letter",)), *map(Filter.model_validate, TIMES)):
            yield silent(cause, labels=(), titles=(), only=only)


TIMES: tuple[dict[str, str], ...] = (
    {"since": "1870-10"},
    {"until": "1871"},
    {"since": "1870", "until": "1871"},
    {"since": "1870", "until": "1870"},
    {"since": "1870-10-11", "until": "1870-10-11"},
)


def filtered() -> Iterator[Answer]:
    """Answers of which kinds and dates decide who is heard."""
    rows = (row_of("town", "Town", sources=4, searched=1), *ANSWER.coverage[2:])
    asked: tuple[dict[str, Any], ...] = (
        {"kinds": ("letter",), "since": "1870"},
        *TIMES,
        {"kinds": ("letter", "diary", "ledger", "will", "deed"), "until": "1871"},
        {"perspectives": ("town", "unlabelled"), "since": "1870", "until": "1871"},
        {"sources": ("ledger.txt", "letter.txt"), "kinds": ("letter",)},
    )
    for conditions in asked:
        yield made_up(**conditions)
        yield made_up(**conditions, coverage=rows)
        yield made_up(**conditions, coverage=rows[:1])


def silent(
    cause: Cause,
    labels: Sequence[str] = ("Millers",),
    titles: Sequence[str] = ("A letter",),
    only: Filter = EVERYTHING,
) -> Answer:
    said = abstention(cause, ["rye"], labels, titles, (cited(LETTER, 1),), only)
    return made_up(
        question="Is there “rye”?", abstention=said, citations=(), figures=(), kinds=only.kinds
    )


@pytest.mark.parametrize("answer", [*made_up_answers()])
def test_every_kind_of_answer_is_told_in_these_phrases(answer: Answer) -> None:
    assert told_by(answer, DOCUMENTS) == set()


def test_the_readme_asks_questions() -> None:
    assert len(ASKED) >= 2


def test_the_answers_to_the_questions_of_the_readme_are_told_in_these_phrases(
    library: Library,
) -> None:
    for question in dict.fromkeys([*ASKED, *library.questions]):
        answer = library.ask(question)
        assert told_by(answer, library.documents) == set(), question
        for citation in shown(answer):
            assert in_source(citation, library.documents) == set(), question


FOLLOW_UPS = {
    "How many people were killed in Khojaly?": "And how many were taken hostage?",
    "What is the Karabakh Liberation Organisation?": "What did they demand?",
    "Why did Armenians leave Karabakh in 2023?": "What does the other side say?",
}


@pytest.mark.parametrize("question", [*FOLLOW_UPS, "Who won the World Cup?", "How can I donate?"])
@pytest.mark.parametrize("heard", [(), ("neither-side",), ("pro-armenia",)])
def test_filters_silence_and_follow_ups_are_told_in_these_phrases(
    library: Library, question: str, heard: tuple[str, ...]
) -> None:
    answers = [library.ask(question, only=labelled(*heard))]
    if question in FOLLOW_UPS:
        answers.append(library.ask(FOLLOW_UPS[question], [question], labelled(*heard)))
    for answer in answers:
        assert told_by(answer, library.documents) == set()


# The test itself


def words_of(texts: Iterable[str]) -> set[str]:
    return {word.lower() for text in texts for word in re.findall(r"[^\W\d_]+", text)}


def test_each_phrase_is_made_of_words_of_the_program() -> None:
    """Of its messages, of its templates, and of what it says of furniture."""
    files = [ROOT / "rag" / "wording" / "en.ftl", *(ROOT / "rag").glob("*.py")]
    files += (ROOT / "rag" / "web" / "templates").glob("*.html")
    for package in ("furniture", "web", "wording"):
        files += (ROOT / "rag" / package).glob("*.py")
    own = words_of(path.read_text("utf-8") for path in files)
    own |= {f"{word}s" for word in own}
    assert words_of(PHRASES) - own == set()


def test_no_phrase_is_about_the_subject(library: Library) -> None:
    """Terms that documents and phrases share are about texts, and each was looked at."""
    terms = library.generation.lexical.terms
    theirs = {term for document in library.documents.values() for term in terms(document.text)}
    ours = {term for phrase in PHRASES for term in terms(phrase)}
    assert ours & theirs <= {term for word in SHARED.split() for term in terms(word)}


@pytest.mark.parametrize(
    "planted", ["Agif Nagi leads the organisation.", "Many were killed.", "Sources disagree on it."]
)
def test_a_sentence_of_the_programs_own_is_found_wherever_it_is_planted(
    library: Library, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    answer = library.ask(library.questions[0])
    assert told_by(answer, library.documents) == set()
    monkeypatch.setattr(wording.answers, "quotes_line", lambda _: planted)
    assert told_by(answer, library.documents)
    monkeypatch.undo()
    monkeypatch.setattr(wording.answers, "match_line", lambda _: planted)
    assert told_by(answer, library.documents)


def test_a_word_of_a_quote_is_strange_outside_it() -> None:
    said = [citation for citation in ANSWER.citations if "Nobody came" in citation.exact]
    assert said
    assert strangers(["Nobody came"], verbatim_of(ANSWER, DOCUMENTS)) == {"Nobody came"}
    assert strangers(["Ada Berg said"], verbatim_of(ANSWER, DOCUMENTS)) == {"said"}
