"""Routes of requests for access."""

from django.urls import path

from organizations.requests.views import answers, own

urlpatterns = [
    path("o/<int:organization_id>/access/", own.my_access, name="my_access"),
    path("o/<int:organization_id>/access/ask/", own.ask, name="ask_access"),
    path("o/<int:organization_id>/access/requests/", answers.requests, name="access_requests"),
    path("o/<int:organization_id>/access/requests/<int:request_id>/", answers.answer, name="answer_request"),
    path(
        "o/<int:organization_id>/access/requests/<int:request_id>/withdraw/",
        own.withdraw,
        name="withdraw_request",
    ),
]
