/** `(3) Inbox · Holdfast` */
export function tabTitle({ title, count }: { title: string; count: number }): string {
  const named = title === '' ? 'Holdfast' : `${title} · Holdfast`;
  return count > 0 ? `(${count}) ${named}` : named;
}
