/* The one stylesheet of every page, on standard output: of Tabler what the product uses, then ours.

   node bin/styles.mjs TABLER OURS... A word anywhere in templates, scripts, Python or our own
   styles counts as used; a class put together of pieces is kept by naming it in KEPT. */
import { readFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";

const APPS = "{organization,campaign,scoring,inspections,rewards,portal}";
const WORDS = /[\w-]+/g;
const KEPT = [/^is-/, /^alert/, /^invalid/];
const [tabler, ...ours] = process.argv.slice(2);

const [purged] = await new PurgeCSS().purge({
  css: [tabler],
  content: [
    "templates/**/*.html", "static/js/*.js", "static/css/*.css", `${APPS}/**/*.py`,
    ".venv/lib/python3*/site-packages/crispy_bootstrap5/templates/**/*.html",
  ],
  defaultExtractor: (text) => text.match(WORDS) ?? [],
  safelist: { standard: KEPT },
  variables: true,
  keyframes: true,
  fontFace: true,
});
process.stdout.write([purged.css, ...ours.map((path) => readFileSync(path, "utf8"))].join("\n"));
