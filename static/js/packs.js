/* Sheets and visits made ready for a place without a network: page, scripts and styles, rubric, what
   was found before with its photos, of a visit each question that was drawn, all in this person's own cache. Ready is what was looked up there
   afterwards, piece by piece. */
window.packs = (() => {
  "use strict";
  const { outbox } = window;
  const PATIENCE = 20_000; // milliseconds, for the worker to come up
  const cacheOf = () => caches.open(`pinzhi-person-${outbox.person}`);
  const { isPossible, isEmbedded } = window.device;
  const recordOf = (sheet) => `/device/ready/${sheet}`;
  const packOf = (sheet) => `/api/v1/sheets/${sheet}/pack`;

  const soon = (promise) => Promise.race([promise, new Promise((_done, failed) => { setTimeout(failed, PATIENCE, new Error("late")); })]);

  async function ask(url) {
    const response = await fetch(url, { redirect: "error", headers: { "X-Person": outbox.person } });
    if (!response.ok) throw new Error(`${response.status} ${url}`);
    return response;
  }

  async function take(cache, url) {
    const response = await ask(url);
    const headers = new Headers(response.headers);
    headers.set("X-Packed-At", new Date().toISOString());
    const body = await response.blob();
    await cache.put(url, new Response(body, { status: 200, headers }));
    return body.text();
  }

  /* What a page is made of; icons are drawn from one file. */
  function assetsOf(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = [...page.querySelectorAll("link[rel~=stylesheet][href], link[rel~=icon][href], script[src]")]
      .map((element) => element.getAttribute("href") ?? element.getAttribute("src"));
    const icons = page.querySelector("use[href]")?.getAttribute("href").split("#")[0];
    return [...found, icons].filter(Boolean);
  }

  const photosOf = ({ observations, findings }) => [...observations, ...findings].flatMap(({ photos }) => photos.map(({ url }) => url));

  const isToSign = ({ kind, may_fill, is_submitted }) => kind === "audit" && may_fill && !is_submitted;

  /* What a sheet needs besides its page. */
  async function sheetNeeds(sheet, url, own, cache) {
    const pack = JSON.parse(await take(cache, packOf(sheet)));
    // a sheet that was handed in unsigned leads there as well
    const pages = isToSign(pack.sheet) || own.includes(`href="${url}sign/"`) ? [`${url}sign/`] : [];
    return { pages, photos: photosOf(pack), others: [packOf(sheet)], name: `${pack.sheet.project.name} · ${pack.sheet.specialty.name}` };
  }

  /* The same of a visit: its questions. */
  function visitNeeds(own) {
    const page = new DOMParser().parseFromString(own, "text/html");
    const pages = [...page.querySelectorAll("a.pq-ask")].map((link) => link.getAttribute("href"));
    return { pages, photos: [], others: [], name: page.querySelector("h1").textContent.trim() };
  }

  const isVisit = (name) => String(name).startsWith("visit-");

  /* Packs a sheet or a visit and proves it; resolves to the record of it. `tell(done, all)`. */
  async function prepare(sheet, url, tell = () => {}) {
    await soon(navigator.serviceWorker.ready);
    const cache = await cacheOf();
    const own = await take(cache, url);
    const { photos, others, name, ...more } = isVisit(sheet) ? visitNeeds(own) : await sheetNeeds(sheet, url, own, cache);
    const pages = ["/device/", ...more.pages];
    const texts = [own, ...await Promise.all(pages.map((page) => take(cache, page)))];
    if (!texts.every((text) => text.includes(`data-person="${outbox.person}"`))) throw new Error("another person");
    const parts = [...new Set([...texts.flatMap(assetsOf), ...photos])];
    for (const [done, part] of parts.entries()) {
      tell(done, parts.length);
      if (!part.startsWith("/files/") || !await cache.match(part)) await take(cache, part);
    }
    const wanted = [url, ...pages, ...others, ...parts];
    const found = await Promise.all(wanted.map((each) => cache.match(each)));
    const lacking = wanted.filter((_each, place) => !found[place]);
    if (lacking.length) throw new Error(lacking.join(" "));
    const record = { sheet, url, at: new Date().toISOString(), photos: photos.length, name };
    await cache.put(recordOf(sheet), new Response(JSON.stringify(record), { headers: { "Content-Type": "application/json" } }));
    navigator.storage?.persist?.().catch(() => {});
    return record;
  }

  async function read(url) {
    if (!isPossible) return null;
    const found = await (await cacheOf()).match(url);
    return found ? found.json() : null;
  }

  /* A sheet's pack, and when this device took it. */
  async function readPack(sheet) {
    const found = isPossible ? await (await cacheOf()).match(packOf(sheet)) : null;
    return found ? { pack: await found.json(), at: found.headers.get("X-Packed-At") } : null;
  }

  async function all() {
    if (!isPossible) return [];
    const cache = await cacheOf();
    const records = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith("/device/ready/"));
    return Promise.all(records.map(async (request) => (await cache.match(request)).json()));
  }

  return { isPossible, isEmbedded, prepare, all, ready: (sheet) => read(recordOf(sheet)), readPack };
})();
