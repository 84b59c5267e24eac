"""Everything the program says around quotes: about sources, never the subject."""

from rag.wording import answers, builds, hearing, language, plain, silence, sources, within

__all__ = ["answers", "builds", "hearing", "language", "plain", "silence", "sources", "within"]
