// Dragging with the mouse. What a drop does is the board's matter; the menu "Move to…" does the same
// without a mouse.

import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";

export function dragCard(element: HTMLElement, card: string): () => void {
  return combine(
    draggable({
      element,
      getInitialData: () => ({ card }),
      onDragStart: () => element.classList.add("dragged"),
      onDrop: () => element.classList.remove("dragged"),
    }),
    dropTargetForElements({
      element,
      getData: ({ input }) => {
        const box = element.getBoundingClientRect();
        return { beside: card, above: input.clientY < box.top + box.height / 2 };
      },
      onDrag: ({ self }) => {
        element.classList.toggle("above", self.data.above === true);
        element.classList.toggle("below", self.data.above === false);
      },
      onDragLeave: () => element.classList.remove("above", "below"),
      onDrop: () => element.classList.remove("above", "below"),
    }),
  );
}

export function dropList(element: HTMLElement, list: string): () => void {
  return dropTargetForElements({
    element,
    getData: () => ({ list }),
    onDragEnter: () => element.classList.add("over"),
    onDragLeave: () => element.classList.remove("over"),
    onDrop: () => element.classList.remove("over"),
  });
}

export interface Drop {
  card: string;
  list: string;
  beside?: string;
  above?: boolean;
}

export function onDrop(told: (drop: Drop) => void): () => void {
  return monitorForElements({
    onDrop: ({ source, location }) => {
      const targets = location.current.dropTargets.map((target) => target.data);
      const list = targets.find((data) => data.list)?.list;
      const beside = targets.find((data) => data.beside && data.beside !== source.data.card);
      if (typeof list !== "string" || typeof source.data.card !== "string") return;
      told({
        card: source.data.card,
        list,
        beside: beside?.beside as string | undefined,
        above: beside?.above as boolean | undefined,
      });
    },
  });
}
