"""Building the text of a reading line by line, with the spans of what the lines are."""

from rag.records import Furniture, Span

BETWEEN_BLOCKS = "\n\n"
"""What stands between two blocks: an empty line, as in all texts of the readers."""

BETWEEN_ROWS = "\n"
"""What stands between the rows of a table, the items of a list and the lines of one block."""

CELL = "\t"
"""What stands between the cells of a row."""


class TextBuilder:
    """Collects lines into a text. `length` is where the next thing that is added ends up after."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.headings: list[Span] = []
        self.furniture: list[Furniture] = []

    @property
    def text(self) -> str:
        """All lines so far."""
        return "".join(self.parts)

    def add(
        self,
        text: str,
        *,
        heading: bool = False,
        between: str = BETWEEN_BLOCKS,
        furniture: str = "",
    ) -> Span | None:
        """Add a line, and return its span; None for one without text.

        Args:
            text: the line; it may hold line ends of its own.
            heading: whether the format marks it as a heading.
            between: what stands between the line before and this one.
            furniture: why it is furniture; empty for a line of the document.
        """
        if not text.strip():
            return None
        if self.parts:
            self._put(between)
        start = self.length
        self._put(text)
        span = Span(start=start, end=self.length)
        if furniture:
            self.furniture.append(Furniture(start=start, end=self.length, reason=furniture))
        elif heading:
            self.headings.append(span)
        return span

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def one_line(text: str) -> str:
    """The text with each run of white space made one space."""
    return " ".join(text.split())


def tidy(text: str) -> str:
    """The text with the white space of each of its lines made single, and empty lines left out."""
    lines = (CELL.join(one_line(cell) for cell in line.split(CELL)) for line in text.split("\n"))
    return "\n".join(line.strip() for line in lines if line.strip())


def row_of(cells: list[str]) -> str:
    """The cells of a table's row that hold anything, on one line."""
    return CELL.join(each for each in map(one_line, cells) if each)
