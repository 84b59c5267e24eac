from pathlib import Path

import pytest
import Stemmer

from rag.encoder import Encoder
from rag.index.build import build
from rag.languages import STEMMERS, detect, likeliest, primary, stemmer_of
from rag.settings import Settings
from tests.making import assert_verbatim, opened, settings_for

HARBOURS = {
    "en": (
        "The town council closed the harbour to trawlers, and said that the herring would come"
        " back within a decade. Nobody asked the fishers."
    ),
    "de": (
        "Der Stadtrat verkaufte die Boote der Fischer, und niemand fragte sie vorher. Die Kapitäne"
        " z. B. bekamen vom Erlös nichts, sagte Dr. Weber später."
    ),
    "ru": (
        "Городской совет построил новую плотину на реке, и она прорвалась через год. Крестьяне"
        " потеряли урожай и уехали в город."
    ),
    "hy": "Քաղաքի խորհուրդը փակեց նավահանգիստը և ասաց, որ ձուկը կվերադառնա տասը տարի անց։",
    "az": "Şəhər şurası limanı traulerlər üçün bağladı və siyənəyin qayıdacağını söylədi.",
    "ar": "أغلق مجلس المدينة الميناء أمام سفن الصيد وقال إن الأسماك ستعود خلال عشر سنوات",
}


@pytest.mark.parametrize(("code", "text"), HARBOURS.items())
def test_the_language_of_a_text_is_told(code: str, text: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize("text", ["", "Hallo", "1,275 3.5 1992 " * 20, "KLO, PKK, EU, UN, USA"])
def test_too_few_letters_tell_nothing(text: str) -> None:
    assert detect(text) is None


def test_most_of_a_text_decides_not_its_beginning() -> None:
    assert detect(HARBOURS["ru"] + "\n" + HARBOURS["en"] * 20) == "en"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("When was the harbour closed?", "english"),
        ("Wann wurde der Hafen geschlossen?", "german"),
        ("Когда построили плотину?", "russian"),
        ("KLO?", "english"),
    ],
)
def test_a_question_is_in_the_likeliest_language_of_the_library(
    question: str, language: str
) -> None:
    assert likeliest(question, {"german": 20, "english": 100, "russian": 5}) == language


@pytest.mark.parametrize("question", ["Aliyev?", "Armenia 2020", "Srebrenica", "budget 2020"])
def test_a_few_names_are_in_the_language_of_most_of_the_library(question: str) -> None:
    counts = {"norwegian": 99, "english": 100, "french": 99, "german": 99}
    assert likeliest(question, counts) == "english"


def test_a_library_in_one_language_hears_all_questions_in_it() -> None:
    assert likeliest("Когда построили плотину?", {"english": 3}) == "english"


def test_what_tells_nothing_is_in_the_language_of_most_of_the_library() -> None:
    assert likeliest("12?", {"german": 20, "english": 100}) == "english"
    assert likeliest("12?", {"german": 100, "english": 20}) == "german"


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "en"), ("en-GB", "en"), ("pt_BR", "pt"), ("", None), (None, None)]
)
def test_the_primary_part_of_a_tag(tag: str | None, code: str | None) -> None:
    assert primary(tag) == code


def test_every_stemmer_is_one_that_there_is() -> None:
    assert set(STEMMERS.values()) <= set(Stemmer.algorithms())
    assert stemmer_of("de", "english") == "german"
    assert stemmer_of("az", "english") == stemmer_of(None, "english") == "english"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    files = {f"{code}.txt": text for code, text in HARBOURS.items()}
    return settings_for(tmp_path_factory.mktemp("mixed"), files)


def test_sentences_and_stems_follow_the_language_of_each_document(
    mixed: Settings, quick_encoder: Encoder
) -> None:
    build(mixed, quick_encoder)
    library = opened(mixed, quick_encoder)
    documents = library.documents
    assert {name: each.language for name, each in documents.items()} == {
        f"{code}.txt": code for code in HARBOURS
    }
    german = documents["de.txt"]
    assert [german.text[s.start : s.end] for s in german.sentences] == [
        "Der Stadtrat verkaufte die Boote der Fischer, und niemand fragte sie vorher.",
        "Die Kapitäne z. B. bekamen vom Erlös nichts, sagte Dr. Weber später.",
    ]
    lexical = library.generation.lexical
    numbers = {passage.document: passage.number for passage in library.generation.texts.passages}
    assert lexical.holding(Stemmer.Stemmer("german").stemWord("booten")).tolist() == [
        numbers["de.txt"]
    ]
    assert lexical.holding(Stemmer.Stemmer("russian").stemWord("плотиной")).tolist() == [
        numbers["ru.txt"]
    ]


@pytest.mark.usefixtures("always_answers")
@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Wer verkauft Boote?", "de"),
        ("Что с плотинами на реках?", "ru"),
        ("Who closed harbours?", "en"),
    ],
)
def test_a_local_model_is_a_setting_and_questions_find_their_language_by_stems(
    mixed: Settings, tiny_model: Path, question: str, code: str
) -> None:
    settings = mixed.model_copy(
        update={"model": str(tiny_model), "index": mixed.index.parent / "tiny"}
    )
    tiny = Encoder.load(settings.model)
    if not settings.index.exists():
        build(settings, tiny)
    answer = opened(settings, tiny).ask(question)
    assert answer.citations[0].document == f"{code}.txt"
    assert_verbatim(answer.citations, settings.seeds)
