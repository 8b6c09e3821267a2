// The same with the types that openapi-typescript generated: what it prints is what the test expects.
import createClient from "openapi-fetch";
import { Agent, fetch as send } from "undici";
import type { paths } from "./schema.js";

const dispatcher = new Agent({ connect: { socketPath: process.argv[2] } });
const rave = createClient<paths>({
  baseUrl: "http://rave",
  fetch: async (request: Request) =>
    (await send(request.url, {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: request.body ? Buffer.from(await request.arrayBuffer()) : undefined,
      dispatcher,
    })) as unknown as Response,
});

const key = { path: { key: "t/a b" } };
await rave.PUT("/v1/kv/{key}", { params: key, body: "world", bodySerializer: (body) => body, headers: { "Content-Type": "application/octet-stream" } });
console.log((await rave.GET("/v1/kv/{key}", { params: key, parseAs: "text" })).data);
await rave.POST("/v1/batch", {
  body: [
    { type: "check", key: "t/a b", exists: true },
    { type: "put", key: "t/b", value: "2" },
    { type: "put", key: "t/c", value: "3" },
    { type: "del", key: "t/c" },
  ],
});
const found = await rave.POST("/v1/get-many", { body: { keys: ["t/b", "t/c"] } });
console.log(found.data!.entries.map((entry) => entry?.value ?? "none").join(" "));
const loaded = await rave.POST("/v1/entries", { body: '{"key":"t/d","value":"4"}\n', bodySerializer: (body) => body, headers: { "Content-Type": "application/x-ndjson" } });
console.log(loaded.data!.written);
let token: string | null | undefined;
do {
  const page = await rave.GET("/v1/entries", { params: { query: token ? { continuation: token } : { prefix: "t/", pageSize: 2 } } });
  if (typeof page.data !== "object") throw new Error("Lines were not asked for.");
  console.log(page.data.entries.map((entry) => `${entry.key}=${entry.value}`).join(" "));
  token = page.data.continuation;
} while (token);
console.log((await rave.GET("/v1/status")).data!.leader!.epoch > 2 ** 31);
const none = await rave.GET("/v1/kv/{key}", { params: { path: { key: "t/none" } }, parseAs: "text" });
console.log(none.response.status, none.error!.code);
await dispatcher.close();
