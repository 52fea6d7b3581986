/** One customer on one channel, as that channel's own provider shows them. */
export interface Customer {
  /** As the product names it. */
  kind: 'simulator' | 'telegram' | 'whatsapp' | 'email' | 'sms';
  /** Connects the channel in the product; nothing for the simulator, which is there. */
  connect: () => Promise<void>;
  writes: (text: string) => Promise<void>;
  /** Chooses as this channel lets people choose: a tap where it has buttons, else the number. `nth` counts from 1. */
  chooses: (nth: number, label: string) => Promise<void>;
  /** Texts that came to them so far, and whether a picture came. */
  heard: () => Promise<{ texts: string[]; pictures: number }>;
  close: () => Promise<void>;
}
