"""Routes of the authenticator: the panel's pages, the second step, the app on the phone."""

from django.urls import path

from accounts.authenticator.views import app, link, phone, step

urlpatterns = [
    path("profile/security/phones/link/", link.phone_link, name="phone_link"),
    path("profile/security/phones/link/state/", link.phone_link_state, name="phone_link_state"),
    path("profile/security/phones/confirm/", link.phone_confirm, name="phone_confirm"),
    path("sign-in/phone/", step.phone_step, name="phone_step"),
    path("sign-in/phone/state/", step.phone_step_state, name="phone_step_state"),
    path("sign-in/phone/events/", step.phone_step_events, name="phone_step_events"),
    path("authenticator/", app.phone_app, name="phone_app"),
    path("authenticator/manifest.webmanifest", app.phone_app_manifest, name="phone_app_manifest"),
    path("authenticator/worker.js", app.phone_app_worker, name="phone_app_worker"),
    path("authenticator/here/", link.phone_link_here, name="phone_link_here"),
    path("authenticator/link/<str:token>/", app.phone_app, name="phone_app_link"),
    path("authenticator/phone/offer/", phone.offer, name="phone_offer"),
    path("authenticator/phone/link/", phone.link, name="phone_take_offer"),
    path("authenticator/phone/requests/", phone.requests, name="phone_requests"),
    path("authenticator/phone/answer/", phone.answer, name="phone_answer"),
    path("authenticator/phone/unlink/", phone.unlink, name="phone_unlink"),
    path("authenticator/phone/subscribe/", phone.subscribe, name="phone_subscribe"),
]
