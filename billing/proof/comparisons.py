"""What a proof compares, as SQL over all tenants; each comparison selects the rows that do not agree.

A comparison gives `organization`, `subject`, `expected` and `actual`, the sums in minor units. All of them
are one statement, and so one moment of the database: money that moves meanwhile is in all of them or in none.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from billing.ledger.models import AccountKind
from billing.proof import set_aside, taken_back, transfers
from manager.kit.errors import Text


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: what it is called, and the SQL of what does not agree."""

    slug: str
    label: Text
    sql: str


SUMS = """
    WITH moved AS (
        SELECT j.invoice_id,
               coalesce(sum(e.amount) FILTER (WHERE a.kind = 'receivable'), 0)::bigint AS receivable,
               coalesce(sum(e.amount) FILTER (WHERE a.kind = 'tax'), 0)::bigint AS tax
        FROM billing_journal j
        JOIN billing_entry e ON e.journal_id = j.id
        JOIN billing_account a ON a.id = e.account_id
        WHERE j.invoice_id IS NOT NULL GROUP BY j.invoice_id
    ), numbered AS (
        SELECT legal_entity_id, 'invoice' AS kind, extract(year FROM issued_on)::int AS year, number
        FROM billing_invoice WHERE number IS NOT NULL
        UNION ALL
        SELECT legal_entity_id, 'credit_note', extract(year FROM issued_on)::int, number
        FROM billing_creditnote
    )
"""
"""What several comparisons are made of: money moved by invoice, and all numbers given."""

JOURNALS = Comparison(
    "journals",
    _("Each movement sums to zero"),
    """
    SELECT e.organization_id AS organization, 'journal ' || j.reference AS subject,
           0::bigint AS expected, sum(e.amount)::bigint AS actual
    FROM billing_entry e JOIN billing_journal j ON j.id = e.journal_id
    GROUP BY e.organization_id, j.id, j.reference
    HAVING sum(e.amount) <> 0
    """,
)

OWNERS = Comparison(
    "owners",
    _("An entry, its movement and its account are of one organization and currency"),
    """
    SELECT e.organization_id, 'entry ' || e.id, j.organization_id, a.organization_id
    FROM billing_entry e
    JOIN billing_journal j ON j.id = e.journal_id
    JOIN billing_account a ON a.id = e.account_id
    WHERE e.organization_id <> j.organization_id OR e.organization_id <> a.organization_id
       OR j.currency <> a.currency
    """,
)

BALANCES = Comparison(
    "balances",
    _("Each balance is the sum of its entries"),
    """
    SELECT a.organization_id, 'account ' || a.kind || ' ' || a.currency, coalesce(s.total, 0), a.balance
    FROM billing_account a
    LEFT JOIN (SELECT account_id, sum(amount)::bigint AS total FROM billing_entry GROUP BY account_id) s
      ON s.account_id = a.id
    WHERE a.balance <> coalesce(s.total, 0)
    UNION ALL
    SELECT organization_id, 'entry ' || id, total, balance
    FROM (
        SELECT organization_id, id, balance,
               sum(amount) OVER (PARTITION BY account_id ORDER BY id)::bigint AS total
        FROM billing_entry
    ) reckoned
    WHERE balance <> total
    """,
)

PREPAID = Comparison(
    "prepaid",
    _("No prepaid account is below zero"),
    """
    SELECT organization_id, 'account ' || kind || ' ' || currency, 0::bigint, balance
    FROM billing_account WHERE kind = 'prepaid' AND balance < 0
    """,
)

LINES = Comparison(
    "lines",
    _("Each invoice is the sum of its lines"),
    """
    SELECT i.organization_id, 'invoice ' || coalesce(i.number, i.id::text),
           i.total_amount, coalesce(s.total, 0)
    FROM billing_invoice i
    LEFT JOIN (
        SELECT invoice_id, sum(net_amount)::bigint AS net, sum(tax_amount)::bigint AS tax,
               sum(net_amount + tax_amount)::bigint AS total
        FROM billing_invoiceline GROUP BY invoice_id
    ) s ON s.invoice_id = i.id
    WHERE i.net_amount <> coalesce(s.net, 0) OR i.tax_amount <> coalesce(s.tax, 0)
    """,
)

RECEIVABLES = Comparison(
    "receivables",
    _("What is owed for an invoice is what its status says"),
    """
    SELECT i.organization_id, 'invoice ' || coalesce(i.number, i.id::text),
           CASE WHEN i.status = 'open' THEN -i.total_amount ELSE 0 END, coalesce(m.receivable, 0)
    FROM billing_invoice i LEFT JOIN moved m ON m.invoice_id = i.id
    WHERE coalesce(m.receivable, 0) <> CASE WHEN i.status = 'open' THEN -i.total_amount ELSE 0 END
    """,
)

TAXES = Comparison(
    "taxes",
    _("The VAT of an invoice and its credit notes is the VAT in the ledger"),
    """
    SELECT i.organization_id, 'invoice ' || coalesce(i.number, i.id::text), d.tax, coalesce(m.tax, 0)
    FROM billing_invoice i
    CROSS JOIN LATERAL (
        SELECT CASE WHEN i.number IS NULL THEN 0 ELSE i.tax_amount END
               - coalesce((SELECT sum(c.tax_amount) FROM billing_creditnote c WHERE c.invoice_id = i.id), 0)
               AS tax
    ) d
    LEFT JOIN moved m ON m.invoice_id = i.id
    WHERE coalesce(m.tax, 0) <> d.tax
    """,
)

PAYMENTS = Comparison(
    "payments",
    _("Each payment that succeeded is one movement"),
    """
    SELECT p.organization_id, 'payment ' || p.id, p.amount, coalesce(-s.total, 0)
    FROM billing_paymentattempt p
    LEFT JOIN (
        SELECT j.organization_id, j.reference, sum(e.amount)::bigint AS total
        FROM billing_journal j
        JOIN billing_entry e ON e.journal_id = j.id AND e.amount < 0
        JOIN billing_account a ON a.id = e.account_id AND a.kind IN ('provider', 'prepaid')
        GROUP BY j.organization_id, j.reference
    ) s ON s.organization_id = p.organization_id AND s.reference = 'attempt:' || p.id
    WHERE p.status = 'succeeded'
      AND (s.total IS NULL OR (NOT p.is_credited AND -s.total <> p.amount))
    """,
)

REFUNDS = Comparison(
    "refunds",
    _("Each refund that was made is one movement"),
    """
    SELECT r.organization_id, 'refund ' || r.id, r.amount - r.kept_amount, coalesce(s.total, 0)
    FROM billing_refund r
    LEFT JOIN (
        SELECT j.organization_id, j.reference, sum(e.amount)::bigint AS total
        FROM billing_journal j
        JOIN billing_entry e ON e.journal_id = j.id AND e.amount > 0
        JOIN billing_account a ON a.id = e.account_id AND a.kind = 'provider'
        GROUP BY j.organization_id, j.reference
    ) s ON s.organization_id = r.organization_id AND s.reference = 'refund:' || r.id
    WHERE r.status = 'succeeded' AND coalesce(s.total, 0) <> r.amount - r.kept_amount
    """,
)

CREDITED = Comparison(
    "credited",
    _("No more of an invoice is taken back than it was over"),
    """
    SELECT i.organization_id, 'invoice ' || coalesce(i.number, i.id::text), i.total_amount, c.total
    FROM billing_invoice i
    JOIN (
        SELECT invoice_id, sum(total_amount)::bigint AS total FROM billing_creditnote GROUP BY invoice_id
    ) c ON c.invoice_id = i.id
    WHERE c.total > i.total_amount
    """,
)

CLEARING = Comparison(
    "clearing",
    _("Each movement of the provider's account belongs to a payment, a refund, a fee or a dispute"),
    """
    SELECT j.organization_id, 'journal ' || j.reference, 0::bigint, sum(e.amount)::bigint
    FROM billing_journal j
    JOIN billing_entry e ON e.journal_id = j.id
    JOIN billing_account a ON a.id = e.account_id AND a.kind = 'provider'
    LEFT JOIN billing_paymentattempt p
      ON p.organization_id = j.organization_id AND j.reference = 'attempt:' || p.id AND p.status = 'succeeded'
    LEFT JOIN billing_refund r
      ON r.organization_id = j.organization_id AND split_part(j.reference, ':', 2) = r.id::text
     AND j.reference LIKE 'refund:%' AND r.status = 'succeeded'
    LEFT JOIN billing_chargefee f
      ON f.organization_id = j.organization_id AND j.reference = 'attempt:' || f.attempt_id || ':fee'
    LEFT JOIN billing_dispute d
      ON d.organization_id = j.organization_id AND split_part(j.reference, ':', 2) = d.id::text
     AND j.reference LIKE 'dispute:%'
    WHERE p.id IS NULL AND r.id IS NULL AND f.id IS NULL AND d.id IS NULL
    GROUP BY j.organization_id, j.id, j.reference
    """,
)

NUMBERS = Comparison(
    "numbers",
    _("Numbers of documents have no gap"),
    """
    SELECT NULL::bigint, 'series ' || s.kind || ' ' || s.year || ' of ' || c.number_prefix,
           s.next_value - 1, coalesce(n.last, 0)
    FROM billing_numbersequence s
    JOIN billing_legalentity c ON c.id = s.legal_entity_id
    LEFT JOIN (
        SELECT legal_entity_id, kind, year, count(*) AS numbers,
               max(substring(number FROM '[0-9]+$')::bigint) AS last
        FROM numbered GROUP BY legal_entity_id, kind, year
    ) n ON n.legal_entity_id = s.legal_entity_id AND n.kind = s.kind AND n.year = s.year
    WHERE coalesce(n.numbers, 0) <> s.next_value - 1 OR coalesce(n.last, 0) <> s.next_value - 1
    """,
)

TRANSFERS = Comparison("transfers", transfers.LABEL, transfers.SQL)

COMPARISONS = (
    JOURNALS,
    OWNERS,
    BALANCES,
    PREPAID,
    LINES,
    RECEIVABLES,
    TAXES,
    PAYMENTS,
    REFUNDS,
    CREDITED,
    CLEARING,
    Comparison("charges", taken_back.CHARGES_LABEL, taken_back.CHARGES),
    Comparison("fees", taken_back.FEES_LABEL, taken_back.FEES),
    Comparison("disputes", taken_back.DISPUTES_LABEL, taken_back.DISPUTES),
    TRANSFERS,
    Comparison("reserved", AccountKind.RESERVED.label, set_aside.RESERVED),
    Comparison("payouts", AccountKind.PAYOUTS.label, set_aside.PAYOUTS),
    NUMBERS,
)

FIGURES = """
    SELECT (SELECT count(*) FROM billing_journal) AS journals,
           (SELECT count(*) FROM billing_entry) AS entries,
           (SELECT count(*) FROM billing_invoice WHERE number IS NOT NULL) AS invoices,
           (SELECT count(*) FROM billing_creditnote) AS credit_notes,
           (SELECT count(*) FROM billing_paymentattempt WHERE status = 'succeeded') AS payments
"""
