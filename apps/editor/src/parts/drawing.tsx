import type { ReactNode } from 'react';
import classes from './drawing.module.css';

const Rock = () => <path className={classes.rock} d="M14 104c6-10 20-15 34-13 10-7 30-8 42-1 16-4 38 1 46 14z" />;
const Card = ({ x, y, width = 40, height = 24 }: { x: number; y: number; width?: number; height?: number }) => (
  <rect className={classes.card} x={x} y={y} width={width} height={height} rx="6" />
);
const Bubble = ({ d, isPerson = false }: { d: string; isPerson?: boolean }) => (
  <path className={isPerson ? classes.personShape : classes.card} d={d} />
);

/** Small pictures for empty pages: what holds (teal strands), what is held (cards), and people (coral). */
const drawings = {
  flows: (
    <>
      <path className={classes.strand} d="M44 40c14 0 12 20 28 20M44 40c14 0 14-18 32-18M112 60c10 0 8 18 18 20" />
      <Card x={8} y={28} width={38} />
      <Card x={74} y={10} width={44} />
      <Card x={72} y={48} width={42} />
      <circle className={classes.person} cx="134" cy="82" r="7" />
      <path className={classes.mark} d="M16 40h14M82 22h22M80 60h18" />
    </>
  ),
  runs: (
    <>
      <path className={classes.strand} d="M12 84C40 84 34 30 66 30s22 44 46 44 16-26 22-38" />
      <circle className={classes.dot} cx="12" cy="84" r="5" />
      <circle className={classes.dot} cx="66" cy="30" r="5" />
      <circle className={classes.dot} cx="112" cy="74" r="5" />
      <circle className={classes.hollow} cx="136" cy="30" r="7" />
      <path className={classes.faint} d="M8 100h136" />
    </>
  ),
  inbox: (
    <>
      <Bubble d="M18 18h62a8 8 0 0 1 8 8v22a8 8 0 0 1-8 8H40l-12 11V56H18a8 8 0 0 1-8-8V26a8 8 0 0 1 8-8z" />
      <path className={classes.mark} d="M24 32h44M24 43h28" />
      <Bubble isPerson d="M134 58H86a8 8 0 0 0-8 8v16a8 8 0 0 0 8 8h30l12 10V90h6a8 8 0 0 0 8-8V66a8 8 0 0 0-8-8z" />
      <path className={classes.onPerson} d="M90 74h34" />
    </>
  ),
  conversations: (
    <>
      <Bubble d="M16 14h54a7 7 0 0 1 7 7v14a7 7 0 0 1-7 7H34L24 51v-9h-8a7 7 0 0 1-7-7V21a7 7 0 0 1 7-7z" />
      <Bubble d="M136 40H90a7 7 0 0 0-7 7v12a7 7 0 0 0 7 7h30l10 9v-9h6a7 7 0 0 0 7-7V47a7 7 0 0 0-7-7z" />
      <Bubble d="M16 66h40a7 7 0 0 1 7 7v12a7 7 0 0 1-7 7H34l-10 9v-9h-8a7 7 0 0 1-7-7V73a7 7 0 0 1 7-7z" />
      <path className={classes.mark} d="M20 28h36M94 53h32M20 79h26" />
    </>
  ),
  channels: (
    <>
      <path className={classes.strand} d="M76 96c0-16-2-26 14-40M76 96c-2-20-8-28-24-32M76 96c0-22 2-40-6-58" />
      <Rock />
      <path className={classes.card} d="M92 34l44-20-14 44-12-14z" />
      <path className={classes.mark} d="M110 44l26-30" />
      <circle className={classes.person} cx="46" cy="58" r="7" />
      <circle className={classes.dot} cx="68" cy="32" r="6" />
    </>
  ),
  connections: (
    <>
      <path className={classes.strand} d="M84 56c24-2 26 26 52 22" />
      <circle className={classes.card} cx="46" cy="56" r="26" />
      <circle className={classes.hollow} cx="46" cy="56" r="9" />
      <path className={classes.strand} d="M72 56h46M104 56v12M116 56v9" />
      <circle className={classes.person} cx="138" cy="78" r="6" />
    </>
  ),
  variables: (
    <>
      <path
        className={classes.strand}
        d="M50 20c-14 0-12 14-12 22s-4 14-12 14c8 0 12 6 12 14s-2 22 12 22M102 20c14 0 12 14 12 22s4 14 12 14c-8 0-12 6-12 14s2 22-12 22"
      />
      <circle className={classes.dot} cx="62" cy="56" r="5" />
      <circle className={classes.dot} cx="77" cy="56" r="5" />
      <circle className={classes.person} cx="92" cy="56" r="5" />
    </>
  ),
  answers: (
    <>
      <rect className={classes.card} x="40" y="12" width="78" height="54" rx="8" />
      <rect className={classes.card} x="30" y="26" width="78" height="54" rx="8" />
      <rect className={classes.card} x="20" y="40" width="78" height="54" rx="8" />
      <path className={classes.mark} d="M32 58h40M32 68h52M32 78h26" />
      <circle className={classes.person} cx="112" cy="88" r="8" />
    </>
  ),
  search: (
    <>
      <path className={classes.faint} d="M14 30h58M14 50h42M14 70h50M14 90h34" />
      <circle className={classes.hollow} cx="98" cy="50" r="25" />
      <path className={classes.strand} d="M116 69l20 20" />
      <circle className={classes.person} cx="98" cy="50" r="5" />
    </>
  ),
  lost: (
    <>
      <Rock />
      <path className={classes.strand} d="M70 90c0-12-4-18-2-28M76 90c2-10 6-12 8-20" />
      <path className={classes.strand} d="M84 44c-6-10 10-14 4-26M92 40c2-12 16-8 18-22" />
      <circle className={classes.person} cx="112" cy="12" r="6" />
    </>
  ),
  broken: (
    <>
      <Rock />
      <path
        className={classes.strand}
        d="M76 92V66c0-14-22-12-22-24s22-14 22-2-22 12-22 24M76 40V14M76 92c-6-10-16-12-24-14M76 92c6-12 18-12 26-18"
      />
      <circle className={classes.person} cx="76" cy="12" r="6" />
    </>
  ),
  done: (
    <>
      <Rock />
      <path className={classes.strand} d="M76 94V36M76 94c0-30-6-44-30-52M76 94c0-30 6-44 30-52" />
      <circle className={classes.person} cx="76" cy="26" r="9" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;
export type DrawingName = keyof typeof drawings;

export function Drawing({ name }: { name: DrawingName }) {
  return (
    <svg className={classes.drawing} viewBox="0 0 152 112" width="152" height="112" aria-hidden focusable="false">
      {drawings[name]}
    </svg>
  );
}
