import type { Queryable } from '../pool.ts';

export interface Membership {
  workspaceId: string;
  workspaceName: string;
  role: string;
  userId: string;
  userName: string;
  email: string;
  mustChangePassword: boolean;
}

/** The person's membership in the session's workspace, else the oldest one. Null for somebody who was removed. */
export async function findMembership(db: Queryable, args: { userId: string; workspaceId: string | null }): Promise<Membership | null> {
  const { rows } = await db.query<Membership>(
    `select m.workspace_id as "workspaceId", w.name as "workspaceName", m.role, u.id as "userId", u.name as "userName", u.email,
            u.must_change_password as "mustChangePassword"
       from members m join users u on u.id = m.user_id join workspaces w on w.id = m.workspace_id
      where m.user_id = $1
      order by (m.workspace_id = $2) desc nulls last, m.created_at
      limit 1`,
    [args.userId, args.workspaceId],
  );
  return rows[0] ?? null;
}

export async function insertUser(
  db: Queryable,
  user: { id: string; name: string; email: string; mustChangePassword: boolean },
): Promise<void> {
  await db.query(`insert into users (id, name, email, must_change_password, email_verified) values ($1, $2, lower($3), $4, false)`, [
    user.id,
    user.name,
    user.email,
    user.mustChangePassword,
  ]);
}

export async function insertPassword(db: Queryable, account: { id: string; userId: string; passwordHash: string }): Promise<void> {
  await db.query(`insert into accounts (id, user_id, account_id, provider_id, password) values ($1, $2, $2, 'credential', $3)`, [
    account.id,
    account.userId,
    account.passwordHash,
  ]);
}

export async function insertMember(
  db: Queryable,
  member: { id: string; workspaceId: string; userId: string; role: string },
): Promise<void> {
  await db.query(`insert into members (id, workspace_id, user_id, role) values ($1, $2, $3, $4)`, [
    member.id,
    member.workspaceId,
    member.userId,
    member.role,
  ]);
}

export async function hasUsers(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>('select exists (select 1 from users) as found');
  return rows[0]?.found ?? false;
}

export async function findUserByEmail(db: Queryable, email: string): Promise<{ id: string } | null> {
  const { rows } = await db.query<{ id: string }>('select id from users where email = lower($1)', [email]);
  return rows[0] ?? null;
}

/** Held until the transaction ends, so that of two first owners one waits and finds the other. */
export async function lockSetup(db: Queryable): Promise<void> {
  await db.query(`select pg_advisory_xact_lock(hashtext('holdfast.setup'))`);
}

export interface MemberView {
  id: string;
  userId: string;
  name: string;
  email: string;
  role: 'owner' | 'admin' | 'builder' | 'operator' | 'viewer';
  createdAt: string;
}
const memberColumns = `m.id, m.user_id as "userId", u.name, u.email, m.role, iso(m.created_at) as "createdAt"`;

export async function listMembers(db: Queryable, workspaceId: string): Promise<MemberView[]> {
  const { rows } = await db.query<MemberView>(
    `select ${memberColumns} from members m join users u on u.id = m.user_id where m.workspace_id = $1 order by m.created_at`,
    [workspaceId],
  );
  return rows;
}

export async function loadMember(db: Queryable, args: { workspaceId: string; id: string }): Promise<MemberView | null> {
  const { rows } = await db.query<MemberView>(
    `select ${memberColumns} from members m join users u on u.id = m.user_id where m.workspace_id = $1 and m.id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

/** The owners' ids, locked: two owners who step down at once can't leave a workspace without one. */
export async function lockOwners(db: Queryable, workspaceId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from members where workspace_id = $1 and role = 'owner' order by id for update`,
    [workspaceId],
  );
  return rows.map((row) => row.id);
}

export async function setMemberRole(db: Queryable, args: { workspaceId: string; id: string; role: string }): Promise<void> {
  await db.query('update members set role = $3 where workspace_id = $1 and id = $2', [args.workspaceId, args.id, args.role]);
}

export async function deleteMember(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('delete from members where workspace_id = $1 and id = $2', [args.workspaceId, args.id]);
}

/** A person without any workspace left is removed with sessions and password. */
export async function deleteUserWithoutWorkspace(db: Queryable, userId: string): Promise<void> {
  await db.query('delete from users u where id = $1 and not exists (select 1 from members where user_id = u.id)', [userId]);
}

export async function deleteSessionsOf(db: Queryable, userId: string): Promise<void> {
  await db.query('delete from sessions where user_id = $1', [userId]);
}

export async function setPasswordChosen(db: Queryable, userId: string): Promise<void> {
  await db.query('update users set must_change_password = false, updated_at = now() where id = $1', [userId]);
}

/**
 * Counts a try to sign in and says whether it may go on: at most 10 in any 15 minutes per account. A refused try isn't counted,
 * so the account opens again 15 minutes after the first of the ten.
 */
export async function countSignInTry(db: Queryable, account: string): Promise<{ isAllowed: boolean; opensInMs: number }> {
  const { rows } = await db.query<{ isAllowed: boolean; opensInMs: number }>(
    `insert into sign_in_tries as s (account, tries) values ($1, array[clock_timestamp()])
     on conflict (account) do update set tries = (
       select case when count(*) >= 10 then array_agg(t order by t) || 'infinity'::timestamptz else coalesce(array_agg(t order by t), '{}') || clock_timestamp() end
         from unnest(s.tries) t where t > clock_timestamp() - interval '15 minutes' and t < 'infinity')
     returning not ('infinity'::timestamptz = any (tries)) as "isAllowed",
               greatest(0, extract(epoch from tries[1] + interval '15 minutes' - clock_timestamp()) * 1000)::int as "opensInMs"`,
    [account],
  );
  return rows[0] ?? { isAllowed: false, opensInMs: 0 };
}

/** Also what is older than a day, of accounts that may never have been. */
export async function forgetSignInTries(db: Queryable, account: string): Promise<void> {
  await db.query(`delete from sign_in_tries where account = $1 or tries[1] < now() - interval '1 day'`, [account]);
}

/** Everybody with an account in this installation. */
export async function countPeople(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ people: number }>('select count(*)::int as people from users');
  return rows[0]?.people ?? 0;
}
