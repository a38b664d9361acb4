"""The books of some organizations, proved by SQL alone: what must hold whatever came before."""

from collections.abc import Sequence

from django.db import connections

# Each selects what is wrong, as text. `%(who)s` are the organizations.
RULES = {
    "a journal balances": """
        SELECT j.reference FROM billing_journal j JOIN billing_entry e ON e.journal_id = j.id
        WHERE j.organization_id = ANY(%(who)s) GROUP BY j.id, j.reference HAVING sum(e.amount) <> 0
    """,
    "a balance is the sum of its entries": """
        SELECT a.kind || ' ' || a.currency FROM billing_account a
        LEFT JOIN billing_entry e ON e.account_id = a.id
        WHERE a.organization_id = ANY(%(who)s)
        GROUP BY a.id, a.kind, a.currency, a.balance HAVING a.balance <> coalesce(sum(e.amount), 0)
    """,
    "no balance of the customer is negative": """
        SELECT kind || ' ' || balance FROM billing_account
        WHERE organization_id = ANY(%(who)s) AND kind IN ('prepaid', 'reserved', 'payouts') AND balance < 0
    """,
    "what is set aside is on its account": """
        SELECT coalesce(a.organization_id, r.organization_id)::text
        FROM (SELECT organization_id, currency, balance FROM billing_account WHERE kind = 'reserved') a
        FULL JOIN (
            SELECT organization_id, currency, sum(amount) AS balance FROM billing_reservation
            WHERE captured_at IS NULL AND released_at IS NULL GROUP BY organization_id, currency
        ) r USING (organization_id, currency)
        WHERE coalesce(a.organization_id, r.organization_id) = ANY(%(who)s)
          AND coalesce(a.balance, 0) <> coalesce(r.balance, 0)
    """,
    "an invoice is its lines and their VAT": """
        SELECT 'invoice ' || i.id FROM billing_invoice i JOIN billing_invoiceline l ON l.invoice_id = i.id
        WHERE i.organization_id = ANY(%(who)s)
        GROUP BY i.id HAVING i.net_amount <> sum(l.net_amount) OR i.tax_amount <> sum(l.tax_amount)
            OR i.total_amount <> sum(l.net_amount + l.tax_amount)
    """,
    "an invoice owes what was neither paid nor taken back": """
        SELECT 'invoice ' || i.id || ' ' || i.status FROM billing_invoice i
        LEFT JOIN (
            SELECT j.invoice_id, sum(e.amount) AS sum FROM billing_journal j
            JOIN billing_entry e ON e.journal_id = j.id
            JOIN billing_account a ON a.id = e.account_id AND a.kind = 'receivable'
            WHERE j.organization_id = ANY(%(who)s) GROUP BY j.invoice_id
        ) r ON r.invoice_id = i.id
        WHERE i.organization_id = ANY(%(who)s)
          AND -coalesce(r.sum, 0) <> CASE WHEN i.status = 'open' THEN i.total_amount ELSE 0 END
    """,
    "no invoice is paid by more than it costs": """
        SELECT 'invoice ' || i.id FROM billing_invoice i
        JOIN billing_journal j ON j.invoice_id = i.id AND j.kind = 'invoice_paid'
        JOIN billing_entry e ON e.journal_id = j.id
        JOIN billing_account a ON a.id = e.account_id AND a.kind = 'receivable'
        WHERE i.organization_id = ANY(%(who)s)
        GROUP BY i.id HAVING sum(e.amount) > i.total_amount
    """,
    "not more is given back than was paid": """
        SELECT 'invoice ' || i.id FROM billing_invoice i JOIN billing_creditnote n ON n.invoice_id = i.id
        WHERE i.organization_id = ANY(%(who)s)
        GROUP BY i.id HAVING sum(n.total_amount) > i.total_amount
    """,
    "no day of a product is billed twice": """
        SELECT 'product ' || one.product_id || ' ' || one.component FROM billing_invoiceline one
        JOIN billing_invoiceline other ON other.product_id = one.product_id
            AND other.component = one.component AND other.id > one.id AND other.covers && one.covers
        WHERE one.organization_id = ANY(%(who)s) AND one.counts AND other.counts
    """,
    "numbers have no gap": """
        SELECT s.kind || ' ' || s.year FROM billing_numbersequence s
        JOIN (
            SELECT 'invoice' AS kind, extract(year FROM issued_on) AS year, legal_entity_id
            FROM billing_invoice WHERE number IS NOT NULL
            UNION ALL
            SELECT 'credit_note', extract(year FROM issued_on), legal_entity_id FROM billing_creditnote
        ) d ON (d.kind, d.year, d.legal_entity_id) = (s.kind, s.year, s.legal_entity_id)
        GROUP BY s.id, s.kind, s.year, s.next_value HAVING s.next_value <> count(*) + 1
    """,
}
PROOF = "\nUNION ALL\n".join(
    f"SELECT '{name}: ' || wrong.what FROM ({sql}) AS wrong(what)" for name, sql in RULES.items()
)


def what_is_wrong(organizations: Sequence[int]) -> list[str]:
    """Return what of the rules does not hold for these organizations; nothing if all is well (BIL-15)."""
    with connections["system"].cursor() as cursor:
        cursor.execute(PROOF, {"who": list(organizations)})
        return [row[0] for row in cursor.fetchall()]
