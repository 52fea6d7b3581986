/** hoodiecrow-imap brings no types; this is what we use of it. */
declare module 'hoodiecrow-imap' {
  import type { Server } from 'node:net';

  interface HoodiecrowFolder {
    uidvalidity: number;
    uidnext: number;
    messages: { uid: number }[];
  }
  export interface Hoodiecrow {
    server: Server;
    listen: (port: number, host: string, ready: () => void) => void;
    close: (done?: () => void) => void;
    getMailbox: (path: string) => HoodiecrowFolder;
  }
  interface Options {
    plugins: string[];
    users: Record<string, { password: string; xoauth2?: { accessToken: string; sessionTimeout: number } }>;
    storage: Record<string, object>;
  }
  export default function hoodiecrow(options: Options): Hoodiecrow;
}
