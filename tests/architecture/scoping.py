"""The law of INC-3 over source text: a row of an organization is never found by an id alone.

A query on a tenant's model either names the organization, or names the connection that it means (a finder
across tenants), or starts from a row that is in hand already (`journal=journal`, `pk=service.pk`). What it
may not do is take an id that came with a request, a task or an event, and look the row up by it alone.
"""

import ast
from collections.abc import Collection, Iterator

# What reads no row by a condition.
WRITERS = frozenset({"bulk_create", "bulk_update"})


def queries(tree: ast.AST, models: Collection[str]) -> Iterator[tuple[ast.Attribute, dict[ast.AST, ast.AST]]]:
    """Yield each `Model.objects` of a tenant's model, with the parents of all nodes."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "objects"
            and isinstance(node.value, ast.Name)
            and node.value.id in models
        ):
            yield node, parents


def unscoped_queries(text: str, models: Collection[str], relations: Collection[str]) -> list[str]:
    """Return where a tenant's row is looked up by something else than its organization or a row in hand.

    `relations` are the names of fields that lead from one tenant's model to another.
    """
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node, parents in queries(ast.parse(text), models)
        if not _follows_rows(node, parents)
        and not any(_is_scoped(call, relations) for call in _calls_of(node, parents))
    ]


def _follows_rows(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether a query is the `queryset` of a Prefetch: it follows the rows that are in hand."""
    top = next(reversed([node, *_chain(node, parents)]))
    keyword = parents.get(top)
    call = parents.get(keyword) if isinstance(keyword, ast.keyword) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Prefetch"


def _calls_of(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.Call]:
    """Yield the calls chained to a query, also those on the name to which it is assigned."""
    top = node
    for call in _chain(node, parents):
        top = call
        yield call
    statement = parents.get(top)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        name, function = statement.targets[0].id, statement
        while not isinstance(function, ast.FunctionDef | ast.Module):
            function = parents[function]  # type: ignore[assignment]
        for other in ast.walk(function):
            if isinstance(other, ast.Name) and other.id == name and isinstance(other.ctx, ast.Load):
                yield from _chain(other, parents)


def _chain(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.Call]:
    """Yield the calls `.filter(…)`, `.exclude(…)` … that follow each other on `node`."""
    above = parents.get(node)
    while isinstance(above, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(above, ast.Call):
            if above.func is not node:
                return  # an argument of another call
            yield above
        node, above = above, parents.get(above)


def _is_scoped(call: ast.Call, relations: Collection[str]) -> bool:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if method in WRITERS or method == "using":
        return True
    return method != "exclude" and any(
        (keyword.arg or "").startswith("organization") or _is_in_hand(keyword, relations)
        for keyword in call.keywords
    )


def _is_in_hand(keyword: ast.keyword, relations: Collection[str]) -> bool:
    """Return whether a condition names a row that the function has, and not just an id."""
    value, name = keyword.value, keyword.arg or ""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == "OuterRef"
    if isinstance(value, ast.ListComp | ast.SetComp):
        value = value.elt
    if isinstance(value, ast.Attribute):
        return value.attr == "pk"
    return isinstance(value, ast.Name) and name in relations
