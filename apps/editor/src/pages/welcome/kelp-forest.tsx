import classes from './kelp-forest.module.css';

/** Strands that hold on to a rock, and messages that hang on the strands. Drawn, so that it follows light and dark. */
export function KelpForest() {
  return (
    <svg className={classes.forest} viewBox="0 0 760 900" preserveAspectRatio="xMidYMax slice" aria-hidden focusable="false">
      <path
        className={classes.far}
        d="M90 900C70 760 130 690 104 560s20-170 2-270M680 900c24-150-40-220-12-360s-22-160 0-300M300 900c-14-110 26-160 12-250"
      />
      <path className={classes.rock} d="M-20 900v-44c60-30 120-22 176-44 44-40 128-58 196-30 48-30 132-26 176 12 70-12 170 6 260 40v70z" />
      <path className={classes.rockLine} d="M176 838c40-22 84-28 120-20M470 828c40-12 86-8 120 8" />
      <g className={classes.strand}>
        <path d="M384 806C372 700 430 640 398 540S428 400 404 330" />
        <path d="M384 806c-12-90-92-110-108-200s40-120 22-196" />
        <path d="M384 806c10-84 98-96 128-186s-20-130 16-206" />
        <path d="M384 806c-40-8-90-6-120 26M384 806c40-8 92-4 122 24M384 806c-16 2-40 14-56 34M384 806c18 2 42 14 58 34M384 806v38" />
      </g>
      <g className={classes.leaf}>
        <path d="M408 600c34-6 54-26 60-52-34 2-56 22-60 52zM394 500c-34-2-56-20-64-46 34-2 58 16 64 46zM282 560c-30 2-52-10-64-34 30-6 54 8 64 34zM506 640c28 4 52-6 66-28-28-8-54 2-66 28zM296 470c26-8 40-26 42-50-28 4-44 24-42 50zM516 500c-26-6-42-22-46-46 28 2 46 20 46 46z" />
      </g>
      <g className={classes.card}>
        <rect x="340" y="292" width="132" height="52" rx="12" />
        <rect x="212" y="372" width="132" height="52" rx="12" />
        <rect x="488" y="374" width="132" height="52" rx="12" />
      </g>
      <path className={classes.word} d="M380 312h72M380 326h46M252 392h70M252 406h52M528 394h66M528 408h40" />
      <circle className={classes.dot} cx="362" cy="318" r="6" />
      <circle className={classes.person} cx="234" cy="398" r="6" />
      <circle className={classes.dot} cx="510" cy="400" r="6" />
    </svg>
  );
}
