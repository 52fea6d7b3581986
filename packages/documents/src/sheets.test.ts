import * as XLSX from '@e965/xlsx';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readSheet, writeSheet, type SheetToRead, type SheetToWrite } from './index.ts';

const toRead = (content: Uint8Array, changes: Partial<SheetToRead> = {}): SheetToRead => ({
  content,
  name: 'orders',
  format: 'auto',
  sheet: '',
  headerRow: 1,
  maxRows: 100,
  types: 'guess',
  csv: { delimiter: 'auto', encoding: 'auto' },
  ...changes,
});
const toWrite = (changes: Partial<SheetToWrite> = {}): SheetToWrite => ({
  format: 'xlsx',
  sheet: 'Orders',
  columns: [{ label: 'Value', as: 'auto' }],
  rows: [],
  csv: { delimiter: ',', encoding: 'utf-8', hasHeader: true, neutralises: true },
  ...changes,
});
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** What another library says of our file, cell by cell. */
function cellsOf(content: Uint8Array): Record<string, { t: string; v: unknown; f: unknown }> {
  const sheet = XLSX.read(content, { cellDates: true, cellFormula: true }).Sheets['Orders'] ?? {};
  return Object.fromEntries(
    Object.entries(sheet).flatMap(([at, cell]) => (at.startsWith('!') ? [] : [[at, { t: cell.t, v: cell.v, f: cell.f }]])),
  );
}

/** A file of another library. */
function book(sheets: Record<string, unknown[][]>): Uint8Array {
  const made = XLSX.utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) {
    const sheet = XLSX.utils.aoa_to_sheet(rows, { UTC: true });
    XLSX.utils.book_append_sheet(made, sheet, name);
  }
  return new Uint8Array(XLSX.write(made, { type: 'array', bookType: 'xlsx' }));
}

test('another library reads what was written, each value of its type, and nothing that customers wrote is a formula', async () => {
  const content = await writeSheet(
    toWrite({
      columns: [
        { label: 'Text', as: 'auto' },
        { label: 'Number', as: 'number' },
        { label: 'Day', as: 'date' },
      ],
      rows: [
        ['=1+1', '12.50', '2026-11-23'],
        ['00123', 7, '2026-11-23T10:30:00Z'],
        ['@SUM(A1)\u0007', '+34 600', 'soon'],
        [true, null, ''],
      ],
    }),
  );
  const cells = cellsOf(content);
  expect(cells).toMatchObject({
    A1: { v: 'Text' },
    A2: { t: 's', v: '=1+1' },
    A3: { t: 's', v: '00123' },
    A4: { t: 's', v: '@SUM(A1)' },
    A5: { t: 'b', v: true },
    B2: { t: 'n', v: 12.5 },
    B4: { t: 's', v: '+34 600' },
    C2: { t: 'd', v: new Date('2026-11-23T00:00:00Z') },
    C3: { t: 'd', v: new Date('2026-11-23T10:30:00Z') },
    C4: { t: 's', v: 'soon' },
  });
  expect(Object.values(cells).some(({ f }) => f !== undefined)).toBe(false);
});

test('a file of another library is read: the sheet that is named, days, codes with zeros, doubled and missing headings', async () => {
  const content = book({
    First: [['x'], ['1']],
    'Open orders': [
      ['Printed on Monday'],
      ['Order', 'Order', '', 'Day', 'At', 'Paid', 'Sum'],
      ['00123', 'b', 'c', new Date('2026-11-23T00:00:00Z'), new Date('2026-11-23T10:30:00Z'), true, 12.5],
      [],
      ['A-2', '', '', '', '', false, 12_345_678_901_234_567_890n.toString()],
    ],
  });
  expect(await readSheet(toRead(content, { sheet: 'open ORDERS', headerRow: 2 }))).toEqual({
    columns: ['Order', 'Order 2', 'C', 'Day', 'At', 'Paid', 'Sum'],
    rows: [
      { Order: '00123', 'Order 2': 'b', C: 'c', Day: '2026-11-23', At: '2026-11-23T10:30:00', Paid: true, Sum: 12.5 },
      { Order: 'A-2', 'Order 2': null, C: null, Day: null, At: null, Paid: false, Sum: '12345678901234567890' },
    ],
    count: 2,
    hasMore: false,
    sheets: ['First', 'Open orders'],
  });
  expect(await readSheet(toRead(content, { sheet: '2', headerRow: 0, maxRows: 1 }))).toMatchObject({
    columns: ['A', 'B', 'C', 'D', 'E', 'F', 'G'],
    rows: [{ A: 'Printed on Monday', B: null, C: null, D: null, E: null, F: null, G: null }],
    count: 4,
    hasMore: true,
  });
  await expect(readSheet(toRead(content, { sheet: 'Closed' }))).rejects.toMatchObject({
    code: 'step.config',
    detail: expect.stringContaining('"First", "Open orders"'),
  });
});

test.each([
  ['number,name\r\n1,"a, ""b"""\r\n007,x', { number: 1, name: 'a, "b"' }, { number: '007', name: 'x' }],
  ['number;name\n-1.5;ñ\n+34600;TRUE', { number: -1.5, name: 'ñ' }, { number: '+34600', name: true }],
  ['\ufeffnumber\tname\n1234567890123456\t1,5\n1e5\t0.1', { number: '1234567890123456', name: '1,5' }, { number: '1e5', name: 0.1 }],
])('a csv file is read with its own delimiter, and doubtful numbers stay texts: %j', async (content, ...rows) => {
  expect((await readSheet(toRead(text(content)))).rows).toEqual(rows);
});

test('an encoding is found, and one that does not fit is told', async () => {
  const latin = new Uint8Array([0x61, 0x0a, 0xf1]);
  expect((await readSheet(toRead(latin))).rows).toEqual([{ a: 'ñ' }]);
  await expect(readSheet(toRead(latin, { csv: { delimiter: 'auto', encoding: 'utf-8' } }))).rejects.toMatchObject({
    code: 'file.unreadable',
  });
});

test('a csv cell that a spreadsheet would calculate becomes a text, unless a program reads it; amounts stay', async () => {
  const rows = ['=1+1', '+34 600', '-5', '-1+1', '@a', '\tx', '\rx', 'a=b', '', -5].map((value) => [value]);
  const write = async (changes: Partial<SheetToWrite['csv']>) =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      await writeSheet(toWrite({ format: 'csv', rows, csv: { ...toWrite().csv, ...changes } })),
    );
  expect(await write({ encoding: 'utf-8-bom' })).toBe(
    `\ufeffValue\r\n'=1+1\r\n'+34 600\r\n-5\r\n'-1+1\r\n'@a\r\n'\tx\r\n"'\rx"\r\na=b\r\n\r\n-5\r\n`,
  );
  expect(await write({ neutralises: false, hasHeader: false })).toContain('=1+1\r\n+34 600\r\n');
});

test('an encoding without a character says which', async () => {
  const write = (value: string) =>
    writeSheet(toWrite({ format: 'csv', rows: [[value]], csv: { ...toWrite().csv, encoding: 'windows-1252', hasHeader: false } }));
  expect([...(await write('ñ€'))]).toEqual([0xf1, 0x80, 0x0d, 0x0a]);
  await expect(write('a 中')).rejects.toMatchObject({ code: 'step.config', detail: expect.stringContaining('中') });
});

/** An archive, entry by entry; `says` is the size that it claims. */
function zipOf(entries: readonly { name: string; content: Uint8Array; says?: number }[]): Buffer {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { name, content, says = content.length } of entries) {
    const packed = deflateRawSync(content, { level: 1 });
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(says, 18);
    facts.writeUInt16LE(name.length, 22);
    files.push(Buffer.from('PK\u0003\u0004'), facts, Buffer.from(name), packed);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    list.push(Buffer.from('PK\u0001\u0002\u0014\u0000'), facts, at, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(list).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, ...list, Buffer.from('PK\u0005\u0006'), end]);
}

test.each([
  ['unpacks to more than a file may have', [{ name: 'xl/a.xml', content: new Uint8Array(101 * 1024 * 1024) }], 'file.too-large'],
  ['lies about its size', [{ name: 'xl/a.xml', content: new Uint8Array(1_000_000), says: 10 }], 'file.unreadable'],
  ['has thousands of parts', Array.from({ length: 2_001 }, (_, index) => ({ name: `f${index}`, content: text('x') })), 'file.too-large'],
  [
    'reaches over billions of cells',
    [{ name: 'xl/worksheets/sheet1.xml', content: text('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>') }],
    'file.too-large',
  ],
  [
    'reaches as far, in another way of writing',
    [{ name: 'xl/worksheets/sheet1.xml', content: text("<row r = '1048576'><c r\t=\n'xfd1048576'><v>1</v></c></row>") }],
    'file.too-large',
  ],
  ['is no spreadsheet', [{ name: 'a.txt', content: text('x') }], 'file.unreadable'],
])('an archive that %s is refused before it is read', async (_what, entries, code) => {
  await expect(readSheet(toRead(zipOf(entries)))).rejects.toMatchObject({ code });
});

test('a file that is cut, or only begins like one, is refused', async () => {
  const whole = book({ S: [['a']] });
  for (const content of [whole.subarray(0, 500), text('PK and nothing else')])
    await expect(readSheet(toRead(content))).rejects.toMatchObject({ code: 'file.unreadable' });
});

test('columns that are called alike are told apart, however many there are', async () => {
  const { columns } = await readSheet(toRead(text(`${Array.from({ length: 50_000 }, () => 'x').join(',')}\n1`)));
  expect([columns.length, ...columns.slice(0, 3), columns.at(-1)]).toEqual([50_000, 'x', 'x 2', 'x 3', 'x 50000']);
});
