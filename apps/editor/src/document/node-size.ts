/** The card's measures in pixels, the same as in the style sheet; layout and first paint use them before anything is measured. */
export const cardWidth = 240;
const header = 40;
const summaryLine = 18;
const summaryPadding = 10;
const portRow = 28;
const portsPadding = 9;

export function cardHeight(summary: string, portCount: number): number {
  const lines = summary === '' ? 0 : summary.length > 36 || summary.includes('\n') ? 2 : 1;
  return header + (lines > 0 ? lines * summaryLine + summaryPadding : 0) + (portCount > 0 ? portCount * portRow + portsPadding : 0);
}
