"""The arrays of a generation: made for what is new, and put together with those of the last one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Self

import numpy as np

from rag.duplicates import fingerprint_of
from rag.encoder import EncodedTexts
from rag.furniture.left_out import left_out_of
from rag.index.dense import DenseStore
from rag.index.fingerprints import Fingerprints
from rag.index.lexical import LexicalStore
from rag.index.ragged import Numbers
from rag.index.recall import Kind
from rag.index.rows import Places, Rows
from rag.index.saving import Cut
from rag.index.tokens import TokenStore
from rag.languages import stemmer_of


class Stores(NamedTuple):
    """The arrays of a generation.

    Attributes:
        rows: the numbers of passages and sentences.
        fingerprints: of each document.
        dense: a row for each passage.
        lexical: a row for each passage.
        sentences: a row for each sentence of each passage, in the order of their numbers.
        left_out: a row for each run of furniture of each document, in the order of their numbers.
        tokens: a row for each passage.
    """

    rows: Rows
    fingerprints: Fingerprints
    dense: DenseStore
    lexical: LexicalStore
    sentences: LexicalStore
    left_out: LexicalStore
    tokens: TokenStore

    @classmethod
    def of(cls, documents: Sequence[Cut], encoded: EncodedTexts, otherwise: str) -> Self:
        """Make them from documents that are new.

        Args:
            documents: in their order.
            encoded: their passages as the model read them, or those that it had to read.
            otherwise: the stemmer for a language that nobody can tell, or that has none.
        """
        stemmers = [stemmer_of(each.document.language, otherwise) for each in documents]
        passages = [
            (passage, stemmer)
            for each, stemmer in zip(documents, stemmers, strict=True)
            for passage in each.passages
        ]
        sentences = [
            (passage.text_of(each), stemmer)
            for passage, stemmer in passages
            for each in passage.sentences
        ]
        left_out = [left_out_of(each.document) for each in documents]
        runs = [
            (text, stemmer) for own, stemmer in zip(left_out, stemmers, strict=True) for text in own
        ]
        return cls(
            Rows.of([each.passages for each in documents], list(map(len, left_out))),
            Fingerprints.of([fingerprint_of(each.document) for each in documents]),
            DenseStore.from_vectors(encoded.vectors, "exact"),
            _lexical([(passage.text, stemmer) for passage, stemmer in passages]),
            _lexical(sentences),
            _lexical(runs),
            TokenStore.from_encoded(encoded),
        )

    @classmethod
    def joined(
        cls,
        before: "Stores",
        after: "Stores",
        rows: Rows,
        places: Places,
        vectors: Numbers,
        dense: Literal["auto"] | Kind = "auto",
    ) -> Self:
        """Those of a library of which some documents were there before, and some are new.

        Args:
            before: of the last generation.
            after: of what is new.
            rows: of the library.
            places: where its documents, passages and sentences stand in the one, or behind it in
                the other.
            vectors: where each passage stands so among those that the model read.
            dense: the kind of index over them.
        """
        return cls(
            rows,
            Fingerprints.joined(before.fingerprints, after.fingerprints, places.documents),
            DenseStore.joined(before.dense, after.dense, vectors, dense),
            LexicalStore.joined(before.lexical, after.lexical, places.passages),
            LexicalStore.joined(before.sentences, after.sentences, places.sentences),
            LexicalStore.joined(before.left_out, after.left_out, places.left_out),
            TokenStore.joined(before.tokens, after.tokens, vectors),
        )

    @classmethod
    def load(cls, folder: Path, stemmers: Iterable[str] = ()) -> Self:
        """Load what `save` wrote.

        Args:
            folder: of the generation.
            stemmers: Snowball's name of the one for each document; none, if nothing is to be asked.
        """
        rows = Rows.load(folder)
        languages: Counter[str] = Counter()
        for stemmer, passages in zip(stemmers, np.diff(rows.passages).tolist(), strict=False):
            languages[stemmer] += passages
        languages = +languages
        return cls(
            rows,
            Fingerprints.load(folder),
            DenseStore.load(folder),
            LexicalStore.load(folder / "lexical", languages),
            LexicalStore.load(folder / "sentences", languages),
            LexicalStore.load(folder / "left_out", languages),
            TokenStore.load(folder),
        )

    def save(self, folder: Path) -> None:
        """Write them into `folder`."""
        self.rows.save(folder)
        self.fingerprints.save(folder)
        self.dense.save(folder)
        self.lexical.save(folder / "lexical")
        self.sentences.save(folder / "sentences")
        self.left_out.save(folder / "left_out")
        self.tokens.save(folder)


def _lexical(texts: Sequence[tuple[str, str]]) -> LexicalStore:
    """Of texts, each with its stemmer."""
    return LexicalStore.from_texts([text for text, _ in texts], [stemmer for _, stemmer in texts])
