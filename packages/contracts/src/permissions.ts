/** What each role may do. A route names one permission; the router refuses to mount without. */
export const roles = ['owner', 'admin', 'builder', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

const everyone = ['owner', 'admin', 'builder', 'operator', 'viewer'] as const;
const workers = ['owner', 'admin', 'builder', 'operator'] as const;
const builders = ['owner', 'admin', 'builder'] as const;
const admins = ['owner', 'admin'] as const;
const owners = ['owner'] as const;

export const permissions = {
  /** No session needed; kept to a written list that a test compares. */
  public: null,
  /** Any signed-in person, whatever the role. */
  session: everyone,
  'flows.read': everyone,
  'flows.write': builders,
  'flows.publish': builders,
  'runs.read': everyone,
  'runs.start': builders,
  'runs.override': workers,
  'simulator.use': workers,
  'conversations.read': everyone,
  'conversations.export': workers,
  'contacts.read': everyone,
  'contacts.manage': workers,
  'inbox.read': everyone,
  'inbox.reply': workers,
  'sends.pause': workers,
  'channels.read': everyone,
  'channels.manage': admins,
  'credentials.read': builders,
  'credentials.manage': builders,
  'variables.read': everyone,
  'variables.manage': builders,
  'answers.read': everyone,
  'answers.manage': workers,
  'members.read': admins,
  'members.manage': admins,
  'keys.manage': admins,
  'settings.read': everyone,
  'settings.manage': admins,
  'audit.read': admins,
  'backups.manage': owners,
  'mirror.manage': admins,
  'contacts.erase': admins,
  'metrics.read': admins,
} as const satisfies Record<string, readonly Role[] | null>;
export type Permission = keyof typeof permissions;

export const isAllowed = (role: Role, permission: Permission): boolean => {
  const allowed: readonly Role[] | null = permissions[permission];
  return allowed === null || allowed.includes(role);
};
