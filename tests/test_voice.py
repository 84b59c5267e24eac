from rag.passages import sentences_of
from rag.records import Document
from rag.voice import ending, opening, own_voice

TEXT = """\
A Heading of Four Words

The harbour of Lomvik lies in the north of the country, by the sea.
We must open our harbour, and we should open it before the last crew is gone.
He said: “We must never, never open our harbour again to our rivals.”
The minister's brother's boat, which my brother built, was sold for a small sum.
We must.
The herring came back in 1986, said the keeper of the lighthouse then.
"""


def document(text: str) -> Document:
    bare = Document(id="a.txt", text=text, sha256="", encoding="utf_8")
    return bare.model_copy(update={"sentences": sentences_of(text, (), "en")})


def test_own_voice_is_where_nobody_is_quoted_and_much_is_said_in_own_words() -> None:
    lines = TEXT.splitlines()
    assert own_voice(document(TEXT), 5) == [lines[3], lines[5]]
    assert own_voice(document(TEXT), 1) == [lines[3]]


def test_a_document_without_such_words_has_no_own_voice() -> None:
    text = "Hafen und Stadt liegen am Meer, und niemand fragt nach dem alten Leuchtturm.\n"
    assert own_voice(document(text), 5) == []


def test_opening_and_ending_are_sentences_and_no_headings() -> None:
    lines = TEXT.splitlines()
    assert opening(document(TEXT), 2) == lines[2:4]
    assert ending(document(TEXT), 1) == lines[7:8]
    assert opening(document(""), 2) == ending(document(""), 2) == []
