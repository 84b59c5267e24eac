from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rag.models.files
from rag.answering import Library
from rag.encoder import Encoder
from rag.errors import (
    IndexMismatch,
    IndexMissing,
    ModelDamaged,
    ModelMissing,
    ParallaxError,
    QuestionError,
)
from rag.index.build import build
from rag.records import UNLABELLED, Answer, Filter
from rag.retrieval import Query
from rag.settings import Settings
from rag.weights import weights
from rag.wording.answers import coverage_line
from tests.conftest import SEEDS
from tests.making import (
    HARBOUR,
    STORY,
    WHEN_CLOSED,
    WHO_BURNT,
    assert_apart,
    assert_verbatim,
    labelled,
    library_of,
    row_of,
    settings_for,
    shown,
)

KHOJALY = "How many children died in the Khojaly massacre?"


def documents_of(answer: Answer) -> set[str]:
    return {citation.document for citation in answer.citations}


# The five seeds


@pytest.mark.parametrize(
    ("document", "figure"),
    [("003_5a7819dd0ca3e947.txt", "83 children"), ("004_898eee803d7ca7f3.txt", "63 children")],
)
def test_both_figures_for_the_children_of_khojaly_are_quoted_under_their_labels(
    library: Library, document: str, figure: str
) -> None:
    answer = library.ask(KHOJALY)
    (citation,) = [
        each for each in answer.citations if each.document == document and figure in each.exact
    ]
    assert citation.source == library.documents[document].source
    assert citation.source.perspective.label == "Pro-Azerbaijan"
    assert citation.source.perspective.basis


def test_who_leads_the_klo_is_answered_with_the_sentence_that_names_its_chairman(
    library: Library,
) -> None:
    answer = library.ask("Who is the leader of the KLO?")
    assert "000_eb101fab395a99e3.txt" in documents_of(answer)
    assert any(
        citation.exact.startswith("The Chairman of the KLO is Agif Nagi")
        for citation in answer.citations
    )


@pytest.mark.parametrize(
    "question",
    [
        "What happened in the clashes between Thailand and Cambodia?",
        "What did Borrell say about Afghanistan?",
        "How can I donate?",
        "How do I reset my router password?",
    ],
)
def test_what_only_furniture_or_nothing_speaks_of_is_not_answered(
    library: Library, question: str
) -> None:
    answer = library.ask(question)
    assert not answer.answered
    assert answer.citations == ()
    assert answer.abstention is not None
    assert answer.abstention.reason == "no-evidence"
    assert answer.abstention.cause in ("left-out", "near", "nothing-near")
    assert len(answer.abstention.nearest) == 3
    assert_verbatim(answer.abstention.nearest, SEEDS)


def test_the_starter_questions_are_answered(library: Library) -> None:
    assert len(library.questions) == 6
    unanswered = [question for question in library.questions if not library.ask(question).answered]
    assert unanswered == []


def test_the_library_knows_which_perspective_it_lacks(library: Library) -> None:
    answer = library.ask(KHOJALY)
    rows = {row.perspective: row for row in answer.coverage}
    assert list(rows) == ["pro-azerbaijan", "pro-armenia", "neither-side"]
    assert [row.sources for row in answer.coverage] == [3, 0, 2]
    assert answer.lacking == (rows["pro-armenia"],)
    for key, row in rows.items():
        quoted = {c.document for c in answer.citations if c.source.perspective.id == key}
        assert row.quoted == len(quoted)


@pytest.fixture(scope="module")
def own_sentences(library: Library) -> list[tuple[str, str, Answer]]:
    """Every sentence of the seeds with its document, and the answer to a question made of it."""
    return [
        (name, sentence, library.ask(f"Is it said that {' '.join(sentence.split()[:60])}?"))
        for name, document in library.documents.items()
        for sentence in dict.fromkeys(
            document.text[span.start : span.end]
            for span in document.sentences
            if span.kind == "sentence"
        )
        # Quotation marks would make a condition of it.
        if not set(sentence) & set('"“”„«»')
    ]


def test_every_quote_is_a_slice_of_its_file(
    own_sentences: list[tuple[str, str, Answer]],
) -> None:
    assert len(own_sentences) >= 200
    for _, _, answer in own_sentences:
        assert shown(answer)
        assert_verbatim(shown(answer), SEEDS)


def test_no_two_citations_overlap_and_there_are_at_most_six(
    own_sentences: list[tuple[str, str, Answer]],
) -> None:
    for _, _, answer in own_sentences:
        assert_apart(shown(answer))
        assert len(answer.citations) <= 6
        assert [each.number for each in shown(answer)] == list(range(1, len(shown(answer)) + 1))
    assert max(len(answer.citations) for _, _, answer in own_sentences) > 2


@pytest.mark.usefixtures("always_answers")
def test_there_are_six_citations_where_there_is_evidence_enough(library: Library) -> None:
    answer = library.ask(KHOJALY)
    assert len(answer.citations) == 6
    assert_apart(answer.citations)


def test_furniture_is_never_quoted(
    library: Library, own_sentences: list[tuple[str, str, Answer]]
) -> None:
    for _, _, answer in own_sentences:
        for citation in shown(answer):
            for span in library.documents[citation.document].furniture:
                assert citation.end <= span.start or span.end <= citation.start


def test_a_question_made_of_a_sentence_is_answered_with_that_sentence(
    own_sentences: list[tuple[str, str, Answer]],
) -> None:
    missed = [
        sentence
        for name, sentence, answer in own_sentences
        if not any(c.document == name and c.exact.endswith(sentence) for c in answer.citations)
    ]
    # A few are fragments or questions, of which nothing can be asked.
    assert len(missed) <= 0.05 * len(own_sentences), missed


# Small libraries on other matters


def test_two_sources_that_disagree_are_both_quoted(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED)
    first, second = answer.citations[:2]
    assert {first.document, second.document} == {"council.txt", "fishers.txt"}
    assert {"1974" in first.exact, "1974" in second.exact} == {True, False}
    assert {first.source.perspective.label, second.source.perspective.label} == {
        "For closing",
        "Against closing",
    }


def test_a_citation_carries_all_that_the_catalogue_says(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED, only=labelled("for-closing"))
    source = answer.citations[0].source
    assert (source.title, source.author, source.published, source.kind) == (
        "Minutes of the council",
        "Ada Berg",
        "1976",
        "minutes",
    )
    assert source.perspective.basis_quote == "the herring would come back"
    assert source.perspective.assigned_by == "a test"
    assert answer.citations[0].exact == (
        "The town council closed the harbour of Lomvik to trawlers in 1974."
    )
    assert answer.citations[0].prefix == ""
    assert answer.citations[0].suffix == "\nIt said that the herring would "


def test_one_perspective_alone_is_heard_and_counted(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED, only=labelled("for-closing"))
    assert documents_of(answer) == {"council.txt"}
    assert answer.coverage == (
        row_of("for-closing", "For closing", quoted=1),
        row_of("against-closing", "Against closing", searched=0),
        row_of("scientists", "Scientists", sources=0),
        row_of("unlabelled", "Unlabelled", searched=0),
    )
    assert [row.perspective for row in answer.lacking] == ["scientists"]


@pytest.mark.parametrize(
    ("perspectives", "documents"),
    [
        (["against-closing"], {"fishers.txt"}),
        (["for-closing", "against-closing"], {"council.txt", "fishers.txt"}),
        ([UNLABELLED], {"visitor.md"}),
    ],
)
@pytest.mark.usefixtures("always_answers")
def test_only_the_perspectives_asked_for_are_heard(
    harbour: Library, perspectives: list[str], documents: set[str]
) -> None:
    answer = harbour.ask(WHEN_CLOSED, only=labelled(*perspectives))
    assert documents_of(answer) == documents


CONDITIONS = st.builds(
    Filter,
    perspectives=st.lists(
        st.sampled_from(["for-closing", "against-closing", "scientists", UNLABELLED]), max_size=2
    ).map(tuple),
    sources=st.lists(
        st.sampled_from(["council.txt", "fishers.txt", "visitor.md"]), max_size=2, unique=True
    ).map(tuple),
    kinds=st.lists(st.sampled_from(["minutes", "diary"]), max_size=2).map(tuple),
    since=st.sampled_from([None, "1975", "1976-12", "1977"]),
    until=st.sampled_from([None, "1999"]),
)


@given(CONDITIONS)
@settings(max_examples=60, deadline=None)
def test_only_sources_that_fit_the_whole_filter_are_asked_and_quoted(
    harbour: Library, only: Filter
) -> None:
    """The oracle goes through the catalogue of the three sources, as a reader of it would."""
    labels = {"council.txt": "for-closing", "fishers.txt": "against-closing"}
    fitting = {
        name
        for name in harbour.documents
        if (not only.perspectives or labels.get(name, UNLABELLED) in only.perspectives)
        and (not only.sources or name in only.sources)
        and (not only.kinds or (name == "council.txt" and "minutes" in only.kinds))
        and (
            (only.since is None and only.until is None)
            or (name == "council.txt" and only.since != "1977")
        )
    }
    answer = harbour.ask(WHEN_CLOSED, only=only, abstain=False)
    assert documents_of(answer) <= fitting
    assert answer.answered == bool(fitting)
    assert answer.only == only
    searched = Counter(labels.get(name, UNLABELLED) for name in fitting)
    assert {row.perspective: row.searched for row in answer.coverage if row.searched} == searched


def test_a_filter_that_does_not_act_changes_nothing(harbour: Library) -> None:
    assert harbour.ask(WHEN_CLOSED, only=Filter()) == harbour.ask(WHEN_CLOSED)
    everyone = Filter(sources=tuple(harbour.documents))
    same = harbour.ask(WHEN_CLOSED, only=everyone)
    assert same.citations == harbour.ask(WHEN_CLOSED).citations


def test_sources_that_the_question_names_are_heard_as_far_as_the_filter_lets_them_in(
    harbour: Library,
) -> None:
    asks = "When was the harbour of Lomvik closed, according to Berg?"
    both = harbour.ask(asks, only=Filter(sources=("council.txt", "fishers.txt")))
    assert (both.sources, documents_of(both)) == (("council.txt",), {"council.txt"})
    for only in (
        Filter(sources=("fishers.txt",)),
        Filter(kinds=("diary",)),
        Filter(since="1977"),
    ):
        neither = harbour.ask(asks, only=only)
        assert neither.abstention
        assert neither.abstention.cause == "gap"
        assert neither.abstention.message == (
            "Nothing of the source “Minutes of the council” passes the filter."
        )
        assert (neither.sources, neither.citations) == (("council.txt",), ())
        assert not any(row.searched for row in neither.coverage)


def test_an_unknown_source_is_an_error_that_lists_the_known(harbour: Library) -> None:
    with pytest.raises(QuestionError, match="no source 'council'") as caught:
        harbour.ask(WHEN_CLOSED, only=Filter(sources=("council.txt", "council")))
    assert caught.value.remedy == "There are: council.txt, fishers.txt, visitor.md"


def test_a_perspective_without_sources_says_so_by_its_label(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED, only=labelled("scientists"))
    assert answer.abstention is not None
    assert answer.abstention.reason == "no-evidence"
    assert answer.abstention.message == "This library holds no source labelled Scientists."
    assert answer.abstention.nearest == ()
    assert answer.abstention.nearest == ()
    assert answer.match == 0


def test_an_unknown_perspective_is_an_error_that_lists_the_known(harbour: Library) -> None:
    with pytest.raises(QuestionError, match="no perspective 'For closing'") as caught:
        harbour.ask(WHEN_CLOSED, only=labelled("for-closing", "For closing"))
    assert caught.value.remedy == (
        "There are: for-closing, against-closing, scientists, unlabelled"
    )


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_an_empty_question_is_an_error_and_no_abstention(harbour: Library, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        harbour.ask(question)


@pytest.mark.parametrize(
    "question",
    [
        'Who speaks of the "harbour of Lomvik"?',
        "Who speaks of the “Harbour  of LOMVIK”?",
        "Who speaks of the «harbour of Lomvik»?",
    ],
)
@pytest.mark.usefixtures("always_answers")
def test_every_quote_holds_the_phrase(harbour: Library, question: str) -> None:
    answer = harbour.ask(question)
    assert documents_of(answer) == {"council.txt", "fishers.txt"}
    assert all("harbour of Lomvik" in citation.exact for citation in answer.citations)
    assert len(answer.citations) == 2


@pytest.mark.parametrize("phrase", ["harbour of Oslo", "arbour of Lomvi", "trawlers in 1974. It"])
def test_a_phrase_that_no_sentence_holds_is_not_found(harbour: Library, phrase: str) -> None:
    answer = harbour.ask(f'When was the "{phrase}" closed?')
    assert answer.abstention is not None
    assert answer.abstention.reason == "phrase-not-found"
    assert answer.abstention.nearest == ()
    assert answer.abstention.message == (
        f"No sentence of this library holds the exact words “{phrase}”."
    )


@pytest.mark.usefixtures("always_answers")
def test_a_phrase_is_found_however_many_headings_hold_it_too(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    files = {
        f"ministry{number}.md": (
            f"# The fish quota dispute\n\nThe fish quota of spring {number} was disputed by the"
            f" fishers of harbour {number}, who wanted more quota for their fish.\n"
        )
        for number in range(14)
    }
    speech = (
        "In a long speech on theatres and roads the mayor once named the fish quota dispute,"
        " between schools and taxes.\n"
    )
    asked = library_of(tmp_path, files | {"mayor.txt": speech}, quick_encoder)
    answer = asked.ask('What of the "fish quota dispute"?')
    assert [citation.exact for citation in answer.citations] == [speech.strip()]


@pytest.mark.usefixtures("always_answers")
def test_a_phrase_is_found_in_a_passage_far_from_the_question(library: Library) -> None:
    answer = library.ask(
        "Which UN Security Council resolutions demanded the withdrawal of Armenian forces from"
        ' the occupied territories, says "Agif Nagi"?'
    )
    assert answer.citations
    assert all("Agif Nagi" in citation.exact for citation in answer.citations)


def test_a_phrase_and_a_perspective_are_both_conditions(harbour: Library) -> None:
    heard = harbour.ask('What of the "herring"?', only=labelled("for-closing"))
    assert heard.answered
    answer = harbour.ask('What of the "herring"?', only=labelled("against-closing"))
    assert answer.abstention is not None
    assert answer.abstention.cause == "filter"
    nowhere = harbour.ask('What of the "zeppelin"?', only=labelled("against-closing"))
    assert nowhere.abstention is not None
    assert nowhere.abstention.reason == "phrase-not-found"
    assert "the sources labelled Against closing" in nowhere.abstention.message


def test_a_follow_up_with_no_topic_of_its_own_is_asked_with_the_question_before(
    harbour: Library,
) -> None:
    follow_up = harbour.ask("And in which year?", history=[WHEN_CLOSED])
    assert follow_up.question == "And in which year?"
    assert follow_up.asked_as == f"in which year? {WHEN_CLOSED}"
    assert "council.txt" in documents_of(follow_up)


def test_a_short_follow_up_to_a_long_question_is_answered(harbour: Library) -> None:
    longest = f"{WHEN_CLOSED} " + "and " * 240
    assert harbour.ask(longest).question == longest
    assert shown(harbour.ask("And when was that, in which year exactly?", history=[longest]))


def test_a_question_over_the_models_limit_is_an_error(harbour: Library) -> None:
    with pytest.raises(QuestionError, match="256 tokens"):
        harbour.ask("herring " * 300)


@pytest.mark.usefixtures("never_answers")
def test_an_abstention_keeps_the_nearest_three_and_the_match(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED)
    assert answer.abstention is not None
    assert 0 < answer.match <= 1
    assert [each.number for each in answer.abstention.nearest] == [1, 2, 3]
    assert {each.document for each in answer.abstention.nearest[:2]} == {
        "council.txt",
        "fishers.txt",
    }
    assert all(row.quoted == 0 for row in answer.coverage)


@pytest.mark.usefixtures("always_answers")
def test_no_more_citations_than_the_settings_allow(
    harbour_built: Settings, quick_encoder: Encoder
) -> None:
    for most in (1, 3):
        chosen = harbour_built.model_copy(update={"max_citations": most})
        asked = Library.open(chosen.index, chosen, quick_encoder)
        assert len(asked.ask(WHEN_CLOSED).citations) == most


def test_an_answer_names_its_generation_and_gives_the_same_again(harbour: Library) -> None:
    answer = harbour.ask(WHEN_CLOSED)
    assert answer.generation == harbour.generation.id
    assert harbour.ask(WHEN_CLOSED) == answer


HOW_MUCH = "How many crowns did the insurers of the town pay?"


def words(text: str) -> list[str]:
    return text.split()


def test_a_story_that_two_sources_carry_is_cited_once_and_both_are_named(carried: Library) -> None:
    (group,) = carried.generation.texts.duplicates
    assert group.documents == ("a.txt", "b.txt")
    answer = carried.ask(WHO_BURNT)
    told = [c for c in answer.citations if "burnt down by its own miller" in c.exact]
    (citation,) = told
    (also,) = citation.also_in
    assert {citation.document, also.document} == {"a.txt", "b.txt"}
    labels = {"a.txt": "The town", "b.txt": "Millers"}
    assert citation.source.perspective.label == labels[citation.document]
    assert also.perspective == carried.documents[also.document].source.perspective
    assert also.perspective.label == labels[also.document]
    assert also.title == carried.documents[also.document].display_title
    there = carried.documents[also.document].text[also.start : also.end]
    assert words(there) == words(citation.exact)
    assert there != citation.exact


def test_sentences_with_another_figure_are_both_quoted_and_none_is_said_to_be_the_other(
    carried: Library,
) -> None:
    answer = carried.ask(HOW_MUCH)
    paid = [c for c in answer.citations if "crowns" in c.exact]
    assert sorted("5,000" in c.exact for c in paid) == [False, True]
    assert [c.also_in for c in paid] == [(), ()]
    assert [c.story for c in paid] == [("a.txt", "b.txt"), ("a.txt", "b.txt")]
    assert "from 2 sources that tell the same story: " in coverage_line(
        answer.model_copy(update={"citations": tuple(paid)})
    )


@pytest.mark.parametrize(("label", "other"), [("town", "b.txt"), ("millers", "a.txt")])
def test_a_filter_hears_its_own_and_names_whoever_else_says_the_same(
    carried: Library, label: str, other: str
) -> None:
    answer = carried.ask(WHO_BURNT, only=labelled(label))
    assert answer.citations
    for citation in answer.citations:
        assert citation.source.perspective.id == label
        assert {also.document for also in citation.also_in} <= {other}
    assert answer.citations[0].also_in
    assert [row.quoted for row in answer.coverage if row.perspective != label] == [0, 0]


@pytest.mark.usefixtures("never_answers")
def test_the_nearest_of_an_abstention_are_told_once_too(carried: Library) -> None:
    answer = carried.ask(WHO_BURNT)
    assert answer.abstention is not None
    told = [" ".join(words(c.exact)) for c in answer.abstention.nearest]
    assert len(told) == len(set(told)) == 3
    assert any(c.also_in for c in answer.abstention.nearest)


def test_of_exact_copies_the_one_published_first_is_quoted(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    text = "The mill of Ostby was burnt down by its own miller.\n"
    days = {"a.txt": "1902", "b.txt": "1870-03-02", "c.txt": "1870-03-01", "d.txt": None}
    entries = [
        f'[[sources]]\nfile = "{name}"\n' + (f'published = "{day}"\n' if day else "")
        for name, day in days.items()
    ]
    files = dict.fromkeys(days, text) | {"sources.toml": "\n".join(entries)}
    asked = library_of(tmp_path, files, quick_encoder)
    (citation,) = asked.ask("Who burnt down the mill of Ostby?").citations
    assert citation.document == "c.txt"
    assert [also.document for also in citation.also_in] == ["a.txt", "b.txt", "d.txt"]


@pytest.mark.usefixtures("always_answers")
def test_many_copies_of_a_story_take_no_places_of_other_sources(
    tmp_path: Path, quick_encoder: Encoder
) -> None:
    story = STORY.format(sum="4,000")
    copies = {f"copy{number:02}.txt": f"Edition {number}.\n\n{story}" for number in range(12)}
    other = "A mill in Ostby burnt down, the county's register says, and its owner moved away.\n"
    asked = library_of(tmp_path, copies | {"register.txt": other}, quick_encoder)
    answer = asked.ask(WHO_BURNT)
    quoted = {citation.document for citation in answer.citations}
    assert "register.txt" in quoted
    told = [c for c in answer.citations if "its own miller" in c.exact]
    assert [len(c.also_in) for c in told] == [11]


def test_many_threads_get_the_answers_that_one_gets(
    harbour_built: Settings, encoder: Encoder
) -> None:
    asked = Library.open(harbour_built.index, harbour_built, encoder)
    questions = [f"{WHEN_CLOSED} {'And why? ' * number}" for number in range(12)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(asked.ask, questions * 2))
    alone = [asked.ask(question) for question in questions]
    exact = [[citation.exact for citation in answer.citations] for answer in alone]
    assert [[c.exact for c in answer.citations] for answer in together] == exact * 2


WORD = st.sampled_from(
    [
        "ferry",
        "Lomvik",
        "quota",
        "👩‍🚀",
        "cafe\u0301",
        "naïve",
        "Æthel",
        "东京",
        "سمك",
        "3,5",
        "“so”",
    ]
)
SENTENCE = st.lists(WORD, min_size=1, max_size=12).map(lambda words: " ".join(words))
END = st.sampled_from(
    [". ", "! ", "。", "? ", ".\n", ".\r\n", "\r\n\r\n", ".\n\n", "\u2028", "\r", "\t"]
)


@st.composite
def seed(draw: st.DrawFn) -> bytes:
    parts = draw(st.lists(st.tuples(SENTENCE, END), min_size=1, max_size=8))
    text = "".join(sentence + end for sentence, end in parts)
    # So that every library holds a sentence.
    text += "The ferry of Lomvik sails at nine.\r\n"
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


@given(seeds=st.lists(seed(), min_size=1, max_size=3), question=SENTENCE, data=st.data())
@settings(deadline=None, max_examples=20)
def test_quotes_of_any_library_are_slices_of_its_files(
    quick_encoder: Encoder, seeds: list[bytes], question: str, data: st.DataObject
) -> None:
    files = {f"{number}.txt": content for number, content in enumerate(seeds)}
    with TemporaryDirectory() as folder:
        asked = library_of(Path(folder), files, quick_encoder)
        sentence = data.draw(SENTENCE, label="follow-up")
        for answer in (
            asked.ask(question),
            asked.ask(sentence, history=[question]),
            asked.ask("When does the ferry of Lomvik sail?"),
        ):
            assert_verbatim(shown(answer), Path(folder) / "seeds")
            assert_apart(shown(answer))
        assert answer.answered


# Opening


def opening(error: type[ParallaxError], index: Path, chosen: Settings) -> ParallaxError:
    with pytest.raises(error) as caught:
        Library.open(index, chosen)
    assert caught.value.remedy
    return caught.value


def test_a_folder_without_an_index_is_an_error(tmp_path: Path) -> None:
    assert str(tmp_path) in opening(IndexMissing, tmp_path, Settings()).message


def test_a_missing_model_is_an_error(harbour_built: Settings) -> None:
    chosen = harbour_built.model_copy(update={"model": "no/such/model"})
    assert "no/such/model" in opening(ModelMissing, chosen.index, chosen).message


def test_damaged_bundled_weights_are_an_error(
    harbour_built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.models.files, "BUNDLED_SHA256", "0" * 64)
    found = opening(ModelDamaged, harbour_built.index, harbour_built)
    assert "model.safetensors" in found.message


def test_an_index_is_asked_in_what_it_was_built_in(tiny_model: Path, tmp_path: Path) -> None:
    left = settings_for(tmp_path, HARBOUR).model_copy(update={"model": str(tiny_model)})
    build(left, Encoder.load(left.model, "int8", left.cache))
    assert Library.open(left.index, left).encoder.info.precision == "int8"
    found = opening(IndexMismatch, left.index, left.model_copy(update={"backend": "float32"}))
    assert "in int8" in found.message
    assert "in float32" in found.message


def test_the_index_may_be_named_in_words(harbour_built: Settings, quick_encoder: Encoder) -> None:
    asked = Library.open(str(harbour_built.index), encoder=quick_encoder)
    assert asked.ask(WHEN_CLOSED).answered


def test_an_opened_library_shows_its_documents_perspectives_and_questions(
    harbour: Library,
) -> None:
    assert list(harbour.documents) == ["council.txt", "fishers.txt", "visitor.md"]
    ids = [perspective.id for perspective in harbour.perspectives]
    assert ids == ["for-closing", "against-closing", "scientists"]
    assert harbour.questions == ("When was the harbour closed?",)
    for name, document in harbour.documents.items():
        content = HARBOUR[name]
        assert isinstance(content, str)
        assert document.text == content


@pytest.mark.parametrize(
    "question",
    [
        "Who won the World Cup?",
        "Who was Napoleon?",
        "How can I donate?",
        "What did Borrell say about Afghanistan?",
        "How do I reset my router password?",
    ],
)
def test_an_unanswerable_question_after_an_answered_one_stays_unanswered(
    library: Library, question: str
) -> None:
    history = ["How many children died in the Khojaly massacre?"]
    assert library.ask(history[0]).answered
    assert not library.ask(question, history).answered


def test_a_short_question_with_an_answer_of_its_own_borrows_nothing(library: Library) -> None:
    history = ["How many children died in the Khojaly massacre?"]
    assert library.ask("Who leads the KLO?", history).citations == (
        library.ask("Who leads the KLO?").citations
    )


def test_a_question_far_from_the_library_gets_its_best_quotes_if_it_may_not_abstain(
    harbour: Library,
) -> None:
    silent = harbour.ask("Who won the chess tournament in Lisbon?")
    spoken = harbour.ask("Who won the chess tournament in Lisbon?", abstain=False)
    assert silent.abstention is not None
    assert spoken.citations[0].exact == silent.abstention.nearest[0].exact
    assert spoken.match == silent.match


def test_documents_left_out_of_a_search_are_not_looked_at(harbour: Library) -> None:
    everything = harbour.search(Query(question=WHEN_CLOSED, text=WHEN_CLOSED))
    best = everything.candidates[0].passage.document
    fewer = harbour.search(Query(question=WHEN_CLOSED, text=WHEN_CLOSED, without=frozenset({best})))
    left = {each.passage.document for each in fewer.ranking}
    assert left == {each.passage.document for each in everything.ranking} - {best}
    assert fewer.match < everything.match


def test_a_doubtful_question_is_taken_as_it_stands_if_the_library_answers_that(
    harbour: Library,
) -> None:
    question, history = "When was the harbour closed?", ["What happened in Lomvik?"]
    borrowing, alone = map(harbour.search, harbour._reader.readings(question, history))
    assert borrowing.match > alone.match >= weights().answer_at
    assert harbour.ask(question, history).asked_as == question
    unanswered = "Who won the chess cup?"
    readings = harbour._reader.readings(unanswered, ["What did the fishers of Lomvik do?"])
    assert all(harbour.search(each).match < weights().answer_at for each in readings)
    assert (
        harbour.ask(unanswered, ["What did the fishers of Lomvik do?"]).asked_as
        == max(readings, key=lambda each: harbour.search(each).match).text
    )


def test_what_is_looked_at_is_what_is_answered_from_also_where_a_question_is_doubtful(
    harbour: Library,
) -> None:
    asks = "Only sources labelled Fishers: when was the harbour closed?"
    query, found = harbour.look(asks)
    answer = harbour.ask(asks)
    assert (answer.asked_as, answer.match) == (query.text, found.match)
    without, fewer = harbour.look(asks, without=frozenset({"fishers.txt"}))
    assert without.without == {"fishers.txt"}
    assert "fishers.txt" not in {each.passage.document for each in fewer.ranking}
