"""A made-up answer with all that an answer may hold, on a fire that never was."""

from rag.records import (
    Answer,
    AssignedPerspective,
    Citation,
    Comparison,
    Document,
    Figure,
    Source,
    Span,
    Speech,
    Words,
)
from tests.making import citation_of, row_of


def _source(label: str | None, **known: object) -> Source:
    of = AssignedPerspective(id=label.lower(), label=label) if label else AssignedPerspective()
    return Source.model_validate({"perspective": of} | known)


def _document(name: str, text: str, source: Source) -> Document:
    return Document(id=name, text=text, sha256=name, encoding="utf_8", source=source)


GAZETTE = _document(
    "gazette.txt",
    "Ada Berg said that 83 workers died at Ostby. “Nobody came to help,” she told us.\n",
    _source("Millers", title="A night in March", publisher="The Gazette", published="1870"),
)
LEDGER = _document(
    "ledger.txt",
    "The fire of Ostby took the lives of 63 workers.\nIt was put out on 2 March.\n",
    _source("Town", title="The ledger", published="1871", inferred={"published": "its binding"}),
)
LETTER = _document(
    "letter.txt",
    "I counted 83 workers who lay dead in Ostby, and I counted twice.\n",
    _source(None, author="A carter", title="A letter"),
)
DIARY = _document(
    "diary.txt",
    "At last, on 2 March, the fire was out.\n",
    _source("Town", title="A diary", published="1870"),
)
DOCUMENTS: dict[str, Document] = {d.id: d for d in (GAZETTE, LEDGER, LETTER, DIARY)}
SHAPES = {"millers": "diamond", "town": "disc"}


def words(document: Document, exact: str) -> Words:
    """The first place where a document holds these words."""
    start = document.text.index(exact)
    return Words(start=start, end=start + len(exact), exact=exact)


def figure_of(document: Document, exact: str, sentence: str, citation: int | None) -> Figure:
    """A figure in a sentence of a document; what it means makes no difference here."""
    return Figure(
        **dict(words(document, exact)),
        sentence=words(document, sentence),
        document=document.id,
        document_hash=document.sha256,
        citation=citation,
        low=0,
        high=0,
        source=document.source,
    )


def speech_of(
    document: Document, speaker: str | None, cue: str, reported: str, mention: str | None
) -> Speech:
    """Somebody's words, each found in the document."""
    said = words(document, reported)
    return Speech(
        speaker=words(document, speaker) if speaker else None,
        mention=words(document, mention) if mention else None,
        cue=words(document, cue),
        reported=(Span(start=said.start, end=said.end),),
        direct="“" in document.text,
    )


SPOKEN = (
    speech_of(GAZETTE, "Ada Berg", "said", "83 workers died at Ostby", "Ada Berg"),
    speech_of(GAZETTE, "Ada Berg", "told", "Nobody came to help,", "she"),
)
DEAD = Comparison(
    about=(words(GAZETTE, "workers"), words(GAZETTE, "died"), words(GAZETTE, "Ostby")),
    kind="count",
    agreed=False,
    figures=(
        figure_of(GAZETTE, "83", "Ada Berg said that 83 workers died at Ostby.", 1),
        figure_of(LEDGER, "63", "The fire of Ostby took the lives of 63 workers.", 2),
        figure_of(LETTER, "83", LETTER.text.strip(), None),
    ),
)
PUT_OUT = Comparison(
    about=(words(LEDGER, "put out"),),
    kind="date",
    agreed=True,
    figures=(
        figure_of(LEDGER, "2 March", "It was put out on 2 March.", 2),
        figure_of(DIARY, "2 March", DIARY.text.strip(), None),
    ),
)


def cited(document: Document, number: int, *speeches: Speech) -> Citation:
    """The whole of a document as a citation."""
    quote = citation_of(document, 0, len(document.text.rstrip()), number=number)
    return quote.model_copy(update={"speeches": speeches})


ANSWER = Answer(
    question="How many died?",
    asked_as="How many workers died in the fire of Ostby?",
    perspectives=(),
    sources=(),
    abstention=None,
    match=0.8,
    generation="g",
    coverage=(
        row_of("millers", "Millers", sources=3, near=12, quoted=1, best_left_out=4),
        row_of("town", "Town", sources=2, near=1, quoted=1),
        row_of("church", "Church", sources=0),
        row_of("press", "Press", sources=4, best_left_out=9),
        row_of("unlabelled", "Unlabelled", near=1, best_left_out=3),
    ),
    figures=(DEAD, PUT_OUT),
    citations=(cited(GAZETTE, 1, *SPOKEN), cited(LEDGER, 2)),
)
