"""What the proof compares of money that goes back: refunds by charge, fees of the provider, disputes."""

from django.utils.translation import gettext_lazy as _

CHARGES_LABEL = _("No more goes back to a charge than it took")

CHARGES = """
    SELECT p.organization_id, 'payment ' || p.id, p.amount, r.total
    FROM billing_paymentattempt p
    JOIN (
        SELECT attempt_id, sum(amount - kept_amount)::bigint AS total FROM billing_refund
        WHERE attempt_id IS NOT NULL AND status <> 'kept' GROUP BY attempt_id
    ) r ON r.attempt_id = p.id
    WHERE r.total > p.amount
    """

FEES_LABEL = _("The fees that the provider told are the fees in the ledger")

FEES = """
    SELECT coalesce(t.organization_id, m.organization_id), 'fees', coalesce(t.total, 0), coalesce(m.total, 0)
    FROM (
        SELECT organization_id, sum(amount)::bigint AS total FROM (
            SELECT organization_id, amount FROM billing_chargefee WHERE amount > 0
            UNION ALL SELECT organization_id, fee_amount FROM billing_dispute WHERE fee_amount > 0
            UNION ALL SELECT organization_id, charges FROM billing_bankreceipt WHERE charges > 0
            UNION ALL SELECT organization_id, return_charges FROM billing_withdrawal WHERE return_charges > 0
        ) told GROUP BY organization_id
    ) t
    FULL JOIN (
        SELECT e.organization_id, -sum(e.amount)::bigint AS total
        FROM billing_entry e JOIN billing_account a ON a.id = e.account_id AND a.kind = 'fees'
        GROUP BY e.organization_id
    ) m ON m.organization_id = t.organization_id
    WHERE coalesce(t.total, 0) <> coalesce(m.total, 0)
    """

DISPUTES_LABEL = _("What is disputed is what the provider has taken and not decided")

DISPUTES = """
    SELECT coalesce(t.organization_id, m.organization_id), 'disputes',
           coalesce(t.total, 0), coalesce(m.total, 0)
    FROM (
        SELECT organization_id, sum(amount)::bigint AS total FROM billing_dispute
        WHERE withdrawn_at IS NOT NULL AND closed_at IS NULL GROUP BY organization_id
    ) t
    FULL JOIN (
        SELECT e.organization_id, -sum(e.amount)::bigint AS total
        FROM billing_entry e JOIN billing_account a ON a.id = e.account_id AND a.kind = 'disputes'
        GROUP BY e.organization_id
    ) m ON m.organization_id = t.organization_id
    WHERE coalesce(t.total, 0) <> coalesce(m.total, 0)
    """
