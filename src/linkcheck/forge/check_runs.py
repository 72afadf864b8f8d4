"""Send a check run to GitHub with every annotation of a pull request.

Source: GitHub's REST API, ``POST /repos/{owner}/{repo}/check-runs`` and
``PATCH …/check-runs/{id}``: at most 50 annotations in a request; each further request adds to them.
"""

from collections.abc import Mapping, Sequence

from linkcheck.forge.github_client import ForgeAccess, open_github

MAX_ANNOTATIONS = 50
"""Annotations in one request."""


def send_check_run(
    access: ForgeAccess,
    repository: str,
    commit: str,
    *,
    conclusion: str,
    title: str,
    summary: str,
    annotations: Sequence[Mapping[str, str | int]],
    name: str = "linkcheck",
) -> str | None:
    """Create a completed check run on a commit; return the reason if that failed, else ``None``.

    ``repository`` is ``OWNER/NAME``. A refusal raises nothing: tokens without the permission
    ``checks: write`` are common.
    """
    from github import GithubException
    from requests import RequestException

    outputs: list[dict[str, str | list[dict[str, str | int]]]] = [
        {
            "title": title,
            "summary": summary,
            "annotations": [dict(one) for one in annotations[start : start + MAX_ANNOTATIONS]],
        }
        for start in range(0, max(len(annotations), 1), MAX_ANNOTATIONS)
    ]
    with open_github(access) as github:
        try:
            run = github.get_repo(repository).create_check_run(
                name, commit, status="completed", conclusion=conclusion, output=outputs[0]
            )
            for output in outputs[1:]:
                run.edit(output=output)
        except GithubException as error:
            return f"GitHub answered {error.status}"
        except RequestException as error:
            return f"GitHub could not be reached ({type(error).__name__})"
    return None
