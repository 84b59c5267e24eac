import pytest

from rag.assigning import perspective_called, quote_in
from rag.records import Perspective

KNOWN = [Perspective(id="for", label="For"), Perspective(id="the-dam", label="Dam builders")]


def test_a_label_that_is_declared_is_that_perspective() -> None:
    assert perspective_called("Dam builders", "anything", KNOWN) == KNOWN[1]


@pytest.mark.parametrize(
    ("label", "id_"),
    [
        ("Against it", "against-it"),
        ("The Dam!", "the-dam-2"),
        ("Unlabelled", "unlabelled-2"),
        ("«…»", "perspective"),
        ("Противники", "противники"),
        ('"]\n[x]', "x"),
    ],
)
def test_a_new_label_gets_an_id_that_none_has(label: str, id_: str) -> None:
    made = perspective_called(label, "Why.", KNOWN)
    assert made == Perspective(id=id_, label=label, description="Why.")


def test_a_quote_is_taken_as_the_first_text_that_holds_it_has_it() -> None:
    texts = ["Nothing.", "The dam\n  broke at night.", "The dam broke at night."]
    assert quote_in(texts, " The dam broke\tat night. ") == "The dam broke at night."
    assert quote_in(texts, "the dam broke") is None
    assert quote_in(texts, "  ") is None
