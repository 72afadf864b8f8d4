"""Reading a URL as something on Hugging Face."""

import re
from dataclasses import dataclass
from typing import Literal

from linkcheck.model.source_text import word_set
from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import InvalidUrlError, Url, parse, quote_segment

Kind = Literal["model", "dataset", "space", ""]
"""What a repository holds; empty for papers, collections and owners."""

What = Literal["repo", "file", "revision", "page", "paper", "collection", "owner"]
"""What an address shows. ``file`` is a file or folder, ``revision`` the root of a branch, tag or
commit other than ``main``, ``page`` a tab of the repository (discussions, history, viewer)."""


@dataclass(frozen=True, slots=True)
class HubParts:
    """An address on Hugging Face, taken apart. Decoded, in the spelling of the link."""

    what: What
    kind: Kind
    id: str
    """``owner/name`` or a legacy one-part id; for the rest the paper's number, the collection's
    ``owner/slug``, the owner's name."""
    revision: str | None = None
    path: str = ""
    """The path inside the repository, or what names the page (``discussions/3``)."""
    form: str = "tree"
    """How the link shows a file: ``tree``, ``blob``, ``resolve`` or ``raw``."""

    @property
    def owner(self) -> str | None:
        """The owner; ``None`` for papers and legacy one-part ids."""
        if self.what == "owner":
            return self.id
        return self.id.partition("/")[0] if "/" in self.id else None


_HOSTS = frozenset(
    {
        "huggingface.co",
        "www.huggingface.co",
        "hf.co",
        "www.hf.co",
        "hf-mirror.com",
        "www.hf-mirror.com",
    }
)
"""The hub, its short name, and a mirror that serves the same paths."""

_PLAIN = re.compile(r"(?:[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*/)?[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
"""Ids with which nothing can be wrong: words joined by single signs."""
_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_.-]{1,96}")
_PAPER = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
_FILE_WORDS = frozenset({"tree", "blob", "resolve", "raw", "edit", "blame"})
_OWNER_TABS = word_set(
    "models datasets spaces collections papers activity followers following likes posts"
)
_KINDS: dict[str, Kind] = {"datasets": "dataset", "spaces": "space", "models": "model"}
_PREFIX: dict[Kind, str] = {"dataset": "datasets/", "space": "spaces/", "model": "", "": ""}
_TARGET_KIND: dict[Kind, TargetKind] = {
    "model": TargetKind.HF_MODEL,
    "dataset": TargetKind.HF_DATASET,
    "space": TargetKind.HF_SPACE,
}
_RESERVED = word_set(
    "api autotrain blog brand buckets changelog chat contact course dashboards docs endpoints"
    " enterprise events front hardware inference inference-api inference-endpoints jobs join"
    " kernels languages learn login logout mcp metrics models new notifications oauth organizations"
    " playground posts pricing privacy reports search settings shop storage subscribe support"
    " tasks team terms-of-service testimonials transformers trl welcome"
)
"""First parts of a path that are Hugging Face's own and no account."""

LEGACY_MODELS = word_set(
    "albert-base-v1 albert-base-v2 albert-large-v1 albert-large-v2 albert-xlarge-v1"
    " albert-xlarge-v2 albert-xxlarge-v1 albert-xxlarge-v2 bert-base-cased"
    " bert-base-cased-finetuned-mrpc bert-base-chinese bert-base-german-cased"
    " bert-base-german-dbmdz-cased bert-base-german-dbmdz-uncased bert-base-multilingual-cased"
    " bert-base-multilingual-uncased bert-base-uncased bert-large-cased"
    " bert-large-cased-whole-word-masking"
    " bert-large-cased-whole-word-masking-finetuned-squad bert-large-uncased"
    " bert-large-uncased-whole-word-masking"
    " bert-large-uncased-whole-word-masking-finetuned-squad camembert-base ctrl"
    " distilbert-base-cased distilbert-base-cased-distilled-squad distilbert-base-german-cased"
    " distilbert-base-multilingual-cased distilbert-base-uncased"
    " distilbert-base-uncased-distilled-squad distilbert-base-uncased-finetuned-sst-2-english"
    " distilgpt2 distilroberta-base gpt2 gpt2-large gpt2-medium gpt2-xl openai-gpt roberta-base"
    " roberta-base-openai-detector roberta-large roberta-large-mnli"
    " roberta-large-openai-detector t5-11b t5-3b t5-base t5-large t5-small transfo-xl-wt103"
    " xlm-clm-ende-1024 xlm-clm-enfr-1024 xlm-mlm-100-1280 xlm-mlm-17-1280 xlm-mlm-en-2048"
    " xlm-mlm-ende-1024 xlm-mlm-enfr-1024 xlm-mlm-enro-1024 xlm-mlm-tlm-xnli15-1024"
    " xlm-mlm-xnli15-1024 xlm-roberta-base xlm-roberta-large"
    " xlm-roberta-large-finetuned-conll02-dutch xlm-roberta-large-finetuned-conll02-spanish"
    " xlm-roberta-large-finetuned-conll03-english xlm-roberta-large-finetuned-conll03-german"
    " xlnet-base-cased xlnet-large-cased"
)
"""Models from before every id had an owner. Any other one-part address is an owner's page."""


def recognize(url: Url) -> ParsedLink | None:
    """Return what on Hugging Face the URL names, or ``None`` where it is none of its things.

    Documentation, blog, courses and the lists of all models are web pages. Raises
    :class:`InvalidUrlError` for a name that no repository can have.
    """
    found = _locate(url)
    if found is None:
        return None
    return ParsedLink(_target(found), fragment=url.fragment)


def parts(target: Target) -> HubParts:
    """Return the parts of a Hugging Face target's address.

    Raises :class:`ValueError` for a target of another service.
    """
    prefix = {TargetKind.HF_DATASET: "datasets/", TargetKind.HF_SPACE: "spaces/"}
    key = f"{prefix.get(target.kind, '')}{target.key}"
    for address in (target.url, f"https://huggingface.co/{key}"):
        try:
            found = _locate(parse(address))
        except InvalidUrlError:
            continue
        if found is not None and _target(found) == target:
            return found
    raise ValueError(f"{target} is not on Hugging Face")


def repository_target(kind: Kind, repository_id: str) -> Target:
    """Return the target of a model, data set or space."""
    return _target(HubParts("repo", kind, repository_id))


def _locate(url: Url) -> HubParts | None:
    """Take a URL apart; ``None`` where it is not the hub's, or one of its own pages."""
    if url.host not in _HOSTS:
        return None
    segments = url.segments
    if segments[:1] == ("api",) and len(segments) == 4 and segments[1] in _KINDS:
        return HubParts("repo", _KINDS[segments[1]], _repository(segments[2:]))
    if not segments:
        return None
    first, rest = segments[0], segments[1:]
    if first == "datasets":
        return _dataset(rest)
    if first == "spaces":
        return _inside("space", _repository(rest[:2]), rest[2:]) if len(rest) >= 2 else None
    if first == "papers":
        paper = rest[0].removesuffix(".md").partition("v")[0] if rest else ""
        return HubParts("paper", "", paper) if _PAPER.fullmatch(paper) else None
    if first == "collections":
        # A slash written as %2F is in no collection's name, and would be a part of its own.
        named = len(rest) == 2 and not any("/" in part for part in rest)
        return HubParts("collection", "", "/".join(rest)) if named else None
    if first in _RESERVED:
        return None
    return _model_or_owner(first, rest)


def _dataset(rest: tuple[str, ...]) -> HubParts | None:
    """Take apart what stands behind ``/datasets/``; legacy data sets have one part."""
    if not rest:
        return None
    if len(rest) == 1 or rest[1] in _FILE_WORDS | {"viewer", "discussions"}:
        return _inside("dataset", _repository(rest[:1]), rest[1:])
    return _inside("dataset", _repository(rest[:2]), rest[2:])


def _model_or_owner(first: str, rest: tuple[str, ...]) -> HubParts:
    """Take apart an address that starts with an account or a legacy model."""
    legacy = first.lower() in LEGACY_MODELS
    if legacy or (len(rest) >= 2 and rest[0] in _FILE_WORDS):
        return _inside("model", _repository((first,)), rest)
    if not rest or (len(rest) == 1 and rest[0] in _OWNER_TABS):
        return HubParts("owner", "", _id((first,)))
    return _inside("model", _repository((first, rest[0])), rest[1:])


def _inside(kind: Kind, repository: str, rest: tuple[str, ...]) -> HubParts:
    """Take apart what stands behind a repository's id."""
    if not rest or rest == ("tree",):
        return HubParts("repo", kind, repository)
    word, behind = rest[0], rest[1:]
    if word not in _FILE_WORDS or not behind:
        return HubParts("page", kind, repository, path="/".join(rest))
    # A branch's slashes are percent-encoded, save in refs/pr/N and refs/convert/NAME.
    length = 3 if behind[0] == "refs" and len(behind) >= 3 else 1
    revision, path = "/".join(behind[:length]), "/".join(behind[length:])
    if path:
        form = word if word in ("tree", "resolve", "raw") else "blob"
        return HubParts("file", kind, repository, revision, path, form)
    if revision == "main":
        return HubParts("repo", kind, repository)
    return HubParts("revision", kind, repository, revision)


def _repository(names: tuple[str, ...]) -> str:
    """Return a repository's id from its parts, held to the rules of the hub's own client.

    The client takes long to import, so an id that is plainly sound is not shown to it.
    """
    identifier = _id(names)
    if _PLAIN.fullmatch(identifier) and not identifier.endswith(".git"):
        return identifier
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

    try:
        validate_repo_id(identifier)
    except HFValidationError as error:
        raise InvalidUrlError(
            f"“{identifier[:120]}” cannot be a repository on Hugging Face: names begin and end with"
            " a letter or figure, hold no “--” and no “..”, and do not end in “.git”"
        ) from error
    return identifier


def _id(names: tuple[str, ...]) -> str:
    """Return a repository's or owner's id from its parts."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise InvalidUrlError(f"“{name[:60]}” cannot be a name on Hugging Face")
    return "/".join(names)


def _target(found: HubParts) -> Target:
    """Return the target of an address taken apart."""
    if found.what == "repo":
        address = f"https://huggingface.co/{_PREFIX[found.kind]}{found.id}"
        return Target(_TARGET_KIND[found.kind], found.id.lower(), address)
    if found.kind:
        # The key needs the prefix: a model and a data set may have the same id.
        revision = quote_segment(found.revision or "", safe="/" if _is_ref(found.revision) else "")
        file = found.what in ("file", "revision")
        path = quote_segment(found.path, safe="/:@!$&()+,;=")
        tail = f"{revision}/{path}".strip("/")
        shown = f"{found.form}/{tail}" if file else tail
        keyed = f"tree/{tail}" if file else tail
        address = f"https://huggingface.co/{_PREFIX[found.kind]}{found.id}/{shown}"
        key = f"{_PREFIX[found.kind]}{found.id.lower()}/{keyed}"
        return Target(TargetKind.HF_OTHER, key, address)
    prefix = {"paper": "papers/", "collection": "collections/"}.get(found.what, "")
    address = f"https://huggingface.co/{prefix}{quote_segment(found.id, safe='/')}"
    owner, slash, slug = found.id.partition("/")
    return Target(TargetKind.HF_OTHER, f"{prefix}{owner.lower()}{slash}{slug}", address)


def _is_ref(revision: str | None) -> bool:
    """Return whether a revision is a full ref, whose slashes stay as they are."""
    return revision is not None and revision.startswith("refs/")
