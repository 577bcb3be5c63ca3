"""The page "Impor unit dan pengguna"."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from .. import services
from ..forms import ImportForm
from ..importing.sheet import Rows, read_import
from ..importing.template import template_file
from ..models import User
from ..workbook import WorkbookRefused

MAX_PROBLEMS = 500  # shown at once; whoever has more starts with these
SESSION_KEY = "accounts_import"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Take a workbook; write all of it or show what is wrong with which row."""
    _need_permission(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    report = _imported(request, form) if form.is_valid() else None
    if report is not None and not report.problems:
        request.session[SESSION_KEY] = _summary(report)
        return redirect("admin:accounts_import_result")
    problems = report.problems if report else []
    context = {
        **_page(request, "Impor unit dan pengguna"),
        "form": form,
        "problems": problems[:MAX_PROBLEMS],
        "problem_count": len(problems),
    }
    return render(request, "admin/accounts/import.html", context, status=422 if form.is_bound else 200)


@require_GET
def import_result(request: HttpRequest) -> HttpResponse:
    """Show what the last import of this session did, and who is new."""
    _need_permission(request)
    summary = request.session.get(SESSION_KEY)
    if summary is None:
        return redirect("admin:accounts_import")
    users = User.objects.filter(pk__in=summary["users_created"]).prefetch_related("memberships__unit")
    context = {**_page(request, "Hasil impor"), "summary": summary, "users": users}
    return render(request, "admin/accounts/import_result.html", context)


@require_GET
def import_template(request: HttpRequest) -> FileResponse:
    _need_permission(request)
    return FileResponse(
        template_file(), as_attachment=True, filename="templat-impor-unit-pengguna.xlsx", content_type=XLSX
    )


def _need_permission(request: HttpRequest) -> None:
    if not request.user.has_perms(["accounts.add_unit", "accounts.add_user"]):
        raise PermissionDenied


def _imported(request: HttpRequest, form: ImportForm) -> services.ImportReport | None:
    """Import the file of a valid form; what makes it unusable as a whole becomes an error of the form."""
    try:
        rows: Rows = read_import(form.cleaned_data["file"])
        return services.import_accounts(rows=rows, by=request.user)  # type: ignore[arg-type]
    except WorkbookRefused as error:
        form.add_error("file", str(error))
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _summary(report: services.ImportReport) -> dict[str, object]:
    return {
        "units_created": len(report.units_created),
        "units_changed": len(report.units_changed),
        "users_created": [user.pk for user in report.users_created],
        "users_changed": len(report.users_changed),
        "memberships_created": report.memberships_created,
        "memberships_changed": report.memberships_changed,
    }


def _page(request: HttpRequest, title: str) -> dict[str, object]:
    return {**admin.site.each_context(request), "title": title}
