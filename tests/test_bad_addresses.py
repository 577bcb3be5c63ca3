"""Addresses and parameters that nobody's page makes: a clear answer, never a stack trace."""

import pytest

from assessment.tests.factories import member

pytestmark = pytest.mark.django_db

LONG = "9" * 40
FILTERS = ("q", "hal", "area", "tahun", "hasil", "jenis", "urut", "pakai", "publik", "periode")
UNIT = "{unit}"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def operator(client, assessment):
    client.force_login(member(assessment.unit))
    return client


@pytest.mark.parametrize(
    "path",
    [
        f"/penilaian/{LONG}/{UNIT}/", f"/penilaian/0000/{UNIT}/", f"/penilaian/-2026/{UNIT}/",
        f"/penilaian/٢٠٢٦/{UNIT}/",
        "/penilaian/2026/%00/", "/penilaian/2026/U%00/", "/penilaian/2026/' OR 1=1 --/", f"/penilaian/2026/{LONG}/",
        "/penilaian/2026/../../etc/passwd/", f"/penilaian/2026/{UNIT}/lembar/%00/",
        f"/penilaian/2026/{UNIT}/lembar/{LONG}/",
        f"/penilaian/2026/{UNIT}/lembar/A.I/", f"/penilaian/2026/{UNIT}/mengapa/<script>/",
        f"/penilaian/2026/{UNIT}/riwayat/?kriteria=%00", f"/penilaian/2026/{UNIT}/unduh/lke.docx", "/penilaian/2026//",
        f"/penilaian/2026/{UNIT}/bukti/{LONG}/", f"/penilaian/2026/{UNIT}/bukti/A.I.1/",
        f"/penilaian/2026/{UNIT}/bukti/%00/",
        f"/penilaian/2026/{UNIT}/bukti/A.I.1.i.a/1/ubah/",
        f"/penilaian/2026/{UNIT}/impor-bukti/{NOBODY}/", f"/penilaian/2026/{UNIT}/impor-bukti/%00/",
        f"/unit/{UNIT}/dokumen/{NOBODY}/", f"/unit/{UNIT}/dokumen/1/", f"/unit/{UNIT}/dokumen/../../../etc/passwd/",
        f"/unit/{UNIT}/dokumen/{NOBODY}/versi/1/berkas/", f"/unit/{UNIT}/dokumen/{NOBODY}/versi/0/berkas/",
        f"/unit/{UNIT}/dokumen/{NOBODY}/versi/{LONG}/berkas/", f"/unit/{UNIT}/dokumen/{NOBODY}/versi/1/halaman/0/",
        f"/publik/dokumen/{NOBODY}/", "/publik/dokumen/%00/", "/unit/%00/dokumen/", "/media/", "/evidence/",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_not_found(operator, assessment, path):
    assert operator.get(path.format(unit=assessment.unit.code)).status_code == 404


@pytest.mark.parametrize(
    "value", ["%00", "a%00b", LONG, "-1", "0", "abc", "%25", "_", "<script>", "'", "%F0%9F%92%A9", "%FF"]
)
def test_odd_parameters_of_lists_are_harmless(operator, assessment, value):
    unit = f"/penilaian/2026/{assessment.unit.code}/"
    documents, evidence = f"/unit/{assessment.unit.code}/dokumen/", f"{unit}bukti/A.I.1.i.a/"
    for path in (
        f"/penilaian/?q={value}", f"/penilaian/?hal={value}", f"{unit}riwayat/?hal={value}",
        *(f"{documents}?{name}={value}" for name in FILTERS),
        *(f"{evidence}?{name}={value}" for name in ("cari", "hal", "lihat", "halaman", "baru")),
    ):  # fmt: skip
        response = operator.get(path)
        assert response.status_code == 200, path
        assert "<script>" not in response.text.replace("<script src=", "")
    assert operator.get(f"{unit}berikutnya/?dari={value}").status_code == 302


@pytest.mark.parametrize("value", ["\x00", "x" * 6000, "9" * 400, "-", "💩", "<b>", "NaN", "1e999", " "])
@pytest.mark.parametrize("name", ["choice", "n1", "index", "note", "version"])
def test_odd_values_in_a_form_are_refused_or_saved_but_never_break(operator, assessment, name, value):
    for code in ("A.I.1.i.b", "A.II.4.i.a", "B.I.a"):
        data = {f"{code}-version": "0", f"{code}-{name}": value}
        response = operator.post(
            f"/penilaian/2026/{assessment.unit.code}/jawaban/{code}/", data, headers={"HX-Request": "true"}
        )
        assert response.status_code in {200, 409, 422}, (code, name)
        assert f'name="{code}-version"' in response.text
    page = {f"B.I.a-{name}": value, "B.I.a-version": "0", "kembali": value}
    response = operator.post(f"/penilaian/2026/{assessment.unit.code}/lembar/B.I/simpan/", page)
    assert response.status_code in {302, 409, 422}
