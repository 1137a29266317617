// The frame of a figure: its name, what it means, the picture, and the same numbers as a table.

import type { ComponentChildren, Ref } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../../parts/app";

export interface Column {
  name: string;
  /** Numbers stand to the right. */
  number?: boolean;
}

interface TableProps {
  name: string;
  columns: Column[];
  rows: (string | number)[][];
}

/** The roles are said, for on a phone the table is laid out as blocks and would lose its own. */
export function Table({ name: label, columns, rows }: TableProps) {
  return (
    <div class="table" role="region" aria-label={label} tabIndex={0}>
      <table class="folds" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, number }) => (
              <th key={name} scope="col" role="columnheader" class={number ? "number" : ""}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, at) => (
            <tr key={at} role="row">
              {row.map((cell, index) =>
                index === 0 ? (
                  <th key={index} scope="row" role="rowheader">
                    {cell}
                  </th>
                ) : (
                  <td key={index} role="cell" data-column={columns[index]?.name} class={columns[index]?.number ? "number" : ""}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Props extends TableProps {
  say: string;
  /** Nothing happened yet that could be drawn. */
  empty: boolean;
  legend?: ComponentChildren;
  draw: (width: number) => ComponentChildren;
}

/** The picture itself says nothing to a screen reader: the table behind it does. */
export function Chart({ name, say, empty, legend, draw, columns, rows }: Props) {
  const { words } = useApp();
  const [box, width] = useWidth();
  return (
    <section class="figure">
      <h2>{name}</h2>
      <p class="soft">{say}</p>
      {empty ? (
        <p class="none soft">{words.say("nothingYet")}</p>
      ) : (
        <>
          {legend}
          <div ref={box} aria-hidden="true">
            {width > 0 && draw(width)}
          </div>
          <details>
            <summary>
              {words.say("asTable")}
              <span class="hidden">: {name}</span>
            </summary>
            <Table name={name} columns={columns} rows={rows} />
          </details>
        </>
      )}
    </section>
  );
}

function useWidth(): [Ref<HTMLDivElement>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

export function Legend({ items }: { items: { tone: string; name: string }[] }) {
  return (
    <p class="legend" aria-hidden="true">
      {items.map(({ tone, name }) => (
        <span key={tone}>
          <i class={tone} />
          {name}
        </span>
      ))}
    </p>
  );
}
