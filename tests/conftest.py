"""What several tests share: one private Tor network for the whole run."""

import os
import shutil
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.lab import Lab

settings.register_profile("safecomm", deadline=None)  # a slow computer is no failure
settings.load_profile("safecomm")
# A shell that runs us in the background has SIGINT ignored, and every program we start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def whole_lab() -> Iterator[Lab]:
    """The lab, built once. In CI a part that is missing is a failure, elsewhere too: nothing skips."""
    with Lab.start() as lab:
        yield lab


@pytest.fixture
def lab(whole_lab: Lab) -> Iterator[Lab]:
    """The lab in good health; what a test broke is mended afterwards."""
    yield whole_lab
    whole_lab.web.reset()
    whole_lab.router.lift()
    shutil.rmtree(whole_lab.client.home, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def no_home_is_touched(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The program under test never sees the real folder of whoever runs the tests."""
    os.environ["SAFECOMM_HOME"] = str(tmp_path_factory.mktemp("home"))
