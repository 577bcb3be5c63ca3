"""The three addresses that PortalRB reads."""

import logging
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.converters import UnitCodeConverter
from accounts.http import origin
from assessment.models import Period, Predicate

from ..access import require_token
from ..copies import decided_of
from ..errors import ApiError, error_response
from ..links import origin_of_portal
from ..middleware import call_of
from ..models import AccessEntry, ApiToken
from ..proposals import answers_json, of_agency, open_period, proposed_in, rows_sent, unit_entry

logger = logging.getLogger(__name__)

UNIT_ID = re.compile(UnitCodeConverter.regex)
YEAR = re.compile(r"[0-9]{4}")
NO_PERIOD = "Tidak ada pengusulan yang sedang dibuka."
OTHER_YEAR = "Tahun ini tidak sedang diusulkan."
BAD_YEAR = "Parameter tahun harus empat angka."
BAD_UNIT = "unit_id tidak berbentuk kode unit."
NO_UNIT = "Unit ini tidak diusulkan."


def api(what: AccessEntry.What) -> Callable[[Callable[..., Any]], Callable[..., HttpResponse]]:
    """Make a function of request, token and path into a view: GET only, by token, its data as JSON."""

    def decorate(read: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @wraps(read)
        def view(request: HttpRequest, **parts: str) -> HttpResponse:
            call = call_of(request)
            call.what = what
            try:
                data = read(request, require_token(request, call), **parts)
            except ApiError as error:
                return error_response(error.status, error.message, error.headers)
            return JsonResponse(data, json_dumps_params={"ensure_ascii": False})

        return login_not_required(csrf_exempt(view))

    return decorate


@api(AccessEntry.What.UNITS_WBK)
def units_wbk(request: HttpRequest, token: ApiToken) -> dict[str, Any]:
    return _units(request, token, Predicate.WBK)


@api(AccessEntry.What.UNITS_WBBM)
def units_wbbm(request: HttpRequest, token: ApiToken) -> dict[str, Any]:
    return _units(request, token, Predicate.WBBM)


@api(AccessEntry.What.ANSWERS)
def answers(request: HttpRequest, token: ApiToken, unit_id: str) -> Any:
    period = _period(request)
    if not UNIT_ID.fullmatch(unit_id):
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, BAD_UNIT)
    row = of_agency(proposed_in(period), token.agency).filter(unit__code=unit_id).first()
    if row is None:
        raise ApiError(HTTPStatus.NOT_FOUND, NO_UNIT)
    call_of(request).assessment = row
    decided = decided_of([row]).get(row.pk)
    if decided is None or not decided.is_intact:
        logger.error("The fixed copies of assessment %s are not what was decided; nothing was sent", row.pk)
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR)
    return answers_json(row, rows_sent(row, decided, origin_of_portal(origin(request))))


def _units(request: HttpRequest, token: ApiToken, predicate: str) -> dict[str, Any]:
    period = _period(request)
    rows = of_agency(proposed_in(period), token.agency).filter(target=predicate)
    return {"tahun": period.year, "units": [unit_entry(row) for row in rows]}


def _period(request: HttpRequest) -> Period:
    """Return the period whose window is open; `?tahun=` may name it, but never chooses another one."""
    year = request.GET.get("tahun", "")
    if year and not YEAR.fullmatch(year):
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, BAD_YEAR)
    period = open_period()
    if period is None:
        raise ApiError(HTTPStatus.NOT_FOUND, NO_PERIOD)
    if year and int(year) != period.year:
        raise ApiError(HTTPStatus.NOT_FOUND, OTHER_YEAR)
    return period
