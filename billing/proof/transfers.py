"""What the proof compares of bank transfers: the receipts of the customers with the bank's account."""

from django.utils.translation import gettext_lazy as _

LABEL = _("Each bank transfer that was booked is in the ledger, to the cent and for whom it was booked")

SQL = """
    SELECT coalesce(r.organization_id, m.organization_id), 'transfer ' || coalesce(r.entry_id, m.entry),
           coalesce(CASE WHEN r.kind = 'taken_back' THEN -r.amount ELSE r.amount - r.charges END, 0),
           coalesce(m.total, 0)
    FROM billing_bankreceipt r
    FULL JOIN (
        SELECT j.organization_id, -sum(e.amount)::bigint AS total,
               split_part(coalesce(s.key, j.reference), ':', 2)::bigint AS entry
        FROM billing_journal j
        JOIN billing_entry e ON e.journal_id = j.id
        JOIN billing_account a ON a.id = e.account_id AND a.kind = 'bank'
        LEFT JOIN billing_reservation s
          ON s.organization_id = j.organization_id AND j.reference = 'reservation:' || s.id
        WHERE coalesce(s.key, j.reference) LIKE 'bank:%'
        GROUP BY j.organization_id, entry
    ) m ON m.organization_id = r.organization_id AND m.entry = r.entry_id
    WHERE coalesce(CASE WHEN r.kind = 'taken_back' THEN -r.amount ELSE r.amount - r.charges END, 0)
          <> coalesce(m.total, 0)
"""
