// A popup of the Power-Up's: a page of its own, a list to choose from, a question, a date. It lies
// above everything, inside of what was opened last, for nothing outside that can be pressed.

import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { say } from "../words";
import { choices } from "./commands";
import { Frame, useHost } from "./frame";
import type { Host } from "./host";
import type { Choice, Content, Layer, Popup } from "./shown";
import type { Callback } from "./told";

/** What is open in one layer: the page, the opened card, the modal. */
export function Popups({ host, layer }: { host: Host | undefined; layer: Layer }) {
  useHost(host);
  const open = host?.shown.popups ?? [];
  if (!host || open.at(-1)?.layer !== layer) return null;
  // Each stays in the document while another lies on it: a frame that is moved is loaded anew.
  return (
    <>
      {open.map((popup, at) => (
        <One key={popup.key} host={host} popup={popup} deep={at > 0} top={at === open.length - 1} />
      ))}
    </>
  );
}

function One({ host, popup, deep, top }: { host: Host; popup: Popup; deep: boolean; top: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(document.activeElement);
  const title = useId();
  const shut = () => host.show({ popups: [] });
  const place = () => {
    const own = box.current;
    if (!own) return;
    const { left, top: above, bottom } = popup.spot;
    own.style.left = `${Math.max(8, Math.min(left, innerWidth - own.offsetWidth - 8))}px`;
    const below = bottom + 6;
    const fits = below + own.offsetHeight <= innerHeight - 8;
    own.style.top = `${Math.max(8, fits ? below : Math.max(above - own.offsetHeight - 6, innerHeight - own.offsetHeight - 8))}px`;
  };
  useLayoutEffect(() => {
    const own = box.current;
    if (!own) return;
    own.showPopover();
    place();
    const grown = new ResizeObserver(place);
    grown.observe(own);
    own.querySelector<HTMLElement>(".pu-inside button, .pu-inside input, .pu-inside iframe")?.focus();
    return () => {
      grown.disconnect();
      const back = host.element(popup.where.el) ?? before.current;
      const lost = document.activeElement === document.body || own.contains(document.activeElement);
      if (back instanceof HTMLElement && back.isConnected && lost) back.focus();
      if (popup.callback) host.run(popup.source, popup.callback, popup.where).catch(() => {});
    };
  }, []);
  useEffect(() => {
    if (!top) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) shut();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [top]);
  return (
    <div
      ref={box}
      class={`pu-popup ${top ? "" : "under"}`}
      popover="manual"
      role="dialog"
      aria-labelledby={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // The popup is left, not the card below it.
        event.preventDefault();
        event.stopPropagation();
        shut();
      }}
    >
      <header>
        {deep ? (
          <button class="close" aria-label={say("goBack")} onClick={() => host.show({ popups: host.shown.popups.slice(0, -1) })}>
            ‹
          </button>
        ) : (
          <span />
        )}
        <h3 id={title}>{popup.title}</h3>
        <button class="close" aria-label={say("close")} onClick={shut}>
          ✕
        </button>
      </header>
      <div class="pu-inside">
        <Inside host={host} popup={popup} content={popup.content} shut={shut} />
      </div>
    </div>
  );
}

interface InsideProps {
  host: Host;
  popup: Popup;
  content: Content;
  shut: () => void;
}

function Inside({ host, popup, content, shut }: InsideProps) {
  const { source, where } = popup;
  if (content.kind === "frame") {
    return <Frame host={host} url={content.url} kind="popup" where={where} title={popup.title} height={content.height} most={innerHeight - 110} focus />;
  }
  if (content.kind === "list") return <Choices host={host} popup={popup} items={content.items} search={content.search} />;
  if (content.kind === "date") {
    return (
      <form
        class="pu-ask"
        onSubmit={(event) => {
          event.preventDefault();
          const value = new FormData(event.currentTarget).get("date");
          shut();
          if (content.callback && value) {
            host.press(source, content, where, { date: new Date(String(value)).toISOString() });
          }
        }}
      >
        <input name="date" type={content.withTime ? "datetime-local" : "date"} aria-label={popup.title} required />
        <button class="main">{say("save")}</button>
      </form>
    );
  }
  const answer = (callback: Callback | undefined) => {
    shut();
    host.press(source, { callback }, where);
  };
  return (
    <div class="pu-ask">
      <p>{content.message}</p>
      <button class={content.danger ? "danger" : "main"} onClick={() => answer(content.onYes)}>
        {content.yes}
      </button>
      {content.no && <button onClick={() => answer(content.onNo)}>{content.no}</button>}
    </div>
  );
}

interface ChoicesProps {
  host: Host;
  popup: Popup;
  items: Choice[] | Callback;
  search: { placeholder: string; empty: string } | undefined;
}

function Choices({ host, popup, items, search }: ChoicesProps) {
  const [sought, setSought] = useState("");
  const [found, setFound] = useState<Choice[]>(Array.isArray(items) ? items : []);
  const asked = Array.isArray(items) ? undefined : items;
  useEffect(() => {
    if (!asked) return;
    let ended = false;
    host
      .run(popup.source, asked, popup.where, { search: sought })
      .then((told) => !ended && setFound(choices(told)))
      .catch((error: Error) => host.page?.tell(error.message));
    return () => {
      ended = true;
    };
  }, [sought]);
  const fits = ({ text, always }: Choice) => always || asked || text.toLowerCase().includes(sought.toLowerCase());
  const shown = found.filter(fits);
  return (
    <>
      {(search || asked) && (
        <input
          type="search"
          aria-label={search?.placeholder || popup.title}
          placeholder={search?.placeholder}
          value={sought}
          onInput={(event) => setSought(event.currentTarget.value)}
        />
      )}
      <ul class="pu-list">
        {shown.map((one, at) => (
          <li key={at}>
            {one.callback || one.url ? (
              <button onClick={() => host.press(popup.source, one, popup.where)}>{one.text}</button>
            ) : (
              <span>{one.text}</span>
            )}
          </li>
        ))}
      </ul>
      {!shown.length && search?.empty && <p class="empty">{search.empty}</p>}
    </>
  );
}
