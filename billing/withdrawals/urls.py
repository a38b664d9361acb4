"""Pages of withdrawals."""

from django.urls import path

from billing.withdrawals import staff_views, views

urlpatterns = [
    path("o/<int:organization_id>/billing/withdrawals/", views.withdrawals, name="withdrawals"),
    path("o/<int:organization_id>/billing/withdrawals/new/", views.withdraw, name="withdraw"),
    path(
        "o/<int:organization_id>/billing/withdrawals/<int:withdrawal_id>/cancel/",
        views.cancel,
        name="cancel_withdrawal",
    ),
    path("staff/withdrawals/", staff_views.withdrawals, name="staff_withdrawals"),
    path("staff/withdrawals/selected/", staff_views.selected, name="staff_withdrawals_selected"),
    path("staff/withdrawals/files/", staff_views.batch, name="staff_withdrawals_batch"),
    path("staff/withdrawals/files/<int:batch_id>/", staff_views.batch_file, name="staff_withdrawals_file"),
]
