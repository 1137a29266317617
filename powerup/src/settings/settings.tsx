// The settings of one board: the way to a process where there is none, and how it stands where there is.

import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../parts/app";
import { Loading, Notice, Stopped, sentence } from "../parts/state";
import { useAsked, type Asked } from "./ask";
import { Attached } from "./attached";
import type { Setup } from "./shapes";
import { useSay } from "./words";
import { Unattached } from "./unattached";

export function SettingsPage() {
  const { api } = useApp();
  const asked = useAsked(() => api.setup<Setup>(""), "");
  if (!asked.value) return asked.trouble ? <Stopped trouble={asked.trouble} again={asked.again} /> : <Loading />;
  return <Known asked={asked} setup={asked.value} />;
}

function Known({ asked, setup }: { asked: Asked<Setup>; setup: Setup }) {
  const { words } = useApp();
  const say = useSay();
  const [news, setNews] = useState("");
  const [due, setDue] = useState("");
  const told = useRef<HTMLParagraphElement>(null);
  const done = (what: string) => {
    setDue(what);
    asked.again();
  };
  // What was done is said once it shows; the button that did it is gone by then.
  useEffect(() => {
    if (asked.busy || !due) return;
    setNews(due);
    setDue("");
  }, [asked.busy, due]);
  useEffect(() => {
    if (news) told.current?.focus();
  }, [news]);
  const under = setup.process && (setup.state === "active" || setup.state === "paused");
  return (
    <main class={under ? "settings attached" : "settings"}>
      <p role="status" ref={told} tabIndex={-1} class={news ? "notice good" : "hidden"}>
        {news}
      </p>
      {asked.trouble && (
        <Notice tone="warn">
          {sentence(asked.trouble, words)}{" "}
          <button type="button" class="link" onClick={asked.again}>
            {words.say("again")}
          </button>
        </Notice>
      )}
      {!setup.you.admin && <Notice tone="info">{say("onlyAdmins", { who: admins(setup, words.either) })}</Notice>}
      <div class="body" inert={Boolean(due)}>
        {under && setup.process ? (
          <Attached setup={setup} process={setup.process} done={done} again={asked.again} hush={() => setNews("")} />
        ) : (
          <Unattached setup={setup} done={done} again={asked.again} />
        )}
      </div>
    </main>
  );
}

function admins(setup: Setup, either: (names: string[]) => string): string {
  return either(setup.board.members.filter(({ admin, bot }) => admin && !bot).map(({ name }) => name));
}
