// One Polly recording for each scenario, as Polly's manual shows.
import { After, Before } from "@cucumber/cucumber";
import FetchAdapter from "@pollyjs/adapter-fetch";
import { Polly } from "@pollyjs/core";
import FSPersister from "@pollyjs/persister-fs";

Polly.register(FetchAdapter);
Polly.register(FSPersister);

Before(function ({ gherkinDocument, pickle }) {
  this.polly = new Polly(`${gherkinDocument.feature.name}/${pickle.name}`, {
    adapters: ["fetch"],
    persister: "fs",
    persisterOptions: { fs: { recordingsDir: "recordings" } },
    mode: process.env.POLLY_MODE ?? "replay",
    recordIfMissing: false,
    recordFailedRequests: true,
    logLevel: "error",
  });
});

After(async function () {
  await this.polly.stop();
});
