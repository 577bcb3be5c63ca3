"""Reads one PDF from standard input and answers on standard output. A program of its own, run by `runner`.

Arguments: the limits as JSON, then `inspect`, or `render PAGE WIDTH`. It imports nothing of the portal, and
the PDF library only after it has bound itself to the limits.
"""

import ctypes
import json
import mmap
import os
import re
import resource
import signal
import sys
from typing import Any

NO_SUCH_PAGE = 3
MAX_RATIO = 4  # height to width of a picture
QUALITY = 80

# Actions and files as they are written in a PDF that hides nothing.
SIGNS = {
    "javascript": re.compile(rb"/S\s*/JavaScript(?![A-Za-z0-9])"),
    "launches": re.compile(rb"/S\s*/Launch(?![A-Za-z0-9])"),
    "rich_media": re.compile(rb"/Subtype\s*/(?:RichMedia|Movie|Screen|Sound|3D)(?![A-Za-z0-9])"),
    "attachments": re.compile(rb"/EF\s*(?:<<|[0-9])|/Subtype\s*/FileAttachment(?![A-Za-z0-9])"),
}
LONGEST = 64


class Watch:
    """Looks for the signs in bytes written to it and keeps none of them."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._last = b""

    def write(self, data: bytes) -> int:
        window = self._last + bytes(data)
        self.found |= {name for name, sign in SIGNS.items() if name not in self.found and sign.search(window)}
        self._last = window[-LONGEST:]
        return len(data)


def bind(limits: dict[str, float], size: int) -> None:
    """Give up what reading one PDF of this size does not need; nothing here can be taken back."""
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits["cpu"],
        # The file is mapped into memory, and a copy of it is written to be looked through.
        resource.RLIMIT_AS: limits["memory"] + 2 * size,
        resource.RLIMIT_FSIZE: limits["output"],
        resource.RLIMIT_NOFILE: 64,
    }
    for what, most in bounds.items():
        resource.setrlimit(what, (int(most), int(most)))
    # Should the server die first, nobody else would end a worker that only waits.
    signal.alarm(int(limits["wall"]) + 1)


def inspect(data: Any) -> bytes:
    """Return the facts as JSON."""
    from pypdfium2 import PdfDocument, PdfiumError, raw

    facts: dict[str, Any] = {"pages": 0, "needs_password": True, **dict.fromkeys(SIGNS, False), "attachments": 0}
    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        if error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            return json.dumps(facts).encode()
        if error.err_code == raw.FPDF_ERR_SUCCESS:  # it was read, and has no pages
            return json.dumps(facts | {"needs_password": False}).encode()
        raise
    watch = Watch()
    for at in range(0, len(data), 1 << 20):
        watch.write(data[at : at + (1 << 20)])
    # The library's copy has names decoded, object streams unfolded and the encryption taken off.
    document.save(watch, flags=raw.FPDF_REMOVE_SECURITY)
    attached = raw.FPDFDoc_GetAttachmentCount(document)
    facts |= dict.fromkeys(watch.found, True) | {"pages": len(document), "needs_password": False}
    facts["attachments"] = max(attached, int("attachments" in watch.found))
    facts["javascript"] |= raw.FPDFDoc_GetJavaScriptActionCount(document) > 0
    return json.dumps(facts).encode()


def render(data: Any, number: int, width: int) -> bytes:
    """Return a page as WebP, with its annotations and filled-in forms."""
    import io

    from pypdfium2 import PdfDocument

    document = PdfDocument(data)
    if number > len(document):
        raise SystemExit(NO_SUCH_PAGE)
    document.init_forms()
    page = document[number - 1]
    wide, high = page.get_size()
    # The library rounds up; a little less gives exactly the width.
    scale = min((width - 0.01) / wide, (width * MAX_RATIO - 0.01) / high)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    answer = io.BytesIO()
    picture.save(answer, "WEBP", quality=QUALITY, method=2)
    return answer.getvalue()


def main() -> None:
    limits, task, numbers = json.loads(sys.argv[1]), sys.argv[2], [int(text) for text in sys.argv[3:]]
    size = os.fstat(0).st_size
    bind(limits, size)
    # Private pages: the library wants a writable address; what is changed stays in this process.
    data = (ctypes.c_char * size).from_buffer(mmap.mmap(0, size, access=mmap.ACCESS_COPY))
    answer = inspect(data) if task == "inspect" else render(data, *numbers)
    sys.stdout.buffer.write(answer)
    sys.stdout.flush()
    # Taking the library down in order can fail on broken files, and there is nothing left to do.
    os._exit(0)


if __name__ == "__main__":
    main()
