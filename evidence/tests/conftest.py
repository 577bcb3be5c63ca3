from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def nothing_in_the_installation(media: Path) -> None:
    """Keep every test of evidence away from the installation's files, whether it asks or not."""
