"""Print the Debian packages of the shared libraries that are needed and that this machine cannot load.

Usage: missing_libraries.py pdf|browser
"""

import ctypes
import sys

PACKAGES = {
    # What WeasyPrint loads when a PDF is made; the last one only makes its fonts smaller, and faster to make.
    "pdf": {
        "libpango-1.0.so.0": "libpango-1.0-0",
        "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
        "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    },
    # What the Node.js inside Playwright is linked to and a minimal system lacks.
    "browser": {"libatomic.so.1": "libatomic1"},
}


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.write(" ".join(package for library, package in PACKAGES[sys.argv[1]].items() if not loads(library)))
