"""What the proof compares of money that is set aside for invoices, or on its way to a customer (BIL-15)."""

from billing.withdrawals.status import OPEN

_COMPARED = """
    SELECT coalesce(t.organization_id, m.organization_id),
           'account {kind} ' || coalesce(t.currency, m.currency), coalesce(t.total, 0), coalesce(m.balance, 0)
    FROM (
        SELECT organization_id, currency, sum(amount)::bigint AS total FROM {table}
        WHERE {condition} GROUP BY organization_id, currency
    ) t
    FULL JOIN (SELECT organization_id, currency, balance FROM billing_account WHERE kind = '{kind}') m
      ON m.organization_id = t.organization_id AND m.currency = t.currency
    WHERE coalesce(t.total, 0) <> coalesce(m.balance, 0)
    """

_ON_THEIR_WAY = ", ".join(f"'{status.value}'" for status in sorted(OPEN))

RESERVED = _COMPARED.format(
    kind="reserved",
    table="billing_reservation",
    condition="captured_at IS NULL AND released_at IS NULL",
)

PAYOUTS = _COMPARED.format(
    kind="payouts", table="billing_withdrawal", condition=f"status IN ({_ON_THEIR_WAY})"
)
