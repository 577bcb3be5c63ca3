"""What PortalRB would be sent, for the agency's admins: check, downloads, the units' evidence links."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest, origin
from assessment.models import Assessment
from review.access import require_agency_admin

from .. import pages, services
from ..access import agencies_of, get_proposed
from ..check import UnitReport, report_of, unit_reports
from ..links import origin_of_portal
from ..middleware import PREFIX
from ..proposals import answers_json
from ..upload import CONTENT_TYPE, upload_workbook


@require_safe
def preflight(request: UserRequest) -> HttpResponse:
    require_agency_admin(request.user)
    base = _origin(request)
    report = report_of(Assessment.objects.visible_to(request.user), agencies_of(request.user), base)
    return render(request, "reports/portalrb/preflight.html", pages.overview(report, base + PREFIX))


@require_safe
def unit(request: UserRequest, code: str) -> HttpResponse:
    return render(request, "reports/portalrb/unit.html", pages.unit_page(_report(request, code)))


@require_safe
def unit_json(request: UserRequest, code: str) -> HttpResponse:
    """Download a unit's answers as the API would send them."""
    report = _whole_report(request, code)
    data = answers_json(report.assessment, [checked.row for checked in report.rows])
    content = json.dumps(data, ensure_ascii=False, indent=2).encode()
    return _download(content, "application/json", f"PortalRB-{_stem(report)}.json")


@require_safe
def unit_xlsx(request: UserRequest, code: str) -> HttpResponse:
    """Download the workbook that PortalRB takes instead of the API."""
    report = _whole_report(request, code)
    content = upload_workbook([checked.row for checked in report.rows])
    return _download(content, CONTENT_TYPE, f"PortalRB-{_stem(report)}.xlsx")


@require_POST
def links_revoke(request: UserRequest, code: str) -> HttpResponse:
    row = get_proposed(request.user, code)
    services.revoke_links(row, by=request.user)
    messages.success(request, f"Tautan bukti dukung {row.unit.name} dicabut. Semua tautan yang beredar tidak berlaku.")
    return redirect("reports:portalrb-unit", code)


@require_POST
def links_renew(request: UserRequest, code: str) -> HttpResponse:
    row = get_proposed(request.user, code)
    services.renew_links(row, by=request.user)
    messages.success(request, f"Tautan bukti dukung {row.unit.name} yang baru berlaku dan dikirim ke PortalRB.")
    return redirect("reports:portalrb-unit", code)


def _report(request: UserRequest, code: str) -> UnitReport:
    return unit_reports([get_proposed(request.user, code)], _origin(request))[0]


def _whole_report(request: UserRequest, code: str) -> UnitReport:
    """Return the report of a unit that is sent; 404 for one whose copies are missing or damaged."""
    report = _report(request, code)
    if report.problem:
        raise Http404
    return report


def _origin(request: UserRequest) -> str:
    return origin_of_portal(origin(request))


def _stem(report: UnitReport) -> str:
    return f"{report.assessment.period.year}-{report.assessment.unit.code}"


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
