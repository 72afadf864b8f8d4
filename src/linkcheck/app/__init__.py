"""The composition root: settings in, everything wired here, a result out.

The command line calls this package and nothing below it. What a run does, in order: read the
catalog, identify its links, reuse or ask, weigh whether the answers may be believed, keep them,
evaluate the rules.
"""

from linkcheck.app.check import run_check
from linkcheck.app.check_run import publish_check_run
from linkcheck.app.demo import DemoOutcome, demo
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.fix import fixes_for, write_fixes
from linkcheck.app.merge import merge
from linkcheck.app.publish import PublishOptions, PublishResult, check_and_publish
from linkcheck.app.results import (
    exit_code,
    keep_last_result,
    last_result_file,
    load_result,
    save_report,
    write_observed,
)
from linkcheck.app.run_history import with_history

__all__ = [
    "DemoOutcome",
    "PublishOptions",
    "PublishResult",
    "RunEnvironment",
    "RunOptions",
    "check_and_publish",
    "demo",
    "exit_code",
    "fixes_for",
    "keep_last_result",
    "last_result_file",
    "load_result",
    "merge",
    "publish_check_run",
    "run_check",
    "save_report",
    "with_history",
    "write_fixes",
    "write_observed",
]
