"""Pages of promotions (BIL-1, BIL-13)."""

from django.urls import path

from billing.promotions.views import codes, free_credits, own

urlpatterns = [
    path("o/<int:organization_id>/billing/promotions/", own.promotions, name="promotions"),
    path("staff/promotions/", codes.codes, name="staff_promotions"),
    path("staff/promotions/add/", codes.add, name="staff_promotion_add"),
    path("staff/promotions/export/", codes.export, name="staff_promotions_export"),
    path("staff/promotions/<int:code_id>/", codes.code, name="staff_promotion"),
    path("staff/promotions/<int:code_id>/edit/", codes.edit, name="staff_promotion_edit"),
    path("staff/promotions/<int:code_id>/close/", codes.close, name="staff_promotion_close"),
    path("staff/promotions/credits/", free_credits.credit_list, name="staff_credits"),
    path("staff/promotions/credits/grant/", free_credits.grant, name="staff_credit_grant"),
    path(
        "staff/promotions/credits/<int:credit_id>/withdraw/",
        free_credits.withdraw,
        name="staff_credit_withdraw",
    ),
]
