"""The official documents: SPTJM, LHE, Surat pengajuan, Surat monev. Pure: the data of a fixed copy in, bytes out.

The same data gives the same document for ever; nothing is looked up and nothing says "now".
"""

from typing import Any

from . import docx, letter, lhe, monev, pdf, sptjm

__all__ = ["letter_docx", "letter_pdf", "lhe_docx", "lhe_pdf", "monev_docx", "monev_pdf", "sptjm_pdf"]


def sptjm_pdf(data: dict[str, Any]) -> bytes:
    """Return the statement of full responsibility as tagged PDF."""
    return pdf.render(sptjm.document(data))


def lhe_pdf(data: dict[str, Any]) -> bytes:
    """Return the report of the evaluation as tagged PDF."""
    return pdf.render(lhe.document(data))


def lhe_docx(data: dict[str, Any]) -> bytes:
    """Return the report of the evaluation for a word processor."""
    return docx.render(lhe.document(data))


def letter_pdf(data: dict[str, Any]) -> bytes:
    """Return the letter that proposes units to TPN as tagged PDF."""
    return pdf.render(letter.document(data))


def letter_docx(data: dict[str, Any]) -> bytes:
    """Return the letter that proposes units to TPN for a word processor."""
    return docx.render(letter.document(data))


def monev_pdf(data: dict[str, Any]) -> bytes:
    """Return the letter about a unit's monitoring as tagged PDF."""
    return pdf.render(monev.document(data))


def monev_docx(data: dict[str, Any]) -> bytes:
    """Return the letter about a unit's monitoring for a word processor."""
    return docx.render(monev.document(data))
