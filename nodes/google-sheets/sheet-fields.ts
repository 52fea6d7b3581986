import type { ConfigFinding } from '@holdfast/node-kit';
import { z } from 'zod';
import { finding } from '../fields/finding.ts';
import { spreadsheetId } from './address.ts';

/** Connections that reach Google's sheets. */
export const sheetKinds = ['google', 'google-service-account'];

export const sheetCredential = z
  .string('Choose the connection')
  .min(1, 'Choose the connection')
  .meta({ title: 'Connection', widget: 'credential', credentialKinds: sheetKinds });

export const spreadsheetFindings = (address: string): ConfigFinding[] =>
  spreadsheetId(address) === null
    ? [
        finding(
          'spreadsheet',
          'This is not the address of a spreadsheet.',
          'Open the spreadsheet in the browser and copy its whole address.',
        ),
      ]
    : [];
