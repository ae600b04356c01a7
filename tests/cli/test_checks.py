"""The table of checks says what there is, and the one in docs/ is not older than the checks."""

import json
from pathlib import Path

import pytest

from safecomm.__main__ import main
from safecomm.checks import all_checks
from safecomm.core.blind import BLIND

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"
COMMAND = ".venv/bin/safecomm checks --markdown > docs/checks.md"


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["checks", *options]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def test_the_page_of_checks_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--markdown") == DOCS.read_text(encoding="utf-8"), f"run: {COMMAND}"


def test_every_check_and_cause_is_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    text, markdown = printed(capsys), printed(capsys, "--markdown")
    document = json.loads(printed(capsys, "--json"))
    assert document["schema"] == "safecomm.checks/1"
    assert [each["check"] for each in document["checks"]] == [check.id for check in all_checks()]
    for check, each in zip(all_checks(), document["checks"], strict=True):
        assert check.id in text
        assert f"### `{check.id}`" in markdown
        assert [cause["cause"] for cause in each["causes"]] == list(check.causes)
        for code in check.causes:
            assert code in text
            assert f"| `{code}` |" in markdown
    assert {cause["cause"] for cause in document["any"]} == set(BLIND)


def test_the_table_keeps_its_four_columns(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line for line in printed(capsys, "--markdown").splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {5}


def test_the_text_fits_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, printed(capsys).splitlines())) <= 80


def test_json_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--json").isascii()


def test_two_forms_at_once_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["checks", "--json", "--markdown"])
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""
