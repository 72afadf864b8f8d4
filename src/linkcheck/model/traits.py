"""Entry traits, by which the engine skips rules that cannot apply to an entry."""


class EntryTrait:
    """Bits for the claims of an entry and for properties of any of its links.

    A trait is a necessary condition of a rule, not a verdict. Plain numbers and no ``IntFlag``:
    combining members of an enumeration costs as much as the rules that it saves.
    """

    DEAD = 1 << 0
    """A link has the status ``dead``; likewise the next two."""
    MOVED = 1 << 1
    INVALID = 1 << 2
    UNANSWERED = 1 << 3
    """A link's status is ``unreachable`` or ``blocked``."""
    PLAIN_HTTP = 1 << 4
    """A link is written with ``http:``."""
    SEEN_BEFORE = 1 << 5
    """A link has more than one observation."""

    REPOSITORY = 1 << 6
    """Facts of a repository are known; the next four are about repositories, too."""
    ARCHIVED = 1 << 7
    EMPTY = 1 << 8
    FORK = 1 << 9
    COMMITTED = 1 << 10
    """The date of its last commit is known."""
    MISSING_PATH = 1 << 11
    """A linked path does not exist."""

    MODEL = 1 << 12
    """Facts of a model, dataset or space are known; the next two are about those, too."""
    GATED = 1 << 13
    BARE_CARD = 1 << 14
    """It has no card, or one without metadata."""
    DISABLED = 1 << 15
    """A repository or model is disabled or blocked by its service."""

    PAPER = 1 << 16
    """Facts of a paper are known; the next two are about papers, too."""
    WITHDRAWN = 1 << 17
    PUBLISHED = 1 << 18
    """A journal reference or a DOI of it is known."""
    PINNED = 1 << 19
    """A link is pinned to a version."""

    LICENSE_CLAIM = 1 << 20
    """The entry has a license claim; likewise the next two."""
    BASE_MODEL_CLAIM = 1 << 21
    RELEASE_CLAIM = 1 << 22
    DEAD_OR_MOVED = 1 << 23
    """A link has the status ``dead`` or ``moved``."""
