"""TPI's teams and what they assess; the agency's admins alone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from assessment.models import Period, Team

from ..access import require_agency_admin
from ..assigning import Filter, get_team, places_of, teams_of
from ..forms.teams import AssignForm, MemberForm, TeamForm, filter_of
from ..pages import teams as pages
from ..proposing import get_period
from ..services import teams as services
from .problems import add_problems


@require_safe
def teams(request: UserRequest, year: int) -> HttpResponse:
    require_agency_admin(request.user)
    return render(request, "review/teams/teams.html", pages.teams(get_period(year), TeamForm()))


@require_POST
def team_add(request: UserRequest, year: int) -> HttpResponse:
    require_agency_admin(request.user)
    period, form = get_period(year), TeamForm(request.POST)
    if form.is_valid():
        try:
            made = services.add_team(period=period, name=form.cleaned_data["name"])
        except ValidationError as error:
            add_problems(form, error)
        else:
            messages.success(request, f"{made.name} dibuat. Tambahkan anggotanya.")
            return redirect("review:team", year, made.pk)
    return render(request, "review/teams/teams.html", pages.teams(period, form), status=422)


@require_safe
def team(request: UserRequest, year: int, team: int) -> HttpResponse:
    require_agency_admin(request.user)
    return _team_page(request, get_team(year, team))


@require_POST
def team_rename(request: UserRequest, year: int, team: int) -> HttpResponse:
    require_agency_admin(request.user)
    found, form = get_team(year, team), TeamForm(request.POST)
    if form.is_valid():
        try:
            services.rename_team(team=found, name=form.cleaned_data["name"])
        except ValidationError as error:
            add_problems(form, error)
        else:
            messages.success(request, "Nama tim diubah.")
            return redirect("review:team", year, team)
    return _team_page(request, found, name_form=form, status=422)


@require_POST
def team_remove(request: UserRequest, year: int, team: int) -> HttpResponse:
    require_agency_admin(request.user)
    found = get_team(year, team)
    try:
        services.remove_team(team=found)
    except ValidationError as error:
        return _team_page(request, found, problem=" ".join(error.messages), status=422)
    messages.success(request, f"{found.name} dihapus.")
    return redirect("review:teams", year)


@require_POST
def member_add(request: UserRequest, year: int, team: int) -> HttpResponse:
    require_agency_admin(request.user)
    found = get_team(year, team)
    form = pages.member_form(found, request.POST)
    if form.is_valid():
        user, role = form.cleaned_data["user"], form.cleaned_data["role"]
        try:
            services.add_member(team=found, user=user, role=role, by=request.user)
        except ValidationError as error:
            add_problems(form, error)
        else:
            messages.success(request, f"{user} menjadi anggota {found.name}.")
            return redirect("review:team", year, team)
    return _team_page(request, found, member_form=form, status=422)


@require_POST
def member_remove(request: UserRequest, year: int, team: int, member: int) -> HttpResponse:
    require_agency_admin(request.user)
    found = get_team(year, team)
    row = get_object_or_404(found.members.select_related("user"), pk=member)
    try:
        services.remove_member(team=found, member=row, by=request.user)
    except ValidationError as error:
        return _team_page(request, found, problem=" ".join(error.messages), status=422)
    messages.success(request, f"{row.user} tidak lagi menjadi anggota {found.name}.")
    return redirect("review:team", year, team)


def _team_page(
    request: UserRequest, found: Team, name_form: TeamForm | None = None, member_form: MemberForm | None = None,
    problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = pages.team(
        found, name_form or TeamForm(initial={"name": found.name}), member_form or pages.member_form(found), problem
    )
    return render(request, "review/teams/team.html", context, status=status)


@require_safe
def assign_page(request: UserRequest, year: int) -> HttpResponse:
    require_agency_admin(request.user)
    period, wanted = get_period(year), filter_of(request.GET)
    places = places_of(request.user, period, wanted)
    return _assign_page(request, period, wanted, AssignForm(teams_of(period), places))


@require_POST
def assign(request: UserRequest, year: int) -> HttpResponse:
    require_agency_admin(request.user)
    period, wanted = get_period(year), filter_of(request.POST)
    form = AssignForm(teams_of(period), places_of(request.user, period, wanted), request.POST)
    if form.is_valid():
        try:
            count = services.assign(period=period, order=form.order, by=request.user)
        except ValidationError as error:
            add_problems(form, error)
        else:
            messages.success(request, f"{count} unit ditugaskan kepada {form.order.team}.")
            return redirect("review:teams", year)
    return _assign_page(request, period, wanted, form, 422)


def _assign_page(
    request: UserRequest, period: Period, wanted: Filter, form: AssignForm, status: int = 200
) -> HttpResponse:
    context = pages.assigning(request.user, period, wanted, form, form.places)
    return render(request, "review/teams/assign.html", context, status=status)
