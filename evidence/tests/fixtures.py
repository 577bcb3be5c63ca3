"""Fixtures about evidence, for every app's tests."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def media(settings: Settings, data_dir: Path) -> Path:
    """Keep content, incoming files and previews of a test below its own folder; return that of the content."""
    root = Path(settings.MEDIA_ROOT)
    settings.EVIDENCE_INCOMING_DIR = root / "incoming"
    settings.EVIDENCE_PREVIEW_DIR = Path(settings.DATA_DIR) / "preview"
    backend = {
        "BACKEND": "evidence.storage.ContentFileStorage",
        "OPTIONS": {"location": str(root / "evidence")},
    }
    settings.STORAGES = settings.STORAGES | {"evidence": backend}  # the change makes Django forget the old storage
    return root / "evidence"
