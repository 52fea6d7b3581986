import type { Page } from 'playwright-core';

/** What staff do with mouse and keyboard; every locator is something that a person can read. */
export class Staff {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.getByLabel('Email').fill(email);
    await this.page.locator('input[type=password]').fill(password);
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('heading', { name: 'Flows' }).waitFor();
  }

  async newFlow(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New flow' }).click();
    await this.page.getByRole('menuitem', { name: 'Empty flow' }).click();
    await this.page.getByLabel('What is it for?').fill(name);
    await this.page.getByRole('button', { name: 'Make the flow' }).click();
    await this.page.getByRole('heading', { name: 'What starts this flow?' }).waitFor();
  }

  chooseStart = (title: string): Promise<void> => this.page.getByTestId('rf__wrapper').getByRole('button', { name: title }).click();

  card = (step: string) => this.page.locator('.react-flow__node', { hasText: step }).first();

  /** "+" on a port, a few letters, Enter. */
  async addAfter(step: string, port: string, what: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Show the whole flow' }).click();
    // The "+" shows on hover or focus; the keyboard reaches it all the same.
    await this.card(step)
      .getByRole('button', { name: `Add what comes after “${port}”` })
      .press('Enter');
    const quick = this.page.getByRole('dialog', { name: 'What comes next' });
    await quick.getByRole('textbox').fill(what);
    await this.page.keyboard.press('Enter');
    await quick.waitFor({ state: 'detached' });
  }

  async type(field: string, text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: field, exact: true }).last().click();
    await this.page.keyboard.type(text);
  }

  async choose(field: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: field, exact: true }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** From the data picker; nobody types braces. */
  async insertValue(search: string, value: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Insert a value' }).first().click();
    await this.page.getByPlaceholder('Find a value').fill(search);
    await this.page.getByRole('dialog').last().getByText(value, { exact: true }).first().click();
  }

  async publish(): Promise<void> {
    await this.page.getByRole('button', { name: 'Publish', exact: true }).click();
    await this.page.getByRole('button', { name: /^Publish version/ }).click();
    await this.page
      .getByText(/is live\./)
      .first()
      .waitFor();
  }

  get simulator() {
    return this.page.getByTestId('simulator');
  }

  async openSimulator(): Promise<void> {
    await this.page.getByRole('button', { name: 'Test', exact: true }).click();
    await this.simulator.waitFor();
  }

  async writeAsCustomer(text: string): Promise<void> {
    await this.simulator.getByLabel('Write a message').fill(text);
    await this.page.keyboard.press('Enter');
  }

  hears = (text: string | RegExp): Promise<void> => this.simulator.getByRole('log').getByText(text).last().waitFor();

  /** Drawn from a step's way out to the next step, as with the mouse. */
  connect = (from: string, to: string): Promise<void> =>
    this.card(from).locator('.react-flow__handle.source').first().dragTo(this.card(to).locator('.react-flow__handle.target').first());

  open = (page: string): Promise<void> => this.page.getByRole('link', { name: page }).first().click();
}
