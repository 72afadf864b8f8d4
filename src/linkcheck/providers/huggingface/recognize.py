"""Recognize the URLs of Hugging Face. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from linkcheck.model.source_text import word_set
from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import InvalidUrlError, Url, parse, quote_segment

Kind = Literal["model", "dataset", "space", ""]
"""The kind of a repository; empty for papers, collections and owners."""

What = Literal["repo", "file", "revision", "page", "paper", "collection", "owner"]
"""The kind of a URL. ``file`` is a file or folder, ``revision`` the root of a branch, tag or commit
other than ``main``, ``page`` a tab of the repository (discussions, history, viewer)."""


@dataclass(frozen=True, slots=True)
class HubParts:
    """The parts of a URL on Hugging Face: decoded, in the spelling of the link."""

    what: What
    kind: Kind
    id: str
    """A repository's ``owner/name`` or legacy one-part id, a paper's arXiv id, a collection's
    ``owner/slug``, or an owner's name."""
    revision: str | None = None
    path: str = ""
    """The path in the repository, or that of the page (``discussions/3``)."""
    form: str = "tree"
    """The view of a file in the link: ``tree``, ``blob``, ``resolve`` or ``raw``."""

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
"""The Hub, its short name, and a mirror with the same paths."""

_SIMPLE_ID = re.compile(
    r"(?:[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*/)?[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*"
)
"""A sufficient condition for valid ids: words joined by single separators."""
_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9_.-]{1,96}")
_PAPER = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
_FILE_VIEWS = frozenset({"tree", "blob", "resolve", "raw", "edit", "blame"})
_OWNER_TABS = word_set(
    "models datasets spaces collections papers activity followers following likes posts"
)
_KINDS: dict[str, Kind] = {"datasets": "dataset", "spaces": "space", "models": "model"}
URL_PREFIXES: dict[Kind, str] = {"dataset": "datasets/", "space": "spaces/", "model": "", "": ""}
"""The start of a repository's path, by kind."""
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
"""First segments that are pages of the site and not accounts."""

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
"""Models from before every id had an owner. Any other URL of one segment is an owner's page."""


def recognize(url: Url) -> ParsedLink | None:
    """Return the target of a URL on Hugging Face; ``None`` for other URLs.

    Documentation, blog, courses and search pages are web pages. Raises :class:`InvalidUrlError` for
    a name that no repository can have.
    """
    link = _parse_url(url)
    return None if link is None else ParsedLink(_target(link), fragment=url.fragment)


def parts(target: Target) -> HubParts:
    """Return the parts of the URL of a target on Hugging Face.

    Raises :class:`ValueError` for a target of another service.
    """
    prefix = {TargetKind.HF_DATASET: "datasets/", TargetKind.HF_SPACE: "spaces/"}
    key = f"{prefix.get(target.kind, '')}{target.key}"
    for url in (target.url, f"https://huggingface.co/{key}"):
        try:
            link = _parse_url(parse(url))
        except InvalidUrlError:
            continue
        if link is not None and _target(link) == target:
            return link
    raise ValueError(f"{target} is not on Hugging Face")


def repository_target(kind: Kind, repository_id: str) -> Target:
    """Return the target of a model, dataset or space."""
    return _target(HubParts("repo", kind, repository_id))


def _parse_url(url: Url) -> HubParts | None:
    """Return the parts of a URL; ``None`` for other hosts and for pages of the site."""
    if url.host not in _HOSTS:
        return None
    segments = url.segments
    if segments[:1] == ("api",) and len(segments) == 4 and segments[1] in _KINDS:
        return HubParts("repo", _KINDS[segments[1]], _repository_id(segments[2:]))
    if not segments:
        return None
    first, rest = segments[0], segments[1:]
    if first == "datasets":
        return _parse_dataset(rest)
    if first == "spaces":
        return (
            _parse_repository("space", _repository_id(rest[:2]), rest[2:])
            if len(rest) >= 2
            else None
        )
    if first == "papers":
        paper = rest[0].removesuffix(".md").partition("v")[0] if rest else ""
        return HubParts("paper", "", paper) if _PAPER.fullmatch(paper) else None
    if first == "collections":
        # No collection has an encoded slash (%2F) in its name.
        is_valid = len(rest) == 2 and not any("/" in part for part in rest)
        return HubParts("collection", "", "/".join(rest)) if is_valid else None
    if first in _RESERVED:
        return None
    return _parse_model_or_owner(first, rest)


def _parse_dataset(rest: tuple[str, ...]) -> HubParts | None:
    """Parse the segments after ``/datasets/``; the ids of legacy datasets have one."""
    if not rest:
        return None
    if len(rest) == 1 or rest[1] in _FILE_VIEWS | {"viewer", "discussions"}:
        return _parse_repository("dataset", _repository_id(rest[:1]), rest[1:])
    return _parse_repository("dataset", _repository_id(rest[:2]), rest[2:])


def _parse_model_or_owner(first: str, rest: tuple[str, ...]) -> HubParts:
    """Parse the segments of a URL that starts with an account or a legacy model."""
    is_legacy = first.lower() in LEGACY_MODELS
    if is_legacy or (len(rest) >= 2 and rest[0] in _FILE_VIEWS):
        return _parse_repository("model", _repository_id((first,)), rest)
    if not rest or (len(rest) == 1 and rest[0] in _OWNER_TABS):
        return HubParts("owner", "", _join_id((first,)))
    return _parse_repository("model", _repository_id((first, rest[0])), rest[1:])


def _parse_repository(kind: Kind, repository: str, rest: tuple[str, ...]) -> HubParts:
    """Parse the segments after a repository's id."""
    if not rest or rest == ("tree",):
        return HubParts("repo", kind, repository)
    view, tail = rest[0], rest[1:]
    if view not in _FILE_VIEWS or not tail:
        return HubParts("page", kind, repository, path="/".join(rest))
    # The slashes of a branch are percent-encoded, except in refs/pr/N and refs/convert/NAME.
    length = 3 if tail[0] == "refs" and len(tail) >= 3 else 1
    revision, path = "/".join(tail[:length]), "/".join(tail[length:])
    if path:
        form = view if view in ("tree", "resolve", "raw") else "blob"
        return HubParts("file", kind, repository, revision, path, form)
    if revision == "main":
        return HubParts("repo", kind, repository)
    return HubParts("revision", kind, repository, revision)


def _repository_id(names: tuple[str, ...]) -> str:
    """Join the parts of a repository's id; raise :class:`InvalidUrlError` if it is invalid."""
    repo_id = _join_id(names)
    # Importing huggingface_hub takes 0.2 s: most ids are valid without asking it.
    if _SIMPLE_ID.fullmatch(repo_id) and not repo_id.endswith(".git"):
        return repo_id
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

    try:
        validate_repo_id(repo_id)
    except HFValidationError as error:
        raise InvalidUrlError(
            f"“{repo_id[:120]}” cannot be a repository on Hugging Face: names begin and end with"
            " a letter or figure, hold no “--” and no “..”, and do not end in “.git”"
        ) from error
    return repo_id


def _join_id(names: tuple[str, ...]) -> str:
    """Join the parts of a repository's or owner's id; raise InvalidUrlError for invalid names."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise InvalidUrlError(f"“{name[:60]}” cannot be a name on Hugging Face")
    return "/".join(names)


def _target(link: HubParts) -> Target:
    """Return the target of a URL from its parts."""
    if link.what == "repo":
        url = f"https://huggingface.co/{URL_PREFIXES[link.kind]}{link.id}"
        return Target(_TARGET_KIND[link.kind], link.id.lower(), url)
    if link.kind:
        # The key needs the prefix: a model and a dataset may have the same id.
        revision = quote_segment(link.revision or "", safe="/" if _is_ref(link.revision) else "")
        is_file = link.what in ("file", "revision")
        path = quote_segment(link.path, safe="/:@!$&()+,;=")
        tail = f"{revision}/{path}".strip("/")
        path_in_url = f"{link.form}/{tail}" if is_file else tail
        path_in_key = f"tree/{tail}" if is_file else tail
        url = f"https://huggingface.co/{URL_PREFIXES[link.kind]}{link.id}/{path_in_url}"
        key = f"{URL_PREFIXES[link.kind]}{link.id.lower()}/{path_in_key}"
        return Target(TargetKind.HF_OTHER, key, url)
    prefix = {"paper": "papers/", "collection": "collections/"}.get(link.what, "")
    url = f"https://huggingface.co/{prefix}{quote_segment(link.id, safe='/')}"
    owner, slash, slug = link.id.partition("/")
    return Target(TargetKind.HF_OTHER, f"{prefix}{owner.lower()}{slash}{slug}", url)


def _is_ref(revision: str | None) -> bool:
    """Return whether a revision is a full ref, whose slashes stay as they are."""
    return revision is not None and revision.startswith("refs/")
