"""Routes of support access."""

from django.urls import path

from organizations.support.views import own, staff

urlpatterns = [
    path("o/<int:organization_id>/support/", own.support_access, name="support_access"),
    path("o/<int:organization_id>/support/give/<slug:kind>/", own.give, name="give_support"),
    path("o/<int:organization_id>/support/<int:support_grant_id>/revoke/", own.revoke, name="revoke_support"),
    path("staff/support/", staff.supported, name="staff_support"),
    path("staff/support/leave/", staff.leave, name="staff_support_leave"),
    path("staff/support/<int:supported_id>/enter/", staff.enter, name="staff_support_enter"),
]
