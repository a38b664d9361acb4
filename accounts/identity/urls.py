"""Routes of identity checks."""

from django.urls import path

from accounts.identity.views import person, phone, staff, visitor

urlpatterns = [
    path("identity/", visitor.start, name="identity_start"),
    path("identity/<str:token>/", phone.entry, name="identity_phone_entry"),
    path("identity/<str:token>/wait/", visitor.wait, name="identity_wait"),
    path("identity/<str:token>/state/", visitor.state, name="identity_state"),
    path("identity/<str:token>/phone/", phone.phone, name="identity_phone"),
    path("identity/<str:token>/code/", phone.code, name="identity_code"),
    path("identity/<str:token>/document/", phone.document, name="identity_document"),
    path("identity/<str:token>/photo/<str:page>/", phone.photo, name="identity_photo"),
    path("identity/<str:token>/send/", phone.send, name="identity_send"),
    path("identity-result/<str:secret>/", visitor.result, name="identity_result"),
    path("profile/identity/", person.identity, name="identity"),
    path("profile/identity/<int:case_id>/stop/", person.withdraw, name="identity_withdraw"),
    path("staff/identity/", staff.cases, name="staff_identity"),
    path("staff/identity/ask/", staff.ask, name="staff_identity_ask"),
    path("staff/identity/files/", staff.report, name="staff_identity_report"),
    path("staff/identity/<int:case_id>/", staff.case, name="staff_identity_case"),
    path("staff/identity/<int:case_id>/approve/", staff.approve, name="staff_identity_approve"),
    path("staff/identity/<int:case_id>/refuse/", staff.refuse, name="staff_identity_refuse"),
    path("staff/identity/<int:case_id>/stop/", staff.stop, name="staff_identity_stop"),
    path("staff/identity/<int:case_id>/photo/<str:page>/", staff.image, name="staff_identity_image"),
]
