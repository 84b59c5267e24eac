"""What the tokens cost: time to encode passages beside plain encoding, and bytes on the disk.

    python benchmarks/indexing.py COLLECTION [--passages N] [--runs N]

The same passages are encoded in turn by `Encoder.encode_documents` and by sentence-transformers'
own `encode`, with its defaults; the ratio is of the medians. COLLECTION is in the BEIR layout.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from judged import Collection, open_library
from sentence_transformers import SentenceTransformer

from rag.encoder import Encoder, model_folder
from rag.index.tokens import TokenStore
from rag.settings import BUNDLED_MODEL


def main() -> None:
    """Print both times, their ratio, and the size of the token store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--passages", type=int, default=400)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    encoder = Encoder.load(BUNDLED_MODEL)
    plain = SentenceTransformer(str(model_folder(BUNDLED_MODEL)), device="cpu")
    judged = open_library(Collection.read(arguments.collection), encoder)
    passages = judged.library.generation.texts.passages
    texts = [passage.text for passage in passages[: arguments.passages]]
    ours, theirs = [], []
    for _ in range(arguments.runs):
        ours.append(seconds(lambda: encoder.encode_documents(texts)))
        theirs.append(seconds(lambda: plain.encode(texts, show_progress_bar=False)))
    print(f"{len(texts)} passages, medians of {arguments.runs} runs")
    print(f"with tokens: {median(ours):.2f} s, plain encode: {median(theirs):.2f} s")
    print(f"ratio: {median(ours) / median(theirs):.3f}")
    encoded = encoder.encode_documents(texts)
    with TemporaryDirectory() as folder:
        TokenStore.from_encoded(encoded).save(Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    each = size / sum(map(len, encoded.starts))
    print(f"token store: {each:.1f} bytes a token, {160 * each / 1024:.2f} KiB for 160")


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    main()
