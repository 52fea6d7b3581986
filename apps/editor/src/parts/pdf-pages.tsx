import { Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import css from './pdf-pages.module.css';

const PdfCanvases = lazy(() => import('./pdf-canvases.tsx').then((module) => ({ default: module.PdfCanvases })));

/** The pages of a PDF of ours, drawn in this page; what draws them is loaded when it is first needed. */
export function PdfPages({ href, name }: { href: string; name: string }) {
  return (
    <Suspense fallback={<Loader className={css.loader} size="sm" />}>
      <PdfCanvases key={href} href={href} name={name} />
    </Suspense>
  );
}
