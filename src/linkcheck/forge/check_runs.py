"""Sending a check run to GitHub: all annotations of a pull request, fifty to a request.

Source: GitHub's description of its REST API, ``POST /repos/{owner}/{repo}/check-runs`` and
``PATCH …/check-runs/{id}``: at most 50 annotations in a request, each further request adds to them.
"""

from collections.abc import Mapping, Sequence

PER_REQUEST = 50
"""Annotations that GitHub takes in one request."""
_TIMEOUT = 15


def send_check_run(
    *,
    api: str,
    token: str,
    repository: str,
    commit: str,
    conclusion: str,
    title: str,
    summary: str,
    annotations: Sequence[Mapping[str, str | int]],
    name: str = "linkcheck",
    pause: float = 1.0,
) -> str | None:
    """Make a completed check run on a commit; returns ``None``, or why it could not be made.

    ``api`` is the address of the REST API, ``repository`` is ``OWNER/NAME``, ``pause`` the seconds
    between two requests. Nothing is raised for what GitHub or the network answers: a token without
    the permission ``checks: write`` is the usual case, and no error.
    """
    import requests
    from github import Auth, Github, GithubException

    parts = [
        annotations[start : start + PER_REQUEST]
        for start in range(0, len(annotations), PER_REQUEST)
    ] or [()]
    outputs: list[dict[str, str | list[dict[str, str | int]]]] = [
        {"title": title, "summary": summary, "annotations": [dict(one) for one in part]}
        for part in parts
    ]
    forge = Github(
        base_url=api,
        auth=Auth.Token(token),
        timeout=_TIMEOUT,
        retry=None,
        seconds_between_writes=pause,
        lazy=True,
    )
    try:
        run = forge.get_repo(repository).create_check_run(
            name, commit, status="completed", conclusion=conclusion, output=outputs[0]
        )
        for output in outputs[1:]:
            run.edit(output=output)
    except GithubException as error:
        return f"GitHub answered {error.status}"
    except requests.RequestException as error:
        return f"GitHub could not be reached ({type(error).__name__})"
    finally:
        forge.close()
    return None
