// The few signs of the pages. None says anything that the words beside it do not.

const PATHS = {
  check: "M3.5 8.5l3 3 6-7",
  circle: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z",
  down: "M4 6l4 4 4-4",
  arrow: "M3 8h10M9 4l4 4-4 4",
  out: "M6 3.5H3.5v9h9V10M9 3h4v4M13 3L7.5 8.5",
  clock: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11zM8 5v3l2 1.5",
  alert: "M8 2.5l6 11H2zM8 6.5v3M8 11.4v.1",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
