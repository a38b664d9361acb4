"""REST operations on withdrawals."""

from django.urls import path

from billing.withdrawals import api

urlpatterns = [
    path("organizations/<organization>/withdrawals", api.WithdrawalList.as_view(), name="withdrawals"),
    path(
        "organizations/<organization>/withdrawals/<int:withdrawal_id>",
        api.WithdrawalDetail.as_view(),
        name="withdrawal",
    ),
]
