"""Which changes start a new run."""

import pytest

from safecomm.live.changes import reason


@pytest.mark.parametrize(
    "word",
    [
        "lost",
        "network",
        "clock",
        "CONF_CHANGED",
        "SIGNAL RELOAD",
        "SIGNAL DORMANT",
        "NETWORK_LIVENESS DOWN",
        "GUARD ENTRY $AAAA DOWN",
        "STATUS_CLIENT NOTICE CIRCUIT_NOT_ESTABLISHED REASON=CLOCK_JUMPED",
        "STATUS_CLIENT WARN BOOTSTRAP PROGRESS=5",
        "STATUS_GENERAL NOTICE CLOCK_JUMPED TIME=100",
        "STATUS_GENERAL WARN CLOCK_SKEW SKEW=7200",
    ],
)
def test_what_can_make_a_verdict_untrue_matters(word: str) -> None:
    assert reason(word)


@pytest.mark.parametrize(
    "word",
    [
        "STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED",
        "STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=50",
        "STATUS_CLIENT NOTICE CONSENSUS_ARRIVED",
        "STATUS_CLIENT WARN DANGEROUS_SOCKS PROTOCOL=SOCKS5",
        "STATUS_CLIENT WARN SOCKS_BAD_HOSTNAME HOSTNAME=x",
        "STATUS_CLIENT WARN SOCKS_UNKNOWN_PROTOCOL DATA=x",
        "STATUS_CLIENT NOTICE ENOUGH_DIR_INFO",
        "SIGNAL NEWNYM",
        "SIGNAL ACTIVE",
        "GUARD ENTRY $AAAA UP",
        "STATUS_GENERAL NOTICE EXTERNAL_ADDRESS ADDRESS=192.0.2.1",
        "",
        "RUBBISH",
    ],
)
def test_good_news_and_noise_start_nothing(word: str) -> None:
    assert not reason(word)
