import { newId, type Pool } from '@holdfast/db';
import { betterAuth } from 'better-auth';
import { organization } from 'better-auth/plugins';
import { createAccessControl } from 'better-auth/plugins/access';
import { roles } from '@holdfast/contracts';

const ids = { user: 'user', session: 'session', account: 'account', member: 'member', organization: 'workspace' } as const;
const idKind = (model: string) => ids[model as keyof typeof ids] ?? 'session'; // verifications and invitations are not ours to name

// Who may do what is decided by the contract's permission table, for every call; the library's own roles grant nothing.
const access = createAccessControl({ workspace: ['none'] });
const noRights = access.newRole({ workspace: [] });

interface AuthOptions {
  pool: Pool;
  /** Signs the session cookies. */
  secret: string;
  /** HOLDFAST_PUBLIC_URL; with https the cookies are for https only. */
  publicUrl: string | null;
}

/** Sessions by e-mail and password. Only its functions are used; its own HTTP routes are not mounted. */
export function createAuth({ pool, secret, publicUrl }: AuthOptions) {
  const timestamps = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return betterAuth({
    appName: 'Holdfast',
    baseURL: publicUrl ?? 'http://localhost',
    secret,
    database: pool,
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    user: { modelName: 'users', fields: { ...timestamps, emailVerified: 'email_verified' } },
    session: {
      modelName: 'sessions',
      fields: { ...timestamps, expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', userId: 'user_id' },
      expiresIn: 60 * 60 * 24 * 14,
      updateAge: 60 * 60 * 24,
      cookieCache: { enabled: false }, // a session that was ended must be over at once
    },
    account: {
      modelName: 'accounts',
      fields: {
        ...timestamps,
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    verification: { modelName: 'verifications', fields: { ...timestamps, expiresAt: 'expires_at' } },
    rateLimit: { enabled: false }, // counted per account in the database: see countSignInTry
    advanced: {
      cookiePrefix: 'holdfast',
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      database: { generateId: ({ model }) => newId(idKind(model)) },
    },
    plugins: [
      organization({
        allowUserToCreateOrganization: false,
        ac: access,
        roles: Object.fromEntries(roles.map((role) => [role, noRights])),
        creatorRole: 'owner',
        schema: {
          organization: { modelName: 'workspaces', fields: { createdAt: 'created_at' } },
          member: { modelName: 'members', fields: { organizationId: 'workspace_id', userId: 'user_id', createdAt: 'created_at' } },
          invitation: {
            modelName: 'invitations',
            fields: { organizationId: 'workspace_id', expiresAt: 'expires_at', inviterId: 'inviter_id', createdAt: 'created_at' },
          },
          session: { fields: { activeOrganizationId: 'active_workspace_id' } },
        },
      }),
    ],
  });
}
export type Auth = ReturnType<typeof createAuth>;
