import { expect, test } from "vitest";
import { Api } from "../src/api";
import { plain } from "../src/plain";
import { isOwn, keep, take } from "../src/sign-in/kept";

const ID = "5f00000000000000000000aa";

function tab() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("the page by itself asks below its own path, and says that its script asked", async () => {
  const html = { lang: "ru", dataset: { plain: "", board: ID, card: ID, signIn: `/c/${ID}/${ID}` } };
  const asked: [string, RequestInit][] = [];
  const host = plain(html as unknown as HTMLElement);
  const api = new Api(host, async (url, init) => {
    asked.push([url, init]);
    return new Response("{}");
  });
  await api.card(host.card);
  expect(asked[0]?.[0]).toBe(`/c/api/boards/${ID}/cards/${ID}`);
  expect(asked[0]?.[1]).toMatchObject({ credentials: "same-origin", headers: { "X-Signalman": "1", "Accept-Language": "ru" } });
  expect(asked[0]?.[1].headers).not.toHaveProperty("Authorization");
  expect(host.signIn).toBe(`/c/${ID}/${ID}`);
});

test("what a sign-in keeps serves once, in the tab that began it", () => {
  const [one, other] = [tab(), tab()];
  const kept = { state: "signed", back: `/c/${ID}/${ID}` };
  expect(keep(kept, () => one)).toBe(true);
  expect(take(() => other)).toBe(null);
  expect(take(() => one)).toEqual(kept);
  expect(take(() => one)).toBe(null);
});

test("a browser that keeps nothing says so, and nothing is thrown", () => {
  const none = () => {
    throw new Error("SecurityError");
  };
  expect(keep({ state: "s", back: "b" }, none)).toBe(false);
  expect(take(none)).toBe(null);
});

test.each(["//elsewhere.example", "https://elsewhere.example/", "javascript:alert(1)", `/c/${ID}/${ID}/..`, "/c/signed-in", ""])(
  "%s is no card's page",
  (back) => {
    expect(isOwn(back)).toBe(false);
    const one = tab();
    keep({ state: "s", back }, () => one);
    expect(take(() => one)).toBe(null);
  },
);
