import { expect, test } from "vitest";
import { listen, pause, type Clock } from "../src/live";

type Open = (signal: AbortSignal) => Promise<Response>;

/** Runs until `last` openings were made, and tells what was heard and waited for. */
async function run(openings: (Open | Error)[], options: { lives?: number } = {}) {
  const heard: string[] = [];
  const waits: number[] = [];
  let now = 0;
  let done: () => void = () => {};
  const all = new Promise<void>((resolve) => (done = resolve));
  const clock: Clock = {
    now: () => now,
    chance: () => 1,
    wait: (ms, signal) => {
      // The watch over silence runs beside each read; these streams are not silent.
      if (ms === 45_000) return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
      waits.push(ms);
      return Promise.resolve();
    },
  };
  const stop = listen(
    async (signal) => {
      const next = openings.shift();
      if (!next) {
        done();
        return new Promise<Response>((_, fail) => signal.addEventListener("abort", () => fail(new Error("ended"))));
      }
      if (next instanceof Error) throw next;
      now += options.lives ?? 0;
      return next(signal);
    },
    { card: (id) => heard.push(`card ${id}`), board: () => heard.push("board") },
    clock,
  );
  await all;
  stop();
  return { heard, waits };
}

const stream = (...parts: string[]): Open => async () =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    }),
  );

test("hears cards and the rest, however the bytes come apart", async () => {
  const { heard } = await run([
    stream(': here\n\nevent: card\nda', 'ta: {"card":"7"}\n', "\nevent: board\ndata: {}\n\n", "event: other\ndata: 1\n\n", "event: card\ndata: odd\n\n"),
  ]);
  expect(heard).toEqual(["card 7", "board", "board"]);
});

test("a stream that ended with its token is opened again at once, and what was missed is looked at", async () => {
  const { heard, waits } = await run([stream(), stream()], { lives: 900_000 });
  expect(waits).toEqual([]);
  expect(heard).toEqual(["board"]);
});

test("while the service is away the tries come later and later", async () => {
  const away = new Error("away");
  const { waits, heard } = await run([away, away, away, away, away, away, away, away]);
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  expect(heard).toEqual([]);
});

test("pages that lost the service together do not come back together", () => {
  expect(pause(3, 0)).toBe(2000);
  expect(pause(3, 1)).toBe(4000);
});

test("a silent stream is given up", async () => {
  const waits: number[] = [];
  let opened = 0;
  await new Promise<void>((resolve) => {
    const stop = listen(
      async () => {
        if (++opened === 2) {
          stop();
          resolve();
        }
        return new Response(new ReadableStream({}));
      },
      { card: () => {}, board: () => {} },
      {
        now: () => 0,
        chance: () => 1,
        wait: async (ms) => {
          waits.push(ms);
        },
      },
    );
  });
  expect(waits.slice(0, 2)).toEqual([45_000, 1000]);
});
