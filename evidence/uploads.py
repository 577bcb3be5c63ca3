"""Reading uploads: every file goes straight into an `Incoming`, and no more of it than may be kept.

`receive_uploads` must be called before anything else has read the request's body, so views that take files are
`csrf_exempt` outside and `csrf_protect` inside (Django's way to choose upload handlers in a view).
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest

from .storage import Incoming

MIB = 1024 * 1024
TOO_LARGE = "Berkas ini lebih besar dari {limit} MiB. Perkecil, misalnya dengan memampatkan gambar di dalamnya."
CUT_OFF = "Pengiriman berkas ini terputus di tengah jalan. Unggah lagi."
NO_ROOM = "Kuota dokumen unit ini tidak cukup untuk berkas ini. Hapus dokumen yang tidak terpakai atau hubungi admin."


@dataclass(slots=True)
class Upload:
    """One file of a request: whole and waiting in `incoming`, or refused before it was stored."""

    field: str
    name: str
    incoming: Incoming | None
    refusal: str = ""


class IncomingHandler(FileUploadHandler):
    """Streams files of a form into `Incoming`s; what is over a limit is read past, never stored."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest, *, file_limit: int, room: int) -> None:
        super().__init__(request)
        self.file_limit, self.room = file_limit, room
        self.uploads: list[Upload] = []
        self.current: Upload | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.current = Upload(self.field_name or "", self.file_name or "", Incoming.begin())
        self.uploads.append(self.current)
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        upload = self.current
        if upload is None or upload.incoming is None:
            return
        size = upload.incoming.size + len(raw_data)
        if size > self.file_limit:
            self._refuse(upload, TOO_LARGE.format(limit=self.file_limit // MIB))
        elif size > self.room:
            self._refuse(upload, NO_ROOM)
        else:
            upload.incoming.write(raw_data)

    def file_complete(self, file_size: int) -> None:
        upload, self.current = self.current, None
        if upload is not None and upload.incoming is not None:
            upload.incoming.finish()
            self.room -= upload.incoming.size

    def upload_interrupted(self) -> None:
        """Refuse the file whose end never came; those before it are whole."""
        if self.current is not None:
            self._refuse(self.current, CUT_OFF)

    def discard(self) -> None:
        """Throw away what was not kept."""
        for upload in self.uploads:
            if upload.incoming is not None:
                upload.incoming.discard()

    def _refuse(self, upload: Upload, message: str) -> None:
        if upload.incoming is not None:
            upload.incoming.discard()
        upload.incoming, upload.refusal = None, message


def expect_uploads(request: HttpRequest, *, room: int, file_limit: int = 0) -> IncomingHandler:
    """Make the request's files land in the returned handler; `room` is what the unit may still add, in bytes.

    Whoever calls this calls `discard` when done.
    """
    handler = IncomingHandler(request, file_limit=file_limit or settings.EVIDENCE_MAX_FILE, room=room)
    request.upload_handlers = [handler]
    return handler
