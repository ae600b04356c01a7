"""Two people with a keyring each."""

from pathlib import Path

import pytest

from tests.pgp.tool import Tool


@pytest.fixture
def amina(tmp_path: Path) -> Tool:
    return Tool(tmp_path / "amina")


@pytest.fixture
def bruno(tmp_path: Path) -> Tool:
    return Tool(tmp_path / "bruno")
