"""The composition root: settings in, everything wired here, a result out.

The command line calls this package and nothing below it. What a run does, in order: read the
catalog, identify its links, reuse or ask, weigh whether the answers may be believed, keep them,
evaluate the rules.
"""

from linkcheck.app.act import ActOptions, PublishResult, run_and_act
from linkcheck.app.checks import publish_check_run
from linkcheck.app.demo import DemoOutcome, demo
from linkcheck.app.fixing import fixes_for, write_fixes
from linkcheck.app.history import with_history
from linkcheck.app.merge import merge
from linkcheck.app.results import (
    exit_code,
    keep_last_result,
    last_result_file,
    load_result,
    save_report,
    with_rule_pages,
    write_observed,
)
from linkcheck.app.run import run
from linkcheck.app.settings import RunEnvironment, RunOptions

__all__ = [
    "ActOptions",
    "DemoOutcome",
    "PublishResult",
    "RunEnvironment",
    "RunOptions",
    "demo",
    "exit_code",
    "fixes_for",
    "keep_last_result",
    "last_result_file",
    "load_result",
    "merge",
    "publish_check_run",
    "run",
    "run_and_act",
    "save_report",
    "with_history",
    "with_rule_pages",
    "write_fixes",
    "write_observed",
]
