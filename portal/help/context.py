"""Which subject of the help belongs to which page; pages that are not named here lead to the help's start."""

TOPIC_OF_ROUTE = {
    "assessment:index": "mulai", "assessment:detail": "membaca-nilai", "assessment:page": "mengisi",
    "assessment:explain": "membaca-nilai", "assessment:explain-total": "membaca-nilai",
    "assessment:history": "unduhan", "evidence:criterion": "bukti", "evidence:library": "dokumen-unit",
    "evidence:bulk-attach": "dokumen-unit", "evidence:document": "dokumen-unit",
    "evidence:import-start": "impor-bukti", "evidence:import": "impor-bukti", "review:check": "mengajukan",
    "review:submit-page": "mengajukan", "review:conditions": "syarat-pengusulan", "review:snapshots": "unduhan",
    "review:snapshot": "unduhan", "review:desk": "tugas", "review:conflict": "benturan-kepentingan",
    "review:judge": "menilai", "review:judge-page": "menilai", "review:agree-rest-page": "menilai",
    "review:findings": "menulis-catatan", "review:finding": "menindaklanjuti", "review:register": "menindaklanjuti",
    "review:returns": "mengembalikan", "review:second": "penilai-kedua", "review:compare": "perbandingan",
    "review:step-page": "memutuskan", "review:proposals": "mengusulkan", "review:proposal": "mengusulkan",
    "review:result-page": "hasil-tpn", "review:record": "hasil-tpn", "review:award-withdraw-page": "hasil-tpn",
    "review:teams": "membentuk-tim", "review:team": "membentuk-tim", "review:assign-page": "membentuk-tim",
    "reports:recap-home": "rekap", "reports:recap": "rekap", "reports:recap-rank": "rekap",
    "reports:recap-compare": "rekap", "reports:recap-unit": "rekap", "reports:portalrb": "portalrb",
    "reports:portalrb-unit": "portalrb", "notifications": "pemberitahuan", "notification-choices": "pemberitahuan",
    "profile": "mulai", "portal:search": "mencari",
}  # fmt: skip
