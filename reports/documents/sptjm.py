"""The statement of full responsibility (SPTJM) that a unit's head confirms on submitting. Pure."""

from typing import Any

from .blocks import (
    DOTS,
    Document,
    Facts,
    Heading,
    Items,
    Paragraph,
    Seal,
    Signatures,
    clean,
    figure,
    letterhead,
    local_day,
    moment,
    signed_at,
    when,
)


def document(data: dict[str, Any]) -> Document:
    """Build the statement from the data of a submission's fixed copy."""
    head = data["head"]
    unit = clean(head["unit"])
    blocks = (
        *letterhead(data),
        Paragraph("SURAT PERNYATAAN TANGGUNG JAWAB MUTLAK", "center"),
        Paragraph("Yang bertanda tangan di bawah ini:"),
        Facts((("Nama", DOTS), ("NIP", DOTS), ("Jabatan", clean(data["signed_role"])), ("Unit kerja", unit),
               ("Instansi", clean(head["agency"])))),
        Paragraph(
            f"menyatakan dengan sesungguhnya, sehubungan dengan penilaian mandiri pembangunan Zona Integritas "
            f"{clean(head['period'])} dengan target {clean(head['target_label'])}, bahwa:"
        ),
        Items(tuple(clean(text) for text in data["statement"])),
        Paragraph("Pernyataan ini meliputi penilaian mandiri dengan keadaan sebagai berikut:"),
        Facts((
            ("Nilai bila dikirim", figure(data["total"])),
            ("Kriteria terjawab", f"{data['answered']} dari {data['criteria']}"),
            ("Dokumen bukti dukung", str(data["documents"])),
            ("Pengajuan ke", str(data["round"])),
        )),
        Paragraph("Demikian pernyataan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."),
        Signatures(((clean(data["signed_role"]), "", ""),), signed_at(data["place"], local_day(data["signed_at"]))),
        Heading("Keaslian", 2),
        Seal(
            f"Disetujui di portal oleh akun {clean(data['signed_by'])} pada {moment(data['signed_at'])}. Salinan tetap "
            f"penilaian ini bernomor {clean(data['id'])}.", clean(data["digest"]), clean(data["receipt_url"]),
        ),
    )  # fmt: skip
    title = f"SPTJM {unit} {head['year']}"
    return Document(title, blocks, f"SPTJM · {unit} · {head['year']}", made_at=when(data["signed_at"]))
