const secret = /^(authorization|cookie|proxy-authorization)$|(^|-)(api-?key|token|secret|password|signature)(-|$)/i;

/** A header that may prove who somebody is: it goes into no run, no sample and no list. By its name, so it is careful rather than exact. */
export const isSecretHeader = (name: string): boolean => secret.test(name);
