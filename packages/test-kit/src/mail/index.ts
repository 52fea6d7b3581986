export * from './cutting-proxy.ts';
export * from './imap-server.ts';
export * from './imap-servers.ts';
export { createMailTroubles, type MailTrouble, type MailTroubles } from './mail-troubles.ts';
export * from './smtp-sink.ts';
