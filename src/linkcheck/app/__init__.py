"""The use cases, each a composition root: settings in, a result out.

The command line calls this package and nothing below it. A run in order: read the catalog,
identify its links, reuse stored observations or make new ones, detect outages of ours, store the
observations, evaluate the rules, publish.
"""

from linkcheck.app.check import Session, open_session, run_check
from linkcheck.app.demo import DemoOutcome, demo
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.fix import fixes_for, write_fixes
from linkcheck.app.merge import merge
from linkcheck.app.publish import (
    PublishOptions,
    PublishResult,
    check_and_publish,
    publish_check_run,
)
from linkcheck.app.results import (
    exit_code,
    keep_last_result,
    last_result_file,
    load_result,
    save_report,
    with_history,
    write_observed,
)

__all__ = [
    "DemoOutcome",
    "PublishOptions",
    "PublishResult",
    "RunEnvironment",
    "RunOptions",
    "Session",
    "check_and_publish",
    "demo",
    "exit_code",
    "fixes_for",
    "keep_last_result",
    "last_result_file",
    "load_result",
    "merge",
    "open_session",
    "publish_check_run",
    "run_check",
    "save_report",
    "with_history",
    "write_fixes",
    "write_observed",
]
