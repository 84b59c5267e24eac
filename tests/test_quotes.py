import re
from pathlib import Path

import pytest

from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import VerbatimError
from rag.quotes import Candidate, Found, candidates, figure_match, quote_of, sentence_text
from rag.retrieval import Query, rank
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
    vector = encoder.encode_query(text)
    ranking = rank(query, vector, library.generation, candidates=50)
    return candidates(query, vector, ranking, library.generation, encoder)


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


def test_candidates_come_best_first_each_once_with_evidence_as_a_probability(
    library: Library, quick_encoder: Encoder
) -> None:
    found = found_for(library, quick_encoder, "How many people were killed in Khojaly?")
    evidence = [candidate.evidence for candidate in found]
    assert evidence == sorted(evidence, reverse=True)
    assert all(0 <= each <= 1 for each in evidence)
    assert len(set(evidence)) > 1
    places = [(candidate.passage.document, candidate.sentence.start) for candidate in found]
    assert len(set(places)) == len(places) > 10


def test_features_are_cosines_and_shares_of_the_questions_terms(
    harbour: Library, quick_encoder: Encoder
) -> None:
    lexical = harbour.generation.lexical
    asked = set(lexical.terms(WHEN_CLOSED))
    vector = quick_encoder.encode_query(WHEN_CLOSED)
    found = found_for(harbour, quick_encoder, WHEN_CLOSED)
    assert len(found) == 5
    for candidate in found:
        (own,) = quick_encoder.encode_documents([candidate.text])
        assert candidate.sentence_dense == pytest.approx(float(own @ vector), abs=1e-5)
        for text, coverage in (
            (candidate.text, candidate.sentence_coverage),
            (candidate.passage.text, candidate.passage_coverage),
        ):
            shared = asked & set(lexical.terms(text))
            share = sum(map(lexical.idf, shared)) / sum(map(lexical.idf, asked))
            assert coverage == pytest.approx(share)


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


def test_the_match_is_a_probability_that_grows_with_the_best_evidence(
    harbour: Library, quick_encoder: Encoder
) -> None:
    found = found_for(harbour, quick_encoder, WHEN_CLOSED)
    matches = [
        Found(ranking=(), candidates=tuple(found[start:])).match for start in range(len(found) + 1)
    ]
    assert matches == sorted(matches, reverse=True)
    assert 0 < matches[0] < 1
    assert matches[-1] == 0


def test_a_candidate_becomes_its_sentence_in_its_file(
    memoir: Library, quick_encoder: Encoder, tmp_path: Path
) -> None:
    document = memoir.documents["memoir.md"]
    found = found_for(memoir, quick_encoder, "Who blamed the captain of the ferry?")
    quotes = [quote_of(candidate, document) for candidate in found]
    assert_verbatim(quotes, tmp_path / "seeds")
    for candidate, quote in zip(found, quotes, strict=True):
        assert quote.exact == candidate.text == sentence_text(candidate.passage, candidate.sentence)
        assert quote.score == candidate.evidence


def test_a_candidate_that_its_document_does_not_hold_is_refused(
    memoir: Library, quick_encoder: Encoder
) -> None:
    document = memoir.documents["memoir.md"]
    altered = document.model_copy(update={"text": document.text.replace("captain", "Captain")})
    found = found_for(memoir, quick_encoder, "Who blamed the captain of the ferry?")
    candidate = next(each for each in found if "captain" in each.text)
    with pytest.raises(VerbatimError, match=r"memoir\.md"):
        quote_of(candidate, altered)
