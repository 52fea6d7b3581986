/** The mark: three strands that hold on, and the one they hold. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden focusable="false">
      <g stroke="var(--brand)" strokeWidth="2.8" strokeLinecap="round">
        <path d="M16 9v17.5" />
        <path d="M16 9c0 7-1 12.5-9.5 14.5" />
        <path d="M16 9c0 7 1 12.5 9.5 14.5" />
      </g>
      <circle cx="16" cy="5.5" r="3" fill="var(--person)" />
    </svg>
  );
}
