import { createHmac, randomUUID } from 'node:crypto';

export type BooksOperation = 'Create' | 'Update' | 'Delete' | 'Void' | 'Merge' | 'Emailed';
export interface BooksChange {
  entity: string;
  id: string;
  operation: BooksOperation;
  at: string;
  realmId: string;
  deletedId?: string;
}

export interface BooksWebhooks {
  /** Where the application wants to be told; null: nowhere. */
  endpoint: string | null;
  manner: {
    /** The application's verifier token: what messages are signed with. */
    verifier: string;
    /** CloudEvents, or the older `eventNotifications`. */
    shape: 'cloud-events' | 'event-notifications';
    /** How often each message is delivered. */
    copies: number;
  };
  /** Waits for the next message: Intuit gathers changes for a while. */
  note: (change: BooksChange) => void;
  /** Sends what was gathered as one message; answers the statuses that its copies met. */
  send: () => Promise<number[]>;
}

const pastTense: Readonly<Record<BooksOperation, string>> = {
  Create: 'created',
  Update: 'updated',
  Delete: 'deleted',
  Void: 'voided',
  Merge: 'merged',
  Emailed: 'emailed',
};

/** QuickBooks' webhooks, in both forms that they have, signed over their bytes. */
export function createBooksWebhooks(): BooksWebhooks {
  const gathered: BooksChange[] = [];
  const webhooks: BooksWebhooks = {
    endpoint: null,
    manner: { verifier: 'verifier-1', shape: 'cloud-events', copies: 1 },
    note: (change) => void gathered.push(change),
    send: async () => {
      const { endpoint, manner } = webhooks;
      const changes = gathered.splice(0);
      if (endpoint === null || changes.length === 0) return [];
      const body = JSON.stringify(manner.shape === 'cloud-events' ? changes.map(cloudEvent) : notifications(changes));
      const headers = {
        'content-type': 'application/json',
        'intuit-signature': createHmac('sha256', manner.verifier).update(body).digest('base64'),
      };
      const copies = Array.from({ length: manner.copies }, () => fetch(endpoint, { method: 'POST', headers, body }));
      return (await Promise.all(copies)).map(({ status }) => status);
    },
  };
  return webhooks;
}

const cloudEvent = ({ entity, id, operation, at, realmId, deletedId }: BooksChange): object => ({
  specversion: '1.0',
  id: `${randomUUID()}-${entity}-${id}`,
  source: 'intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=',
  type: `qbo.${entity.toLowerCase()}.${pastTense[operation]}.v1`,
  datacontenttype: 'application/json',
  time: at,
  intuitentityid: id,
  intuitaccountid: realmId,
  ...(deletedId === undefined ? {} : { data: { deletedid: deletedId } }),
});

const notifications = (changes: readonly BooksChange[]): object => ({
  eventNotifications: [...new Set(changes.map(({ realmId }) => realmId))].map((realmId) => ({
    realmId,
    dataChangeEvent: {
      entities: changes
        .filter((change) => change.realmId === realmId)
        .map(({ entity, id, operation, at, deletedId }) => ({
          name: entity,
          id,
          operation,
          lastUpdated: at,
          ...(deletedId === undefined ? {} : { deletedId }),
        })),
    },
  })),
});
