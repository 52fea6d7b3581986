import { Loader } from '@mantine/core';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist';
// oxlint-disable-next-line import/default -- Vite makes a constructor of a `?worker` import
import PdfWorker from 'pdfjs-dist/build/pdf.worker.min.mjs?worker';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import css from './pdf-pages.module.css';

GlobalWorkerOptions.workerPort = new PdfWorker();

/** More would fill the memory of a small machine; the file itself has them all. */
const mostPages = 20;
const widthPx = 820;

type Shown = { state: 'loading' } | { state: 'failed' } | { state: 'open'; pdf: PDFDocumentProxy };

/** Loaded lazily by PdfPages. */
export function PdfCanvases({ href, name }: { href: string; name: string }) {
  const { t } = useTranslation('common');
  const [shown, setShown] = useState<Shown>({ state: 'loading' });
  useEffect(() => {
    const loading = getDocument({ url: href });
    let isGone = false;
    loading.promise.then(
      (pdf) => isGone || setShown({ state: 'open', pdf }),
      () => isGone || setShown({ state: 'failed' }),
    );
    return () => {
      isGone = true;
      void loading.destroy();
    };
  }, [href]);
  if (shown.state === 'failed') return <p className={css.note}>{t('pdf.failed')}</p>;
  if (shown.state === 'loading') return <Loader className={css.loader} size="sm" />;
  const { pdf } = shown;
  const count = Math.min(pdf.numPages, mostPages);
  return (
    <div className={css.pages}>
      {Array.from({ length: count }, (_, index) => (
        <PdfPage key={index} pdf={pdf} number={index + 1} label={t('pdf.page', { name, page: index + 1 })} />
      ))}
      {pdf.numPages > count ? <p className={css.note}>{t('pdf.more', { count, all: pdf.numPages })}</p> : null}
    </div>
  );
}

function PdfPage({ pdf, number, label }: { pdf: PDFDocumentProxy; number: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let cancel = (): void => undefined;
    let isGone = false;
    const draw = async () => {
      const page = await pdf.getPage(number);
      const target = canvas.current;
      if (isGone || !target) return;
      const scale = (widthPx * Math.min(2, window.devicePixelRatio)) / page.getViewport({ scale: 1 }).width;
      const viewport = page.getViewport({ scale });
      [target.width, target.height] = [Math.floor(viewport.width), Math.floor(viewport.height)];
      const drawing = page.render({ canvas: target, viewport });
      cancel = () => drawing.cancel();
      await drawing.promise;
      target.dataset['drawn'] = 'true';
    };
    // Drawing that is cancelled, or a document that is closed meanwhile, is nobody's trouble.
    draw().catch(() => undefined);
    return () => {
      isGone = true;
      cancel();
    };
  }, [pdf, number]);
  return <canvas ref={canvas} className={css.page} role="img" aria-label={label} />;
}
