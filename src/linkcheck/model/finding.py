"""Findings: what a rule has to say, and how it could be mended."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from linkcheck.model.observation import EvidenceItem
from linkcheck.model.source_text import Span


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """2 for an error, 1 for a warning, 0 for information."""
        return {"error": 2, "warning": 1, "info": 0}[self.value]


class Confidence(StrEnum):
    """How sure the rule is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Safety(StrEnum):
    """Whether a fix may be applied without a person's look."""

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
    """A proposed mend."""

    description: str
    edits: tuple[Edit, ...]
    safety: Safety = Safety.SAFE


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding is about: the other of two entries that are one thing."""

    entry: str
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, how it is known, and what to do."""

    rule: str
    severity: Severity
    message: str
    """What is claimed, what was found, the one thing to do. Plain; may hold outside text."""
    span: Span
    confidence: Confidence = Confidence.HIGH
    entry: str | None = None
    url: str | None = None
    """The link as written, where the finding is about one."""
    subject: str = ""
    """What else tells this finding from others of its rule and entry (a target, a field)."""
    evidence: tuple[EvidenceItem, ...] = ()
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    """The other entries involved, where the finding is about more than one."""
    quiet: bool = False
    """Nothing is wrong, but there is a tidier way to write it: offered as a fix, never reported."""
    known_fingerprint: str | None = None
    """The fingerprint, where the finding was read back from a report."""

    @property
    def fingerprint(self) -> str:
        """A stable id: the same problem keeps it when lines move or wordings change."""
        if self.known_fingerprint is not None:
            return self.known_fingerprint
        parts = (self.rule, self.entry or self.span.file, self.subject or self.url or "")
        # A name may hold half a surrogate pair (a YAML escape, a file name that is no UTF-8).
        text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.sha256(text).hexdigest()[:16]
