"""Entry point of the ``linkcheck`` command and of ``python -m linkcheck``."""

import sys


def main() -> None:
    """Run the command line and exit with its code.

    ``--version`` is answered before anything else is imported: scripts and editors call it often.
    """
    if sys.argv[1:] in (["--version"], ["-V"]):
        from linkcheck import __version__

        sys.stdout.write(f"linkcheck {__version__}\n")
        return
    from linkcheck.cli import main as run_cli
    from linkcheck.model.garbage_collection import tune_garbage_collector

    tune_garbage_collector()
    sys.exit(run_cli())


if __name__ == "__main__":
    main()
