/* Stylesheets on standard output, without comments and blanks. A word anywhere in the content counts
   as used; a class put together of pieces is kept by naming its start (kept).

   node bin/styles.mjs < {"purged": [paths], "whole": [paths], "content": [globs], "kept": []}
     of the first what is used, by PurgeCSS, then the others whole
   node bin/styles.mjs < {"narrowed": path, "content": [paths], "kept": []}
     what one page uses of a sheet of ours */
import { readFileSync } from "node:fs";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";

const WORDS = /[\w-]+/g;
const job = JSON.parse(readFileSync(0, "utf8"));
const read = (path) => readFileSync(path, "utf8");
const words = (text) => text.match(WORDS) ?? [];

/* What lies between the words is of no use to a phone, which waits for it all the same. */
function small(root) {
  root.walkComments((comment) => { comment.remove(); });
  root.walk((node) => {
    node.raws.before = "";
    node.raws.after = "";
    node.raws.semicolon = false;
    if (node.type === "decl" && !node.variable) node.raws.between = ":";
    if (node.type !== "decl") node.raws.between = "";
  });
  return root.toString();
}

async function purged() {
  const found = await new PurgeCSS().purge({
    css: job.purged,
    content: job.content,
    defaultExtractor: words,
    safelist: { standard: job.kept.map((start) => new RegExp(`^${start}`)) },
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  return [...found.map(({ css }) => css), ...job.whole.map(read)].map((text) => small(postcss.parse(text))).join("\n");
}

/* A rule goes when a class or an id that it cannot do without is no word of the page: what stands in
   brackets (:not, :has, attributes) does not count. PurgeCSS takes rules with :has and :not along. */
function narrowed() {
  const known = new Set(job.content.flatMap((path) => words(read(path))));
  const isKnown = (name) => known.has(name) || job.kept.some((start) => name.startsWith(start));
  const root = postcss.parse(read(job.narrowed));
  root.walkRules((rule) => {
    if (rule.parent.type === "atrule" && rule.parent.name.endsWith("keyframes")) return;
    const left = rule.selectors.filter((selector) => required(selector).every(isKnown));
    if (left.length) rule.selectors = left;
    else rule.remove();
  });
  while (removeUnused(root, known));
  return small(root);
}

function required(selector) {
  let outer = selector;
  for (let inner = ""; inner !== outer;) [inner, outer] = [outer, outer.replace(/\([^()]*\)|\[[^\][]*\]/g, "")];
  return [...outer.matchAll(/[.#]([\w-]+)/g)].map(([, name]) => name);
}

/* Variables and movements that nothing names any more, and what is empty; whether there were any. */
function removeUnused(root, known) {
  const named = new Set();
  const gone = [];
  root.walkDecls(({ value }) => { words(value).forEach((word) => named.add(word)); });
  root.walkDecls((decl) => {
    if (decl.variable && !named.has(decl.prop) && !known.has(decl.prop)) gone.push(decl);
  });
  root.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) gone.push(rule);
    if (rule.name.endsWith("keyframes") && !named.has(rule.params)) gone.push(rule);
  });
  root.walkRules((rule) => { if (!rule.nodes.length) gone.push(rule); });
  gone.forEach((node) => { node.remove(); });
  return gone.length > 0;
}

process.stdout.write(job.narrowed ? narrowed() : await purged());
