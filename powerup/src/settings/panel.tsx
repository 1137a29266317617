// The pieces that every page of the settings is made of: a panel with a heading, a fact with its name.

import type { ComponentChildren } from "preact";

export function Panel({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="panel" data-part>
      <h2 tabIndex={-1}>{title}</h2>
      {children}
    </section>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
