"""Paths inside a bundle: safe, short, no two alike."""

from pathlib import PurePosixPath

from ..layout import plain_name, shortened

NAME_LENGTH = 70  # see FOLDER_LENGTH in layout: the whole path stays below what Windows takes


class Paths:
    """Gives each file a path; of equal names in a folder the later ones are numbered."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def path_of(self, folder: tuple[str, ...], name: str) -> str:
        """Return a path that no other file has, however upper and lower case are read."""
        parts = [plain_name(part) or "_" for part in folder]
        stem, suffix = _halves(plain_name(name) or "berkas")
        number = 1
        while True:
            mark = f" ({number})" if number > 1 else ""
            last = shortened(stem, NAME_LENGTH - len(suffix) - len(mark)) + mark + suffix
            path = "/".join([*parts, last])
            if path.casefold() not in self._taken:
                self._taken.add(path.casefold())
                return path
            number += 1


def _halves(name: str) -> tuple[str, str]:
    suffix = PurePosixPath(name).suffix
    return (name.removesuffix(suffix), suffix) if 1 < len(suffix) <= 8 else (name, "")
