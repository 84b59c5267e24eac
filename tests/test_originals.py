"""A source's own address with a text fragment, as the specification has it."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.originals import original_at, site_of
from rag.records import Document, Source, Span
from tests.making import ANY_TEXT

ADDRESS = "https://mill.example/1"
PART = "[A-Za-z0-9_.~%]+"
FRAGMENT = re.compile(rf"(?:({PART})-,)?({PART})(?:,({PART}))?(?:,-({PART}))?")
"""`[prefix-,]start[,end][,-suffix]`, in which `-`, `,` and `&` stand only percent-encoded."""


def document_of(text: str, url: str = ADDRESS) -> Document:
    return Document(id="a.txt", text=text, sha256="", encoding="utf_8", source=Source(url=url))


def at(document: Document, exact: str, after: int = 0) -> str:
    start = document.text.index(exact, after)
    return original_at(document, Span(start=start, end=start + len(exact)))


@pytest.mark.parametrize(
    ("exact", "fragment"),
    [
        ("The mill burnt down.", "The%20mill%20burnt%20down."),
        ("Not-so-long, & <so>?", "Not%2Dso%2Dlong%2C%20%26%20%3Cso%3E%3F"),
        ("Élan 👩\u200d🚀", "%C3%89lan%20%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80"),
        ("two  spaces\tand a tab", "two%20spaces%20and%20a%20tab"),
        ("over\r\ntwo lines", "over,two%20lines"),
        (" ".join(f"w{n}" for n in range(99)), "w0%20w1%20w2%20w3%20w4%20w5,{last}"),
        ("x" * 400, "x" * 400),
        ("a b " + "x" * 400, "a%20b%20" + "x" * 400),
    ],
)
def test_the_words_are_a_text_fragment(exact: str, fragment: str) -> None:
    last = "w93%20w94%20w95%20w96%20w97%20w98"
    document = document_of(f"Before it. {exact} After it.")
    assert at(document, exact) == f"{ADDRESS}#:~:text={fragment.format(last=last)}"


def test_words_that_stand_twice_are_told_apart_by_what_stands_beside_them() -> None:
    text = (
        "The old miller of Ostby went on and was seen. He was seen."
        " It rained all through that April.\n"
        "She stayed.\nHe was seen.\nThe sun shone.\n"
    )
    document = document_of(text)
    assert at(document, "He was seen.").partition("text=")[2] == (
        "Ostby%20went%20on%20and%20was%20seen.-,He%20was%20seen.,-It%20rained%20all%20through%20that"
    )
    assert at(document, "He was seen.", after=60).partition("text=")[2] == (
        "She%20stayed.-,He%20was%20seen.,-The%20sun%20shone."
    )
    assert at(document_of("So. So."), "So.").endswith("text=So.,-So.")


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        ("http://mill.example", "http://mill.example#:~:text=So."),
        ("https://mill.example/?a=b&c", "https://mill.example/?a=b&c#:~:text=So."),
        ("https://mill.example/#part", "https://mill.example/#part:~:text=So."),
        ("https://mill.example/#:~:text=no", "https://mill.example/#:~:text=So."),
        ("HTTPS://mill.example/", "HTTPS://mill.example/#:~:text=So."),
    ],
)
def test_the_address_keeps_its_own_fragment(url: str, begins: str) -> None:
    assert at(document_of("So.", url), "So.") == begins


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "Vol. 3, p. 7",
        "javascript:alert(1)",
        "JavaScript://mill.example/%0aalert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "ftp://mill.example/",
        "//mill.example/",
        "https:mill.example",
        "https:///path",
        "https://mill.example/\n",
        "https://mill.example/a b",
        "https://mill.example/\x00",
        "https://mill.example/\x9f",
        "https://mill.example\\@evil.example/",
        "https://mill.example@evil.example/",
        "https://mill.example/\u202etxt",
        "https://mi\u200bll.example/",
        "https://[mill.example/",
        " https://mill.example/",
    ],
)
def test_no_other_address_is_ever_a_link(address: str | None) -> None:
    assert site_of(address) == ""
    document = document_of("So.").model_copy(update={"source": Source(url=address)})
    assert original_at(document, Span(start=0, end=3)) == original_at(document, None) == ""


def test_without_a_quote_it_is_the_address_as_it_is_told() -> None:
    assert original_at(document_of("So.", f"{ADDRESS}#part"), None) == f"{ADDRESS}#part"


def test_where_an_address_leads_is_its_host() -> None:
    assert site_of("https://www.Mill.example:8080/a#b") == "www.mill.example"
    assert site_of("http://[::1]/") == "::1"


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT, data=st.data())
def test_any_quote_makes_a_fragment_whose_terms_stand_in_the_text(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    made = original_at(document_of(text), Span(start=start, end=end))
    assert made.startswith(f"{ADDRESS}#:~:text=")
    assert made.isascii()
    found = FRAGMENT.fullmatch(made.partition("text=")[2])
    assert found, made
    before, first, last, after = (unquote(each or "") for each in found.groups())
    words = " ".join(text[start:end].split())
    assert words.startswith(first)
    assert words.endswith(last)
    assert before in " ".join(text[:start].split())
    assert after in " ".join(text[end:].split())
