"""Reports keep to the schema that other programs read."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from safecomm.checks import all_checks
from safecomm.core.finding import Finding, Problem, Remedy
from safecomm.core.profile import Profile, TorSettings
from safecomm.core.words import Status
from safecomm.report import make_report
from safecomm.schemas import NAMES, schema

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


def test_the_schemas_are_schemas() -> None:
    for name in NAMES:
        Draft202012Validator.check_schema(schema(name))


@given(st.lists(FINDINGS, max_size=6), st.booleans(), st.booleans())
def test_every_report_keeps_to_its_schema(findings: list[Finding], simulated: bool, private: bool) -> None:
    profile = Profile("p", tor=TorSettings(private_network=private))
    report = make_report(profile, findings, IDS[:3], datetime.now(UTC), 1.5, simulated)
    document = json.loads(json.dumps(report.as_json()))
    Draft202012Validator(schema("report")).validate(document)
    assert (report.exit_code == 0) == (document["verdict"] == "SAFE" and not simulated)
    assert document["private_network"] is private
