import re
from math import exp, log
from pathlib import Path

import pytest

from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import VerbatimError
from rag.holdings import labels_of
from rag.quotes import (
    GROWN_LENGTH,
    MATCH_SIGNALS,
    PASSAGES_HEARD,
    PASSAGES_READ,
    Candidate,
    Found,
    candidates,
    figure_match,
    grown,
    logistic,
    quote_of,
)
from rag.records import Passage, Quote, Sentence
from rag.retrieval import Query, ScoredPassage, rank
from rag.signals import SentenceSignals
from rag.weights import weights
from tests.making import WHEN_CLOSED, assert_verbatim, library_of

MEMOIR = {
    "memoir.md": (
        "# The ferry of Lomvik\r\n\r\n"
        "The ferry of Lomvik sank in 1931 🚢. Who was to blame? "
        "Cafe\u0301 owners blamed the captain of the ferry.\r\n\r\n"
        "“The ferry was too old,” the captain of Lomvik said.\r\n"
    )
}


def found_for(
    library: Library, encoder: Encoder, text: str, phrases: tuple[str, ...] = ()
) -> list[Candidate]:
    query = Query(question=text, text=text, phrases=phrases)
    return candidates(query, ranked(library, encoder, query), labels_of(library.documents))


def ranked(library: Library, encoder: Encoder, query: Query) -> list[ScoredPassage]:
    encoded = encoder.encode_query(query.text)
    return rank(query, encoded, library.generation, candidates=50)


@pytest.fixture
def memoir(tmp_path: Path, quick_encoder: Encoder) -> Library:
    return library_of(tmp_path, MEMOIR, quick_encoder)


def test_sentences_are_candidates_headings_and_questions_are_not(
    memoir: Library, quick_encoder: Encoder
) -> None:
    found = found_for(memoir, quick_encoder, "Who sank the ferry of Lomvik?")
    assert sorted(candidate.text for candidate in found) == [
        "Cafe\u0301 owners blamed the captain of the ferry.",
        "The ferry of Lomvik sank in 1931 🚢.",
        "“The ferry was too old,” the captain of Lomvik said.",
    ]


def test_a_question_in_a_document_is_found_by_its_very_words(
    memoir: Library, quick_encoder: Encoder
) -> None:
    found = found_for(memoir, quick_encoder, "“to blame”", ("to blame",))
    assert [candidate.text for candidate in found] == ["Who was to blame?"]


def test_candidates_hold_every_phrase(library: Library, quick_encoder: Encoder) -> None:
    found = found_for(library, quick_encoder, "Which war did the KLO want?", ("KLO", "war"))
    assert found
    for candidate in found:
        assert re.search(r"\bKLO\b", candidate.text)
        assert re.search(r"\bwar\b", candidate.text, re.IGNORECASE)


def test_candidates_come_best_first_each_once(library: Library, quick_encoder: Encoder) -> None:
    found = found_for(library, quick_encoder, "How many people were killed in Khojaly?")
    log_odds = [candidate.log_odds for candidate in found]
    assert log_odds == sorted(log_odds, reverse=True)
    assert len(set(log_odds)) > 1
    places = [(candidate.passage.document, candidate.sentence) for candidate in found]
    assert len(set(places)) == len(places) > 10


def test_a_sentence_of_several_passages_is_seen_in_the_best_of_them(
    library: Library, quick_encoder: Encoder
) -> None:
    query = Query(question=WHEN_CLOSED, text="How many people were killed in Khojaly?")
    ranking = ranked(library, quick_encoder, query)[:PASSAGES_READ]
    first: dict[tuple[str, Sentence], Passage] = {}
    again = 0
    for scored in ranking:
        for sentence in scored.passage.sentences:
            place = (scored.passage.document, sentence)
            again += place in first
            first.setdefault(place, scored.passage)
    assert again > 0
    found = candidates(query, ranking, labels_of(library.documents))
    for candidate in found:
        assert candidate.passage == first[candidate.passage.document, candidate.sentence]


def test_only_the_best_passages_are_read_and_the_best_of_each_perspective(
    library: Library, quick_encoder: Encoder
) -> None:
    query = Query(question=WHEN_CLOSED, text="How many people were killed in Khojaly?")
    ranking = ranked(library, quick_encoder, query)
    assert len(ranking) > PASSAGES_READ
    # One perspective has all of the best passages, the other only what is far below them.
    best = {scored.passage.number for scored in ranking[:PASSAGES_READ]}
    late = ranking[PASSAGES_READ:]
    assert len(late) > PASSAGES_HEARD
    labels = dict.fromkeys(library.documents, "one") | {late[-1].passage.document: "other"}
    others = [s for s in ranking if labels[s.passage.document] == "other"]
    heard = {scored.passage.number for scored in others[:PASSAGES_HEARD]}
    found = candidates(query, ranking, labels)
    assert {candidate.passage.number for candidate in found} <= best | heard
    kept = [scored for scored in ranking if scored.passage.number in best | heard]
    assert found == candidates(query, kept, labels)
    assert candidates(query, ranking, dict.fromkeys(labels, "one")) == candidates(
        query, ranking[:PASSAGES_READ], labels
    )
    assert candidates(query, [], labels) == []


def test_log_odds_are_the_learned_sum_of_the_evidence_and_a_probability(
    library: Library, quick_encoder: Encoder
) -> None:
    learned = weights().sentence
    for candidate in found_for(library, quick_encoder, "Who destroyed the bridge?"):
        evidence = candidate.evidence._asdict()
        products = [weight * evidence[name] for name, weight in learned.weights.items()]
        log_odds = sum(products) + learned.bias
        assert candidate.log_odds == pytest.approx(log_odds)
        assert candidate.probability == pytest.approx(1 / (1 + exp(-log_odds)))
        assert candidate.match_signals == (candidate.log_odds, *candidate.evidence)


@pytest.mark.parametrize(
    ("log_odds", "probability"), [(0, 0.5), (log(3), 0.75), (-log(4), 0.2), (-700, 0), (700, 1)]
)
def test_logistic_by_hand(log_odds: float, probability: float) -> None:
    assert logistic(log_odds) == pytest.approx(probability)


def test_evidence_is_the_signals_of_the_sentence_and_of_its_passage(
    harbour: Library, quick_encoder: Encoder
) -> None:
    query = Query(question=WHEN_CLOSED, text=WHEN_CLOSED)
    ranking = ranked(harbour, quick_encoder, query)
    signals = {
        (scored.passage.number, sentence): (scored.signals, own)
        for scored in ranking
        for sentence, own in zip(scored.passage.sentences, scored.sentences, strict=True)
    }
    found = candidates(query, ranking, labels_of(harbour.documents))
    assert len(found) == 5
    for candidate in found:
        passage, own = signals[candidate.passage.number, candidate.sentence]
        evidence = candidate.evidence._asdict()
        for name, value in own._asdict().items():
            assert evidence[name] == value
        for name in ("dense", *SentenceSignals._fields):
            assert evidence[f"passage_{name}"] == getattr(passage, name)
        assert evidence["figure"] == figure_match(WHEN_CLOSED, candidate.text)


@pytest.mark.parametrize(
    ("question", "text", "match"),
    [
        ("How many boats were sold?", "Forty-one boats were sold; 12 remained.", 1),
        ("How many boats were sold?", "Two boats were sold.", 1),
        ("How many boats were sold?", "Many boats were sold.", -1),
        ("In what year was it?", "It was in 1931.", 1),
        ("Who sold the boats?", "12 boats were sold.", 0),
    ],
)
def test_figure_match(question: str, text: str, match: int) -> None:
    assert figure_match(question, text) == match


def test_the_match_is_the_learned_sum_over_the_best_candidate(
    harbour: Library, quick_encoder: Encoder
) -> None:
    found = found_for(harbour, quick_encoder, WHEN_CLOSED)
    learned = weights().match
    for start, candidate in enumerate(found):
        signals = dict(zip(MATCH_SIGNALS, candidate.match_signals, strict=True))
        products = [weight * signals[name] for name, weight in learned.weights.items()]
        match = Found(ranking=(), candidates=tuple(found[start:])).match
        assert match == pytest.approx(1 / (1 + exp(-sum(products) - learned.bias)))
        assert 0 < match < 1
    assert Found(ranking=(), candidates=()).match == 0


def test_a_candidate_becomes_its_sentence_in_its_file(
    memoir: Library, quick_encoder: Encoder, tmp_path: Path
) -> None:
    document = memoir.documents["memoir.md"]
    found = found_for(memoir, quick_encoder, "Who blamed the captain of the ferry?")
    quotes = [quote_of(candidate, document) for candidate in found]
    assert_verbatim(quotes, tmp_path / "seeds")
    for candidate, quote in zip(found, quotes, strict=True):
        assert quote.exact == candidate.text
        assert quote.score == candidate.probability


def test_a_candidate_that_its_document_does_not_hold_is_refused(
    memoir: Library, quick_encoder: Encoder
) -> None:
    document = memoir.documents["memoir.md"]
    altered = document.model_copy(update={"text": document.text.replace("captain", "Captain")})
    found = found_for(memoir, quick_encoder, "Who blamed the captain of the ferry?")
    candidate = next(each for each in found if "captain" in each.text)
    with pytest.raises(VerbatimError, match=r"memoir\.md"):
        quote_of(candidate, altered)


def quote_in(library: Library, file: str, exact: str) -> Quote:
    """The quote of these words in a document."""
    document = library.documents[file]
    start = document.text.index(exact)
    return Quote.from_document(document, start, start + len(exact), expected=exact, score=0.5)


LONG = "The council of the town, " + "which met on every day of the week, " * 11 + "voted for it."

TALES = {
    "tale.md": (
        "# The mayor\r\n\r\n"
        "She closed the mill. Anna Berg closed the harbour 🚢. However, the boats stayed. "
        "Was it wise? Most said no. The town grew.\r\n\r\n"
        "They left at last. Others stayed.\r\nIt rained.\r\n\r\n"
        f"{LONG} It was the end.\r\n\r\n"
        "The ferry left. So-called friends stayed. IT companies came. It was late."
    ),
    "lines.txt": (
        "The council of Lomvik met in the old school by the harbour on the first of May of 1974.\n"
        "It voted for the closing of the harbour after a debate of seven hours, it says.\n"
    ),
}


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        # a connective, a pronoun, an answer to a question
        (
            "However, the boats stayed.",
            "Anna Berg closed the harbour 🚢. However, the boats stayed.",
        ),
        ("Most said no.", "Was it wise? Most said no."),
        ("Was it wise?", "Was it wise?"),
        ("The town grew.", "The town grew."),
        # nothing before but a heading, or the end of a paragraph
        ("She closed the mill.", "She closed the mill."),
        ("They left at last.", "They left at last."),
        ("It was the end.", "It was the end."),
        # words that only look like them
        ("So-called friends stayed.", "So-called friends stayed."),
        ("IT companies came.", "IT companies came."),
        ("It was late.", "IT companies came. It was late."),
    ],
)
def test_a_quote_grows_to_the_sentence_before_if_it_cannot_stand_without(
    tmp_path: Path, quick_encoder: Encoder, exact: str, expected: str
) -> None:
    assert len(f"{LONG} It was the end.") > GROWN_LENGTH
    library = library_of(tmp_path, TALES, quick_encoder)
    found = grown(quote_in(library, "tale.md", exact), library.documents["tale.md"])
    assert found.exact == expected
    assert found.score == 0.5
    assert_verbatim([found], tmp_path / "seeds")


def test_a_quote_does_not_grow_over_the_end_of_a_paragraph_of_one_line(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    library = library_of(tmp_path, TALES, quick_encoder)
    document = library.documents["lines.txt"]
    exact = "It voted for the closing of the harbour after a debate of seven hours, it says."
    assert [document.text[s.start : s.end] for s in document.sentences][1] == exact
    assert grown(quote_in(library, "lines.txt", exact), document).exact == exact


def test_the_quotes_of_an_answer_grow_but_never_into_one_another(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    files = {"a.txt": "Anna Berg closed the harbour of Ostby. She closed it in 1931."}
    library = library_of(tmp_path, files, quick_encoder)
    both = library.ask("When was the harbour of Ostby closed by Anna Berg?", abstain=False)
    assert sorted(each.exact for each in both.citations) in (
        ["Anna Berg closed the harbour of Ostby.", "She closed it in 1931."],
        ["Anna Berg closed the harbour of Ostby. She closed it in 1931."],
    )
    alone = library.ask('Who closed it "in 1931"?', abstain=False)
    assert [each.exact for each in alone.citations] == [
        "Anna Berg closed the harbour of Ostby. She closed it in 1931."
    ]
