"""What somebody new to the command line tries, and what it says then."""

from pathlib import Path

from cli_runner import Linkcheck

CATALOG = "- {id: a, name: A, kind: tool, links: {code: 'https://github.com/a/b'}}\n"


def test_the_sandboxs_facts_stay_out_of_the_store(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(CATALOG)
    done = linkcheck("fix", "--sandbox", "x.yaml")
    assert done.err.startswith("sandbox: ")
    assert not (tmp_path / ".linkcheck").exists()


def test_the_next_command_is_one_that_works(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "my list.yaml").write_text(CATALOG.replace("https://", "https:/"))
    done = linkcheck("run", "--offline", "--no-store", "my list.yaml")
    told = " ".join(done.out.split())
    assert "'linkcheck fix --offline --no-store 'my list.yaml'' shows 1 safe fix" in told
    fix = linkcheck("fix", "--offline", "--no-store", "my list.yaml")
    assert fix.code == 1, fix.err
    assert "https://github.com/a/b" in fix.out


def test_links_that_were_not_asked_about_are_not_called_well(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_text(CATALOG)
    done = linkcheck("run", "--offline", "x.yaml", "-v")
    assert "all is well" not in done.out
    assert "1 link was not asked about" in done.out
    assert "the store has never seen it" in done.out


def test_without_a_network_the_way_to_what_files_tell_is_named(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_text(
        "".join(
            f"- {{id: e{i}, name: E{i}, kind: tool, links: {{a: 'https://h{i}.invalid/'}}}}\n"
            for i in range(8)
        )
    )
    env = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = linkcheck("run", "x.yaml", env=env)
    assert done.code == 3
    assert "'linkcheck run --offline x.yaml' tells what the files alone" in " ".join(
        done.out.split()
    )
    done = linkcheck("fix", "x.yaml", env=env)
    assert done.code == 3
    assert "linkcheck fix --offline x.yaml" in " ".join(done.err.split())


def test_a_markdown_file_without_links_gets_a_fitting_hint(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    (tmp_path / "README.md").write_text("# Hello\n\nSee [here](docs/x.md).\n")
    done = linkcheck("run", "README.md")
    assert done.code == 2
    said = " ".join(done.err.split())
    assert "(1 file read)" in said
    assert "links to http: and https: addresses are checked" in said
