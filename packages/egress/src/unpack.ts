import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { HoldfastError, say } from '@holdfast/errors';
import { tooLarge } from './exchange.ts';

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;
export const acceptedEncodings = 'gzip, deflate, br, zstd';

/** A body without its packing, refused as soon as it grows beyond `limit`: 10 MB of zeros pack into 10 KB. */
export async function unpack(body: Buffer, encoding: string | undefined, limit: number, host: string): Promise<Buffer> {
  const layers = (encoding ?? '')
    .split(',')
    .map((layer) => layer.trim().toLowerCase())
    .filter((layer) => layer !== '' && layer !== 'identity');
  // Two layers are already odd; more are an attack on our processor.
  if (layers.length > 2)
    throw new HoldfastError('upstream.too-large', { detail: say`${host} packed its answer ${layers.length} times over.` });
  let bytes = body;
  for (const layer of layers.reverse()) {
    if (bytes.length === 0) return bytes;
    const unpackLayer = layer in unpackers ? unpackers[layer as keyof typeof unpackers] : undefined; // `in` does not narrow a string
    if (!unpackLayer)
      throw new HoldfastError('upstream.broken', { detail: say`${host} packed its answer as "${layer}", which we did not ask for.` });
    bytes = await unpackLayer(bytes, { maxOutputLength: limit }).catch((error: unknown) => {
      if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(host, limit);
      throw new HoldfastError('upstream.broken', { detail: say`${host} answered with a body that can’t be unpacked.`, cause: error });
    });
  }
  return bytes;
}
