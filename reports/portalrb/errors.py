"""Errors in the form that PortalRB asks for."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse

# What each status is called, and what is said where nothing more particular is.
ERRORS = {
    HTTPStatus.BAD_REQUEST: ("BAD_REQUEST", "Permintaan tidak dapat dibaca."),
    HTTPStatus.UNAUTHORIZED: ("UNAUTHORIZED", "Token tidak ada, tidak dikenal, atau sudah dicabut."),
    HTTPStatus.FORBIDDEN: ("FORBIDDEN", "Permintaan ini tidak diizinkan."),
    HTTPStatus.NOT_FOUND: ("DATA_NOT_FOUND", "Data yang diminta tidak ada."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("METHOD_NOT_ALLOWED", "Hanya GET yang dilayani."),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("VALIDATION_ERROR", "Isi permintaan tidak benar."),
    HTTPStatus.TOO_MANY_REQUESTS: ("RATE_LIMIT_EXCEEDED", "Terlalu banyak permintaan. Coba lagi sebentar lagi."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("INTERNAL_ERROR", "Terjadi kesalahan pada portal instansi."),
}
NO_TLS = "Gunakan HTTPS."


class ApiError(Exception):
    """A request that gets no data; `status` is one of `ERRORS`, `headers` go with the answer."""

    def __init__(self, status: HTTPStatus, message: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(status, message)
        self.status, self.message, self.headers = status, message, headers or {}


def error_response(status: int, message: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    """Return an error; a status that has no name here is told as 400 or 500."""
    known = status in ERRORS
    shown = HTTPStatus(status) if known else HTTPStatus(500 if status >= 500 else 400)
    code, said = ERRORS[shown]
    body = {"error": True, "code": code, "message": message or said}
    return JsonResponse(body, status=shown, headers=headers, json_dumps_params={"ensure_ascii": False})
