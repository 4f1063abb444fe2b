// Calls methods of one client in turn: node calls.mjs URL PACKAGE OPTIONS, with [["Orders.createOrder", argument, ...], ...]
// on standard input. An argument {"$": [-1, "id"]} stands for the field `id` of the result just before.
import { text } from 'node:stream/consumers';

const [url, packageName, options] = process.argv.slice(2);
const { defineOneEntry } = await import(packageName);
const client = defineOneEntry(url, { token: 'your-app-token', ...JSON.parse(options) });

const pick = (found, key) => (key < 0 ? found.at(key) : found[key]);
const results = [];
for (const [name, ...given] of JSON.parse(await text(process.stdin))) {
  const [group, method] = name.split('.');
  const known = given.map((value) => (value?.$ ? value.$.reduce(pick, results) : value));
  results.push(await Promise.resolve(client[group][method](...known)).catch((error) => error));
}
console.log(JSON.stringify(results));
