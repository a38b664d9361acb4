"""Routes of the back office's pages of Renewal Warranty."""

from django.urls import path

from products.warranty import views

urlpatterns = [
    path("staff/warranty/", views.cases, name="staff_warranty"),
    path("staff/warranty/<int:case_id>/", views.case, name="staff_warranty_case"),
    path("staff/warranty/<int:case_id>/contacts/<slug:means>/", views.contact, name="staff_warranty_contact"),
    path("staff/warranty/<int:case_id>/renew/", views.renew, name="staff_warranty_renew"),
]
