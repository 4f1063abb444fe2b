// Not part of a measured run: Polly records what our project's cassettes have as responses, without a network.
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { Before } from "@cucumber/cucumber";

let interactions;

globalThis.fetch = async (url, { method }) => {
  const { request, response } = interactions.shift();
  if (request.method !== method || request.url !== String(url)) throw new Error(`${method} ${url}: not recorded`);
  const { status, reason: statusText, headers, body } = response;
  return new Response(JSON.stringify(body.json), { status, statusText, headers });
};

Before(function ({ pickle }) {
  const path = `${basename(pickle.uri, ".feature")}/${pickle.name.toLowerCase().replaceAll(" ", "-")}.json`;
  ({ interactions } = JSON.parse(readFileSync(`${process.env.RECORD_FROM}/${path}`, "utf8")));
});
