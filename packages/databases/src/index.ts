export { createDatabases, type Databases } from './create-databases.ts';
export { dialVetted, openVettedTunnel } from './vetted-tunnel.ts';
