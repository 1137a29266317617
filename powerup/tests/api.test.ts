import { expect, test } from "vitest";
import { Api, Trouble } from "../src/api";
import { Token } from "../src/token";

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

function world(answers: (Response | Error)[], tokens = ["one", "two", "three"]) {
  const asked: { url: string; headers: Record<string, string>; method: string }[] = [];
  let now = 0;
  const token = new Token(async () => tokens.shift() ?? "none", () => now);
  const api = new Api(
    { locale: "ru-RU", board: "b/1", api: "/api", proof: async (anew) => ({ Authorization: `Bearer ${await token.get(anew)}` }) },
    async (url, init) => {
      asked.push({ url, headers: init.headers as Record<string, string>, method: init.method ?? "GET" });
      const next = answers.shift() ?? json({});
      if (next instanceof Error) throw next;
      return next;
    },
  );
  return { api, asked, after: (minutes: number) => (now += minutes * 60_000) };
}

const failure = async (promise: Promise<unknown>): Promise<Trouble> => {
  const cause = await promise.then(() => null, (error: unknown) => error);
  if (!(cause instanceof Trouble)) throw new Error(`not a Trouble: ${String(cause)}`);
  return cause;
};

test("asks in the viewer's name and language, at an address that no name can bend", async () => {
  const { api, asked } = world([json({ at: "now" })]);
  await api.card("c/../2");
  expect(asked[0]).toMatchObject({
    url: "/api/boards/b%2F1/cards/c%2F..%2F2",
    headers: { Authorization: "Bearer one", "Accept-Language": "ru-RU" },
  });
});

test("one token serves until twelve minutes have gone", async () => {
  const { api, asked, after } = world([]);
  await api.board();
  after(11.9);
  await api.board();
  after(0.2);
  await api.board();
  expect(asked.map(({ headers }) => headers["Authorization"])).toEqual(["Bearer one", "Bearer one", "Bearer two"]);
});

test("a 401 is answered with a new token, once", async () => {
  const { api, asked, after } = world([json({}, 200), json({}, 401), json({ id: "7" }, 202)]);
  await api.board();
  after(1);
  await expect(api.act("c", { act: "tick", item: "paid" })).resolves.toEqual({ id: "7" });
  expect(asked.map(({ headers, method }) => [method, headers["Authorization"]])).toEqual([
    ["GET", "Bearer one"],
    ["POST", "Bearer one"],
    ["POST", "Bearer two"],
  ]);
  const twice = world([json({}, 401), json({ error: { code: "bad_token", say: "Нет." } }, 401)]);
  expect(await failure(twice.api.board())).toMatchObject({ code: "bad_token", say: "Нет.", status: 401 });
  expect(twice.asked).toHaveLength(2);
});

test("requests that fail together on one token ask for one new token", async () => {
  const asked: boolean[] = [];
  let now = 0;
  const token = new Token(async () => `t${asked.push(true)}`, () => now);
  await token.get();
  now = 60_000;
  expect(await Promise.all([token.get(true), token.get(true), token.get()])).toEqual(["t2", "t2", "t2"]);
});

test("a token that could not be had is asked for again", async () => {
  let times = 0;
  const token = new Token(async () => {
    if (times++ === 0) throw new Error("not signed in");
    return "late";
  });
  await expect(token.get()).rejects.toThrow();
  await expect(token.get()).resolves.toBe("late");
});

test("errors carry what a page needs", async () => {
  const finding = { id: "field:fee", ok: false };
  const { api } = world([
    json({ error: { code: "refused", say: "Рано.", finding } }, 422),
    json({ error: { code: "bad_value", say: "", fields: { fee: "не число" } } }, 422),
    json({ error: { code: "too_many", say: "Позже." } }, 429, { "Retry-After": "7" }),
    new Response("<html>", { status: 502 }),
    new Response("<html>", { status: 200 }),
    new TypeError("fetch failed"),
  ]);
  expect(await failure(api.act("c", { act: "move", stage: "s" }))).toMatchObject({ code: "refused", finding });
  expect(await failure(api.board())).toMatchObject({ code: "bad_value", fields: { fee: "не число" }, retryAfterMs: null });
  expect(await failure(api.board())).toMatchObject({ code: "too_many", retryAfterMs: 7000 });
  expect(await failure(api.board())).toMatchObject({ code: "odd", status: 502 });
  expect(await failure(api.board())).toMatchObject({ code: "odd", status: 200 });
  expect(await failure(api.board())).toMatchObject({ code: "offline", status: 0 });
});
