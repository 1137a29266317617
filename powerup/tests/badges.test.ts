import { expect, test } from "vitest";
import { choose, Shared } from "../src/badges";
import type { BadgeFacts } from "../src/contract";
import { Words } from "../src/words/words";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const calm: BadgeFacts = { so_far_minutes: 60, limit_minutes: 480, late: false, missing: 3, ready: false, refused_at: null, not_admitted: false };
const shown = (facts: Partial<BadgeFacts> | null, lang = "en") => {
  const { time, gate } = choose(facts ? { ...calm, ...facts } : undefined, new Words(lang), NOW);
  const spaced = time && { ...time, text: time.text?.replace(/\u00a0/g, " ") };
  return { ...(spaced && { time: spaced }), ...(gate && { gate }) };
};

test("quiet when all is well", () => {
  expect(shown(null)).toEqual({});
  expect(shown({})).toEqual({});
  expect(shown({ limit_minutes: null, so_far_minutes: 9999 })).toEqual({});
});

test("time is told from four fifths of its limit on", () => {
  expect(shown({ so_far_minutes: 383 })).toEqual({});
  expect(shown({ so_far_minutes: 384 }).time).toEqual({ text: "1 hr 36 min left", color: "yellow" });
  expect(shown({ so_far_minutes: 600, late: true }).time).toEqual({ text: "late by 2 hr", color: "red" });
  expect(shown({ so_far_minutes: 1440, late: true }, "ru").time).toEqual({ text: "дольше срока на 2 дн.", color: "red" });
});

test("of what stands before the next stage, the gravest", () => {
  const refused_at = "2026-11-26T09:00:00Z";
  expect(shown({ refused_at }).gate).toEqual({ text: "3 things missing", color: "orange" });
  expect(shown({ refused_at, missing: 1 }, "ru").gate).toEqual({ text: "не хватает 1 пункта", color: "orange" });
  expect(shown({ refused_at, missing: 0 }).gate).toEqual({ text: "sent back", color: "orange" });
  expect(shown({ refused_at: "2026-11-25T11:59:00Z" })).toEqual({});
  expect(shown({ refused_at, ready: true }).gate).toEqual({ text: "can move on", color: "green" });
  expect(shown({ refused_at, ready: true, not_admitted: true }).gate).toEqual({ text: "not admitted", color: "red" });
});

test("one question serves all cards for a while, a failed one too", async () => {
  let [now, asked] = [0, 0];
  const shared = new Shared(
    async () => {
      if (++asked === 2) throw new Error("away");
      return asked;
    },
    20_000,
    () => now,
  );
  expect(await Promise.all([shared.get(), shared.get()])).toEqual([1, 1]);
  now = 19_999;
  expect(await shared.get()).toBe(1);
  now = 20_000;
  await expect(shared.get()).rejects.toThrow();
  await expect(shared.get()).rejects.toThrow();
  now = 40_000;
  expect(await shared.get()).toBe(3);
});
