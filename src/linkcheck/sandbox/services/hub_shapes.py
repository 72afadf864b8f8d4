"""Hugging Face repositories in the JSON format of its API, and their cards."""

from collections.abc import Mapping, Sequence

from linkcheck.sandbox.fixtures import HubRepository

_SHARED = (
    "author",
    "cardData",
    "createdAt",
    "disabled",
    "downloads",
    "downloadsAllTime",
    "gated",
    "lastModified",
    "likes",
    "private",
    "resourceGroup",
    "sha",
    "siblings",
    "tags",
    "trendingScore",
    "usedStorage",
    "xetEnabled",
)
EXPANDABLE: Mapping[str, frozenset[str]] = {
    "model": frozenset(
        {
            *_SHARED,
            "baseModels",
            "childrenModelCount",
            "config",
            "evalResults",
            "gguf",
            "inference",
            "inferenceProviderMapping",
            "library_name",
            "mask_token",
            "model-index",
            "pipeline_tag",
            "safetensors",
            "spaces",
            "transformersInfo",
            "widgetData",
        }
    ),
    "dataset": frozenset({*_SHARED, "citation", "description", "mainSize", "paperswithcode_id"}),
    "space": frozenset({*_SHARED, "datasets", "models", "runtime", "sdk", "subdomain"}),
}
"""What ``expand[]`` may name, by kind."""

_DEFAULT_FIELDS = (
    "author",
    "cardData",
    "createdAt",
    "disabled",
    "downloads",
    "gated",
    "lastModified",
    "library_name",
    "likes",
    "pipeline_tag",
    "private",
    "sha",
    "siblings",
    "tags",
)


def describe(hub: HubRepository, expand: Sequence[str]) -> dict[str, object]:
    """Return a repository with the default fields, or with those of ``expand``."""
    values = _values(hub)
    names = expand or _DEFAULT_FIELDS
    item: dict[str, object] = {"_id": hub.object_id, "id": hub.name}
    if hub.kind == "model" and not expand:
        item["modelId"] = hub.name
    item.update({name: values[name] for name in names if values.get(name) is not None})
    return item


def _values(hub: HubRepository) -> dict[str, object]:
    owner, slash, _ = hub.name.partition("/")
    return {
        "author": owner if slash else None,
        "baseModels": {"models": [{"id": name} for name in hub.base_model]}
        if hub.base_model
        else None,
        "cardData": card_data(hub) or None,
        "createdAt": hub.created_at,
        "disabled": hub.disabled,
        "downloads": hub.downloads,
        "downloadsAllTime": hub.downloads * 12,
        "gated": hub.gated,
        "lastModified": hub.last_modified,
        "library_name": hub.library_name,
        "likes": hub.likes,
        "pipeline_tag": hub.pipeline_tag,
        "private": hub.private,
        "sha": hub.sha,
        "siblings": [{"rfilename": path} for path in hub.paths],
        "tags": tags(hub),
    }


def tags(hub: HubRepository) -> list[str]:
    """Return the card's tags and those that the Hub derives from its metadata."""
    if not (hub.card and hub.metadata):
        return [*hub.tags, "region:us"]
    return [
        *([hub.library_name] if hub.library_name else []),
        *hub.tags,
        *([hub.pipeline_tag] if hub.pipeline_tag else []),
        *(hub.language if hub.kind == "model" else [f"language:{code}" for code in hub.language]),
        *(f"dataset:{name}" for name in hub.datasets),
        *(f"arxiv:{number}" for number in hub.arxiv),
        *(f"base_model:{name}" for name in hub.base_model),
        *(f"base_model:finetune:{name}" for name in hub.base_model),
        *([f"license:{hub.license}"] if hub.license else []),
        "region:us",
    ]


def card_data(hub: HubRepository) -> dict[str, object]:
    """Return the metadata block of the card, decoded."""
    if not (hub.card and hub.metadata):
        return {}
    base: object = list(hub.base_model)
    data: dict[str, object] = {
        "license": hub.license,
        "license_name": hub.license_name,
        "license_link": hub.license_link,
        "language": list(hub.language),
        "base_model": hub.base_model[0] if len(hub.base_model) == 1 else base,
        "datasets": list(hub.datasets),
        "tags": list(hub.tags),
        "library_name": hub.library_name,
        "pipeline_tag": hub.pipeline_tag,
        "pretty_name": hub.title if hub.kind == "dataset" else None,
    }
    return {name: value for name, value in data.items() if value}


def card(hub: HubRepository) -> str:
    """Return the README."""
    lines = []
    if data := card_data(hub):
        lines.append("---")
        for name, value in data.items():
            if isinstance(value, list):
                lines += [f"{name}:", *(f"- {item}" for item in value)]
            else:
                lines.append(f"{name}: {value}")
        lines.append("---")
    papers = [f"Paper: https://arxiv.org/abs/{number}" for number in hub.arxiv]
    title = hub.title or hub.name.rpartition("/")[2]
    return "\n".join([*lines, "", f"# {title}", "", *papers, hub.text, ""])
