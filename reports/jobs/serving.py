"""Handing out what a job made, as evidence is handed out: to save, never to run, and in parts for slow networks."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from evidence.serving import HEADERS, Part, Sent, Unsatisfiable, header_name, policy_of, span_of

from . import files
from .models import Job


def file_response(request: HttpRequest, job: Job) -> HttpResponseBase:
    """Answer an authorised GET or HEAD with the file or a part of it. Raises FileNotFoundError if it is gone.

    The browser asks again each time, so a right that was lost ends at once; a download that broke off goes on where
    it was, since the ETag names the content.
    """
    etag = f'"{job.sha256}"'
    headers = HEADERS | {
        "Content-Type": job.content_type,
        "Content-Security-Policy": policy_of(job.content_type),
        "Content-Disposition": str(content_disposition_header(True, header_name(job.file_name))),
        "Cache-Control": "private, no-cache",
        "ETag": etag,
    }
    path = files.path_of(job.stored_name)
    if not job.stored_name or path.stat().st_size != job.size:
        raise FileNotFoundError(job.stored_name)
    try:
        span = span_of(request, job.size, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{job.size}"})
    start, end = span or (0, job.size)
    headers["Content-Length"] = str(end - start)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{job.size}"
    status = 206 if span else 200
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    file = path.open("rb")
    response = Sent(Part(file, span) if span else file, status=status)
    for name, value in headers.items():
        response[name] = value
    return response
