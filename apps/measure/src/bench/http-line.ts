import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  text: string;
}

/**
 * One kept-alive HTTP/1.1 connection for one request after another, as cheap as can be: the generator shares two cores with
 * what it measures. Only for servers that answer with a content-length, as ours do.
 */
export class HttpLine {
  readonly #socket: Socket;
  readonly #head: string;
  #received = '';
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket, head: string) {
    this.#socket = socket;
    this.#head = head;
    socket.setNoDelay(true).setEncoding('utf8');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('The server closed the connection.')));
  }

  /** Headers go along with every request. */
  static async open(url: URL, headers: Record<string, string> = {}): Promise<HttpLine> {
    const socket = connect(Number(url.port), url.hostname);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const named = Object.entries({ host: url.host, 'content-type': 'application/json', ...headers });
    return new HttpLine(socket, named.map(([name, value]) => `${name}: ${value}\r\n`).join(''));
  }

  post(path: string, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(`POST ${path} HTTP/1.1\r\n${this.#head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const body = this.#received.slice(end + 4);
    if (Buffer.byteLength(body) < length) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status: Number(head.slice(9, 12)), text: body });
  }
}
