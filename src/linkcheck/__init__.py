"""linkcheck: the bot that keeps a curated catalog true.

The command line is the public interface; the modules are private to the project.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
