import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.furniture import furniture_of, merged
from rag.passages import sentences_of
from rag.records import Furniture
from tests.conftest import SEEDS

MARKED = tomllib.loads((Path(__file__).parent / "data" / "furniture_seeds.toml").read_text("utf-8"))

BOARD = "The harbour board met on Monday to decide on the new cranes. It voted for two of them."
QUAY = "The cranes will stand on the eastern quay, where the old warehouse was pulled down."
COST = "Their cost is to be borne by the users of the harbour over the next twelve years."
BAKERY = "A bakery in the hills has won the prize for its rye bread for the third time."
SCHOOL = "Parents painted every shelf of the reading room by hand during the summer."


def page(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


def left_out(text: str) -> list[str]:
    return [text[span.start : span.end] for span in furniture_of(text)]


def kept(text: str) -> str:
    """All that stands in sentences, headings and fragments, separated by spaces."""
    return " ".join(text[s.start : s.end] for s in sentences_of(text, furniture_of(text)))


def seed_text(name: str) -> str:
    return (SEEDS / name).read_text("utf-8")


def line_starts(text: str) -> list[tuple[int, str]]:
    starts, start = [], 0
    for line in text.splitlines(keepends=True):
        starts.append((start, line))
        start += len(line)
    return starts


def expected_kinds(text: str, marks: dict[str, Any]) -> dict[int, str]:
    """For each character that is no white space, what a person takes it for."""
    kinds = dict.fromkeys(marks["furniture"], "furniture")
    kinds |= dict.fromkeys(marks.get("references", []), "reference")
    expected = {}
    for number, (start, line) in enumerate(line_starts(text), start=1):
        turn = marks.get("reference_from", {}).get(str(number))
        reference = start + line.index(turn) if turn else start + len(line)
        for offset, character in enumerate(line, start=start):
            if not character.isspace():
                kind = kinds.get(number, "document")
                expected[offset] = "reference" if offset >= reference else kind
    return expected


def found_kinds(text: str) -> dict[int, str]:
    furniture = furniture_of(text)
    found: dict[int, str] = {}
    for span, kind in [
        *((span, span.kind) for span in furniture),
        *((sentence, "document") for sentence in sentences_of(text, furniture)),
    ]:
        for offset in range(span.start, span.end):
            if not text[offset].isspace():
                assert offset not in found
                found[offset] = kind
    return found


def test_every_seed_has_its_marks() -> None:
    assert sorted(MARKED) == sorted(path.name for path in SEEDS.glob("*.txt"))


@pytest.mark.parametrize("name", sorted(MARKED))
def test_each_line_of_a_seed_is_what_a_person_takes_it_for(name: str) -> None:
    text = seed_text(name)
    expected, found = expected_kinds(text, MARKED[name]), found_kinds(text)
    wrong = [
        (number, line.strip()[:60])
        for number, (start, line) in enumerate(line_starts(text), start=1)
        if any(
            found.get(offset) != expected.get(offset) for offset in range(start, start + len(line))
        )
    ]
    assert wrong == []


def test_a_note_that_says_something_keeps_it_and_loses_its_reference() -> None:
    text = seed_text("001_0f38b9e81ece0158.txt")
    words = kept(text)
    assert "[1] Incidentally, many Azerbaijanis considered the creation of this" in words
    assert "Soviet/Russian policy of divide and rule" in words
    assert "Tabib Huseynov" not in words
    assert "[6] For reintegration of the liberated territories" in words


def test_the_document_goes_on_right_after_a_line_of_related_reading() -> None:
    text = seed_text("004_898eee803d7ca7f3.txt")
    (line,) = [
        span for span in furniture_of(text) if text[span.start : span.end] == "Related Reading"
    ]
    after = next(s for s in sentences_of(text, furniture_of(text)) if s.start >= line.end)
    assert after.start == line.end + 1
    assert text[after.start :].startswith("The author misses the mark")


@pytest.mark.parametrize(
    "line",
    [
        "Top of page",
        "Skip to main content",
        "Menu",
        "Home > News > The harbour",
        "Home / News / The harbour and its new cranes",
        "News » Local » Harbour",
        "Print this page",
        "Share this article on Facebook",
        "Read more",
        "Sign in",
        "Advertisement",
        "Previous post",
        "All rights reserved.",
        "© 2024 The Valley Post",
        "We use cookies to improve your experience.",
        "This website uses cookies and other means of tracking.",
        "Accept all cookies",
        "12 views",
        "1,204 views 3 comments",
        "0 views0 comments",
        "4.5k likes",
        "Leave a Reply Cancel reply",
        "Your email address will not be published. Required fields are marked *",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Post Comment",
        "3 comments",
        "Comments are closed.",
        "Be the first to comment",
        "Related articles",
        "You may also like",
        "Editor’s choice",
        "Most popular",
        "Read also: Ten bakers of the hills",
        "See also: Ten bakers of the hills",
        "[Ana Ruiz edited this article.]",
        "Edited by Ana Ruiz",
        (
            "The views expressed here are the author’s own and do not necessarily reflect those of"
            " this paper."
        ),
    ],
)
def test_a_line_of_the_page_between_two_paragraphs_is_left_out_and_nothing_else(line: str) -> None:
    assert left_out(page(BOARD, line, QUAY, COST)) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Search parties went out at dawn and found nothing.",
        "Home was a hut of two rooms by the river.",
        "Related questions were put to the minister, who answered none of them.",
        "The comments of the judge were short.",
        "Twelve views were put to the meeting, and none carried the day.",
        "Popular songs were forbidden in that year.",
        "Read aloud: the whole of the first chapter, then the oath.",
        "The next morning the lake was frozen.",
        "Opinions on the dam differ, and the engineers do not hide it.",
        "The book was edited by Ana Ruiz in the year before her death.",
        "In 1911 he printed 4,000 copies, of which 12 are known.",
        "Copyright law was changed after the strike of the printers.",
        "More about this is not known.",
        "Reviewed by the council in May, the plan was dropped.",
        "The views of the party are not those of its members, said the speaker.",
    ],
)
def test_a_sentence_of_the_document_that_resembles_furniture_is_kept(line: str) -> None:
    assert left_out(page(BOARD, line, QUAY, COST)) == []


@pytest.mark.parametrize("opener", ["Related articles", "Editor’s choice", "You may also like"])
def test_a_block_of_teasers_ends_where_the_document_goes_on_under_a_heading(opener: str) -> None:
    teasers = ["Bakery wins the regional prize", BAKERY, "School opens a library", SCHOOL]
    text = page(BOARD, opener, *teasers, "What the board decided", QUAY, COST)
    assert left_out(text) == [opener, *teasers]
    assert kept(text) == " ".join([BOARD, "What the board decided", QUAY, COST])


def test_a_block_of_bare_titles_is_left_out_up_to_the_end() -> None:
    titles = ["Related stories", "Bakery wins the regional prize", "School opens a library"]
    assert left_out(page(BOARD, QUAY, *titles)) == titles


def test_a_heading_of_teasers_alone_does_not_take_the_paragraph_below_it() -> None:
    assert left_out(page(BOARD, "Related reading", QUAY, COST)) == ["Related reading"]


def test_the_text_of_a_picture_repeated_as_a_link_is_a_teaser() -> None:
    teaser = ["Popular", "Bakery wins the prize", "Bakery wins the prize", BAKERY]
    assert left_out(page(BOARD, *teaser, "What was decided", QUAY, COST)) == teaser


def test_an_excerpt_that_breaks_off_is_a_teaser_even_before_another_paragraph() -> None:
    teaser = [
        "Up next",
        "Bakery wins the prize",
        "A bakery in the hills has won the prize for its …",
    ]
    assert left_out(page(BOARD, *teaser, QUAY, COST)) == teaser


def test_a_comment_form_below_the_document_is_left_out_whole() -> None:
    form = [
        "Leave a comment",
        "Your email address will not be published. Required fields are marked *",
        "Comment *",
        "Name *",
        "Email *",
        "Notify me of new comments by email.",
        "Post comment",
    ]
    assert left_out(page(BOARD, QUAY, "\n".join(form))) == form


def test_an_appeal_for_money_is_left_out_with_its_title_and_what_it_encloses() -> None:
    appeal = [
        "Support The Valley Post",
        "We rely on your support to keep this paper going.",
        "Our reporters walk every lane of the valley, and no owner tells them what to write.",
        "Please make a donation today.",
    ]
    assert left_out(page(BOARD, QUAY, *appeal)) == appeal


@pytest.mark.parametrize(
    "speech",
    [
        [
            "Friends, we have come a long way since the drought. Nobody believed in the dam.",
            "I ask for your support in the vote on Sunday.",
            "Without your support the dam will not be built, and the fields will stay dry.",
        ],
        [
            "Friends, we have come a long way since the drought. Nobody believed in the dam.",
            "I ask for your support in the vote on Sunday. Without it the dam will not be built.",
            "We do not subscribe to the view that water belongs to those who pay most for it.",
        ],
        [
            "The council asked for a donation from every household, and most of them gave one.",
            "It had said: your donations will build a ward for the children of the lower town.",
            "The ward was opened in May, and it has forty beds and a garden on the river.",
            "Will you make a donation again? So the mayor asked at the opening of the ward.",
        ],
        [
            "Paywalls have divided the editors of the coast; some say that they save reporters.",
            "The Valley Post dropped its paywall in May, and its rivals have kept theirs so far.",
            "A weekly newsletter does not replace a paper, the editor of the Post has written.",
        ],
    ],
    ids=["support", "subscribe", "donations", "paywalls"],
)
def test_a_document_that_speaks_of_support_or_money_is_kept(speech: list[str]) -> None:
    text = page("An account of the spring", *speech, "The meeting ended at nine in the evening.")
    assert left_out(text) == []


def test_a_paragraph_that_stands_twice_is_left_out_the_second_time() -> None:
    text = page(BOARD, QUAY, BOARD, COST)
    (span,) = furniture_of(text)
    assert (span.start, span.end) == (text.rindex(BOARD), text.rindex(BOARD) + len(BOARD))
    assert span.reason == "repeats an earlier block"


def test_a_short_line_may_stand_twice() -> None:
    assert left_out(page("Who paid?", BOARD, "Who paid?", QUAY)) == []


def test_a_menu_above_the_document_is_left_out_and_its_title_kept() -> None:
    menu = ["News", "Sport", "Weather", "Local life", "Contact us"]
    text = page("\n".join(menu), "The new cranes of the harbour", BOARD, QUAY)
    assert left_out(text) == menu


def test_the_line_of_the_site_above_the_document_is_left_out() -> None:
    text = page("The new cranes", "The Valley Post - news of the hills", BOARD, QUAY)
    assert left_out(text) == ["The Valley Post - news of the hills"]


def test_a_numbered_list_of_prose_is_kept() -> None:
    rules = [
        "1. Every member keeps the path beside the plot free of weeds.",
        "2. Water is drawn by can and not by hose, in the morning or the evening.",
        "3. Bees are welcome, and their keepers tell the board where the hives stand.",
        "4. Fires are lit only in October, and never on a Sunday.",
    ]
    assert left_out(page("Rules of the allotments", "\n".join(rules))) == []


def test_a_numbered_list_of_prose_that_gives_addresses_is_kept_but_for_those() -> None:
    said = [
        "1. The first canal was dug in 1810 by prisoners of the war, who were paid a penny a day.",
        "2. The second canal was begun in 1850, and half of its diggers died of the fever.",
        "3. The third canal was never finished, because the railway had come before it.",
    ]
    shown = [f"{line} It is shown at https://example.org/{n}" for n, line in enumerate(said)]
    words = kept(page("Three canals", "\n".join(shown), BOARD))
    assert [line[3:] for line in said if line[3:] not in words] == []


@pytest.mark.parametrize("ending", ["", ".", ";"])
@pytest.mark.parametrize("mark", ["", "- "])
def test_a_document_that_is_a_list_of_short_lines_does_not_vanish(mark: str, ending: str) -> None:
    items = ["Apples from the hills", "Pears", "Quinces and medlars", "Two sacks of rye", "Plums"]
    assert left_out("\n".join(f"{mark}{item}{ending}" for item in items)) == []


def test_a_list_of_short_items_at_the_end_of_a_document_is_kept() -> None:
    items = ["- bread for eleven days", "- blankets from the barracks", "- a boat with oars"]
    text = page(
        BOARD, "The school was asked to give three things to the families:", "\n".join(items)
    )
    assert left_out(text) == []


def test_a_table_at_the_end_of_a_document_is_kept() -> None:
    rows = ["Upper town 12 shillings", "Lower town 14 shillings", "Harbour 15 shillings"]
    text = page(BOARD, "The price of a bushel of rye in the spring of 1850 was:", "\n".join(rows))
    assert left_out(text) == []


def test_references_are_marked_as_such_and_notes_that_say_something_are_kept() -> None:
    notes = [
        "[1] A. Holm, The Grain of the Hills (Lyng, 1998), p. 12.",
        (
            "[2] Sown before Michaelmas, because the frost came early; the priests blessed the"
            " seed, and no farmer would sow before that day had passed."
        ),
        "[3] B. Tolan, “Rye and rain”, Annals, vol. 3, https://example.org/rye",
        "[4] Ibid., p. 14.",
    ]
    text = page("Rye came late to the hills.[1] It was sown in autumn.[2]", "Notes", *notes)
    found = {text[f.start : f.end]: f.kind for f in furniture_of(text)}
    assert found == dict.fromkeys([notes[0], notes[2], notes[3]], "reference")


def test_an_address_that_stands_alone_is_a_reference() -> None:
    text = page(BOARD, "https://example.org/harbour?page=2", QUAY)
    (span,) = furniture_of(text)
    assert (text[span.start : span.end], span.kind) == (
        "https://example.org/harbour?page=2",
        "reference",
    )


@pytest.mark.parametrize("text", ["", " \n\r\n\t", "\u2028", "\0", "Rye", "…", "👩‍🌾"])
def test_a_text_of_next_to_nothing_has_no_furniture(text: str) -> None:
    assert furniture_of(text) == ()


LINES = st.sampled_from(
    [
        BOARD,
        QUAY,
        COST,
        BAKERY,
        "Related articles",
        "Editor's choice",
        "Popular",
        "News",
        "Menu",
        "Bakery wins the prize",
        "12 views",
        "Leave a Reply",
        "Support us",
        "Donate now",
        "- rye",
        "We rely on your support and your donations.",
        "[1] A. Holm, Grain, p. 12.",
        "[2] Ibid.",
        "[3] https://a.example",
        "[4] It was sown late (see: B. Tolan, Rye, p. 4).",
        "Home > Rye",
        "https://a.example",
        "• Post - a story",
        "Up next",
        "It broke off …",
        "\u2028",
        "\x00",
        "«👩\u200d🌾»",
        "The canal was dug by prisoners of the war, who were\npaid a penny a day for it",
        "[5] The priests of the hills blessed all the seed before it was sown (see B. Tolan, p. 9",
    ]
)
PAGES = st.builds(
    lambda lines, end: end.join(lines),
    st.lists(st.one_of(LINES, st.just(""), st.text(max_size=12)), max_size=20),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)


@settings(deadline=None, max_examples=300)
@given(text=PAGES)
def test_furniture_lies_in_the_text_in_order_without_overlap_or_space_around(text: str) -> None:
    spans = furniture_of(text)
    before = 0
    for span in spans:
        assert before <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        assert span.reason
        before = span.end


@settings(deadline=None, max_examples=200)
@given(text=PAGES)
def test_each_character_is_furniture_or_stands_in_one_sentence_or_is_space(text: str) -> None:
    found = found_kinds(text)
    assert sorted(found) == [n for n, character in enumerate(text) if not character.isspace()]


@settings(deadline=None, max_examples=100)
@given(text=PAGES)
def test_furniture_does_not_depend_on_the_kind_of_line_end(text: str) -> None:
    def marks(text: str) -> list[tuple[str, str]]:
        return [(" ".join(text[f.start : f.end].split()), f.reason) for f in furniture_of(text)]

    plain = "\n".join(text.splitlines())
    assert marks(plain) == marks(plain.replace("\n", "\r\n")) == marks(plain.replace("\n", "\r"))


def test_furniture_says_why() -> None:
    assert furniture_of(page(BOARD, "12 views", QUAY)) == (
        Furniture(start=len(BOARD) + 2, end=len(BOARD) + 10, reason="counter"),
    )


@pytest.mark.parametrize(
    "line",
    [
        "(c) to demand the withdrawal of all boats from the upper lake;",
        "The committee of inquiry reviewed this report.",
        "Listen: we never agreed to that, and we never will.",
        "Click here was the sound that the lock made.",
        "We rely on your support to defend our mills, and on journalism that tells of it.",
        "The views expressed by the delegation do not reflect what happened in the village.",
    ],
)
def test_a_line_of_prose_in_the_middle_is_kept(line: str) -> None:
    assert left_out(page(BOARD, line, QUAY, COST)) == []


def test_a_numbered_list_of_sentences_with_addresses_in_brackets_is_kept() -> None:
    lines = [
        f"{n}. The harbour was closed in May 197{n} (https://example.org/{n})." for n in range(1, 5)
    ]
    assert left_out(page(BOARD, "\n".join(lines), QUAY)) == []


def test_front_matter_is_left_out() -> None:
    text = "---\ntitle: The bridge\nauthor: A. Holm\n---\n\n" + BOARD + "\n"
    assert left_out(text) == ["---\ntitle: The bridge\nauthor: A. Holm\n---"]


def test_readers_comments_are_left_out_to_the_end() -> None:
    comments = ["2 thoughts on “The bridge”", "Bill says:", "Build it already, the town needs it."]
    assert left_out(page(BOARD, QUAY, *comments)) == comments


def test_the_first_copy_of_a_paragraph_that_is_no_teaser_is_kept() -> None:
    teaser = "Popular\nThe bridge\nThe bridge\n" + BOARD
    assert BOARD in kept(page(teaser, "The bridge", BOARD, QUAY))


def test_prose_between_notes_is_no_part_of_them() -> None:
    notes = [f"[{n}] A. Holm, The Bridge, vol. {n}, p. 12." for n in (1, 2, 3)]
    text = page(BOARD, notes[0], QUAY, notes[1], COST, notes[2])
    assert left_out(text) == notes


def test_a_note_that_goes_on_after_a_blank_line_is_left_out_whole() -> None:
    notes = [f"[{n}] A. Holm, The Bridge, p. {n}." for n in (1, 3, 4)]
    parts = ["[2] A. Holm. “The Bridge and", "the Mills.” In: The Harbour Review, vol. 2, pp. 4-6."]
    notes[1:1] = parts
    assert left_out(page(BOARD, *notes)) == notes


PAGE_AROUND = [
    "The Valley Post",
    "Subscribe | Contact us | Help",
    "Valley news",
    "Hill news",
    "Town news",
    "Photo galleries",
    "Email this story",
    "The new cranes of the harbour",
    BOARD,
    QUAY,
    COST,
    "Download our app",
    "Other stories",
    "Contact the editors",
    "Copyright The Valley Post 2024. Terms of use.",
]


def test_the_page_around_a_document_is_left_out_where_no_rule_knows_its_words() -> None:
    left = left_out("\n".join(PAGE_AROUND))
    assert not {"The new cranes of the harbour", BOARD, QUAY, COST} & set(left)
    assert {"Subscribe | Contact us | Help", "Photo galleries", "Download our app"} <= set(left)
    assert set(PAGE_AROUND[-4:]) <= set(left)


@pytest.mark.parametrize("ends", ["\n", "\n\n", "\r\n"])
def test_prose_with_nothing_around_it_is_left_alone(ends: str) -> None:
    speech = [
        "Mr. President,",
        BOARD,
        QUAY,
        "Who will pay?",
        COST,
        "I thank you for your attention.",
    ]
    assert left_out(ends.join(speech)) == []


def test_a_table_in_markdown_is_kept() -> None:
    table = [
        "| town | rye | oats |",
        "|---|---|---|",
        "| Holm | 12 s. | 9 s. |",
        "| Lyng | 14 s. | 8 s. |",
    ]
    assert left_out(page("# Prices", BOARD, "\n".join(table), QUAY)) == []


def test_a_text_in_a_language_that_is_not_known_well_is_judged_by_rules_alone() -> None:
    lines = ["ზღვისპირა ქალაქი", "ნავსადგური და ამწეები", "გემი", "ხიდი", "12 views", "წყალი"]
    assert left_out("\n".join(lines)) == ["12 views"]


def test_a_page_of_teasers_is_a_document_of_them() -> None:
    teasers = ["Top stories", "Bakery wins the prize", BAKERY, "School opens a library", SCHOOL]
    assert BAKERY in kept(page("The Valley Post", *teasers))
    assert SCHOOL in kept(page("The Valley Post", *teasers))


def test_structure_that_judged_every_line_decides_alone() -> None:
    text = page("Home", "News", BOARD, "12 views", QUAY)
    structural = (Furniture(start=0, end=4, reason="navigation"),)
    assert furniture_of(text, structural, judged=True) == structural
    assert furniture_of(text, judged=True) == ()


def test_what_a_format_shows_is_heard_first_and_the_lines_are_looked_at() -> None:
    text = page("12 views", BOARD, "Menu", QUAY)
    structural = (Furniture(start=0, end=8, reason="head"),)
    found = [(text[f.start : f.end], f.reason) for f in furniture_of(text, structural)]
    assert found == [("12 views", "head"), ("Menu", "navigation")]


def test_of_marks_that_overlap_the_first_layer_is_heard() -> None:
    rule = Furniture(start=2, end=5, reason="rule")
    others = [
        Furniture(start=s, end=e, reason="judge") for s, e in ((0, 2), (1, 3), (4, 9), (5, 6))
    ]
    assert merged([rule], others) == (others[0], rule, others[3])


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=6)


@given(layers=st.lists(SPANS, max_size=3))
def test_merged_layers_are_in_order_without_overlap(layers: list[list[tuple[int, int]]]) -> None:
    made = [[Furniture(start=s, end=s + n, reason="x") for s, n in layer] for layer in layers]
    found = merged(*made)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for span in (span for layer in made for span in layer):
        assert any(span.start < other.end and other.start < span.end for other in found)
