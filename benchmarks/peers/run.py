"""Measure one peer on a judged collection, with the Python that has the peers' packages.

    PYTHONPATH=. .bench/peers-venv/bin/python benchmarks/peers/run.py PEER COLLECTION --out FILE

Indexing and cold starts are processes of their own, timed whole; the questions are asked here.
"""

import argparse
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from measures import DEPTH, Asked, figures, rows
from peer import PEERS, Hit, Peer, adapter
from timing import start, timed

from rag.errors import ParallaxError
from rag.evaluation.collection import Collection

STEP = str(Path(__file__).with_name("step.py"))
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TQDM_DISABLE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "false",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
}
"""No network, no telemetry, no progress bars of others."""


def main() -> None:
    """Measure, and write figures and each question's values as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("collection", type=Path, help="folder in the BEIR layout")
    parser.add_argument("--sample", type=int, metavar="N", help="draw N questions; default: all")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSON to write")
    arguments = parser.parse_args()
    os.environ.update(QUIET)
    try:
        collection = Collection.read(arguments.collection)
    except ParallaxError as error:
        raise SystemExit(f"error: {error}") from error
    queries = collection.sample(arguments.sample, arguments.seed)
    found = measure(arguments.peer, collection, queries)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    about = {"collection": collection.name, "sample": len(queries), "seed": arguments.seed}
    arguments.out.write_text(json.dumps(about | found, indent=1), encoding="utf-8")


def measure(name: str, collection: Collection, queries: list[str]) -> dict[str, Any]:
    """Everything about one peer: times of its processes, then of its answers, and how good."""
    documents = {each: collection.file_text(each) for each in collection.texts}
    with TemporaryDirectory() as folder:
        tell(name, f"indexing {len(documents)} documents")
        seconds = timed([sys.executable, STEP, name, "index", folder], json.dumps(documents))
        tell(name, "starting cold")
        question = collection.queries[queries[0]]
        cold = start([sys.executable, STEP, name, "ask", folder, question])
        peer = adapter(name)
        asked = ask_all(name, peer, peer.load(Path(folder)), collection, queries)
    table = rows(asked, collection.relevant)
    speed = {"cold_start_s": cold, "documents_per_s": len(documents) / seconds}
    return {
        "name": peer.NAME,
        "packages": {each: version(each) for each in peer.PACKAGES},
        "top_k": peer.TOP_K,
        "documents": len(documents),
        "figures": figures(table) | speed,
        "queries": table,
    }


def ask_all(
    name: str,
    peer: Peer,
    handle: Any,  # noqa: ANN401
    collection: Collection,
    queries: list[str],
) -> dict[str, Asked]:
    """Ask all questions, after one to warm up."""
    ask(peer, handle, collection, queries[0])
    asked = {}
    for number, query in enumerate(queries, start=1):
        asked[query] = ask(peer, handle, collection, query)
        if number % 100 == 0 or number == len(queries):
            tell(name, f"{number} of {len(queries)} questions")
    return asked


def ask(peer: Peer, handle: Any, collection: Collection, query: str) -> Asked:  # noqa: ANN401
    """Ask one question: as a user would, then deeper, then with documents left out."""
    question, golds = collection.queries[query], collection.answers.get(query)
    begun = time.perf_counter()
    handed = peer.search(handle, question, peer.TOP_K)
    seconds = time.perf_counter() - begun
    hits = peer.search(handle, question, DEPTH)
    scores = {
        without: best(peer.search(handle, question, DEPTH, without))
        for without in {collection.article(query), collection.judged(query)}
    }
    return Asked(
        answerable=bool(collection.judged(query)),
        ranking=ranking(peer, handle, question, hits),
        score=best(hits),
        without_article=scores[collection.article(query)],
        without_judged=scores[collection.judged(query)],
        characters=sum(len(hit.text) for hit in handed),
        holds=any(gold in hit.text for gold in golds for hit in handed) if golds else None,
        milliseconds=seconds * 1000,
    )


def ranking(peer: Peer, handle: Any, question: str, hits: list[Hit]) -> list[str]:  # noqa: ANN401
    """The first `DEPTH` documents, or all that there are, each where its best chunk stands.

    Args:
        peer: who found `hits`.
        handle: its index.
        question: what was asked.
        hits: the first `DEPTH` chunks; if they are of fewer documents, more are looked for.
    """
    count = DEPTH
    while True:
        documents = list(dict.fromkeys(hit.document for hit in hits))
        if len(documents) >= DEPTH or len(hits) < count:
            return documents[:DEPTH]
        count *= 2
        hits = peer.search(handle, question, count)


def best(hits: list[Hit]) -> float | None:
    """The highest score, if anything was found."""
    return hits[0].score if hits else None


def tell(name: str, what: str) -> None:
    """A line about how far it has come."""
    print(f"{name}: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("stopped") from None
