"""A pull request's check run: what is shown, and where it goes."""

from collections.abc import Mapping

from linkcheck.app.environment import services_from
from linkcheck.model.result import RunResult
from linkcheck.model.settings import ServiceSettings


def publish_check_run(
    result: RunResult, exit_code: int, *, env: Mapping[str, str], commit: str
) -> str | None:
    """Show a result as a check run on a commit; returns ``None``, or why there is none.

    ``env`` is the environment of a step of GitHub Actions.
    """
    from linkcheck.forge.check_runs import send_check_run
    from linkcheck.forge.client import ForgeAccess
    from linkcheck.report.check_run import check_run

    services = services_from(ServiceSettings(), env)
    repository = env.get("GITHUB_REPOSITORY", "")
    if result.sandbox or services.github_token is None or "/" not in repository:
        return "there is no token, or no repository to show it in"
    shown = check_run(result, exit_code)
    return send_check_run(
        ForgeAccess(services.github_api, services.github_token),
        repository,
        commit,
        conclusion=shown.conclusion,
        title=shown.title,
        summary=shown.summary,
        annotations=shown.annotations,
    )
