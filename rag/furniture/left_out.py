"""What is left out of a document as furniture, and what stays."""

from rag.records import Document


def own_text(document: Document) -> str:
    """The document's text with its furniture left out."""
    pieces: list[str] = []
    end = 0
    for span in document.furniture:
        pieces.append(document.text[end : span.start])
        end = span.end
    return "\n".join([*pieces, document.text[end:]])


def left_out_of(document: Document) -> list[str]:
    """What is left out of a document: spans that only white space parts are one text."""
    runs: list[tuple[int, int]] = []
    for span in document.furniture:
        if runs and not document.text[runs[-1][1] : span.start].strip():
            runs[-1] = runs[-1][0], span.end
        else:
            runs.append((span.start, span.end))
    return [document.text[start:end] for start, end in runs]
