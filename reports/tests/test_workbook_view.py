import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessment.tests.factories import filled, member

pytestmark = pytest.mark.django_db


def test_lke_xlsx(client, assessment, django_assert_max_num_queries):
    recorded = filled(assessment, share=0.5)
    client.force_login(member(assessment.unit))
    url = reverse("reports:lke-xlsx", args=[2026, assessment.unit.code])
    with django_assert_max_num_queries(17):
        response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert response["Content-Disposition"] == f'attachment; filename="LKE-2026-{assessment.unit.code}.xlsx"'
    assert response["Cache-Control"] == "private, no-store"
    sheet = load_workbook(io.BytesIO(response.content), data_only=True)["LKE ZI"]
    assert sheet.cell(sheet.max_row, 12).value == float(recorded.result.total) > 0


def test_lke_pdf(client, assessment):
    filled(assessment, share=0.1)
    client.force_login(member(assessment.unit))
    response = client.get(reverse("reports:lke-pdf", args=[2026, assessment.unit.code]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="LKE-2026-{assessment.unit.code}.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF-")
