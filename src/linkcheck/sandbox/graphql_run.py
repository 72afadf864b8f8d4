"""The running of a checked GraphQL query: values in, GitHub's ``data`` and ``errors`` out."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linkcheck.sandbox.graphql import FieldError, Query, Schema, place_of, plain_value

if TYPE_CHECKING:
    from graphql.language import FieldNode, SelectionSetNode


class _NullObjectError(Exception):
    """The object that is being filled becomes null."""


class Run:
    """One execution of a checked query."""

    def __init__(self, schema: Schema, query: Query, most_fields: int | None) -> None:
        self._schema = schema
        self._query = query
        self._most = most_fields
        self.errors: list[dict[str, object]] = []

    def data(self, root: object) -> dict[str, object] | None:
        """Return the ``data`` of the answer; errors are in :attr:`errors`."""
        name = "Mutation" if self._query.mutation else "Query"
        try:
            return self._object(name, root, [self._query.operation.selection_set], [])
        except _NullObjectError:
            return None

    def _object(
        self, name: str, value: object, bodies: "list[SelectionSetNode]", path: list[str | int]
    ) -> dict[str, object]:
        fields: dict[str, list[FieldNode]] = {}
        for body in bodies:
            self._collect(name, body, fields)
        told: dict[str, object] = {}
        for number, (key, nodes) in enumerate(fields.items()):
            if not path and self._most is not None and number >= self._most:
                told[key] = None
                self._fail(
                    "RESOURCE_LIMITS_EXCEEDED",
                    "Resource limits for this query exceeded.",
                    [key],
                    nodes[0],
                    None,
                )
                continue
            told[key] = self._field(name, value, nodes, [*path, key])
        return told

    def _collect(
        self, name: str, body: "SelectionSetNode", fields: "dict[str, list[FieldNode]]"
    ) -> None:
        for node in body.selections:
            if node.directives and not self._included(node):
                continue
            if node.kind == "field":
                key = node.alias.value if node.alias else node.name.value  # type: ignore[attr-defined]
                fields.setdefault(key, []).append(node)  # type: ignore[arg-type]
                continue
            part: Any = node
            if node.kind == "fragment_spread":
                part = self._query.fragments[part.name.value]
            condition = part.type_condition
            if condition is None or self._schema.fits(condition.name.value, name):
                self._collect(name, part.selection_set, fields)

    def _included(self, node: Any) -> bool:
        for directive in node.directives:
            wanted = directive.name.value == "include"
            for argument in directive.arguments:
                if bool(plain_value(argument.value, self._query.variables)) is not wanted:
                    return False
        return True

    def _field(
        self, name: str, value: object, nodes: "list[FieldNode]", path: list[str | int]
    ) -> object:
        node = nodes[0]
        if node.name.value == "__typename":
            return name
        known = self._schema.types[name].fields[node.name.value]
        args = {
            a.name.value: plain_value(a.value, self._query.variables) for a in node.arguments or ()
        }
        try:
            found = known.resolve(value, args)
        except FieldError as error:
            at = path[:-1] if error.whole else path
            self._fail(error.kind, str(error), at, node, error.extensions)
            if error.whole:
                raise _NullObjectError from None
            return None
        if found is None or known.type is None:
            return found
        bodies = [n.selection_set for n in nodes if n.selection_set]
        if not known.many:
            return self._complete(found, bodies, path)
        return [
            None if item is None else self._complete(item, bodies, [*path, number])
            for number, item in enumerate(found)
        ]

    def _complete(
        self, found: object, bodies: "list[SelectionSetNode]", path: list[str | int]
    ) -> object:
        try:
            return self._object(self._schema.type_of(found), found, bodies, path)
        except _NullObjectError:
            return None

    def _fail(
        self,
        kind: str,
        message: str,
        path: list[str | int],
        node: "FieldNode",
        extensions: Mapping[str, object] | None,
    ) -> None:
        error: dict[str, object] = {"type": kind, "path": path}
        if extensions:
            error["extensions"] = dict(extensions)
        self.errors.append({**error, "locations": place_of(node), "message": message})
