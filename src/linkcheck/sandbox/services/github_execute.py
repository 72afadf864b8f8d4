"""GraphQL queries run by graphql-core over ``github.graphql``, with errors as GitHub words them.

Imported with the first query, because graphql-core takes a quarter of a second to load.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import count
from typing import Any

from graphql import (
    BREAK,
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    ValidationRule,
    Visitor,
    build_schema,
    execute_sync,
    get_named_type,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
    visit,
)

from linkcheck.sandbox.services.github_nodes import FieldError, Node

_BOUNDARIES = frozenset({"first", "last"})

_WORDING = {
    r"Cannot query field '(?P<fieldName>\w+)' on type '(?P<typeName>\w+)'.*": (
        r"undefinedField: Field '\g<fieldName>' doesn't exist on type '\g<typeName>'"
    ),
    r"Unknown argument '(?P<argumentName>\w+)' on field '\w+\.(?P<name>\w+)'.*": (
        r"argumentNotAccepted: Field '\g<name>' doesn't accept argument '\g<argumentName>'"
    ),
    r"Argument '\w+\.(?P<name>\w+)\((?P<arguments>\w+):\)' of type .+ is required.*": (
        r"missingRequiredArguments: Field '\g<name>' is missing required arguments: \g<arguments>"
    ),
    r"Field '(\w+)' must not have a selection since type .+": (
        r"selectionMismatch: Selections can't be made on scalars (field '\1' has selections)"
    ),
    r"Field '(\w+)' of type '(\S+)' must have a selection of subfields.*": (
        r"selectionMismatch: Field must have selections (field '\1' returns \2 but has none)"
    ),
    r"Variable '\$(?P<variableName>\w+)' is not defined.*": (
        r"variableNotDefined: Variable $\g<variableName> is used but not declared"
    ),
    r"Variable '\$(?P<variableName>\w+)' is never used.*": (
        r"variableNotUsed: Variable $\g<variableName> is declared but not used"
    ),
    r"Variable '\$(?P<variableName>\w+)' of type '(\S+)' used in position expecting .+'(\S+)'.": (
        r"variableMismatch: Type mismatch on variable $\g<variableName> (\2 / \3)"
    ),
    r"Unknown fragment '(?P<fragmentName>\w+)'.": (
        r"useAndDefineFragment: Fragment \g<fragmentName> was used, but not defined"
    ),
    r"Fragment '(?P<fragmentName>\w+)' is never used.": (
        r"useAndDefineFragment: Fragment \g<fragmentName> was defined, but not used"
    ),
    r"Unknown type '(?P<typeName>\w+)'.*": (
        r"undefinedType: No such type \g<typeName>, so it can't be a fragment condition"
    ),
    r"\w+ cannot represent .+|Expected value of type .+": r"argumentLiteralsIncompatible: \g<0>",
}
"""graphql-core's message to GitHub's code and message; named groups are GitHub's extensions."""


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A valid query."""

    document: DocumentNode
    operation: OperationDefinitionNode

    @property
    def is_mutation(self) -> bool:
        """Whether it writes."""
        return self.operation.operation is OperationType.MUTATION

    @property
    def cost(self) -> int:
        """The points that it costs: a hundredth of its connections, at least one."""
        fragments = {
            d.name.value: d
            for d in self.document.definitions
            if isinstance(d, FragmentDefinitionNode)
        }
        return max(1, round(_connections(self.operation.selection_set.selections, fragments) / 100))


def _connections(
    nodes: Iterable[SelectionNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> int:
    """Return the number of paged fields, those of a fragment once for each use."""
    total = 0
    for node in nodes:
        if isinstance(node, FieldNode):
            total += any(argument.name.value in _BOUNDARIES for argument in node.arguments or ())
        part: Any = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        if part.selection_set:
            total += _connections(part.selection_set.selections, fragments)
    return total


class _PaginationRule(ValidationRule):
    """Requires ``first`` or ``last`` on connections."""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        fields = getattr(get_named_type(self.context.get_type()), "fields", {})
        if "nodes" in fields and _BOUNDARIES.isdisjoint(a.name.value for a in node.arguments or ()):
            message = (
                "You must provide a `first` or `last` value to properly paginate the "
                f"`{node.name.value}` connection."
            )
            kind = {"type": "MISSING_PAGINATION_BOUNDARIES"}
            self.report_error(GraphQLError(message, node, extensions=kind))


@cache
def _schema() -> GraphQLSchema:
    return build_schema(files(__package__).joinpath("github.graphql").read_text("utf-8"))


@lru_cache(maxsize=32)  # batches differ in their variables, seldom in their text
def prepare(text: str, name: str | None) -> PreparedQuery | list[dict[str, object]]:
    """Parse and validate a query; return the errors if it cannot be run."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as error:
        return [{"message": f"Parse error: {error.message}", "locations": _locations(error)}]
    operation = get_operation_ast(document, name)
    if operation is None:
        return [{"message": "An operation name is required"}]
    errors = validate(_schema(), document, (*specified_rules, _PaginationRule))
    return [_request_error(error, document) for error in errors] or PreparedQuery(
        document, operation
    )


def execute(
    query: PreparedQuery, root: Node, variables: Mapping[str, Any], max_fields: int | None
) -> dict[str, object]:
    """Run a query; return the response's ``data`` and ``errors``.

    Top-level fields after the first ``max_fields`` become null. An exception that is no
    :class:`FieldError` is raised.
    """
    number = count(1)

    def resolve(source: Node, info: "GraphQLResolveInfo[Any]", **args: object) -> object:
        if source is root and max_fields is not None and next(number) > max_fields:
            raise FieldError("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.")
        value = source.get(info.field_name)
        return value(args) if callable(value) else value

    name = query.operation.name.value if query.operation.name else None
    result = execute_sync(
        _schema(), query.document, root, None, dict(variables), name, field_resolver=resolve
    )
    errors = result.errors or []
    if any(error.path is None for error in errors):
        return {"errors": [_request_error(error, query.document) for error in errors]}
    body: dict[str, object] = {"data": result.data}
    return {**body, "errors": [_field_error(error) for error in errors]} if errors else body


def _field_error(error: GraphQLError) -> dict[str, object]:
    original = error.original_error
    if not isinstance(original, FieldError):
        raise original or error
    path = error.path or []
    return {
        "type": original.kind,
        "path": path[:-1] if original.is_at_parent else path,
        **({"extensions": original.extensions} if original.extensions else {}),
        "locations": _locations(error),
        "message": error.message,
    }


def _request_error(error: GraphQLError, document: DocumentNode) -> dict[str, object]:
    shared = {"path": _path(error, document), "locations": _locations(error)}
    for pattern, wording in _WORDING.items():
        if match := re.fullmatch(pattern, error.message, re.DOTALL):
            code, _, message = match.expand(wording).partition(": ")
            return {**shared, "extensions": {"code": code, **match.groupdict()}, "message": message}
    return {**shared, **(error.extensions or {}), "message": error.message}


def _locations(error: GraphQLError) -> list[dict[str, int]]:
    return [{"line": p.line, "column": p.column} for p in (error.locations or ())[:1]]


def _path(error: GraphQLError, document: DocumentNode) -> list[str]:
    """Return the path to an invalid part: the operation or fragment, fields, argument."""
    invalid = error.nodes[0] if error.nodes else None
    path: list[str] = []

    class Finder(Visitor):
        def enter(self, node: Any, _: object, parent: Any, __: object, ancestors: Any) -> Any:
            if node is not invalid:
                return None
            path.extend(filter(None, map(_step, (*ancestors, parent, node))))
            return BREAK

    visit(document, Finder())
    return path


def _step(node: object) -> str | None:
    match node:
        case OperationDefinitionNode():
            return f"{node.operation.value} {node.name.value if node.name else ''}".rstrip()
        case FragmentDefinitionNode():
            return f"fragment {node.name.value}"
        case InlineFragmentNode():
            return f"... on {node.type_condition.name.value}" if node.type_condition else "..."
        case FieldNode():
            return (node.alias or node.name).value
        case ArgumentNode():
            return node.name.value
    return None
