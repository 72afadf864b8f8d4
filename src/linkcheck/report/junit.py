"""The ``junit`` format: one test case per entry, for CI systems that show test results.

Errors are failures. Warnings and remarks are in ``system-out``: most CI systems have no third
state, and an archived repository is no failed build. An entry without checked links is ``skipped``.
"""

import re
from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from linkcheck.model.escape import visible_line
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Status
from linkcheck.model.result import EntryResult, LinkResult, RunOutcome, RunResult
from linkcheck.report import OutputCapabilities

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: RunResult, output: OutputCapabilities) -> str:  # noqa: ARG001 - one signature for all
    """Return the report as JUnit XML."""
    seconds = f"{(result.finished_at - result.started_at).total_seconds():.3f}"
    root = Element("testsuites", name="linkcheck", time=seconds)
    _add_suites(root, result)
    failures = [("defect", notice.message) for notice in result.notices if notice.defect]
    if result.outcome is RunOutcome.INCONCLUSIVE:
        failures.append(("inconclusive", result.reason or ""))
    else:
        failures += [("inconclusive", reason) for reason in result.service_failures.values()]
    if failures:
        _add_run_suite(root, result, failures)
    for number in ("tests", "failures", "errors"):
        root.set(number, str(sum(int(suite.get(number, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _add_suites(root: Element, result: RunResult) -> None:
    """Add a suite for each file, with a case for each of its entries."""
    findings: dict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in result.findings:
        findings[finding.span.file, finding.entry].append(finding)
    links: dict[str | None, list[LinkResult]] = defaultdict(list)
    for link in result.links:
        for name in {place.entry for place in link.occurrences}:
            links[name].append(link)
    files: dict[str, list[EntryResult]] = defaultdict(list)
    for entry in result.entries:
        files[entry.entry.span.file].append(entry)
    for file, _entry in findings:
        files.setdefault(file, [])
    for file, entries in sorted(files.items()):
        suite = SubElement(root, "testsuite", name=_xml_text(file), timestamp=_timestamp(result))
        for entry in entries:
            case = _add_case(suite, file, entry.entry.id, findings.pop((file, entry.entry.id), []))
            entry_links = links[entry.entry.id]
            if (
                not len(case)
                and entry_links
                and all(link.status is Status.SKIPPED for link in entry_links)
            ):
                SubElement(case, "skipped", message="not asked about in this run")
        for key in [key for key in findings if key[0] == file]:
            _add_case(suite, file, key[1] or "(file)", findings.pop(key))
        _set_counts(suite)


def _add_run_suite(root: Element, result: RunResult, failed: list[tuple[str, str]]) -> None:
    """Add the test case of the run itself, for errors that belong to no entry."""
    suite = SubElement(root, "testsuite", name="linkcheck", timestamp=_timestamp(result))
    case = SubElement(suite, "testcase", name="run", classname="linkcheck", time="0")
    for kind, words in failed:
        SubElement(case, "error", message=kind, type=kind).text = _xml_text(words)
    _set_counts(suite)


def _add_case(suite: Element, file: str, name: str, findings: list[Finding]) -> Element:
    case = SubElement(suite, "testcase", name=_xml_text(name), classname=_xml_text(file), time="0")
    remarks = []
    for finding in findings:
        if finding.severity is Severity.ERROR:
            failure = SubElement(
                case, "failure", message=_xml_text(finding.message), type=_xml_text(finding.rule)
            )
            failure.text = _describe(finding)
        else:
            remarks.append(_describe(finding))
    if remarks:
        SubElement(case, "system-out").text = "\n".join(remarks)
    return case


def _describe(finding: Finding) -> str:
    place = f"{finding.span.file}:{finding.span.line}:{finding.span.column}"
    url = f" {finding.url}" if finding.url else ""
    return _xml_text(f"{place}: {finding.severity} {finding.rule}{url}: {finding.message}")


def _set_counts(suite: Element) -> None:
    for number, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(number, str(sum(1 for case in suite if case.find(tag) is not None)))
    suite.set("tests", str(len(suite)))
    suite.set("time", "0")


def _timestamp(result: RunResult) -> str:
    return result.started_at.strftime("%Y-%m-%dT%H:%M:%S")


def _xml_text(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", visible_line(text))
