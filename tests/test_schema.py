"""Reports keep to the schema that other programs read."""

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from safecomm.__main__ import main
from safecomm.checks import all_checks
from safecomm.core.finding import Finding, Problem, Remedy
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Question, Status, VerdictWord
from safecomm.profile import BUILT_IN, load_profile
from safecomm.report import make_report
from safecomm.schemas import NAMES, schema
from tests.net.certificates import Authority
from tests.test_profile import EXAMPLE

MINIMAL = 'schema = 1\nname = "x"\n'
IDS = [check.id for check in all_checks()]
REMEDIES = st.none() | st.builds(Remedy, st.text(), st.text(), st.none() | st.text())
STATUSES = st.sampled_from(Status)
CAUSES = st.sampled_from(["ok", "depends_on", "timed_out"])
PROBLEMS = st.builds(Problem, STATUSES, CAUSES, st.text(min_size=1), REMEDIES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FINDINGS = st.builds(
    Finding,
    st.sampled_from(IDS),
    STATUSES,
    st.booleans(),
    CAUSES,
    st.text(min_size=1),
    st.dictionaries(st.text(), JSON, max_size=3),
    REMEDIES,
    st.lists(PROBLEMS, max_size=2).map(tuple),
    st.floats(0, 100),
)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_prints_schemas(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    told = capsys.readouterr()
    printed = json.loads(told.out)
    assert told.err == ""
    assert printed == schema(name)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(printed)


@pytest.mark.parametrize("text", [MINIMAL, EXAMPLE, BUILT_IN.read_text(encoding="utf-8")])
def test_the_profile_schema_accepts_what_is_loaded(text: str, tmp_path: Path) -> None:
    Authority(tmp_path)
    (tmp_path / "secret").touch()
    (tmp_path / "extra.torrc").touch()
    (tmp_path / "p.toml").write_text(text)
    load_profile(tmp_path / "p.toml")
    Draft202012Validator(schema("profile")).validate(tomllib.loads(text))


def test_every_key_of_a_profile_says_what_it_expects() -> None:
    """The message for a mistake is made of these."""

    def keys(node: object) -> Iterator[tuple[str, Any]]:
        if isinstance(node, dict):
            yield from node.get("properties", {}).items()
            for each in node.values():
                yield from keys(each)

    for name, rule in keys(schema("profile")):
        assert "$ref" in rule or rule.get("type") == "object" or rule.get("description"), name


def test_every_question_and_status_is_in_the_report_schema() -> None:
    rules = schema("report")
    assert rules["properties"]["verdict"]["enum"] == [word.value for word in VerdictWord]
    assert set(rules["$defs"]["status"]["enum"]) == {status.value for status in Status}
    known = rules["$defs"]["finding"]["properties"]["question"]["enum"]
    assert known == [question.value for question in Question]


@given(st.lists(FINDINGS, max_size=6), st.booleans(), st.booleans())
def test_every_report_keeps_to_its_schema(findings: list[Finding], simulated: bool, private: bool) -> None:
    profile = Profile("p", tor=TorSettings(private_network=private))
    report = make_report(profile, findings, IDS[:3], datetime.now(UTC), 1.5, simulated)
    document = json.loads(json.dumps(report.as_json()))
    Draft202012Validator(schema("report")).validate(document)
    assert (report.exit_code == 0) == (document["verdict"] == "SAFE" and not simulated)
    assert document["private_network"] is private
