import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers import MODULES
from rag.readers.text import read

RUSSIAN = (
    "Плотина была построена в тысяча восемьсот десятом году. Никто не пострадал, когда она"
    " прорвалась, но мост унесло, и нижний город одиннадцать дней жил в школе."
)
GERMAN = (
    "Der Müller von Köln sagte: „Die Brücke über den Fluß ist schön.“ Später fügte er hinzu, daß"
    " die Straße für Fußgänger gesperrt wäre, weil das Wasser höher stünde als im März."
)
FRENCH = (
    "Le préfet a déclaré que l’été serait sec. Les élèves étaient déjà partis à la campagne –"
    " « même les plus âgés » –, où l’eau manquait. La crue a emporté le pont près du château."
)
ENGLISH = (
    "The dam – built in 1810 – broke “without warning”, said the mayor’s clerk. It cost the town"
    " £40 to mend, and the café beside it was never opened again."
)


def test_text_and_markdown_have_this_reader() -> None:
    assert MODULES[".txt"] == MODULES[".md"] == "text"


@pytest.mark.parametrize(
    ("mark", "codec", "named"),
    [
        (b"", "utf_8", "utf_8"),
        (codecs.BOM_UTF8, "utf_8", "utf_8_sig"),
        (codecs.BOM_UTF16_LE, "utf_16_le", "utf_16"),
        (codecs.BOM_UTF16_BE, "utf_16_be", "utf_16"),
        (codecs.BOM_UTF32_LE, "utf_32_le", "utf_32"),
        (codecs.BOM_UTF32_BE, "utf_32_be", "utf_32"),
    ],
)
@pytest.mark.parametrize("text", ["", "Rye – «рожь» 🌾", GERMAN, "a\r\nb\rc\n\u2028d"])
def test_a_marked_file_or_utf_8_is_read_exactly_and_without_the_mark(
    mark: bytes, codec: str, named: str, text: str
) -> None:
    decoded = read(mark + text.encode(codec), "a.txt")
    assert (decoded.text, decoded.encoding, decoded.notices) == (text, named, ())


@settings(deadline=None, max_examples=200)
@given(
    text=st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff"),
        max_size=200,
    ),
    codec=st.sampled_from(["utf_8", "utf_8_sig", "utf_16", "utf_32"]),
)
def test_the_text_is_the_decoded_file_with_its_line_ends(text: str, codec: str) -> None:
    assert read(text.encode(codec), "a.txt").text == text


@pytest.mark.parametrize(
    ("text", "codec"),
    [(RUSSIAN, "cp1251"), (GERMAN, "cp1252"), (FRENCH, "cp1252"), (ENGLISH, "cp1252")],
    ids=["russian", "german", "french", "english"],
)
def test_a_windows_encoding_is_recognised_and_told(text: str, codec: str) -> None:
    decoded = read(text.encode(codec), "old.txt")
    (notice,) = decoded.notices
    assert decoded.text == text
    assert text.encode(decoded.encoding) == text.encode(codec)
    assert notice.file == "old.txt"
    assert f"read as {decoded.encoding}" in notice.message
    assert "UTF-8" in notice.remedy


@pytest.mark.parametrize(
    "data",
    [
        b"plain words\0and a NUL",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\xfd",
        "one\0two".encode("utf_16"),
        b"\x80\0\xff\0" * 50,
        bytes(range(128, 256)) * 8,
        # UTF-16 with a mark and half a character at its end
        codecs.BOM_UTF16_LE + "rye".encode("utf_16_le")[:-1],
    ],
    ids=["nul", "png", "utf-16 nul", "bytes", "high bytes", "half a character"],
)
def test_what_is_no_text_is_refused_by_name_with_a_remedy(data: bytes) -> None:
    with pytest.raises(SeedUnreadable, match=r"^odd\.txt: ") as caught:
        read(data, "odd.txt")
    assert "UTF-8" in caught.value.remedy


@settings(deadline=None, max_examples=100)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_faithfully_or_refused(data: bytes) -> None:
    try:
        decoded = read(data, "a.txt")
    except SeedUnreadable:
        return
    assert decoded.text == data.decode(decoded.encoding)
    assert "\0" not in decoded.text
