"""Findings: problems reported by rules, with their evidence and fixes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linkcheck.model.observation import EvidenceItem
from linkcheck.model.source_text import Span
from linkcheck.model.target import ParsedLink, Target


class Severity(StrEnum):
    """The severity of a finding."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """2 for an error, 1 for a warning, 0 for information."""
        return {"error": 2, "warning": 1, "info": 0}[self.value]


class Confidence(StrEnum):
    """The confidence of a finding."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Safety(StrEnum):
    """Whether a fix may be applied without review."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Edit:
    """A splice: replace the text at ``span``, which must read ``before``, by ``after``."""

    span: Span
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A proposed change of the files."""

    description: str
    edits: tuple[Edit, ...]
    safety: Safety = Safety.SAFE


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding is about, such as the other of two duplicates."""

    entry: str
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: where it is, how it is known, and what to do about it."""

    rule: str
    severity: Severity
    message: str
    """The claim, what was found, and what to do. Plain text; may contain outside text."""
    span: Span
    confidence: Confidence = Confidence.HIGH
    entry: str | None = None
    url: str | None = None
    """The link as written, where the finding is about one."""
    recognized: ParsedLink | None = None
    """The link as a provider parsed it; ``None`` without a link, or if no provider could."""
    subject: str = ""
    """Distinguishes the finding from others of its rule and entry (a target, a field)."""
    evidence: tuple[EvidenceItem, ...] = ()
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    """The other entries involved, where the finding is about more than one."""
    quiet: bool = False
    """Never reported: nothing is wrong, but its fix writes the same in a better form."""
    known_fingerprint: str | None = None
    """The fingerprint of a finding that was read from a report."""

    @property
    def target(self) -> Target | None:
        """The target of the link."""
        return self.recognized.target if self.recognized else None

    @property
    def fingerprint(self) -> str:
        """A stable id that does not depend on line numbers and wording: 16 hexadecimal digits."""
        if self.known_fingerprint is not None:
            return self.known_fingerprint
        parts = (self.rule, self.entry or self.span.file, self.subject or self.url or "")
        # A name may hold half a surrogate pair (a YAML escape, a file name that is no UTF-8).
        text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.sha256(text).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FindingHistory:
    """History of a finding."""

    since: datetime | None = None
    """First observation of the problem, as far as is known."""
    last_seen_alive: datetime | None = None
    """Last observation without the problem, if any."""
    is_confirmed: bool = False
    """Whether the finding may open an issue."""
    confirmable_from: datetime | None = None
    """Earliest time at which a recheck can confirm it, while it is unconfirmed."""
