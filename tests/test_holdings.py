from rag.holdings import Holding, holdings, labels_of
from rag.records import AssignedPerspective, Document, Perspective, Source

DECLARED = [
    Perspective(id="millers", label="Millers"),
    Perspective(id="town", label="The town"),
    Perspective(id="church", label="The church"),
]


def documents(**perspectives: str | None) -> dict[str, Document]:
    """Documents by id, each with the id of its source's perspective."""
    return {
        name: Document(
            id=name,
            text="",
            sha256="",
            encoding="utf_8",
            source=Source(
                perspective=AssignedPerspective(id=label) if label else AssignedPerspective()
            ),
        )
        for name, label in perspectives.items()
    }


def test_labels_are_those_of_the_sources() -> None:
    assert labels_of(documents(a="millers", b=None, c="town")) == {
        "a": "millers",
        "b": "unlabelled",
        "c": "town",
    }


def test_each_declared_perspective_has_a_row_in_the_order_of_declaration() -> None:
    assert holdings(DECLARED, documents(a="town", b="millers", c="town")) == [
        Holding("millers", "Millers", 1),
        Holding("town", "The town", 2),
        Holding("church", "The church", 0),
    ]


def test_unlabelled_sources_have_a_row_if_there_are_any() -> None:
    assert holdings(DECLARED[:1], documents(a=None, b="millers", c=None)) == [
        Holding("millers", "Millers", 1),
        Holding("unlabelled", "Unlabelled", 2),
    ]
    assert holdings([], documents()) == []
