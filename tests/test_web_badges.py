from rag.records import UNLABELLED, AssignedPerspective, Document, Source
from rag.web.badges import SHAPES, shapes_of
from rag.web.reader import reader_html
from tests.making import Element, parsed


def badge(perspective: str, shape: str | None) -> Element:
    label = AssignedPerspective(id=perspective, label="Millers")
    source = Source(title="The mill", perspective=label)
    document = Document(id="a.txt", text="", sha256="", encoding="utf_8", source=source)
    shapes = {"millers": shape} if shape else {}
    return parsed(reader_html(document, None, shapes)).one("span.badge")


def test_shapes_go_by_the_order_in_which_perspectives_are_declared() -> None:
    assert shapes_of(["b", "a", "c"]) == {"b": "diamond", "a": "disc", "c": "triangle"}


def test_unlabelled_sources_have_no_shape_and_take_none_from_others() -> None:
    assert shapes_of(["a", UNLABELLED, "b"]) == {"a": "diamond", "b": "disc"}
    assert shapes_of([]) == {}


def test_a_seventh_perspective_has_the_first_shape_again() -> None:
    assert len(set(SHAPES)) == 6
    shapes = shapes_of("abcdefgh")
    assert tuple(shapes.values()) == (*SHAPES, *SHAPES[:2])


def test_each_shape_is_named_and_drawn_differently() -> None:
    drawings = []
    for shape in SHAPES:
        shown = badge("millers", shape)
        assert shown.attributes == {"class": f"badge {shape}"}
        assert shown.words == "source labelled Millers"
        (drawing,) = shown.one("svg").children
        drawings.append((drawing.tag, drawing.attributes.get("d")))
    assert len(set(drawings)) == len(SHAPES)


def test_a_badge_without_a_shape_has_no_drawing() -> None:
    shown = badge(UNLABELLED, "disc")
    assert shown.attributes == {"class": "badge unlabelled"}
    assert shown.words == "Millers"
    assert shown.every("svg") == []
