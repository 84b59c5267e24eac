import json
import subprocess
import sys
from importlib import import_module

import pytest

import rag

HEAVY = ("torch", "faiss", "sentence_transformers", "transformers", "bm25s", "numpy")


def modules_after(code: str) -> set[str]:
    """The heavy modules that a fresh interpreter has imported after running this code."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(done.stderr.splitlines()[-1])) & set(HEAVY)


def test_what_rag_exports() -> None:
    assert rag.__all__ == ["Answer", "Library", "ParallaxError", "Settings"]


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("Answer", "rag.records"),
        ("Library", "rag.answering"),
        ("ParallaxError", "rag.errors"),
        ("Settings", "rag.settings"),
    ],
)
def test_each_name_is_the_one_of_its_home(name: str, home: str) -> None:
    assert getattr(rag, name) is getattr(import_module(home), name)


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = rag.Nothing


@pytest.mark.parametrize(
    "code",
    [
        "import rag",
        "from rag.cli import main; assert main(['--help']) == 0",
        "from rag.cli import main; assert main(['ask', '--help']) == 0",
        "from rag.cli import main; assert main(['ask', '--nope']) == 2",
    ],
)
def test_help_imports_nothing_heavy(code: str) -> None:
    assert modules_after(code) == set()


def test_the_heavy_modules_are_seen_where_they_are_used() -> None:
    assert modules_after("import rag.answering") >= {"faiss", "bm25s", "numpy"}
