export { createDatabases, type Databases } from './create-databases.ts';
export { openVettedTunnel } from './vetted-tunnel.ts';
