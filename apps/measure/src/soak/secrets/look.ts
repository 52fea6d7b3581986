/** Looks for secrets in what stands in a place, and notes them with the place's name. */
export type Look = (place: string, content: Buffer | string) => void;
