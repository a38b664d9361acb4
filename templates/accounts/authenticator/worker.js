{# The service worker of the app: keeps it for times without a network, and shows notifications. #}{% autoescape off %}// Keeps the app for times without a network: the newest where there is one, else what was kept.
const CACHE = "authenticator-1";
const APP = "{{ app_url|escapejs }}";
const STATIC = "{{ static_url|escapejs }}";
const ICON = "{{ icon|escapejs }}";
const ASSETS = [{% for asset in assets %}
  "{{ asset|escapejs }}",{% endfor %}
];
const WAIT = 4000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(ASSETS)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name.startsWith("authenticator-") && name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => clients.claim()));
});

// Only the app's own files; the panel's pages, and what the app says to the panel, pass.
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = request.mode === "navigate" && (url.pathname === APP || url.pathname.startsWith(`${APP}link/`));
  if (isPage) event.respondWith(newest(new Request(APP), request));
  else if (url.pathname.startsWith(STATIC) || ASSETS.includes(url.pathname)) event.respondWith(newest(request, request));
});

async function newest(key, request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(WAIT) });
    if (response.ok && !response.redirected) await cache.put(key, response.clone());
    return response;
  } catch {
    const kept = await cache.match(key, { ignoreVary: true, ignoreSearch: true });
    return kept ?? Response.error();
  }
}

addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  event.waitUntil(Promise.all([
    registration.showNotification(told.title ?? "", { body: told.body, tag: told.tag, icon: ICON, badge: ICON, requireInteraction: true }),
    everyPage((page) => page.postMessage("requests")),
  ]));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(everyPage((page) => page.focus()).then((count) => count || clients.openWindow(APP)));
});

async function everyPage(act) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const own = pages.filter((page) => new URL(page.url).pathname.startsWith(APP));
  await Promise.all(own.map(act));
  return own.length;
}
{% endautoescape %}
