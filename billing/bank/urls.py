"""Routes of the back office's pages of the bank."""

from django.urls import path

from billing.bank import staff_views

urlpatterns = [
    path("staff/bank/", staff_views.entries, name="staff_bank"),
    path("staff/bank/confirm/", staff_views.confirm, name="staff_bank_confirm"),
    path("staff/bank/upload/", staff_views.upload, name="staff_bank_upload"),
    path("staff/bank/statements/", staff_views.statements, name="staff_bank_statements"),
    path("staff/bank/statements/<int:statement_id>/", staff_views.statement, name="staff_bank_statement"),
    path("staff/bank/entries/<int:entry_id>/", staff_views.entry, name="staff_bank_entry"),
    path("staff/bank/entries/<int:entry_id>/assign/", staff_views.assign, name="staff_bank_assign"),
    path("staff/bank/entries/<int:entry_id>/set-aside/", staff_views.put_aside, name="staff_bank_set_aside"),
    path("staff/bank/entries/<int:entry_id>/reset/", staff_views.reset, name="staff_bank_reset"),
    path(
        "staff/bank/entries/<int:entry_id>/payout-back/",
        staff_views.payout_back,
        name="staff_bank_payout_back",
    ),
    path("staff/bank/entries/<int:entry_id>/take-back/", staff_views.take_back, name="staff_bank_take_back"),
]
