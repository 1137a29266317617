// What a Power-Up lays over the board: the modal, the bar at its foot, an alert.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { say } from "../words";
import { Frame, useHost } from "./frame";
import type { Host } from "./host";
import { Icon } from "./oncard";
import { Popups } from "./popup";
import type { Layer, Modal } from "./shown";

export function Over({ host }: { host: Host | undefined }) {
  useHost(host);
  if (!host) return null;
  const { modal, bar } = host.shown;
  return (
    <>
      {bar && <Bar key={bar.key} host={host} bar={bar} />}
      {modal && <Sheet key={modal.key} host={host} modal={modal} />}
    </>
  );
}

function Sheet({ host, modal }: { host: Host; modal: Modal }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const before = useRef<Element | null>(document.activeElement);
  const shut = () => host.show({ popups: [], modal: undefined });
  useLayoutEffect(() => {
    dialog.current?.showModal();
    return () => {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
      if (modal.callback) host.run(modal.source, modal.callback, modal.where).catch(() => {});
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`pu-modal ${modal.fullscreen ? "fullscreen" : ""}`}
      aria-label={modal.title}
      onClose={shut}
      onPointerDown={(event) => event.target === dialog.current && shut()}
    >
      <Head host={host} modal={modal} shut={shut} />
      <Frame host={host} url={modal.url} kind="modal" where={modal.where} title={modal.title} height={modal.fullscreen ? "full" : modal.height} most={innerHeight - 90} focus />
      <Layered host={host} layer="modal" />
    </dialog>
  );
}

function Bar({ host, bar }: { host: Host; bar: Modal }) {
  const shut = () => host.show({ bar: undefined });
  useEffect(
    () => () => {
      if (bar.callback) host.run(bar.source, bar.callback, bar.where).catch(() => {});
    },
    [],
  );
  return (
    <aside class="pu-bar" aria-label={bar.title}>
      <Head host={host} modal={bar} shut={shut} />
      <Frame host={host} url={bar.url} kind="bar" where={bar.where} title={bar.title} height={Math.min(bar.height, innerHeight * 0.6)} most={innerHeight * 0.6} />
    </aside>
  );
}

function Head({ host, modal, shut }: { host: Host; modal: Modal; shut: () => void }) {
  const buttons = (right: boolean) =>
    modal.actions
      .filter((one) => one.right === right)
      .map((one, at) => (
        <button
          key={at}
          class="close"
          aria-label={one.text}
          title={one.text}
          onClick={(event) => host.press(modal.source, one, { ...modal.where, el: host.anchor(event.currentTarget) })}
        >
          {one.icon ? <Icon url={one.icon} /> : one.text}
        </button>
      ));
  return (
    <header class={modal.accent ? "accent" : ""} style={modal.accent ? { background: modal.accent } : undefined}>
      {buttons(false)}
      <h2>{modal.title}</h2>
      {buttons(true)}
      <button class="close" aria-label={say("close")} onClick={shut}>
        ✕
      </button>
    </header>
  );
}

/** Popups and the alert of one layer. */
export function Layered({ host, layer }: { host: Host | undefined; layer: Layer }) {
  useHost(host);
  return (
    <>
      <Popups host={host} layer={layer} />
      {host && host.layer() === layer && <Told host={host} />}
    </>
  );
}

function Told({ host }: { host: Host }) {
  const { alert } = host.shown;
  const box = useRef<HTMLDivElement>(null);
  const key = alert?.key;
  useEffect(() => {
    if (!alert) return;
    box.current?.showPopover();
    const timer = setTimeout(() => host.show({ alert: undefined }), alert.seconds * 1000);
    return () => clearTimeout(timer);
  }, [key]);
  return (
    <div role="status" aria-live="polite">
      {alert && (
        <div ref={box} key={key} popover="manual" class={`pu-alert ${alert.display}`}>
          <span>{alert.message}</span>
          <button class="close" aria-label={say("close")} onClick={() => host.show({ alert: undefined })}>
            ✕
          </button>
        </div>
      )}
    </div>
  );
}
