// The page to print: a client's file, or the figures of the board. The service has made it; here it is
// shown, printed and kept.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Trouble } from "../api";
import { download } from "../board/csv";
import { useApp } from "../parts/app";
import { Loading, Stopped } from "../parts/state";
import { sheet } from "./sheet";

export function PaperPage() {
  const { api, host } = useApp();
  const [got, setGot] = useState<string | Trouble | null>(null);
  const ask = useCallback(() => {
    setGot(null);
    const asked = host.since ? api.report(host.since) : api.dossier(host.card);
    asked.then(setGot, (cause: unknown) => setGot(cause instanceof Trouble ? cause : new Trouble("odd")));
  }, [api, host]);
  useEffect(ask, [ask]);
  if (!got) return <Loading />;
  return got instanceof Trouble ? <Stopped trouble={got} again={ask} /> : <Printed html={got} again={ask} />;
}

function Printed({ html, again }: { html: string; again: () => void }) {
  const { words } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const [read] = useState(() => sheet(html));
  useLayoutEffect(() => {
    if (!read) return;
    document.title = read.title;
    place.current?.replaceChildren(document.adoptNode(read.main));
  }, [read]);
  if (!read) return <Stopped trouble={new Trouble("odd")} again={again} />;
  return (
    <>
      <div class="sheet-tools">
        <button type="button" class="main" onClick={() => window.print()}>
          {words.say("print")}
        </button>
        <button type="button" onClick={() => download(`${read.title}.html`, html, "text/html")}>
          {words.say("keepPage")}
        </button>
      </div>
      <div ref={place} />
    </>
  );
}
