"""The fuzzing targets, with the assertions for every input."""

from linkcheck.catalog.load import decode_text, get_loader
from linkcheck.model.source_text import Span
from linkcheck.model.url import InvalidUrlError, join, parse
from linkcheck.net.address_guard import blocked_reason
from linkcheck.providers.table import recognize


def url(data: bytes) -> None:
    """Check that a parsed URL round-trips, and that no step raises for it."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        parsed = parse(text)
    except InvalidUrlError:
        return
    again = parse(str(parsed))
    assert str(again) == str(parsed), (text, str(parsed), str(again))
    assert again.host == parsed.host, text
    try:
        known = recognize(text)
        assert recognize(known.target.url).target == known.target, text
    except InvalidUrlError:
        pass
    blocked_reason(parsed.host)
    try:
        parse(join("https://base.example/a/b?c#d", text))
    except InvalidUrlError:
        return


def markdown(data: bytes) -> None:
    """Check that the span of every link of a list is right."""
    _catalog("list.md", data)


def yaml(data: bytes) -> None:
    """Check that the span of every link of a catalog is right."""
    _catalog("catalog.yaml", data)


def _catalog(file: str, data: bytes) -> None:
    source, _ = decode_text(file, data)
    entries, problems, _ = get_loader(file)(source)
    for entry in entries:
        for link in entry.links:
            _inside(link.span, len(source.text))
            assert source.text[link.span.start : link.span.end] == link.written, link
    for problem in problems:
        _inside(problem.span, len(source.text))


def _inside(span: Span, length: int) -> None:
    assert 0 <= span.start <= span.end <= length, span


TARGETS = {"url": url, "markdown": markdown, "yaml": yaml}
