"""What somebody new to the command line tries, and what it says then."""

from pathlib import Path

from cli_runner import Linkcheck

CATALOG = "- {id: a, name: A, kind: tool, links: {code: 'https://github.com/a/b'}}\n"


def test_the_sandboxs_facts_stay_out_of_the_store(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CATALOG)
    done = linkcheck("fix", "--sandbox", "x.yaml")
    assert done.err.startswith("sandbox: ")
    assert not (tmp_path / ".linkcheck").exists()
