"""Routes of the catalogue's pages, all in the back office."""

from django.urls import URLPattern, URLResolver, include, path

from products.catalog.views import families, files, history, options, plans, preview, prices

of_family = [
    path("", families.edit, name="staff_catalog_family"),
    path("publish/", families.publish, name="staff_catalog_family_publish"),
    path("withdraw/", families.withdraw, name="staff_catalog_family_withdraw"),
    path("place/", families.place, name="staff_catalog_family_place"),
]
of_plan = [
    path("", plans.plan, name="staff_catalog_plan"),
    path("edit/", plans.edit, name="staff_catalog_plan_edit"),
    path("publish/", plans.publish, name="staff_catalog_plan_publish"),
    path("withdraw/", plans.withdraw, name="staff_catalog_plan_withdraw"),
    path("place/", plans.place, name="staff_catalog_plan_place"),
    path("price/", prices.plan_price, name="staff_catalog_plan_price"),
    path("preview/", preview.preview, name="staff_catalog_plan_preview"),
    path("options-add/<slug:kind>/", options.add, name="staff_catalog_option_add"),
    path("options/<slug:option>/", options.edit, name="staff_catalog_option"),
    path("options/<slug:option>/price/", prices.option_price, name="staff_catalog_option_price"),
    path("options/<slug:option>/place/", options.place, name="staff_catalog_option_place"),
]
rooms: list[URLPattern | URLResolver] = [
    path("", plans.plans, name="staff_catalog"),
    path("families/", families.families, name="staff_catalog_families"),
    path("families-add/", families.add, name="staff_catalog_family_add"),
    path("families/<slug:slug>/", include(of_family)),
    path("plans-add/", plans.add, name="staff_catalog_plan_add"),
    path("plans/<slug:slug>/", include(of_plan)),
    path("history/", history.history, name="staff_catalog_history"),
    path("export/", files.export, name="staff_catalog_export"),
    path("import/", files.upload, name="staff_catalog_import"),
    path("import/<int:upload_id>/", files.confirm, name="staff_catalog_upload"),
]

urlpatterns = [path("staff/catalog/", include(rooms))]
