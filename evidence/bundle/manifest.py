"""The list of hashes, as `sha256sum -c` reads it."""

from collections.abc import Mapping, Sequence

from . import words
from .rows import BundleHead, Fate, Packed


def manifest(head: BundleHead, rows: Sequence[Packed], indexes: Mapping[str, str]) -> str:
    """Return one line for every file, with the hash of the upload: a damaged file fails the check.

    What is damaged or missing is also named in comments, which `sha256sum` passes over.
    """
    lines = [
        f"# Bukti dukung Zona Integritas {head.year}, {words.clean(head.unit_name)}",
        "# Periksa dengan: sha256sum -c MANIFEST-SHA256.txt",
    ]
    lines += [
        f"# {_place(row)}: {row.fate}; SHA-256 saat diunggah {row.sha256}" for row in rows if row.fate != Fate.GOOD
    ]
    lines += [f"{row.sha256}  {row.path}" for row in rows if row.path]
    lines += [f"{digest}  {name}" for name, digest in indexes.items()]
    return "\n".join(lines) + "\n"


def _place(row: Packed) -> str:
    return row.path or words.clean(f"{row.proof.code} {row.name}")
