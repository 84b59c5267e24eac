from pathlib import Path

import pytest

from rag.errors import SeedUnreadable
from rag.readers.xml import parse_xml, tag_of


def laughing(levels: int) -> bytes:
    laughs = "".join(
        f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol'}'>" for n in range(levels)
    )
    return f"<!DOCTYPE a [{laughs}]><a>x<b>&l{levels - 1};</b>y</a>".encode()


def test_an_entity_gives_no_text() -> None:
    root = parse_xml(laughing(1), "a.docx")
    assert "".join(each.text or "" for each in root.iter() if tag_of(each)) == "x"
    assert [tag_of(each) for each in root.iter()] == ["a", "b", ""]


def test_an_entity_bomb_is_refused() -> None:
    with pytest.raises(SeedUnreadable, match="amplification"):
        parse_xml(laughing(9), "a.docx")


def test_an_external_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    (tmp_path / "a.dtd").write_text("<!ENTITY told 'do not tell'>")
    markup = (
        f"<!DOCTYPE a SYSTEM '{tmp_path / 'a.dtd'}' [<!ENTITY s SYSTEM '{secret.as_uri()}'>]>"
        "<a>&s;&told;</a>"
    )
    root = parse_xml(markup.encode(), "a.docx")
    assert "do not tell" not in "".join(str(text) for text in root.itertext())
    assert [tag_of(each) for each in root] == ["", ""]


@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"<a><b></a>", b"PK\3\4", b"<a>" * 300 + b"</a>" * 300]
)
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(SeedUnreadable, match=r"a\.docx: its part word/document\.xml is damaged"):
        parse_xml(data, "a.docx", "word/document.xml")
