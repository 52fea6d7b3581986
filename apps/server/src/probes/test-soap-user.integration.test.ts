import { createEgress } from '@holdfast/egress';
import { startErpFake } from '@holdfast/test-kit/fakes';
import { expect, test } from 'vitest';
import { testSoapUser } from './test-soap-user.ts';

test('a SOAP user name is tried with a message that asks for nothing', async () => {
  const erp = await startErpFake({ user: { username: 'flow', password: 'right' } });
  const egress = createEgress({ limits: { connectMs: 60_000 } });
  const attempt = (baseUrl: string, password: string) =>
    testSoapUser(egress, {
      kind: 'soap-username',
      baseUrl,
      allowedHosts: [],
      secret: { username: 'flow', password },
      settings: { passwordType: 'digest' },
    });
  try {
    expect(await attempt(`${erp.url}/soap11`, 'right')).toMatchObject({ ok: true });
    expect(await attempt(`${erp.url}/soap11`, 'wrong')).toMatchObject({
      ok: false,
      detail: expect.objectContaining({ text: expect.stringContaining('FailedAuthentication') }),
    });
    expect(await attempt(`${erp.url}/elsewhere`, 'right')).toMatchObject({
      ok: false,
      detail: expect.objectContaining({ text: expect.stringContaining('404') }),
    });
    expect(erp.book.orders).toEqual([]);
  } finally {
    await egress.close();
    await erp.close();
  }
});
