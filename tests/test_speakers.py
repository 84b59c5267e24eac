"""Who is speaking inside a quote: what is credited, to whom, and what is not."""

import json
from pathlib import Path

import pytest
import speakers as benchmark
from hypothesis import given
from hypothesis import strategies as st

from rag.passages import sentences_of
from rag.records import Document, Sentence, Speech
from rag.speakers import speeches_in
from rag.speakers.lexicon import FORMS
from rag.speakers.mentions import head_of
from tests.making import ANY_TEXT


def document_of(text: str, language: str | None = "en") -> Document:
    return Document(
        id="a.txt",
        text=text,
        sha256="",
        encoding="utf_8",
        language=language,
        sentences=sentences_of(text, (), "en"),
    )


def speeches(text: str, quote: str | None = None) -> tuple[Speech, ...]:
    """Of a quote that a text holds once, or of all of the text."""
    document = document_of(text)
    if quote is None:
        return speeches_in(document, 0, len(text))
    assert text.count(quote) == 1
    start = text.index(quote)
    return speeches_in(document, start, start + len(quote))


def told(text: str, quote: str | None = None) -> list[tuple[str | None, str, str]]:
    """Of each speech: who stands beside the cue, the cue, and what is reported."""
    return [
        (
            speech.mention.exact if speech.mention else None,
            speech.cue.exact,
            " | ".join(text[span.start : span.end] for span in speech.reported),
        )
        for speech in speeches(text, quote)
    ]


def names(text: str, quote: str | None = None) -> list[str | None]:
    return [s.speaker.exact if s.speaker else None for s in speeches(text, quote)]


@pytest.mark.parametrize(
    ("text", "mention", "cue", "reported"),
    [
        (
            "Ada Berg said that the mill was safe.",
            "Ada Berg",
            "said",
            "that the mill was safe.",
        ),
        ("Ada Berg said the mill was safe.", "Ada Berg", "said", "the mill was safe."),
        ("The mill was safe, Ada Berg said.", "Ada Berg", "said", "The mill was safe"),
        ("Lomvik says the herring left.", "Lomvik", "says", "the herring left."),
        ("“The mill was safe,” Ada Berg said.", "Ada Berg", "said", "“The mill was safe,”"),
        ("“The mill was safe,” said Ada Berg.", "Ada Berg", "said", "“The mill was safe,”"),
        ('"The mill was safe," said Ada Berg.', "Ada Berg", "said", '"The mill was safe,"'),
        ("«The mill was safe», said Ada Berg.", "Ada Berg", "said", "«The mill was safe»"),
        ("''The mill was safe,'' said Ada Berg.", "Ada Berg", "said", "''The mill was safe,''"),
        ("‘The mill was safe,’ said Ada Berg.", "Ada Berg", "said", "‘The mill was safe,’"),
        ("Ada Berg said: “The mill was safe.”", "Ada Berg", "said", "“The mill was safe.”"),
        ("Ada Berg, “The mill was safe.”", None, None, None),
        ("Ada Berg: “The mill was safe.”", "Ada Berg", ":", "“The mill was safe.”"),
        (
            "According to Ada Berg, the mill was safe.",
            "Ada Berg",
            "According to",
            "the mill was safe.",
        ),
        (
            "The mill was safe, according to the miller's own son.",
            "the miller's own son",
            "according to",
            "The mill was safe",
        ),
        (
            "Ada Berg, a miller from Ostby, told reporters on Monday that the mill was safe.",
            "Ada Berg",
            "told",
            None,
        ),
        (
            "A spokesman for the council of Lomvik said on Tuesday that the harbour was open.",
            "A spokesman for the council of Lomvik",
            "said",
            "that the harbour was open.",
        ),
        (
            "The fishers who left the coast say they were never asked.",
            "The fishers",
            "say",
            "they were never asked.",
        ),
        (
            "In a letter to the council, the fishers claimed that nobody had asked them.",
            "the fishers",
            "claimed",
            "that nobody had asked them.",
        ),
        ("The council denied the claim.", "The council", "denied", "the claim."),
        (
            "Ada Berg accused the insurers of greed.",
            "Ada Berg",
            "accused",
            "the insurers of greed.",
        ),
        ("He has repeatedly said that it was so.", "He", "has repeatedly said", None),
        (
            "The miller's claim that the wind did it was laughed at.",
            "The miller",
            "claim",
            "that the wind did it was laughed at.",
        ),
        (
            "Ada Berg was quoted as saying that the mill was safe.",
            "Ada Berg",
            "was quoted as saying",
            "that the mill was safe.",
        ),
        (
            "Ada Berg (the miller) warned that the mill might burn.",
            "Ada Berg",
            "warned",
            "that the mill might burn.",
        ),
        # Commas are lost in what news agencies' pages are scraped into.
        ("Two boats sank on Monday Ada Berg said.", "Ada Berg", "said", "Two boats sank on Monday"),
        (
            "Two boats sank off Ostby on Monday said the council of Lomvik.",
            "the council of Lomvik",
            "said",
            "Two boats sank off Ostby on Monday",
        ),
        (
            "Two boats had sunk in a storm Ada Berg said on a visit to Ostby.",
            "Ada Berg",
            "said",
            "Two boats had sunk in a storm",
        ),
        ("Ada Berg said at least 14 boats sank.", "Ada Berg", "said", "at least 14 boats sank."),
        (
            "“It was the wind,” the miller went on to say.",
            "the miller",
            "went on to say",
            "“It was the wind,”",
        ),
        ("“It was the wind!” Ola Dahl thundered.", "Ola Dahl", "thundered", "“It was the wind!”"),
        (
            "Ada Berg announced in March 1974 that the harbour was closed.",
            "Ada Berg",
            "announced",
            "that the harbour was closed.",
        ),
        (
            "The council, which met on Monday, announced that the harbour was closed.",
            "The council",
            "announced",
            "that the harbour was closed.",
        ),
        (
            "Last week, the miller recalled that the wind blew.",
            "the miller",
            "recalled",
            "that the wind blew.",
        ),
        (
            "Staffan de Berg emphasized that the harbour was closed.",
            "Staffan de Berg",
            "emphasized",
            "that the harbour was closed.",
        ),
        ("The council waited after Ada Berg said it was so.", "Ada Berg", "said", "it was so."),
        ("Those surveyed said it was so.", "Those", "said", "it was so."),
        ("“It was so,” the miller said this week.", "the miller", "said", "“It was so,”"),
        ("“It was so,” Ada Berg said Dec. 6 in Ostby.", "Ada Berg", "said", "“It was so,”"),
        ("Ada Berg, for one, pointed out that it was so.", "Ada Berg", "pointed", None),
        ("A survey of fishers shows it was so.", "A survey of fishers", "shows", "it was so."),
        ("Miller Will Dahl said it was so.", "Miller Will Dahl", "said", "it was so."),
        ("Dr. A. Berg argues that herring return.", "Dr. A. Berg", "argues", None),
        ("Officials in Lomvik insisted it was so.", "Officials in Lomvik", "insisted", None),
        # Where and when a report was written is nobody.
        (
            "Lomvik, Norway – After the storm, hundreds of fishers left, citing the danger.",
            "hundreds of fishers",
            "citing",
            None,
        ),
        (
            "OSTBY, March 3 (Herring News) — The council closed the mill, saying it was old.",
            "The council",
            "saying",
            None,
        ),
        # A noun phrase is taken whole, and nothing before it.
        (
            "The Norse side spread rumours by accusing the insurers of greed.",
            "The Norse side",
            "accusing",
            None,
        ),
        (
            "The State Council for Mills and Harbours announced that it was so.",
            "The State Council for Mills and Harbours",
            "announced",
            None,
        ),
        ("23 Oct 2017 Ostby fishers said it was so.", "Ostby fishers", "said", None),
        ("The IS group claimed the attack on Ostby.", "The IS group", "claimed", None),
        ("On Monday the US said it was so.", "the US", "said", None),
        (
            "The mill was safe, according to a source in the Ostby council.",
            "a source in the Ostby council",
            "according to",
            None,
        ),
        ("Fishers and millers have both denied it was so.", "Fishers and millers", None, None),
        ("The council which runs the port said it was so.", "The council", "said", None),
        (
            "Two boats sank as they crossed the river to escape the ice of March a fisher said.",
            "a fisher",
            "said",
            "Two boats sank as they crossed the river to escape the ice of March",
        ),
        # What follows is not what is reported.
        (
            "Two boats had sunk off Ostby an official told Herring News on Friday.",
            "an official",
            "told",
            "Two boats had sunk off Ostby",
        ),
        (
            "Two boats had sunk off Ostby a fisher said a day after the storm.",
            "a fisher",
            "said",
            "Two boats had sunk off Ostby",
        ),
        (
            "Two boats had sunk in a storm Ada Berg said The harbour of Lomvik is near.",
            "Ada Berg",
            "said",
            "Two boats had sunk in a storm",
        ),
        # Who does something while saying something.
        ("Ada Berg left after saying it was so.", "Ada Berg", "saying", "it was so."),
        ("Ada Berg built the mill, which he sold after saying it was old.", "he", "saying", None),
        # Somebody else than the source itself.
        ("My brother says that it was so.", "My brother", "says", None),
        ("The head of my delegation said it was so.", "The head of my delegation", "said", None),
        ("Their delegation said that it was so.", "Their delegation", "said", None),
        # A verb, though it may be a noun.
        ("The fishers claim the mill is safe.", "The fishers", "claim", "the mill is safe."),
        ("The Greens demand a new mill.", "The Greens", "demand", "a new mill."),
        ("The Greens question whether it was so.", "The Greens", "question", None),
        ("The Greens call for a new mill.", "The Greens", "call", None),
        ("The mill was safe, the Greens claim.", "the Greens", "claim", "The mill was safe"),
        ("The council claims works were hit.", "The council", "claims", "works were hit."),
        # What says something in writing or in figures.
        ("The resolution calls for a new mill.", "The resolution", "calls", None),
        ("The storm broke boats, according to the report.", "the report", "according to", None),
        ("The figures, which suggest it was so, are old.", "which", "suggest", None),
        ("Channel 4 reports that it was so.", "Channel 4", "reports", None),
        ("A man familiar with mills said it was so.", "A man familiar with mills", None, None),
    ],
)  # fmt: skip
def test_who_says_what(
    text: str, mention: str | None, cue: str | None, reported: str | None
) -> None:
    found = told(text)
    if mention is None:
        assert found == []
    else:
        ((who, words, said),) = found
        assert who == mention
        assert cue is None or words == cue
        assert reported is None or said == reported


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “war of the herring” began in 1974.",
        "She wrote “The Herring” in 1974.",
        "Nobody says that the mill was safe.",
        "Ada Berg did not say that the mill was safe.",
        "Ada Berg never claimed that the mill was safe.",
        "Ada Berg would say that the mill was safe.",
        "Ada Berg refused to say whether the mill was safe.",
        "It is said that the mill was safe.",
        "The mill was reported to be safe.",
        "The three states agreed on a border of 40 miles.",
        "The mill states like Ostby and Lomvik burn often.",
        "The reports of the council fill three shelves.",
        "I say that the mill was safe.",
        "We believe that the herring will come back.",
        "My delegation expresses its deep sadness at the loss of the mill.",
        "my country says that the mill was safe.",
        "On Monday our Government said that the mill was safe.",
        "Our brave people say that the mill was safe.",
        "The mill was safe, according to my delegation.",
        "My delegation's call for a new mill was heard.",
        "My delegation, which saw the mill, said that it was safe.",
        "Lomvik heard my delegation, which says that the mill was safe.",
        "The weather report for Lomvik promised nothing.",
        "The mill of Ostby burnt down in March.",
        "His statement ran to three pages.",
        "There is no need to say more.",
        "The storm claimed the lives of nine fishers.",
        "If Ada Berg says that the mill was safe, it was.",
        "Would Ada Berg say that the mill was safe?",
        "No one said that the mill was safe.",
        "What Ada Berg said was forgotten soon.",
        "We are working on it, hoping that the herring will come back.",
        "The coastal states that have herring fish for it.",
        "She has more say in the matter than others.",
        # What says something in a figure of speech only.
        "Experience has shown that herring return.",
        "The storm calls for a new harbour.",
        "The situation demands that the mill be closed.",
        "Events of that year show that the mill was old.",
        "It calls for a new harbour.",
        "The storms that threaten to break the boats come in March.",
        "They share the herring according to the needs of the fishers.",
        "The death of nine fishers, which calls for a new harbour, was in March.",
        "The storm said it was so.",
        "The boats were old, 16 said.",
        # No speech.
        "Ada Berg believes that the mill was safe.",
        "Many wonder what to expect of the herring.",
        "The fishers hoped that the herring would come back.",
        "Lomvik declared war on Ostby.",
        "The fishers of Ostby expressed their free will.",
        "The herring pointed the way to Ostby.",
        "The fishers call themselves free.",
        "The mill is suspect and old.",
        # A noun, though it looks like a verb.
        "The Vilnius question remains unresolved.",
        "the Vilnius question remains unresolved",
        "The Vilnius question caused a storm in Lomvik.",
        "After the storm, the Vilnius question caused a war.",
        "The fishers claim remains open.",
        "The council claims remain open.",
        "The council met, and demands rose.",
        "The millers charge fell in March.",
        # Nobody who speaks did something "without asking" or "after asking".
        "The harbour of Lomvik was closed in 1974, without asking any fisher.",
        "Ada Berg closed the harbour without asking any fisher.",
        "The mill was closed after accusing the insurers of greed.",
        "Ada Berg was sent home by accusing the insurers of greed.",
        "We must be firm in urging the council to open the harbour.",
        "Let us join hands in urging the council to open the harbour.",
        "We all reject the claims of Lomvik.",
        "Asked about the mill Ostby ambassador Ada Berg replied “It is old, very old.”",
        "According to information handed over by fishers the mill burnt.",
        "A company called Herring and Sons bought the mill.",
        "",
    ],
)
def test_what_is_not_credited(text: str) -> None:
    assert told(text) == []


def test_a_quotation_is_credited_to_the_cue_in_another_sentence() -> None:
    text = "“The mill was safe. Nobody set it on fire,” said Ada Berg. “It was the wind.”"
    for part in ("“The mill was safe.", "Nobody set it on fire,”", "“It was the wind.”"):
        ((speaker, cue, reported),) = told(text, part)
        assert (speaker, cue) == ("Ada Berg", "said")
        assert reported == part
        assert speeches(text, part)[0].direct


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    text = (
        "“The mill was safe,” said Ada Berg.\n\n“The wind did it. I saw it.\n\n"
        "“And nobody asked me.”\n\nThe council sat for an hour.\n\n“A herring is a herring.”"
    )
    assert told(text, "I saw it.") == [("Ada Berg", "said", "I saw it.")]
    assert told(text, "And nobody asked me.") == [("Ada Berg", "said", "And nobody asked me.")]
    assert told(text, "The council sat for an hour.") == []
    assert told(text, "“A herring is a herring.”") == []


def test_a_colon_announces_the_quotation_of_the_next_paragraph() -> None:
    text = "The council of Lomvik said in a statement:\n\n“The harbour is open. It always was.”"
    assert told(text, "It always was.”") == [("The council of Lomvik", "said", "It always was.”")]


def test_only_what_the_quote_holds_is_reported() -> None:
    text = "Ada Berg said that the mill was safe. The council of Ostby had never looked at it."
    assert told(text, "The council of Ostby had never looked at it.") == []
    assert told(text, "Ada Berg said that the mill") == [("Ada Berg", "said", "that the mill")]
    assert told(text, "Ada Berg") == []


def test_two_speakers_in_one_sentence() -> None:
    text = "Ada Berg said the mill was safe, and Ola Dahl said it was not."
    assert [(who, cue) for who, cue, _ in told(text)] == [
        ("Ada Berg", "said"),
        ("Ola Dahl", "said"),
    ]


def test_a_second_verb_has_the_speaker_of_the_first() -> None:
    text = "Ada Berg said the mill was safe, adding that the wind did it."
    assert told(text) == [
        ("Ada Berg", "said", "the mill was safe"),
        ("Ada Berg", "adding", "that the wind did it."),
    ]


# Who is meant


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ada Berg said it was so. She said that the wind did it.", "Ada Berg"),
        ("“It was so,” said Ada Berg.\n\n“The wind did it,” she added.", "Ada Berg"),
        ("The council heard Ada Berg, who said that the wind did it.", "Ada Berg"),
        ("The spokesman said it was so. He added that the wind did it.", "The spokesman"),
        ("The fishers said it was so. They added that the wind did it.", "The fishers"),
        ("Some fishers say that the wind did it.", "Some fishers"),
        # Nobody in particular.
        ("Some say that the wind did it.", None),
        ("Many others claim that the wind did it.", None),
        ("Most people say that the wind did it.", None),
        ("The fishers said it was so. Some agreed that it was. They said it blew.", None),
        # Not the only one who may be meant, or not one whom the pronoun can mean.
        ("Ada Berg said it was so. Ola Dahl came in. He said that the wind did it.", None),
        ("Ada Berg said it was so. As she said that the wind did it, Ola Dahl left.", None),
        ("Ada Berg said it was so. On a visit, Ola Dahl spoke, and she said it was not.", None),
        ("Ada Berg said it was so. The minister left. She said that the wind did it.", None),
        ("Mrs. Berg said it was so. He said that the wind did it.", None),
        ("Lomvik said it was so. He said that the wind did it.", None),
        ("The council said it was so. She said that the wind did it.", None),
        ("The fishers said it was so. He said that the wind did it.", None),
        ("Ada Berg said it was so. They said that the wind did it.", None),
        ("The council said it was so. It said that the wind did it.", None),
        ("He said that the wind did it.", None),
    ],
)
def test_whom_a_pronoun_means(text: str, speaker: str | None) -> None:
    last = speeches(text)[-1]
    assert (last.speaker.exact if last.speaker else None) == speaker
    assert last.mention is not None


def test_a_sentence_that_the_splitter_cut_at_a_line_end_is_read_whole() -> None:
    text = "In a letter to\nthe mill, the mayor of South\nOstby said that it was so."
    document = document_of(text)
    cut = text.index("Ostby")
    halves = [Sentence(start=0, end=cut - 1), Sentence(start=cut, end=len(text))]
    document = document.model_copy(update={"sentences": tuple(halves)})
    (speech,) = speeches_in(document, cut, len(text))
    assert speech.mention is not None
    assert speech.mention.exact == "the mayor of South\nOstby"


def test_a_far_speaker_is_nobody_here() -> None:
    text = "Ada Berg said it was so.\n" + "The wind blew.\n" * 6 + "She said the wind did it.\n"
    assert names(text, "She said the wind did it.") == [None]


# Any text


@given(st.lists(st.one_of(ANY_TEXT, st.sampled_from([
    " said ", " Ada Berg said that ", "“", "”", '"', "‘", "’", ", ", ". ", "\n", "\r\n", " who ",
    "According to ", " he ", " added ", ": ", "Ms.", " and ", "(", ")", "'s", " claim that ",
])), max_size=30).map("".join), st.data())  # fmt: skip
def test_offsets_are_slices_and_lie_in_the_quote(text: str, data: st.DataObject) -> None:
    document = document_of(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for speech in speeches_in(document, start, end):
        for words in (speech.speaker, speech.mention, speech.cue):
            assert words is None or text[words.start : words.end] == words.exact
        edges = [edge for span in speech.reported for edge in (span.start, span.end)]
        assert edges
        assert start <= edges[0]
        assert edges[-1] <= end
        assert edges == sorted(set(edges))


def test_line_ends_and_marks_do_not_move_offsets() -> None:
    text = "👩\u200d🚀 e\u0301\r\n\r\nAda Be\u0301rg said that the mill was safe.\r\n"
    assert told(text) == [("Ada Be\u0301rg", "said", "that the mill was safe.")]


def test_other_languages_are_left_alone() -> None:
    text = "Ada Berg said that the mill was safe."
    assert speeches_in(document_of(text, "de"), 0, len(text)) == ()
    assert len(speeches_in(document_of(text, None), 0, len(text))) == 1


# Words


@pytest.mark.parametrize(
    ("mention", "head"),
    [
        ("President Ada Berg", "berg"),
        ("a spokesman for the ministry", "spokesman"),
        ("the ministry's spokesman", "spokesman"),
        ("Berg’s", "berg"),
        ("Ada Berg, a miller", "berg"),
        ("Sen. Ada Berg (Ostby)", "berg"),
        ("the man who burnt it", "man"),
        ("Ola Dahl Jr.", "dahl"),
        ("Berg herself", "berg"),
        ("Berg and Dahl", "berg"),
        ("he", "he"),
        ("the “herring men”", "men"),
        ("some", "some"),
        ("", ""),
        ("…", ""),
    ],
)
def test_the_head_of_a_mention(mention: str, head: str) -> None:
    assert head_of(mention) == head


@pytest.mark.parametrize(
    ("form", "verb"),
    [
        ("said", ("say", "past")),
        ("denies", ("deny", "s")),
        ("stressing", ("stress", "ing")),
        ("agreed", ("agree", "past")),
        ("wrote", ("write", "past")),
        ("claim", ("claim", "base")),
    ],
)
def test_forms_of_verbs(form: str, verb: tuple[str, str]) -> None:
    assert FORMS[form] == verb


# The benchmark


def test_the_benchmark_counts_sentences_and_speakers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Ada Berg said the mill was safe. Ola Dahl claimed that it burnt. Herring swim."

    def marked(source: str | None, content: str) -> dict[str, object]:
        start = text.index(content)
        part = [{"text": content, "spans": [[start, start + len(content)]]}]
        return {"source": [{"text": source}] if source else [], "content": part}

    everybody = {
        "one": [
            marked("Ada Berg", "the mill was safe"),
            marked("the herring", "swim"),
            marked(None, "it burnt"),
            {},
        ]
    }
    file = tmp_path / "a.jsonl"
    lines = [{"text": text, "annotations_by_annotator": everybody}, {"doc": "empty"}]
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    benchmark.main(file, as_json=True, wrong=0)
    figures = json.loads(capsys.readouterr().out)
    assert figures["precision"] == 1.0
    assert figures["recall"] == 0.5
    assert figures["precision_everywhere"] == 0.5
    assert figures["indirect"]["gold"] == 2
    assert figures["direct"]["gold"] == 0
