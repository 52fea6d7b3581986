import { createHash } from 'node:crypto';
import { endpoints } from '@holdfast/contracts';
import { insertFile, loadFile, newId } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { sniffType, type Attachment } from '@holdfast/node-kit';
import type { ServerDeps } from '../deps.ts';
import { route, type Route } from '../http/route.ts';

export function fileRoutes({ pool }: ServerDeps): Route[] {
  return [
    route(endpoints.uploadFile, {
      run: async ({ body, query, caller }) => {
        const content = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        if (content.length === 0)
          throw new HoldfastError('request.invalid', {
            detail: say`"${query.name}" is empty.`,
            hint: 'Choose a file that holds something.',
          });
        const file = { id: newId('file'), name: cleanFileName(query.name), mimeType: sniffType(content), sizeBytes: content.length };
        await insertFile(pool, {
          ...file,
          workspaceId: caller.workspaceId,
          sha256: createHash('sha256').update(content).digest('hex'),
          content,
        });
        return { kind: kindOf(file.mimeType), fileId: file.id, name: file.name, mimeType: file.mimeType, sizeBytes: file.sizeBytes };
      },
    }),
    route(endpoints.getFile, {
      answers: 'itself',
      load: ({ caller, params }) => loadFile(pool, { workspaceId: caller.workspaceId, id: params.id }),
      run: async ({ loaded, response }) => {
        // Whatever it is, a browser saves it and never opens it with our rights.
        response.setHeader('content-type', plainType.test(loaded.mimeType) ? loaded.mimeType : 'application/octet-stream');
        response.setHeader(
          'content-disposition',
          `attachment; filename="${loaded.name.replace(/[^\x20-\x7e]|["\\%;]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(loaded.name.toWellFormed())}`,
        );
        response.setHeader('x-content-type-options', 'nosniff');
        response.setHeader('content-security-policy', "sandbox; default-src 'none'");
        response.setHeader('cache-control', 'private, no-store');
        response.end(loaded.content);
      },
    }),
  ];
}

/** Senders name their files' types themselves: one that no header can carry must not keep the file from people. */
const plainType = /^[\w.+-]+\/[\w.+-]+(?:;[\x20-\x7e]*)?$/;

/** The last part of a path, without what changes how it is shown (control and direction marks); at most 200 characters. */
export function cleanFileName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/^\.+/, '')
    .trim()
    .slice(-200);
  return clean === '' ? 'file' : clean;
}

function kindOf(mimeType: string): Attachment['kind'] {
  if (mimeType.startsWith('image/')) return 'image';
  if (mimeType === 'audio/ogg') return 'voice';
  if (mimeType.startsWith('audio/')) return 'audio';
  return mimeType.startsWith('video/') ? 'video' : 'document';
}
