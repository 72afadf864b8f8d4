"""The keys of a catalog entry: one table for the loader, the JSON Schema and the documentation."""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """Kinds of values of keys."""

    ID = "id"
    KIND = "kind"
    TEXT = "text"
    TEXTS = "texts"
    """A list of texts."""
    TEXT_OR_TEXTS = "text-or-texts"
    DATE = "date"
    """A day, a month or a year."""
    LICENSE = "license"
    """A text, or a mapping of texts by what they cover."""
    LINKS = "links"
    DURATION = "duration"
    """``never`` or a duration."""
    IGNORES = "ignores"


@dataclass(frozen=True, slots=True)
class EntryKey:
    """One key of an entry."""

    name: str
    form: Form
    help: str
    """One sentence, shown by editors and in the documentation."""
    example: str
    """A value in YAML."""
    required: bool = False


KEYS: tuple[EntryKey, ...] = (
    EntryKey("id", Form.ID, "Unique in the catalog, in kebab-case.", "chatdoctor", required=True),
    EntryKey(
        "name", Form.TEXT, "The name its makers use, in any script.", "ChatDoctor", required=True
    ),
    EntryKey("aliases", Form.TEXTS, "Other names and spellings.", "[BenTsao, 华佗]"),
    EntryKey("kind", Form.KIND, "What it is.", "model", required=True),
    EntryKey("released", Form.DATE, "First release: a day, a month or a year.", "2023-03-24"),
    EntryKey(
        "license",
        Form.LICENSE,
        "An SPDX identifier or expression, or a named model license; or one each for code, "
        "weights and data.",
        "Apache-2.0",
    ),
    EntryKey("base_models", Form.TEXTS, "The models it was made from.", "[LLaMA-7B]"),
    EntryKey("datasets", Form.TEXTS, "The data sets it was made with.", "[HealthCareMagic-100k]"),
    EntryKey("parameters", Form.TEXT_OR_TEXTS, "Model sizes.", "[7B, 13B]"),
    EntryKey("institutions", Form.TEXTS, "Who made it.", "[UT Southwestern Medical Center]"),
    EntryKey("languages", Form.TEXTS, "Languages it handles, as BCP 47 tags.", "[zh, en]"),
    EntryKey("size", Form.TEXT, "How much data it holds.", "100k dialogues"),
    EntryKey(
        "hardware", Form.TEXT_OR_TEXTS, "What it was trained or runs on.", '["8 x A100 80 GB"]'
    ),
    EntryKey(
        "links",
        Form.LINKS,
        "Role to URL, list of URLs, or shorthand (gh:, hf:, arxiv:, doi:).",
        "{code: gh:Kent0n-Li/ChatDoctor}",
        required=True,
    ),
    EntryKey("listed_in", Form.TEXTS, "The source lists that carry it.", "[medical-nlp]"),
    EntryKey("notes", Form.TEXT, "One sentence of our own.", "Trained on real consultations."),
    EntryKey(
        "stale_after",
        Form.DURATION,
        "How long without a commit counts as stale; never for what is finished.",
        "never",
    ),
    EntryKey("ignore", Form.IGNORES, "Rules to silence here, each with its reason.", "[]"),
)
"""Every key that an entry may have, in the order in which people write them."""

BY_NAME: dict[str, EntryKey] = {key.name: key for key in KEYS}

LICENSE_PARTS: dict[str, str] = {
    "code": "The license of the source code.",
    "weights": "The license of the model weights.",
    "data": "The license of the data.",
}
"""Keys of a license mapping, with their descriptions."""

IGNORE_KEYS: dict[str, str] = {
    "rule": "The rule to silence.",
    "link": "A role or URL; without it the whole entry is meant.",
    "reason": "Why, for whoever reads it next.",
    "until": "The last day on which it counts.",
}
"""The keys of one ``ignore`` item."""

IGNORE_REQUIRED: tuple[str, ...] = ("rule", "reason")

ID_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
"""The whole of an entry id."""

ROLE_PATTERN = r"[a-z][a-z0-9]*([_-][a-z0-9]+)*"
"""The whole of a link's role."""

DATE_PATTERN = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
"""The whole of a date, month or year."""

DURATION_PATTERN = r"[0-9]{1,6}(\.[0-9]{1,3})? ?(s|m|min|h|d|w|mo|y)"
"""The whole of a duration; see :mod:`linkcheck.model.duration`."""
