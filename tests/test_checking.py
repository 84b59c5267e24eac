from pathlib import Path

from rag.catalogue import described, orphans, read_catalogue
from rag.checking import Check, checked
from rag.reading import Fresh, SeedsRead
from rag.records import Document, Metadata, Notice
from rag.wording.builds import check_lines

CATALOGUE = """\
[perspectives.for]
label = "For"

[perspectives.against]
label = "Against"

[[sources]]
file = "whole.txt"
title = "Whole"
publisher = "The Post"
published = 2024
perspective = "for"
basis = "It says so."
basis_quote = "It was built."
assigned_by = "Ana"
assigned_on = 2026-11-22

[[sources]]
file = "bare.txt"
perspective = "for"
assigned_by = "a program, from the text alone"

[[sources]]
file = "wire.csv"
perspective = "for"
basis = "x"
basis_quote = "{quote}"

[[sources]]
file = "gone.txt"
"""

TEXTS = {
    "whole.txt": "It was built.",
    "bare.txt": "Nothing was built.",
    "wire.csv#1": "The paper came.",
    "wire.csv#2": "The paper left.",
    "new.html": "Nobody knows me.",
}


def read_of(folder: Path, text: str) -> SeedsRead:
    """What reading the texts with this catalogue gives, the way a build puts it together."""
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    catalogue = read_catalogue(path)
    stated = Metadata(title="A page", published="2020")
    documents: list[Document] = []
    slips: list[Notice] = []
    for name, content in TEXTS.items():
        bare = Document(id=name, text=content, sha256="", encoding="utf_8")
        metadata = stated if name == "new.html" else Metadata()
        document, notices = described(bare, catalogue, metadata)
        documents.append(document)
        slips += notices
    broken = Notice(file="bad.pdf", message="cannot be read")
    ids = {*TEXTS, "bad.pdf"}
    passed_over = Notice(file="a.exe", message="not read")
    return SeedsRead(
        catalogue=catalogue,
        files=(),
        found=tuple(Fresh(each, "", ()) for each in documents),
        hashes={},
        outcomes=(),
        failed=(broken,),
        notices=(passed_over, *catalogue.notices, *orphans(catalogue, ids), *slips),
    )


def test_what_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    check = checked(read_of(tmp_path, CATALOGUE.format(quote="The paper burnt.")))
    assert [(notice.line, notice.message) for notice in check.wrong] == [
        (20, "source 'bare.txt': its label has no basis"),
        (30, "an entry for 'gone.txt', but there is no such file"),
        (27, "source 'wire.csv': its `basis_quote` is in none of its documents"),
    ]
    assert check_lines(check)[0].startswith("sources.toml:20: source 'bare.txt': its label has no")
    assert check_lines(check)[-1] == "5 sources checked: 3 things to correct."


def test_what_nobody_has_said_is_listed(tmp_path: Path) -> None:
    check = checked(read_of(tmp_path, CATALOGUE.format(quote="The paper left.")))
    assert len(check.wrong) == 2
    assert check.missing == {
        "Sources without a label": ("new.html",),
        "Labels not yet reviewed": ("bare.txt",),
        "Labels without a basis": ("bare.txt",),
        "Labels without a basis quote": ("bare.txt",),
        "Labels without the name of who assigned them": ("wire.csv",),
        "Labels without the day on which they were assigned": ("bare.txt", "wire.csv"),
        "Sources without a title": ("bare.txt", "wire.csv#1", "wire.csv#2"),
        "Sources without a date": ("bare.txt", "wire.csv#1", "wire.csv#2"),
        "Sources without a publisher": ("bare.txt", "wire.csv#1", "wire.csv#2", "new.html"),
        "Perspectives that no source carries": ("Against",),
        "Not read, and so not checked": ("bad.pdf",),
    }


def test_missing_things_are_no_slips() -> None:
    check = Check(documents=1, wrong=(), missing={"Sources without a label": ("a.txt",)})
    assert check_lines(check) == [
        "Sources without a label: 1",
        "  a.txt",
        "1 source checked: nothing wrong.",
    ]
