export * from './cutting-proxy.ts';
export * from './imap-server.ts';
export * from './imap-servers.ts';
export * from './smtp-sink.ts';
