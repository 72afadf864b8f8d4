"""GitHub's objects in the JSON format of its REST API."""

from collections.abc import Mapping

from linkcheck.sandbox.fixtures import Owner, Repository, derive_id, derive_number

LICENSE_NAMES: Mapping[str, str] = {
    "Apache-2.0": "Apache License 2.0",
    "MIT": "MIT License",
    "GPL-3.0": "GNU General Public License v3.0",
    "AGPL-3.0": "GNU Affero General Public License v3.0",
    "BSD-2-Clause": 'BSD 2-Clause "Simplified" License',
    "BSD-3-Clause": 'BSD 3-Clause "New" or "Revised" License',
    "CC0-1.0": "Creative Commons Zero v1.0 Universal",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
    "CC-BY-SA-4.0": "Creative Commons Attribution Share Alike 4.0 International",
    "AFL-3.0": "Academic Free License v3.0",
    "NOASSERTION": "Other",
}


def license_of(repo: Repository, base: str) -> dict[str, object] | None:
    """Return the detected license; one that GitHub does not know is ``other``."""
    if repo.license is None:
        return None
    other = repo.license == "NOASSERTION"
    key = "other" if other else repo.license.lower()
    return {
        "key": key,
        "name": LICENSE_NAMES.get(repo.license, repo.license),
        "spdx_id": repo.license,
        "url": None if other else f"{base}/licenses/{key}",
        "node_id": f"MDc6TGljZW5zZ{derive_id('license', key, digits=6)}",
    }


def owner_brief(owner: Owner, base: str) -> dict[str, object]:
    """Return an owner as embedded in other objects."""
    return {
        "login": owner.login,
        "id": derive_number("owner", owner.login, below=100_000_000),
        "node_id": f"U_{derive_id('owner', owner.login, digits=10)}",
        "url": f"{base}/users/{owner.login}",
        "html_url": f"https://github.com/{owner.login}",
        "type": "Organization" if owner.organization else "User",
        "site_admin": False,
    }


def repository(repo: Repository, owner: Owner, base: str) -> dict[str, object]:
    """Return a repository without its parent."""
    url = f"{base}/repos/{repo.name}"
    return {
        "id": repo.number,
        "node_id": repo.node_id,
        "name": repo.name.partition("/")[2],
        "full_name": repo.name,
        "private": repo.private,
        "visibility": "private" if repo.private else "public",
        "owner": owner_brief(owner, base),
        "html_url": f"https://github.com/{repo.name}",
        "url": url,
        "description": repo.description,
        "fork": repo.parent is not None,
        "homepage": repo.homepage,
        "language": repo.language,
        "forks_count": repo.forks,
        "forks": repo.forks,
        "stargazers_count": repo.stars,
        "watchers_count": repo.stars,
        "subscribers_count": max(1, repo.stars // 50),
        "size": 0 if repo.empty else 1024,
        "default_branch": repo.default_branch,
        "open_issues_count": len(repo.issues) + len(repo.pulls),
        "topics": list(repo.topics),
        "archived": repo.archived,
        "disabled": repo.disabled,
        "is_template": False,
        "has_issues": True,
        "has_wiki": repo.wiki,
        "has_discussions": bool(repo.discussions),
        "pushed_at": repo.pushed_at,
        "created_at": repo.created_at,
        "updated_at": repo.pushed_at,
        "license": license_of(repo, base),
        "permissions": {"admin": False, "push": False, "pull": True},
    }


def commit(repo: Repository, ref: str, base: str) -> dict[str, object]:
    """Return the commit that a ref points to."""
    sha = ref if ref in repo.commits else derive_id("commit", repo.name, ref)
    who = {"name": "A. Author", "email": "author@example.org", "date": repo.last_commit}
    return {
        "sha": sha,
        "node_id": f"C_{sha[:12]}",
        "url": f"{base}/repos/{repo.name}/commits/{sha}",
        "html_url": f"https://github.com/{repo.name}/commit/{sha}",
        "commit": {"author": who, "committer": who, "message": "Update"},
        "parents": [],
    }


def release(repo: Repository, tag: str, base: str) -> dict[str, object]:
    """Return a release."""
    number = derive_number("release", repo.name, tag, below=10_000_000)
    return {
        "id": number,
        "tag_name": tag,
        "name": tag,
        "draft": False,
        "prerelease": False,
        "url": f"{base}/repos/{repo.name}/releases/{number}",
        "html_url": f"https://github.com/{repo.name}/releases/tag/{tag}",
        "published_at": repo.pushed_at,
        "created_at": repo.pushed_at,
        "assets": [],
    }


def issue(repo: Repository, number: int, base: str, *, pull: bool) -> dict[str, object]:
    """Return an issue, or a pull request in the issues API's format."""
    kind = "pull" if pull else "issues"
    item: dict[str, object] = {
        "id": derive_number("issue", repo.name, str(number), below=1_000_000_000),
        "number": number,
        "title": f"Number {number}",
        "state": "open",
        "url": f"{base}/repos/{repo.name}/issues/{number}",
        "html_url": f"https://github.com/{repo.name}/{kind}/{number}",
        "labels": [],
        "body": "",
        "created_at": repo.created_at,
        "updated_at": repo.pushed_at,
    }
    if pull:
        item["pull_request"] = {"url": f"{base}/repos/{repo.name}/pulls/{number}"}
    return item


def content(repo: Repository, path: str, kind: str, ref: str, base: str) -> dict[str, object]:
    """Return a file or folder as the contents API lists it."""
    sha = derive_id(kind, repo.name, path)
    where = "blob" if kind == "blob" else "tree"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": 100 if kind == "blob" else 0,
        "type": "file" if kind == "blob" else "dir",
        "url": f"{base}/repos/{repo.name}/contents/{path}?ref={ref}",
        "html_url": f"https://github.com/{repo.name}/{where}/{ref}/{path}",
        "git_url": f"{base}/repos/{repo.name}/git/{where}s/{sha}",
        "download_url": f"https://raw.githubusercontent.com/{repo.name}/{ref}/{path}"
        if kind == "blob"
        else None,
    }
