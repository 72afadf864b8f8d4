"""Signs: what an entry shows at a glance, by which a rule says which entries concern it."""

from enum import IntFlag, auto


class EntryTrait(IntFlag):
    """What stands out about an entry: claims it makes, and what is true of any of its links.

    A sign is a necessary condition and no verdict: it may be there where nothing is wrong.
    """

    DEAD = auto()
    """A link has the status ``dead``; likewise the next two."""
    MOVED = auto()
    INVALID = auto()
    UNANSWERED = auto()
    """A link's status is ``unreachable`` or ``blocked``."""
    PLAIN_HTTP = auto()
    """A link is written with ``http:``."""
    SEEN_BEFORE = auto()
    """More than one observation of a link is known."""

    REPOSITORY = auto()
    """Facts of a source repository are known; the next four are of one, too."""
    ARCHIVED = auto()
    EMPTY = auto()
    FORK = auto()
    COMMITTED = auto()
    """The date of its last commit is known."""
    MISSING_PATH = auto()
    """A path is not where the link says."""

    MODEL = auto()
    """Facts of a model, data set or space are known; the next two are of one, too."""
    GATED = auto()
    BARE_CARD = auto()
    """It has no card, or one without metadata."""
    DISABLED = auto()
    """A repository or model is disabled or blocked by its service."""

    PAPER = auto()
    """Facts of a paper are known; the next two are of one, too."""
    WITHDRAWN = auto()
    PUBLISHED = auto()
    """A journal reference or a DOI of it is known."""
    PINNED = auto()
    """A link names a version."""

    LICENSE_CLAIM = auto()
    """The entry states a license; likewise the next two."""
    BASE_MODEL_CLAIM = auto()
    RELEASE_CLAIM = auto()


NO_TRAITS = EntryTrait(0)
