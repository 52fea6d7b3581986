import { StackError } from '@holdfast/stack';

/** Somebody else listens where Holdfast would. */
export const portTaken = (port: number): StackError =>
  new StackError(
    `Port ${port} is used by another program.`,
    `Stop that program, or choose another port: HOLDFAST_PORT=${port + 1} npx -y pnpm@12 start`,
  );
