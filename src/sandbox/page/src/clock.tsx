// The board's clock. Time can be made to go by at once, so that what is late next week is seen today.

import { useCallback, useEffect, useState } from "preact/hooks";
import { Menu } from "./menu";
import { day, say } from "./words";

/** Shown to the minute. */
const TICK = 15_000;

const SPANS = {
  hour: { minutes: 60 },
  day: { minutes: 24 * 60 },
  morning: { until: "morning" },
} as const;

async function ask(wish?: unknown): Promise<number> {
  const body = wish === undefined ? {} : { method: "PUT", body: JSON.stringify(wish), headers: { "Content-Type": "application/json" } };
  const response = await fetch("/sandbox/clock", body);
  const { now } = (await response.json()) as { now: string };
  return Date.parse(now);
}

/** `passed`: time has gone by, and it is this time now. */
export function Clock({ passed }: { passed: (now: string) => void }) {
  // The practice Trello's time, less this machine's.
  const [ahead, setAhead] = useState<number>();
  const [, again] = useState(0);
  const set = useCallback((now: number) => setAhead(now - Date.now()), []);
  useEffect(() => {
    void ask().then(set);
    const timer = setInterval(() => again((n) => n + 1), TICK);
    return () => clearInterval(timer);
  }, [set]);
  if (ahead === undefined) return null;
  const now = day(new Date(Date.now() + ahead).toISOString(), true);
  const go = async (span: keyof typeof SPANS) => {
    const then = await ask(SPANS[span]);
    set(then);
    passed(day(new Date(then).toISOString(), true));
  };
  const choices = [
    { id: "hour", name: say("anHour") },
    { id: "day", name: say("aDay") },
    { id: "morning", name: say("nextMorning") },
  ];
  return (
    <Menu
      className="quiet"
      label={`${now} ▾`}
      name={say("clock", { a: now })}
      choices={choices}
      choose={(id) => void go(id as keyof typeof SPANS)}
    />
  );
}
