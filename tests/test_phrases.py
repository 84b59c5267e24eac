import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index.lexical import LexicalStore
from rag.phrases import holds_phrases, may_hold, phrases_in


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('What is "the old mill"?', ("the old mill",)),
        ("What is “the old mill”?", ("the old mill",)),
        ("Was ist „die alte Mühle“?", ("die alte Mühle",)),
        ("Co to jest „stary młyn”?", ("stary młyn",)),
        ("Qu’est-ce que « le vieux moulin » ?", ("le vieux moulin",)),
        ('Did "rye" come before "wheat"?', ("rye", "wheat")),
        ('«rye», “wheat” and "oats"?', ("rye", "wheat", "oats")),
        ('Who said "rye is dear."?', ("rye is dear",)),
        ("What's the miller's 'old' mill?", ()),
        ('An inch is written ".', ()),
        ('What does "" mean?', ()),
        ('What does " ?" mean?', ()),
        ("What is rye?", ()),
        ("", ()),
    ],
)
def test_phrases_are_what_stands_in_double_quotation_marks(
    question: str, phrases: tuple[str, ...]
) -> None:
    assert phrases_in(question) == phrases


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("They sold rye bread.", "rye bread"),
        ("They sold RYE Bread.", "rye bread"),
        ("They sold rye\n   bread.", "rye bread"),
        ("They sold rye\u00a0bread.", "rye bread"),
        ("the miller’s wife", "miller's wife"),
        ("the miller's wife", "miller’s wife"),
        ("the years 1810–1822", "1810-1822"),
        ("a well‑known dam", "well-known dam"),
        ("the ﬁrst dam", "first dam"),
        ("STRASSE", "straße"),
        ("cafe\u0301 society", "café society"),
        ("a cafe", "café"),
        ("(rye)", "rye"),
        ("It cost $3.50 (three dollars).", "$3.50 (three"),
    ],
)
def test_case_accents_space_apostrophes_and_dashes_make_no_difference(
    text: str, phrase: str
) -> None:
    assert holds_phrases(text, [phrase])


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("They sold ryegrass.", "rye"),
        ("They sold dry rye.", "ry"),
        ("Rye was sold as bread.", "rye bread"),
        ("The dam of 18100.", "1810"),
        ("", "rye"),
        ("axb", "a.b"),
    ],
)
def test_a_phrase_is_found_as_whole_words_only(text: str, phrase: str) -> None:
    assert not holds_phrases(text, [phrase])


def test_every_phrase_has_to_be_there() -> None:
    assert holds_phrases("rye and wheat", ["rye", "wheat"])
    assert not holds_phrases("rye and wheat", ["rye", "oats"])
    assert holds_phrases("rye", [])


WORDS = st.lists(st.text(alphabet="abcdéßжあ", min_size=1, max_size=6), min_size=1, max_size=6)


@settings(deadline=None, max_examples=100)
@given(before=WORDS, phrase=WORDS, after=WORDS)
def test_a_text_holds_each_run_of_its_own_words(
    before: list[str], phrase: list[str], after: list[str]
) -> None:
    text = "\n".join([*before, *phrase, *after])
    assert holds_phrases(text, [" ".join(phrase).upper().lower()])


@settings(deadline=None, max_examples=100)
@given(phrases=st.lists(WORDS.map(" ".join), max_size=3))
def test_quoted_phrases_come_back_in_order(phrases: list[str]) -> None:
    question = "Why " + " or ".join(f"“{phrase}”" for phrase in phrases) + "?"
    assert phrases_in(question) == tuple(phrases)


ODD = st.text("abB é1٣ʼ’'-—_.,[]()東京のกา\u0301\u094dक\u00ad\n", max_size=14)
KNOWN = st.sampled_from(["the", "rye", "boats", "wheat-flour", "well", "1,275", "[3]", "Ж", "ﬁsh"])
TEXTS = st.lists(ODD | KNOWN, max_size=6).map(" ".join)


@given(texts=st.lists(TEXTS, min_size=1, max_size=4), data=st.data())
@settings(deadline=None, max_examples=400)
def test_a_text_that_holds_a_phrase_may_hold_it(texts: list[str], data: st.DataObject) -> None:
    languages = [data.draw(st.sampled_from(["english", "german", "russian"])) for _ in texts]
    store = LexicalStore.from_texts(texts, languages)
    text = data.draw(st.sampled_from(texts))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    phrase = data.draw(st.sampled_from([text[start:end].strip(), data.draw(TEXTS).strip()]))
    may = may_hold([phrase], store)
    for number, each in enumerate(texts):
        assert may[number] or not phrase or not holds_phrases(each, [phrase])


def test_few_texts_may_hold_a_phrase() -> None:
    texts = ["Rye was dear.", "Bread of rye", "The bread was dear.", "Dear bread!"]
    store = LexicalStore.from_texts(texts, ["english"] * 4)
    assert may_hold(["bread of rye"], store).tolist() == [False, True, False, False]
    assert may_hold(["dear", "the bread"], store).tolist() == [False, False, True, True]
    assert may_hold(["wheat"], store).tolist() == [False] * 4
    assert may_hold(["1,275"], store).tolist() == [True] * 4
