"""The push services of browsers, the only addresses that Web Push calls (".x": any host below x)."""

SERVICES = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".push.apple.com",
    ".notify.windows.com",
]
