// What a Power-Up shows on a card: badges on its front; badges, buttons and sections on the opened one.

import type { Card } from "../api";
import { useBadges, useTold } from "./asked";
import { Frame } from "./frame";
import type { Host, Where } from "./host";
import { type Badge, button, fits, type Ground, many, section } from "./told";

export function Icon({ url }: { url: string | undefined }) {
  return url ? <img class="pu-icon" src={url} alt="" /> : null;
}

export function FrontBadges({ host, card }: { host: Host | undefined; card: Card }) {
  const badges = useBadges(host, "card-badges", { card: card.id }, card.dateLastActivity);
  return (
    <>
      {badges.map((one, at) => (
        <span key={at} class={`pu-badge ${one.color ?? ""}`}>
          <Icon url={one.icon} />
          {one.text}
        </span>
      ))}
    </>
  );
}

export function DetailBadges({ host, card }: { host: Host | undefined; card: Card }) {
  const where = { card: card.id };
  const badges = useBadges(host, "card-detail-badges", where, card.dateLastActivity);
  if (!host || !badges.length) return null;
  return (
    <dl class="pu-details">
      {badges.map((one, at) => (
        <div key={at}>
          <dt>{one.title}</dt>
          <dd>
            <Detail host={host} badge={one} where={where} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Detail({ host, badge, where }: { host: Host; badge: Badge; where: Where }) {
  if (!badge.callback && !badge.url) return <span class={`pu-badge ${badge.color ?? ""}`}>{badge.text}</span>;
  return (
    <button
      class={`pu-badge ${badge.color ?? ""}`}
      onClick={(event) => host.press(undefined, badge, { ...where, el: host.anchor(event.currentTarget) })}
    >
      {badge.text}
    </button>
  );
}

/** Buttons of the opened card, or of the board. */
export function Buttons({ host, capability, card, ground }: { host: Host | undefined; capability: string; card?: Card; ground: Ground }) {
  const where = card ? { card: card.id } : {};
  const told = useTold(host, capability, where, card?.dateLastActivity);
  if (!host) return null;
  const may = host.may();
  const buttons = many(told, (one) => button(one, ground)).filter((one) => fits(one.condition, may));
  return (
    <>
      {buttons.map((one, at) => (
        <button
          key={at}
          class="pu-button"
          onClick={(event) => host.press(undefined, one, { ...where, el: host.anchor(event.currentTarget) })}
        >
          <Icon url={one.icon} />
          {one.text}
        </button>
      ))}
    </>
  );
}

export function Sections({ host, card }: { host: Host | undefined; card: Card }) {
  const where = { card: card.id };
  const told = useTold(host, "card-back-section", where, card.idList);
  if (!host) return null;
  return (
    <>
      {many(told, section).map((one, at) => (
        <section key={`${host.serial}-${at}`} class="pu-section" aria-label={one.title}>
          <h3>
            <Icon url={one.icon} />
            {one.title}
            {one.action && (
              <button
                class="quiet"
                onClick={(event) => one.action && host.press(undefined, one.action, { ...where, el: host.anchor(event.currentTarget) })}
              >
                {one.action.text}
              </button>
            )}
          </h3>
          <Frame host={host} url={one.url} kind="section" where={where} title={one.title} height={one.height} />
        </section>
      ))}
    </>
  );
}
