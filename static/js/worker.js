/* The service worker. For everybody it keeps what pages are made of (BUILD says what); for the person
   on this device the pages that were packed, in a cache of that person's own. Entries wait in
   IndexedDB, which it never touches. */
"use strict";
const SHELL = `pinzhi-shell-${BUILD.version}`;
const PERSON = "pinzhi-person-";
const LANGUAGE = "pinzhi-language"; // of the last page that came
const DEVICE = "/device/";
const PATIENCE = 5000; // milliseconds, for a page that is on the device
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

async function install() {
  const cache = await caches.open(SHELL);
  await cache.addAll([...BUILD.assets, ...Object.values(BUILD.offline)].map((url) => new Request(url, { cache: "reload", credentials: "omit" })));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("pinzhi-shell-") && name !== SHELL);
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.clients.claim();
}

const personal = async () => (await caches.keys()).filter((name) => name.startsWith(PERSON));
const forget = async () => Promise.all((await personal()).map((name) => caches.delete(name)));

async function kept(request) {
  for (const name of await personal()) {
    const found = await (await caches.open(name)).match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true });
    if (found) return found;
  }
  return (await caches.open(SHELL)).match(request, { ignoreVary: true });
}

/* --- pages -------------------------------------------------------------------------------------- */

/* A page that is on the device is kept as it is now; nobody else's stays beside it. */
async function keep(request, response) {
  const person = (await response.clone().text()).match(/<body[^>]* data-person="(\d+)"/)?.[1];
  if (!person) return;
  const own = PERSON + person;
  await Promise.all((await personal()).filter((name) => name !== own).map((name) => caches.delete(name)));
  const url = request.url.split(/[?#]/)[0];
  const cache = await caches.open(own);
  if (new URL(url).pathname !== DEVICE && !await cache.match(url, { ignoreVary: true })) return;
  const headers = new Headers(response.headers);
  headers.set("X-Packed-At", new Date().toISOString());
  await cache.put(url, new Response(await response.blob(), { status: 200, headers }));
}

/* Says in the page itself since when it stands on the device. */
async function packed(response) {
  const at = response.headers.get("X-Packed-At");
  if (!at) return response;
  const text = (await response.text()).replace("<html", `<html data-packed="${at}"`);
  return new Response(text, { status: 200, headers: response.headers });
}

let language = "";
async function note(response) {
  const now = response.headers.get("Content-Language");
  if (!BUILD.offline[now] || now === language) return;
  language = now;
  await (await caches.open(LANGUAGE)).put(LANGUAGE, new Response(now));
}

/* In place of a page that is not on the device, in the language of whoever read the last one. */
async function offline() {
  language ||= await (await (await caches.open(LANGUAGE)).match(LANGUAGE))?.text() ?? "";
  return caches.match(BUILD.offline[language] ?? Object.values(BUILD.offline)[0]);
}

async function page(event) {
  const copy = await kept(event.request);
  const fresh = fetch(event.request).then((response) => {
    const isPage = response.ok && response.type === "basic" && !response.redirected;
    if (isPage) event.waitUntil(note(response).catch(() => {}));
    if (isPage && !new URL(response.url).search) event.waitUntil(keep(event.request, response.clone()).catch(() => {}));
    return response;
  });
  event.waitUntil(fresh.catch(() => {}));
  const late = new Promise((done) => { setTimeout(done, PATIENCE); });
  try {
    return (copy ? await Promise.race([fresh, late]) : await fresh) ?? await packed(copy);
  } catch {
    return copy ? packed(copy) : offline();
  }
}

/* --- what pages are made of ------------------------------------------------------------------- */

/* A name with a digest never changes; any other is asked for first. */
async function part(request) {
  if (HASHED.test(request.url)) return (await kept(request)) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    const copy = await kept(request);
    if (copy) return copy;
    throw error;
  }
}

function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === "/accounts/logout/") event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (/^\/(static|files)\//.test(pathname)) event.respondWith(part(request));
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", answer);
