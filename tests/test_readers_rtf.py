from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SeedUnreadable
from rag.readers.rtf import read
from rag.records import Reading

SCRIPTS = "abé́ñ中日กא ب د🙂👩‍👩‍👧 .,—“”&<>{}\\"


def document(body: str, head: str = "") -> bytes:
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0 {head}{body}}}".encode("latin-1")


def escaped(text: str, fallback: str = "?") -> str:
    """As Word writes it: every character beyond ASCII in UTF-16, each unit with a fallback."""
    parts = []
    for character in text:
        if character in "{}\\":
            parts.append("\\" + character)
        elif character < "\x7f":
            parts.append(character)
        else:
            units = character.encode("utf-16-le")
            for place in range(0, len(units), 2):
                unit = int.from_bytes(units[place : place + 2], "little", signed=True)
                parts.append(f"\\u{unit}{fallback}")
    return "".join(parts)


def headings(reading: Reading) -> list[str]:
    return [reading.text[each.start : each.end] for each in reading.headings]


@given(
    st.lists(st.text(alphabet=SCRIPTS, max_size=30), max_size=6), st.sampled_from(["?", "\\'3f"])
)
def test_paragraphs_come_back(paragraphs: Sequence[str], fallback: str) -> None:
    expected = [" ".join(each.split()) for each in paragraphs if each.strip()]
    data = document(
        "".join(f"{{\\pard {escaped(each, fallback)}\\par}}\r\n" for each in paragraphs)
    )
    if expected:
        assert read(data, "a.rtf").text.split("\n\n") == expected
    else:
        with pytest.raises(SeedUnreadable, match="without text"):
            read(data, "a.rtf")


@pytest.mark.parametrize(
    ("charset", "encoding", "words"),
    [
        (0, "cp1252", "déjà vu — “so”"),
        (204, "cp1251", "Москва слезам не верит"),
        (128, "cp932", "東京都の表示ソ能"),
        (136, "cp950", "許功蓋"),
        (161, "cp1253", "Αθήνα"),
        (177, "cp1255", "שלום"),
    ],
)
def test_bytes_are_decoded_by_the_charset_of_their_font(
    charset: int, encoding: str, words: str
) -> None:
    fonts = f"{{\\fonttbl{{\\f0\\fcharset0 Times;}}{{\\f1\\fcharset{charset} Other;}}}}"
    coded = "".join(f"\\'{byte:02x}" for byte in words.encode(encoding))
    data = document(f"\\pard na\\'efve {{\\f1 {coded}}} na\\'efve\\par", fonts)
    assert read(data, "a.rtf").text == f"naïve {words} naïve"


def test_the_second_byte_of_a_character_may_be_written_plainly() -> None:
    fonts = "{\\fonttbl{\\f0\\fcharset128 Other;}}"
    assert read(document("\\f0 \\'83A", fonts), "a.rtf").text == "ア"


def test_the_code_page_of_the_document_counts_where_no_font_has_one() -> None:
    coded = "".join(f"\\'{byte:02x}" for byte in "Москва".encode("cp1251"))
    data = f"{{\\rtf1\\ansi\\ansicpg1251\\deff0{{\\fonttbl{{\\f0\\fcharset0 A;}}}}{coded}}}"
    assert read(data.encode(), "a.rtf").text == "Москва"
    raw = b"{\\rtf1\\ansi\\ansicpg1251 " + "Москва".encode("cp1251") + b"}"
    assert read(raw, "a.rtf").text == "Москва"


def test_unicode_fallbacks_of_any_length_are_skipped() -> None:
    body = "\\uc2 \\u1052\\'cc\\'cc\\u1080??x\\uc0\\u1088 y\\uc1 {\\u1084?}\\u8212-z"
    assert read(document(body), "a.rtf").text == "Миxрyм—z"


def test_headings_by_style_and_by_level() -> None:
    styles = (
        "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 heading 1;}{\\s2 Title;}"
        "{\\*\\cs3 \\additive Character Style;}{\\s4\\outlinelevel2 Mine;}}"
    )
    body = (
        "\\pard\\s2 On bridges\\par\\pard\\s1 Old ones\\par\\pard They stand.\\par"
        "{\\pard\\s4 New ones}\\par\\pard\\outlinelevel1 Others\\par\\pard They do not."
    )
    reading = read(document(body, styles), "a.rtf")
    assert reading.text.split("\n\n") == [
        "On bridges", "Old ones", "They stand.", "New ones", "Others", "They do not.",
    ]  # fmt: skip
    assert headings(reading) == ["On bridges", "Old ones", "New ones", "Others"]
    assert reading.metadata.title == "On bridges"


def test_metadata() -> None:
    info = (
        "{\\info{\\upr{\\title On br?dges}{\\*\\ud{\\title On br\\u239?dges}}}{\\author Ann \\'c9x}"
        "{\\operator Somebody}{\\creatim\\yr2020\\mo5\\dy1}{\\doccomm a comment}}"
    )
    reading = read(document("Text.", info), "a.rtf")
    assert reading.text == "Text."
    assert reading.metadata.model_dump(exclude_none=True) == {
        "title": "On brïdges",
        "author": "Ann Éx",
    }


def test_what_is_hidden_deleted_or_an_instruction_is_no_text() -> None:
    body = (
        "{\\header the head}{\\footer the foot}Seen{\\v  unseen}\\v  no\\v0  yes{\\deleted  gone}"
        "\\plain {\\*\\annotation a comment}"
        '{\\field{\\*\\fldinst HYPERLINK "http://a.org"}{\\fldrslt  linked}}'
        "{\\pict\\pngblip 89504e47}{\\*\\unknown\\foo what}"
        "{\\listtext 1.\\tab}{\\object{\\*\\objdata 00}}"
        "\\line on\\tab rock\\~bed co\\-op\\_x \\{a\\\\b\\} \\lquote q\\rquote\\emdash\\bullet\\par"
    )
    assert read(document(body), "a.rtf").text == "Seen yes linked\non rock bed coop‑x {a\\b} ‘q’—•"


def test_binary_data_is_skipped_by_its_length() -> None:
    data = document("{\\pict\\bin6 }}{{\\}}after")
    assert read(data, "a.rtf").text == "after"


def test_tables() -> None:
    lines = "one\\par two"
    row = "\\trowd\\pard\\intbl {}\\cell {}\\cell\\row "
    prose = "This cell holds a whole paragraph of prose, which is no cell of a table of figures."
    body = (
        f"Before.\\par {row.format('a', 'b')}{row.format('c', 'd')}\\pard After.\\par"
        f"{row.format(prose, lines)}\\pard End."
    )
    assert read(document(body), "a.rtf").text == (
        f"Before.\n\na\tb\nc\td\n\nAfter.\n\n{prose}\n\none\n\ntwo\n\nEnd."
    )


def test_notes_stand_at_the_end_and_boxes_after_their_paragraph() -> None:
    body = (
        "Said{\\super\\chftn{\\footnote\\pard\\chftn  By her.\\par And him.}} so"
        "{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt\\pard In the box.\\par}}"
        "{\\shprslt In the box.}}"
        ".\\par Next.\\par"
    )
    assert read(document(body), "a.rtf").text == (
        "Said so.\n\nIn the box.\n\nNext.\n\nBy her.\n\nAnd him."
    )


def test_what_comes_after_the_document_is_no_text() -> None:
    assert read(document("Text.") + b"\x00\x00{more}", "a.rtf").text == "Text."


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"plain text", b"{\\html1 x}"])
def test_what_is_no_rtf_is_refused(data: bytes) -> None:
    with pytest.raises(SeedUnreadable, match=r"a\.rtf: no RTF file"):
        read(data, "a.rtf")


def test_a_truncated_document_is_read_and_told() -> None:
    data = document(
        "\\pard One.\\par \\u8212?Two \\'e9.\\par", "{\\fonttbl{\\f0\\fcharset0 Times;}}"
    )
    whole = read(data, "a.rtf").text
    for length in range(len(data)):
        try:
            reading = read(data[:length], "a.rtf")
        except SeedUnreadable:
            continue
        assert [str(n) for n in reading.notices] == [
            "a.rtf: incomplete: it ends in the middle (get it again)"
        ]
        assert reading.text[:4] == whole[: len(reading.text)][:4]


def test_deep_groups_cost_no_stack() -> None:
    assert read(document("{" * 100_000 + "deep" + "}" * 100_000), "a.rtf").text == "deep"
