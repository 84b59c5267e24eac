import pytest

from rag.readers import stated


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "  ",
        "Untitled",
        "untitled-1",
        "Untitled Document",
        "Microsoft Word - x.doc",
        "report.docx",
        "Document1",
        "Blank Document",
        "(anonymous)",
        "python-docx",
        "PowerPoint Presentation",
        "1",
        "---",
        "x" * 301,
        "\x00\x01",
    ],
)
def test_titles_that_say_nothing(value: str | None) -> None:
    assert stated.title(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "War and Peace",
        "Microsoft Word is dying",
        "A document",
        "Title IX",
        "The Unknown Soldier",
        "Документ о мире",
        "1984: a report",
        "Acrobatics",
    ],
)
def test_titles_that_are_some(value: str) -> None:
    assert stated.title(f"\n {value}\t") == value


@pytest.mark.parametrize(
    "value", ["python-docx", "User", "Microsoft Office User", "admin", "", "…", "(unspecified)"]
)
def test_names_of_nobody(value: str) -> None:
    assert stated.person(value) is None


@pytest.mark.parametrize("value", ["Jane Doe", "Root, Anna", "田中", "Jane Doe; John Roe"])
def test_names_of_somebody(value: str) -> None:
    assert stated.person(value) == value


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2020", "2020"),
        ("2020-05", "2020-05"),
        ("2020-05-17T10:00:00Z", "2020-05-17"),
        ("2020-02-30", None),
        ("2020-13", None),
        ("0000", None),
        ("20200517", "2020-05-17"),
        ("2020/05/17 10:00", "2020-05-17"),
        ("17 May 2020", "2020-05-17"),
        ("Sunday, 7th September, 2020", "2020-09-07"),
        ("Sept. 7, 2020", "2020-09-07"),
        ("Sun, 17 May 2020 10:00:00 GMT", "2020-05-17"),
        ("May 2020", None),
        ("5/6/2020", None),
        ("1589707800", None),
        ("202005171200", None),
        (20200517, "2020-05-17"),
        (None, None),
    ],
)
def test_dates(value: object, date: str | None) -> None:
    assert stated.published(value) == date


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("Tue, 01 Dec 2020 23:59:01 -0800", "2020-12-01"),
        ("1 Jan 99 00:00 GMT", "1999-01-01"),
        ("soon", None),
        (None, None),
    ],
)
def test_the_day_of_a_mail(value: str | None, day: str | None) -> None:
    assert stated.sent(value) == day


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" HTTP://example.org ", "HTTP://example.org"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("http://", None),
        ("https:///a", None),
        ("http://a b", None),
        ("urn:isbn:1", None),
    ],
)
def test_addresses_are_those_of_the_web(value: str, address: str | None) -> None:
    assert stated.address(value) == address


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("en", "en"),
        ("en_GB", "en-GB"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("und", None),
        ("x-none", None),
        ("English!", None),
        ("", None),
    ],
)
def test_languages(value: str, language: str | None) -> None:
    assert stated.language(value) == language
