import hashlib
from datetime import date
from pathlib import Path

import pytest

from rag.catalogue import (
    Catalogue,
    collections_of,
    described,
    means_none,
    orphans,
    read_catalogue,
)
from rag.errors import CatalogueError
from rag.readers.folder import seed_files
from rag.records import (
    UNLABELLED,
    AssignedPerspective,
    Document,
    FormerLabel,
    Metadata,
    Notice,
    Perspective,
)
from rag.wording.language import LANGUAGES, say, spoken
from tests.conftest import SEEDS

# The line numbers in the tests below are those of this text.
WHOLE = """\
[perspectives.for-the-dam]
label = "For the dam"
description = "Argues that the dam should be built"

[perspectives."against the dam"]
label = "Against the dam"

[[sources]]
file = "hills/dam.txt"
title = "The dam"
author = "Ana Ruiz"
publisher = "The Valley Post"
published = 1998-05-06
url = "https://example.org/dam"
language = "en"
kind = "opinion"
origin = "a scan"
perspective = "for-the-dam"
basis = "It asks for the dam in its own voice."
basis_quote = "Build it now."
assigned_by = "the editors"
assigned_on = 2024-01-02

[sources.inferred]
author = "signed A. R."

[[sources]]
file = "river.md"
published = 1999

[questions]
ask = ["Who wants the dam?", " Who does not? ", "  "]
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "sources.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def document(name: str, text: str = "Build it now. Or never.") -> Document:
    return Document(id=name, text=text, sha256="", encoding="utf_8")


def told(catalogue: Catalogue) -> list[tuple[int | None, str]]:
    """Line and message of each notice; all of them name the file."""
    assert all(notice.file == "sources.toml" for notice in catalogue.notices)
    return [(notice.line, notice.message) for notice in catalogue.notices]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_whole_catalogue_is_read_without_a_notice(tmp_path: Path, end: str, mark: str) -> None:
    catalogue = read_catalogue(written(tmp_path, mark + WHOLE.replace("\n", end)))
    assert catalogue.notices == ()
    assert catalogue.perspectives == (
        Perspective(
            id="for-the-dam",
            label="For the dam",
            description="Argues that the dam should be built",
        ),
        Perspective(id="against the dam", label="Against the dam"),
    )
    assert catalogue.questions == ("Who wants the dam?", "Who does not?")
    source = catalogue.source_of("hills/dam.txt")
    assert source.model_dump(exclude={"perspective"}) == {
        "title": "The dam",
        "author": "Ana Ruiz",
        "publisher": "The Valley Post",
        "published": "1998-05-06",
        "url": "https://example.org/dam",
        "language": "en",
        "kind": "opinion",
        "origin": "a scan",
        "inferred": {"author": "signed A. R."},
        "from_file": (),
    }
    assert source.perspective == AssignedPerspective(
        id="for-the-dam",
        label="For the dam",
        basis="It asks for the dam in its own voice.",
        basis_quote="Build it now.",
        assigned_by="the editors",
        assigned_on=date(2024, 1, 2),
    )


def test_the_line_of_each_key_is_known(tmp_path: Path) -> None:
    lines = read_catalogue(written(tmp_path, WHOLE)).lines
    expected = {
        number: line.split(" = ")[0]
        for number, line in enumerate(WHOLE.splitlines(), start=1)
        if 9 <= number <= 22
    }
    found = {number: key for key, number in lines["hills/dam.txt"].items() if key != "inferred"}
    assert found == expected
    assert lines["river.md"] == {"file": 28, "published": 29}


def test_an_integer_year_is_a_date_of_publication(tmp_path: Path) -> None:
    source = read_catalogue(written(tmp_path, WHOLE)).source_of("river.md")
    assert source.published == "1999"
    assert source.perspective == AssignedPerspective(id=UNLABELLED, label="Unlabelled")


@pytest.mark.parametrize("value", ['"2017"', '"2017-02"', '"2017-02-26"', "2017", "2017-02-26"])
def test_a_day_a_month_or_a_year_is_a_date(tmp_path: Path, value: str) -> None:
    text = f'[[sources]]\nfile = "a.txt"\npublished = {value}\n'
    catalogue = read_catalogue(written(tmp_path, text))
    assert catalogue.notices == ()
    assert catalogue.source_of("a.txt").published == value.strip('"')


@pytest.mark.parametrize(
    "value",
    [
        '"May 2017"',
        '"2017-13"',
        '"2017-02-30"',
        '"17"',
        "17",
        "true",
        "2017-02-26T10:00:00",
        '"2017-2"',
        '"2017-02-26-01"',
        '"0000"',
        '""',
        "20.17",
        "10:00:00",
    ],
)
def test_anything_else_is_no_date_and_costs_that_value_alone(tmp_path: Path, value: str) -> None:
    text = f'[[sources]]\nfile = "a.txt"\npublished = {value}\ntitle = "The dam"\n'
    catalogue = read_catalogue(written(tmp_path, text))
    ((line, message),) = told(catalogue)
    assert line == 3
    assert "'published'" in message
    assert "a.txt" in message
    assert catalogue.source_of("a.txt").published is None
    assert catalogue.source_of("a.txt").title == "The dam"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "//example.org",
        "https://",
        "https:///x",
        "example.org",
        " https://example.org",
        "https://a b",
        "x\\nhttps://a.b",
    ],
)
def test_an_address_that_is_not_of_the_web_is_left_out(tmp_path: Path, url: str) -> None:
    text = f'[[sources]]\nfile = "a.txt"\n\nurl = "{url}"\n'
    catalogue = read_catalogue(written(tmp_path, text))
    assert told(catalogue) == [
        (4, "source 'a.txt', 'url': an address begins with https:// or http://")
    ]
    assert catalogue.source_of("a.txt").url is None


SLIPS: list[tuple[str, str, list[tuple[int | None, str]]]] = [
    (
        "unknown key of a source",
        '[[sources]]\nfile = "a.txt"\ntitel = "x"\n',
        [(3, "source 'a.txt', 'titel': unknown key")],
    ),
    (
        "unknown quoted key of a source",
        '[[sources]]\nfile = "a.txt"\n"titel" = "x"\n',
        [(3, "source 'a.txt', 'titel': unknown key")],
    ),
    (
        "wrong type",
        '[[sources]]\nfile = "a.txt"\ntitle = 7\n',
        [(3, "source 'a.txt', 'title': Input should be a valid string")],
    ),
    (
        "two slips in the second entry",
        '[[sources]]\nfile = "a.txt"\n\n[[sources]]\nfile = "b.txt"\ntitle = 7\nurl = "x"\n',
        [
            (6, "source 'b.txt', 'title': Input should be a valid string"),
            (7, "source 'b.txt', 'url': an address begins with https:// or http://"),
        ],
    ),
    (
        "no file",
        '# a comment\n[[sources]]\ntitle = "x"\n',
        [
            (
                2,
                (
                    "source 'without a file', 'file': is missing, and without it the entry says"
                    " nothing"
                ),
            )
        ],
    ),
    (
        "file is a number",
        '[[sources]]\nfile = 3\ntitle = "x"\n',
        [(2, "source 3, 'file': Input should be a valid string")],
    ),
    (
        "undeclared perspective",
        (
            '[perspectives.b]\nlabel = "B"\n[[sources]]\nfile = "a.txt"\nperspective = "c"\n'
            'basis = "x"\n'
        ),
        [
            (
                5,
                (
                    "source 'a.txt': no perspective 'c' is declared (declared: b), so it shows as"
                    " Unlabelled"
                ),
            )
        ],
    ),
    (
        "label without basis",
        '[perspectives.b]\nlabel = "B"\n[[sources]]\nfile = "a.txt"\nperspective = "b"\n',
        [(5, "source 'a.txt': its label has no basis")],
    ),
    (
        "second entry for a file",
        '[[sources]]\nfile = "a.txt"\n[[sources]]\ntitle = "x"\nfile = "a.txt"\n',
        [(5, "a second entry for 'a.txt'; the one in line 2 holds")],
    ),
    (
        "reserved perspective",
        '[perspectives.a]\nlabel = "A"\n[perspectives.unlabelled]\nlabel = "None"\n',
        [(3, "the perspective id 'unlabelled' is reserved")],
    ),
    (
        "perspective whose id is no name",
        '[perspectives."<b>"]\nlabel = "A"\n',
        [(1, "the perspective id '<b>' holds more than letters, digits, spaces, - and _")],
    ),
    (
        "unknown key of a perspective",
        '[perspectives.a]\nlabel = "A"\ncolour = "red"\n',
        [(3, "perspective 'a', 'colour': unknown key")],
    ),
    (
        "perspective without label",
        '\n[perspectives.a]\ndescription = "A"\n',
        [(2, "perspective 'a' has no label")],
    ),
    (
        "perspective with an empty label",
        '[perspectives.a]\nlabel = ""\n',
        [(1, "perspective 'a' has no label")],
    ),
    (
        "sources is one table",
        '\n[sources]\nfile = "a.txt"\n',
        [(2, "`sources` is not a list")],
    ),
    (
        "unknown key at the top",
        'colour = "red"\n',
        [(1, "unknown table or key 'colour'")],
    ),
    (
        "unknown table",
        '\n[source]\nfile = "a.txt"\n',
        [(2, "unknown table or key 'source'")],
    ),
    (
        "unknown list of tables",
        '\n\n[[source]]\nfile = "a.txt"\n',
        [(3, "unknown table or key 'source'")],
    ),
    (
        "perspectives is no table",
        "\nperspectives = 3\n",
        [(2, "'perspectives' is not a table")],
    ),
    (
        "questions is no table",
        'questions = ["a?"]\n',
        [(1, "'questions' is not a table")],
    ),
    (
        "unknown key of the questions",
        '\n[questions]\nasked = ["a?"]\n',
        [(2, "unknown key 'asked' in [questions]")],
    ),
    (
        "one question without a list",
        '\n[questions]\nask = "a?"\n',
        [(2, "`ask` is not a list of questions")],
    ),
    (
        "a question that is no text",
        '\n[questions]\nask = ["a?", 3]\n',
        [(2, "`ask` is not a list of questions")],
    ),
    (
        "inferred names no field",
        '[[sources]]\nfile = "a.txt"\ninferred = { colour = "x" }\n',
        [(3, "source 'a.txt', 'inferred.colour': unknown key")],
    ),
    (
        "no list of lines",
        '[[sources]]\nfile = "a.txt"\nkeep = 12\n',
        [(3, "source 'a.txt', 'keep': write a list of lines: [[12, 18], 40]")],
    ),
    (
        "lines from the last to the first",
        '[[sources]]\nfile = "a.txt"\ndrop = [1, [9, 3]]\n',
        [
            (
                3,
                (
                    "source 'a.txt', 'drop': [9, 3] is no line, from 1, nor the first and the last"
                    " of several"
                ),
            )
        ],
    ),
    (
        "a line both kept and dropped",
        '[[sources]]\nfile = "a.txt"\nkeep = [[1, 9]]\ndrop = [20, [4, 30]]\n',
        [(4, "source 'a.txt': line 4 is named in `keep` and in `drop`, so it is kept")],
    ),
    (
        "reviewed by nobody",
        (
            '[perspectives.b]\nlabel = "B"\n[[sources]]\nfile = "a.txt"\nperspective = "b"\n'
            'basis = "x"\nreviewed_on = 2024-01-02\n'
        ),
        [(7, "source 'a.txt': its label was reviewed, but nobody is named who did it")],
    ),
    (
        "reviewed without a label",
        '[[sources]]\nfile = "a.txt"\nreviewed_by = "Ana"\n',
        [(2, "source 'a.txt': a basis, but no perspective")],
    ),
    (
        "former labels with slips",
        (
            '[[sources]]\nfile = "a.txt"\n\n[sources.inferred]\nauthor = "x"\n\n'
            '[[sources.history]]\nperspective = "b"\nuntil = "May"\n\n'
            "[[sources.history]]\nuntil = 2024-01-02\n"
        ),
        [
            (
                9,
                "source 'a.txt', history, 'until': write a day (2017-02-26)",
            ),
            (
                11,
                (
                    "source 'a.txt', history, 'perspective': is missing, and without it the entry"
                    " says nothing"
                ),
            ),
        ],
    ),
    (
        "former labels that are no list",
        '[[sources]]\nfile = "a.txt"\nhistory = "none"\n',
        [(3, "source 'a.txt': `history` is not a list")],
    ),
    (
        "a former label that is no table",
        '[[sources]]\nfile = "a.txt"\nhistory = ["b"]\n',
        [(3, "source 'a.txt', history is not a table")],
    ),
    (
        "collection with slips",
        (
            '[[collections]]\nfile = "a.csv"\ntext = "body"\nheadline = "h"\n'
            '[[collections]]\nfile = "a.csv"\n[[collections]]\nurl = ""\n'
        ),
        [
            (4, "collection 'a.csv', 'headline': unknown key"),
            (6, "a second entry for 'a.csv'; the one in line 2 holds"),
            (
                7,
                (
                    "collection 'without a file', 'file': is missing, and without it the entry"
                    " says nothing"
                ),
            ),
            (8, "collection 'without a file', 'url': String should have at least 1 character"),
        ],
    ),
    (
        "a label that reads as none",
        '[perspectives.a]\nlabel = "UNLABELLED "\n[perspectives.b]\nlabel = "Без  метки"\n',
        [
            (1, "the label 'UNLABELLED ' is what sources without one show"),
            (3, "the label 'Без  метки' is what sources without one show"),
        ],
    ),
    (
        "collections is one table",
        '\n[collections]\nfile = "a.csv"\n',
        [(2, "`collections` is not a list")],
    ),
    (
        "after a value of several lines",
        '[[sources]]\nfile = "a.txt"\ntitle = """\none\ntwo"""\nurl = "x"\n',
        [(6, "source 'a.txt', 'url': an address begins with https:// or http://")],
    ),
]


@pytest.mark.parametrize(("text", "notices"), [s[1:] for s in SLIPS], ids=[s[0] for s in SLIPS])
def test_a_slip_is_told_with_its_line(
    tmp_path: Path, text: str, notices: list[tuple[int | None, str]]
) -> None:
    assert told(read_catalogue(written(tmp_path, text))) == notices


@pytest.mark.parametrize("text", [s[1] for s in SLIPS], ids=[s[0] for s in SLIPS])
def test_every_slip_comes_with_a_remedy(tmp_path: Path, text: str) -> None:
    assert all(notice.remedy for notice in read_catalogue(written(tmp_path, text)).notices)


# TOML itself allows no [[sources]] after [sources].
@pytest.mark.parametrize("text", [s[1] for s in SLIPS if "is one table" not in s[0]])
def test_a_slip_does_not_stop_the_entry_that_follows(tmp_path: Path, text: str) -> None:
    more = '\n[[sources]]\nfile = "more.txt"\ntitle = "More"\n'
    assert read_catalogue(written(tmp_path, text + more)).source_of("more.txt").title == "More"


def test_a_slip_below_inferred_is_told_with_its_own_line_and_costs_that_value_alone(
    tmp_path: Path,
) -> None:
    text = (
        '[[sources]]\nfile = "a.txt"\npublished = 1999\nauthor = "Ana Ruiz"\n\n'
        '[sources.inferred]\npublished = "a guess"\nauthor = 3\n'
    )
    catalogue = read_catalogue(written(tmp_path, text))
    ((line, _),) = told(catalogue)
    assert line == 8
    assert catalogue.source_of("a.txt").inferred == {"published": "a guess"}


def test_a_source_in_an_inline_table_gets_no_wrong_line(tmp_path: Path) -> None:
    text = '\nsources = [{ file = "a.txt", perspective = "b" }, { file = "a.txt" }]\n'
    notices = told(read_catalogue(written(tmp_path, text)))
    assert len(notices) == 2
    assert {line for line, _ in notices} <= {None, 2}


def test_the_first_of_two_entries_holds(tmp_path: Path) -> None:
    text = (
        '[[sources]]\nfile = "a.txt"\ntitle = "First"\n[[sources]]\nfile = "a.txt"\n'
        'title = "Second"\n'
    )
    assert read_catalogue(written(tmp_path, text)).source_of("a.txt").title == "First"


def test_an_undeclared_perspective_shows_as_unlabelled(tmp_path: Path) -> None:
    text = '[[sources]]\nfile = "a.txt"\nperspective = "x"\nbasis = "y"\nassigned_by = "z"\n'
    source = read_catalogue(written(tmp_path, text)).source_of("a.txt")
    assert source.perspective == AssignedPerspective()


def test_the_reserved_perspective_is_not_declared(tmp_path: Path) -> None:
    text = '[perspectives.unlabelled]\nlabel = "x"\n[perspectives.a]\nlabel = "A"\n'
    assert [p.id for p in read_catalogue(written(tmp_path, text)).perspectives] == ["a"]


def test_what_stands_in_place_of_a_label_is_none_in_every_language() -> None:
    for language in LANGUAGES:
        with spoken(language):
            assert means_none(f" {say('unlabelled').upper()}")
    assert not means_none("Labelled")


@pytest.mark.parametrize(
    ("name", "title"), [("dam.txt", "dam.txt"), ("hills/deep/dam.md", "dam.md")]
)
def test_a_document_without_entry_is_titled_by_its_file_name_and_unlabelled(
    name: str, title: str
) -> None:
    source = Catalogue().source_of(name)
    assert source.title == title
    assert source.perspective.label == "Unlabelled"


def test_a_folder_without_a_catalogue_has_an_empty_one(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path / "sources.toml") == Catalogue()


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_catalogue_has_nothing_to_tell(tmp_path: Path, text: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert read_catalogue(written(tmp_path, text)) == Catalogue(sha256=digest)


@pytest.mark.parametrize(
    "text",
    [
        b"[perspectives.a]\nlabel = \n",
        b'[perspectives.a]\nlabel = "x" y\n',
        b'[[sources]]\nfile = "a" b\n',
        b'# comment\nlabel = "caf\xe9"\n',
        b'# comment\nlabel = "NUL \x00"\n',
        b"a = 1\na = 2\n",
    ],
    ids=["no value", "two values", "junk", "latin-1", "NUL", "a key twice"],
)
def test_what_is_no_toml_raises_naming_file_and_line(tmp_path: Path, text: bytes) -> None:
    path = written(tmp_path, text)
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    assert str(path) in caught.value.message
    assert "line 2" in caught.value.message
    assert caught.value.remedy


def test_a_catalogue_that_is_a_folder_raises(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").mkdir()
    with pytest.raises(CatalogueError, match=r"sources\.toml: cannot be read"):
        read_catalogue(tmp_path / "sources.toml")


def test_a_document_is_described_by_its_entry(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, WHOLE))
    bare = document("hills/dam.txt")
    full, notices = described(bare, catalogue)
    assert notices == ()
    assert full.source == catalogue.source_of("hills/dam.txt")
    assert full.model_copy(update={"source": bare.source}) == bare


@pytest.mark.parametrize("text", ["Build it later.", "build it now.", "Build itnow.", ""])
def test_a_basis_quote_that_the_document_does_not_hold_is_left_out(
    tmp_path: Path, text: str
) -> None:
    catalogue = read_catalogue(written(tmp_path, WHOLE))
    full, (notice,) = described(document("hills/dam.txt", text), catalogue)
    assert (notice.file, notice.line) == ("sources.toml", 20)
    assert "hills/dam.txt" in notice.message
    perspective = full.source.perspective
    assert perspective.basis_quote is None
    assert (perspective.id, perspective.basis) == (
        "for-the-dam",
        "It asks for the dam in its own voice.",
    )


def test_an_entry_without_a_file_is_an_orphan(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, WHOLE))
    assert orphans(catalogue, {"hills/dam.txt", "river.md", "new.txt"}) == ()
    assert orphans(catalogue, {"hills/dam.txt"}) == (
        Notice(
            file="sources.toml",
            line=28,
            message="an entry for 'river.md', but there is no such file",
            remedy="correct the name, or add the file to the seeds",
        ),
    )
    assert [n.line for n in orphans(catalogue, set())] == [9, 28]


HISTORY = """\
[perspectives.b]
label = "B"

[[sources]]
file = "a.txt"
perspective = "b"
basis = "x"
assigned_by = "a program, from the TEXT alone"
{review}
[[sources.history]]
perspective = "c"
label = "The old C"
basis = "y"
assigned_by = "Ana"
assigned_on = 2023-01-02
until = 2024-05-06

[[sources.history]]
perspective = "b"
"""


def test_former_labels_are_kept_in_their_order(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, HISTORY.format(review="")))
    assert catalogue.notices == ()
    assert catalogue.source_of("a.txt").perspective.history == (
        FormerLabel(
            id="c",
            label="The old C",
            basis="y",
            assigned_by="Ana",
            assigned_on=date(2023, 1, 2),
            until=date(2024, 5, 6),
        ),
        FormerLabel(id="b", label="B"),
    )


def test_a_former_label_outlives_the_label(tmp_path: Path) -> None:
    text = '[[sources]]\nfile = "a.txt"\nhistory = [{ perspective = "gone" }]\n'
    label = read_catalogue(written(tmp_path, text)).source_of("a.txt").perspective
    assert label == AssignedPerspective(history=(FormerLabel(id="gone", label="gone"),))


def test_a_label_from_the_text_alone_is_not_reviewed_until_somebody_confirms_it(
    tmp_path: Path,
) -> None:
    text = HISTORY.format(review="reviewed_on = 2024-01-02\n")
    label = read_catalogue(written(tmp_path, text)).source_of("a.txt").perspective
    assert not label.reviewed
    text = HISTORY.format(review='reviewed_by = "Ana"\nreviewed_on = 2024-01-02\n')
    label = read_catalogue(written(tmp_path, text)).source_of("a.txt").perspective
    assert (label.reviewed, label.reviewed_by, label.reviewed_on) == (
        True,
        "Ana",
        date(2024, 1, 2),
    )
    assert read_catalogue(written(tmp_path, WHOLE)).source_of("hills/dam.txt").perspective.reviewed


COLLECTION = """\
[perspectives.b]
label = "B"

[[collections]]
file = "wire.csv"
text = "body"
title = "headline"

[[sources]]
file = "wire.csv"
title = "The wire"
url = "https://example.org"
publisher = "The Wire"
perspective = "b"
basis = "x"
basis_quote = "Build it now."

[[sources]]
file = "wire.csv#7"
author = "Ana Ruiz"

[[sources]]
file = "hills"
kind = "letter"

[[sources]]
file = "hills/old.zip"
kind = "record"
"""


def test_columns_of_a_collection_are_named(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, COLLECTION))
    assert catalogue.notices == ()
    assert catalogue.collections == {"wire.csv": {"text": "body", "title": "headline"}}


def test_an_entry_for_a_collection_describes_its_documents(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, COLLECTION))
    source = catalogue.source_of("wire.csv#3")
    assert (source.title, source.url) == ("wire.csv#3", None)
    assert (source.publisher, source.perspective.label) == ("The Wire", "B")
    own = catalogue.source_of("wire.csv#7")
    assert (own.author, own.publisher, own.perspective.label) == ("Ana Ruiz", None, "Unlabelled")
    assert own.title is None
    assert catalogue.source_of("hills/a/b.txt").kind == "letter"
    assert catalogue.source_of("hills/old.zip/in/b.txt").kind == "record"
    assert catalogue.source_of("hills.txt").kind is None


def test_the_nearest_collection_comes_first() -> None:
    assert list(collections_of("in/a.zip/b.csv#7")) == ["in/a.zip/b.csv", "in/a.zip", "in"]
    assert list(collections_of("a.txt")) == []


@pytest.mark.parametrize(
    ("document", "collections"),
    [
        ("west#1.txt", []),
        ("west#1/a#2.txt", ["west#1"]),
        ("list.csv#https://a.org/news", ["list.csv"]),
        ("list.csv#https://a.org/news/1#c", ["list.csv"]),
        ("in/list.CSV#a.tsv#3", ["in/list.CSV", "in"]),
        ("in/rows.jsonl#", ["in/rows.jsonl", "in"]),
        ("a.zip/rows.csv#3", ["a.zip/rows.csv", "a.zip"]),
        ("a.zip/page#3.html", ["a.zip"]),
        ("notes.csv.txt", []),
        ("notes-csv#1", []),
    ],
)
def test_a_row_and_a_file_may_be_called_anything(document: str, collections: list[str]) -> None:
    assert list(collections_of(document)) == collections


def test_an_entry_is_not_heard_by_what_is_only_called_alike(tmp_path: Path) -> None:
    named = "".join(
        f'[[sources]]\nfile = "{file}"\nkind = "{kind}"\n'
        for file, kind in (("west", "folder"), ("list.csv#https://a.org/news", "row"))
    )
    (tmp_path / "sources.toml").write_text(named)
    catalogue = read_catalogue(tmp_path / "sources.toml")
    kinds = {
        each: catalogue.source_of(each).kind
        for each in (
            "west/1.txt",
            "west#1.txt",
            "list.csv#https://a.org/news",
            "list.csv#https://a.org/news/1",
            "list.csv#https://a.org/news#c",
        )
    }
    assert list(kinds.values()) == ["folder", None, "row", None, None]


def test_the_basis_quote_of_a_collection_stands_in_one_of_its_documents(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, COLLECTION))
    holds, notices = described(document("wire.csv#3"), catalogue)
    assert holds.source.perspective.basis_quote == "Build it now."
    lacks, more = described(document("wire.csv#4", "Never."), catalogue)
    assert lacks.source.perspective.basis_quote is None
    assert (notices, more) == ((), ())


def test_an_entry_for_a_collection_is_no_orphan_while_it_has_a_document(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, COLLECTION))
    files = {"wire.csv#7", "hills/old.zip/in/b.txt"}
    assert orphans(catalogue, files) == ()
    lines = [(notice.line, notice.message) for notice in orphans(catalogue, set())]
    assert lines == [
        (10, "an entry for 'wire.csv', but there is no such file"),
        (19, "an entry for 'wire.csv#7', but there is no such file"),
        (23, "an entry for 'hills', but there is no such file"),
        (27, "an entry for 'hills/old.zip', but there is no such file"),
        (5, "an entry for 'wire.csv', but there is no such file"),
    ]


def test_lines_of_a_collection_are_of_no_document(tmp_path: Path) -> None:
    text = '[[sources]]\nfile = "wire.csv"\ndrop = [3]\n'
    catalogue = read_catalogue(written(tmp_path, text))
    (notice,) = orphans(catalogue, {"wire.csv#1"})
    assert (notice.line, "name lines of one document" in notice.message) == (3, True)
    assert orphans(catalogue, {"wire.csv"}) == ()


STATED = Metadata(
    title="  The\n dam ",
    author="Ana Ruiz",
    publisher="The Wire",
    published="2024-05-06",
    url="https://example.org/a",
    language="en",
)


def test_what_a_file_says_of_itself_fills_what_the_catalogue_leaves_empty(tmp_path: Path) -> None:
    text = '[[sources]]\nfile = "a.txt"\npublisher = "The Post"\nauthor = ""\n'
    catalogue = read_catalogue(written(tmp_path, text))
    full, notices = described(document("a.txt"), catalogue, STATED)
    assert notices == ()
    assert full.source.model_dump(exclude={"perspective", "inferred"}) == {
        "title": "The dam",
        "author": "Ana Ruiz",
        "publisher": "The Post",
        "published": "2024-05-06",
        "url": "https://example.org/a",
        "language": "en",
        "kind": None,
        "origin": None,
        "from_file": ("title", "author", "published", "url", "language"),
    }


def test_a_document_without_entry_has_the_title_that_its_file_states() -> None:
    source = described(document("in/a.txt"), Catalogue(), STATED)[0].source
    assert (source.title, "title" in source.from_file) == ("The dam", True)
    source = described(document("in/a.txt"), Catalogue(), Metadata(author="Ana"))[0].source
    assert (source.title, source.from_file) == ("a.txt", ("author",))


@pytest.mark.parametrize(
    "bad",
    [
        {"published": "May 2024"},
        {"published": "2024-13"},
        {"url": "javascript:alert(1)"},
        {"url": "file:///etc/passwd"},
        {"title": " \n "},
        {"title": "x" * 501},
        {"author": "half \ud800"},
    ],
)
def test_a_bad_value_in_a_file_is_left_out_without_a_word(bad: dict[str, str]) -> None:
    metadata = STATED.model_copy(update=bad)
    full, notices = described(document("a.txt"), Catalogue(), metadata)
    (field,) = bad
    assert notices == ()
    assert field not in full.source.from_file
    assert getattr(full.source, field) == ("a.txt" if field == "title" else None)
    assert len(full.source.from_file) == 5


def test_the_catalogue_of_the_seeds_has_nothing_to_tell() -> None:
    catalogue = read_catalogue(SEEDS / "sources.toml")
    files, file_notices = seed_files(SEEDS)
    slips = [
        notice
        for seed in files
        for notice in described(
            Document(id=seed.id, text=seed.path.read_text("utf-8"), sha256="", encoding="utf_8"),
            catalogue,
        )[1]
    ]
    assert (catalogue.notices, file_notices, slips) == ((), [], [])
    assert orphans(catalogue, {seed.id for seed in files}) == ()
    assert len(catalogue.questions) == 6


def test_the_seeds_carry_the_labels_that_their_catalogue_gives() -> None:
    catalogue = read_catalogue(SEEDS / "sources.toml")
    assert [p.label for p in catalogue.perspectives] == [
        "Pro-Azerbaijan",
        "Pro-Armenia",
        "Neither side",
    ]
    labels = {name[:3]: catalogue.source_of(name).perspective.id for name in catalogue.entries}
    assert labels == {
        "000": "neither-side",
        "001": "pro-azerbaijan",
        "002": "neither-side",
        "003": "pro-azerbaijan",
        "004": "pro-azerbaijan",
    }
    assert all(catalogue.source_of(n).perspective.basis_quote for n in catalogue.entries)
    assert catalogue.source_of("004_898eee803d7ca7f3.txt").title is None
