"""Exceptions that are reported to the user.

``LinkcheckError``
  ``UsageError``        an invalid command line or input                        (exit 2)
    ``ConfigError``     a configuration file is wrong                           (exit 2)
    ``CatalogError``    a catalog file cannot be read at all                    (exit 2)
    ``StoreError``      the store cannot be opened or written                   (exit 2)
  ``ForgeError``        the forge refused an action                             (exit 3)

A link without an answer is no error but an observation. ``InvalidUrlError`` is not one of these:
an invalid URL becomes a finding.
"""


class LinkcheckError(Exception):
    """An error that is reported in one message, without a traceback.

    ``message`` describes the problem, ``where`` locates it (a file and line, an option, a URL) and
    ``hint`` describes the next step.
    """

    exit_code = 2

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """Return location and message, and the hint on a second line."""
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n{self.hint}" if self.hint else head


class UsageError(LinkcheckError):
    """The command line is invalid."""


class ConfigError(UsageError):
    """A configuration file is invalid."""


class CatalogError(UsageError):
    """A catalog file or folder cannot be read at all."""


class StoreError(UsageError):
    """The store cannot be opened, read or written."""


class ForgeError(LinkcheckError):
    """The forge refused an action; ``hint`` names the missing permission or setting."""

    exit_code = 3


class InvalidUrlError(ValueError):
    """The text is not an http(s) URL; ``str()`` gives the reason for messages."""
