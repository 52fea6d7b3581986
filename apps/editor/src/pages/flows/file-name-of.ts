/** A file name that every system takes: `Order status` → `order-status.flow.json`. */
export function fileNameOf(flow: string): string {
  const plain = flow
    .normalize('NFKD')
    .replaceAll(/[̀-ͯ]/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${plain === '' ? 'flow' : plain}.flow.json`;
}
