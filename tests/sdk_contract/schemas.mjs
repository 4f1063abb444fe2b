// Holds values against schemas of a client: node schemas.mjs PACKAGE, with [["orders/ordersSchemas", "OrderEntitySchema",
// value], ...] on standard input. Prints for each what is wrong with it, path by path.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
const verdicts = JSON.parse(await text(process.stdin)).map(([file, name, value]) => {
  const { error } = require(`./node_modules/${process.argv[2]}/dist/${file}.js`)[name].safeParse(value);
  return error ? error.issues.map((issue) => issue.path.join('.')) : [];
});
console.log(JSON.stringify(verdicts));
