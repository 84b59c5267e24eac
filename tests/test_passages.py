import itertools
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.furniture import furniture_of
from rag.lines import count_words
from rag.passages import CountTokens, passages_of, sentences_of
from rag.records import Document, Furniture, Passage, Sentence

FLOOD = "The river rose by two metres in one night and carried off the eastern bridge."
SIRENS = "We had no warning from anyone upstream, and the sirens stayed silent until morning."
FAMILIES = "The families of the lower town slept in the school for eleven days and nights."
PAY = "Nobody in the council has yet told us who will pay for the bridge or for the school."


def word_tokens(texts: Sequence[str]) -> list[int]:
    """A model that reads a word as a token, and two special ones."""
    return [len(text.split()) + 2 for text in texts]


def character_tokens(texts: Sequence[str]) -> list[int]:
    """A model that reads each character as a token, and two special ones."""
    return [len(text) + 2 for text in texts]


def byte_tokens(texts: Sequence[str]) -> list[int]:
    """A model that reads each byte as a token, and two special ones."""
    return [len(text.encode()) + 2 for text in texts]


def read(text: str, furniture: tuple[Furniture, ...] | None = None) -> Document:
    spans = furniture_of(text) if furniture is None else furniture
    sentences = sentences_of(text, spans)
    return Document(
        id="a.txt", text=text, sha256="", encoding="utf_8", furniture=spans, sentences=sentences
    )


def split(text: str, language: str | None = None) -> list[tuple[str, str]]:
    """Kind and text of each sentence, nothing being furniture."""
    return [(s.kind, text[s.start : s.end]) for s in sentences_of(text, (), language)]


def plain(text: str, language: str | None = None) -> list[str]:
    """The texts of the sentences, of which none is a heading or a fragment."""
    found = split(text, language)
    assert {kind for kind, _ in found} <= {"sentence"}
    return [part for _, part in found]


def cut(
    document: Document,
    *,
    words: int = 40,
    limit: int = 256,
    count_tokens: CountTokens = word_tokens,
    first_number: int = 0,
) -> list[Passage]:
    return passages_of(
        document, words=words, limit=limit, count_tokens=count_tokens, first_number=first_number
    )[1]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Rye was scarce.", "Bread was dear.", "People queued from four in the morning."],
        ["Dr. Ana Ruiz met Mr. Holm at the mill.", "Prof. Webb came late."],
        ["J. R. Tolan wrote it.", "A. Holm printed it."],
        ["The U.S. sent grain.", "It came in May."],
        ["They agreed, e.g. on tariffs, i.e. on grain.", "It cost $3.5 million."],
        ["They met at 5 p.m. on Monday.", "Nobody spoke."],
        ["Who would pay?", "The town would!", "Would it…?"],
        ["The dam was built in 1950.[1]", "It broke in 1961.[2][3]", "Nobody was hurt."],
        ["He said: “Rye is dear.”", "She left."],
        ["“Rye is dear,” he said.", "“Is it?” she asked."],
        ["See www.example.org for the list.", "It is long."],
        ["It holds 1.5 litres of water.", "No. 4 was empty."],
    ],
    ids=lambda sentences: sentences[0][:20],
)
def test_a_paragraph_is_split_into_its_sentences(sentences: list[str]) -> None:
    assert plain(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Das kostet z.B. drei Mark.", "Dr. Müller zahlte."]),
        ("ru", ["Плотина была построена в 1810 году.", "Никто не пострадал."]),
        ("de-AT", ["Der Damm brach.", "Niemand ertrank."]),
        ("xx", ["The dam broke.", "Nobody drowned."]),
        (None, ["The dam broke.", "Nobody drowned."]),
    ],
)
def test_other_and_unknown_languages_are_split_too(
    language: str | None, sentences: list[str]
) -> None:
    assert plain(" ".join(sentences), language) == sentences


def test_a_long_quotation_is_split_inside() -> None:
    text = f"The mayor said: “{FLOOD} {SIRENS} {FAMILIES} {PAY}” She then left the hall."
    assert len(text) > 300
    assert plain(text) == [
        f"The mayor said: “{FLOOD}",
        SIRENS,
        FAMILIES,
        f"{PAY}”",
        "She then left the hall.",
    ]


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ("«", "»"), ("„", "“"), ('"', '"')])
def test_the_mark_that_opens_a_long_quotation_goes_with_its_sentence(
    opening: str, closing: str
) -> None:
    text = f"He left early. {opening}{FLOOD} {SIRENS} {FAMILIES} {PAY}{closing} He wept."
    assert plain(text) == [
        "He left early.",
        f"{opening}{FLOOD}",
        SIRENS,
        FAMILIES,
        f"{PAY}{closing}",
        "He wept.",
    ]


def test_a_long_quotation_in_straight_marks_is_split_inside() -> None:
    text = f'The mayor said: "{FLOOD} {SIRENS} {FAMILIES} {PAY}" She then left the hall.'
    assert plain(text)[1:4] == [SIRENS, FAMILIES, f'{PAY}"']


def test_a_short_quotation_stays_whole() -> None:
    text = "He said “It is late. I am tired.” to nobody."
    assert plain(text) == [text]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_hard_wrapped_paragraph_is_split_at_sentences_and_not_at_lines(end: str) -> None:
    lines = [
        "The canal was dug between 1810 and 1822 by prisoners of the war, who were",
        "paid a penny a day and slept in barges. It joined two rivers that had never",
        "met before, and grain from the plain reached the coast in four days instead",
        "of nine. The prisoners were sent home in 1823.",
    ]
    assert [" ".join(part.split()) for part in plain(end.join(lines))] == [
        (
            "The canal was dug between 1810 and 1822 by prisoners of the war, who were paid a penny"
            " a day and slept in barges."
        ),
        (
            "It joined two rivers that had never met before, and grain from the plain reached the"
            " coast in four days instead of nine."
        ),
        "The prisoners were sent home in 1823.",
    ]


def test_a_sentence_does_not_go_on_in_the_next_line_of_a_list() -> None:
    found = split("They brought some bread\nBlankets were not needed. Boats were.")
    assert [part for _, part in found] == [
        "They brought some bread",
        "Blankets were not needed.",
        "Boats were.",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "The first canal",
        "# The first canal",
        "## Who dug it, and why was it dug?",
        "The first canal of the county: its diggers, 1810–1822",
        "Der erste Kanal",
        "Первый канал",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n", "\r\n", "\r\n\r\n"])
def test_a_short_line_over_a_paragraph_is_a_heading(heading: str, between: str) -> None:
    body = f"{FLOOD}{between}{heading}{between}{SIRENS}"
    assert split(body) == [("sentence", FLOOD), ("heading", heading), ("sentence", SIRENS)]


@pytest.mark.parametrize(
    "title",
    [
        "What became of the first canal?",
        "Is peace on the river possible after another spring without any rain in the hills?",
        "The long story of the canal and of the people who dug it in the years after the war",
    ],
)
def test_the_first_line_before_a_blank_one_is_a_heading_even_as_a_question(title: str) -> None:
    assert split(f"{title}\n\n{FLOOD}") == [("heading", title), ("sentence", FLOOD)]


@pytest.mark.parametrize(
    "line",
    [
        "Rye was scarce.",
        "- bread for the families",
        "* Bread for the families",
        "• Bread for the families",
        "1. Bread for the families.",
        "and then nothing",
        "They asked for three things:",
        (
            "The river rose by two metres in one night and carried off the eastern bridge and its"
            " keeper"
        ),
    ],
)
def test_a_sentence_an_item_or_a_long_line_is_no_heading(line: str) -> None:
    assert "heading" not in {kind for kind, _ in split(f"{FLOOD}\n\n{line}\n\n{SIRENS}")}


def test_the_last_line_is_no_heading_since_nothing_stands_below_it() -> None:
    assert split(f"{FLOOD}\n\nThe first canal")[-1] == ("sentence", "The first canal")


@pytest.mark.parametrize("fragment", ["***", "1822", "— — —", "12.", "[4]", "x"])
def test_what_has_no_words_of_a_sentence_is_a_fragment(fragment: str) -> None:
    assert split(f"{FLOOD}\n\n{fragment}\n\n{SIRENS}")[1] == ("fragment", fragment)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u2028", "\t\u00a0"])
def test_a_text_of_white_space_has_no_sentences_and_no_passages(text: str) -> None:
    assert sentences_of(text, ()) == ()
    assert cut(read(text)) == []


def test_what_is_left_of_a_line_beside_furniture_is_kept() -> None:
    text = "Rye was scarce. 12 views Bread was dear."
    span = Furniture(start=16, end=24, reason="counter")
    assert text[span.start : span.end] == "12 views"
    found = [text[s.start : s.end] for s in sentences_of(text, [span])]
    assert found == ["Rye was scarce.", "Bread was dear."]


def numbered(count: int, words: int = 10) -> list[str]:
    """So many sentences of so many words, all different."""
    return [f"Barge {number} " + "grain " * (words - 3) + "came." for number in range(count)]


def as_numbers(passages: Sequence[Passage]) -> list[list[int]]:
    """For each passage, the numbers of the sentences of `numbered` that it holds."""
    return [
        [int(p.text[s.start - p.start : s.end - p.start].split()[1]) for s in p.sentences]
        for p in passages
    ]


def test_passages_are_near_the_goal_and_overlap_by_a_sentence() -> None:
    passages = cut(read(" ".join(numbered(12))), words=40)
    # 120 words in three even runs of 40, each beginning with the last sentence of the one before.
    assert as_numbers(passages) == [[0, 1, 2, 3], [3, 4, 5, 6, 7], [7, 8, 9, 10, 11]]


def test_a_section_a_little_over_the_goal_is_not_cut_into_one_long_and_one_tiny_passage() -> None:
    assert as_numbers(cut(read(" ".join(numbered(5))), words=40)) == [[0, 1, 2, 3, 4]]


def test_a_long_sentence_is_not_repeated_as_overlap() -> None:
    sentences = numbered(4, words=40)
    assert as_numbers(cut(read(" ".join(sentences)), words=40)) == [[0], [1], [2], [3]]


def test_passages_are_numbered_on_from_the_first_number() -> None:
    passages = cut(read(" ".join(numbered(12))), first_number=7)
    assert [passage.number for passage in passages] == [7, 8, 9]
    assert {passage.document for passage in passages} == {"a.txt"}


def test_a_heading_begins_a_passage_and_none_goes_across_it() -> None:
    text = f"The flood\n\n{FLOOD}\n\nThe warning\n\n{SIRENS}"
    assert [p.text for p in cut(read(text))] == [
        f"The flood\n\n{FLOOD}",
        f"The warning\n\n{SIRENS}",
    ]


def test_headings_one_below_the_other_stay_together() -> None:
    text = f"{PAY}\n\nThe flood\n\nThe night of the flood\n\n{FLOOD}"
    assert [p.text for p in cut(read(text))] == [
        PAY,
        f"The flood\n\nThe night of the flood\n\n{FLOOD}",
    ]


def test_no_passage_goes_across_furniture() -> None:
    assert [p.text for p in cut(read(f"{FLOOD}\n\n12 views\n\n{SIRENS}"))] == [FLOOD, SIRENS]


def test_the_token_limit_cuts_before_the_goal_is_reached() -> None:
    document = read(" ".join(numbered(6)))
    # Ten words are twelve tokens: three sentences fit into 40, four do not.
    passages = cut(document, words=60, limit=40)
    assert max(word_tokens([p.text for p in passages])) <= 40
    assert as_numbers(passages) == [[0, 1, 2], [3, 4, 5]] or as_numbers(passages) == [
        [0, 1, 2],
        [2, 3, 4],
        [4, 5],
    ]


def test_a_sentence_over_the_limit_is_split_at_a_clause_mark_near_its_middle() -> None:
    left = "The canal was dug by prisoners of the war, who slept in barges;"
    right = "the railway was laid by free men, who slept in the hills."
    text = f"{left} {right}"
    sentences, passages = passages_of(
        read(text), words=40, limit=80, count_tokens=character_tokens, first_number=0
    )
    assert [text[s.start : s.end] for s in sentences] == [left, right]
    assert [p.text for p in passages] == [left, right]


def test_a_sentence_without_a_clause_mark_is_split_at_a_space() -> None:
    text = "the grain of the plain went down to the coast in barges drawn by oxen and mules"
    sentences, _ = passages_of(
        read(text), words=40, limit=50, count_tokens=character_tokens, first_number=0
    )
    parts = [text[s.start : s.end] for s in sentences]
    assert " ".join(parts) == text
    assert len(parts) == 2


@pytest.mark.parametrize("letter", ["a", "水", "te\u0301", "ab👩‍🌾"])
def test_a_giant_sentence_without_spaces_is_split_and_nothing_of_it_is_lost(letter: str) -> None:
    text = letter * 2000
    passages = cut(read(f"{text} {text}"), limit=256, count_tokens=character_tokens)
    assert max(character_tokens([p.text for p in passages])) <= 256
    covered = {n for p in passages for n in range(p.start, p.end)}
    assert covered >= set(range(2 * len(text) + 1)) - {len(text)}


def test_a_word_that_a_model_takes_for_one_token_makes_no_passage_of_endless_length() -> None:
    text = f"The key of the archive is {'x' * 100_000} and nobody knows it."
    passages = cut(read(text), count_tokens=word_tokens)
    assert 5_000 < max(len(p.text) for p in passages) <= 10_100


@pytest.mark.parametrize(
    "sentence",
    ["Mr. Holm said “no.” She left. ", "Who paid (see p. 3.)? I did! ", "水は高い。町は遠い。"],
)
def test_a_line_of_any_length_is_split_as_a_short_one(sentence: str) -> None:
    number = 90_000 // len(sentence)
    whole = plain(sentence * number)
    assert whole == plain(sentence * 20) * (number // 20) + plain(sentence * (number % 20))


@pytest.mark.parametrize("text", ["a" + " " * 200 + "b words", "one " + "\t" * 300 + " two"])
def test_no_piece_of_a_split_sentence_is_only_white_space(text: str) -> None:
    sentences, _ = passages_of(
        read(text), words=40, limit=40, count_tokens=character_tokens, first_number=0
    )
    assert all(text[s.start : s.end].strip() for s in sentences)


@pytest.mark.parametrize(
    "text",
    [
        "Red apples\nHard pears\nRipe quinces\nSoft medlars\nBlue plums\n",
        "Rye: 12\nWheat: 14\nOats: 11\nBarley: 9\n",
        "The tide\n\nThe tide comes in\nThe tide goes out\nThe boats are home\n",
    ],
)
def test_a_document_of_short_lines_only_can_still_be_found(text: str) -> None:
    passages = cut(read(text))
    words = " ".join(p.text for p in passages).split()
    assert [word for word in text.split() if word not in words] == []


@pytest.mark.parametrize("text", ["Rye", "水", "844 1993"])
def test_a_document_of_a_single_fragment_has_no_passage(text: str) -> None:
    assert cut(read(text)) == []


PARTS = st.one_of(
    st.sampled_from([FLOOD, SIRENS, FAMILIES, PAY, f"“{FLOOD} {SIRENS} {FAMILIES} {PAY}”"]),
    st.sampled_from(["The flood", "# Rye", "- oats", "1. wheat is dear", "12 views", "Popular"]),
    st.sampled_from(
        ["👩‍🌾", "e\u0301te\u0301", "\ufeff", "\0", "«", "“ (", "水" * 90, "a" * 90, "…"]
    ),
    st.text(max_size=15),
)
ENDS = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\u2028", "\x85", "\v"])
TEXTS = st.lists(st.tuples(PARTS, ENDS), max_size=20).map(
    lambda parts: "".join(part + end for part, end in parts)
)


@settings(deadline=None, max_examples=250)
@given(text=TEXTS)
def test_sentences_are_stripped_slices_in_order_and_lose_nothing_but_white_space(
    text: str,
) -> None:
    outside, before = "", 0
    for sentence in sentences_of(text, ()):
        part = text[sentence.start : sentence.end]
        assert before <= sentence.start
        assert sentence.end <= len(text)
        assert part == part.strip()
        outside += text[before : sentence.start]
        before = sentence.end
    assert (outside + text[before:]).strip() == ""


@settings(deadline=None, max_examples=250)
@given(
    text=TEXTS,
    words=st.integers(20, 200),
    limit=st.integers(40, 300),
    count_tokens=st.sampled_from([word_tokens, character_tokens, byte_tokens]),
    first_number=st.integers(0, 9),
)
@example(  # white space between two sentences that fit the limit only without it
    text=f"{FLOOD}{' ' * 20}{SIRENS}",
    words=200,
    limit=len(FLOOD + SIRENS) + 4,
    count_tokens=character_tokens,
    first_number=0,
)
def test_passages_keep_every_promise(
    text: str,
    words: int,
    limit: int,
    count_tokens: Callable[[Sequence[str]], list[int]],
    first_number: int,
) -> None:
    document = read(text)
    sentences, passages = passages_of(
        document,
        words=words,
        limit=limit,
        count_tokens=count_tokens,
        first_number=first_number,
    )
    assert [p.number for p in passages] == list(range(first_number, first_number + len(passages)))
    assert_within(document, sentences, passages)
    assert max(count_tokens([p.text for p in passages]), default=0) <= limit
    assert_complete(sentences, passages)


def assert_within(
    document: Document, sentences: Sequence[Sentence], passages: Sequence[Passage]
) -> None:
    """Each passage is a slice, made of neighbouring sentences, across no heading or furniture."""
    place = {sentence: number for number, sentence in enumerate(sentences)}
    for passage in passages:
        assert passage.text == document.text[passage.start : passage.end]
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        numbers = [place[sentence] for sentence in passage.sentences]
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        kinds = [sentence.kind for sentence in passage.sentences]
        assert "heading" not in kinds[len([k for k in kinds if k == "heading"]) :]
        assert not any(
            span.start < passage.end and passage.start < span.end for span in document.furniture
        )


def assert_complete(sentences: Sequence[Sentence], passages: Sequence[Passage]) -> None:
    """Every sentence stands in a passage; passages go forward and share at most one sentence."""
    held = {sentence for passage in passages for sentence in passage.sentences}
    assert {s for s in sentences if s.kind == "sentence"} <= held
    for before, after in itertools.pairwise(passages):
        assert before.start < after.start
        assert before.end < after.end
        assert len(set(before.sentences) & set(after.sentences)) <= 1


@settings(deadline=None, max_examples=100)
@given(
    lengths=st.lists(st.integers(3, 25), min_size=1, max_size=80),
    words=st.integers(40, 200),
)
def test_passages_without_limit_stay_near_the_goal(lengths: list[int], words: int) -> None:
    text = " ".join(numbered(1, words=length)[0] for length in lengths)
    passages = cut(read(text, ()), words=words, limit=10**6)
    counts = [count_words(passage.text) for passage in passages]
    total = sum(lengths)
    # Even runs are at most one and a half goals long; then half a sentence, and the overlap.
    assert max(counts) <= 1.5 * words + 25 / 2 + 25
    assert len(passages) <= max(1, round(total / words)) + 1
    if len(passages) > 1:
        assert max(counts) >= words / 2


@settings(deadline=None, max_examples=60)
@given(text=TEXTS.map(lambda text: " ".join(text.split())))
def test_a_text_of_one_line_is_split_alike_wherever_it_stands(text: str) -> None:
    alone = [part for _, part in split(f"{text}.")]
    below = [part for _, part in split(f"{FLOOD}\n\n{text}.")]
    assert below == [FLOOD, *alone]


def test_marks_of_lists_and_rows_of_tables_are_no_part_of_a_sentence() -> None:
    found = split("- The mills stood still.\n> Nobody worked.\n| Mill | 41 | 1911 |\n")
    assert [part for kind, part in found if kind == "sentence"] == [
        "The mills stood still.",
        "Nobody worked.",
    ]


@pytest.mark.parametrize("first", ["“We shall build the dam.”", "They are coming!", "It rained;"])
def test_a_first_line_that_says_something_is_no_title(first: str) -> None:
    assert split(f"{first}\n\nSo the mayor said to the people of the valley.")[0][0] == "sentence"
