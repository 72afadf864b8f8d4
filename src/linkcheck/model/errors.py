"""What can go wrong, as one small tree.

``LinkcheckError``
  ``UsageError``        the caller asked for something that cannot be done      (exit 2)
    ``ConfigError``     a configuration file is wrong                           (exit 2)
    ``CatalogError``    a catalog file cannot be read at all                    (exit 2)
    ``StoreError``      the store cannot be opened or written                   (exit 2)
  ``ForgeError``        the forge refused an action, with what to do about it   (exit 3)

A link that does not answer is no error: it is an observation. ``InvalidUrlError`` stands outside
the tree: a text that is no URL becomes a finding.
"""


class LinkcheckError(Exception):
    """A failure that is explained to the user in one message, without a traceback.

    ``message`` says what is wrong, ``where`` (a file and line, an option, a URL) where, and
    ``hint`` what to do next.
    """

    exit_code = 2

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """Return the whole explanation, one part to a line."""
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n{self.hint}" if self.hint else head


class UsageError(LinkcheckError):
    """The command line asks for something that cannot be done."""


class ConfigError(UsageError):
    """A configuration file holds something that linkcheck does not understand."""


class CatalogError(UsageError):
    """A catalog file or folder cannot be read at all."""


class StoreError(UsageError):
    """The store cannot be opened, read or written."""


class ForgeError(LinkcheckError):
    """The forge refused an action; ``hint`` names the permission or setting that is missing."""

    exit_code = 3


class InvalidUrlError(ValueError):
    """The text is not a URL that can be asked for; ``str()`` says why, in words for people."""
