import { expect, test } from 'vitest';
import { testBrowser } from './test-browser.ts';

test('the browser that came from npm renders a page and runs its script', async () => {
  const browser = await testBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent('<h1>Order 48213</h1><script>document.title = String(6 * 7)</script>');
    expect(await page.title()).toBe('42');
    expect(await page.locator('h1').boundingBox()).toMatchObject({ width: expect.any(Number) });
  } finally {
    await browser.close();
  }
});
