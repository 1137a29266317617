// A Power-Up's own sentences by the viewer's locale, as far as it names a file of them.

import { isRecord } from "./io";

export interface Localization {
  defaultLocale: string;
  supportedLocales: string[];
  /** With `{locale}` in it. */
  resourceUrl: string;
}

export class Words {
  private known: Record<string, unknown> = {};

  async load({ defaultLocale, supportedLocales, resourceUrl }: Localization, locale: string): Promise<void> {
    const language = locale.split("-")[0] ?? locale;
    const fits = [locale, language].find((one) => supportedLocales.includes(one)) ?? defaultLocale;
    const answer = await fetch(new URL(resourceUrl.replace("{locale}", fits), document.baseURI));
    const told: unknown = await answer.json();
    if (isRecord(told)) this.known = told;
  }

  key(key: string, data: Record<string, unknown> = {}): string {
    const text = this.known[key];
    if (typeof text !== "string") throw new Error(`There are no words for "${key}".`);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(data[name] ?? whole));
  }

  /** Fills every element with `data-i18n-id`, in its text or in the attributes it names. */
  node(node: ParentNode & Node) {
    const own = node instanceof Element && node.matches("[data-i18n-id]") ? [node] : [];
    for (const one of [...own, ...node.querySelectorAll("[data-i18n-id]")]) {
      const text = this.key(one.getAttribute("data-i18n-id") ?? "", json(one.getAttribute("data-i18n-args")));
      const attributes = one.getAttribute("data-i18n-attrs");
      if (attributes) for (const name of attributes.split(/[,\s]+/)) one.setAttribute(name, text);
      else one.textContent = text;
    }
  }
}

function json(text: string | null): Record<string, unknown> {
  const read: unknown = text ? JSON.parse(text) : {};
  return isRecord(read) ? read : {};
}
