"""What the document says of writes (API-4, API-5)."""

from drf_spectacular.generators import SchemaGenerator

from manager.shell.reference.writes import NOT_TRIED


def test_describes_the_key_and_the_try_of_every_write():
    """API-5: and of nothing else; what cannot be tried is named by operations that exist."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    named = {}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            parameters = {parameter["name"] for parameter in operation.get("parameters", [])}
            is_write = method in {"post", "put", "patch", "delete"}
            assert ({"Idempotency-Key", "dry_run"} <= parameters) is is_write, operation["operationId"]
            if is_write:
                assert "200" in operation["responses"], operation["operationId"]
                named[operation["operationId"]] = operation
    assert NOT_TRIED.keys() <= named.keys()
    told = str(named["organizations_payment_methods_destroy"])
    assert "`dry_run_not_possible`, here always" in told
