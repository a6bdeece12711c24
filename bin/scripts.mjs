/* Scripts on standard output as one, without comments, blanks and long names of what only they see: a phone
   waits for every kilobyte. Each keeps its own scope, as all of ours have one.

   node bin/scripts.mjs < [paths] */
import { readFileSync } from "node:fs";
import { minify } from "terser";

const paths = JSON.parse(readFileSync(0, "utf8"));
const text = paths.map((path) => readFileSync(path, "utf8").trim()).join("\n;");
const { code } = await minify(text, { ecma: 2020, format: { comments: false } });
process.stdout.write(`${code}\n`);
