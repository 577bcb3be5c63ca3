"""The statement that the head of a unit confirms on submitting (SPTJM), as it goes into the fixed copy."""

from datetime import datetime
from typing import Any

from accounts.letterheads.selectors import letterhead_data
from accounts.models import User
from assessment import history, selectors
from assessment.models import Assessment, Stage
from assessment.scoring import exact
from evidence.models import Attachment

STATEMENT = (
    "Seluruh jawaban, data, dan bukti dukung dalam penilaian mandiri ini benar, sesuai dengan keadaan yang "
    "sebenarnya, dan dapat dipertanggungjawabkan.",
    "Seluruh bukti dukung yang dilampirkan adalah milik unit kerja ini dan berlaku pada periode yang dinilai.",
    "Apabila di kemudian hari ditemukan data atau dokumen yang tidak benar, saya bersedia menerima akibatnya sesuai "
    "dengan ketentuan peraturan perundang-undangan.",
)
SIGNED_ROLE = "Kepala unit kerja"


def sptjm_data(row: Assessment, by: User, at: datetime) -> dict[str, Any]:
    """Return what the SPTJM says besides the fixed copy's own id and digest: three queries."""
    letterhead = letterhead_data(row.unit)
    result = selectors.stage_result(row, Stage.UNIT)
    return {
        "statement": list(STATEMENT),
        "signed_by": str(by),
        "signed_role": SIGNED_ROLE,
        "signed_at": history.moment(at),
        "place": letterhead.get("place", ""),
        "letterhead": letterhead,
        "total": f"{exact(result.total):f}",
        "answered": result.answered,
        "criteria": len(result.values),
        "documents": Attachment.objects.filter(assessment=row, detached_at=None).values("document").distinct().count(),
    }
