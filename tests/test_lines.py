import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.lines import Line, count_words, lines_of

WRAPPED = """\
The canal was dug between 1810 and 1822 by prisoners of the war, who were
paid a penny a day and slept in barges. It joined two rivers that had never
met before, and grain from the plain reached the coast in four days instead
of nine. The prisoners were sent home in 1823."""

LINE_ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]

PIECES = st.one_of(
    st.sampled_from([*LINE_ENDS, " ", "\t", "\u00a0", "\ufeff", "\0", "👩‍🌾", "e\u0301", "«", "”"]),
    st.sampled_from(["Rye was scarce.", "and the river", "- oats", "1. wheat", "the " * 15]),
    st.text(max_size=8),
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


def texts(text: str) -> list[str]:
    return [line.text for line in lines_of(text)]


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_every_line_is_a_stripped_slice_in_order_and_only_space_lies_between(text: str) -> None:
    lines = lines_of(text)
    outside, before = "", 0
    for line in lines:
        assert before <= line.start
        assert line.text == text[line.start : line.end] == line.text.strip() != ""
        outside += text[before : line.start]
        before = line.end
    assert (outside + text[before:]).strip() == ""


@settings(deadline=None, max_examples=200)
@given(text=TEXTS)
def test_no_line_is_longer_than_its_physical_lines_together(text: str) -> None:
    physical = [line.strip() for line in text.splitlines() if line.strip()]
    found = [part.strip() for line in lines_of(text) for part in line.text.splitlines()]
    assert [part for part in found if part] == physical


@pytest.mark.parametrize("end", LINE_ENDS)
def test_each_kind_of_line_end_ends_a_line(end: str) -> None:
    assert texts(f"Rye was scarce.{end}Bread was dear.") == ["Rye was scarce.", "Bread was dear."]


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n\r\n", "\t\u00a0\n ", "\u2028"])
def test_a_text_of_white_space_has_no_lines(text: str) -> None:
    assert lines_of(text) == []


def test_offsets_count_the_space_that_is_left_out() -> None:
    line = Line(start=3, end=6, text="Rye", after_blank=True)
    assert lines_of("\n  Rye \n") == [line]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_hard_wrapped_paragraph_is_one_line_whatever_the_line_ends(end: str) -> None:
    text = f"{WRAPPED}\n\n{WRAPPED}\n".replace("\n", end)
    assert texts(text) == [WRAPPED.replace("\n", end)] * 2


def test_two_wrapped_paragraphs_without_a_blank_line_still_end_where_list_items_begin() -> None:
    item = (
        "- A second canal was planned, but it was never begun, because the railway\n  came first."
    )
    assert texts(f"{WRAPPED}\n{item}") == [WRAPPED, item]


@pytest.mark.parametrize(
    "text",
    [
        "Apples\nPears\nQuinces\nMedlars",
        "The canal\nIt was dug in 1810 by prisoners.\nThe railway\nIt was laid in 1850.",
        (
            "The canal was dug in 1810 by the prisoners of the war.\n"
            "The railway was laid in 1850 by free men from the hills.\n"
            "The road was built in 1900 by the county, and it is in use."
        ),
        (
            "- They slept in barges that were moored below the lock\n"
            "- They ate rye bread that was baked in the lower town\n"
            "- They were paid a penny a day and sent home in 1823"
        ),
        (
            "The Canal and Its Diggers in the Years of the War\n"
            "Annals of the County, Third Series, Second Volume\n"
            "Printed for the Society of the Friends of the Canal"
        ),
    ],
    ids=["list", "headings", "sentences", "items", "titles"],
)
def test_lines_that_stand_alone_are_not_joined(text: str) -> None:
    assert texts(text) == text.splitlines()


def test_a_long_line_is_not_taken_for_a_wrapped_one() -> None:
    long = "The canal was dug by prisoners " * 5 + "who"
    assert texts(f"{long}\nWere paid a penny a day.") == [long, "Were paid a penny a day."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_knows_whether_a_blank_line_stands_before_it(end: str) -> None:
    text = "One.\nTwo.\n\nThree.\n \t\nFour.\n\n\nFive.".replace("\n", end)
    blank = {line.text: line.after_blank for line in lines_of(text)}
    assert blank == {"One.": True, "Two.": False, "Three.": True, "Four.": True, "Five.": True}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("– … !", 0),
        ("Rye was scarce.", 3),
        ("The miller’s well-known wife isn't here", 6),
        ("東京の水", 4),
        ("東京 Tokyo", 3),
        ("Рожь и хлеб", 3),
    ],
)
def test_words_are_counted(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "terminated"),
    [
        ("Rye was scarce.", True),
        ("Was rye scarce?", True),
        ("He said: “Rye was scarce.”", True),
        ("Rye was scarce.[12]", True),
        ("Rye was scarce. [1] [2]", True),
        ("*Rye was scarce.*", True),
        ("麦は高い。", True),
        ("The price of rye", False),
        ("Rye, wheat,", False),
        ("Rye [1]", False),
    ],
)
def test_a_line_is_terminated_when_it_ends_as_a_sentence_does(text: str, terminated: bool) -> None:
    (line,) = lines_of(text)
    assert line.terminated is terminated


@pytest.mark.parametrize("end", ["as", "the", "of its", "the mills,"])
def test_a_line_that_ends_inside_a_sentence_goes_on_in_the_next(end: str) -> None:
    text = f"The flood had come by night to {end}\nUpper Town and its mills. Nobody slept."
    assert [line.text for line in lines_of(text)] == [text]


def test_a_text_that_is_wrapped_throughout_is_joined_where_one_paragraph_alone_would_not_tell() -> (
    None
):
    wrapped = (
        "The council had asked the people of the valley for their opinion on\n"
        "the new bridge, and most of them had said that they did not need one\n"
        "because the old one would last for another hundred years or so."
    )
    names = "The old bridge was built by the engineer whom they called\nAnders Holm and his sons."
    assert [line.text for line in lines_of(f"{wrapped}\n\n{names}")] == [wrapped, names]
