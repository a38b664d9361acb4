"""Routes of the lists of products, tags, kept filters and the calendar."""

from django.urls import path

from products.lists.views import calendar, filters, lists, tags

OWN = "o/<int:organization_id>/products"

urlpatterns = [
    path("calendar/<str:secret>.ics", calendar.feed, name="calendar_feed"),
    path(f"{OWN}/", lists.product_list, name="list"),
    path(f"{OWN}/tags/", tags.tags, name="tags"),
    path(f"{OWN}/tags/new/", tags.new_tag, name="new_tag"),
    path(f"{OWN}/tags/put/", tags.put_tags, name="put_tags"),
    path(f"{OWN}/tags/<int:tag_id>/", tags.edit, name="edit_tag"),
    path(f"{OWN}/tags/<int:tag_id>/delete/", tags.delete, name="delete_tag"),
    path(f"{OWN}/filters/", filters.filters, name="filters"),
    path(f"{OWN}/filters/save/", filters.save, name="save_filter"),
    path(f"{OWN}/filters/<int:filter_id>/", filters.rename, name="rename_filter"),
    path(f"{OWN}/filters/<int:filter_id>/default/", filters.set_default, name="default_filter"),
    path(f"{OWN}/filters/<int:filter_id>/delete/", filters.delete, name="delete_filter"),
    path(f"{OWN}/columns/", filters.columns, name="columns"),
    path(f"{OWN}/calendar/", calendar.calendar, name="calendar"),
    path(f"{OWN}/calendar/end/", calendar.end, name="end_calendar"),
    path(f"{OWN}/<slug:family>/", lists.product_family, name="family"),
]
