"""The REST API: who is let in, the shapes of answers, and its OpenAPI document."""

LANGUAGE_CODES = [(code, code) for code in ("en", "fr", "de", "it", "es")]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.tokens.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["manager.kit.api.Denied"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["manager.kit.jsonbody.JSONBody"],
    "DEFAULT_SCHEMA_CLASS": "manager.shell.reference.schema.OperationSchema",
    "EXCEPTION_HANDLER": "manager.kit.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
API_REQUESTS_PER_MINUTE = 60
SPECTACULAR_SETTINGS = {
    "TITLE": "Manager API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Send a token of your profile as `Authorization: Bearer …`. Amounts are in minor units.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/1",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["manager.shell.reference.schema.keep_numbered_version"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "manager.shell.reference.schema.describe_errors",
    ],
    "ENUM_NAME_OVERRIDES": {
        "OrderStatus": "billing.orders.status.OrderStatus",
        "PaymentStatus": "billing.payments.status.AttemptStatus",
        "WithdrawalStatus": "billing.withdrawals.status.WithdrawalStatus",
        "PayoutMeans": "billing.withdrawals.models.PayoutMeans",
        "RefundStatus": "billing.refunds.status.RefundStatus",
        "InvoiceStatus": "billing.invoices.status.InvoiceStatus",
        "ProductStatus": "products.inventory.status.ProductStatus",
        "RequestStatus": "organizations.requests.status.RequestStatus",
        "TransferStatus": "products.transfer.status.TransferStatus",
        "Role": "organizations.access.roles.Role",
        "OrganizationKind": "organizations.profile.models.Kind",
        "PaymentMethodKind": "billing.payment_methods.models.MethodKind",
        "ApplicationKind": "accounts.applications.models.ApplicationKind",
        "TagColor": "organizations.teams.models.Color",
        "ZoneChange": "products.modules.domain.models.ZoneChange",
        "ContactRole": "products.modules.domain.contacts.ContactRole",
        "DomainState": "products.modules.domain.api_registration.STATES",
        "RecordType": "products.modules.domain.records.TYPES",
        "MailEntryStatus": "products.modules.mail.status.EntryStatus",
        "MailRouteKind": "products.modules.mail.status.RouteKind",
        "ChangeStatus": "billing.changes.status.ChangeStatus",
        "PeriodMonths": "manager.kit.fields.PERIOD_CHOICES",
        "SupportKind": "organizations.support.models.SupportKind",
        "TerminationReason": "products.termination.status.Reason",
        "FindingReason": "billing.rehearsal.reasons.Reason",
        "Language": "manager.settings.rest.LANGUAGE_CODES",
    },
}
