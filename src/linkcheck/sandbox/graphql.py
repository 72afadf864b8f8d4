"""Real GraphQL queries read and checked, with errors as GitHub words them; graphql_run runs them.

The text is parsed by graphql-core, so a query that GitHub could not parse is not parsed here
either. Names of fields, arguments, fragments and variables are checked before anything runs: a
query that asks for what GitHub does not have gets GitHub's error and no data, and so a wrong query
of linkcheck's own shows in its tests.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphql.language import (
        FieldNode,
        FragmentDefinitionNode,
        OperationDefinitionNode,
        SelectionSetNode,
        ValueNode,
    )

Resolver = Callable[[Any, Mapping[str, Any]], Any]
"""Takes the value that the field belongs to and the field's arguments."""


class FieldError(Exception):
    """A field that cannot be answered: it is null, and the answer says why."""

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        extensions: Mapping[str, object] | None = None,
        whole: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.extensions = extensions
        self.whole = whole
        """Whether the object that the field belongs to becomes null with it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type."""

    resolve: Resolver
    type: str | None = None
    """The type of its value; ``None`` for a scalar."""
    args: frozenset[str] = frozenset()
    many: bool = False
    connection: bool = False
    """Whether it is paged: needs ``first`` or ``last``, and counts towards the cost."""


@dataclass(frozen=True, slots=True)
class Type:
    """An object type, or an interface or union with its members."""

    name: str
    fields: dict[str, Field] = field(default_factory=dict)
    members: tuple[str, ...] = ()


@dataclass(slots=True)
class Schema:
    """All types, and how to tell a value's own."""

    types: dict[str, Type]
    type_of: Callable[[Any], str]

    def fits(self, wanted: str, actual: str) -> bool:
        """Whether a fragment on ``wanted`` holds for a value of type ``actual``."""
        return wanted == actual or actual in self.types[wanted].members


@dataclass(slots=True)
class Query:
    """A parsed and checked query."""

    operation: "OperationDefinitionNode"
    fragments: "dict[str, FragmentDefinitionNode]"
    variables: Mapping[str, Any]
    problems: list[dict[str, object]] = field(default_factory=list)
    connections: int = 0

    @property
    def mutation(self) -> bool:
        """Whether it writes."""
        return self.operation.operation.value == "mutation"

    @property
    def cost(self) -> int:
        """Its cost in points: a hundredth of its connections, at least one."""
        return max(1, round(self.connections / 100))


def prepare(
    schema: Schema, text: str, variables: Mapping[str, Any], name: str | None
) -> Query | list[dict[str, object]]:
    """Parse and check a query; returns the errors when it cannot be run."""
    from graphql import GraphQLSyntaxError
    from graphql.language import FragmentDefinitionNode, OperationDefinitionNode, parse

    try:
        document = parse(text)
    except GraphQLSyntaxError as error:
        places = [{"line": p.line, "column": p.column} for p in error.locations or ()]
        return [{"message": f"Parse error: {error.message}", "locations": places}]
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name:
        operations = [o for o in operations if o.name and o.name.value == name]
    if len(operations) != 1:
        return [{"message": "An operation name is required"}]
    query = Query(
        operations[0],
        {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)},
        _with_defaults(operations[0], variables),
    )
    _Check(schema, query).run()
    return query.problems or query


def _with_defaults(
    operation: "OperationDefinitionNode", variables: Mapping[str, Any]
) -> dict[str, Any]:
    values = dict(variables)
    for definition in operation.variable_definitions or ():
        if definition.default_value is not None:
            name = definition.variable.name.value
            values.setdefault(name, plain_value(definition.default_value, {}))
    return values


def plain_value(node: "ValueNode", variables: Mapping[str, Any]) -> Any:
    """Return an argument's value."""
    match node.kind:
        case "variable":
            return variables.get(node.name.value)  # type: ignore[attr-defined]
        case "int_value":
            return int(node.value)  # type: ignore[attr-defined]
        case "float_value":
            return float(node.value)  # type: ignore[attr-defined]
        case "null_value":
            return None
        case "list_value":
            return [plain_value(item, variables) for item in node.values]  # type: ignore[attr-defined]
        case "object_value":
            return {f.name.value: plain_value(f.value, variables) for f in node.fields}  # type: ignore[attr-defined]
        case _:
            return node.value  # type: ignore[attr-defined]


def place_of(node: Any) -> list[dict[str, int]]:
    """Return where a node stands in the query, as an error's ``locations``."""
    token = node.loc.start_token
    return [{"line": token.line, "column": token.column}]


class _Check:
    """Looks for names that do not exist, before anything runs."""

    def __init__(self, schema: Schema, query: Query) -> None:
        self._schema = schema
        self._query = query
        self._declared = {d.variable.name.value for d in query.operation.variable_definitions or ()}
        self._used: set[str] = set()
        self._fragments: dict[str, int] = {}

    def run(self) -> None:
        """Fill the query's problems and the number of its connections."""
        query = self._query
        root = "Mutation" if query.mutation else "Query"
        query.connections = self._selections(root, query.operation.selection_set, (root.lower(),))
        for name in sorted(self._declared - self._used):
            self._problem(
                query.operation, f"Variable ${name} is declared but not used", "variableNotUsed", ()
            )
        for name in sorted(set(query.fragments) - set(self._fragments)):
            self._problem(
                query.fragments[name],
                f"Fragment {name} was defined, but not used",
                "useAndDefineFragment",
                (),
            )

    def _problem(self, node: Any, message: str, code: str, path: tuple[str, ...]) -> None:
        self._query.problems.append(
            {
                "path": list(path),
                "extensions": {"code": code},
                "locations": place_of(node),
                "message": message,
            }
        )

    def _selections(self, name: str, node: "SelectionSetNode", path: tuple[str, ...]) -> int:
        count = 0
        for selection in node.selections:
            if selection.kind == "field":
                count += self._field(name, selection, path)  # type: ignore[arg-type]
            elif selection.kind == "inline_fragment":
                condition = selection.type_condition  # type: ignore[attr-defined]
                inner = condition.name.value if condition else name
                count += self._on(inner, selection.selection_set, selection, path)  # type: ignore[attr-defined]
            else:
                count += self._spread(selection, path)
        return count

    def _on(self, name: str, body: "SelectionSetNode", node: Any, path: tuple[str, ...]) -> int:
        if name not in self._schema.types:
            self._problem(
                node,
                f"No such type {name}, so it can't be a fragment condition",
                "undefinedType",
                path,
            )
            return 0
        return self._selections(name, body, path)

    def _spread(self, node: Any, path: tuple[str, ...]) -> int:
        name = node.name.value
        if name not in self._fragments:
            self._fragments[name] = 0
            fragment = self._query.fragments.get(name)
            if fragment is None:
                self._problem(
                    node, f"Fragment {name} was used, but not defined", "useAndDefineFragment", path
                )
                return 0
            self._fragments[name] = self._on(
                fragment.type_condition.name.value,
                fragment.selection_set,
                fragment,
                (f"fragment {name}",),
            )
        return self._fragments[name]

    def _field(self, parent: str, node: "FieldNode", path: tuple[str, ...]) -> int:
        name = node.name.value
        here = (*path, node.alias.value if node.alias else name)
        if name == "__typename":
            return 0
        known = self._schema.types[parent].fields.get(name)
        if known is None:
            self._problem(
                node, f"Field '{name}' doesn't exist on type '{parent}'", "undefinedField", here
            )
            return 0
        given = set()
        for argument in node.arguments or ():
            given.add(argument.name.value)
            self._variables(argument.value, here)
            if argument.name.value not in known.args:
                self._problem(
                    argument,
                    f"Field '{name}' doesn't accept argument '{argument.name.value}'",
                    "argumentNotAccepted",
                    (*here, argument.name.value),
                )
        if known.type is None:
            if node.selection_set:
                self._problem(
                    node,
                    f"Selections can't be made on scalars (field '{name}' has selections)",
                    "selectionMismatch",
                    here,
                )
            return 0
        if node.selection_set is None:
            self._problem(
                node,
                f"Field must have selections (field '{name}' returns {known.type} but has no "
                f"selections. Did you mean '{name} {{ ... }}'?)",
                "selectionMismatch",
                here,
            )
            return 0
        if known.connection and not given & {"first", "last"}:
            self._query.problems.append(
                {
                    "type": "MISSING_PAGINATION_BOUNDARIES",
                    "path": list(here),
                    "locations": place_of(node),
                    "message": f"You must provide a `first` or `last` value to properly paginate "
                    f"the `{name}` connection.",
                }
            )
        return known.connection + self._selections(known.type, node.selection_set, here)

    def _variables(self, node: "ValueNode", path: tuple[str, ...]) -> None:
        for name in _names(node):
            self._used.add(name)
            if name not in self._declared:
                self._problem(
                    node,
                    f"Variable ${name} is used but not declared",
                    "variableNotDefined",
                    path,
                )


def _names(node: Any) -> Iterator[str]:
    """Yield the variables that a value uses."""
    if node.kind == "variable":
        yield node.name.value
    for item in getattr(node, "values", None) or ():
        yield from _names(item)
    for part in getattr(node, "fields", None) or ():
        yield from _names(part.value)
